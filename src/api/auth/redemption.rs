//! Trades a code for the first tokens (RFC 6749, 4.1.3; RFC 7636, 4.6). A code that comes again
//! ends the session that began with it (RFC 6749, 4.1.2).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq as _;

use super::{
    AuthorizationServer,
    device::log_sign_in,
    error::TokenError,
    fields::Fields,
    refresh_token_end,
    response::{Grant, TokenResponse},
    reuse::Reused,
    scope,
    store::{
        authorization_codes::{self, AuthorizationCode},
        refresh_tokens,
    },
};
use crate::{
    db::transaction,
    error::Result,
    random,
    session::{SessionKey, touch_program},
    users::UserId,
};

/// What a program does whose code is not taken.
const BEGIN_AGAIN: &str = "The code is not valid, or not any more. Begin again.";

impl AuthorizationServer {
    /// The grant type `authorization_code`.
    ///
    /// # Errors
    /// Why there are no tokens.
    pub(super) async fn redeem(
        &self,
        fields: &Fields,
        audience: String,
    ) -> Result<TokenResponse, TokenError> {
        let hash = random::digest(fields.required("code", "code is missing.")?);
        let redirect_uri = fields.required("redirect_uri", "redirect_uri is missing.")?;
        let verifier = fields.required("code_verifier", "code_verifier is missing.")?;
        let refused = || TokenError::InvalidGrant(BEGIN_AGAIN);
        let code = authorization_codes::find(&self.0.db, &hash).await?;
        let code = code.filter(|code| {
            code.redirect_uri == redirect_uri && is_proven(verifier, &code.code_challenge)
        });
        let code = code.ok_or_else(refused)?;
        let key = code.session();
        if code.used_at.is_some() {
            return self.used_before(&key).await;
        }
        let session = self.0.sessions.find_program(&key).await?;
        let session = session.filter(|_| code.expires_at > self.now());
        let session = session.ok_or_else(refused)?;
        let user = self.active(UserId(session.user_id)).await?;
        let token = self.0.random.token()?;
        if !self.spend(hash, &code, &token).await? {
            return self.used_before(&key).await;
        }
        log_sign_in(&user);
        let grant = Grant {
            user: &user,
            session: &key,
            session_ends_at: code.session_ends_at,
            limit: scope::limit(session.scope.as_deref()),
            audience,
        };
        let end = refresh_token_end(self.now(), code.session_ends_at);
        Ok(self.issue(grant).await?.with_refresh_token(token, end))
    }

    /// Uses the code up and stores the refresh token; `false` when the code was used before, or
    /// the session has ended.
    async fn spend(&self, hash: Vec<u8>, code: &AuthorizationCode, token: &str) -> Result<bool> {
        let (key, now, end) = (code.session(), self.now(), code.session_ends_at);
        let token = random::digest(token);
        transaction!(self.0.db, |tx| {
            let is_first = touch_program(tx, &key, Some(end), now).await?
                && authorization_codes::spend(tx, &hash, now).await?;
            if !is_first {
                return Ok(false);
            }
            let end = refresh_token_end(now, end);
            refresh_tokens::add(tx, &token, &key, end, now).await?;
            true
        })
    }

    async fn used_before(&self, key: &SessionKey) -> Result<TokenResponse, TokenError> {
        self.end_after(Reused::AuthorizationCode, key).await?;
        Err(TokenError::InvalidGrant(BEGIN_AGAIN))
    }
}

/// Whether `verifier` is the one of `challenge`, by the method `S256`.
fn is_proven(verifier: &str, challenge: &str) -> bool {
    let made = URL_SAFE_NO_PAD.encode(random::digest(verifier));
    (43..=128).contains(&verifier.len()) && made.as_bytes().ct_eq(challenge.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::is_proven;

    /// The example of RFC 7636, appendix B.
    #[test]
    fn a_verifier_proves_its_own_challenge_and_no_other() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_proven(verifier, challenge));
        assert!(!is_proven(challenge, verifier));
        assert!(!is_proven(verifier, ""));
        assert!(!is_proven("", ""));
    }
}
