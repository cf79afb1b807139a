//! The profile page.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{Extension, extract::State, response::IntoResponse};
use url::Url;

use super::{User, access::SignedIn, session_routes::OTHERS};
use crate::{
    clock::{Clock, Timestamp},
    error::Result,
    headers::PicturesFrom,
    moment::Moment,
    page::Page,
    paths::{self, ReturnPath},
    polls::{Card, Polls},
    session::{SessionRow, Sessions},
};

/// `templates/user.html`
#[derive(Template, WebTemplate)]
#[template(path = "user.html")]
pub struct ProfilePage {
    page: Page,
    profile: Option<Profile>,
}

struct Profile {
    user: Arc<User>,
    /// When the role was last confirmed.
    checked: Moment,
    /// Their picture at the provider.
    picture: Option<Url>,
    /// To sign in as somebody else.
    other_account: String,
    /// Their sessions, that of this browser first.
    sessions: Vec<SessionRow>,
    /// The newest polls that ask the person or have asked, open ones first.
    polls: Vec<Card>,
}

/// `GET /user`: what the site knows of the person; for others, the way to sign in.
///
/// # Errors
/// When the database does not answer.
pub async fn profile(
    page: Page,
    person: Option<SignedIn>,
    State(sessions): State<Sessions>,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
) -> Result<impl IntoResponse> {
    let profile = match person {
        Some(SignedIn { user, session }) => {
            let sessions = sessions
                .list_of(user.id.0, Some(&session))
                .await?
                .into_iter();
            Some(Profile {
                other_account: paths::other_account(&ReturnPath::home()),
                checked: Moment::new(user.role_checked_at, page.zone),
                picture: user.picture_at_issuer(),
                sessions: sessions
                    .map(|session| SessionRow::new(session, page.zone))
                    .collect(),
                polls: concerning(&polls, &user, clock.now()).await?,
                user,
            })
        }
        None => None,
    };
    let picture = profile
        .as_ref()
        .and_then(|profile| profile.picture.as_ref());
    let origin = picture.map(|picture| picture.origin().ascii_serialization());
    let allowed = origin.map(|origin| Extension(PicturesFrom(origin)));
    Ok((allowed, ProfilePage { page, profile }))
}

async fn concerning(polls: &Polls, user: &User, now: Timestamp) -> Result<Vec<Card>> {
    let newest = polls.list_public(Some(user.id), 1, now).await?.polls;
    let cards = newest.iter().map(|poll| Card::new(poll, Some(user), now));
    Ok(cards.filter(Card::concerns).collect())
}
