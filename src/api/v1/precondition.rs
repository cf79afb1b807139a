//! `If-Match`: which version of a poll an admin has seen (RFC 9110, 13.1.1). Nothing is written
//! over what nobody has looked at.

use axum::extract::FromRequestParts;
use http::{StatusCode, header, request::Parts};

use super::problem::{Refused, Result, problem};
use crate::{clock::Timestamp, error::Problem, polls::Poll};

/// The header of a request.
#[derive(Clone, Debug)]
pub struct IfMatch(Vec<String>);

/// The entity tag of a poll at `now`: its version, and the state that comes with time.
#[must_use]
pub fn tag(poll: &Poll, now: Timestamp) -> String {
    format!("\"{}-{}\"", poll.version, poll.state(now).as_str())
}

/// 412: the poll is not what the admin has seen.
#[must_use]
pub fn failed() -> Problem {
    const WHAT: &str = "The poll has changed since you read it. Nothing was changed now. Read it \
        again and send its new \"ETag\".";
    problem(StatusCode::PRECONDITION_FAILED, "changed_meanwhile", WHAT)
}

impl IfMatch {
    /// Goes on when `poll` is what the admin has seen.
    ///
    /// # Errors
    /// 412 when it is not.
    pub fn check(&self, poll: &Poll, now: Timestamp) -> Result<()> {
        let tag = tag(poll, now);
        let is_meant = |named: &String| *named == "*" || *named == tag;
        if self.0.iter().any(is_meant) {
            Ok(())
        } else {
            Err(failed().into())
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        let values = parts.headers.get_all(header::IF_MATCH).iter();
        let values = values.filter_map(|value| value.to_str().ok());
        let named = values.flat_map(|value| value.split(',').map(|tag| tag.trim().to_owned()));
        let named: Vec<String> = named.collect();
        if named.is_empty() {
            const WHAT: &str = "Say which version you mean: send the \"ETag\" of the poll in \
                \"If-Match\".";
            let status = StatusCode::PRECONDITION_REQUIRED;
            return Err(problem(status, "precondition_required", WHAT).into());
        }
        Ok(Self(named))
    }
}
