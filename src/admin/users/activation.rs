//! Deactivates somebody, or activates them again: a page that says what will happen, and the
//! button that does it.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::request::Parts;

use super::{
    Found,
    confirmation::{ConfirmationPage, Confirmed},
};
use crate::{
    admin::{Editor, path},
    clock::Clock,
    error::{Error, Result},
    language::Message,
    page::Page,
    paths,
    session::{Sessions, csrf},
    users::{
        User, Users,
        administration::{Step, Taken},
    },
};

/// The person and the step that the path names. Any other word is a page that does not exist.
#[derive(Clone, Debug)]
pub struct Wanted(Arc<User>, Step);

impl<S> FromRequestParts<S> for Wanted
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let word = path::part(parts, state, "step").await?;
        let step = Step::from_word(&word).ok_or(Error::NotFound)?;
        let Found(user) = Found::from_request_parts(parts, state).await?;
        Ok(Self(user, step))
    }
}

/// `GET /admin/users/{id}/{step}/`: says what would happen, to whom, and whether it can be undone.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(sessions): State<Sessions>,
    Wanted(user, step): Wanted,
) -> Result<Response> {
    if step == Step::Deactivate && editor.actor.is_user(user.id.0) {
        return answer(&editor, step, &user, Taken::Oneself).await;
    }
    if Step::next(&user) != step {
        return answer(&editor, step, &user, Taken::Already).await;
    }
    let live = sessions.list_of(user.id.0, None).await?.len();
    Ok(confirmation(page, &editor, step, &user, live).into_response())
}

/// `POST /admin/users/{id}/{step}/`: takes the step.
///
/// # Errors
/// When the database does not answer.
pub async fn take(
    _page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(clock): State<Clock>,
    Wanted(user, step): Wanted,
    csrf::Form(Confirmed {}): csrf::Form<Confirmed>,
) -> Result<Response> {
    let actor = editor.actor.clone();
    let taken = users.take(step, user.id, actor, clock.now()).await?;
    answer(&editor, step, &user, taken).await
}

/// Says how it went, and goes back to the person.
async fn answer(editor: &Editor, step: Step, user: &User, taken: Taken) -> Result<Response> {
    let said = taken.message(step, user.name());
    if taken.is_done() {
        editor.tell(said).await?;
    } else {
        editor.warn(said).await?;
    }
    Ok(Redirect::to(&editor.to_user(user.id)).into_response())
}

fn confirmation(
    page: Page,
    editor: &Editor,
    step: Step,
    user: &User,
    live: usize,
) -> ConfirmationPage {
    let name = user.name();
    let (asks, does) = match step {
        Step::Deactivate => ("deactivate-question", "deactivate-what"),
        Step::Activate => ("activate-question", "activate-what"),
    };
    let (button, kind, undo) = match step {
        Step::Deactivate => ("deactivate-person", "danger", "deactivate-undo"),
        Step::Activate => ("activate-person", "", "activate-undo"),
    };
    ConfirmationPage {
        title: Message::new(asks).with("name", name),
        trail: vec![
            (paths::ADMIN.to_owned(), page.t("console").plain()),
            (
                editor.list.at(paths::ADMIN_USERS),
                page.t("people-heading").plain(),
            ),
            (editor.to_user(user.id), name.to_owned()),
        ],
        what: Message::new(does),
        whom: match step {
            Step::Activate => Message::verbatim(name),
            Step::Deactivate => Message::new("deactivate-whom")
                .with("name", name)
                .with("sessions", live),
        },
        page,
        undo,
        button,
        kind,
        action: editor
            .list
            .carried_to(&paths::admin_user_step(user.id, step.as_str())),
    }
}
