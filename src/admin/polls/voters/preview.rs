//! What a file with voters would do, and the button that does it: all of it, or nothing.

use std::{collections::BTreeSet, sync::Arc};

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{after, closed, people, pick::Sources, to_poll, to_polls, to_voters};
use crate::{
    admin::{Editor, polls::Found},
    clock::Clock,
    error::Result,
    language::Message,
    oidc::Oidc,
    page::Page,
    paths,
    polls::{
        Poll, Polls, State as PollState,
        editing::Edit,
        roll::{Becomes, Plan, Upload},
    },
    session::csrf,
    users::Users,
};

/// Lines that are shown.
const FIRST: usize = 10;

/// What the file would do.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/voters/preview.html")]
struct PreviewPage {
    page: Page,
    poll: Arc<Poll>,
    is_open: bool,
    upload: Upload,
    known: usize,
    new: usize,
    duplicates: usize,
    ambiguous: Vec<String>,
    first: Vec<Line>,
    /// Issuers that the file names and at which nobody signs in here.
    strangers: BTreeSet<String>,
    /// When it is shown, in milliseconds.
    shown: i64,
    action: String,
    again: String,
    back: String,
    voters: String,
    to_list: String,
}

/// One line of the file.
struct Line {
    value: String,
    becomes: Message,
}

impl PreviewPage {
    fn invalid(&self) -> usize {
        self.upload.invalid + self.ambiguous.len()
    }

    /// Whether there is anything to save, and nothing in its way.
    fn can_be_saved(&self) -> bool {
        self.invalid() == 0 && self.known + self.new > 0
    }

    fn button(&self) -> Message {
        Message::new("add-to-list").with("people", people(self.known + self.new))
    }
}

/// `GET /admin/polls/{id}/voters/preview/`: what the file would do.
///
/// # Errors
/// When the database does not answer.
pub async fn show(
    page: Page,
    editor: Editor,
    State(sources): State<Sources>,
    State(oidc): State<Oidc>,
    Found(poll): Found,
) -> Result<Response> {
    let now = sources.clock.now();
    let state = poll.state(now);
    if let Some(refused) = closed(&editor, &poll, state).await? {
        return Ok(refused);
    }
    let stored = sources.polls.upload(poll.id, editor.user.id, now).await?;
    let Some((upload, plan)) = stored else {
        return nothing_to_save(&editor, &poll).await;
    };
    let at = |route| editor.list.carried_to(&paths::with_id(route, poll.id));
    let ambiguous = plan.ambiguous().into_iter();
    let preview = PreviewPage {
        page,
        is_open: state == PollState::Open,
        known: plan.enrolled().len(),
        new: plan.invited().len(),
        duplicates: plan.duplicates() + upload.repeated,
        ambiguous: ambiguous.map(|invite| invite.value.clone()).collect(),
        first: first(&plan, &sources.users).await?,
        strangers: strangers(&upload, &oidc),
        shown: now.as_millis(),
        upload,
        action: at(paths::ADMIN_VOTERS_PREVIEW),
        again: at(paths::ADMIN_VOTERS_UPLOAD),
        back: to_poll(&editor, &poll),
        voters: to_voters(&editor, &poll),
        to_list: to_polls(&editor),
        poll,
    };
    Ok(preview.into_response())
}

fn strangers(upload: &Upload, oidc: &Oidc) -> BTreeSet<String> {
    let is_known = |issuer: &str| {
        let mut providers = oidc.providers().iter();
        issuer.is_empty() || providers.any(|provider| provider.config.has_issuer(issuer))
    };
    let issuers = upload.voters.iter().map(|voter| &voter.issuer);
    let issuers: BTreeSet<&String> = issuers.collect();
    let strangers = issuers.into_iter().filter(|issuer| !is_known(issuer));
    strangers.take(FIRST).cloned().collect()
}

async fn nothing_to_save(editor: &Editor, poll: &Poll) -> Result<Response> {
    editor.warn("no-upload").await?;
    let upload = paths::with_id(paths::ADMIN_VOTERS_UPLOAD, poll.id);
    Ok(Redirect::to(&editor.list.carried_to(&upload)).into_response())
}

/// The first lines, in words.
async fn first(plan: &Plan, users: &Users) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (invite, becomes) in plan.lines.iter().take(FIRST) {
        let becomes = match becomes {
            Becomes::Enrolled(id) => {
                let user = users.find(*id).await?;
                let name = user.as_ref().map_or("", |user| user.name());
                Message::new("becomes-enrolled").with("name", name)
            }
            Becomes::Invited => Message::new("becomes-invited"),
            Becomes::Duplicate => Message::new("becomes-duplicate"),
            Becomes::Ambiguous => Message::new("becomes-ambiguous"),
        };
        let value = invite.value.clone();
        lines.push(Line { value, becomes });
    }
    Ok(lines)
}

/// The button that was pressed.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    #[serde(default)]
    press: String,
    /// When the preview was shown, in milliseconds.
    #[serde(default)]
    shown: Option<i64>,
}

/// `POST /admin/polls/{id}/voters/preview/`: saves the file, or forgets it.
///
/// # Errors
/// When the database does not answer.
pub async fn save(
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    csrf::Form(form): csrf::Form<Pressed>,
) -> Result<Response> {
    let (admin, now) = (editor.user.id, clock.now());
    if form.press == "discard" {
        polls.forget_upload(poll.id, admin).await?;
        editor.tell("upload-discarded").await?;
        return Ok(Redirect::to(&to_voters(&editor, &poll)).into_response());
    }
    if let Some(refused) = closed(&editor, &poll, poll.state(now)).await? {
        return Ok(refused);
    }
    let saved = polls.save_upload(poll.id, admin, editor.actor.clone(), now);
    match saved.await? {
        // Perhaps the same button was pressed twice.
        Edit::NotFound
            if !polls
                .has_saved_voters(&poll, &editor.actor, form.shown)
                .await? =>
        {
            nothing_to_save(&editor, &poll).await
        }
        // Somebody came or went since the preview was shown: it says so.
        Edit::Stale => {
            let preview = paths::with_id(paths::ADMIN_VOTERS_PREVIEW, poll.id);
            Ok(Redirect::to(&editor.list.carried_to(&preview)).into_response())
        }
        Edit::Done(_) | Edit::NotFound => {
            let all = polls.count_voters(poll.id).await?;
            let done = Message::new("list-saved").with("people", people(all.all()));
            after(&editor, &poll, Edit::Done(poll.id), done).await
        }
        refused => after(&editor, &poll, refused, Message::default()).await,
    }
}
