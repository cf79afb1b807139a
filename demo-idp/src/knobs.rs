//! The knobs: everything a test can make this provider do differently, with ZITADEL's behaviour as
//! the starting point. [`crate::profile`] has other makers' settings.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    client_key::ClientKey,
    endpoint::{Endpoint, Paths},
    faults::Fault,
    jwt::Minting,
    patch::Patch,
};

/// All settings of a provider; every request sees one consistent copy.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// Appended to the issuer, as Auth0 appends a slash. Only read when the provider starts.
    pub issuer_suffix: String,
    /// Where the endpoints are.
    pub paths: Paths,
    /// Endpoints that fail.
    pub faults: BTreeMap<Endpoint, Fault>,
    /// Nobody answers: new connections are closed at once.
    pub offline: bool,
    /// Seconds added to the `Date` header.
    pub date_shift_secs: i64,
    /// Changes to the discovery document.
    pub discovery: Patch,
    /// The published keys.
    pub jwks: JwksKnobs,
    /// The authorization endpoint and the sign-in page.
    pub authorize: AuthorizeKnobs,
    /// How clients may authenticate; the discovery document says so.
    pub client_auth: Vec<ClientAuth>,
    /// The key that clients have registered to sign assertions with, instead of showing a secret.
    pub client_key: Option<ClientKey>,
    /// Changes to successful answers of the token endpoint.
    pub token_answer: Patch,
    /// ID tokens.
    pub id_token: Minting,
    /// Seconds an ID token lives.
    pub id_token_secs: i64,
    /// Profile claims in the ID token as well ("User Info inside ID Token").
    pub id_token_user_info: bool,
    /// Access tokens.
    pub access_token: AccessTokenKnobs,
    /// Who gets refresh tokens.
    pub refresh_tokens: RefreshTokens,
    /// Seconds a refresh token lives.
    pub refresh_token_secs: i64,
    /// UserInfo answers; `header` and `signing` count when `userinfo_signed` is on.
    pub userinfo: Minting,
    /// UserInfo is a signed JWT (OpenID Connect Core section 5.3.2).
    pub userinfo_signed: bool,
    /// Changes to introspection answers about active tokens.
    pub introspection: Patch,
    /// How roles are claimed.
    pub roles: RolesKnobs,
    /// Who is in the audience.
    pub audience: Audience,
    /// Sign-out.
    pub logout: LogoutKnobs,
    /// The device flow.
    pub device: DeviceKnobs,
}

/// The JWKS answer.
#[derive(Clone, Debug)]
pub struct JwksKnobs {
    /// Keys are published without `kid`.
    pub without_kids: bool,
    /// Keys for ES256, ES384 and `EdDSA` are published, and the algorithms announced.
    pub curves: bool,
    /// Further keys, published after the real ones.
    pub extra: Vec<Value>,
    /// The `Cache-Control` header.
    pub cache_control: String,
}

/// The authorization endpoint.
#[derive(Clone, Debug, Default)]
pub struct AuthorizeKnobs {
    /// Answer every proper request with this error.
    pub error: Option<AuthorizeError>,
    /// Changes to the parameters of the answer, such as `state`; values are strings.
    pub answer: Patch,
    /// Sign this subject in without showing the page, as if the button had been pressed.
    pub pick: Option<String>,
    /// Refuse requests without PKCE; with it, the verifier is always checked.
    pub require_pkce: bool,
    /// A parameter that asks for registration as `prompt=create` does, such as Auth0's.
    pub signup_param: Option<(String, String)>,
    /// Refuse unknown scopes with `invalid_scope` instead of ignoring them.
    pub strict_scopes: bool,
}

/// An error answer of the authorization endpoint (RFC 6749 section 4.1.2.1).
#[derive(Clone, Debug)]
pub struct AuthorizeError {
    /// `error`.
    pub code: String,
    /// `error_description`.
    pub description: Option<String>,
}

impl AuthorizeError {
    /// An error with a description.
    #[must_use]
    pub fn new(code: &str, description: &str) -> Self {
        Self {
            code: code.to_owned(),
            description: Some(description.to_owned()),
        }
    }
}

/// A way to authenticate at the token endpoint (OpenID Connect Core section 9).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClientAuth {
    /// `client_secret_basic`.
    Basic,
    /// `client_secret_post`.
    Post,
    /// `private_key_jwt`, for clients with a registered key.
    PrivateKeyJwt,
}

impl ClientAuth {
    /// The registered name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }
}

/// Access tokens: opaque unless a test wants to look inside.
#[derive(Clone, Debug)]
pub struct AccessTokenKnobs {
    /// Issue JSON Web Tokens.
    pub jwt: bool,
    /// How they are made.
    pub minting: Minting,
    /// Seconds they live.
    pub lifetime_secs: i64,
}

/// Where a claim goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Placement {
    /// As the maker does it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How roles are claimed.
#[derive(Clone, Debug)]
pub struct RolesKnobs {
    /// The project switch "Assert Roles on Authentication".
    pub assert: bool,
    /// Roles in the ID token; by itself only when a roles scope was asked.
    pub in_id_token: Placement,
    /// Roles in UserInfo and introspection.
    pub in_userinfo: Placement,
    /// The shape of the claim.
    pub style: RolesStyle,
}

/// Who gets refresh tokens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RefreshTokens {
    /// Whoever asks with the scope `offline_access`.
    OnRequest,
    /// Everybody.
    Always,
}

/// The shape of the roles claim.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RolesStyle {
    /// `urn:zitadel:iam:org:project:ID:roles` and its unqualified twin.
    Zitadel,
    /// An array of role keys under this name, as an Auth0 Action sets it.
    Named(String),
    /// `realm_access.roles`.
    Keycloak,
    /// No roles at all.
    None,
}

/// Who is in the audience of tokens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Audience {
    /// Every client of the project and the project, as an array.
    Project,
    /// The client only, as a string.
    Client,
}

/// Sign-out.
#[derive(Clone, Debug, Default)]
pub struct LogoutKnobs {
    /// What happens when no `id_token_hint` is sent.
    pub without_hint: WithoutHint,
    /// A second name of `post_logout_redirect_uri`, such as Auth0's `returnTo`.
    pub return_param: Option<String>,
    /// Refuse expired hints, as older ZITADEL versions did.
    pub refuse_expired_hints: bool,
    /// The logout tokens sent when a session ends.
    pub token: Minting,
    /// Send no logout tokens by itself.
    pub silent: bool,
}

/// Sign-out without an `id_token_hint`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum WithoutHint {
    /// As with one.
    #[default]
    Proceed,
    /// Ask the person first.
    Confirm,
    /// End the session, and do not redirect back.
    Stay,
}

/// The device flow.
#[derive(Clone, Debug)]
pub struct DeviceKnobs {
    /// Seconds a device code lives.
    pub lifetime_secs: i64,
    /// Seconds between two polls; sooner is answered with `slow_down`. 0 allows any pace.
    pub interval_secs: i64,
    /// Changes to the device authorization answer.
    pub answer: Patch,
}

impl Knobs {
    /// Makes one endpoint fail, or work again with [`Fault::None`].
    pub fn fault(&mut self, endpoint: Endpoint, fault: Fault) {
        self.faults.insert(endpoint, fault);
    }

    /// Answers every authorization request with this error code.
    pub fn authorize_error(&mut self, code: &str) {
        self.authorize.error = Some(AuthorizeError {
            code: code.to_owned(),
            description: None,
        });
    }
}

impl Default for Knobs {
    fn default() -> Self {
        const HALF_DAY: i64 = 12 * 60 * 60;
        Self {
            issuer_suffix: String::new(),
            paths: Paths::default(),
            faults: BTreeMap::new(),
            offline: false,
            date_shift_secs: 0,
            discovery: Patch::default(),
            jwks: JwksKnobs {
                without_kids: false,
                curves: false,
                extra: Vec::new(),
                cache_control: "max-age=300, must-revalidate".to_owned(),
            },
            authorize: AuthorizeKnobs::default(),
            client_auth: vec![
                ClientAuth::Basic,
                ClientAuth::Post,
                ClientAuth::PrivateKeyJwt,
            ],
            client_key: None,
            token_answer: Patch::default(),
            id_token: Minting::default(),
            id_token_secs: HALF_DAY,
            id_token_user_info: false,
            access_token: AccessTokenKnobs {
                jwt: false,
                minting: Minting::default(),
                lifetime_secs: HALF_DAY,
            },
            refresh_tokens: RefreshTokens::OnRequest,
            refresh_token_secs: 30 * 2 * HALF_DAY,
            userinfo: Minting::default(),
            userinfo_signed: false,
            introspection: Patch::default(),
            roles: RolesKnobs {
                assert: true,
                in_id_token: Placement::Auto,
                in_userinfo: Placement::Auto,
                style: RolesStyle::Zitadel,
            },
            audience: Audience::Project,
            logout: LogoutKnobs::default(),
            device: DeviceKnobs {
                lifetime_secs: 300,
                interval_secs: 5,
                answer: Patch::default(),
            },
        }
    }
}
