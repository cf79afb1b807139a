//! The endpoints and where they are found: ZITADEL's paths unless a test moves them.

use std::collections::BTreeMap;

/// One address of the provider.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Endpoint {
    /// Provider metadata (OpenID Connect Discovery section 4).
    Discovery,
    /// Signing keys (RFC 7517 section 5).
    Jwks,
    /// Authorization endpoint (OpenID Connect Core section 3.1.2).
    Authorize,
    /// Where the account picker posts to.
    SignIn,
    /// Token endpoint (RFC 6749 section 3.2).
    Token,
    /// UserInfo endpoint (OpenID Connect Core section 5.3).
    UserInfo,
    /// Introspection (RFC 7662).
    Introspection,
    /// Revocation (RFC 7009).
    Revocation,
    /// RP-initiated logout (OpenID Connect RP-Initiated Logout section 2).
    EndSession,
    /// Device authorization (RFC 8628 section 3.1).
    DeviceAuthorization,
    /// The page on which a person enters the user code (RFC 8628 section 3.3).
    Device,
    /// What this provider is, for people who come to its root.
    Home,
    /// The stylesheet of the pages.
    Stylesheet,
    /// Any other path.
    Unknown,
}

impl Endpoint {
    /// Every endpoint with a path, and ZITADEL's path for it.
    const ZITADEL: [(Self, &str); 13] = [
        (Self::Discovery, "/.well-known/openid-configuration"),
        (Self::Jwks, "/oauth/v2/keys"),
        (Self::Authorize, "/oauth/v2/authorize"),
        (Self::SignIn, "/ui/login"),
        (Self::Token, "/oauth/v2/token"),
        (Self::UserInfo, "/oidc/v1/userinfo"),
        (Self::Introspection, "/oauth/v2/introspect"),
        (Self::Revocation, "/oauth/v2/revoke"),
        (Self::EndSession, "/oidc/v1/end_session"),
        (Self::DeviceAuthorization, "/oauth/v2/device_authorization"),
        (Self::Device, "/device"),
        (Self::Home, "/"),
        (Self::Stylesheet, "/demo-idp.css"),
    ];

    /// Whether this endpoint answers to `method`.
    pub(crate) fn allows(self, method: &str) -> bool {
        let (get, post) = (method == "GET", method == "POST");
        match self {
            Self::Discovery | Self::Jwks | Self::Home | Self::Stylesheet => get,
            Self::SignIn
            | Self::Token
            | Self::Introspection
            | Self::Revocation
            | Self::DeviceAuthorization => post,
            Self::Authorize | Self::UserInfo | Self::EndSession | Self::Device => get || post,
            Self::Unknown => true,
        }
    }
}

/// The path of each endpoint, below the base path.
#[derive(Clone, Debug)]
pub struct Paths(BTreeMap<Endpoint, String>);

impl Default for Paths {
    fn default() -> Self {
        Self(
            Endpoint::ZITADEL
                .map(|(endpoint, path)| (endpoint, path.to_owned()))
                .into(),
        )
    }
}

impl Paths {
    /// Moves an endpoint; `path` begins with a slash.
    pub fn set(&mut self, endpoint: Endpoint, path: impl Into<String>) {
        self.0.insert(endpoint, path.into());
    }

    /// The path of `endpoint`; empty for [`Endpoint::Unknown`].
    #[must_use]
    pub fn get(&self, endpoint: Endpoint) -> &str {
        self.0.get(&endpoint).map_or("", String::as_str)
    }

    /// The endpoint at `path`.
    #[must_use]
    pub fn find(&self, path: &str) -> Endpoint {
        self.0
            .iter()
            .find(|(_, candidate)| *candidate == path)
            .map_or(Endpoint::Unknown, |(endpoint, _)| *endpoint)
    }
}
