//! The profile page.

use askama::Template;
use askama_web::WebTemplate;
use jiff::tz::TimeZone;

use super::{User, access::SignedIn};
use crate::{
    clock::Timestamp,
    error::Result,
    page::Page,
    paths::{self, ReturnPath},
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
    checked: String,
    /// To sign in as somebody else.
    other_account: String,
    /// When this session began.
    signed_in: Option<(Timestamp, String)>,
}

/// `GET /user`: what the site knows of the person; for others, the way to sign in.
///
/// # Errors
/// When the database does not answer.
pub async fn profile(page: Page, person: Option<SignedIn>) -> Result<ProfilePage> {
    let profile = match person {
        Some(SignedIn { user, session }) => Some(Profile {
            other_account: paths::other_account(&ReturnPath::home()),
            checked: in_words(user.role_checked_at),
            signed_in: session.started_at().await?.map(|at| (at, in_words(at))),
            user,
        }),
        None => None,
    };
    Ok(ProfilePage { page, profile })
}

/// A moment as pages write it, in the zone that the frame names.
fn in_words(at: Timestamp) -> String {
    let zoned = at.in_zone(TimeZone::UTC);
    zoned.map_or_else(String::new, |moment| {
        moment.strftime("%-d %B %Y, %H:%M").to_string()
    })
}
