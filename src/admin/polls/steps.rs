//! The steps of a poll's life: a page that says what will happen ([`consequences`]), and the
//! button that does it.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{FromRef, FromRequestParts, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, request::Parts};
use serde::Deserialize;

use super::{
    Found, consequences,
    reading::{CLOSES, Times},
};
use crate::{
    admin::{Editor, complaints::Complaints, path, words},
    clock::{Clock, Timestamp},
    error::{Error, Result},
    language::Message,
    page::Page,
    paths,
    polls::{
        Poll, Polls, State as PollState,
        editing::{Details, Edit, Step},
    },
    session::csrf,
};

/// The poll and the step that the path names. Any other word is a page that does not exist.
#[derive(Clone, Debug)]
pub struct Wanted(Arc<Poll>, Step);

impl<S> FromRequestParts<S> for Wanted
where
    S: Send + Sync,
    Polls: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let word = path::part(parts, state, "step").await?;
        let step = Step::ALL.iter().find(|step| step.as_str() == word);
        let step = step.ok_or(Error::NotFound)?;
        let Found(poll) = Found::from_request_parts(parts, state).await?;
        Ok(Self(poll, *step))
    }
}

/// Whether the poll has the step behind it.
fn is_behind(step: Step, poll: &Poll, state: PollState) -> bool {
    match step {
        Step::Open | Step::Reopen => state == PollState::Open,
        Step::Unfreeze => state == PollState::Draft,
        Step::Close => matches!(state, PollState::Closed | PollState::Released),
        Step::Release => poll.released_at.is_some(),
        Step::Archive => state == PollState::Archived,
        Step::Restore => state != PollState::Archived,
    }
}

/// The page that asks whether to take a step.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/step.html")]
struct StepPage {
    page: Page,
    poll: Arc<Poll>,
    step: Step,
    form: StepForm,
    complaints: Complaints,
    needs_reason: bool,
    /// The heading, and the words on the button.
    asked: (Message, Message),
    what: Message,
    whom: Message,
    /// The id of a message.
    undo: &'static str,
    /// What has to be done first; with any of these there is no button.
    blockers: Vec<Message>,
    notice: &'static str,
    to_list: String,
    back: String,
    action: String,
}

impl StepPage {
    fn title(&self) -> &Message {
        &self.asked.0
    }

    fn button(&self) -> &Message {
        &self.asked.1
    }

    /// The look of the button: votes that were not cast by then are lost.
    fn kind(&self) -> &'static str {
        if self.step == Step::Close {
            "danger"
        } else {
            ""
        }
    }

    fn refused(mut self, complaints: Complaints) -> Response {
        self.complaints = complaints;
        (StatusCode::UNPROCESSABLE_ENTITY, self).into_response()
    }
}

/// `GET /admin/polls/{id}/{step}/`: says what would happen, to whom, and whether it can be undone.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Wanted(poll, step): Wanted,
) -> Result<Response> {
    let now = clock.now();
    if !step.is_possible(&poll, now) {
        return elsewhere(&editor, &poll, step, poll.state(now)).await;
    }
    let ask = confirm(page, &editor, &polls, (poll, step), now).await?;
    Ok(ask.into_response())
}

/// What the admin saw and typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct StepForm {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    reason: String,
    /// When a reopened poll closes, in its zone.
    #[serde(default)]
    closes_at: String,
}

/// `POST /admin/polls/{id}/{step}/`: takes the step.
///
/// # Errors
/// When the database does not answer.
pub async fn take(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Wanted(poll, step): Wanted,
    csrf::Form(form): csrf::Form<StepForm>,
) -> Result<Response> {
    let now = clock.now();
    if !step.is_possible(&poll, now) {
        return elsewhere(&editor, &poll, step, poll.state(now)).await;
    }
    let mut times = Times::new(&poll.zone);
    let details = Details {
        reason: form.reason.clone(),
        closes_at: times.read(CLOSES, &form.closes_at, None),
    };
    let (seen, actor) = ((poll.id, form.version), editor.actor.clone());
    let done = consequences::done(step, &poll, now);
    let mut again = confirm(page, &editor, &polls, (poll, step), now).await?;
    again.form = form;
    if !times.complaints.is_empty() {
        return Ok(again.refused(times.complaints));
    }
    match polls.take_with(step, details, seen, actor, now).await? {
        Edit::Done(id) => {
            editor.tell(done).await?;
            Ok(Redirect::to(&editor.to_poll(id)).into_response())
        }
        Edit::NotNow(state) => elsewhere(&editor, &again.poll, step, state).await,
        Edit::Stale => {
            let stored = polls.find(seen.0).await?.ok_or(Error::NotFound)?;
            let mut newer = confirm(again.page, &editor, &polls, (stored, step), now).await?;
            newer.form = again.form;
            newer.notice = STALE;
            Ok((StatusCode::CONFLICT, newer).into_response())
        }
        Edit::Flawed(flaws) => Ok(again.refused(flaws.into_iter().map(words::flaw).collect())),
        Edit::Blocked(_) => Ok((StatusCode::CONFLICT, again).into_response()),
        Edit::NotFound => Err(Error::NotFound),
    }
}

const STALE: &str = "step-stale";

async fn confirm(
    page: Page,
    editor: &Editor,
    polls: &Polls,
    (poll, step): (Arc<Poll>, Step),
    now: Timestamp,
) -> Result<StepPage> {
    let electorate = polls.electorate(poll.id).await?;
    let blockers = match step {
        Step::Open => polls.blockers(&poll, now).await?,
        _ => Vec::new(),
    };
    let action = paths::admin_poll_step(poll.id, step.as_str());
    Ok(StepPage {
        page,
        form: StepForm::default(),
        complaints: Complaints::default(),
        needs_reason: step.needs_reason(&poll, now),
        asked: consequences::asked(step, &poll, now),
        what: consequences::what(step, &poll, &electorate, now),
        whom: consequences::whom(step, &poll, &electorate, now),
        undo: consequences::undo(step, &poll, now),
        blockers: blockers
            .into_iter()
            .map(|blocker| words::blocker(blocker).text)
            .collect(),
        notice: "",
        to_list: editor.list.at(paths::ADMIN_POLLS),
        back: editor.to_poll(poll.id),
        action: editor.list.carried_to(&action),
        step,
        poll,
    })
}

/// Nothing to do: says so, and goes to the poll.
async fn elsewhere(editor: &Editor, poll: &Poll, step: Step, state: PollState) -> Result<Response> {
    if is_behind(step, poll, state) {
        editor.tell(consequences::done_already(step)).await?;
    } else if step == Step::Unfreeze && state == PollState::Open {
        editor.warn("unfreeze-refused").await?;
    } else {
        let text = Message::new("poll-is-now").with("state", state.class());
        editor.warn(text).await?;
    }
    Ok(Redirect::to(&editor.to_poll(poll.id)).into_response())
}
