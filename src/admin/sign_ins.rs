//! What happened at each sign-in, and why somebody was turned away.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};

use super::{
    Editor,
    list::{PER_PAGE, Part, Query},
};
use crate::{
    attempts::{self, Filter, Names, Outcome, Stored},
    db::Db,
    error::{Error, Result},
    language::Message,
    moment::Moment,
    page::Page,
    paths,
    search::Words,
};

/// The list of sign-ins.
#[derive(Template, WebTemplate)]
#[template(path = "admin/sign_ins/list.html")]
pub struct ListPage {
    page: Page,
    rows: Vec<Row>,
    part: Part,
    outcome: Option<Outcome>,
    query: Query,
}

/// One sign-in.
#[derive(Template, WebTemplate)]
#[template(path = "admin/sign_ins/detail.html")]
pub struct DetailPage {
    page: Page,
    row: Row,
    /// What is probably wrong, and what to do: the id of a message.
    cause: Option<&'static str>,
    issuer: String,
    /// Names of the claims in each document, and the roles that mean nothing here.
    names: [(&'static str, Names); 3],
    to_list: String,
}

/// A sign-in as it is shown.
struct Row {
    href: String,
    /// When; of those that succeeded the day.
    when: When,
    /// Whoever it was, as well as that is known.
    who: Option<String>,
    email: Option<String>,
    subject: Option<String>,
    outcome: Outcome,
    reason: Option<String>,
    request_id: String,
}

/// A day or a moment.
enum When {
    Day(String),
    Moment(Moment),
}

impl Row {
    fn new(stored: &Stored, zone: &str, query: &Query) -> Self {
        let Stored { attempt, .. } = stored;
        let when = if attempt.outcome == Outcome::Ok {
            When::Day(super::users::list::day(stored.at))
        } else {
            When::Moment(Moment::new(stored.at, zone))
        };
        Self {
            href: query.carried_to(&paths::with_id(paths::ADMIN_SIGN_IN, stored.id)),
            when,
            who: stored.name.clone(),
            email: stored.email.clone(),
            subject: attempt.evidence.subject.clone(),
            outcome: attempt.outcome,
            reason: attempt.reason.clone(),
            request_id: attempt.evidence.request_id.clone(),
        }
    }
}

impl Outcome {
    /// The outcome in words.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Ok => "outcome-ok",
            Self::Refused => "outcome-refused",
            Self::Failed => "outcome-failed",
        })
    }

    /// The class of its tag.
    const fn class(self) -> &'static str {
        match self {
            Self::Ok => "open",
            Self::Refused => "closed",
            Self::Failed => "draft",
        }
    }
}

impl ListPage {
    fn without(&self, name: &str) -> String {
        self.query.with(name, "").at(paths::ADMIN_SIGN_INS)
    }

    fn of_reason(&self, reason: &str) -> String {
        self.query.with("reason", reason).at(paths::ADMIN_SIGN_INS)
    }

    fn pages(&self) -> String {
        self.query.pages_at(paths::ADMIN_SIGN_INS)
    }

    fn is_filtered(&self) -> bool {
        let names = ["q", "outcome", "reason"];
        names.iter().any(|name| !self.query.get(name).is_empty())
    }
}

/// `GET /admin/sign-ins/`: the sign-ins, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(page: Page, _: Editor, State(db): State<Db>, query: Query) -> Result<ListPage> {
    let filter = Filter {
        words: Words::parse(query.get("q")),
        outcome: Outcome::from_word(query.get("outcome")),
        reason: query.get("reason").to_owned(),
    };
    let part = Part::of(attempts::count(&db, &filter).await?, query.page());
    let found = attempts::list(&db, &filter, part.offset(), PER_PAGE).await?;
    let rows = found
        .iter()
        .map(|stored| Row::new(stored, page.zone, &query));
    Ok(ListPage {
        rows: rows.collect(),
        page,
        part,
        outcome: filter.outcome,
        query,
    })
}

/// `GET /admin/sign-ins/{id}/`: one sign-in, with what the provider sent and the likely cause.
///
/// # Errors
/// 404 when there is no such attempt, or none any more.
pub async fn show(
    page: Page,
    editor: Editor,
    State(db): State<Db>,
    Path(id): Path<String>,
) -> Result<DetailPage> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let stored = attempts::find(&db, id).await?.ok_or(Error::NotFound)?;
    let row = Row::new(&stored, page.zone, &editor.list);
    let evidence = stored.attempt.evidence;
    Ok(DetailPage {
        page,
        cause: row.reason.as_deref().and_then(attempts::likely_cause),
        row,
        issuer: evidence.issuer,
        names: [
            ("claims-in-id-token", evidence.id_token),
            ("claims-in-userinfo", evidence.userinfo),
            ("unmapped-roles", evidence.unmapped_roles),
        ],
        to_list: editor.list.at(paths::ADMIN_SIGN_INS),
    })
}
