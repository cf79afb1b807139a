//! The provider's own description of itself (OpenID Connect Discovery 1.0, section 3), checked,
//! and the client that speaks to it.

use openidconnect::{
    AdditionalProviderMetadata, AuthType, ClientId, ClientSecret, EndSessionUrl, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, ProviderMetadata, RedirectUrl, TokenUrl, UserInfoUrl,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod,
        CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::http::Outage;
use crate::{
    clock::Timestamp,
    config::{ASYMMETRIC, ProviderConfig, SiteConfig, is_loopback},
};

/// What the document may say beyond OpenID Connect Discovery.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Further {
    /// OpenID Connect RP-Initiated Logout 1.0, section 2.1.
    end_session_endpoint: Option<EndSessionUrl>,
    /// RFC 8414, section 2; RFC 7009.
    revocation_endpoint: Option<Url>,
    /// RFC 8414, section 2; RFC 7662.
    introspection_endpoint: Option<Url>,
    /// RFC 8628, section 4.
    device_authorization_endpoint: Option<Url>,
    /// RFC 9207, section 3.
    #[serde(default)]
    authorization_response_iss_parameter_supported: Option<bool>,
    /// RFC 8414, section 2.
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    /// OpenID Connect Back-Channel Logout 1.0, section 2.1.
    #[serde(default)]
    backchannel_logout_supported: Option<bool>,
}

impl Further {
    /// Where a person's session at the provider is ended.
    #[must_use]
    pub fn end_session_endpoint(&self) -> Option<&EndSessionUrl> {
        self.end_session_endpoint.as_ref()
    }

    /// Whether PKCE with SHA-256 is announced (RFC 7636, 4.2).
    #[must_use]
    pub fn announces_s256(&self) -> bool {
        let methods = self.code_challenge_methods_supported.iter().flatten();
        methods.into_iter().any(|method| method == "S256")
    }

    /// Whether it says when a session has ended there.
    #[must_use]
    pub fn announces_backchannel_logout(&self) -> bool {
        self.backchannel_logout_supported == Some(true)
    }
}

impl AdditionalProviderMetadata for Further {}

/// The discovery document.
pub type Metadata = ProviderMetadata<
    Further,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A client that knows where to authorize, redeem and, perhaps, ask for userinfo.
pub type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointMaybeSet,
>;

/// The provider as it was found.
#[derive(Debug)]
pub struct Discovered {
    /// Its metadata with its keys.
    pub metadata: Metadata,
    /// The client that speaks to it.
    pub client: Client,
    /// When to ask again.
    pub fresh_until: Timestamp,
}

impl Discovered {
    /// Sets up the client for checked metadata.
    ///
    /// # Errors
    /// When there is no token endpoint.
    pub fn new(
        metadata: Metadata,
        config: &ProviderConfig,
        redirect_uri: String,
        fresh_until: Timestamp,
    ) -> Result<Self, Outage> {
        let token_endpoint = metadata
            .token_endpoint()
            .cloned()
            .ok_or_else(|| Outage("discovery names no token endpoint".to_owned()))?;
        let redirect_uri =
            RedirectUrl::new(redirect_uri).map_err(|error| Outage(error.to_string()))?;
        let secret = config.credential.secret();
        let secret = secret.map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let client = CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(config.client_id.clone()),
            secret,
        )
        .set_token_uri(token_endpoint)
        .set_auth_type(auth_type(&metadata))
        .set_redirect_uri(redirect_uri);
        Ok(Self {
            metadata,
            client,
            fresh_until,
        })
    }

    /// Where a person's session at the provider is ended.
    #[must_use]
    pub fn end_session_endpoint(&self) -> Option<&EndSessionUrl> {
        self.metadata
            .additional_metadata()
            .end_session_endpoint
            .as_ref()
    }

    /// Where a token is given up (RFC 7009, 2).
    #[must_use]
    pub fn revocation_endpoint(&self) -> Option<&Url> {
        let further = self.metadata.additional_metadata();
        further.revocation_endpoint.as_ref()
    }

    /// Where one asks about a token (RFC 7662, 2).
    #[must_use]
    pub fn introspection_endpoint(&self) -> Option<&Url> {
        let further = self.metadata.additional_metadata();
        further.introspection_endpoint.as_ref()
    }

    /// Where a device asks for a code (RFC 8628, 3.1).
    #[must_use]
    pub fn device_authorization_endpoint(&self) -> Option<&Url> {
        let further = self.metadata.additional_metadata();
        further.device_authorization_endpoint.as_ref()
    }

    /// Whether every answer of the authorization endpoint carries `iss` (RFC 9207).
    #[must_use]
    pub fn announces_iss(&self) -> bool {
        self.metadata
            .additional_metadata()
            .authorization_response_iss_parameter_supported
            == Some(true)
    }

    /// The origins to which the answer of a form may lead: signing out, and signing in again
    /// when the session had ended.
    #[must_use]
    pub fn form_targets(&self, config: &ProviderConfig) -> String {
        let authorize = self.metadata.authorization_endpoint().url();
        let mut origins = vec![authorize.origin().ascii_serialization()];
        if let Some(end_session) = self.end_session_endpoint() {
            origins.push(end_session.url().origin().ascii_serialization());
        }
        if let Some(own) = &config.logout_url {
            origins.push(own.origin());
        }
        origins.dedup();
        origins.join(" ")
    }
}

/// Takes a discovery document for the provider that is configured, and for no other; narrows its
/// algorithms to those that are believed.
///
/// # Errors
/// When it belongs to another issuer, names an address that is not protected, or no algorithm
/// that could be used.
pub fn checked(metadata: Metadata, config: &ProviderConfig) -> Result<Metadata, Outage> {
    check_issuer(&metadata, config)?;
    check_endpoints(&metadata, config)?;
    let usable = usable_algorithms(&metadata, config)?;
    Ok(metadata.set_id_token_signing_alg_values_supported(usable))
}

/// OpenID Connect Discovery 1.0, 4.3: whether the document is the configured provider's.
///
/// # Errors
/// When it belongs to another issuer.
pub fn check_issuer(metadata: &Metadata, config: &ProviderConfig) -> Result<(), Outage> {
    let issuer = metadata.issuer().as_str();
    if config.has_issuer(issuer) {
        return Ok(());
    }
    let expected = config.op_base_url.as_str().trim_end_matches('/');
    Err(Outage(format!(
        "discovery belongs to issuer {issuer:?}, but OIDC_OP_BASE_URL is {expected:?}"
    )))
}

/// Whether every address in the document is protected.
///
/// # Errors
/// When one is neither https nor, as the provider itself, on this machine.
pub fn check_endpoints(metadata: &Metadata, config: &ProviderConfig) -> Result<(), Outage> {
    let may_be_open = |url: &Url| is_here(config) && is_loopback(url);
    let is_open = |url: &&Url| url.scheme() != "https" && !may_be_open(url);
    match endpoints(metadata).find(is_open) {
        Some(url) => Err(Outage(format!(
            "{url} in the discovery document is not https"
        ))),
        None => Ok(()),
    }
}

/// The announced signature algorithms that are believed.
///
/// # Errors
/// When there is none.
pub fn usable_algorithms(
    metadata: &Metadata,
    config: &ProviderConfig,
) -> Result<Vec<CoreJwsSigningAlgorithm>, Outage> {
    let announced = metadata.id_token_signing_alg_values_supported();
    let usable: Vec<_> = believed(config)
        .into_iter()
        .filter(|algorithm| announced.contains(algorithm))
        .collect();
    if usable.is_empty() {
        return Err(Outage(
            "discovery names no signature algorithm that is believed".to_owned(),
        ));
    }
    Ok(usable)
}

/// Where the configured provider's discovery document is (OpenID Connect Discovery 1.0, 4).
#[must_use]
pub fn discovery_url(config: &ProviderConfig) -> Url {
    if let Some(url) = &config.discovery_url {
        return url.clone();
    }
    let mut url = config.op_base_url.clone();
    let base = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{base}/.well-known/openid-configuration"));
    url
}

/// Whether the provider is on this machine. One elsewhere does not send us to what listens here
/// for nobody else.
fn is_here(config: &ProviderConfig) -> bool {
    is_loopback(&discovery_url(config))
}

/// The algorithms that are believed when the provider announces them; `HS256` only where the
/// configuration asks for it, and then nothing else.
fn believed(config: &ProviderConfig) -> Vec<CoreJwsSigningAlgorithm> {
    let names = match &config.sign_algo {
        Some(name) => json!([name]),
        None => json!(ASYMMETRIC),
    };
    serde_json::from_value(names).unwrap_or_default()
}

fn endpoints(metadata: &Metadata) -> impl Iterator<Item = &Url> {
    let further = metadata.additional_metadata();
    [
        Some(metadata.authorization_endpoint().url()),
        Some(metadata.jwks_uri().url()),
        metadata.token_endpoint().map(TokenUrl::url),
        metadata.userinfo_endpoint().map(UserInfoUrl::url),
        further
            .end_session_endpoint
            .as_ref()
            .map(EndSessionUrl::url),
        further.revocation_endpoint.as_ref(),
        further.introspection_endpoint.as_ref(),
        further.device_authorization_endpoint.as_ref(),
    ]
    .into_iter()
    .flatten()
}

/// `client_secret_basic` unless only `client_secret_post` is offered (OpenID Connect Core, 9).
fn auth_type(metadata: &Metadata) -> AuthType {
    match metadata.token_endpoint_auth_methods_supported() {
        Some(methods)
            if methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic) =>
        {
            AuthType::RequestBody
        }
        _ => AuthType::BasicAuth,
    }
}

/// An address of this site, built from `BASE_URL` and nothing else.
#[must_use]
pub fn absolute(site: &SiteConfig, path: &str) -> String {
    format!("{}{path}", site.base_url.as_str().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    fn check(base: &str, discovery: Option<&str>, token_endpoint: &str) -> bool {
        let url = |text: &str| Url::parse(text).unwrap();
        let mut config = ProviderConfig::new(url(base), "rolecall".to_owned(), Secret::new("s"));
        config.discovery_url = discovery.map(url);
        let metadata = json!({
            "issuer": base,
            "authorization_endpoint": "https://id.example.org/authorize",
            "token_endpoint": token_endpoint,
            "jwks_uri": "https://id.example.org/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        checked(serde_json::from_value(metadata).unwrap(), &config).is_ok()
    }

    /// SEC-15.
    #[test]
    fn only_a_provider_on_this_machine_has_endpoints_here_without_https() {
        let (away, here) = ("https://id.example.org", "http://localhost:8080");
        for (base, discovery, endpoint, is_fine) in [
            (away, None, "https://id.example.org/token", true),
            (away, None, "https://other.example.org/token", true),
            (away, None, "http://id.example.org/token", false),
            (away, None, "http://localhost:9000/token", false),
            (away, None, "http://127.0.0.1/token", false),
            (away, None, "http://[::1]/token", false),
            (away, Some(here), "http://localhost:9000/token", true),
            (away, Some(here), "http://id.example.org/token", false),
            (here, None, "http://localhost:9000/token", true),
            (here, Some(away), "http://localhost:9000/token", false),
        ] {
            let checked = check(base, discovery, endpoint);
            assert_eq!(checked, is_fine, "{base} {discovery:?} {endpoint}");
        }
    }
}
