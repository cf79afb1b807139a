//! Takes people off a list: one by the button in its row, several after a page that names them,
//! or everybody.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{
    after, can_shrink,
    list::{asked, filter},
    people, to_poll, to_polls, to_voters, too_late,
};
use crate::{
    admin::{
        Editor,
        bulk::{self, Acted, Bulk, Offer, Place, Plan, Row},
        polls::Found,
    },
    clock::Clock,
    error::Result,
    language::Message,
    list::{Asked, bulk::BulkForm},
    page::Page,
    paths,
    polls::{
        EntryFilter, Poll, Polls,
        editing::Edit,
        roll::{Entry, Listed, Removal},
    },
    session::csrf,
    statement::Window,
};

/// Whom to take off the list.
#[derive(Debug, Deserialize)]
pub struct RemovalForm {
    #[serde(default)]
    entry: String,
    #[serde(default)]
    everybody: bool,
}

impl RemovalForm {
    fn removal(&self) -> Option<Removal> {
        if let Ok(entry) = self.entry.parse() {
            return Some(Removal::Entries(BTreeSet::from([entry])));
        }
        self.everybody.then_some(Removal::Everybody)
    }
}

/// `POST /admin/polls/{id}/voters/`: takes somebody, or everybody, off the list.
///
/// # Errors
/// When the database does not answer.
pub async fn remove(
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    csrf::Form(form): csrf::Form<RemovalForm>,
) -> Result<Response> {
    let Some(removal) = form.removal() else {
        editor.warn("nobody-taken-off").await?;
        return Ok(Redirect::to(&to_voters(&editor, &poll)).into_response());
    };
    let before = polls.count_voters(poll.id).await?.all();
    let actor = editor.actor.clone();
    let edit = polls.remove_voters(poll.id, removal, actor, clock.now());
    let edit = edit.await?;
    let left = polls.count_voters(poll.id).await?.all();
    let done = if left == before {
        taken_off(0)
    } else {
        Message::new("list-changed").with("people", people(left))
    };
    after(&editor, &poll, edit, done).await
}

/// How many people are gone.
fn taken_off(count: i64) -> Message {
    Message::new("taken-off").with("count", count)
}

/// What can be done to several entries.
static OFFERS: [Offer<()>; 1] = [Offer {
    action: (),
    word: "remove",
    label: "take-off",
    button: "bulk-take-off",
    what: "bulk-take-off-what",
    skips: "",
}];

/// The actions, as the form above the list offers them.
pub fn options() -> impl Iterator<Item = (&'static str, &'static str)> {
    OFFERS.iter().map(Offer::option)
}

/// The list of a poll, as it was narrowed.
struct Voters<'a> {
    polls: &'a Polls,
    poll: &'a Poll,
    editor: &'a Editor,
    asked: Asked,
}

impl Bulk for Voters<'_> {
    type Key = Entry;
    type Action = ();

    fn offers(&self) -> &'static [Offer<()>] {
        &OFFERS
    }

    async fn all(&self, limit: usize) -> Result<Vec<Entry>> {
        let window = Window::first(i64::try_from(limit).unwrap_or(i64::MAX));
        let filter = filter(self.poll, &self.asked);
        let rows = self.polls.entries(&filter, &self.asked.order, window);
        let rows = rows.await?;
        Ok(rows.iter().map(Listed::entry).collect())
    }

    async fn plan(&self, (): (), keys: BTreeSet<Entry>) -> Result<Plan<Entry>> {
        let window = Window::first(i64::try_from(keys.len()).unwrap_or(i64::MAX));
        let filter = EntryFilter {
            entries: Some(keys),
            ..EntryFilter::of(self.poll.id)
        };
        let order = &self.asked.order;
        let rows = self.polls.entries(&filter, order, window).await?;
        Ok(Plan::of(rows.into_iter().map(|listed| {
            let person = |id| paths::with_id(paths::ADMIN_USER, id);
            let row = Row {
                href: listed.user_id.map(person).unwrap_or_default(),
                label: listed.name.clone(),
                tag: None,
            };
            (Some(listed.entry()), row)
        })))
    }

    async fn act(&self, (): (), keys: BTreeSet<Entry>, _: String) -> Result<Acted> {
        let before = self.polls.count_voters(self.poll.id).await?.all();
        let (removal, actor) = (Removal::Entries(keys), self.editor.actor.clone());
        let now = self.asked.now();
        let edit = self.polls.remove_voters(self.poll.id, removal, actor, now);
        let refused = match edit.await? {
            Edit::Done(_) => None,
            Edit::NotNow(state) => Some(too_late(state)),
            _ => Some(Message::new("list-not-emptied")),
        };
        if let Some(said) = refused {
            let is_news = true;
            return Ok(Acted { is_news, said });
        }
        let left = self.polls.count_voters(self.poll.id).await?.all();
        let gone = (before - left).max(0);
        let said = taken_off(gone);
        let now = Message::new("list-changed").with("people", people(left));
        Ok(Acted {
            is_news: gone > 0,
            said: if gone > 0 { said.and(now) } else { said },
        })
    }
}

/// `POST /admin/polls/{id}/voters/bulk/`: asks first, and then takes several off the list.
///
/// # Errors
/// When the database does not answer.
pub async fn several(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    csrf::Form(form): csrf::Form<BulkForm>,
) -> Result<Response> {
    let state = poll.state(clock.now());
    if !can_shrink(state) {
        editor.warn(too_late(state)).await?;
        return Ok(Redirect::to(&to_voters(&editor, &poll)).into_response());
    }
    let voters = paths::with_id(paths::ADMIN_VOTERS_BULK, poll.id);
    let place = Place {
        part: "polls",
        trail: vec![
            (paths::ADMIN.to_owned(), page.t("console").plain()),
            (to_polls(&editor), page.t("polls").plain()),
            (to_poll(&editor, &poll), poll.question.clone()),
            (to_voters(&editor, &poll), page.t("voters").plain()),
        ],
        action: editor.list.carried_to(&voters),
    };
    let list = Voters {
        asked: asked(&poll, editor.list.clone(), &page, &clock),
        polls: &polls,
        poll: &poll,
        editor: &editor,
    };
    bulk::run(page, &editor, place, form, &list).await
}
