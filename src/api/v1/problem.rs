//! The problems that only programs meet. Programs are written in English, and so are these.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::{
    api::refusal::Refusal,
    error::{Error, Problem},
    language::Message,
};

/// `Result` with [`Refused`].
pub type Result<T, E = Refused> = std::result::Result<T, E>;

/// A refusal of whatever origin, ready to be sent.
#[derive(Debug)]
pub struct Refused(Box<Response>);

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(Box::new(error.into_response()))
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem.into_response()))
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(Box::new(refusal.into_response()))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// A kind of problem: its `code`, the end of its `type`, and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The code.
    pub code: &'static str,
    /// The HTTP status that comes with it.
    pub status: u16,
    /// What it means.
    pub meaning: &'static str,
}

const fn kind(status: u16, code: &'static str, meaning: &'static str) -> Kind {
    Kind {
        code,
        status,
        meaning,
    }
}

/// Every kind of problem that programs meet here.
pub const KINDS: &[Kind] = &[
    kind(400, "bad_request", "A part of the request cannot be read."),
    kind(400, "invalid_request", "There is more than one token."),
    kind(401, "missing_authorization", "There is no token."),
    kind(
        401,
        "unsupported_token_type",
        "The credentials are no bearer token.",
    ),
    kind(
        401,
        "invalid_token",
        "The token is none, or not one that is believed here.",
    ),
    kind(401, "invalid_token_revoked", "The token was revoked."),
    kind(401, "invalid_token_expired", "The token has expired."),
    kind(
        401,
        "role_unconfirmed",
        "The person has not signed in to the site for seven days.",
    ),
    kind(
        403,
        "insufficient_scope",
        "The token does not reach so far.",
    ),
    kind(
        403,
        "account_deactivated",
        "An admin has turned the person away.",
    ),
    kind(
        403,
        "account_unknown",
        "The token speaks for nobody who has ever signed in here.",
    ),
    kind(403, "not_eligible", "The poll asks others."),
    kind(
        404,
        "not_found",
        "There is no such poll, or none that may be known of.",
    ),
    kind(
        405,
        "method_not_allowed",
        "The address takes other methods; \"Allow\" names them.",
    ),
    kind(
        406,
        "not_acceptable",
        "The address answers with something that \"Accept\" leaves out.",
    ),
    kind(
        409,
        "already_voted",
        "The person has voted, and that ballot stands.",
    ),
    kind(409, "not_open_yet", "The poll takes no ballots yet."),
    kind(409, "closed", "The poll takes no more ballots."),
    kind(
        409,
        "not_yet",
        "It can be read once the poll has closed or its results are released.",
    ),
    kind(
        409,
        "not_now",
        "The poll is in a state that does not allow it.",
    ),
    kind(
        409,
        "not_ready",
        "The poll cannot open before something else is done.",
    ),
    kind(410, "gone", "The poll was put away."),
    kind(
        412,
        "changed_meanwhile",
        "The poll is not the version that \"If-Match\" names.",
    ),
    kind(
        413,
        "too_large",
        "The body is larger than any that is taken.",
    ),
    kind(
        414,
        "address_too_long",
        "The address is longer than any of ours.",
    ),
    kind(
        415,
        "media_type",
        "The body is not JSON, or does not say so.",
    ),
    kind(
        422,
        "invalid_ballot",
        "What was chosen is no ballot of this poll.",
    ),
    kind(
        422,
        "invalid",
        "The body is JSON of another shape, or breaks a rule.",
    ),
    kind(428, "precondition_required", "\"If-Match\" is missing."),
    kind(
        429,
        "too_many_requests",
        "That was too often; \"Retry-After\" says when to come back.",
    ),
    kind(500, "internal", "A defect of this site."),
    kind(
        503,
        "idp_unavailable",
        "The sign-in provider does not answer at the moment.",
    ),
    kind(
        503,
        "unavailable",
        "The database does not answer at the moment.",
    ),
];

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
