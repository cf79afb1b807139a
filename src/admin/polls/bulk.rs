//! Does something to several polls of the list: a page that says what will happen to each, and
//! the button that does it. An export changes nothing and comes at once.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    export,
    list::{LIST, filter},
};
use crate::{
    admin::Editor,
    clock::{Clock, Timestamp},
    error::Result,
    language::Message,
    list::{
        Asked,
        bulk::{BulkForm, MOST, Which, write},
    },
    page::Page,
    paths,
    polls::{
        Filter, Listed, PollId, Polls, State as PollState,
        bulk::{Bulk, Done},
        editing::{Details, Step},
    },
    session::csrf,
    statement::{Order, Window},
};

/// The actions on offer, as the form above the list names them.
pub const ACTIONS: [(&str, &str); 4] = [
    ("close", "bulk-close"),
    ("archive", "archive"),
    ("delete", "bulk-delete"),
    (EXPORT, "bulk-export"),
];

/// The action that changes nothing, so that nobody is asked.
const EXPORT: &str = "export";

/// The page that asks before something is done.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/bulk.html")]
struct BulkPage {
    page: Page,
    bulk: Bulk,
    /// Those that it will be done to.
    rows: Vec<Row>,
    /// The others, and why.
    skipped: Vec<Row>,
    /// Whether the voters of one of them were told another end.
    needs_reason: bool,
    keys: String,
    to_list: String,
    action: String,
}

struct Row {
    href: String,
    question: String,
    state: PollState,
}

impl BulkPage {
    fn title(&self) -> Message {
        Message::new("bulk-question").with("what", self.button())
    }

    fn button(&self) -> Message {
        let id = match self.bulk {
            Bulk::Take(Step::Close) => "bulk-close-polls",
            Bulk::Take(_) => "bulk-archive-polls",
            Bulk::Delete => "bulk-delete-polls",
        };
        Message::new(id).with("count", self.rows.len())
    }

    /// The id of a message.
    const fn what(&self) -> &'static str {
        match self.bulk {
            Bulk::Take(Step::Close) => "bulk-close-what",
            Bulk::Take(_) => "bulk-archive-what",
            Bulk::Delete => "bulk-delete-what",
        }
    }

    /// The id of a message.
    const fn why_skipped(&self) -> &'static str {
        match self.bulk {
            Bulk::Take(Step::Close) => "bulk-close-skips",
            Bulk::Take(_) => "bulk-archive-skips",
            Bulk::Delete => "bulk-delete-skips",
        }
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
    let (now, zone) = (clock.now(), page.zone);
    let back = editor.list.at(paths::ADMIN_POLLS);
    let bulk = Bulk::ALL
        .into_iter()
        .find(|bulk| bulk.as_str() == form.action);
    if bulk.is_none() && form.action != EXPORT {
        editor.warn("bulk-no-action").await?;
        return Ok(Redirect::to(&back).into_response());
    }
    if let (Some(bulk), Some(keys)) = (bulk, form.confirmed()) {
        let ids = keys.into_iter().map(PollId).collect();
        let details = Details {
            reason: form.reason,
            closes_at: None,
        };
        let actor = editor.actor.clone();
        let done = polls.take_all(bulk, ids, details, actor, now).await?;
        editor.tell(said(bulk, &done)).await?;
        return Ok(Redirect::to(&back).into_response());
    }
    let asked = Asked::read(&LIST, editor.list.clone(), zone, now);
    let ids = meant(&form, &asked, &polls).await?;
    match i64::try_from(ids.len()).unwrap_or(i64::MAX) {
        0 => editor.warn("bulk-nothing-ticked").await?,
        1..=MOST => {
            let found = named(&polls, ids, now).await?;
            return match bulk {
                Some(bulk) => Ok(ask(page, &editor, bulk, found, now).into_response()),
                None => export::table(&found, now),
            };
        }
        _ => {
            let too_many = Message::new("bulk-too-many").with("most", MOST);
            editor.warn(too_many).await?;
        }
    }
    Ok(Redirect::to(&back).into_response())
}

/// The polls that are meant: more than [`MOST`] when those are not all.
async fn meant(form: &BulkForm, asked: &Asked, polls: &Polls) -> Result<Vec<PollId>> {
    match form.which {
        Which::All => polls.keys(&filter(asked), MOST + 1, asked.now()).await,
        _ => Ok(form.shown().into_iter().map(PollId).collect()),
    }
}

/// The polls with these keys, the newest first.
async fn named(polls: &Polls, ids: Vec<PollId>, now: Timestamp) -> Result<Vec<Listed>> {
    let filter = Filter {
        ids: Some(ids),
        ..Filter::default()
    };
    let (order, window) = (Order::default(), Window::first(MOST));
    polls.list(&filter, &order, window, now).await
}

fn ask(page: Page, editor: &Editor, bulk: Bulk, found: Vec<Listed>, now: Timestamp) -> BulkPage {
    let (meant, others): (Vec<Listed>, Vec<Listed>) = found
        .into_iter()
        .partition(|listed| bulk.is_possible(listed, now));
    let keys = meant.iter().map(|listed| listed.poll.id.0).collect();
    let needs_reason = meant
        .iter()
        .any(|listed| bulk.needs_reason(&listed.poll, now));
    let row = |Listed { poll, .. }: Listed| Row {
        href: editor.to_poll(poll.id),
        state: poll.state(now),
        question: poll.question,
    };
    BulkPage {
        page,
        bulk,
        rows: meant.into_iter().map(row).collect(),
        needs_reason,
        skipped: others.into_iter().map(row).collect(),
        keys: write(&keys),
        to_list: editor.list.at(paths::ADMIN_POLLS),
        action: editor.list.carried_to(paths::ADMIN_POLLS_BULK),
    }
}

/// How it went.
fn said(bulk: Bulk, done: &Done) -> Message {
    let did = Message::new("bulk-done")
        .with("step", bulk.as_str())
        .with("count", done.done.len());
    match done.skipped.len() {
        0 => did,
        skipped => did.and(Message::new("bulk-skipped").with("count", skipped)),
    }
}
