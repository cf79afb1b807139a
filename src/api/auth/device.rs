//! Signs a program in that has no browser (RFC 8628): the provider's device codes, relayed. The
//! program gets a code of ours, and asks us as often as it is told to; the provider's own stays
//! here.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use serde::Serialize;

use super::{
    AuthorizationServer,
    error::TokenError,
    fields::Fields,
    refresh_token_end,
    response::{Grant, TokenResponse},
    scope, session_end,
    store::{
        device_codes::{self, DeviceCode, NewDeviceCode, Turn},
        refresh_tokens,
    },
};
use crate::{
    clock::Timestamp,
    db::{detached, transaction},
    error::Result,
    oidc::{
        admission::Admission,
        browser::user_agent,
        callback::Authentication,
        device::NotSignedIn,
        device_poll::Polled,
        failure::{Failure, Reason},
        refusal::Refusal,
    },
    paths::ReturnPath,
    random,
    session::{NewProgramSession, SessionKey, begin_program},
    telemetry::origin,
    users::User,
};

/// What the vault seals the provider's code for.
const DEVICE_CODE: &str = "device_code";

/// How many programs wait at most.
const MOST: i64 = 4096;

/// What the program tells its person (RFC 8628, 3.2).
#[derive(Serialize)]
struct DeviceAuthorization {
    device_code: String,
    user_code: String,
    verification_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_uri_complete: Option<String>,
    expires_in: u64,
    interval: u64,
}

/// `POST /api/auth/v2/device` (RFC 8628, 3.1 and 3.2).
///
/// # Errors
/// Why there is no code.
pub async fn device(
    State(server): State<AuthorizationServer>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, TokenError> {
    server.begin_device(&fields, user_agent(&headers)).await
}

impl From<NotSignedIn> for TokenError {
    fn from(why: NotSignedIn) -> Self {
        match why {
            NotSignedIn::NotOffered(code) => {
                tracing::warn!(code, "the OpenID Provider gives no device codes");
                Self::DeviceCodesNotOffered
            }
            NotSignedIn::Declined => Self::AccessDenied(DECLINED),
            NotSignedIn::Expired => Self::ExpiredToken,
            NotSignedIn::Failed(reason) => reason.into(),
        }
    }
}

impl AuthorizationServer {
    async fn begin_device(
        &self,
        fields: &Fields,
        user_agent: Option<String>,
    ) -> Result<Response, TokenError> {
        let provider = match fields.get("provider") {
            Some(name) => self.0.oidc.provider(name),
            None => self.0.oidc.providers().first(),
        };
        let provider = provider.ok_or(TokenError::InvalidRequest("There is no such provider."))?;
        let limit = scope::asked(fields)?;
        if device_codes::count(&self.0.db, self.now()).await? >= MOST {
            return Err(TokenError::ProviderUnavailable);
        }
        let known = provider.known().await.map_err(Reason::from)?;
        let issuer = known.metadata.issuer().to_string();
        let begun = provider.begin_device(known).await?;
        let (code, now) = (self.0.random.token()?, self.now());
        let new = NewDeviceCode {
            hash: random::digest(&code),
            issuer,
            sealed: self.0.vault.seal(DEVICE_CODE, begun.device_code())?,
            scope: limit.map(|role| role.as_str().to_owned()),
            user_agent,
            interval: begun.interval(),
            expires_at: now.plus(begun.life()),
        };
        device_codes::add(&self.0.db, new, now).await?;
        let body = Json(DeviceAuthorization {
            device_code: code,
            user_code: begun.user_code().to_owned(),
            verification_uri: begun.verification_uri().to_owned(),
            verification_uri_complete: begun.verification_uri_complete().map(str::to_owned),
            expires_in: begun.life().as_secs(),
            interval: begun.interval().as_secs(),
        });
        let no_store = HeaderValue::from_static("no-store");
        Ok(([(header::CACHE_CONTROL, no_store)], body).into_response())
    }

    /// The grant type of RFC 8628, 3.4. The provider is asked once per interval, whoever asks us.
    ///
    /// # Errors
    /// Why there are no tokens, or not yet.
    pub(super) async fn poll(
        &self,
        fields: &Fields,
        audience: String,
    ) -> Result<TokenResponse, TokenError> {
        let code = fields.required("device_code", "device_code is missing.")?;
        let hash = random::digest(code);
        let turn = device_codes::take_turn(&self.0.db, hash.clone(), self.now());
        let known = match turn.await? {
            Turn::Granted(known) => known,
            Turn::TooEarly => return Err(TokenError::SlowDown),
            Turn::Expired => return Err(TokenError::ExpiredToken),
            Turn::Unknown => return Err(TokenError::InvalidGrant(NO_SUCH_CODE)),
        };
        // The provider gives its tokens once: they must not be lost with a request that is given
        // up.
        let server = self.clone();
        let work = async move { Ok(server.ask_provider(hash, known, audience).await) };
        detached(work).await?
    }

    async fn ask_provider(
        &self,
        hash: Vec<u8>,
        known: DeviceCode,
        audience: String,
    ) -> Result<TokenResponse, TokenError> {
        let provider = self.0.oidc.provider_of(&known.issuer);
        let provider = provider.ok_or(TokenError::InvalidGrant(NO_SUCH_CODE))?;
        let device_code = self.0.vault.open(DEVICE_CODE, &known.sealed);
        let device_code = device_code.ok_or(TokenError::InvalidGrant(NO_SUCH_CODE))?;
        let polled = self
            .0
            .oidc
            .poll_device(provider, &device_code, known.created_at);
        let error = match polled.await {
            Polled::SignedIn(mut authentication) => {
                let evidence = authentication.evidence.clone();
                let oidc = &self.0.oidc;
                let admission =
                    oidc.admit(&self.0.users, provider, &mut authentication, Some(evidence));
                match admission.await? {
                    Admission::Welcome(user) => {
                        return self
                            .start(hash, known, (*user, *authentication), audience)
                            .await;
                    }
                    Admission::Refused(refusal) => {
                        oidc.log_refusal(refusal, &authentication).await;
                        TokenError::AccessDenied(sentence(refusal))
                    }
                }
            }
            Polled::Pending => return Err(TokenError::AuthorizationPending),
            Polled::SlowDown => {
                device_codes::slow_down(&self.0.db, hash, self.now()).await?;
                return Err(TokenError::SlowDown);
            }
            // The provider may answer next time, or take our client.
            Polled::Failed(reason @ (Reason::Outage | Reason::Client), _) => {
                return Err(reason.into());
            }
            Polled::Declined => TokenError::AccessDenied(DECLINED),
            Polled::Expired => TokenError::ExpiredToken,
            Polled::Failed(reason, evidence) => {
                let failure = Failure::new(reason, ReturnPath::home()).after(*evidence);
                self.0.oidc.note_failure(&failure).await;
                failure.reason.into()
            }
        };
        transaction!(self.0.db, |tx| device_codes::remove(tx, &hash).await?)?;
        Err(error)
    }

    /// Begins the program's session, once per code.
    async fn start(
        &self,
        hash: Vec<u8>,
        known: DeviceCode,
        (user, authentication): (User, Authentication),
        audience: String,
    ) -> Result<TokenResponse, TokenError> {
        let now = self.now();
        let ends_at = session_end(now, authentication.ends_at);
        let limit = scope::limit(known.scope.as_deref());
        let token = self.0.random.token()?;
        let new = new_session(&user, &authentication, ("device", known.scope), ends_at);
        let new = NewProgramSession {
            user_agent: known.user_agent,
            ..new
        };
        let (random, token_hash) = (self.0.random.clone(), random::digest(&token));
        let key: Option<SessionKey> = transaction!(self.0.db, |tx| {
            if !device_codes::remove(tx, &hash).await? {
                return Ok(None);
            }
            let key = begin_program(tx, new, &random, now).await?;
            let end = refresh_token_end(now, ends_at);
            refresh_tokens::add(tx, &token_hash, &key, end, now).await?;
            Some(key)
        })?;
        let key = key.ok_or(TokenError::InvalidGrant(NO_SUCH_CODE))?;
        if self.ended_meanwhile(&key, &authentication).await? {
            return Err(TokenError::AccessDenied(SIGNED_OUT));
        }
        log_sign_in(&user);
        let grant = Grant {
            user: &user,
            session: &key,
            session_ends_at: ends_at,
            limit,
            audience,
        };
        let end = refresh_token_end(now, ends_at);
        Ok(self.issue(grant).await?.with_refresh_token(token, end))
    }

    /// Whether the provider has signed the person out meanwhile; then the session is taken back.
    pub(super) async fn ended_meanwhile(
        &self,
        key: &SessionKey,
        authentication: &Authentication,
    ) -> Result<bool> {
        let (who, sid) = (authentication.identity.clone(), authentication.sid.clone());
        let ended = self
            .0
            .oidc
            .has_ended_meanwhile(who, sid, authentication.begun_at);
        let ended = ended.await?;
        if ended {
            self.end(key).await?;
        }
        Ok(ended)
    }
}

/// Says in the log that `user` has let a program in.
pub(super) fn log_sign_in(user: &User) {
    tracing::info!(
        user = %user.id,
        sub_hash = user.sub_hash(),
        ip = origin::ip(),
        role = user.role.as_str(),
        "a program was signed in"
    );
}

/// A program's session of `user`, with the provider's tokens.
pub(super) fn new_session(
    user: &User,
    authentication: &Authentication,
    (client, scope): (&'static str, Option<String>),
    ends_at: Timestamp,
) -> NewProgramSession {
    NewProgramSession {
        user: user.id.0,
        issuer: user.issuer.clone(),
        subject: user.subject.clone(),
        sid: authentication.sid.clone(),
        client,
        scope,
        tokens: Some(authentication.tokens.clone()),
        user_agent: None,
        ends_at,
    }
}

const NO_SUCH_CODE: &str = "There is no such device code, or not any more. Begin again.";
const SIGNED_OUT: &str = "You were signed out at the sign-in provider meanwhile. Begin again.";
const DECLINED: &str = "The person declined.";

fn sentence(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NoRole => "This person has no role here.",
        Refusal::Deactivated => "This person was deactivated by an admin of this site.",
        Refusal::NotKnown => "This site does not know this person yet.",
        Refusal::EmailNotVerified => "This person's e-mail address is not verified.",
    }
}
