//! What may still change once a poll takes ballots: a later closing time, stricter results.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::StatusCode;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{
    Found,
    reading::{CLOSES, Times},
};
use crate::{
    admin::{
        Editor, Writer,
        complaints::{Complaint, Complaints},
        list::Query,
        local_time, words,
    },
    clock::{Clock, Timestamp},
    error::{Error, Result},
    language::Message,
    moment::Moment,
    page::Page,
    paths,
    polls::{
        Poll, Polls, ResultsRule, State as PollState, VoterResults, amendment::Amendment,
        editing::Edit,
    },
    session::csrf,
    unsent::Kept,
};

/// The fields as they were typed.
#[derive(Clone, Debug, Deserialize)]
pub struct AmendForm {
    #[serde(default)]
    version: i64,
    /// Absent when the poll has closed.
    closes_at: Option<String>,
    results: ResultsRule,
    voter_results: VoterResults,
    /// Why the closing time moves.
    #[serde(default)]
    reason: String,
}

impl AmendForm {
    fn of(poll: &Poll) -> Self {
        Self {
            version: poll.version,
            closes_at: Some(
                poll.closes_at
                    .map_or_else(String::new, |at| write(poll, at)),
            ),
            results: poll.results,
            voter_results: poll.voter_results,
            reason: String::new(),
        }
    }

    /// What the form means, and what there is to say about its time.
    fn read(&self, poll: &Poll) -> (Amendment, Times) {
        let mut times = Times::new(&poll.zone);
        let closes_at = match &self.closes_at {
            Some(typed) => times.read(CLOSES, typed, poll.closes_at),
            None => poll.closes_at,
        };
        let amendment = Amendment {
            closes_at,
            results: self.results,
            voter_results: self.voter_results,
            reason: self.reason.clone(),
        };
        (amendment, times)
    }
}

/// A time as the form shows it.
fn write(poll: &Poll, at: Timestamp) -> String {
    let zone = TimeZone::get(&poll.zone).unwrap_or(TimeZone::UTC);
    local_time::write(at, &zone)
}

/// The form for what may still change.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/amend.html")]
struct AmendPage {
    page: Page,
    poll: Arc<Poll>,
    is_open: bool,
    form: AmendForm,
    complaints: Complaints,
    list: Query,
}

impl AmendPage {
    fn new(page: Page, poll: Arc<Poll>, form: AmendForm, editor: &Editor, now: Timestamp) -> Self {
        Self {
            page,
            list: editor.list.clone(),
            is_open: poll.state(now) == PollState::Open,
            poll,
            form,
            complaints: Complaints::default(),
        }
    }

    fn refused(mut self, status: StatusCode, complaints: Complaints) -> Response {
        self.complaints = complaints;
        (status, self).into_response()
    }

    /// The same page with the form that was sent after its session.
    fn sent_late(mut self, form: AmendForm) -> Self {
        self.form = form;
        self.complaints = std::iter::once(Complaint::new("main", UNSENT)).collect();
        self
    }

    /// The form once more, with what somebody else has saved meanwhile.
    fn overtaken(mut self) -> Response {
        let closes = match self.poll.closes_at {
            Some(at) => Message::from(Moment::new(at, &self.poll.zone)),
            None => Message::new("closes-when-closed"),
        };
        let text = Message::new("amend-stale")
            .with("closes", closes)
            .with("staff", self.poll.results.message())
            .with("voters", self.poll.voter_results.message());
        self.form.version = self.poll.version;
        let complaints = std::iter::once(Complaint::new("main", text));
        self.refused(StatusCode::CONFLICT, complaints.collect())
    }

    /// The id of a message.
    fn title(&self) -> &'static str {
        if self.is_open {
            "amend-title-open"
        } else {
            "amend-title"
        }
    }

    fn action(&self) -> String {
        let action = paths::with_id(paths::ADMIN_POLL_TIMES, self.poll.id);
        self.list.carried_to(&action)
    }

    fn to_list(&self) -> String {
        self.list.at(paths::ADMIN_POLLS)
    }

    fn back(&self) -> String {
        self.list
            .carried_to(&paths::with_id(paths::ADMIN_POLL, self.poll.id))
    }

    fn closes_at(&self) -> &str {
        self.form.closes_at.as_deref().unwrap_or_default()
    }

    /// The promised rule for staff, and the stricter ones.
    fn results(&self) -> impl Iterator<Item = ResultsRule> {
        let (rules, promised) = (ResultsRule::ALL.iter().copied(), self.poll.results);
        rules.filter(move |rule| *rule >= promised)
    }

    /// The promised rule for voters, and the stricter ones.
    fn voter_results(&self) -> impl Iterator<Item = VoterResults> {
        let (rules, promised) = (VoterResults::ALL.iter().copied(), self.poll.voter_results);
        rules.filter(move |rule| *rule >= promised)
    }
}

const UNSENT: Message = Message::new("amend-unsent");

/// `GET /admin/polls/{id}/times/`: the form for what may still change, or the one that came after
/// its session.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(clock): State<Clock>,
    kept: Kept,
    Found(poll): Found,
) -> Result<Response> {
    let now = clock.now();
    if !Amendment::is_possible(poll.state(now)) {
        return Ok(Redirect::to(&editor.to_poll(poll.id)).into_response());
    }
    let action = paths::with_id(paths::ADMIN_POLL_TIMES, poll.id);
    let (sent, form) = (kept.take(&action).await?, AmendForm::of(&poll));
    let page = AmendPage::new(page, poll, form, &editor, now);
    Ok(match sent {
        Some(form) => page.sent_late(form).into_response(),
        None => page.into_response(),
    })
}

/// `POST /admin/polls/{id}/times/`: changes it.
///
/// # Errors
/// When the database does not answer.
pub async fn amend(
    page: Page,
    Writer(editor): Writer,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    csrf::Form(form): csrf::Form<AmendForm>,
) -> Result<Response> {
    let now = clock.now();
    let (amendment, times) = form.read(&poll);
    let (id, version, actor) = (poll.id, form.version, editor.actor.clone());
    let again = AmendPage::new(page, poll, form, &editor, now);
    if !times.complaints.is_empty() {
        return Ok(again.refused(StatusCode::UNPROCESSABLE_ENTITY, times.complaints));
    }
    match polls.amend(id, version, amendment, actor, now).await? {
        Edit::Done(_) => {
            let changed = Message::new("poll-changed");
            let said = times.notes.into_iter().fold(changed, Message::and);
            editor.tell(said).await?;
        }
        Edit::Flawed(flaws) => {
            let complaints = flaws.into_iter().map(words::flaw).collect();
            return Ok(again.refused(StatusCode::UNPROCESSABLE_ENTITY, complaints));
        }
        Edit::Stale => return Ok(again.overtaken()),
        Edit::NotNow(state) => {
            let text = Message::new("poll-is-now").with("state", state.class());
            editor.warn(text).await?;
        }
        Edit::Blocked(_) | Edit::NotFound => return Err(Error::NotFound),
    }
    Ok(Redirect::to(&editor.to_poll(id)).into_response())
}
