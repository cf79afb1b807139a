//! What can go wrong with a request, and what is said about it: decided here once.
//!
//! Expected results (a poll that has closed, a person without a role) are outcomes of their
//! feature, not errors. Foundation: knows no feature.

use std::{borrow::Cow, error::Error as StdError, time::Duration};

use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};

use crate::paths::{self, ReturnPath};

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request is not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such page, or none that may be known of.
    #[error("not found")]
    NotFound,
    /// The page existed and was put away.
    #[error("gone")]
    Gone,
    /// The person is signed in, with too little role; `needed` names the roles that would do.
    #[error("forbidden: needs {needed}")]
    Forbidden {
        /// The roles that would do, in words.
        needed: &'static str,
    },
    /// The page needs a person; after sign-in the browser comes back to `next`.
    #[error("sign-in required")]
    SignInRequired {
        /// Where to go after sign-in.
        next: ReturnPath,
    },
    /// An unsafe request did not prove that it comes from one of our own forms.
    #[error("request refused: {0}")]
    Csrf(&'static str),
    /// The request cannot be read.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The request was understood and cannot be carried out as it stands.
    #[error("unprocessable: {0}")]
    Unprocessable(Cow<'static, str>),
    /// The body is larger than any of our forms.
    #[error("body too large")]
    TooLarge,
    /// The address is longer than any of ours.
    #[error("address too long")]
    AddressTooLong,
    /// The body is not a submitted form.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// The same sender asked for the same thing too often.
    #[error("too many requests")]
    TooManyRequests {
        /// What there were too many of, in a sentence.
        message: &'static str,
        /// When it may ask again.
        wait: Duration,
    },
    /// Something that we depend on does not answer at the moment.
    #[error("unavailable: {0}")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// A defect of ours.
    #[error("internal: {0}")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// Wraps an error that should not have happened.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// Wraps an outage of something that we depend on.
    pub fn unavailable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }

    /// The word with which a trigger of ours has refused a change (`docs/schema.md`), if that is
    /// what happened; SQLite says it as a constraint (1811), PostgreSQL as P0001.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        let Self::Internal(cause) = self else {
            return None;
        };
        let refused = cause.downcast_ref::<sqlx::Error>()?.as_database_error()?;
        let is_ours = matches!(refused.code().as_deref(), Some("1811" | "P0001"));
        is_ours.then(|| refused.message())
    }

    /// Whether another transaction was in the way (PostgreSQL), so that the next attempt may
    /// well succeed.
    #[must_use]
    pub fn is_collision(&self) -> bool {
        let Self::Unavailable(cause) = self else {
            return false;
        };
        let database = cause
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error);
        let code = database.and_then(sqlx::error::DatabaseError::code);
        code.is_some_and(|code| COLLISIONS.contains(&code.as_ref()))
    }

    /// What an operator reads in a terminal: the cause, without the word for its kind.
    #[must_use]
    pub fn explained(&self) -> String {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => chain(cause.as_ref()),
            refused => refused.to_string(),
        }
    }

    /// What is said about it.
    pub(crate) fn problem(&self) -> Problem {
        use StatusCode as S;
        let (status, code, title, message): (_, _, _, Cow<'static, str>) = match self {
            Self::NotFound => (
                S::NOT_FOUND,
                "not_found",
                "Page not found",
                NOT_FOUND.into(),
            ),
            Self::Gone => (S::GONE, "gone", "This poll was archived", GONE.into()),
            Self::Forbidden { needed } => (
                S::FORBIDDEN,
                "forbidden",
                "You do not have access to this page",
                format!("This page is for people with the role {needed}. {ROLES_ARE_GIVEN}").into(),
            ),
            Self::SignInRequired { .. } => (
                S::UNAUTHORIZED,
                "login_required",
                "Please sign in",
                "This needs a sign-in.".into(),
            ),
            Self::Csrf(_) => (
                S::FORBIDDEN,
                "csrf",
                "Please send the form again",
                CSRF.into(),
            ),
            Self::BadRequest(why) => (
                S::BAD_REQUEST,
                "bad_request",
                "This request cannot be read",
                (*why).into(),
            ),
            Self::Unprocessable(why) => (
                S::UNPROCESSABLE_ENTITY,
                "unprocessable",
                "Something is missing",
                why.clone(),
            ),
            Self::TooLarge => (
                S::PAYLOAD_TOO_LARGE,
                "too_large",
                "This is too large",
                TOO_LARGE.into(),
            ),
            Self::AddressTooLong => (
                S::URI_TOO_LONG,
                "address_too_long",
                "This address is too long",
                ADDRESS_TOO_LONG.into(),
            ),
            Self::UnsupportedMediaType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "media_type",
                "Not a form",
                MEDIA_TYPE.into(),
            ),
            Self::TooManyRequests { message, wait } => come_back(message, *wait),
            Self::Unavailable(_) => (
                S::SERVICE_UNAVAILABLE,
                "unavailable",
                "Please try again in a moment",
                BUSY.into(),
            ),
            Self::Internal(_) => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "Sorry, there is a problem",
                DEFECT.into(),
            ),
        };
        Problem {
            status,
            code,
            title: title.into(),
            message,
            fate: None,
        }
    }

    fn log(&self) {
        match self {
            Self::Internal(cause) => tracing::error!(error = chain(cause.as_ref()), "defect"),
            Self::Unavailable(cause) => {
                tracing::warn!(error = chain(cause.as_ref()), "unavailable");
            }
            refused => tracing::debug!(%refused, "request refused"),
        }
    }
}

const NOT_FOUND: &str =
    "There is nothing at this address. It may have moved, or not be published yet.";
const GONE: &str = "The poll was archived and is no longer shown. Its ballots are kept.";
const ROLES_ARE_GIVEN: &str = "Roles are given by whoever runs your sign-in provider.";
const CSRF: &str = "The request did not come from a form of this site, or the form was open for too long. \
    Nothing was changed. Go back, reload the page and send it again.";
const TOO_LARGE: &str = "The form holds more than this site takes. Nothing was changed.";
const ADDRESS_TOO_LONG: &str =
    "No page of this site has so long an address. Perhaps a link was copied wrongly.";
const MEDIA_TYPE: &str = "This address takes submitted forms only. Nothing was changed.";
const BUSY: &str = "Something that this site needs does not answer at the moment.";
const DEFECT: &str = "The error has been recorded. Please try again later.";

/// What [`Error::problem`] says of too many requests.
fn come_back(
    message: &str,
    wait: Duration,
) -> (StatusCode, &'static str, &'static str, Cow<'static, str>) {
    let message = match in_seconds(wait) {
        1 => format!("{message} Please wait a second, then try again."),
        seconds => format!("{message} Please wait {seconds} seconds, then try again."),
    };
    let (status, code) = (StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    (status, code, "Please wait a moment", message.into())
}

/// Whole seconds, at least one: nobody who waits so long comes too early.
fn in_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(1)
}

/// An error and its causes on one line.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// What a person or program is told; travels in the response's extensions to
/// [`crate::page::paint`], which knows whether to write HTML or JSON.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// A stable name for programs.
    pub code: &'static str,
    /// A heading.
    pub title: Cow<'static, str>,
    /// What happened and what to do.
    pub message: Cow<'static, str>,
    /// What became of a vote, where the status alone would tell it wrongly.
    pub fate: Option<&'static str>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let problem = self.problem();
        match self {
            Self::SignInRequired { next } => {
                let mut response = Redirect::to(&paths::authenticate(&next)).into_response();
                response.extensions_mut().insert(problem);
                response
            }
            Self::TooManyRequests { wait, .. } => {
                let retry_after = [(header::RETRY_AFTER, in_seconds(wait).to_string())];
                (retry_after, problem).into_response()
            }
            _ => problem.into_response(),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Protocol(_)
            | sqlx::Error::Io(_) => Self::unavailable(error),
            sqlx::Error::Database(cause) if is_outage(cause.as_ref()) => Self::unavailable(error),
            _ => Self::internal(error),
        }
    }
}

/// Serialization failure and deadlock (PostgreSQL, Appendix A).
const COLLISIONS: [&str; 2] = ["40001", "40P01"];

/// SQLite busy, locked, read-only, I/O error, full, cannot open (primary result codes 5, 6, 8,
/// 10, 13, 14); PostgreSQL classes 08, 53 and 57 (connection, resources, operator intervention),
/// 25006 (a standby takes no writes) and the collisions of [`Error::is_collision`].
fn is_outage(error: &dyn sqlx::error::DatabaseError) -> bool {
    let Some(code) = error.code() else {
        return false;
    };
    if error
        .try_downcast_ref::<sqlx::sqlite::SqliteError>()
        .is_some()
    {
        let primary = code.parse::<u32>().map_or(0, |code| code & 0xff);
        return [5, 6, 8, 10, 13, 14].contains(&primary);
    }
    let classes = ["08", "53", "57", "25006"];
    classes.iter().any(|class| code.starts_with(class)) || COLLISIONS.contains(&code.as_ref())
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

impl From<tower_sessions::session::Error> for Error {
    fn from(error: tower_sessions::session::Error) -> Self {
        use tower_sessions::{session::Error as Session, session_store::Error as Store};
        match error {
            Session::Store(Store::Backend(_)) => Self::unavailable(error),
            defect => Self::internal(defect),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
