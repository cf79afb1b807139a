//! The profile page.

use askama::Template;
use askama_web::WebTemplate;

use super::{User, access::SignedIn};
use crate::{
    error::Result,
    moment::Moment,
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
    checked: Moment,
    /// To sign in as somebody else.
    other_account: String,
    /// When this session began.
    signed_in: Option<Moment>,
}

/// `GET /user`: what the site knows of the person; for others, the way to sign in.
///
/// # Errors
/// When the database does not answer.
pub async fn profile(page: Page, person: Option<SignedIn>) -> Result<ProfilePage> {
    let profile = match person {
        Some(SignedIn { user, session }) => {
            let started_at = session.started_at().await?;
            Some(Profile {
                other_account: paths::other_account(&ReturnPath::home()),
                checked: Moment::new(user.role_checked_at, page.zone),
                signed_in: started_at.map(|at| Moment::new(at, page.zone)),
                user,
            })
        }
        None => None,
    };
    Ok(ProfilePage { page, profile })
}
