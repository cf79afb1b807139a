//! One OpenID Provider and our registration there. The first takes the plain names; each further
//! one, named in `OIDC_PROVIDERS`, takes the same names behind its own: `PARTNER_OIDC_OP_BASE_URL`.

use url::Url;

use super::{Environment, Secret, reader::Reader};

/// What the first provider is called.
const FIRST: &str = "default";

/// The names that each provider can have.
pub(super) const NAMES: &[&str] = &[
    "OIDC_OP_BASE_URL",
    "OIDC_RP_CLIENT_ID",
    "OIDC_RP_CLIENT_SECRET",
    "ZITADEL_PROJECT",
    "OIDC_RP_SCOPES",
    "OIDC_LABEL",
];

/// Longest label, in characters: it stands on a button.
const LONGEST_LABEL: usize = 60;

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
    /// `OIDC_RP_CLIENT_SECRET`.
    pub client_secret: Secret,
    /// `ZITADEL_PROJECT`: the project whose roles count.
    pub project: Option<String>,
    /// `OIDC_RP_SCOPES`: replaces the scopes that are asked for by default.
    pub scopes: Vec<String>,
}

impl ProviderConfig {
    /// The first provider, with what it cannot do without.
    #[must_use]
    pub fn new(op_base_url: Url, client_id: String, client_secret: Secret) -> Self {
        Self {
            id: FIRST.to_owned(),
            label: op_base_url.host_str().unwrap_or_default().to_owned(),
            op_base_url,
            client_id,
            client_secret,
            project: None,
            scopes: default_scopes(None),
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
fn default_scopes(project: Option<&str>) -> Vec<String> {
    let mut scopes: Vec<_> = ["openid", "email", "phone", "profile"]
        .map(str::to_owned)
        .to_vec();
    if let Some(project) = project {
        scopes.push("urn:zitadel:iam:org:projects:roles".to_owned());
        scopes.push(format!("urn:zitadel:iam:org:project:id:{project}:aud"));
    }
    scopes
}

/// What stands before the names of the provider called `id`.
fn prefix(id: &str) -> String {
    format!("{}_", id.to_ascii_uppercase().replace('-', "_"))
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
        let base_name = name("OIDC_OP_BASE_URL");
        let op = self.required(&base_name);
        let op_base_url = op.and_then(|text| self.url(&base_name, &text));
        let client_id = self.required(&name("OIDC_RP_CLIENT_ID"));
        let client_secret = self.required(&name("OIDC_RP_CLIENT_SECRET"));
        let project = self.env.get(&name("ZITADEL_PROJECT")).map(str::to_owned);
        let scopes = self.scopes(&name("OIDC_RP_SCOPES"));
        let label = self.label(&name("OIDC_LABEL"));
        let secret = client_secret.map(Secret::new);
        let mut provider = ProviderConfig::new(op_base_url?, client_id?, secret?);
        if let Some(project) = project {
            provider = provider.of_project(project);
        }
        Some(ProviderConfig {
            id: id.to_owned(),
            label: label.unwrap_or(provider.label),
            scopes: scopes.unwrap_or(provider.scopes),
            ..provider
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
