//! What the provider remembers, in memory: sessions, codes, tokens, device codes.

use std::collections::{BTreeMap, HashMap};

use crate::{grants::Grant, options::Client, random};

/// Seconds an authorization code lives (RFC 6749 section 4.1.2 recommends 10 minutes at most).
const CODE_SECS: i64 = 600;

/// A person's session at the provider, remembered by a cookie of one browser.
#[derive(Clone, Debug)]
pub(crate) struct OpSession {
    pub(crate) sid: String,
    pub(crate) sub: String,
    pub(crate) auth_time: i64,
    /// Clients that took part, with the logout address they had when they joined.
    pub(crate) clients: BTreeMap<String, Option<String>>,
}

pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<String>,
    expires_at: i64,
    spent: bool,
}

#[derive(Clone)]
pub(crate) struct AccessToken {
    pub(crate) grant: Grant,
    pub(crate) issued_at: i64,
    /// Never, for a personal access token.
    pub(crate) expires_at: Option<i64>,
    pub(crate) jti: String,
}

struct RefreshToken {
    grant: Grant,
    expires_at: i64,
}

/// What became of a code at redemption.
pub(crate) enum Redeemed {
    Fresh(Box<Code>),
    /// Used before: every token that came of it is revoked (RFC 6749 section 4.1.2).
    Again,
    Unknown,
}

#[derive(Default)]
pub(crate) struct Store {
    sessions: HashMap<String, OpSession>,
    codes: HashMap<String, Code>,
    access: HashMap<String, AccessToken>,
    refresh: HashMap<String, RefreshToken>,
    /// `jti` of client assertions, until they expire.
    assertions: HashMap<String, i64>,
    pub(crate) devices: HashMap<String, crate::device::Device>,
}

impl Store {
    /// Whether no client assertion had this `jti` before; remembers it until `expires_at`.
    pub(crate) fn is_first_use(&mut self, jti: &str, expires_at: i64, now: i64) -> bool {
        self.assertions.retain(|_, expires_at| *expires_at > now);
        self.assertions.insert(jti.to_owned(), expires_at).is_none()
    }

    /// The session behind a cookie.
    pub(crate) fn session(&self, cookie: &str) -> Option<&OpSession> {
        self.sessions.get(cookie)
    }

    /// Signs a person in; gives the cookie and the session. The same person in the same browser
    /// keeps the session.
    pub(crate) fn sign_in(
        &mut self,
        cookie: Option<&str>,
        sub: &str,
        now: i64,
    ) -> (String, OpSession) {
        if let Some((cookie, session)) =
            cookie.and_then(|cookie| Some((cookie, self.sessions.get_mut(cookie)?)))
            && session.sub == sub
        {
            session.auth_time = now;
            return (cookie.to_owned(), session.clone());
        }
        let cookie = random::token();
        let session = OpSession {
            sid: format!("V1_{}", random::id()),
            sub: sub.to_owned(),
            auth_time: now,
            clients: BTreeMap::new(),
        };
        self.sessions.insert(cookie.clone(), session.clone());
        (cookie, session)
    }

    /// Remembers that a client took part in a session.
    pub(crate) fn join(&mut self, sid: &str, client: &Client) {
        for session in self
            .sessions
            .values_mut()
            .filter(|session| session.sid == sid)
        {
            session
                .clients
                .insert(client.id.clone(), client.backchannel_logout_uri.clone());
        }
    }

    /// The `sid` of each session of a person.
    pub(crate) fn sids(&self, sub: &str) -> Vec<String> {
        let sessions = self.sessions.values().filter(|session| session.sub == sub);
        sessions.map(|session| session.sid.clone()).collect()
    }

    /// Ends the sessions that `which` picks, and their access tokens.
    pub(crate) fn end_sessions(&mut self, which: impl Fn(&OpSession) -> bool) -> Vec<OpSession> {
        let ended: Vec<_> = self
            .sessions
            .extract_if(|_, session| which(session))
            .map(|(_, s)| s)
            .collect();
        for session in &ended {
            self.access
                .retain(|_, token| token.grant.sid.as_deref() != Some(&session.sid));
        }
        ended
    }

    /// A new code for `grant`.
    pub(crate) fn add_code(
        &mut self,
        grant: Grant,
        redirect_uri: String,
        challenge: Option<String>,
        now: i64,
    ) -> String {
        self.sweep(now);
        let code = random::token();
        let expires_at = now + CODE_SECS;
        let value = Code {
            grant,
            redirect_uri,
            challenge,
            expires_at,
            spent: false,
        };
        self.codes.insert(code.clone(), value);
        code
    }

    /// Takes a code; a second time, revokes what the first brought.
    pub(crate) fn redeem(&mut self, code: &str, now: i64) -> Redeemed {
        match self.codes.get_mut(code) {
            Some(known) if known.spent => {
                let family = known.grant.family.clone();
                self.revoke_family(&family);
                Redeemed::Again
            }
            Some(known) if known.expires_at > now => {
                known.spent = true;
                let grant = known.grant.clone();
                let (redirect_uri, challenge) =
                    (known.redirect_uri.clone(), known.challenge.clone());
                let expires_at = known.expires_at;
                let code = Code {
                    grant,
                    redirect_uri,
                    challenge,
                    expires_at,
                    spent: true,
                };
                Redeemed::Fresh(Box::new(code))
            }
            _ => Redeemed::Unknown,
        }
    }

    pub(crate) fn add_access(&mut self, token: String, access: AccessToken) {
        self.access.insert(token, access);
    }

    pub(crate) fn add_refresh(&mut self, grant: Grant, expires_at: i64) -> String {
        let token = random::token();
        self.refresh
            .insert(token.clone(), RefreshToken { grant, expires_at });
        token
    }

    /// Takes a refresh token of this client; it works once.
    pub(crate) fn take_refresh(&mut self, token: &str, client_id: &str, now: i64) -> Option<Grant> {
        let known = self.refresh.get(token)?;
        if known.grant.client_id != client_id || known.expires_at <= now {
            return None;
        }
        self.refresh.remove(token).map(|known| known.grant)
    }

    /// An access token that is alive.
    pub(crate) fn access(&self, token: &str, now: i64) -> Option<&AccessToken> {
        self.access
            .get(token)
            .filter(|known| known.expires_at.is_none_or(|at| at > now))
    }

    /// The client a token was issued to.
    pub(crate) fn owner(&self, token: &str) -> Option<&str> {
        let access = self.access.get(token).map(|known| &known.grant);
        let grant = access.or_else(|| self.refresh.get(token).map(|known| &known.grant))?;
        Some(&grant.client_id)
    }

    /// Revokes a token; a refresh token takes its access tokens with it.
    pub(crate) fn revoke(&mut self, token: &str) {
        self.access.remove(token);
        if let Some(known) = self.refresh.remove(token) {
            self.revoke_family(&known.grant.family);
        }
    }

    /// Revokes every token of a person.
    pub(crate) fn revoke_person(&mut self, sub: &str) {
        self.access.retain(|_, token| token.grant.sub != sub);
        self.refresh.retain(|_, token| token.grant.sub != sub);
    }

    fn revoke_family(&mut self, family: &str) {
        self.access.retain(|_, token| token.grant.family != family);
        self.refresh.retain(|_, token| token.grant.family != family);
    }

    fn sweep(&mut self, now: i64) {
        self.codes.retain(|_, code| code.expires_at > now);
        self.access
            .retain(|_, token| token.expires_at.is_none_or(|at| at > now));
        self.refresh.retain(|_, token| token.expires_at > now);
    }
}
