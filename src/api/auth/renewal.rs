//! Trades a refresh token for the next tokens (RFC 6749, 6). Each works once: one that comes again
//! has been copied, and ends the session of both (RFC 9700, 4.14.2). Only the twin of a request
//! that has just been answered gets the same answer again.

use std::sync::Arc;

use std::time::Duration;

use super::{
    AuthorizationServer,
    error::{SIGN_IN_AGAIN, TokenError},
    fields::Fields,
    refresh_token_end,
    response::{Grant, TokenResponse},
    reuse::Reused,
    scope,
    store::refresh_tokens::{self, RefreshToken},
};
use crate::{
    db::transaction,
    error::Result,
    oidc::refresh::Recheck,
    random,
    session::{ProgramSession, SessionKey, touch_program},
    users::{User, UserId},
};

/// What the vault seals a successor for.
const SUCCESSOR: &str = "refresh_token";

/// How long after its use a token may come again with the twin of a request.
const GRACE: Duration = Duration::from_secs(30);

/// A refresh token that was found.
struct Known {
    hash: Vec<u8>,
    token: RefreshToken,
    key: SessionKey,
    session: ProgramSession,
}

/// A refresh token that follows.
struct Successor {
    token: String,
    key: SessionKey,
    session: ProgramSession,
}

impl AuthorizationServer {
    /// The grant type `refresh_token`.
    ///
    /// # Errors
    /// Why there are no tokens.
    pub(super) async fn renew(
        &self,
        fields: &Fields,
        audience: String,
    ) -> Result<TokenResponse, TokenError> {
        let token = fields.required("refresh_token", "refresh_token is missing.")?;
        let narrower = scope::asked(fields)?;
        let hash = random::digest(token);
        let person = UserId(self.look_up(hash.clone()).await?.session.user_id);
        let turn = self.0.renewals.turn(person);
        let _turn = turn.lock().await;
        let known = self.look_up(hash).await?;
        let (successor, user) = match known.token.used_at {
            Some(_) => self.again(known).await?,
            None => self.next(known, person).await?,
        };
        let limit = scope::limit(successor.session.scope.as_deref());
        let grant = Grant {
            user: &user,
            session: &successor.key,
            session_ends_at: successor.session.expires_at,
            limit: scope::narrower(limit, narrower),
            audience,
        };
        let end = refresh_token_end(self.now(), successor.session.expires_at);
        Ok(self
            .issue(grant)
            .await?
            .with_refresh_token(successor.token, end))
    }

    /// A refresh token whose session lives.
    async fn look_up(&self, hash: Vec<u8>) -> Result<Known, TokenError> {
        let unknown = || TokenError::InvalidGrant(SIGN_IN_AGAIN);
        let token = refresh_tokens::find(&self.0.db, &hash).await?;
        let token = token.ok_or_else(unknown)?;
        let key = token.session();
        let session = self.0.sessions.find_program(&key).await?;
        Ok(Known {
            hash,
            token,
            key,
            session: session.ok_or_else(unknown)?,
        })
    }

    /// The answer to a token that was used before.
    async fn again(&self, known: Known) -> Result<(Successor, Arc<User>), TokenError> {
        let used_at = known.token.used_at.unwrap_or(self.now());
        if self.now().since(used_at) >= GRACE {
            self.end_after(Reused::RefreshToken, &known.key).await?;
            return Err(TokenError::InvalidGrant(SIGN_IN_AGAIN));
        }
        // Without a successor that was used meanwhile, too: whoever comes now is late.
        let sealed = known.token.successor.as_deref();
        let token = sealed.and_then(|sealed| self.0.vault.open(SUCCESSOR, sealed));
        let late = TokenError::InvalidGrant("This refresh token was used. Use the newer one.");
        let token = token.ok_or(late)?;
        let user = self.active(UserId(known.session.user_id)).await?;
        let successor = Successor {
            token,
            key: known.key,
            session: known.session,
        };
        Ok((successor, user))
    }

    /// The answer to a token that was not used yet. It is used up once everything else has
    /// worked: an outage costs nobody the sign-in.
    async fn next(
        &self,
        known: Known,
        person: UserId,
    ) -> Result<(Successor, Arc<User>), TokenError> {
        if known.token.expires_at <= self.now() {
            return Err(TokenError::InvalidGrant(SIGN_IN_AGAIN));
        }
        let user = self.confirmed(&known.key, person).await?;
        // The provider may have said when it ends, or that it has.
        let known = self.look_up(known.hash).await?;
        let token = self.0.random.token()?;
        let sealed = self.0.vault.seal(SUCCESSOR, &token)?;
        if !self.replace(&known, random::digest(&token), sealed).await? {
            // Another instance was faster.
            let known = self.look_up(known.hash).await?;
            return self.again(known).await;
        }
        let successor = Successor {
            token,
            key: known.key,
            session: known.session,
        };
        Ok((successor, user))
    }

    async fn replace(&self, known: &Known, new: Vec<u8>, sealed: String) -> Result<bool> {
        let (old, key, now) = (known.hash.clone(), known.key.clone(), self.now());
        let end = refresh_token_end(now, known.session.expires_at);
        transaction!(self.0.db, |tx| {
            let is_first = touch_program(tx, &key, None, now).await?
                && refresh_tokens::spend(tx, &old, &key, &sealed, now).await?;
            if !is_first {
                return Ok(false);
            }
            refresh_tokens::add(tx, &new, &key, end, now).await?;
            true
        })
    }

    /// The person, with the role that the provider says of them now.
    async fn confirmed(&self, key: &SessionKey, id: UserId) -> Result<Arc<User>, TokenError> {
        let (user, now) = (self.active(id).await?, self.now());
        let oidc = &self.0.oidc;
        let asked = oidc.ask_again_for(&user, &self.0.sessions, key.clone());
        match asked.await? {
            Recheck::Role(role) => self.0.users.confirm_role(id, role, now).await?,
            Recheck::SignInAgain => {
                self.end(key).await?;
                return Err(TokenError::InvalidGrant(SIGN_IN_AGAIN));
            }
            Recheck::NoAnswer | Recheck::Refused if oidc.is_believed(&user) => {}
            Recheck::NoAnswer | Recheck::Refused => return Err(TokenError::ProviderUnavailable),
        }
        self.active(id).await
    }

    /// The person, unless they may not sign in any more.
    pub(super) async fn active(&self, id: UserId) -> Result<Arc<User>, TokenError> {
        let user = self.0.users.find(id).await?;
        let user = user.filter(|user| user.is_active());
        user.ok_or(TokenError::InvalidGrant(SIGN_IN_AGAIN))
    }
}
