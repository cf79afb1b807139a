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
    noun: ("entry", "entries"),
    search: "Search who did it or to what",
    columns: &[
        Column::sorted("When", "when"),
        Column::plain("Who"),
        Column::plain("What"),
        Column::plain("Changes"),
    ],
    filters: &[
        Filter {
            name: "object",
            label: "Of",
            options: &[
                ("poll", "Polls"),
                ("user", "People"),
                ("session", "Sessions"),
                ("audit", "This history"),
            ],
        },
        Filter {
            name: "action",
            label: "What",
            options: &[
                ("poll_created", "Poll created"),
                ("poll_edited", "Poll edited"),
                ("poll_opened", "Poll opened"),
                ("poll_closed", "Poll closed"),
                ("poll_archived", "Poll archived"),
                ("poll_deleted", "Poll deleted"),
                ("user_deactivated", "Person deactivated"),
                ("user_erased", "Person erased"),
                ("users_merged", "People merged"),
                ("role_changed", "Role changed"),
                ("role_lost", "Role taken away"),
                ("sessions_ended", "Sessions ended"),
                ("audit_exported", "History exported"),
            ],
        },
        Filter {
            name: "actor",
            label: "By",
            options: &[],
        },
        Filter {
            name: "id",
            label: "Number",
            options: &[],
        },
    ],
    dates: "When",
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
