//! Who is on the list.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{can_grow, can_shrink, people, to_voters};
use crate::{
    admin::{
        Editor,
        list::{Asked, Column, Filter, Query, Source, Spec, View},
        polls::Found,
    },
    clock::Clock,
    error::Result,
    language::Message,
    page::Page,
    paths,
    polls::{
        Electorate, EntryFilter, Poll, Polls, RollMode,
        roll::{EntryKind, Listed, RollCount},
        rules::RollSource,
    },
};

const KIND: Filter = Filter {
    name: "kind",
    label: "kind-of-entry",
    options: &[
        ("person", "entry-person"),
        ("email", "entry-email"),
        ("subject", "entry-subject"),
    ],
};

const ADDED: Filter = Filter {
    name: "added",
    label: "column-added",
    options: &[("list", "added-before"), ("added_later", "added-after")],
};

/// The list of voters of a secret poll, which does not tell who has voted.
static SECRET: Spec = Spec {
    path: paths::ADMIN_VOTERS,
    things: "people",
    none_found: "nobody-matches",
    search: "search-people",
    columns: &[
        Column::sorted("column-name", "name"),
        Column::sorted("email-column", "email"),
        Column::sorted("subject", "subject"),
        Column::sorted("session-started", "signed-in"),
        Column::sorted("column-added", "added"),
    ],
    filters: &[KIND, ADDED],
    dates: "",
    order: "signed-in,name",
};

/// The list of voters of a named poll.
static NAMED: Spec = Spec {
    columns: &[
        Column::sorted("column-name", "name"),
        Column::sorted("email-column", "email"),
        Column::sorted("subject", "subject"),
        Column::sorted("session-started", "signed-in"),
        Column::sorted("column-added", "added"),
        Column::sorted("column-voted", "voted"),
    ],
    filters: &[
        KIND,
        ADDED,
        Filter {
            name: "voted",
            label: "column-voted",
            options: &[("yes", "yes"), ("no", "no")],
        },
    ],
    ..SECRET
};

/// What `query` asks of the list of a poll.
pub(super) fn asked(poll: &Poll, query: Query, page: &Page, clock: &Clock) -> Asked {
    let spec = if poll.is_named() { &NAMED } else { &SECRET };
    let path = paths::with_id(paths::ADMIN_VOTERS, poll.id);
    Asked::read(spec, query, page.zone, clock.now()).at(path)
}

/// What the store is asked for.
pub(super) fn filter(poll: &Poll, asked: &Asked) -> EntryFilter {
    EntryFilter {
        words: asked.words.clone(),
        kind: asked.value("kind").and_then(EntryKind::from_word),
        source: asked.value("added").and_then(RollSource::from_word),
        has_voted: asked.value("voted").map(|word| word == "yes"),
        ..EntryFilter::of(poll.id)
    }
}

/// The entries of a poll's list, and how many there are in all.
struct Entries<'a>(&'a Polls, &'a Poll, RollCount);

impl Source for Entries<'_> {
    async fn count(&self, asked: &Asked) -> Result<i64> {
        let Self(polls, poll, all) = self;
        let filter = filter(poll, asked);
        if filter.is_everybody() {
            return Ok(all.all());
        }
        polls.count_entries(&filter).await
    }
}

/// The list of voters.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/voters/list.html")]
struct VotersPage {
    page: Page,
    poll: Arc<Poll>,
    /// Whether people can be added, and taken off.
    can_grow: bool,
    can_shrink: bool,
    rows: Vec<Listed>,
    list: View,
    /// How many are on the list, whatever it is narrowed to.
    all: RollCount,
    back: String,
    to_polls: String,
}

impl VotersPage {
    /// A page below this one, from where the way leads back to this list.
    fn at(&self, route: &str) -> String {
        let path = paths::with_id(route, self.poll.id);
        self.list.query.carried_to(&path)
    }

    /// Everybody, and how many of them have not signed in.
    fn summary(&self) -> Message {
        let summary = match self.all.invited {
            0 => Message::new("list-summary"),
            invited => Message::new("list-summary-invited").with("invited", invited),
        };
        summary.with("people", people(self.all.all()))
    }

    /// The headings of the boxes to tick in front, and of the buttons behind.
    fn ends(&self) -> (String, String) {
        let when = |id: &'static str| {
            let shown = self.can_shrink.then(|| self.page.t(id).plain());
            shown.unwrap_or_default()
        };
        (when("select"), when("take-off"))
    }
}

/// The roles that vote, for a poll without a list.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/voters/roles.html")]
struct RolesPage {
    page: Page,
    poll: Arc<Poll>,
    electorate: Electorate,
    back: String,
    to_polls: String,
}

/// `GET /admin/polls/{id}/voters/`: the list of voters, or the roles that vote.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    query: Query,
) -> Result<Response> {
    let (back, to_polls) = (editor.to_poll(poll.id), editor.list.at(paths::ADMIN_POLLS));
    if poll.roll_mode == RollMode::Role {
        let roles = RolesPage {
            page,
            electorate: polls.electorate(poll.id).await?,
            back,
            to_polls,
            poll,
        };
        return Ok(roles.into_response());
    }
    let asked = asked(&poll, query, &page, &clock);
    let all = polls.count_voters(poll.id).await?;
    let list = View::of(&Entries(&polls, &poll, all), &asked).await?;
    let (filter, window) = (filter(&poll, &asked), list.part.window());
    let state = poll.state(clock.now());
    let voters = VotersPage {
        page,
        can_grow: can_grow(state),
        can_shrink: can_shrink(state),
        rows: polls.entries(&filter, &asked.order, window).await?,
        list,
        all,
        back,
        to_polls,
        poll,
    };
    Ok(voters.into_response())
}

/// `GET /admin/polls/{id}/voters.csv`: the list as a file. Who has voted stands in it in a named
/// poll only.
///
/// # Errors
/// When the database does not answer.
pub async fn file(
    editor: Editor,
    State(polls): State<Polls>,
    Found(poll): Found,
) -> Result<Response> {
    if poll.roll_mode != RollMode::List {
        return Ok(Redirect::to(&to_voters(&editor, &poll)).into_response());
    }
    let file = polls.download_roll(poll.id, poll.is_named()).await?;
    file.download(&format!("poll-{}-voters.csv", poll.id))
}
