//! The published polls.

#![expect(
    clippy::missing_errors_doc,
    reason = "the comments are the description that programs read, which tells of errors once"
)]

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::HeaderMap;

use super::{
    access::{Visitor, standing},
    answer, cursor,
    documents::{PollDocument, PollList, PollSummary},
    problem::Result,
    query::{ListQuery, next_link},
};
use crate::{
    api::access::PersonCaller,
    clock::Clock,
    config::SiteConfig,
    paths,
    polls::{Listed, Polls},
};

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
    query: ListQuery,
) -> Result<Response> {
    let now = clock.now();
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
    let document = PollDocument::new(summary, poll, &paper);
    Ok(answer::document(&headers, &document)?)
}
