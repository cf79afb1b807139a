//! Parts of a console's path, for extractors.

use axum::extract::{FromRequestParts as _, RawPathParams};
use http::request::Parts;

use crate::error::{Error, Result};

/// A named part of the path.
///
/// # Errors
/// When the path has no such part: there is no such page.
pub async fn part<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Result<String> {
    let params = RawPathParams::from_request_parts(parts, state).await;
    let params = params.map_err(|_| Error::NotFound)?;
    let part = params.iter().find(|(known, _)| *known == name);
    part.map(|(_, value)| value.to_owned())
        .ok_or(Error::NotFound)
}

/// The key that the path names by `{id}`.
///
/// # Errors
/// When it is not a number as we write them: there is no such page.
pub async fn key<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<i64> {
    let id = part(parts, state, "id").await?;
    let key: i64 = id.parse().map_err(|_| Error::NotFound)?;
    // One address for each thing: not "+7", not "007".
    if key.to_string() == id {
        Ok(key)
    } else {
        Err(Error::NotFound)
    }
}
