//! What to enter at the provider, from `BASE_URL` and nothing else.

use std::fmt;

use serde::Serialize;

use crate::{config::Config, oidc::metadata, paths};

/// The addresses that the provider has to know.
#[derive(Clone, Debug, Serialize)]
pub struct Registration {
    redirect_uri: String,
    post_logout_redirect_uri: String,
    backchannel_logout_uri: String,
}

impl Registration {
    /// The addresses of the site that is configured.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let address = |path| metadata::absolute(&config.site, path);
        Self {
            redirect_uri: address(paths::CALLBACK),
            post_logout_redirect_uri: address(paths::LOGOUT),
            backchannel_logout_uri: address(paths::BACKCHANNEL_LOGOUT),
        }
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Register at the provider")?;
        writeln!(f, "  redirect URI             {}", self.redirect_uri)?;
        let post_logout = &self.post_logout_redirect_uri;
        writeln!(f, "  post-logout redirect URI {post_logout}")?;
        let backchannel = &self.backchannel_logout_uri;
        writeln!(f, "  back-channel logout URI  {backchannel} (optional)")
    }
}
