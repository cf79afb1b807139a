//! Who is signed in at the moment, and ending that.

use askama::Template;
use askama_web::WebTemplate;
use axum::{extract::State, response::Redirect};
use serde::Deserialize;

use super::{
    Editor,
    list::{Asked, Column, Filter, Query, Source, Spec, View},
};
use crate::{
    clock::Clock,
    error::{Error, Result},
    page::Page,
    paths,
    session::{self, OwnedSession, SessionRow, Sessions, csrf},
    users::{
        UserId, Users,
        administration::{SessionsOf, sessions_ended},
    },
};

/// The list of sessions.
static LIST: Spec = Spec {
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

fn filter(asked: &Asked) -> session::Filter {
    session::Filter {
        words: asked.words.clone(),
        user: asked.value("user").and_then(|user| user.parse().ok()),
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
    user: i64,
    session: SessionRow,
}

impl Row {
    fn new(owned: OwnedSession, zone: &str) -> Self {
        Self {
            href: paths::with_id(paths::ADMIN_USER, owned.session.user),
            owner: owned.owner,
            user: owned.session.user,
            session: SessionRow::new(owned.session, zone),
        }
    }
}

impl SessionsPage {
    /// Where the forms go, and from where the way leads back to this list.
    fn action(&self) -> String {
        self.list.query.carried_to(paths::ADMIN_SESSIONS)
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

/// The session that ends.
#[derive(Debug, Deserialize)]
pub struct EndForm {
    user: i64,
    session: String,
}

/// `POST /admin/sessions/`: ends one session; its browser is signed out from the next request on.
///
/// # Errors
/// 404 when there is no such person.
pub async fn end(
    _page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(clock): State<Clock>,
    csrf::Form(form): csrf::Form<EndForm>,
) -> Result<Redirect> {
    let user = users
        .find(UserId(form.user))
        .await?
        .ok_or(Error::NotFound)?;
    let whose = SessionsOf::One(Box::new(user), form.session);
    let (kept, actor) = (editor.session.clone(), editor.actor.clone());
    let ended = users.end_sessions(whose, Some(kept), actor, clock.now());
    editor.tell(sessions_ended(ended.await?)).await?;
    Ok(Redirect::to(&editor.list.at(paths::ADMIN_SESSIONS)))
}
