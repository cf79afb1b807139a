//! A person ends their own sessions.

use axum::{extract::State, response::Redirect};
use serde::Deserialize;

use super::access::SignedIn;
use crate::{
    error::Result,
    page::Page,
    paths,
    session::{Sessions, csrf},
};

/// The value of the field `session` that means all but the one of this browser.
pub const OTHERS: &str = "others";

/// Which of their sessions end.
#[derive(Deserialize)]
pub struct EndForm {
    /// The handle of one, or [`OTHERS`].
    session: String,
}

/// `POST /user`: ends one session of the person, or all others; the browsers in which they were
/// are signed out from their next request on.
///
/// # Errors
/// When the form is not ours or the database does not answer.
pub async fn end(
    _page: Page,
    SignedIn { user, session }: SignedIn,
    State(sessions): State<Sessions>,
    csrf::Form(form): csrf::Form<EndForm>,
) -> Result<Redirect> {
    let said = if form.session == OTHERS {
        said_of_others(sessions.end_others_of(user.id.0, &session).await?)
    } else if sessions.end_one_of(user.id.0, &form.session).await? {
        "That session has ended. Its browser is signed out.".to_owned()
    } else {
        "That session had ended already.".to_owned()
    };
    tracing::info!(user = %user.id, "ended sessions of their own");
    session.flash("success", said).await?;
    Ok(Redirect::to(paths::USER))
}

fn said_of_others(ended: u64) -> String {
    match ended {
        0 => "There was no other session.".to_owned(),
        1 => "Your other session has ended. Its browser is signed out.".to_owned(),
        more => format!("Your {more} other sessions have ended. Their browsers are signed out."),
    }
}
