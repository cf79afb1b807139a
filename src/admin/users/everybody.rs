//! Ends everybody's sessions, after a leak for instance.

use axum::{extract::State, response::Redirect};

use super::confirmation::{ConfirmationPage, Confirmed};
use crate::{
    admin::Editor,
    clock::Clock,
    error::Result,
    language::Message,
    page::Page,
    paths,
    session::{Sessions, csrf},
    users::{
        Users,
        administration::{SessionsOf, sessions_ended},
    },
};

/// `GET /admin/sessions/end/`: says what would happen, and to how many.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(sessions): State<Sessions>,
) -> Result<ConfirmationPage> {
    let (sessions, people) = sessions.count().await?;
    let list = editor.list.at(paths::ADMIN_SESSIONS);
    Ok(ConfirmationPage {
        title: Message::new("end-everybody-question"),
        trail: vec![
            (paths::ADMIN.to_owned(), page.t("console").plain()),
            (list, page.t("sessions").plain()),
        ],
        page,
        what: Message::new("end-everybody-what"),
        // Counted with the one that asks.
        whom: Message::new("end-everybody-whom")
            .with("sessions", sessions)
            .with("people", people),
        undo: "end-everybody-undo",
        button: "end-everybodys-sessions",
        kind: "danger",
        action: editor.list.carried_to(paths::ADMIN_SESSIONS_END),
    })
}

/// `POST /admin/sessions/end/`: ends all sessions but this one.
///
/// # Errors
/// When the database does not answer.
pub async fn end(
    _page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(clock): State<Clock>,
    csrf::Form(Confirmed {}): csrf::Form<Confirmed>,
) -> Result<Redirect> {
    let (kept, actor) = (editor.session.clone(), editor.actor.clone());
    let ended = users.end_sessions(SessionsOf::Everybody, Some(kept), actor, clock.now());
    editor.tell(sessions_ended(ended.await?)).await?;
    Ok(Redirect::to(&editor.list.at(paths::ADMIN_SESSIONS)))
}
