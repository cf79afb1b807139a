//! Running polls: the console's steps, by the same functions.

#![expect(
    clippy::missing_errors_doc,
    reason = "the comments are the description that programs read, which tells of errors once"
)]

use std::{collections::HashSet, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};

use super::{
    access::Administrator,
    answer,
    body::Body,
    cursor,
    drafts::{AdminPoll, AdminPolls, AdminSummary},
    precondition::{self, IfMatch, tag},
    problem::{Refused, Result, invalid, problem},
    query::{ListQuery, next_link},
};
use crate::{
    admin::{complaints::Complaint, path, words},
    api::verifiers::Verifiers,
    audit::Actor,
    clock::{Clock, Timestamp},
    config::SiteConfig,
    error::Error,
    language::Locale,
    paths,
    polls::{
        After, Filter, Listed, Poll, PollId, Polls,
        editing::{Details, Edit, PollDraft, Step},
    },
    rate_limit::RateLimits,
    statement::{Order, Window},
};

/// An admin before a poll, whatever its state.
#[derive(Clone, Debug)]
pub struct Desk {
    actor: Actor,
    polls: Polls,
    poll: Arc<Poll>,
    now: Timestamp,
}

impl<S> FromRequestParts<S> for Desk
where
    S: Send + Sync,
    Verifiers: FromRef<S>,
    RateLimits: FromRef<S>,
    Polls: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Administrator(actor) = Administrator::from_request_parts(parts, state).await?;
        let id = PollId::from_request_parts(parts, state).await?;
        let polls = Polls::from_ref(state);
        let found = polls.find(id).await?;
        Ok(Self {
            poll: found.ok_or(Error::NotFound)?,
            now: Clock::from_ref(state).now(),
            actor,
            polls,
        })
    }
}

/// The step that the path names. Any other word is an address that does not exist.
#[derive(Clone, Copy, Debug)]
pub struct WantedStep(Step);

impl<S: Send + Sync> FromRequestParts<S> for WantedStep {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let word = path::part(parts, state, "step").await?;
        let step = Step::ALL.iter().find(|step| step.as_str() == word);
        step.copied().map(Self).ok_or(Error::NotFound)
    }
}

/// List polls in whatever state, those made last first
#[utoipa::path(
    get, path = paths::V1_ADMIN_POLLS, operation_id = "list_all_polls", tag = "administration",
    security(("bearer" = ["admin"])), params(ListQuery),
    responses((status = 200, description = "A part of the list", body = AdminPolls,
               headers(("ETag" = String), ("Link" = Option<String>))))
)]
pub async fn list(
    _admin: Administrator,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    State(site): State<SiteConfig>,
    headers: HeaderMap,
    query: ListQuery,
) -> Result<Response> {
    let now = clock.now();
    let filter = Filter {
        state: query.state,
        after: Some(query.after()?),
        ..Filter::default()
    };
    let limit = query.limit()?;
    let window = Window::first(limit.saturating_add(1));
    let mut found = polls.list(&filter, &Order::default(), window, now).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > wanted;
    found.truncate(wanted);
    let last = found.last().filter(|_| has_more);
    let next = last.map(|Listed { poll, .. }| After {
        at: poll.created_at,
        id: poll.id,
    });
    let next = next.map(cursor::write);
    let link = next_link(&site, paths::V1_ADMIN_POLLS, &query, next.as_deref())?;
    let summary = |listed| AdminSummary::new(listed, now);
    let list = AdminPolls {
        polls: found.iter().map(summary).collect(),
        next,
    };
    Ok((link, answer::document(&headers, &list)?).into_response())
}

/// Make a draft
#[utoipa::path(
    post, path = paths::V1_ADMIN_POLLS, operation_id = "create_poll", tag = "administration",
    security(("bearer" = ["admin"])), request_body = PollDraft,
    responses((status = 201, description = "The new draft", body = AdminPoll,
               headers(("ETag" = String), ("Location" = String))))
)]
pub async fn create(
    Administrator(actor): Administrator,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Body(draft): Body<PollDraft>,
) -> Result<Response> {
    let now = clock.now();
    let id = done(polls.create(draft.as_new(), actor, now).await?)?;
    let address = HeaderValue::try_from(paths::with_id(paths::V1_ADMIN_POLL, id));
    let location = [(header::LOCATION, address.map_err(Error::internal)?)];
    let poll = shown(&HeaderMap::new(), &polls, id, now).await?;
    Ok((StatusCode::CREATED, location, poll).into_response())
}

/// Read a poll as it was written
#[utoipa::path(
    get, path = paths::V1_ADMIN_POLL, operation_id = "read_draft", tag = "administration",
    security(("bearer" = ["admin"])),
    params(("id" = i64, Path, description = "The poll's key")),
    responses((status = 200, description = "The poll", body = AdminPoll,
               headers(("ETag" = String))))
)]
pub async fn read(desk: Desk, headers: HeaderMap) -> Result<Response> {
    shown(&headers, &desk.polls, desk.poll.id, desk.now).await
}

/// Write a draft or a scheduled poll anew
#[utoipa::path(
    put, path = paths::V1_ADMIN_POLL, operation_id = "replace_draft", tag = "administration",
    security(("bearer" = ["admin"])), request_body = PollDraft,
    params(("id" = i64, Path, description = "The poll's key"),
           ("If-Match" = String, Header, description = "The ETag of the poll as it was read")),
    responses((status = 200, description = "The poll as it is now", body = AdminPoll,
               headers(("ETag" = String))))
)]
pub async fn replace(desk: Desk, seen: IfMatch, Body(draft): Body<PollDraft>) -> Result<Response> {
    let Desk {
        actor,
        polls,
        poll,
        now,
    } = desk;
    seen.check(&poll, now)?;
    names_each_choice_once(&draft)?;
    let edit = polls.update(poll.id, poll.version, draft, actor, now);
    let id = done(edit.await?)?;
    shown(&HeaderMap::new(), &polls, id, now).await
}

/// Delete a poll that was never published
#[utoipa::path(
    delete, path = paths::V1_ADMIN_POLL, operation_id = "delete_draft", tag = "administration",
    security(("bearer" = ["admin"])),
    params(("id" = i64, Path, description = "The poll's key"),
           ("If-Match" = String, Header, description = "The ETag of the poll as it was read")),
    responses((status = 204, description = "It is gone"))
)]
pub async fn delete(desk: Desk, seen: IfMatch) -> Result<StatusCode> {
    seen.check(&desk.poll, desk.now)?;
    let (id, version) = (desk.poll.id, desk.poll.version);
    done(desk.polls.delete(id, version, desk.actor, desk.now).await?)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open, unfreeze, close, release, reopen, archive or restore a poll
#[utoipa::path(
    post, path = paths::V1_ADMIN_POLL_STEP, operation_id = "take_step", tag = "administration",
    security(("bearer" = ["admin"])), request_body = Details,
    params(("id" = i64, Path, description = "The poll's key"),
           ("step" = String, Path, description = "`open`, `unfreeze` (back to \
             draft, as long as nobody has voted), `close`, `release`, `reopen`, `archive` or `restore`",
            pattern = "^(open|unfreeze|close|release|reopen|archive|restore)$"),
           ("If-Match" = String, Header, description = "The ETag of the poll as it was read")),
    responses((status = 200, description = "The poll as it is now", body = AdminPoll,
               headers(("ETag" = String))))
)]
pub async fn take(
    desk: Desk,
    WantedStep(step): WantedStep,
    seen: IfMatch,
    Body(details): Body<Details>,
) -> Result<Response> {
    let Desk {
        actor,
        polls,
        poll,
        now,
    } = desk;
    seen.check(&poll, now)?;
    let version = (poll.id, poll.version);
    let edit = polls.take_with(step, details, version, actor, now);
    let id = done(edit.await?)?;
    shown(&HeaderMap::new(), &polls, id, now).await
}

/// The poll as it is stored now, with its tag.
async fn shown(request: &HeaderMap, polls: &Polls, id: PollId, now: Timestamp) -> Result<Response> {
    let poll = polls.find(id).await?.ok_or(Error::NotFound)?;
    let paper = polls.choices(id).await?;
    let content = AdminPoll::new(&poll, &paper, now);
    Ok(answer::version(request, &tag(&poll, now), &content)?)
}

/// The poll that was changed, or why it was not.
fn done(edit: Edit) -> Result<PollId> {
    let refused = match edit {
        Edit::Done(id) => return Ok(id),
        Edit::Flawed(flaws) => invalid(said(flaws.into_iter().map(words::flaw))),
        Edit::Blocked(why) => {
            let what = said(why.into_iter().map(words::blocker));
            problem(StatusCode::CONFLICT, "not_ready", what)
        }
        Edit::NotNow(state) => {
            let what = format!("The poll is {}. Nothing was changed.", state.as_str());
            problem(StatusCode::CONFLICT, "not_now", what)
        }
        Edit::Stale => precondition::failed(),
        Edit::NotFound => Error::NotFound.problem(),
    };
    Err(refused.into())
}

/// What the console says beside its fields.
fn said(complaints: impl Iterator<Item = Complaint>) -> String {
    let locale = Locale::default();
    let lines = complaints.map(|Complaint { field, text }| {
        let text = locale.t(text).plain();
        format!("{field}: {text}")
    });
    lines.collect::<Vec<_>>().join(" ")
}

fn names_each_choice_once(draft: &PollDraft) -> Result<()> {
    let mut seen = HashSet::new();
    let mut named = draft.choices.iter().filter_map(|choice| choice.id);
    if named.all(|id| seen.insert(id)) {
        Ok(())
    } else {
        Err(invalid("choices: the same id twice.").into())
    }
}
