//! All polls: searched, filtered, page by page.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use crate::{
    admin::{
        Editor,
        list::{PER_PAGE, Part, Query},
    },
    clock::{Clock, Timestamp},
    error::Result,
    language::Message,
    moment::Moment,
    page::Page,
    paths,
    polls::{Filter, Listed, Polls, RollMode, State as PollState},
    search::Words,
};

/// The states to filter by: each state once whose tag looks different.
const STATES: [PollState; 5] = [
    PollState::Draft,
    PollState::Scheduled,
    PollState::Open,
    PollState::Closed,
    PollState::Archived,
];

/// The list of polls.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/list.html")]
pub struct ListPage {
    page: Page,
    rows: Vec<Row>,
    part: Part,
    /// Polls in all, whatever the filter.
    all: i64,
    state: Option<PollState>,
    query: Query,
}

/// A poll in the list.
struct Row {
    href: String,
    question: String,
    state: PollState,
    opens: Option<Moment>,
    closes: Option<Moment>,
    /// How many have voted, when that may be told.
    ballots: Option<i64>,
    is_named: bool,
    /// Who may vote.
    who: Message,
}

impl Row {
    fn new(listed: Listed, query: &Query, now: Timestamp) -> Self {
        let poll = listed.poll;
        let moment = |at: Option<Timestamp>| at.map(|at| Moment::new(at, &poll.zone));
        Self {
            href: query.carried_to(&paths::with_id(paths::ADMIN_POLL, poll.id)),
            state: poll.state(now),
            opens: moment(poll.opening()),
            closes: moment(poll.closing()),
            ballots: poll.shows_turnout(now).then_some(listed.ballots),
            is_named: poll.is_named(),
            who: match poll.roll_mode {
                RollMode::Role => poll.roles.message(),
                RollMode::List => Message::new("a-list"),
            },
            question: poll.question,
        }
    }
}

impl ListPage {
    fn add(&self) -> String {
        self.query.carried_to(paths::ADMIN_POLL_NEW)
    }

    fn without(&self, name: &str) -> String {
        self.query.with(name, "").at(paths::ADMIN_POLLS)
    }

    fn pages(&self) -> String {
        self.query.pages_at(paths::ADMIN_POLLS)
    }
}

/// `GET /admin/polls/`: all polls, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    page: Page,
    _: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    query: Query,
) -> Result<ListPage> {
    let now = clock.now();
    let wanted = query.get("state");
    let state = STATES.into_iter().find(|state| state.class() == wanted);
    let filter = Filter {
        words: Words::parse(query.get("q")),
        state: state.map(PollState::class),
    };
    let part = Part::of(polls.count(&filter, now).await?, query.page());
    let rows = polls.list(&filter, part.offset(), PER_PAGE, now).await?;
    Ok(ListPage {
        page,
        rows: rows
            .into_iter()
            .map(|listed| Row::new(listed, &query, now))
            .collect(),
        part,
        all: polls.count(&Filter::default(), now).await?,
        state,
        query,
    })
}
