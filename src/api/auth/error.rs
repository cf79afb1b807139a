//! Why a program gets no tokens, said as RFC 6749, 5.2 and RFC 8628, 3.5 have it.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::{error::Error, oidc::failure::Reason};

/// Why a program gets no tokens.
#[derive(Debug)]
pub enum TokenError {
    /// A parameter is missing, given twice, or no such value.
    InvalidRequest(&'static str),
    /// The code or token is not valid, or not any more.
    InvalidGrant(&'static str),
    /// There is no such grant type here.
    UnsupportedGrantType,
    /// `scope` names something that is not there.
    InvalidScope,
    /// The tokens are for nobody known (RFC 8707, 2).
    InvalidTarget,
    /// The person has not decided yet.
    AuthorizationPending,
    /// The program asks too often.
    SlowDown,
    /// The person took too long.
    ExpiredToken,
    /// The person declined, or may not sign in.
    AccessDenied(&'static str),
    /// The provider has no device codes, at least not for us.
    DeviceCodesNotOffered,
    /// The provider's answer lacks something.
    UpstreamMalformed,
    /// The provider does not answer, or not to us.
    ProviderUnavailable,
    /// Something of ours.
    Ours(Error),
}

impl From<Error> for TokenError {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<Reason> for TokenError {
    /// What went wrong at the provider. That it does not take *our* credentials is our
    /// operator's problem and no fault of the program's.
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Ours(error) => Self::Ours(error),
            Reason::Outage => Self::ProviderUnavailable,
            Reason::Client => {
                tracing::error!("the OpenID Provider does not take our client credentials");
                Self::ProviderUnavailable
            }
            Reason::Answer | Reason::UserInfo | Reason::IdToken(_) => Self::UpstreamMalformed,
            _ => Self::InvalidGrant(SIGN_IN_AGAIN),
        }
    }
}

/// What a program does whose session has ended.
pub const SIGN_IN_AGAIN: &str = "The sign-in has ended. Sign in again.";

impl TokenError {
    /// Status, `error` and `error_description`; nothing in them comes from elsewhere.
    fn words(&self) -> (StatusCode, &'static str, &'static str) {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::InvalidRequest(why) => (bad, "invalid_request", why),
            Self::InvalidGrant(why) => (bad, "invalid_grant", why),
            Self::UnsupportedGrantType => (
                bad,
                "unsupported_grant_type",
                "There is no such grant type here.",
            ),
            Self::InvalidScope => (
                bad,
                "invalid_scope",
                "Ask for user, staff or admin, or leave scope out.",
            ),
            Self::InvalidTarget => (
                bad,
                "invalid_target",
                "No tokens are given for this resource.",
            ),
            Self::AuthorizationPending => (
                bad,
                "authorization_pending",
                "The person has not decided yet.",
            ),
            Self::SlowDown => (
                bad,
                "slow_down",
                "Wait five seconds longer between two requests.",
            ),
            Self::ExpiredToken => (bad, "expired_token", "The code has expired. Begin again."),
            Self::AccessDenied(why) => (bad, "access_denied", why),
            Self::DeviceCodesNotOffered => (
                bad,
                "unauthorized_client",
                "The sign-in provider offers no sign-in by code.",
            ),
            Self::UpstreamMalformed => (
                StatusCode::BAD_GATEWAY,
                "upstream_malformed_response",
                "The sign-in provider gave an answer that cannot be used.",
            ),
            Self::ProviderUnavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
                "The sign-in provider does not answer. Try again in a moment.",
            ),
            Self::Ours(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "server_error",
                "Something went wrong here. Try again later.",
            ),
        }
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let (mut status, mut error, mut description) = self.words();
        let mut retry_after = None;
        if let Self::Ours(cause) = self {
            let said = cause.into_response();
            status = said.status();
            retry_after = said.headers().get(header::RETRY_AFTER).cloned();
            if status != StatusCode::INTERNAL_SERVER_ERROR {
                error = "temporarily_unavailable";
                description = "Try again in a moment.";
            }
        } else {
            tracing::debug!(error, "a program gets no tokens");
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            retry_after = retry_after.or(Some(HeaderValue::from_static("5")));
        }
        let body = json!({ "error": error, "error_description": description });
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        retry_after.map(|wait| headers.insert(header::RETRY_AFTER, wait));
        response
    }
}
