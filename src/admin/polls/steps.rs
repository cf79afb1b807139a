//! The steps of a poll's life: a page that says what will happen ([`consequences`]), and the
//! button that does it.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{FromRef, FromRequestParts, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, request::Parts};
use serde::Deserialize;

use super::{Found, consequences};
use crate::{
    admin::{Editor, path, words},
    clock::{Clock, Timestamp},
    error::{Error, Result},
    page::Page,
    paths,
    polls::{
        Poll, Polls, State as PollState,
        editing::{Edit, Step},
    },
    session::csrf,
};

/// The poll and the step that the path names. Any other word is a page that does not exist.
#[derive(Clone, Debug)]
pub struct Wanted(Poll, Step);

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

/// Whether a poll in `state` has the step behind it.
const fn is_behind(step: Step, state: PollState) -> bool {
    match step {
        Step::Open => matches!(state, PollState::Open),
        Step::Close => matches!(state, PollState::Closed | PollState::Released),
        Step::Archive => matches!(state, PollState::Archived),
        Step::Restore => !matches!(state, PollState::Archived),
    }
}

/// The step that comes next for a poll in this state.
#[must_use]
pub const fn next(state: PollState) -> Option<Step> {
    match state {
        PollState::Draft | PollState::Scheduled => Some(Step::Open),
        PollState::Open => Some(Step::Close),
        PollState::Closed | PollState::Released => Some(Step::Archive),
        PollState::Archived => Some(Step::Restore),
    }
}

/// The page that asks whether to take a step.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/step.html")]
struct StepPage {
    page: Page,
    poll: Poll,
    step: Step,
    verb: &'static str,
    what: String,
    whom: String,
    undo: &'static str,
    /// What has to be done first; with any of these there is no button.
    blockers: Vec<String>,
    notice: &'static str,
    to_list: String,
    back: String,
    action: String,
}

impl StepPage {
    fn title(&self) -> String {
        format!("{} this poll now?", self.verb)
    }

    fn button(&self) -> String {
        format!("{} the poll", self.verb)
    }

    /// The look of the button: a poll that was closed is not opened again.
    fn kind(&self) -> &'static str {
        if self.step == Step::Close {
            "danger"
        } else {
            ""
        }
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
    let state = poll.state(now);
    if !step.is_possible(state) {
        return elsewhere(&editor, &poll, step, state).await;
    }
    let ask = confirm(page, &editor, &polls, (poll, step), now).await?;
    Ok(ask.into_response())
}

/// The version that the admin saw.
#[derive(Debug, Deserialize)]
pub struct StepForm {
    #[serde(default)]
    version: i64,
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
    let (now, state) = (clock.now(), poll.state(clock.now()));
    if !step.is_possible(state) {
        return elsewhere(&editor, &poll, step, state).await;
    }
    let actor = editor.actor.clone();
    match polls.take(step, poll.id, form.version, actor, now).await? {
        Edit::Done(id) => {
            editor.tell(consequences::done(step, &poll, now)).await?;
            Ok(Redirect::to(&editor.to_poll(id)).into_response())
        }
        Edit::NotNow(state) => elsewhere(&editor, &poll, step, state).await,
        Edit::Stale => {
            let stored = polls.find(poll.id).await?.ok_or(Error::NotFound)?;
            let mut again = confirm(page, &editor, &polls, (stored, step), now).await?;
            again.notice = STALE;
            Ok((StatusCode::CONFLICT, again).into_response())
        }
        Edit::Blocked(_) => {
            let again = confirm(page, &editor, &polls, (poll, step), now).await?;
            Ok((StatusCode::CONFLICT, again).into_response())
        }
        Edit::Flawed(_) | Edit::NotFound => Err(Error::NotFound),
    }
}

const STALE: &str = "Somebody else has changed this poll a moment ago. Nothing was done. Look at it \
    again, then decide.";

async fn confirm(
    page: Page,
    editor: &Editor,
    polls: &Polls,
    (poll, step): (Poll, Step),
    now: Timestamp,
) -> Result<StepPage> {
    let paper = polls.choices(poll.id).await?;
    let electorate = polls.electorate(poll.id).await?;
    let blockers = match step {
        Step::Open => poll.blockers(&paper, now),
        Step::Close | Step::Archive | Step::Restore => Vec::new(),
    };
    let action = paths::admin_poll_step(poll.id, step.as_str());
    Ok(StepPage {
        page,
        verb: consequences::verb(step, &poll, now),
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
    if is_behind(step, state) {
        editor
            .tell(format!("This poll is {} already.", step.result()))
            .await?;
    } else {
        let state = state.label().to_lowercase();
        editor
            .warn(format!("This poll is {state}. Nothing was changed."))
            .await?;
    }
    Ok(Redirect::to(&editor.to_poll(poll.id)).into_response())
}
