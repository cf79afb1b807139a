//! The profile page.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use super::{User, access::SignedIn};
use crate::{
    clock::{Clock, Timestamp},
    error::Result,
    moment::Moment,
    page::Page,
    paths::{self, ReturnPath},
    polls::{Card, Polls},
};

/// `templates/user.html`
#[derive(Template, WebTemplate)]
#[template(path = "user.html")]
pub struct ProfilePage {
    page: Page,
    profile: Option<Profile>,
}

struct Profile {
    user: User,
    /// When the role was last confirmed.
    checked: Moment,
    /// To sign in as somebody else.
    other_account: String,
    /// When this session began.
    signed_in: Option<Moment>,
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
    State(polls): State<Polls>,
    State(clock): State<Clock>,
) -> Result<ProfilePage> {
    let profile = match person {
        Some(SignedIn { user, session }) => {
            let started_at = session.started_at().await?;
            Some(Profile {
                other_account: paths::other_account(&ReturnPath::home()),
                checked: Moment::new(user.role_checked_at, page.zone),
                signed_in: started_at.map(|at| Moment::new(at, page.zone)),
                polls: concerning(&polls, &user, clock.now()).await?,
                user,
            })
        }
        None => None,
    };
    Ok(ProfilePage { page, profile })
}

async fn concerning(polls: &Polls, user: &User, now: Timestamp) -> Result<Vec<Card>> {
    let newest = polls.list_public(Some(user.id), 1, now).await?.polls;
    let cards = newest.iter().map(|poll| Card::new(poll, Some(user), now));
    Ok(cards.filter(Card::concerns).collect())
}
