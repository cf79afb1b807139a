//! Ends everybody's sessions, after a leak for instance.

use axum::{extract::State, response::Redirect};

use super::confirmation::{ConfirmationPage, Confirmed};
use crate::{
    admin::Editor,
    clock::Clock,
    error::Result,
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
        page,
        title: "End everybody's sessions?".to_owned(),
        trail: vec![
            (paths::ADMIN.to_owned(), "Polls Administration".to_owned()),
            (list, "Sessions".to_owned()),
        ],
        what: ENDS.to_owned(),
        whom: whom(sessions, people),
        undo: "No, but everybody can sign in again at once.",
        button: "End everybody's sessions",
        kind: "danger",
        action: editor.list.carried_to(paths::ADMIN_SESSIONS_END),
    })
}

const ENDS: &str = "Everybody is signed out from their next request on; your session in this \
    browser stays. A choice that somebody has made and not sent yet has to be made again.";

/// `sessions` counts the one that asks.
fn whom(sessions: i64, people: i64) -> String {
    let people = match people {
        1 => "you alone".to_owned(),
        more => format!("{more} people, you among them"),
    };
    match sessions {
        1 => "Nobody: yours is the only session at the moment.".to_owned(),
        more => format!("{more} sessions of {people}, at the moment."),
    }
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
