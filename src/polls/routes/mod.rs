//! The pages of polls: lists, the ballot paper, the review, the confirmation,
//! receipts, the results and what staff and voters can check of them.

mod ballot;
pub mod check;
mod detail;
mod figures;
mod lists;
pub mod receipt;
pub mod results;
mod review;
mod unsent;
mod view;
mod vote;
mod voted;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use super::PollId;
use crate::error::Error;

pub use detail::detail;
pub use lists::{home, list};
pub use review::review;
pub use vote::{back_to_poll, vote};
pub use voted::voted;

/// The `{id}` of the path. Whatever cannot be a key is a page that does not exist.
impl<S: Send + Sync> FromRequestParts<S> for PollId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let found = RawPathParams::from_request_parts(parts, state).await;
        let params = found.map_err(|_| Error::NotFound)?;
        let id = params.iter().find(|(name, _)| *name == "id");
        let (_, text) = id.ok_or(Error::NotFound)?;
        let key: i64 = text.parse().map_err(|_| Error::NotFound)?;
        // One address for each poll: not "+7", not "007".
        if key.to_string() == text {
            Ok(Self(key))
        } else {
            Err(Error::NotFound)
        }
    }
}
