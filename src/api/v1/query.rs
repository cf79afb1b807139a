//! Which part of a list of polls is asked for, and where the next one is.

use axum::extract::{FromRequestParts, Query};
use http::{HeaderName, HeaderValue, header, request::Parts};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    cursor,
    problem::{Refused, Result, bad_request},
};
use crate::{
    config::SiteConfig,
    error::Error,
    polls::{After, State},
};

/// Polls in a part of the list when nothing else is said.
const USUAL: i64 = 20;
/// Most polls in a part of the list.
const MOST: i64 = 100;

/// Which part of the list.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only polls in this state.
    #[param(inline)]
    pub(super) state: Option<State>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// Where to go on: `next` of the part before.
    cursor: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(query)) => Ok(query),
            Err(rejection) => Err(bad_request(rejection.body_text()).into()),
        }
    }
}

impl ListQuery {
    pub(super) fn limit(&self) -> Result<i64> {
        let limit = self.limit.unwrap_or(USUAL);
        if (1..=MOST).contains(&limit) {
            Ok(limit)
        } else {
            Err(bad_request("limit: from 1 to 100.").into())
        }
    }

    pub(super) fn after(&self) -> Result<After> {
        let read = |text: &String| cursor::read(text);
        match &self.cursor {
            None => Ok(After::START),
            Some(text) => {
                let given = read(text);
                Ok(
                    given
                        .ok_or_else(|| bad_request("cursor: not one that this site has given."))?,
                )
            }
        }
    }
}

/// The header with the address of the next part of the list at `path`, if there is one.
pub(super) fn next_link(
    site: &SiteConfig,
    path: &str,
    query: &ListQuery,
    next: Option<&str>,
) -> Result<Option<[(HeaderName, HeaderValue); 1]>, Error> {
    let Some(next) = next else {
        return Ok(None);
    };
    let mut address = site.base_url.join(path).map_err(Error::internal)?;
    let mut pairs = address.query_pairs_mut();
    pairs.append_pair("cursor", next);
    if let Some(limit) = query.limit {
        pairs.append_pair("limit", &limit.to_string());
    }
    if let Some(state) = query.state {
        pairs.append_pair("state", state.as_str());
    }
    drop(pairs);
    let link = HeaderValue::from_str(&format!("<{address}>; rel=\"next\""));
    Ok(Some([(header::LINK, link.map_err(Error::internal)?)]))
}
