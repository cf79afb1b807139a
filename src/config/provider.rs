//! One OpenID Provider and our registration there.

use std::time::Duration;

use url::Url;

use super::{Credential, LogoutUrl, RolesConfig};

/// What the first provider is called.
pub(super) const FIRST: &str = "default";

/// A client of the provider beside the one that signs people in.
#[derive(Clone, Debug)]
pub struct ApiClient {
    /// `OIDC_API_CLIENT_ID`.
    pub id: String,
    /// `OIDC_API_CLIENT_SECRET`, or `OIDC_API_PRIVATE_KEY_FILE`.
    pub credential: Credential,
}

/// How a provider's access tokens are checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AccessTokens {
    /// `introspect`: the provider is asked about each (RFC 7662).
    Introspected,
    /// `jwt`: those that say that they are JWT access tokens (RFC 9068) are verified here, and
    /// nobody hears of one that was revoked; the provider is asked about all others.
    VerifiedHere,
}

/// One OpenID Provider and our registration there.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// Its name here, in addresses and logs: lower-case letters, digits and hyphens.
    pub id: String,
    /// `OIDC_LABEL`: its name for people.
    pub label: String,
    /// `OIDC_OP_BASE_URL`: discovery is under `/.well-known/openid-configuration` below it.
    pub op_base_url: Url,
    /// `OIDC_RP_CLIENT_ID`.
    pub client_id: String,
    /// `OIDC_RP_CLIENT_SECRET`, or `OIDC_RP_PRIVATE_KEY_FILE`.
    pub credential: Credential,
    /// `ZITADEL_PROJECT`: the project whose roles count.
    pub project: Option<String>,
    /// Which claim holds roles, and what they are called there.
    pub roles: RolesConfig,
    /// `OIDC_RP_SCOPES`: replaces the scopes that are asked for by default.
    pub scopes: Vec<String>,
    /// `OIDC_RP_SIGN_ALGO`: the one signature of ID tokens that is believed; without it, each
    /// that the provider announces and only it can make.
    pub sign_algo: Option<String>,
    /// `OIDC_MAX_AGE`: how long ago people may have signed in at the provider.
    pub max_age: Option<Duration>,
    /// `OIDC_TRUSTED_AUDIENCES`: audiences of an ID token beside us that are fine without `azp`.
    pub trusted_audiences: Vec<String>,
    /// `OIDC_AUDIENCE`: the `audience` parameter of the authorization request.
    pub audience: Option<String>,
    /// `OIDC_SIGNUP_PARAM`: asks for a registration in place of `prompt=create`.
    pub signup_param: Option<(String, String)>,
    /// `OIDC_SELECT_ACCOUNT`: whether it knows `prompt=select_account`; else `prompt=login` has to
    /// do for another account.
    pub select_account: bool,
    /// `OIDC_AUTH_EXTRA_PARAMS`: further parameters of every authorization request.
    pub extra_params: Vec<(String, String)>,
    /// `OIDC_OP_DISCOVERY_URL`: the discovery document's own address, where that is not below
    /// `op_base_url`.
    pub discovery_url: Option<Url>,
    /// `OIDC_OP_LOGOUT_URL`: ends the session at a provider that names no end-session endpoint.
    pub logout_url: Option<LogoutUrl>,
    /// `OIDC_CREATE_USER`: whether people may come in who never did before.
    pub create_user: bool,
    /// `OIDC_REQUIRE_VERIFIED_EMAIL`: whether only people may come in whose e-mail address the
    /// provider has verified.
    pub require_verified_email: bool,
    /// Who asks about access tokens; without it, the client that signs people in.
    pub api_client: Option<ApiClient>,
    /// `OIDC_API_TOKENS`: how access tokens are checked.
    pub access_tokens: AccessTokens,
}

impl ProviderConfig {
    /// The first provider, with what it cannot do without.
    #[must_use]
    pub fn new(op_base_url: Url, client_id: String, credential: impl Into<Credential>) -> Self {
        Self {
            id: FIRST.to_owned(),
            label: op_base_url.host_str().unwrap_or_default().to_owned(),
            op_base_url,
            client_id,
            credential: credential.into(),
            project: None,
            roles: RolesConfig::default(),
            scopes: default_scopes(None),
            sign_algo: None,
            max_age: None,
            trusted_audiences: Vec::new(),
            audience: None,
            signup_param: None,
            select_account: true,
            extra_params: Vec::new(),
            discovery_url: None,
            logout_url: None,
            create_user: true,
            require_verified_email: false,
            api_client: None,
            access_tokens: AccessTokens::Introspected,
        }
    }

    /// The same with the roles of a ZITADEL project, and the scopes that ask for them.
    #[must_use]
    pub fn of_project(self, project: String) -> Self {
        Self {
            scopes: default_scopes(Some(&project)),
            project: Some(project),
            ..self
        }
    }

    /// Whether it takes the plain names and addresses.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.id == FIRST
    }

    /// Whether an ID token without `azp` may name `audience` beside us: ZITADEL names the project.
    #[must_use]
    pub fn trusts_audience(&self, audience: &str) -> bool {
        let mut trusted = self.project.iter().chain(&self.trusted_audiences);
        trusted.any(|trusted| trusted == audience)
    }

    /// Whether `issuer` is this provider's. Some issuers end with a slash that the configuration
    /// may leave out; two providers that differ in nothing else are refused at start.
    #[must_use]
    pub fn has_issuer(&self, issuer: &str) -> bool {
        let own = self.op_base_url.as_str().trim_end_matches('/');
        issuer == own || issuer.strip_suffix('/') == Some(own)
    }
}

/// The scopes asked for: profile and e-mail, and with a project both ZITADEL scopes that bring
/// its roles whether or not "Assert Roles on Authentication" is on.
pub(super) fn default_scopes(project: Option<&str>) -> Vec<String> {
    let mut scopes: Vec<_> = ["openid", "email", "phone", "profile"]
        .map(str::to_owned)
        .to_vec();
    if let Some(project) = project {
        scopes.push("urn:zitadel:iam:org:projects:roles".to_owned());
        scopes.push(format!("urn:zitadel:iam:org:project:id:{project}:aud"));
    }
    scopes
}
