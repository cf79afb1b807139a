//! The home page and the list of polls.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::Html,
};
use url::form_urlencoded;

use crate::{
    clock::{Clock, Timestamp},
    error::Result,
    page::Page,
    polls::{Card, Filter, Listed, Polls, ResultsView, State as PollState},
    statement::{Order, Window},
    users::{User, access::SignedIn},
};

/// Polls in a section of the home page.
const A_FEW: i64 = 5;
/// Polls shown of those that wait for a person.
const MOST_WAITING: i64 = 20;
/// Open polls that are looked through for numbers to read.
const MANY: i64 = 100;

#[derive(Template, WebTemplate)]
#[template(path = "home.html")]
pub struct HomePage {
    page: Page,
    /// The polls that wait for the person.
    waiting: Vec<Card>,
    /// How many wait, shown or not.
    waiting_count: i64,
    /// For staff: the polls whose numbers they may read.
    results: Vec<Card>,
    /// The polls that closed last, without those above.
    closed: Vec<Card>,
    /// For whom nothing of this is there: what was published last.
    latest: Vec<Card>,
    /// Whether there is nothing but the latest polls.
    is_bare: bool,
}

impl HomePage {
    fn hides_some(&self) -> bool {
        i64::try_from(self.waiting.len()).is_ok_and(|shown| shown < self.waiting_count)
    }
}

/// `GET /`: what is open, for the person or for everybody.
///
/// # Errors
/// When the database does not answer.
pub async fn home(
    page: Page,
    person: Option<SignedIn>,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
) -> Result<HomePage> {
    let now = clock.now();
    let mut home = HomePage {
        page,
        waiting: Vec::new(),
        waiting_count: 0,
        results: Vec::new(),
        closed: Vec::new(),
        latest: Vec::new(),
        is_bare: false,
    };
    if let Some(SignedIn { user, .. }) = &person {
        let waiting = polls.list_waiting(user, MOST_WAITING, now).await?;
        home.waiting = cards(&waiting, Some(user), now);
        home.waiting_count = polls.count_waiting(user, now).await?;
        let mut closed = polls.list_closed(user.id, A_FEW, now).await?;
        if user.role.is_staff() {
            let mut ready = live(&polls, now).await?;
            ready.extend(closed.extract_if(.., |listed| has_results(listed, now)));
            home.results = to_results(&ready, now);
        }
        home.closed = cards(&closed, Some(user), now);
    }
    home.is_bare = [&home.waiting, &home.results, &home.closed]
        .iter()
        .all(|cards| cards.is_empty());
    if home.is_bare {
        home.latest = cards(&polls.list_latest(A_FEW, now).await?, None, now);
    }
    Ok(home)
}

fn cards(polls: &[Listed], user: Option<&User>, now: Timestamp) -> Vec<Card> {
    polls
        .iter()
        .map(|listed| Card::new(listed, user, now))
        .collect()
}

/// The open polls whose numbers staff may read already.
async fn live(polls: &Polls, now: Timestamp) -> Result<Vec<Listed>> {
    let open = Filter {
        state: Some(PollState::Open),
        ..Filter::default()
    };
    let mut open = polls
        .list(&open, &Order::default(), Window::first(MANY), now)
        .await?;
    open.retain(|listed| has_results(listed, now));
    Ok(open)
}

fn has_results(listed: &Listed, now: Timestamp) -> bool {
    let view = listed.poll.results_view(now);
    matches!(view, ResultsView::Live | ResultsView::Final)
}

fn to_results(polls: &[Listed], now: Timestamp) -> Vec<Card> {
    let card = |listed| Card::new(listed, None, now);
    polls
        .iter()
        .map(|listed| card(listed).leading_to_results(&listed.poll))
        .collect()
}

#[derive(Template)]
#[template(path = "polls/list.html")]
struct ListPage {
    page: Page,
    polls: Vec<Card>,
    current: i64,
    last: i64,
}

/// The page that a query asks for, from 1; of several the last, and else the first there is.
fn wanted(query: Option<&str>) -> i64 {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let page = pairs.filter(|(name, _)| name == "page").last();
    page.and_then(|(_, number)| number.parse().ok())
        .unwrap_or(1)
}

/// `GET /polls/`: the published polls, open ones first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    page: Page,
    person: Option<SignedIn>,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    RawQuery(query): RawQuery,
) -> Result<Html<Bytes>> {
    let (now, user) = (clock.now(), person.map(|person| person.user));
    let slice = polls
        .list_public(
            user.as_ref().map(|user| user.id),
            wanted(query.as_deref()),
            now,
        )
        .await?;
    let reader = (page.locale, page.preferences);
    let is_anonymous = user.is_none() && page.person.is_none();
    let write = || {
        let list = ListPage {
            page,
            polls: cards(&slice.polls, user.as_deref(), now),
            current: slice.page,
            last: slice.last,
        };
        Ok(list.render()?)
    };
    // The address stands on the page; whoever is not signed in sees nothing else of their own.
    if is_anonymous && query.is_none() {
        let text = slice.written.get_or(reader, write)?;
        return Ok(Html(Bytes::from_owner(text)));
    }
    Ok(Html(write()?.into()))
}
