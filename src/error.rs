//! What can go wrong with a request, and what is said about it: decided here once.
//!
//! Expected results (a poll that has closed, a person without a role) are outcomes of their
//! feature, not errors. Foundation: knows no feature.

use std::{error::Error as StdError, time::Duration};

use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};

use crate::{
    language::Message,
    metrics::{self, DbError},
    outage_log,
    paths::{self, ReturnPath},
};

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
    #[error("forbidden: {needed}")]
    Forbidden {
        /// The roles that would do: the id of a message.
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
    /// The request cannot be read: the id of a message.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The request was understood and cannot be carried out as it stands.
    #[error("unprocessable: {}", .0.id())]
    Unprocessable(Message),
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
        /// What there were too many of: the id of a sentence.
        message: &'static str,
        /// When it may ask again.
        wait: Duration,
    },
    /// Something that we depend on does not answer at the moment.
    #[error("unavailable: {0}")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// As [`Error::Unavailable`], before anything of what was asked for had been written.
    #[error("not written: {0}")]
    NotWritten(#[source] Box<dyn StdError + Send + Sync>),
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

    /// Wraps an outage before anything was written.
    pub fn not_written(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::NotWritten(cause.into())
    }

    /// The same error, where nothing has been written yet.
    #[must_use]
    pub fn before_commit(self) -> Self {
        match self {
            Self::Unavailable(cause) => Self::NotWritten(cause),
            other => other,
        }
    }

    /// Whether something that we depend on did not answer.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::NotWritten(_))
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
        let (Self::Unavailable(cause) | Self::NotWritten(cause)) = self else {
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
            Self::Unavailable(cause) | Self::NotWritten(cause) | Self::Internal(cause) => {
                chain(cause.as_ref())
            }
            refused => refused.to_string(),
        }
    }

    /// What is said about it.
    pub(crate) fn problem(&self) -> Problem {
        let (status, code) = self.status_and_code();
        Problem {
            status,
            code,
            title: Message::new(self.title()),
            message: self.message(),
            fate: matches!(self, Self::NotWritten(_)).then_some("fate-not-recorded"),
        }
    }

    fn status_and_code(&self) -> (StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::NotFound => (S::NOT_FOUND, "not_found"),
            Self::Gone => (S::GONE, "gone"),
            Self::Forbidden { .. } => (S::FORBIDDEN, "forbidden"),
            Self::SignInRequired { .. } => (S::UNAUTHORIZED, "login_required"),
            Self::Csrf(_) => (S::FORBIDDEN, "csrf"),
            Self::BadRequest(_) => (S::BAD_REQUEST, "bad_request"),
            Self::Unprocessable(_) => (S::UNPROCESSABLE_ENTITY, "unprocessable"),
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, "too_large"),
            Self::AddressTooLong => (S::URI_TOO_LONG, "address_too_long"),
            Self::UnsupportedMediaType => (S::UNSUPPORTED_MEDIA_TYPE, "media_type"),
            Self::TooManyRequests { .. } => (S::TOO_MANY_REQUESTS, "too_many_requests"),
            Self::Unavailable(_) | Self::NotWritten(_) => (S::SERVICE_UNAVAILABLE, "unavailable"),
            Self::Internal(_) => (S::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found-title",
            Self::Gone => "gone-title",
            Self::Forbidden { .. } => "forbidden-title",
            Self::SignInRequired { .. } => "sign-in-required-title",
            Self::Csrf(_) => "csrf-title",
            Self::BadRequest(_) => "bad-request-title",
            Self::Unprocessable(_) => "unprocessable-title",
            Self::TooLarge => "too-large-title",
            Self::AddressTooLong => "address-too-long-title",
            Self::UnsupportedMediaType => "media-type-title",
            Self::TooManyRequests { .. } => "too-many-requests-title",
            Self::Unavailable(_) | Self::NotWritten(_) => "unavailable-title",
            Self::Internal(_) => "internal-title",
        }
    }

    fn message(&self) -> Message {
        Message::new(match self {
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::Forbidden { needed } => {
                return Message::new("forbidden").with("needed", Message::new(needed));
            }
            Self::SignInRequired { .. } => "sign-in-required",
            Self::Csrf(_) => "csrf",
            Self::BadRequest(why) => why,
            Self::Unprocessable(why) => return why.clone(),
            Self::TooLarge => "too-large",
            Self::AddressTooLong => "address-too-long",
            Self::UnsupportedMediaType => "media-type",
            Self::TooManyRequests { message, wait } => {
                return Message::new("too-many-requests")
                    .with("what", Message::new(message))
                    .with("seconds", in_seconds(*wait));
            }
            Self::Unavailable(_) | Self::NotWritten(_) => "unavailable",
            Self::Internal(_) => "internal",
        })
    }

    fn log(&self) {
        match self {
            Self::Internal(cause) => tracing::error!(error = chain(cause.as_ref()), "defect"),
            Self::Unavailable(cause) | Self::NotWritten(cause) => {
                outage_log::warn("unavailable", &chain(cause.as_ref()));
            }
            refused => tracing::debug!(%refused, "request refused"),
        }
    }
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
/// [`crate::page::Asked`], which knows whether to write HTML or JSON.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// A stable name for programs.
    pub code: &'static str,
    /// A heading.
    pub title: Message,
    /// What happened and what to do.
    pub message: Message,
    /// What became of a vote, where the status alone would tell it wrongly: a message's id.
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
        let error = Self::of_database(error);
        metrics::db_error(match &error {
            collision if collision.is_collision() => DbError::Collision,
            Self::Unavailable(_) => DbError::Unavailable,
            _ => DbError::Refused,
        });
        error
    }
}

impl Error {
    fn of_database(error: sqlx::Error) -> Self {
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

/// SQLite busy, locked, out of memory, read-only, I/O error, corrupt, full, cannot open, protocol,
/// not a database (primary result codes 5 to 8, 10, 11, 13 to 15, 26); PostgreSQL classes 08, 53, 55
/// and 57 (connection, resources, state, operator intervention), 25006 (a standby takes no writes)
/// and the collisions of [`Error::is_collision`]. On both, a table that somebody has taken away.
fn is_outage(error: &dyn sqlx::error::DatabaseError) -> bool {
    let Some(code) = error.code() else {
        return false;
    };
    if error
        .try_downcast_ref::<sqlx::sqlite::SqliteError>()
        .is_some()
    {
        let primary = code.parse::<u32>().map_or(0, |code| code & 0xff);
        let is_missing = error.message().starts_with("no such table");
        return is_missing || [5, 6, 7, 8, 10, 11, 13, 14, 15, 26].contains(&primary);
    }
    let classes = ["08", "53", "55", "57", "25006", "42P01"];
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
