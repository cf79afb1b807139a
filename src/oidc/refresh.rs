//! Asks the provider again, behind the browser's back, what somebody may do. A role taken away
//! there is gone here within the re-check interval, and nobody loses a page over it.

use std::{
    collections::HashMap,
    str::FromStr as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use openidconnect::{RefreshToken, TokenResponse as _, core::CoreIdToken};
use serde_json::Value;
use tokio::sync::Mutex as Lock;

use super::{
    Oidc,
    callback::PATIENCE,
    claims::Documents,
    failure::Reason,
    id_token::{Claims, Invalid, session_expiry},
    metadata::Discovered,
    occasion::Occasion,
    provider::Provider,
    tokens::Tokens,
    userinfo::NoUserInfo,
};
use crate::{
    clock::Timestamp,
    db::detached,
    error::Result,
    session::{Session, SessionKey, Sessions},
    users::{RoleAssignment, User, UserId},
};

/// What another instance needs at most between the provider's answer and the database's.
const MOMENT: Duration = Duration::from_millis(250);

/// What came of asking the provider about somebody.
#[derive(Debug)]
pub enum Recheck {
    /// This is their role, if they have one.
    Role(Option<RoleAssignment>),
    /// It wants to see them again.
    SignInAgain,
    /// It does not take our client: an operator's mistake, and no word on anybody.
    Refused,
    /// It says nothing.
    NoAnswer,
}

/// One turn per user: whoever holds it asks; the others then find the answer. It holds when the
/// provider last did not answer.
pub type Turn = Arc<Lock<Option<Timestamp>>>;

/// The turns of those who are being asked about in this process.
#[derive(Debug, Default)]
pub struct SingleFlight(Mutex<HashMap<UserId, Turn>>);

impl SingleFlight {
    /// More than this many are cleared out; a forgotten silence costs one call.
    const MANY: usize = 1024;

    /// The turn of `user`.
    #[must_use]
    pub fn turn(&self, user: UserId) -> Turn {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() > Self::MANY {
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        Arc::clone(turns.entry(user).or_default())
    }
}

/// The state of asking about one person.
struct Asking<'a> {
    provider: Arc<Provider>,
    known: Arc<Discovered>,
    user: &'a User,
    sessions: &'a Sessions,
    session: SessionKey,
    tokens: Tokens,
    /// The tokens as they stood in the session's row.
    sealed: String,
    /// Claims of an ID token that came meanwhile.
    id_token: Option<Claims>,
    renewed: bool,
}

impl Asking<'_> {
    /// The role in `documents`. Where the configuration asks for more than a role and that is
    /// gone, the person has to be told, which takes a page.
    fn role_in(&self, documents: Documents<'_>) -> Result<Option<RoleAssignment>, Reason> {
        if self.provider.disowns(documents) {
            return Err(Reason::NeedsInteraction);
        }
        Ok(self.provider.rules.read(documents).strongest)
    }
}

impl Oidc {
    /// Asks the provider what `user` may do now, with the tokens of `session`. One that takes
    /// long over it counts as silent.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask_again(
        &self,
        user: &User,
        sessions: &Sessions,
        session: &Session,
    ) -> Result<Recheck> {
        match session.key() {
            Some(key) => self.ask_again_for(user, sessions, key).await,
            None => Ok(Recheck::SignInAgain),
        }
    }

    /// The same with the tokens of the session with this key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask_again_for(
        &self,
        user: &User,
        sessions: &Sessions,
        session: SessionKey,
    ) -> Result<Recheck> {
        let asked = self.ask(user, sessions, session);
        let recheck = tokio::time::timeout(PATIENCE, asked).await;
        recheck.unwrap_or(Ok(Recheck::NoAnswer))
    }

    async fn ask(&self, user: &User, sessions: &Sessions, session: SessionKey) -> Result<Recheck> {
        let sealed = sessions.tokens_of(&session).await?.unwrap_or_default();
        let Some(tokens) = Tokens::open(&self.0.vault, &sealed) else {
            return Ok(Recheck::SignInAgain);
        };
        let Some(provider) = self.provider_of(&user.issuer) else {
            return Ok(Recheck::SignInAgain);
        };
        let Ok(known) = provider.known().await else {
            return Ok(Recheck::NoAnswer);
        };
        if known.metadata.issuer().as_str() != user.issuer {
            return Ok(Recheck::SignInAgain);
        }
        let asking = Asking {
            provider: Arc::clone(provider),
            known,
            user,
            sessions,
            session,
            tokens,
            sealed,
            id_token: None,
            renewed: false,
        };
        match self.role_now(asking).await {
            Ok(role) => Ok(Recheck::Role(role)),
            Err(Reason::Ours(error)) => Err(error),
            Err(Reason::Outage) => Ok(Recheck::NoAnswer),
            Err(Reason::Client) => {
                tracing::error!("the OpenID Provider does not take our client credentials");
                Ok(Recheck::Refused)
            }
            Err(reason) => {
                tracing::info!(user = %user.id, code = %reason.code(), "has to sign in again");
                Ok(Recheck::SignInAgain)
            }
        }
    }

    async fn role_now(&self, mut asking: Asking<'_>) -> Result<Option<RoleAssignment>, Reason> {
        if asking.tokens.is_expired(self.0.clock.now()) {
            self.renew_tokens(&mut asking).await?;
        }
        let userinfo = self.userinfo_now(&mut asking).await?;
        let documents = Documents {
            userinfo: userinfo.as_ref(),
            id_token: None,
        };
        // Where the ID token named the role, userinfo without one does not mean that it is gone.
        let says_nothing = userinfo.is_none() || asking.tokens.role_in_id_token;
        let rules = &asking.provider.rules;
        if rules.read(documents).source.is_none() && says_nothing {
            if asking.id_token.is_none() {
                self.renew_tokens(&mut asking).await?;
            }
            let id_token = asking.id_token.as_ref().ok_or(Invalid::Missing)?;
            let documents = Documents {
                userinfo: None,
                id_token: Some(id_token),
            };
            return asking.role_in(documents);
        }
        let documents = Documents {
            id_token: asking.id_token.as_ref(),
            ..documents
        };
        asking.role_in(documents)
    }

    /// Userinfo, with renewed tokens if the access token is not taken any more.
    async fn userinfo_now(&self, asking: &mut Asking<'_>) -> Result<Option<Claims>, Reason> {
        let subject = &asking.user.subject;
        for _ in 0..2 {
            let access_token = asking.tokens.access_token();
            let userinfo = asking
                .provider
                .userinfo(&asking.known, &access_token, subject);
            match userinfo.await {
                Ok(userinfo) => return Ok(userinfo),
                Err(NoUserInfo::Refused) => self.renew_tokens(asking).await?,
                Err(NoUserInfo::Other(reason)) => return Err(reason),
            }
        }
        Err(Reason::UserInfo)
    }

    /// Gets new tokens, at most once, and the claims of a new ID token if one came with them.
    async fn renew_tokens(&self, asking: &mut Asking<'_>) -> Result<(), Reason> {
        let refresh_token = asking.tokens.refresh_token().filter(|_| !asking.renewed);
        let refresh_token = refresh_token.ok_or(Reason::Code)?;
        asking.renewed = true;
        let before = asking.tokens.id_token().to_owned();
        let (tokens, with_id_token) = match self.trade(asking, refresh_token).await {
            Err(Reason::Code) => {
                let tokens = self.tokens_of_another(asking).await?.ok_or(Reason::Code)?;
                let with_id_token = tokens.id_token() != before;
                (tokens, with_id_token)
            }
            traded => traded?,
        };
        asking.tokens = tokens;
        if !with_id_token {
            return Ok(());
        }
        let id_token = CoreIdToken::from_str(asking.tokens.id_token());
        let id_token = id_token.map_err(|_| Invalid::Malformed)?;
        let access_token = asking.tokens.access_token();
        let occasion = Occasion::Refresh(&asking.tokens.original);
        let verified = asking
            .provider
            .verify(&asking.known, &id_token, &access_token, occasion);
        let claims = verified.await?;
        if claims.get("sub").and_then(Value::as_str) != Some(&asking.user.subject) {
            return Err(Invalid::Subject.into());
        }
        if let Some(end) = session_expiry(&claims, self.0.clock.now())? {
            let (sessions, session) = (asking.sessions, &asking.session);
            sessions.end_at_latest(session, end).await?;
        }
        asking.id_token = Some(claims);
        Ok(())
    }

    /// Trades the refresh token for new tokens and stores them before anything else can fail: the
    /// provider takes each only once. In a task of its own, which no deadline cuts off. Also
    /// whether an ID token came with them, which may equal the one before to the last letter.
    async fn trade(
        &self,
        asking: &Asking<'_>,
        refresh_token: RefreshToken,
    ) -> Result<(Tokens, bool), Reason> {
        let (oidc, known) = (self.clone(), Arc::clone(&asking.known));
        let provider = Arc::clone(&asking.provider);
        let (sessions, session) = (asking.sessions.clone(), asking.session.clone());
        let before = asking.tokens.clone();
        let traded = detached(async move {
            let response = match provider.renew(&known, &refresh_token).await {
                Ok(response) => response,
                Err(reason) => return Ok(Err(reason)),
            };
            let tokens = Tokens::new(&response, Some(before), oidc.0.clock.now());
            let sealed = tokens.seal(&oidc.0.vault)?;
            sessions.replace_tokens_of(&session, sealed).await?;
            Ok(Ok((tokens, response.id_token().is_some())))
        });
        traded.await?
    }

    /// The tokens that another instance got with the same refresh token, if it was faster.
    async fn tokens_of_another(&self, asking: &Asking<'_>) -> Result<Option<Tokens>> {
        for wait in [Duration::ZERO, MOMENT] {
            tokio::time::sleep(wait).await;
            let sealed = asking.sessions.tokens_of(&asking.session).await?;
            if let Some(sealed) = sealed.filter(|sealed| *sealed != asking.sealed) {
                return Ok(Tokens::open(&self.0.vault, &sealed));
            }
        }
        Ok(None)
    }
}
