//! Reads the OpenID Providers. The first takes the plain names; each further one, named in
//! `OIDC_PROVIDERS`, takes the same names behind its own: `PARTNER_OIDC_OP_BASE_URL`.

use std::collections::{BTreeMap, BTreeSet};

use url::{Url, form_urlencoded};

use super::{
    AccessTokens, ApiClient, Environment, LogoutUrl, ProviderConfig, RolesConfig, is_loopback,
    preset::Preset, provider::FIRST, reader::Reader,
};

/// The names that each provider can have.
pub(super) const NAMES: &[&str] = &[
    "OIDC_OP_BASE_URL",
    "OIDC_RP_CLIENT_ID",
    "OIDC_RP_CLIENT_SECRET",
    "OIDC_RP_PRIVATE_KEY_FILE",
    "OIDC_RP_PRIVATE_KEY_ID",
    "ZITADEL_PROJECT",
    "OIDC_RP_SCOPES",
    "OIDC_RP_SIGN_ALGO",
    "OIDC_MAX_AGE",
    "OIDC_LABEL",
    "OIDC_ROLES_CLAIM",
    "OIDC_ROLE_ADMIN",
    "OIDC_ROLE_STAFF",
    "OIDC_ROLE_USER",
    "OIDC_ADMIN_ORGS",
    "OIDC_PRESET",
    "OIDC_TRUSTED_AUDIENCES",
    "OIDC_AUDIENCE",
    "OIDC_SIGNUP_PARAM",
    "OIDC_SELECT_ACCOUNT",
    "OIDC_AUTH_EXTRA_PARAMS",
    "OIDC_OP_DISCOVERY_URL",
    "OIDC_OP_LOGOUT_URL",
    "OIDC_CREATE_USER",
    "OIDC_REQUIRE_VERIFIED_EMAIL",
    "OIDC_API_CLIENT_ID",
    "OIDC_API_CLIENT_SECRET",
    "OIDC_API_PRIVATE_KEY_FILE",
    "OIDC_API_PRIVATE_KEY_ID",
    "OIDC_API_TOKENS",
];

/// Longest label, in characters: it stands on a button.
const LONGEST_LABEL: usize = 60;

/// Parameters that an authorization request has anyway, or whose answer nobody would understand.
const RESERVED: [&str; 16] = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "audience",
    "max_age",
    "login_hint",
    "ui_locales",
    "request",
    "request_uri",
];

/// What stands before the names of the provider called `id`.
fn prefix(id: &str) -> String {
    format!("{}_", id.to_ascii_uppercase().replace('-', "_"))
}

impl ProviderConfig {
    /// The variable in which one of its settings stands: `OIDC_RP_CLIENT_ID` of a provider called
    /// partner is `PARTNER_OIDC_RP_CLIENT_ID`.
    #[must_use]
    pub fn variable(&self, name: &str) -> String {
        if self.is_first() {
            name.to_owned()
        } else {
            format!("{}{name}", prefix(&self.id))
        }
    }
}

fn further(env: &Environment) -> impl Iterator<Item = &str> {
    let names = env.get("OIDC_PROVIDERS").unwrap_or_default().split(',');
    names.map(str::trim).filter(|name| !name.is_empty())
}

/// What stands before the names of each further provider.
pub(super) fn prefixes(env: &Environment) -> Vec<String> {
    further(env).map(prefix).collect()
}

fn is_id(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

impl Reader<'_> {
    /// Every provider, the first one first.
    pub(super) fn providers(&mut self) -> Option<Vec<ProviderConfig>> {
        let mut providers = vec![self.provider(FIRST, "")];
        let mut seen = vec![FIRST];
        for id in further(self.env) {
            if !is_id(id) || seen.contains(&id) {
                let what = "names each further provider once, like partner or lab-2";
                self.problem("OIDC_PROVIDERS", what);
                continue;
            }
            seen.push(id);
            providers.push(self.provider(id, &prefix(id)));
        }
        let providers = providers.into_iter().collect::<Option<Vec<_>>>()?;
        self.one_provider_per_issuer(&providers);
        Some(providers)
    }

    fn provider(&mut self, id: &str, prefix: &str) -> Option<ProviderConfig> {
        let name = |name: &str| format!("{prefix}{name}");
        let preset = self.preset(&name("OIDC_PRESET"));
        let registered = self.registered(prefix, preset);
        let roles = self.roles(prefix);
        if preset == Preset::Auth0 && roles.claim.is_none() {
            let what = "is missing: at Auth0 you choose the name of the claim";
            self.problem(&name("OIDC_ROLES_CLAIM"), what);
        }
        let scopes = self.scopes(&name("OIDC_RP_SCOPES"));
        let label = self.label(&name("OIDC_LABEL"));
        let signup_param = self.signup_param(&name("OIDC_SIGNUP_PARAM"));
        let select_account = self.flag(&name("OIDC_SELECT_ACCOUNT"));
        let extra_params = self.parameters(&name("OIDC_AUTH_EXTRA_PARAMS"));
        let discovery_url = self.address(&name("OIDC_OP_DISCOVERY_URL"));
        let logout_url = self.logout_url(&name("OIDC_OP_LOGOUT_URL"));
        let trusted_audiences = self.list(&name("OIDC_TRUSTED_AUDIENCES"));
        let create_user = self.flag(&name("OIDC_CREATE_USER"));
        let verified = self.flag(&name("OIDC_REQUIRE_VERIFIED_EMAIL"));
        let credential = registered.as_ref().map(|registered| &registered.credential);
        let sign_algo = self.sign_algo(&name("OIDC_RP_SIGN_ALGO"), credential);
        let max_age = self.optional_seconds(&name("OIDC_MAX_AGE"));
        let api_client = self.api_client(prefix);
        let access_tokens = self.access_tokens(&name("OIDC_API_TOKENS"));
        let registered = registered?;
        Some(ProviderConfig {
            id: id.to_owned(),
            label: label.unwrap_or(registered.label),
            roles: RolesConfig {
                claim: roles.claim.or(registered.roles.claim),
                ..roles
            },
            sign_algo,
            max_age,
            scopes: scopes.unwrap_or(registered.scopes),
            trusted_audiences: trusted_audiences.unwrap_or(registered.trusted_audiences),
            audience: self.text(&name("OIDC_AUDIENCE")),
            signup_param: signup_param.or(registered.signup_param),
            select_account: select_account.unwrap_or(registered.select_account),
            extra_params,
            discovery_url: discovery_url.or(registered.discovery_url),
            logout_url: logout_url.or(registered.logout_url),
            create_user: create_user.unwrap_or(registered.create_user),
            require_verified_email: verified.unwrap_or(registered.require_verified_email),
            api_client,
            access_tokens: access_tokens.unwrap_or(registered.access_tokens),
            ..registered
        })
    }

    /// What a provider cannot do without, with its project and its preset.
    fn registered(&mut self, prefix: &str, preset: Preset) -> Option<ProviderConfig> {
        let name = |name: &str| format!("{prefix}{name}");
        let op_base_url = self.required(&name("OIDC_OP_BASE_URL"));
        let op_base_url = op_base_url.and_then(|text| self.url(&name("OIDC_OP_BASE_URL"), &text));
        let client_id = self.required(&name("OIDC_RP_CLIENT_ID"));
        let credential = self.credential(&name("OIDC_RP_"), client_id.as_deref());
        let project = self.text(&name("ZITADEL_PROJECT"));
        let provider = ProviderConfig::new(op_base_url?, client_id?, credential?);
        let provider = match project {
            Some(project) => provider.of_project(project),
            None => provider,
        };
        Some(preset.apply(provider))
    }

    /// The client that asks about access tokens, if it is another one.
    fn api_client(&mut self, prefix: &str) -> Option<ApiClient> {
        let name = |name: &str| format!("{prefix}OIDC_API_{name}");
        let Some(id) = self.text(&name("CLIENT_ID")) else {
            for rest in ["CLIENT_SECRET", "PRIVATE_KEY_FILE", "PRIVATE_KEY_ID"] {
                if self.env.get(&name(rest)).is_some() {
                    let what = format!("means nothing without {}", name("CLIENT_ID"));
                    self.problem(&name(rest), what);
                }
            }
            return None;
        };
        let credential = self.credential(&name(""), Some(&id))?;
        Some(ApiClient { id, credential })
    }

    fn access_tokens(&mut self, name: &str) -> Option<AccessTokens> {
        match self.env.get(name)? {
            "introspect" => Some(AccessTokens::Introspected),
            "jwt" => Some(AccessTokens::VerifiedHere),
            _ => {
                self.problem(name, "is neither introspect nor jwt");
                None
            }
        }
    }

    fn preset(&mut self, name: &str) -> Preset {
        let Some(word) = self.env.get(name) else {
            return Preset::Zitadel;
        };
        Preset::from_word(word).unwrap_or_else(|| {
            self.problem(name, format_args!("is not one of {}", Preset::WORDS));
            Preset::Zitadel
        })
    }

    fn scopes(&mut self, name: &str) -> Option<Vec<String>> {
        let scopes = self.env.get(name)?.split_whitespace();
        let scopes: Vec<_> = scopes.map(str::to_owned).collect();
        if !scopes.iter().any(|scope| scope == "openid") {
            self.problem(name, "must contain openid");
        }
        Some(scopes)
    }

    /// `name=value`, with several joined by `&`, or as a JSON object of strings.
    fn parameters(&mut self, name: &str) -> Vec<(String, String)> {
        let Some(text) = self.env.get(name) else {
            return Vec::new();
        };
        let pairs: Vec<(String, String)> = if text.starts_with('{') {
            let object: Result<BTreeMap<_, _>, _> = serde_json::from_str(text);
            object.unwrap_or_default().into_iter().collect()
        } else {
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect()
        };
        let is_blank = |(name, value): &(String, String)| name.is_empty() || value.is_empty();
        if pairs.is_empty() || pairs.iter().any(is_blank) {
            self.problem(name, "is not like name=value&other=value");
        }
        let mut seen = BTreeSet::new();
        for (parameter, _) in &pairs {
            if RESERVED.contains(&parameter.as_str()) || !seen.insert(parameter) {
                self.problem(name, format_args!("cannot set {parameter:?} here"));
            }
        }
        pairs
    }

    fn signup_param(&mut self, name: &str) -> Option<(String, String)> {
        let mut pairs = self.parameters(name).into_iter();
        let pair = pairs.next();
        if pairs.next().is_some() {
            self.problem(name, "is more than one parameter");
        }
        pair
    }

    fn address(&mut self, name: &str) -> Option<Url> {
        let text = self.text(name)?;
        self.url(name, &text)
    }

    fn logout_url(&mut self, name: &str) -> Option<LogoutUrl> {
        let text = self.env.get(name)?;
        let url = Url::parse(text).ok().filter(Url::has_host);
        let url = url.filter(|url| url.scheme() == "https" || is_loopback(url));
        let logout_url = url.and_then(LogoutUrl::new);
        if logout_url.is_none() {
            let [id, back] = LogoutUrl::PLACES;
            let what = "is not an https address with nothing to fill in but";
            self.problem(name, format_args!("{what} {id} and {back} in its query"));
        }
        logout_url
    }

    fn label(&mut self, name: &str) -> Option<String> {
        let label = self.env.get(name)?;
        if label.chars().count() > LONGEST_LABEL {
            self.problem(name, "has more than 60 characters");
        }
        Some(label.to_owned())
    }

    /// A person is known by issuer and subject: whose would they be?
    fn one_provider_per_issuer(&mut self, providers: &[ProviderConfig]) {
        for (number, provider) in providers.iter().enumerate() {
            let issuer = provider.op_base_url.as_str().trim_end_matches('/');
            let mut before = providers.iter().take(number);
            if before.any(|other| other.has_issuer(issuer)) {
                let name = format!("{}OIDC_OP_BASE_URL", prefix(&provider.id));
                self.problem(&name, "is that of another provider already");
            }
        }
    }
}
