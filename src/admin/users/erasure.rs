//! Erases somebody's names and e-mail: a page that says what stays, and the button that does it.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    Found,
    confirmation::{ConfirmationPage, Confirmed},
};
use crate::{
    admin::Editor,
    clock::Clock,
    error::Result,
    language::Message,
    page::Page,
    paths,
    session::csrf,
    users::{User, Users, administration::Taken},
};

/// `GET /admin/users/{id}/erase/`: says what would go and what stays.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(users): State<Users>,
    Found(user): Found,
) -> Result<Response> {
    if editor.actor.is_user(user.id.0) {
        return answer(&editor, &user, Taken::Oneself).await;
    }
    if user.is_gone() {
        return answer(&editor, &user, Taken::Already).await;
    }
    let whom = Message::new("erase-whom")
        .with("name", user.name())
        .with("count", users.count_votes(user.id).await?);
    let asked = ConfirmationPage {
        title: Message::new("erase-question").with("name", user.name()),
        trail: vec![
            (paths::ADMIN.to_owned(), page.t("console").plain()),
            (
                editor.list.at(paths::ADMIN_USERS),
                page.t("people-heading").plain(),
            ),
            (editor.to_user(user.id), user.name().to_owned()),
        ],
        page,
        what: Message::new("erase-what"),
        whom,
        undo: "erase-undo",
        button: "erase-person",
        kind: "danger",
        action: editor
            .list
            .carried_to(&paths::with_id(paths::ADMIN_USER_ERASE, user.id)),
    };
    Ok(asked.into_response())
}

/// `POST /admin/users/{id}/erase/`: does it.
///
/// # Errors
/// When the database does not answer.
pub async fn erase(
    _page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(clock): State<Clock>,
    Found(user): Found,
    csrf::Form(Confirmed {}): csrf::Form<Confirmed>,
) -> Result<Response> {
    let erased = users
        .erase(user.id, editor.actor.clone(), clock.now())
        .await?;
    answer(&editor, &user, erased).await
}

async fn answer(editor: &Editor, user: &User, taken: Taken) -> Result<Response> {
    let said = taken.of_erasing(user.name());
    if taken.is_done() {
        editor.tell(said).await?;
    } else {
        editor.warn(said).await?;
    }
    Ok(Redirect::to(&editor.to_user(user.id)).into_response())
}
