//! `Idempotency-Key`: what a program calls a vote that it may have to send again
//! (draft-ietf-httpapi-idempotency-key-header, 2).

use axum::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};

use super::problem::{Refused, Result, bad_request};
use crate::{polls::idempotency::IdempotencyKey, users::UserId};

const NAME: &str = "idempotency-key";
const WHAT: &str = "Send one \"Idempotency-Key\" of 16 to 255 visible characters, a UUID for \
    instance, or none.";

/// The key of a request as it was sent, if there was one.
#[derive(Clone, Debug)]
pub struct SentKey(Option<String>);

impl SentKey {
    /// The key of `user`.
    ///
    /// # Errors
    /// 400 when it is none.
    pub fn of(self, user: UserId) -> Result<Option<IdempotencyKey>> {
        let Some(text) = self.0 else {
            return Ok(None);
        };
        match IdempotencyKey::new(user, &text) {
            Some(key) => Ok(Some(key)),
            None => Err(bad_request(WHAT).into()),
        }
    }

    fn read(headers: &HeaderMap) -> Result<Self> {
        let mut values = headers.get_all(NAME).iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        match (value.to_str(), values.next()) {
            (Ok(text), None) => Ok(Self(Some(unquoted(text).to_owned()))),
            _ => Err(bad_request(WHAT).into()),
        }
    }
}

/// The header is a string of RFC 9651, in quotes; many programs leave these out.
fn unquoted(text: &str) -> &str {
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text)
}

impl<S: Send + Sync> FromRequestParts<S> for SentKey {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        Self::read(&parts.headers)
    }
}
