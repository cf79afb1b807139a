//! The overview: what is open, what waits, who is there, what was done.

use std::{sync::Arc, time::Duration};

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use super::{Editor, system::Health, words};
use crate::{
    attempts,
    audit::{self, Line},
    clock::Timestamp,
    db::Db,
    error::Result,
    language::Message,
    moment::Moment,
    page::Page,
    paths,
    polls::{Filter, Listed, Poll, PollId, Polls, State as PollState},
    statement::{Order, Window},
    users::{Filter as People, Users},
};

/// Rows in one panel.
const A_FEW: i64 = 5;
/// How far back sign-ins are counted.
const A_DAY: Duration = Duration::from_hours(24);
/// Entries of the history.
const RECENT: i64 = 10;

/// The overview.
#[derive(Template, WebTemplate)]
#[template(path = "admin/index.html")]
pub struct IndexPage {
    page: Page,
    /// Polls in all.
    polls: i64,
    open: Panel<Open>,
    drafts: Panel<Draft>,
    people: i64,
    /// Sign-ins that were refused or failed since yesterday.
    turned_away: i64,
    recent: Vec<Entry>,
    health: Health,
}

/// The first few of a kind, and how many there are.
struct Panel<T> {
    total: i64,
    first: Vec<T>,
}

/// A poll that takes ballots.
struct Open {
    id: PollId,
    question: String,
    /// How many have voted, when that may be told.
    ballots: Option<i64>,
    closes: Option<Moment>,
}

/// A poll that has not opened, and what has to be done before it can.
struct Draft {
    poll: Arc<Poll>,
    blockers: Vec<Message>,
}

/// An entry of the history.
struct Entry {
    when: Moment,
    who: String,
    what: Message,
    label: String,
    /// Where the thing that was changed is found.
    href: Option<String>,
}

impl Entry {
    fn new(line: Line, zone: &str) -> Self {
        let page = match line.object_type.as_str() {
            "poll" => Some(paths::ADMIN_POLL),
            "user" => Some(paths::ADMIN_USER),
            _ => None,
        };
        Self {
            when: Moment::new(line.at, zone),
            who: line.actor_label,
            what: words::action(&line.action),
            href: page
                .zip(line.object_id)
                .map(|(page, id)| paths::with_id(page, id)),
            label: line.object_label,
        }
    }
}

/// `GET /admin/`: the overview.
///
/// # Errors
/// When the database does not answer.
pub async fn index(
    page: Page,
    _: Editor,
    State(db): State<Db>,
    State(polls): State<Polls>,
    State(users): State<Users>,
    health: Health,
) -> Result<IndexPage> {
    let now = health.now;
    let recent = audit::recent(&db, RECENT).await?;
    Ok(IndexPage {
        polls: polls.count(&Filter::default(), now).await?,
        open: open(&polls, now).await?,
        drafts: drafts(&polls, now).await?,
        people: users.count(&People::default()).await?,
        turned_away: attempts::count_turned_away(&db, now.minus(A_DAY)).await?,
        recent: recent
            .into_iter()
            .map(|line| Entry::new(line, page.zone))
            .collect(),
        health,
        page,
    })
}

async fn panel(polls: &Polls, state: PollState, now: Timestamp) -> Result<Panel<Listed>> {
    let filter = Filter {
        state: Some(state),
        ..Filter::default()
    };
    Ok(Panel {
        total: polls.count(&filter, now).await?,
        first: polls
            .list(&filter, &Order::default(), Window::first(A_FEW), now)
            .await?,
    })
}

async fn open(polls: &Polls, now: Timestamp) -> Result<Panel<Open>> {
    let Panel { total, first } = panel(polls, PollState::Open, now).await?;
    let open = first.into_iter().map(|Listed { poll, ballots, .. }| Open {
        id: poll.id,
        ballots: poll.shows_turnout(now).then_some(ballots),
        closes: poll.closing().map(|at| Moment::new(at, &poll.zone)),
        question: poll.question.clone(),
    });
    Ok(Panel {
        total,
        first: open.collect(),
    })
}

async fn drafts(polls: &Polls, now: Timestamp) -> Result<Panel<Draft>> {
    let Panel { total, first } = panel(polls, PollState::Draft, now).await?;
    let mut drafts = Vec::new();
    for Listed { poll, .. } in first {
        let blockers = polls.blockers(&poll, now).await?;
        let blockers = blockers.into_iter().map(words::blocker);
        drafts.push(Draft {
            blockers: blockers.map(|blocker| blocker.text).collect(),
            poll,
        });
    }
    Ok(Panel {
        total,
        first: drafts,
    })
}
