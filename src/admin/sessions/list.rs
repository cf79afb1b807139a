//! Who is signed in at the moment.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use crate::{
    admin::{
        Editor,
        list::{Asked, Column, Filter, Query, Source, Spec, View},
    },
    clock::Clock,
    error::Result,
    page::Page,
    paths,
    session::{self, OwnedKey, OwnedSession, SessionRow, Sessions},
};

/// The list of sessions.
pub(super) static LIST: Spec = Spec {
    path: paths::ADMIN_SESSIONS,
    things: "count-sessions",
    none_found: "no-session-found",
    search: "search-people",
    columns: &[
        Column::sorted("person", "person"),
        Column::plain("session-browser"),
        Column::sorted("session-started", "started"),
        Column::sorted("session-last-seen", "seen"),
    ],
    filters: &[Filter {
        name: "user",
        label: "person",
        options: &[],
    }],
    dates: "",
    order: "-seen",
};

/// What the store is asked for.
pub(super) fn filter(asked: &Asked) -> session::Filter {
    session::Filter {
        words: asked.words.clone(),
        user: asked.value("user").and_then(|user| user.parse().ok()),
        keys: None,
    }
}

impl Source for Sessions {
    async fn count(&self, asked: &Asked) -> Result<i64> {
        self.count_owned(&filter(asked)).await
    }
}

/// The list of sessions.
#[derive(Template, WebTemplate)]
#[template(path = "admin/sessions.html")]
pub struct SessionsPage {
    page: Page,
    rows: Vec<Row>,
    list: View,
}

/// A session in the list.
struct Row {
    /// The owner's page.
    href: String,
    owner: String,
    key: OwnedKey,
    session: SessionRow,
}

impl Row {
    fn new(owned: OwnedSession, zone: &str) -> Self {
        Self {
            href: paths::with_id(paths::ADMIN_USER, owned.session.user),
            key: owned.key(),
            owner: owned.owner,
            session: SessionRow::new(owned.session, zone),
        }
    }
}

impl SessionsPage {
    /// Where the forms go, and from where the way leads back to this list.
    fn action(&self) -> String {
        self.list.query.carried_to(paths::ADMIN_SESSIONS)
    }

    /// Where the form goes that ends several.
    fn bulk(&self) -> String {
        self.list.query.carried_to(paths::ADMIN_SESSIONS_BULK)
    }

    /// The page that asks before everybody's sessions end.
    fn end_all(&self) -> String {
        self.list.query.carried_to(paths::ADMIN_SESSIONS_END)
    }
}

/// `GET /admin/sessions/`: who is signed in, those seen last first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    page: Page,
    editor: Editor,
    State(sessions): State<Sessions>,
    State(clock): State<Clock>,
    query: Query,
) -> Result<SessionsPage> {
    let asked = Asked::read(&LIST, query, page.zone, clock.now());
    let list = View::of(&sessions, &asked).await?;
    let (filter, window) = (filter(&asked), list.part.window());
    let rows = sessions.list_owned(&filter, &asked.order, window, &editor.session);
    let row = |owned| Row::new(owned, page.zone);
    Ok(SessionsPage {
        rows: rows.await?.into_iter().map(row).collect(),
        page,
        list,
    })
}
