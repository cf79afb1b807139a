//! All polls: searched, filtered, sorted, page by page.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use crate::{
    admin::{
        Editor,
        list::{Asked, Column, Filter, Query, Source, Spec, View},
    },
    clock::{Clock, Timestamp},
    error::Result,
    language::Message,
    moment::Moment,
    page::Page,
    paths,
    polls::{self, Listed, Polls, RollMode, Secrecy, State as PollState},
    statement::Range,
    users::Role,
};

/// The list of polls.
pub static LIST: Spec = Spec {
    path: paths::ADMIN_POLLS,
    things: "count-polls",
    none_found: "no-poll-found",
    search: "search-polls",
    columns: &[
        Column::sorted("question", "question"),
        Column::plain("state"),
        Column::sorted("published-recently", "published"),
        Column::sorted("opens", "opens"),
        Column::sorted("closes", "closes"),
        Column::sorted("column-votes", "votes").of_numbers(),
        Column::plain("may-vote"),
    ],
    filters: &[
        Filter {
            name: "state",
            label: "state",
            options: &[
                ("draft", "state-draft"),
                ("scheduled", "state-scheduled"),
                ("open", "state-open"),
                ("closed", "state-closed"),
                ("released", "state-released"),
                ("archived", "state-archived"),
            ],
        },
        Filter {
            name: "secrecy",
            label: "secrecy",
            options: &[("named", "named-tag"), ("secret", "secret-tag")],
        },
        Filter {
            name: "role",
            label: "may-vote",
            options: &[
                ("user", "role-user"),
                ("staff", "role-staff"),
                ("admin", "role-admin"),
            ],
        },
    ],
    dates: "published",
    order: "-created",
};

/// The states that the filter names.
fn state(word: &str) -> Option<PollState> {
    Some(match word {
        "draft" => PollState::Draft,
        "scheduled" => PollState::Scheduled,
        "open" => PollState::Open,
        "closed" => PollState::Closed,
        "released" => PollState::Released,
        "archived" => PollState::Archived,
        _ => return None,
    })
}

/// What the store is asked for.
#[must_use]
pub fn filter(asked: &Asked) -> polls::Filter {
    polls::Filter {
        words: asked.words.clone(),
        state: asked.value("state").and_then(state),
        secrecy: asked.value("secrecy").and_then(Secrecy::from_word),
        role: asked.value("role").and_then(Role::from_word),
        published: asked.range,
        ids: None,
        after: None,
    }
}

impl Source for Polls {
    async fn count(&self, asked: &Asked) -> Result<i64> {
        self.count(&filter(asked), asked.now()).await
    }

    async fn filled(&self, asked: &Asked, periods: &[Range]) -> Result<Vec<i64>> {
        let filter = filter(asked);
        self.published_in(&filter, periods, asked.now()).await
    }
}

/// The list of polls.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/list.html")]
pub struct ListPage {
    page: Page,
    rows: Vec<Row>,
    list: View,
}

/// A poll in the list.
struct Row {
    id: i64,
    href: String,
    question: String,
    state: PollState,
    /// Published within the last day.
    is_recent: bool,
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
            id: poll.id.0,
            href: query.carried_to(&paths::with_id(paths::ADMIN_POLL, poll.id)),
            state: poll.state(now),
            is_recent: poll.was_published_recently(now),
            opens: moment(poll.opening()),
            closes: moment(poll.closing()),
            ballots: poll.shows_turnout(now).then_some(listed.ballots),
            is_named: poll.is_named(),
            who: match poll.roll_mode {
                RollMode::Role => poll.roles.message(),
                RollMode::List => Message::new("a-list"),
            },
            question: poll.question.clone(),
        }
    }
}

impl ListPage {
    fn add(&self) -> String {
        self.list.query.carried_to(paths::ADMIN_POLL_NEW)
    }

    /// Where the form goes that does something to several polls.
    fn bulk(&self) -> String {
        self.list.query.carried_to(paths::ADMIN_POLLS_BULK)
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
    let asked = Asked::read(&LIST, query, page.zone, now);
    let list = View::of(&polls, &asked).await?;
    let (filter, window) = (filter(&asked), list.part.window());
    let rows = polls.list(&filter, &asked.order, window, now).await?;
    let row = |listed| Row::new(listed, &asked.query, now);
    Ok(ListPage {
        page,
        rows: rows.into_iter().map(row).collect(),
        list,
    })
}
