//! The people this provider knows, and the shapes in which their roles can be claimed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::patch::Patch;

/// Role key → (organisation id → primary domain), as ZITADEL grants them.
pub type Grants = BTreeMap<String, BTreeMap<String, String>>;

/// The organisation through which the sample people have their roles.
pub const ORGANISATION: (&str, &str) = ("259000000000000020", "acme.example");

/// Somebody who can be picked on the sign-in page, or a machine user with a personal access token.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Subject identifier, stable and unique (OpenID Connect Core section 2).
    pub sub: String,
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Short name to sign in with; also the end of the button's id, as in `pick-ada`.
    pub preferred_username: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the address was confirmed; claimed only together with an address.
    pub email_verified: bool,
    /// Roles in the client's project.
    pub roles: RolesClaim,
    /// Roles in other projects: project id → grants; claimed when the project's audience is asked.
    pub other_projects: BTreeMap<String, Grants>,
    /// Changes to the profile claims, such as `picture` or `locale`.
    pub claims: Patch,
    /// A machine user: never offered on the sign-in page, no e-mail and no given name.
    pub machine: bool,
}

impl Person {
    /// Ada, an administrator.
    #[must_use]
    pub fn ada() -> Self {
        Self::sample(
            "259000000000000101",
            "Ada",
            "Adler",
            RolesClaim::of(&["admin"]),
        )
    }

    /// Stan, of the staff.
    #[must_use]
    pub fn stan() -> Self {
        Self::sample(
            "259000000000000102",
            "Stan",
            "Stark",
            RolesClaim::of(&["staff"]),
        )
    }

    /// Uma, a user.
    #[must_use]
    pub fn uma() -> Self {
        Self::sample(
            "259000000000000103",
            "Uma",
            "Umbach",
            RolesClaim::of(&["user"]),
        )
    }

    /// Nora, who has an account and no role.
    #[must_use]
    pub fn nora() -> Self {
        Self::sample("259000000000000104", "Nora", "Noll", RolesClaim::Absent)
    }

    /// A machine user with these roles: name and user name only.
    #[must_use]
    pub fn machine(sub: &str, name: &str, roles: RolesClaim) -> Self {
        Self {
            sub: sub.to_owned(),
            name: Some(name.to_owned()),
            given_name: None,
            family_name: None,
            email: None,
            email_verified: false,
            machine: true,
            ..Self::sample(sub, name, "", roles)
        }
    }

    /// Somebody who has just registered (`prompt=create`): an account without a role.
    pub(crate) fn newcomer(sub: &str, number: usize) -> Self {
        let user_name = format!("newcomer-{number}");
        Self {
            email: Some(format!("{user_name}@acme.example")),
            preferred_username: user_name,
            ..Self::sample(sub, "Newcomer", &number.to_string(), RolesClaim::Absent)
        }
    }

    /// A person with a plausible profile.
    #[must_use]
    pub fn sample(sub: &str, given_name: &str, family_name: &str, roles: RolesClaim) -> Self {
        let short = given_name.to_lowercase();
        Self {
            sub: sub.to_owned(),
            name: Some(format!("{given_name} {family_name}")),
            given_name: Some(given_name.to_owned()),
            family_name: Some(family_name.to_owned()),
            email: Some(format!("{short}@acme.example")),
            email_verified: true,
            preferred_username: short,
            roles,
            other_projects: BTreeMap::new(),
            claims: Patch::default(),
            machine: false,
        }
    }

    /// What to call this person.
    pub(crate) fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.preferred_username)
    }
}

/// What the provider says about a person's roles in the client's project.
#[derive(Clone, Debug, PartialEq)]
pub enum RolesClaim {
    /// No claim at all: ZITADEL's way of saying that nothing is granted.
    Absent,
    /// `{"admin": {"ORG": "domain"}}`; without grants the claim is `{}`.
    Object(Grants),
    /// `[{"admin": {"ORG": "domain"}}]`, as parts of ZITADEL's documentation print it.
    Array(Grants),
    /// Only a claim that names this other project.
    OtherProject(String, Grants),
    /// These claims word for word, whatever was asked for.
    Claims(Map<String, Value>),
}

impl RolesClaim {
    /// These role keys, granted through the sample organisation.
    #[must_use]
    pub fn of(roles: &[&str]) -> Self {
        Self::Object(grants(roles))
    }

    /// The same as an array of objects.
    #[must_use]
    pub fn array_of(roles: &[&str]) -> Self {
        Self::Array(grants(roles))
    }

    /// One role, granted through each of these organisations: `(id, primary domain)`.
    #[must_use]
    pub fn through(role: &str, organisations: &[(&str, &str)]) -> Self {
        let named = |(id, domain): &(&str, &str)| ((*id).to_owned(), (*domain).to_owned());
        let organisations = organisations.iter().map(named).collect();
        Self::Object(Grants::from([(role.to_owned(), organisations)]))
    }

    /// The claim is there and empty: `{}`.
    #[must_use]
    pub fn empty() -> Self {
        Self::of(&[])
    }

    /// The granted role keys; unknown for claims given word for word.
    pub(crate) fn keys(&self) -> Vec<&str> {
        match self {
            Self::Object(grants) | Self::Array(grants) => {
                grants.keys().map(String::as_str).collect()
            }
            Self::Absent | Self::OtherProject(..) | Self::Claims(_) => Vec::new(),
        }
    }
}

/// Grants of these roles through the sample organisation.
#[must_use]
pub fn grants(roles: &[&str]) -> Grants {
    let (id, domain) = ORGANISATION;
    let organisations = BTreeMap::from([(id.to_owned(), domain.to_owned())]);
    roles
        .iter()
        .map(|role| ((*role).to_owned(), organisations.clone()))
        .collect()
}

/// The JSON object of grants.
pub(crate) fn object(grants: &Grants) -> Value {
    json!(grants)
}

/// The JSON array of one-role objects.
pub(crate) fn array(grants: &Grants) -> Value {
    grants
        .iter()
        .map(|(role, organisations)| json!({ role: organisations }))
        .collect()
}
