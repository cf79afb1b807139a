//! The API for programs: JSON, opened by bearer tokens (RFC 6750) and by nothing else.
//!
//! A cookie opens nothing here, and a bearer token opens no page: these routes stand outside the
//! layers of session and form token. Who asks is a [`caller::Caller`]; the handler's argument says
//! whom it is for, as everywhere. [`verifiers`] knows which kinds of tokens there are; [`v1`] is the
//! polls API.

pub mod access;
pub mod auth;
pub mod bearer;
pub mod caller;
pub mod messages;
pub mod personal_tokens;
pub mod provider_tokens;
pub mod refusal;
pub mod scopes;
pub mod v1;
pub mod verifiers;

use crate::error::Error;

/// Below `/api/` there is nothing else.
pub async fn not_found() -> Error {
    Error::NotFound
}
