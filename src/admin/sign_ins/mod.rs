//! What happened at each sign-in, and why somebody was turned away; [`export`] hands it out.

pub mod export;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};

use super::{
    Editor,
    list::{Asked, Column, Filter, Query, Source, Spec, View},
};
use crate::{
    attempts::{self, Names, Outcome, Stored},
    clock::Clock,
    db::Db,
    error::{Error, Result},
    language::Message,
    moment::{Day, Moment},
    page::Page,
    paths,
    statement::Range,
};

/// The list of sign-ins.
static LIST: Spec = Spec {
    path: paths::ADMIN_SIGN_INS,
    things: "count-sign-ins",
    none_found: "no-sign-in-found",
    search: "search-sign-ins",
    columns: &[
        Column::sorted("column-when", "when"),
        Column::plain("column-who"),
        Column::sorted("outcome", "outcome"),
        Column::plain("reason"),
    ],
    filters: &[
        Filter {
            name: "outcome",
            label: "outcome",
            options: &[
                ("ok", "outcome-ok"),
                ("refused", "outcome-refused"),
                ("failed", "outcome-failed"),
            ],
        },
        Filter {
            name: "reason",
            label: "reason",
            options: &[],
        },
    ],
    dates: "date",
    order: "-when",
};

fn filter(asked: &Asked) -> attempts::Filter {
    attempts::Filter {
        words: asked.words.clone(),
        outcome: asked.value("outcome").and_then(Outcome::from_word),
        reason: asked.value("reason").unwrap_or_default().to_owned(),
        at: asked.range,
        ..attempts::Filter::default()
    }
}

/// The attempts in a database.
struct Attempts<'a>(&'a Db);

impl Source for Attempts<'_> {
    async fn count(&self, asked: &Asked) -> Result<i64> {
        attempts::count(self.0, &filter(asked)).await
    }

    async fn filled(&self, asked: &Asked, periods: &[Range]) -> Result<Vec<i64>> {
        attempts::made_in(self.0, &filter(asked), periods).await
    }
}

/// The list of sign-ins.
#[derive(Template, WebTemplate)]
#[template(path = "admin/sign_ins/list.html")]
pub struct ListPage {
    page: Page,
    rows: Vec<Row>,
    list: View,
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
    Day(Day),
    Moment(Moment),
}

impl Row {
    fn new(stored: &Stored, zone: &str, query: &Query) -> Self {
        let Stored { attempt, .. } = stored;
        let when = if attempt.outcome == Outcome::Ok {
            When::Day(Day::of(stored.at))
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
    /// The list as a file, as far as it is narrowed.
    fn file(&self) -> String {
        self.list.query.at(paths::ADMIN_SIGN_INS_FILE)
    }

    fn of_reason(&self, reason: &str) -> String {
        self.list.with("reason", reason)
    }
}

/// `GET /admin/sign-ins/`: the sign-ins, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    page: Page,
    _: Editor,
    State(db): State<Db>,
    State(clock): State<Clock>,
    query: Query,
) -> Result<ListPage> {
    let asked = Asked::read(&LIST, query, page.zone, clock.now());
    let list = View::of(&Attempts(&db), &asked).await?;
    let (filter, window) = (filter(&asked), list.part.window());
    let found = attempts::list(&db, &filter, &asked.order, window).await?;
    let rows = found
        .iter()
        .map(|stored| Row::new(stored, page.zone, &asked.query));
    Ok(ListPage {
        rows: rows.collect(),
        page,
        list,
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
