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
    page::Page,
    paths,
    session::csrf,
    users::{User, Users, administration::Taken},
};

const ERASES: &str = "Names, e-mail address and picture go for good and “Former user” takes their \
    place; their sign-ins are forgotten, all sessions end, and signing in is refused. Their ballots \
    stay and are counted. Their key at the sign-in provider stays, so that nobody votes twice, and \
    the history of changes keeps the name that they had then.";

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
    let whom = match users.count_votes(user.id).await? {
        0 => format!("{}, who has not voted in any poll.", user.name()),
        1 => format!("{}, who has voted in 1 poll.", user.name()),
        many => format!("{}, who has voted in {many} polls.", user.name()),
    };
    let asked = ConfirmationPage {
        page,
        title: format!("Erase {}?", user.name()),
        trail: vec![
            (paths::ADMIN.to_owned(), "Polls Administration".to_owned()),
            (editor.list.at(paths::ADMIN_USERS), "People".to_owned()),
            (editor.to_user(user.id), user.name().to_owned()),
        ],
        what: ERASES.to_owned(),
        whom,
        undo: "No. If you activate the person again, the next sign-in brings what the provider says.",
        button: "Erase this person",
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
    match taken {
        Taken::Done(_) => {
            editor
                .tell("The person was erased. Their ballots are still counted.".to_owned())
                .await?;
        }
        Taken::Already => {
            editor
                .tell("There is nothing left to erase. Nothing was changed.".to_owned())
                .await?;
        }
        Taken::Oneself => {
            editor
                .warn("You cannot erase yourself. Another admin can do it.".to_owned())
                .await?;
        }
        Taken::LastAdmin => {
            let text = format!(
                "{} is the last active admin and was not erased.",
                user.name()
            );
            editor.warn(text).await?;
        }
        Taken::NotFound => editor.warn("There is no such person.".to_owned()).await?,
    }
    Ok(Redirect::to(&editor.to_user(user.id)).into_response())
}
