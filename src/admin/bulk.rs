//! Something done to several rows of a list: a page that says what will happen to which of them,
//! and the button that does it. What differs from list to list is a [`Bulk`].

use std::{collections::BTreeSet, fmt::Display, future::Future, str::FromStr};

use askama::Template;
use askama_web::WebTemplate;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::Editor;
use crate::{
    error::Result,
    language::Message,
    list::bulk::{BulkForm, MOST, Which, write},
    page::Page,
};

/// A list of which several rows can be changed at once.
pub trait Bulk: Sync {
    /// What names a row in forms; it holds no comma.
    type Key: Display + FromStr + Ord + Send + Sync;
    /// What can be done.
    type Action: Copy + Send + Sync + 'static;

    /// Everything that can be done.
    fn offers(&self) -> &'static [Offer<Self::Action>];

    /// The rows that the list is narrowed to, at most `limit` of them.
    fn all(&self, limit: usize) -> impl Future<Output = Result<Vec<Self::Key>>> + Send;

    /// What would become of these rows.
    fn plan(
        &self,
        action: Self::Action,
        keys: BTreeSet<Self::Key>,
    ) -> impl Future<Output = Result<Plan<Self::Key>>> + Send;

    /// Does it, in one transaction. A row to which it cannot be done any more stays as it is.
    fn act(
        &self,
        action: Self::Action,
        keys: BTreeSet<Self::Key>,
        reason: String,
    ) -> impl Future<Output = Result<Acted>> + Send;
}

/// How it went.
#[derive(Debug)]
pub struct Acted {
    /// Whether anything was changed, or it was refused: that is said in any case. What finds nothing
    /// left to do says so only where nothing else waits to be said.
    pub is_news: bool,
    /// In words.
    pub said: Message,
}

/// Something that can be done, and its words: ids of messages.
#[derive(Debug)]
pub struct Offer<A> {
    /// What.
    pub action: A,
    /// Its word in forms.
    pub word: &'static str,
    /// What the form above the list calls it.
    pub label: &'static str,
    /// The words on the button, with `$count`.
    pub button: &'static str,
    /// What will happen.
    pub what: &'static str,
    /// Why it cannot be done to some.
    pub skips: &'static str,
}

impl<A> Offer<A> {
    /// The word and the label, for the form above the list.
    #[must_use]
    pub const fn option(&self) -> (&'static str, &'static str) {
        (self.word, self.label)
    }
}

/// What would become of some rows.
#[derive(Debug)]
pub struct Plan<K> {
    /// Those to which it will be done.
    pub keys: BTreeSet<K>,
    /// The same, as they are shown.
    pub rows: Vec<Row>,
    /// The others.
    pub skipped: Vec<Row>,
    /// Whether people are owed a reason.
    pub needs_reason: bool,
}

impl<K: Ord> Plan<K> {
    /// Sorts `rows` into those that come with a key and those that are skipped.
    pub fn of(rows: impl IntoIterator<Item = (Option<K>, Row)>) -> Self {
        let mut plan = Self {
            keys: BTreeSet::new(),
            rows: Vec::new(),
            skipped: Vec::new(),
            needs_reason: false,
        };
        for (key, row) in rows {
            if let Some(key) = key {
                plan.keys.insert(key);
                plan.rows.push(row);
            } else {
                plan.skipped.push(row);
            }
        }
        plan
    }
}

/// A row on the page that asks.
#[derive(Debug)]
pub struct Row {
    /// What it is called.
    pub label: String,
    /// Its page; empty: it has none.
    pub href: String,
    /// The class and the words of its tag, which says how it is now.
    pub tag: Option<(&'static str, Message)>,
}

/// Where the page that asks stands.
#[derive(Debug)]
pub struct Place {
    /// The part of the console: `polls`, `users` or `sessions`.
    pub part: &'static str,
    /// The pages above it, with their addresses; the last is the list.
    pub trail: Vec<(String, String)>,
    /// Where the form goes.
    pub action: String,
}

impl Place {
    /// The list.
    fn list(&self) -> &str {
        self.trail.last().map_or("", |(address, _)| address)
    }
}

/// The page that asks before something is done.
#[derive(Template, WebTemplate)]
#[template(path = "admin/bulk.html")]
struct BulkPage {
    page: Page,
    place: Place,
    word: &'static str,
    button: Message,
    what: &'static str,
    skips: &'static str,
    /// Those that it will be done to.
    rows: Vec<Row>,
    /// The others.
    skipped: Vec<Row>,
    needs_reason: bool,
    keys: String,
}

impl BulkPage {
    fn new<A, K: Display>(page: Page, place: Place, offer: &Offer<A>, plan: Plan<K>) -> Self {
        Self {
            page,
            place,
            word: offer.word,
            button: Message::new(offer.button).with("count", plan.rows.len()),
            what: offer.what,
            skips: offer.skips,
            keys: write(&plan.keys),
            rows: plan.rows,
            skipped: plan.skipped,
            needs_reason: plan.needs_reason,
        }
    }

    fn title(&self) -> Message {
        match self.rows.len() {
            0 => Message::new("bulk-nothing-to-do"),
            _ => Message::new("bulk-question").with("what", self.button.clone()),
        }
    }
}

/// Asks first, and then does it.
///
/// # Errors
/// When the database does not answer.
pub async fn run<B: Bulk>(
    page: Page,
    editor: &Editor,
    place: Place,
    form: BulkForm,
    list: &B,
) -> Result<Response> {
    let back = Redirect::to(place.list()).into_response();
    let mut offers = list.offers().iter();
    let Some(offer) = offers.find(|offer| offer.word == form.action) else {
        editor.warn("bulk-no-action").await?;
        return Ok(back);
    };
    if let Some(keys) = form.confirmed() {
        let Acted { is_news, said } = list.act(offer.action, keys, form.reason).await?;
        // What waits to be said was done by the same button, which was pressed twice.
        if is_news || !editor.session.has_flash().await? {
            editor.tell(said).await?;
        }
        return Ok(back);
    }
    match meant(&form, list).await? {
        Ok(keys) => {
            let plan = list.plan(offer.action, keys).await?;
            Ok(BulkPage::new(page, place, offer, plan).into_response())
        }
        Err(why) => {
            editor.warn(why).await?;
            Ok(back)
        }
    }
}

/// The rows that are meant, or why there is nothing to do.
///
/// # Errors
/// When the database does not answer.
pub async fn meant<B: Bulk>(
    form: &BulkForm,
    list: &B,
) -> Result<Result<BTreeSet<B::Key>, Message>> {
    let keys: BTreeSet<B::Key> = match form.which {
        Which::All => list.all(MOST + 1).await?.into_iter().collect(),
        _ => form.shown(),
    };
    Ok(match keys.len() {
        0 => Err(Message::new("bulk-nothing-ticked")),
        1..=MOST => Ok(keys),
        _ => Err(Message::new("bulk-too-many").with("most", MOST)),
    })
}
