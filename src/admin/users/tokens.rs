//! An admin ends tokens that somebody has made for programs.

use axum::{extract::State, response::Redirect};
use serde::Deserialize;

use super::Found;
use crate::{
    admin::Editor,
    clock::Clock,
    error::Result,
    page::Page,
    session::csrf,
    users::{
        Users,
        tokens::{TokensOf, tokens_ended},
    },
};

/// Which tokens of the person end.
#[derive(Debug, Deserialize)]
pub struct EndForm {
    /// The key of one; without it, all.
    token: Option<i64>,
}

/// `POST /admin/users/{id}/tokens/`: ends one token of the person, or all; programs that have one
/// are refused from their next request on.
///
/// # Errors
/// When the database does not answer.
pub async fn end(
    _page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(clock): State<Clock>,
    Found(user): Found,
    csrf::Form(form): csrf::Form<EndForm>,
) -> Result<Redirect> {
    let back = editor.to_user(user.id);
    let whose = match form.token {
        Some(token) => TokensOf::One(user, token),
        None => TokensOf::Person(user),
    };
    let ended = users.end_tokens(whose, editor.actor.clone(), clock.now());
    editor.tell(tokens_ended(ended.await?)).await?;
    Ok(Redirect::to(&back))
}

/// `GET` of the address that only takes forms: back to the person.
pub async fn back(editor: Editor, Found(user): Found) -> Redirect {
    Redirect::to(&editor.to_user(user.id))
}
