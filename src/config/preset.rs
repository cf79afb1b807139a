//! What is usual at well-known providers. A preset sets what the settings of a provider would;
//! a setting that is there beats it.

use url::Url;

use super::{LogoutUrl, ProviderConfig, RolesConfig, provider::default_scopes};

/// A well-known maker of OpenID Providers (`OIDC_PRESET`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Preset {
    Zitadel,
    Auth0,
    Keycloak,
    DjangoOidcProvider,
    Generic,
}

impl Preset {
    /// The words for them, as problems list them.
    pub const WORDS: &str = "zitadel, auth0, keycloak, django-oidc-provider or generic";

    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "zitadel" => Self::Zitadel,
            "auth0" => Self::Auth0,
            "keycloak" => Self::Keycloak,
            "django-oidc-provider" => Self::DjangoOidcProvider,
            "generic" => Self::Generic,
            _ => return None,
        })
    }

    /// Sets what is usual there.
    pub fn apply(self, provider: ProviderConfig) -> ProviderConfig {
        match self {
            Self::Zitadel => provider,
            Self::Auth0 => ProviderConfig {
                signup_param: Some(("screen_hint".to_owned(), "signup".to_owned())),
                logout_url: auth0_logout(&provider.op_base_url),
                ..plain(provider)
            },
            Self::Keycloak => roles_in("realm_access.roles", plain(provider)),
            // At `prompt=select_account` it asks for the password again and again.
            Self::DjangoOidcProvider => ProviderConfig {
                select_account: false,
                ..roles_in("roles", plain(provider))
            },
            Self::Generic => roles_in("roles", plain(provider)),
        }
    }
}

/// Some providers refuse scopes that they do not know, and few ask people for a phone number.
fn plain(provider: ProviderConfig) -> ProviderConfig {
    let mut scopes = default_scopes(provider.project.as_deref());
    scopes.retain(|scope| scope != "phone");
    ProviderConfig { scopes, ..provider }
}

fn roles_in(claim: &str, provider: ProviderConfig) -> ProviderConfig {
    let claim = Some(claim.to_owned());
    ProviderConfig {
        roles: RolesConfig {
            claim,
            ..provider.roles
        },
        ..provider
    }
}

/// Tenants name an end-session endpoint only when that is switched on; this one is always there.
fn auth0_logout(tenant: &Url) -> Option<LogoutUrl> {
    let mut url = tenant.join("v2/logout").ok()?;
    let [client_id, back] = LogoutUrl::PLACES;
    url.query_pairs_mut()
        .append_pair("client_id", client_id)
        .append_pair("returnTo", back);
    LogoutUrl::new(url)
}
