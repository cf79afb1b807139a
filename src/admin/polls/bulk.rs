//! What can be done to several polls of the list. An export changes nothing and comes at once.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    export,
    list::{LIST, filter},
};
use crate::{
    admin::{
        Editor,
        bulk::{self, Acted, Bulk, Offer, Place, Plan, Row},
    },
    clock::{Clock, Timestamp},
    error::Result,
    language::Message,
    list::{Asked, bulk::BulkForm},
    page::Page,
    paths,
    polls::{
        Filter, Listed, PollId, Polls,
        bulk::{Bulk as Action, Done},
        editing::{Details, Step},
    },
    session::csrf,
    statement::{Order, Window},
};

const OFFERS: [Offer<Action>; 3] = [
    Offer {
        action: Action::Take(Step::Close),
        word: "close",
        label: "bulk-close",
        button: "bulk-close-polls",
        what: "bulk-close-what",
        skips: "bulk-close-skips",
    },
    Offer {
        action: Action::Take(Step::Archive),
        word: "archive",
        label: "archive",
        button: "bulk-archive-polls",
        what: "bulk-archive-what",
        skips: "bulk-archive-skips",
    },
    Offer {
        action: Action::Delete,
        word: "delete",
        label: "bulk-delete",
        button: "bulk-delete-polls",
        what: "bulk-delete-what",
        skips: "bulk-delete-skips",
    },
];

/// The action that changes nothing, so that nobody is asked.
const EXPORT: &str = "export";

/// The actions, as the form above the list offers them.
pub fn options() -> impl Iterator<Item = (&'static str, &'static str)> {
    let offers = OFFERS.iter().map(Offer::option);
    offers.chain([(EXPORT, "bulk-export")])
}

/// The list of polls, as it was narrowed.
struct PollList<'a> {
    polls: &'a Polls,
    editor: &'a Editor,
    asked: Asked,
}

impl PollList<'_> {
    fn now(&self) -> Timestamp {
        self.asked.now()
    }

    /// The polls with these keys, the newest first.
    async fn named(&self, ids: BTreeSet<PollId>) -> Result<Vec<Listed>> {
        let window = Window::first(i64::try_from(ids.len()).unwrap_or(i64::MAX));
        let filter = Filter {
            ids: Some(ids.into_iter().collect()),
            ..Filter::default()
        };
        let order = Order::default();
        self.polls.list(&filter, &order, window, self.now()).await
    }
}

impl Bulk for PollList<'_> {
    type Key = PollId;
    type Action = Action;

    fn offers(&self) -> &'static [Offer<Action>] {
        &OFFERS
    }

    async fn all(&self, limit: usize) -> Result<Vec<PollId>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let filter = filter(&self.asked);
        self.polls.keys(&filter, limit, self.now()).await
    }

    async fn plan(&self, action: Action, keys: BTreeSet<PollId>) -> Result<Plan<PollId>> {
        let (found, now) = (self.named(keys).await?, self.now());
        let needs_reason = found.iter().any(|listed| {
            action.is_possible(listed, now) && action.needs_reason(&listed.poll, now)
        });
        let row = |listed: Listed| {
            let is_possible = action.is_possible(&listed, now);
            let poll = listed.poll;
            let state = poll.state(now);
            let row = Row {
                href: self.editor.to_poll(poll.id),
                tag: Some((state.class(), state.message())),
                label: poll.question.clone(),
            };
            (is_possible.then_some(poll.id), row)
        };
        Ok(Plan {
            needs_reason,
            ..Plan::of(found.into_iter().map(row))
        })
    }

    async fn act(&self, action: Action, keys: BTreeSet<PollId>, reason: String) -> Result<Acted> {
        let (ids, actor) = (keys.into_iter().collect(), self.editor.actor.clone());
        let details = Details {
            reason,
            closes_at: None,
        };
        let done = self.polls.take_all(action, ids, details, actor, self.now());
        Ok(acted(action, &done.await?))
    }
}

/// How it went.
fn acted(action: Action, done: &Done) -> Acted {
    let did = Message::new("bulk-done")
        .with("step", action.as_str())
        .with("count", done.done.len());
    Acted {
        is_news: !done.done.is_empty(),
        said: match done.skipped.len() {
            0 => did,
            skipped => did.and(Message::new("bulk-skipped").with("count", skipped)),
        },
    }
}

/// `POST /admin/polls/bulk/`: asks first, and then does it.
///
/// # Errors
/// When the database does not answer.
pub async fn run(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    csrf::Form(form): csrf::Form<BulkForm>,
) -> Result<Response> {
    let list = PollList {
        polls: &polls,
        editor: &editor,
        asked: Asked::read(&LIST, editor.list.clone(), page.zone, clock.now()),
    };
    if form.action == EXPORT {
        return match bulk::meant(&form, &list).await? {
            Ok(ids) => export::table(&list.named(ids).await?, list.now()),
            Err(why) => {
                editor.warn(why).await?;
                Ok(Redirect::to(&editor.list.at(paths::ADMIN_POLLS)).into_response())
            }
        };
    }
    let place = Place {
        part: "polls",
        trail: vec![
            (paths::ADMIN.to_owned(), page.t("console").plain()),
            (editor.list.at(paths::ADMIN_POLLS), page.t("polls").plain()),
        ],
        action: editor.list.carried_to(paths::ADMIN_POLLS_BULK),
    };
    bulk::run(page, &editor, place, form, &list).await
}
