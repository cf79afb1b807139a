//! The steps of a poll's life: a page that says what will happen, and the button that does it.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{FromRef, FromRequestParts, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, request::Parts};
use serde::Deserialize;

use super::{Found, path_part};
use crate::{
    admin::{
        Editor,
        words::{self, count},
    },
    clock::{Clock, Timestamp},
    error::{Error, Result},
    moment::Moment,
    page::Page,
    paths,
    polls::{
        Electorate, Poll, Polls, State as PollState,
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
        let word = path_part(parts, state, "step").await?;
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
            editor.tell(done(step, &poll, now)).await?;
            let target = paths::with_id(paths::ADMIN_POLL, id);
            Ok(Redirect::to(&editor.list.carried_to(&target)).into_response())
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
    let to_poll = paths::with_id(paths::ADMIN_POLL, poll.id);
    let action = paths::admin_poll_step(poll.id, step.as_str());
    Ok(StepPage {
        page,
        verb: verb(step, &poll, now),
        what: what(step, &poll, &electorate, now),
        whom: whom(step, &electorate),
        undo: undo(step, &poll, now),
        blockers: blockers
            .into_iter()
            .map(|blocker| words::blocker(blocker).text)
            .collect(),
        notice: "",
        to_list: editor.list.at(paths::ADMIN_POLLS),
        back: editor.list.carried_to(&to_poll),
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
    let target = paths::with_id(paths::ADMIN_POLL, poll.id);
    Ok(Redirect::to(&editor.list.carried_to(&target)).into_response())
}

/// When a draft would open by itself after it was published.
fn opens_later(poll: &Poll, now: Timestamp) -> Option<Timestamp> {
    let is_draft = poll.state(now) == PollState::Draft;
    poll.opens_at.filter(|at| is_draft && *at > now)
}

fn verb(step: Step, poll: &Poll, now: Timestamp) -> &'static str {
    match step {
        Step::Open if opens_later(poll, now).is_some() => "Publish",
        Step::Open => "Open",
        Step::Close => "Close",
        Step::Archive => "Archive",
        Step::Restore => "Restore",
    }
}

fn what(step: Step, poll: &Poll, electorate: &Electorate, now: Timestamp) -> String {
    let ballots = count(
        electorate.ballots,
        "ballot stays as it is",
        "ballots stay as they are",
    );
    match (step, opens_later(poll, now)) {
        (Step::Open, Some(at)) => format!(
            "The poll is listed now and takes votes from {}. Until then it can still be edited.",
            Moment::new(at, &poll.zone).text()
        ),
        (Step::Open, None) => format!(
            "The poll is listed and takes votes from now on{}. Question and choices cannot be edited any more.",
            poll.closes_at.map_or_else(String::new, |at| format!(
                ", until {}",
                Moment::new(at, &poll.zone).text()
            )),
        ),
        (Step::Close, _) => format!("Nobody can vote from now on. {ballots}."),
        (Step::Archive, _) => format!(
            "The poll leaves all lists, and its address says that it was archived. {ballots}."
        ),
        (Step::Restore, _) => {
            format!("The poll comes back to the lists in the state that its times say. {ballots}.")
        }
    }
}

fn whom(step: Step, electorate: &Electorate) -> String {
    match step {
        Step::Open => format!(
            "{} with a voting role who may vote.",
            people(electorate.eligible)
        ),
        Step::Close => format!(
            "{} with a voting role who have not voted.",
            people(electorate.waiting)
        ),
        Step::Archive | Step::Restore => {
            format!("{} with a voting role.", people(electorate.eligible))
        }
    }
}

fn people(number: i64) -> String {
    count(number, "person", "people")
}

fn undo(step: Step, poll: &Poll, now: Timestamp) -> &'static str {
    match step {
        Step::Open if opens_later(poll, now).is_some() => {
            "Until it opens, it can still be edited or archived. Afterwards you can close it at any time."
        }
        Step::Open => "No. You can close it at any time.",
        Step::Close => "No. A closed poll takes no more votes.",
        Step::Archive => "Yes. It can be restored at any time, with its ballots.",
        Step::Restore => "Yes. It can be archived again.",
    }
}

fn done(step: Step, poll: &Poll, now: Timestamp) -> String {
    match opens_later(poll, now) {
        Some(at) if step == Step::Open => format!(
            "The poll is published and opens on {}.",
            Moment::new(at, &poll.zone).text()
        ),
        _ => format!("The poll is {}.", step.result()),
    }
}
