//! Trades an access token of the provider for one of ours (RFC 8693). It has to be one that the API
//! would take itself: the provider says that it is active, and that it is meant for this client or
//! project. No refresh token comes with it: whoever holds the provider's can exchange again.

use super::{
    AuthorizationServer,
    access_token::LIFE,
    error::TokenError,
    fields::Fields,
    response::{Grant, TokenResponse},
    scope,
};
use crate::{
    api::{
        caller::{Caller, TokenKind},
        refusal::Refusal,
        verifiers::Verifiers,
    },
    db::transaction,
    session::{NewProgramSession, begin_program},
    users::{Role, User},
};

/// The grant type (RFC 8693, 2.1).
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// The type of token that is taken and given (RFC 8693, 3).
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// What is wrong with the token of somebody else; deliberately not what exactly.
const NOT_TAKEN: &str = "The subject_token is not an active access token of the sign-in provider \
    for this site.";
const STRANGER: &str = "The subject_token speaks for nobody who may sign in here.";

impl AuthorizationServer {
    /// The grant type `urn:ietf:params:oauth:grant-type:token-exchange`.
    ///
    /// # Errors
    /// Why there is no token.
    pub(super) async fn exchange(
        &self,
        fields: &Fields,
        audience: String,
        verifiers: &Verifiers,
    ) -> Result<TokenResponse, TokenError> {
        let token = fields.required("subject_token", "subject_token is missing.")?;
        let kinds = [
            fields.get("subject_token_type"),
            fields.get("requested_token_type"),
        ];
        if fields.get("subject_token_type").is_none()
            || kinds.into_iter().flatten().any(|kind| kind != ACCESS_TOKEN)
            || fields.get("actor_token").is_some()
        {
            return Err(TokenError::InvalidRequest(
                "Only access tokens are taken and given, and nobody acts for anybody.",
            ));
        }
        let wanted = scope::asked(fields)?;
        let caller = verifiers.verify(token).await.map_err(refused)?;
        let (user, role) = person(&caller)?;
        let now = self.now();
        let usual = now.plus(LIFE);
        let ends_at = caller.expires_at.map_or(usual, |end| end.min(usual));
        let new = NewProgramSession {
            user: user.id.0,
            issuer: user.issuer.clone(),
            subject: user.subject.clone(),
            sid: None,
            client: "exchange",
            scope: Some(role.as_str().to_owned()),
            tokens: None,
            user_agent: None,
            ends_at,
        };
        let random = self.0.random.clone();
        let begun = transaction!(self.0.db, |tx| begin_program(tx, new, &random, now).await?);
        let grant = Grant {
            user,
            session: &begun?,
            session_ends_at: ends_at,
            limit: scope::narrower(Some(role), wanted),
            audience,
        };
        Ok(self.issue(grant).await?.exchanged())
    }
}

/// The person for whom a token of the provider speaks, and what it may do.
fn person(caller: &Caller) -> Result<(&User, Role), TokenError> {
    if caller.kind != TokenKind::Provider {
        return Err(TokenError::InvalidRequest(NOT_TAKEN));
    }
    let user = caller.user.as_ref().filter(|user| user.is_active());
    match (user, caller.role) {
        (Some(user), Some(role)) => Ok((user, role)),
        _ => Err(TokenError::InvalidRequest(STRANGER)),
    }
}

/// RFC 8693, 2.2.2.
fn refused(refusal: Refusal) -> TokenError {
    match refusal {
        Refusal::IdpUnavailable => TokenError::ProviderUnavailable,
        Refusal::Other(error) => TokenError::Ours(error),
        Refusal::Deactivated | Refusal::Stranger => TokenError::InvalidRequest(STRANGER),
        _ => TokenError::InvalidRequest(NOT_TAKEN),
    }
}
