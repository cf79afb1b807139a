//! What may still change once a poll takes ballots: a later closing time, stricter results.

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
    admin::{Editor, complaints::Complaints, list::Query, local_time, words},
    clock::{Clock, Timestamp},
    error::{Error, Result},
    page::Page,
    paths,
    polls::{
        Poll, Polls, ResultsRule, State as PollState, VoterResults, amendment::Amendment,
        editing::Edit,
    },
    session::csrf,
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
        }
    }
}

fn write(poll: &Poll, at: Timestamp) -> String {
    let zone = TimeZone::get(&poll.zone).unwrap_or(TimeZone::UTC);
    local_time::write(at, &zone)
}

/// The form for what may still change.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/amend.html")]
struct AmendPage {
    page: Page,
    poll: Poll,
    is_open: bool,
    form: AmendForm,
    complaints: Complaints,
    list: Query,
}

impl AmendPage {
    fn new(page: Page, poll: Poll, form: AmendForm, editor: &Editor, now: Timestamp) -> Self {
        Self {
            page,
            list: editor.list.clone(),
            is_open: poll.state(now) == PollState::Open,
            poll,
            form,
            complaints: Complaints::default(),
        }
    }

    fn title(&self) -> &'static str {
        if self.is_open {
            "Closing time and results"
        } else {
            "Who sees results"
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
        to_poll(&self.list, &self.poll)
    }

    fn closes_at(&self) -> &str {
        self.form.closes_at.as_deref().unwrap_or_default()
    }

    /// The promised rule for staff, and the stricter ones on offer.
    fn results(&self) -> impl Iterator<Item = ResultsRule> {
        let (rules, promised) = (ResultsRule::ALL.iter().copied(), self.poll.results);
        rules.filter(move |rule| *rule == promised || (*rule > promised && rule.is_offered()))
    }

    /// The promised rule for voters, and the stricter ones on offer.
    fn voter_results(&self) -> impl Iterator<Item = VoterResults> {
        let (rules, promised) = (VoterResults::ALL.iter().copied(), self.poll.voter_results);
        rules.filter(move |rule| *rule == promised || (*rule > promised && rule.is_offered()))
    }
}

fn to_poll(list: &Query, poll: &Poll) -> String {
    list.carried_to(&paths::with_id(paths::ADMIN_POLL, poll.id))
}

/// `GET /admin/polls/{id}/times/`: the form for what may still change.
///
/// # Errors
/// None of its own.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(clock): State<Clock>,
    Found(poll): Found,
) -> Result<Response> {
    let now = clock.now();
    if !Amendment::is_possible(poll.state(now)) {
        return Ok(Redirect::to(&to_poll(&editor.list, &poll)).into_response());
    }
    let form = AmendForm::of(&poll);
    Ok(AmendPage::new(page, poll, form, &editor, now).into_response())
}

/// `POST /admin/polls/{id}/times/`: changes it.
///
/// # Errors
/// When the database does not answer.
pub async fn amend(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    csrf::Form(form): csrf::Form<AmendForm>,
) -> Result<Response> {
    let (now, version, back) = (clock.now(), form.version, to_poll(&editor.list, &poll));
    let mut times = Times::new(&poll.zone);
    let closes_at = match &form.closes_at {
        Some(typed) => times.read(CLOSES, typed, poll.closes_at),
        None => poll.closes_at,
    };
    let amendment = Amendment {
        closes_at,
        results: form.results,
        voter_results: form.voter_results,
    };
    let (id, actor) = (poll.id, editor.actor.clone());
    let mut again = AmendPage::new(page, poll, form, &editor, now);
    if !times.complaints.is_empty() {
        again.complaints = times.complaints;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    match polls.amend(id, version, amendment, actor, now).await? {
        Edit::Done(_) => {
            let said = std::iter::once("The poll was changed.".to_owned()).chain(times.notes);
            editor.tell(said.collect::<Vec<_>>().join(" ")).await?;
        }
        Edit::Flawed(flaws) => {
            again.complaints = flaws.into_iter().map(words::flaw).collect();
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
        Edit::Stale => {
            again.complaints.add("main", STALE);
            again.form.version = again.poll.version;
            return Ok((StatusCode::CONFLICT, again).into_response());
        }
        Edit::NotNow(state) => editor.warn(not_now(state)).await?,
        Edit::Blocked(_) | Edit::NotFound => return Err(Error::NotFound),
    }
    Ok(Redirect::to(&back).into_response())
}

const STALE: &str = "Somebody else has changed this poll since you opened this page. Nothing was \
    saved. Compare with the poll, then save again.";

fn not_now(state: PollState) -> String {
    let state = state.label().to_lowercase();
    format!("This poll is {state}; nothing was changed.")
}
