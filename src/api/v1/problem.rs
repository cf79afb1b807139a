//! The problems that only programs meet. Programs are written in English, and so are these.

use http::StatusCode;

use crate::{error::Problem, language::Message};

/// 400: `what` was sent and cannot be read.
#[must_use]
pub fn bad_request(what: impl Into<String>) -> Problem {
    problem(StatusCode::BAD_REQUEST, "bad_request", what)
}

/// 406: nothing of what the program takes is on offer.
#[must_use]
pub fn not_acceptable(offered: &str) -> Problem {
    let what = format!("This address answers with {offered}, which \"Accept\" leaves out.");
    problem(StatusCode::NOT_ACCEPTABLE, "not_acceptable", what)
}

/// 415: the body is no JSON, or does not say that it is.
#[must_use]
pub fn no_json() -> Problem {
    const WHAT: &str = "Send JSON, and say so: \"Content-Type: application/json\".";
    problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", WHAT)
}

/// 409: the person has voted, and the poll lets nobody vote twice.
#[must_use]
pub fn already_voted() -> Problem {
    const WHAT: &str = "This person has voted in this poll before. That ballot stands; nothing \
        was changed.";
    Problem {
        fate: Some("fate-earlier-stands"),
        ..problem(StatusCode::CONFLICT, "already_voted", WHAT)
    }
}

/// 409: it is too early for `what`.
#[must_use]
pub fn not_yet(what: impl Into<String>) -> Problem {
    problem(StatusCode::CONFLICT, "not_yet", what)
}

/// 422: what was sent is no ballot of this poll.
#[must_use]
pub fn invalid_ballot(why: Message) -> Problem {
    Problem {
        message: why,
        ..problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_ballot", "")
    }
}

/// 422: what was sent is not what this address takes.
#[must_use]
pub fn invalid(why: impl Into<String>) -> Problem {
    problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid", why)
}

/// A problem with its kind and what happened.
#[must_use]
pub fn problem(status: StatusCode, code: &'static str, what: impl Into<String>) -> Problem {
    Problem {
        status,
        code,
        title: Message::verbatim(status.canonical_reason().unwrap_or_default()),
        message: Message::verbatim(what),
        fate: None,
    }
}
