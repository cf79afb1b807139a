//! Why a token opens nothing, and how that is said: the `WWW-Authenticate` header of RFC 6750,
//! section 3, and a body with `code` and `description`, which [`crate::page::Asked`] writes.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::scopes::Required;
use crate::{
    error::{Error, Problem},
    language::Message,
    telemetry::origin,
};

/// Why a token, or the lack of one, opens nothing.
#[derive(Debug)]
pub enum Refusal {
    /// There are no credentials.
    MissingAuthorization,
    /// There are credentials, and they are no bearer token.
    UnsupportedTokenType,
    /// There is more than one token.
    InvalidRequest,
    /// It is no token, or none of ours, or its signature or a claim is wrong.
    InvalidToken,
    /// Whoever issued it says that it is not active: revoked, expired, or never known.
    Revoked,
    /// Its time is over.
    Expired,
    /// It is fine, and the role of its person was not confirmed for too long.
    Unconfirmed,
    /// It is fine, and does not reach so far.
    InsufficientScope(Required),
    /// It is fine, and an admin has turned its person away.
    Deactivated,
    /// It is fine, and speaks for nobody who has ever signed in here.
    Stranger,
    /// Nobody can say at the moment whether it is fine.
    IdpUnavailable,
    /// Something else than the token.
    Other(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl Refusal {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingAuthorization => "missing_authorization",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidToken => "invalid_token",
            Self::Revoked => "invalid_token_revoked",
            Self::Expired => "invalid_token_expired",
            Self::Unconfirmed => "role_unconfirmed",
            Self::InsufficientScope(_) => "insufficient_scope",
            Self::Deactivated => "account_deactivated",
            Self::Stranger => "account_unknown",
            Self::IdpUnavailable => "idp_unavailable",
            Self::Other(error) => error.problem().code,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::MissingAuthorization
            | Self::UnsupportedTokenType
            | Self::InvalidToken
            | Self::Revoked
            | Self::Expired
            | Self::Unconfirmed => StatusCode::UNAUTHORIZED,
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::InsufficientScope(_) | Self::Deactivated | Self::Stranger => {
                StatusCode::FORBIDDEN
            }
            Self::IdpUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Other(error) => error.problem().status,
        }
    }

    fn description(&self) -> Message {
        let text = match self {
            Self::MissingAuthorization => "Missing \"Authorization\" in headers.",
            Self::UnsupportedTokenType => "The \"Authorization\" header holds no bearer token.",
            Self::InvalidRequest => "Send one token, once, in the \"Authorization\" header.",
            Self::InvalidToken => "Token is invalid.",
            Self::Revoked => "Token was revoked.",
            Self::Expired => "Token has expired.",
            Self::Unconfirmed => {
                "The role of this person was not confirmed for seven days. Sign in to the site once."
            }
            Self::InsufficientScope(required) => {
                let text = format!("Token has insufficient scope. Route requires: {required}");
                return Message::verbatim(text);
            }
            Self::Deactivated => "This person was deactivated by an admin of this site.",
            Self::Stranger => "This person has never signed in to this site with a browser.",
            Self::IdpUnavailable => {
                "The sign-in provider cannot say at the moment whether this token is good. \
                 Please try again soon."
            }
            Self::Other(error) => return error.problem().message,
        };
        Message::verbatim(text)
    }

    /// RFC 6750, 3 and 3.1: without credentials there is nothing to say an error of.
    fn challenge(&self) -> Option<String> {
        Some(match self {
            Self::MissingAuthorization | Self::UnsupportedTokenType => {
                "Bearer realm=\"rolecall\"".to_owned()
            }
            Self::InvalidRequest => "Bearer error=\"invalid_request\"".to_owned(),
            Self::InvalidToken | Self::Revoked | Self::Expired | Self::Unconfirmed => {
                "Bearer error=\"invalid_token\"".to_owned()
            }
            Self::InsufficientScope(required) => {
                let scope = required.scope();
                format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"")
            }
            Self::Deactivated | Self::Stranger => "Bearer error=\"insufficient_scope\"".to_owned(),
            Self::IdpUnavailable | Self::Other(_) => return None,
        })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = (self.status(), self.code(), self.description());
        if let Self::Other(error) = self {
            return error.into_response();
        }
        if status == StatusCode::FORBIDDEN {
            tracing::info!(code, ip = origin::ip(), "access denied");
        } else {
            tracing::debug!(code, "a token was refused");
        }
        let problem = Problem {
            status,
            code,
            title: Message::verbatim(status.canonical_reason().unwrap_or_default()),
            message,
            fate: None,
        };
        let mut response = problem.into_response();
        if let Some(challenge) = self.challenge().and_then(|text| text.parse().ok()) {
            let challenge: HeaderValue = challenge;
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
