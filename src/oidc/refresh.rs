//! Asks the provider again, behind the browser's back, what somebody may do. A role taken away
//! there is gone here within the re-check interval, and nobody loses a page over it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use openidconnect::TokenResponse as _;
use serde_json::Value;
use tokio::sync::Mutex as Lock;

use super::{
    Oidc,
    claims::Documents,
    exchange::NoUserInfo,
    failure::Reason,
    id_token::{Claims, Invalid},
    metadata::Known,
    tokens::Tokens,
};
use crate::{
    clock::Timestamp,
    error::Result,
    session::{Session, Sessions},
    users::{Role, User, UserId},
};

/// What the provider says of somebody now.
#[derive(Debug)]
pub enum Word {
    /// This is their role, if they have one.
    Role(Option<Role>),
    /// It wants to see them again.
    SignInAgain,
    /// It says nothing.
    Silence,
}

/// One turn per user: whoever holds it asks; the others then find the answer. It holds when the
/// provider last did not answer.
pub type Turn = Arc<Lock<Option<Timestamp>>>;

/// The turns of those who are being asked about in this process.
#[derive(Debug, Default)]
pub struct Flights(Mutex<HashMap<UserId, Turn>>);

impl Flights {
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
    known: Arc<Known>,
    user: &'a User,
    sessions: &'a Sessions,
    session: &'a Session,
    tokens: Tokens,
    /// Claims of an ID token that came meanwhile.
    id_token: Option<Claims>,
    renewed: bool,
}

impl Oidc {
    /// Asks the provider what `user` may do now, with the tokens of `session`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask_again(
        &self,
        user: &User,
        sessions: &Sessions,
        session: &Session,
    ) -> Result<Word> {
        let sealed = sessions.tokens(session).await?;
        let Some(tokens) = sealed.and_then(|sealed| Tokens::open(&self.0.vault, &sealed)) else {
            return Ok(Word::SignInAgain);
        };
        let Ok(known) = self.0.provider.known().await else {
            return Ok(Word::Silence);
        };
        if known.metadata.issuer().as_str() != user.issuer {
            return Ok(Word::SignInAgain);
        }
        let asking = Asking {
            known,
            user,
            sessions,
            session,
            tokens,
            id_token: None,
            renewed: false,
        };
        match self.role_now(asking).await {
            Ok(role) => Ok(Word::Role(role)),
            Err(Reason::Ours(error)) => Err(error),
            Err(Reason::Outage) => Ok(Word::Silence),
            Err(reason) => {
                tracing::info!(user = %user.id, code = %reason.code(), "has to sign in again");
                Ok(Word::SignInAgain)
            }
        }
    }

    async fn role_now(&self, mut asking: Asking<'_>) -> Result<Option<Role>, Reason> {
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
        if self.0.rules.read(documents).source.is_none() && says_nothing {
            if asking.id_token.is_none() {
                self.renew_tokens(&mut asking).await?;
            }
            let id_token = asking.id_token.as_ref().ok_or(Invalid::Missing)?;
            let documents = Documents {
                userinfo: None,
                id_token: Some(id_token),
            };
            return Ok(self.0.rules.read(documents).strongest);
        }
        let documents = Documents {
            id_token: asking.id_token.as_ref(),
            ..documents
        };
        Ok(self.0.rules.read(documents).strongest)
    }

    /// Userinfo, with renewed tokens if the access token is not taken any more.
    async fn userinfo_now(&self, asking: &mut Asking<'_>) -> Result<Option<Claims>, Reason> {
        let subject = &asking.user.subject;
        for _ in 0..2 {
            let access_token = asking.tokens.access_token();
            match self.userinfo(&asking.known, &access_token, subject).await {
                Ok(userinfo) => return Ok(userinfo),
                Err(NoUserInfo::Refused) => self.renew_tokens(asking).await?,
                Err(NoUserInfo::Other(reason)) => return Err(reason),
            }
        }
        Err(Reason::UserInfo)
    }

    /// Uses the refresh token, at most once. The new one is stored before anything else can
    /// fail: the provider takes each only once.
    async fn renew_tokens(&self, asking: &mut Asking<'_>) -> Result<(), Reason> {
        let refresh_token = asking.tokens.refresh_token().filter(|_| !asking.renewed);
        let refresh_token = refresh_token.ok_or(Reason::Code)?;
        let response = self.renew(&asking.known, &refresh_token).await?;
        asking.renewed = true;
        let before = asking.tokens.clone();
        asking.tokens = Tokens::new(&response, Some(before), self.0.clock.now());
        let sealed = asking.tokens.seal(&self.0.vault)?;
        asking
            .sessions
            .replace_tokens(asking.session, sealed)
            .await?;
        if response.id_token().is_some() {
            let claims = self.verify(&asking.known, &response, None).await?;
            if claims.get("sub").and_then(Value::as_str) != Some(&asking.user.subject) {
                return Err(Invalid::Subject.into());
            }
            asking.id_token = Some(claims);
        }
        Ok(())
    }
}
