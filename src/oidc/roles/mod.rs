//! Which role the claims give. Pure functions that no document can upset: one claim is looked
//! at, and what is not understood there counts for nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    claims::{Documents, Source},
    id_token::Claims,
};
use crate::{
    config::RolesConfig,
    users::{Role, RoleAssignment},
};

/// ZITADEL's role claim of the client's own project.
const OWN_PROJECT: &str = "urn:zitadel:iam:org:project:roles";

/// What the role claims came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Roles {
    /// The strongest role, if any.
    pub strongest: Option<RoleAssignment>,
    /// Where the claim that decided was found; `None` when there was no such claim.
    pub source: Option<Source>,
}

/// Which claims hold roles and what the roles are called there.
#[derive(Clone, Debug)]
pub struct RoleRules {
    /// Claims; the first that is present decides, whatever it holds.
    claims: Vec<String>,
    /// The provider's name for each role, compared exactly.
    names: Vec<(String, Role)>,
    /// The organisations that can make somebody admin; none listed means any.
    admin_orgs: Vec<String>,
}

/// A role, and the organisation that is named beside it.
#[derive(Clone, Copy)]
struct Given<'a> {
    role: Role,
    organisation: Option<&'a str>,
}

impl RoleRules {
    /// The rules of `config`. Unless it names a claim these are ZITADEL's: that of `project`,
    /// else that of the client's own project.
    #[must_use]
    pub fn new(config: &RolesConfig, project: Option<&str>) -> Self {
        let of_project = project.map(|id| format!("urn:zitadel:iam:org:project:{id}:roles"));
        let claims = match &config.claim {
            Some(claim) => vec![claim.clone()],
            None => of_project
                .into_iter()
                .chain([OWN_PROJECT.to_owned()])
                .collect(),
        };
        let names = [
            (Role::Admin, &config.admin),
            (Role::Staff, &config.staff),
            (Role::User, &config.user),
        ];
        let names = names
            .into_iter()
            .flat_map(|(role, names)| names.iter().map(move |name| (name.clone(), role)));
        Self {
            claims,
            names: names.collect(),
            admin_orgs: config.admin_orgs.clone(),
        }
    }

    /// The claims that may hold roles.
    #[must_use]
    pub fn claim_names(&self) -> &[String] {
        &self.claims
    }

    /// Reads the roles out of `documents`.
    #[must_use]
    pub fn read(&self, documents: Documents<'_>) -> Roles {
        let Some((name, (claim, source))) = self.claim(documents) else {
            return Roles {
                strongest: None,
                source: None,
            };
        };
        let strongest = self.strongest(claim);
        Roles {
            strongest: strongest
                .map(|given| RoleAssignment::read_from(name, given.role, given.organisation)),
            source: Some(source),
        }
    }

    /// Every role in the claim that decides, by the provider's name for it, whatever it means
    /// here.
    #[must_use]
    pub fn names(&self, documents: Documents<'_>) -> BTreeSet<String> {
        match self.claim(documents) {
            Some((_, (Value::Object(roles), _))) => keys(roles).cloned().collect(),
            Some((_, (Value::Array(items), _))) if items.iter().all(Value::is_object) => {
                let objects = items.iter().filter_map(Value::as_object);
                objects.flat_map(keys).cloned().collect()
            }
            Some((_, (Value::Array(items), _))) if items.iter().all(Value::is_string) => {
                let names = items.iter().filter_map(Value::as_str);
                names.map(str::to_owned).collect()
            }
            _ => BTreeSet::new(),
        }
    }

    /// The claim that decides, under its name.
    fn claim<'a>(&self, documents: Documents<'a>) -> Option<(&str, (&'a Value, Source))> {
        let mut names = self.claims.iter();
        names.find_map(|name| Some((name.as_str(), documents.find(name)?)))
    }

    /// An object keyed by role, a list of names, or a list of such objects; nothing else.
    fn strongest<'a>(&self, claim: &'a Value) -> Option<Given<'a>> {
        match claim {
            Value::Object(roles) => self.strongest_key(roles),
            Value::Array(items) if items.iter().all(Value::is_string) => items
                .iter()
                .filter_map(|name| self.given(name.as_str()?, None))
                .max_by_key(|given| given.role),
            Value::Array(items) if items.iter().all(Value::is_object) => {
                let objects = items.iter().filter_map(Value::as_object);
                objects
                    .filter_map(|roles| self.strongest_key(roles))
                    .max_by_key(|given| given.role)
            }
            _ => None,
        }
    }

    /// The keys decide; each value is the map of the organisations that granted the role.
    fn strongest_key<'a>(&self, roles: &'a Claims) -> Option<Given<'a>> {
        roles
            .iter()
            .filter_map(|(name, organisations)| self.given(name, Some(organisations.as_object()?)))
            .max_by_key(|given| given.role)
    }

    /// The role called `name`, if one of `organisations` may give it.
    fn given<'a>(&self, name: &str, organisations: Option<&'a Claims>) -> Option<Given<'a>> {
        let (_, role) = self.names.iter().find(|(known, _)| known == name)?;
        let is_limited = *role == Role::Admin && !self.admin_orgs.is_empty();
        let organisation = organisations
            .into_iter()
            .flatten()
            .find(|(id, _)| !is_limited || self.admin_orgs.contains(id));
        if is_limited && organisation.is_none() {
            return None;
        }
        Some(Given {
            role: *role,
            organisation: organisation.and_then(|(id, domain)| label(id, domain)),
        })
    }
}

/// The roles in an object keyed by role.
fn keys(roles: &Claims) -> impl Iterator<Item = &String> {
    let granted = roles
        .iter()
        .filter(|(_, organisations)| organisations.is_object());
    granted.map(|(name, _)| name)
}

/// What to call an organisation: its primary domain, else its id, if that is one plain word.
fn label<'a>(id: &'a str, domain: &'a Value) -> Option<&'a str> {
    let is_word = |text: &&str| {
        (1..=253).contains(&text.len())
            && !text.contains(|c: char| c.is_whitespace() || c.is_control())
    };
    domain.as_str().filter(is_word).or(Some(id).filter(is_word))
}

#[cfg(test)]
mod tests;
