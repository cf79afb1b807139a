//! The history: who did what to what, the newest first.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use super::rows::Row;
use crate::{
    admin::Editor,
    clock::Clock,
    db::Db,
    error::Result,
    history,
    list::{Asked, Column, Filter, Query, Source, Spec, View},
    page::Page,
    paths,
    statement::Range,
};

/// The history as a list.
pub static LIST: Spec = Spec {
    path: paths::ADMIN_AUDIT,
    things: "count-entries",
    none_found: "no-entry-found",
    search: "search-history",
    columns: &[
        Column::sorted("column-when", "when"),
        Column::plain("column-who"),
        Column::plain("column-what"),
        Column::plain("changes"),
    ],
    filters: &[
        Filter {
            name: "object",
            label: "history-of",
            options: &[
                ("poll", "polls"),
                ("user", "people-heading"),
                ("session", "sessions"),
                ("audit", "this-history"),
            ],
        },
        Filter {
            name: "action",
            label: "column-what",
            options: &[
                ("poll_created", "poll-created"),
                ("poll_edited", "poll-edited"),
                ("poll_opened", "poll-opened"),
                ("poll_closed", "poll-closed"),
                ("poll_archived", "poll-archived"),
                ("poll_deleted", "poll-removed"),
                ("user_deactivated", "user-deactivated"),
                ("user_erased", "user-erased"),
                ("users_merged", "users-merged"),
                ("role_changed", "role-changed"),
                ("role_lost", "role-lost"),
                ("sessions_ended", "sessions-have-ended"),
                ("audit_exported", "history-exported"),
            ],
        },
        Filter {
            name: "actor",
            label: "history-by",
            options: &[],
        },
        Filter {
            name: "id",
            label: "number",
            options: &[],
        },
    ],
    dates: "date",
    order: "-when",
};

/// What the store is asked for.
#[must_use]
pub fn filter(asked: &Asked) -> history::Filter {
    let text = |name| asked.value(name).map(str::to_owned);
    history::Filter {
        words: asked.words.clone(),
        action: text("action"),
        actor: asked.value("actor").and_then(|actor| actor.parse().ok()),
        object_type: text("object"),
        object_id: text("id"),
        at: asked.range,
        before: None,
    }
}

/// The history in a database.
pub struct History<'a>(pub &'a Db);

impl Source for History<'_> {
    async fn count(&self, asked: &Asked) -> Result<i64> {
        history::count(self.0, &filter(asked)).await
    }

    async fn filled(&self, asked: &Asked, periods: &[Range]) -> Result<Vec<i64>> {
        history::made_in(self.0, &filter(asked), periods).await
    }
}

/// The list.
#[derive(Template, WebTemplate)]
#[template(path = "admin/audit/list.html")]
pub struct ListPage {
    page: Page,
    rows: Vec<Row>,
    list: View,
}

impl ListPage {
    /// The list narrowed to what one person did.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "a template passes references"
    )]
    fn by(&self, actor: &i64) -> String {
        self.list.with("actor", &actor.to_string())
    }

    /// Where the form goes that hands out this list.
    fn export(&self) -> String {
        self.list.query.carried_to(paths::ADMIN_AUDIT_EXPORT)
    }
}

/// `GET /admin/audit/`: the history, the newest first.
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
    let list = View::of(&History(&db), &asked).await?;
    let (filter, window) = (filter(&asked), list.part.window());
    let entries = history::list(&db, &filter, &asked.order, window).await?;
    let row = |entry| Row::new(entry, page.zone);
    Ok(ListPage {
        rows: entries.iter().map(row).collect(),
        page,
        list,
    })
}
