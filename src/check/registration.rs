//! What to enter at each provider, from `BASE_URL` and nothing else.

use std::fmt;

use serde::Serialize;

use super::provider::Subject;
use crate::{
    oidc::{metadata, provider::Callback},
    paths,
};

/// The addresses that a provider has to know.
#[derive(Clone, Debug, Serialize)]
pub struct Registration {
    provider: String,
    redirect_uri: String,
    redirect_uri_for_programs: String,
    post_logout_redirect_uri: String,
    backchannel_logout_uri: String,
}

impl Registration {
    /// The addresses for one provider.
    #[must_use]
    pub fn at(subject: &Subject<'_>) -> Self {
        let address = |path| metadata::absolute(&subject.config.site, path);
        Self {
            provider: subject.provider.config.label.clone(),
            redirect_uri: subject.provider.redirect_uri(),
            redirect_uri_for_programs: subject.provider.redirect_uri_at(Callback::Programs),
            post_logout_redirect_uri: address(paths::LOGOUT),
            backchannel_logout_uri: address(paths::BACKCHANNEL_LOGOUT),
        }
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Register at {}", self.provider)?;
        writeln!(f, "  redirect URI              {}", self.redirect_uri)?;
        let for_programs = &self.redirect_uri_for_programs;
        writeln!(
            f,
            "  and for programs          {for_programs} (if people sign in with them)"
        )?;
        let post_logout = &self.post_logout_redirect_uri;
        writeln!(f, "  post-logout redirect URI  {post_logout}")?;
        let backchannel = &self.backchannel_logout_uri;
        writeln!(f, "  back-channel logout URI   {backchannel} (if offered)")
    }
}
