//! The published polls.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    access::{Visitor, standing},
    answer, cursor,
    documents::{PollDocument, PollList, PollSummary},
    problem::{Result, bad_request},
};
use crate::{
    api::access::PersonCaller,
    clock::Clock,
    config::SiteConfig,
    error::{Error, Problem},
    paths,
    polls::{After, Listed, Polls, State as PollState},
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
    pub(super) state: Option<PollState>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// Where to go on: `next` of the part before.
    cursor: Option<String>,
}

impl ListQuery {
    pub(super) fn read(query: Result<Query<Self>, QueryRejection>) -> Result<Self, Problem> {
        let query = query.map_err(|refused| bad_request(refused.body_text()))?;
        Ok(query.0)
    }

    pub(super) fn limit(&self) -> Result<i64, Problem> {
        let limit = self.limit.unwrap_or(USUAL);
        if (1..=MOST).contains(&limit) {
            Ok(limit)
        } else {
            Err(bad_request("limit: from 1 to 100."))
        }
    }

    pub(super) fn after(&self) -> Result<After, Problem> {
        let read = |text: &String| cursor::read(text);
        match &self.cursor {
            None => Ok(After::START),
            Some(text) => {
                read(text).ok_or_else(|| bad_request("cursor: not one that this site has given."))
            }
        }
    }
}

/// List the published polls, the newest first
///
/// With the header `Link` (RFC 8288) to the next part.
#[utoipa::path(
    get, path = paths::V1_POLLS, operation_id = "list_polls", tag = "polls",
    security(("bearer" = ["user"])), params(ListQuery),
    responses((status = 200, description = "A part of the list", body = PollList,
               headers(("ETag" = String), ("Link" = Option<String>))))
)]
pub async fn list(
    PersonCaller { user, role, .. }: PersonCaller,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    State(site): State<SiteConfig>,
    headers: HeaderMap,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response> {
    let (query, now) = (ListQuery::read(query)?, clock.now());
    let part = polls
        .list_after(user.id, query.state, (query.after()?, query.limit()?), now)
        .await?;
    let summary = |listed: &Listed| {
        let standing = standing(listed, &user, role, now);
        PollSummary::new(listed, standing, now)
    };
    let next = part.next.map(cursor::write);
    let link = next_link(&site, paths::V1_POLLS, &query, next.as_deref())?;
    let list = PollList {
        polls: part.polls.iter().map(summary).collect(),
        next,
    };
    Ok((link, answer::document(&headers, &list)?).into_response())
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

/// Read a poll and its ballot paper
#[utoipa::path(
    get, path = paths::V1_POLL, operation_id = "read_poll", tag = "polls",
    security(("bearer" = ["user"])),
    params(("id" = i64, Path, description = "The poll's key")),
    responses((status = 200, description = "The poll", body = PollDocument,
               headers(("ETag" = String))))
)]
pub async fn read(
    visitor: Visitor,
    State(polls): State<Polls>,
    headers: HeaderMap,
) -> Result<Response> {
    let poll = visitor.poll();
    let paper = polls.choices(poll.id).await?;
    let paper = poll.in_order_for(visitor.user.id, paper);
    let summary = PollSummary::new(&visitor.listed, visitor.standing(), visitor.now);
    let document = PollDocument::new(summary, poll, paper);
    Ok(answer::document(&headers, &document)?)
}
