//! A person ends their own sessions.

use axum::{extract::State, response::Redirect};
use serde::Deserialize;

use super::access::SignedIn;
use crate::{
    error::Result,
    language::Message,
    page::Page,
    paths,
    session::{Sessions, csrf},
    telemetry::origin,
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
        let ended = sessions.end_others_of(user.id.0, &session).await?;
        Message::new("other-sessions-ended").with("count", ended)
    } else if sessions.end_one_of(user.id.0, &form.session).await? {
        Message::new("session-ended")
    } else {
        Message::new("session-had-ended")
    };
    tracing::info!(
        user = %user.id,
        sub_hash = user.sub_hash(),
        ip = origin::ip(),
        "ended sessions of their own"
    );
    session.flash("success", said).await?;
    Ok(Redirect::to(paths::USER))
}
