//! What claims say: the role and the profile. Pure functions that no document can upset; what
//! is not understood counts for nothing.

use serde_json::Value;

use super::id_token::Claims;
use crate::users::{Profile, Role};

/// ZITADEL's role claim of the client's own project.
const OWN_PROJECT: &str = "urn:zitadel:iam:org:project:roles";

/// Longest label kept of a profile, in characters.
const LONGEST_LABEL: usize = 200;

/// What the provider has said of a person: userinfo, which is newer, before the ID token.
#[derive(Clone, Copy, Debug, Default)]
pub struct Documents<'a> {
    /// The UserInfo response (OpenID Connect Core, 5.3.2).
    pub userinfo: Option<&'a Claims>,
    /// The claims of a verified ID token.
    pub id_token: Option<&'a Claims>,
}

/// Where a claim was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Source {
    /// In the UserInfo response.
    UserInfo,
    /// In the ID token.
    IdToken,
}

/// What the role claims came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Roles {
    /// The strongest role, if any.
    pub strongest: Option<Role>,
    /// Where the claim that decided was found; `None` when there was no such claim.
    pub source: Option<Source>,
}

/// Which claims hold roles and what the roles are called there.
#[derive(Clone, Debug)]
pub struct RoleRules {
    /// Claim names; the first that is present decides, whatever it holds.
    claims: Vec<String>,
    /// The provider's name for each role, compared exactly.
    names: Vec<(String, Role)>,
}

impl RoleRules {
    /// ZITADEL's claims: that of `project`, else that of the client's own project.
    #[must_use]
    pub fn zitadel(project: Option<&str>) -> Self {
        let of_project = project.map(|id| format!("urn:zitadel:iam:org:project:{id}:roles"));
        let names = Role::ALL
            .iter()
            .map(|role| (role.as_str().to_owned(), *role));
        Self {
            claims: of_project
                .into_iter()
                .chain([OWN_PROJECT.to_owned()])
                .collect(),
            names: names.collect(),
        }
    }

    /// Whether a document with claims of these `names` could hold roles.
    #[must_use]
    pub fn reads_any_of(&self, names: &[String]) -> bool {
        self.claims.iter().any(|claim| names.contains(claim))
    }

    /// Reads the roles out of `documents`.
    #[must_use]
    pub fn read(&self, documents: Documents<'_>) -> Roles {
        let found = self.claims.iter().find_map(|name| documents.find(name));
        Roles {
            strongest: found.and_then(|(claim, _)| self.strongest(claim)),
            source: found.map(|(_, source)| source),
        }
    }

    /// An object keyed by role, a list of names, or a list of such objects; nothing else.
    fn strongest(&self, claim: &Value) -> Option<Role> {
        match claim {
            Value::Object(roles) => self.strongest_key(roles),
            Value::Array(items) if items.iter().all(Value::is_string) => items
                .iter()
                .filter_map(|name| self.named(name.as_str()?))
                .max(),
            Value::Array(items) if items.iter().all(Value::is_object) => {
                let objects = items.iter().filter_map(Value::as_object);
                objects.filter_map(|roles| self.strongest_key(roles)).max()
            }
            _ => None,
        }
    }

    /// The keys decide; each value is the map of the organisations that granted the role.
    fn strongest_key(&self, roles: &Claims) -> Option<Role> {
        let granted = roles
            .iter()
            .filter(|(_, organisations)| organisations.is_object());
        granted.filter_map(|(name, _)| self.named(name)).max()
    }

    fn named(&self, name: &str) -> Option<Role> {
        let mut names = self.names.iter();
        names
            .find(|(known, _)| known == name)
            .map(|(_, role)| *role)
    }
}

impl<'a> Documents<'a> {
    fn find(&self, name: &str) -> Option<(&'a Value, Source)> {
        let in_userinfo = self.userinfo.and_then(|claims| claims.get(name));
        let in_id_token = self.id_token.and_then(|claims| claims.get(name));
        in_userinfo
            .map(|claim| (claim, Source::UserInfo))
            .or(in_id_token.map(|claim| (claim, Source::IdToken)))
    }

    /// The profile (OpenID Connect Core, 5.1). What is missing is empty.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let (email, email_verified) = self.email();
        Profile {
            preferred_username: self.label("preferred_username"),
            email,
            email_verified,
            given_name: self.label("given_name"),
            family_name: self.label("family_name"),
            display_name: self.label("name"),
        }
    }

    /// `email_verified` counts only for the address that stands beside it.
    fn email(&self) -> (Option<String>, bool) {
        let holder = [self.userinfo, self.id_token]
            .into_iter()
            .flatten()
            .find(|claims| claims.get("email").is_some_and(Value::is_string));
        let Some(claims) = holder else {
            return (None, false);
        };
        let email = claims.get("email").and_then(Value::as_str).map(label);
        let email = email.filter(|email| !email.is_empty());
        let verified = claims.get("email_verified") == Some(&Value::Bool(true));
        (email.clone(), verified && email.is_some())
    }

    fn label(&self, name: &str) -> String {
        let claim = self.find(name).and_then(|(claim, _)| claim.as_str());
        claim.map(label).unwrap_or_default()
    }
}

/// Text of a bearable length without control characters.
fn label(text: &str) -> String {
    let printable = text.chars().filter(|c| !c.is_control());
    printable
        .take(LONGEST_LABEL)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const PROJECT: &str = "urn:zitadel:iam:org:project:42:roles";

    #[expect(clippy::needless_pass_by_value, reason = "made for the call")]
    fn claims(value: Value) -> Claims {
        value.as_object().cloned().unwrap_or_default()
    }

    fn role_of(claim: &Value) -> Option<Role> {
        let userinfo = claims(json!({ PROJECT: claim }));
        let documents = Documents {
            userinfo: Some(&userinfo),
            id_token: None,
        };
        RoleRules::zitadel(Some("42")).read(documents).strongest
    }

    #[test]
    fn the_strongest_role_wins_in_any_order() {
        let organisation = json!({ "ORG": "acme.example" });
        for roles in [
            json!({ "admin": organisation, "staff": organisation, "user": organisation }),
            json!({ "user": organisation, "admin": organisation }),
        ] {
            assert_eq!(role_of(&roles), Some(Role::Admin));
        }
    }

    #[test]
    fn each_documented_shape_is_understood() {
        for roles in [
            json!({ "staff": { "ORG": "acme.example" } }),
            json!({ "staff": {} }),
            json!(["user", "staff"]),
            json!([{ "staff": { "ORG": "x" } }, { "user": { "ORG": "x" } }]),
        ] {
            assert_eq!(role_of(&roles), Some(Role::Staff), "{roles}");
        }
    }

    #[test]
    fn whatever_else_stands_there_is_no_role() {
        for roles in [
            json!({}),
            json!([]),
            json!(null),
            json!("admin"),
            json!("admin staff"),
            json!(true),
            json!(1),
            json!({ "Admin": {} }),
            json!({ "admin ": {} }),
            json!({ "admin": null }),
            json!({ "admin": true }),
            json!({ "roles": { "admin": {} } }),
            json!(["Admin", "ADMIN"]),
            json!(["admin", null]),
            json!([["admin"]]),
            json!({ "superuser": { "ORG": "x" } }),
        ] {
            assert_eq!(role_of(&roles), None, "{roles}");
        }
    }

    #[test]
    fn ten_thousand_roles_are_read_like_one() {
        let mut roles: Claims = (0..10_000)
            .map(|n| (format!("role-{n}"), json!({})))
            .collect();
        roles.insert("user".into(), json!({}));
        assert_eq!(role_of(&Value::Object(roles)), Some(Role::User));
    }

    fn read(project: Option<&str>, userinfo: Value, id_token: Value) -> Roles {
        let (userinfo, id_token) = (claims(userinfo), claims(id_token));
        RoleRules::zitadel(project).read(Documents {
            userinfo: Some(&userinfo),
            id_token: Some(&id_token),
        })
    }

    #[test]
    fn the_configured_project_decides_even_when_it_says_less() {
        let both = json!({ PROJECT: { "user": {} }, OWN_PROJECT: { "admin": {} } });
        assert_eq!(
            read(Some("42"), both, json!({})).strongest,
            Some(Role::User)
        );
        let empty = json!({ PROJECT: {}, OWN_PROJECT: { "admin": {} } });
        assert_eq!(read(Some("42"), empty, json!({})).strongest, None);
    }

    #[test]
    fn the_own_project_counts_when_the_configured_one_is_not_mentioned() {
        let own = json!({ OWN_PROJECT: { "staff": {} } });
        assert_eq!(
            read(Some("42"), own.clone(), json!({})).strongest,
            Some(Role::Staff)
        );
        assert_eq!(read(None, own, json!({})).strongest, Some(Role::Staff));
    }

    #[test]
    fn another_project_never_counts() {
        let other = json!({ "urn:zitadel:iam:org:project:999:roles": { "admin": {} } });
        let nothing = Roles {
            strongest: None,
            source: None,
        };
        assert_eq!(read(Some("42"), other.clone(), other), nothing);
    }

    #[test]
    fn userinfo_is_newer_than_the_id_token() {
        let (user, admin) = (json!({ PROJECT: ["user"] }), json!({ PROJECT: ["admin"] }));
        let roles = read(Some("42"), user, admin.clone());
        assert_eq!(roles.strongest, Some(Role::User));
        let roles = read(Some("42"), json!({}), admin);
        assert_eq!(roles.strongest, Some(Role::Admin));
        assert_eq!(roles.source, Some(Source::IdToken));
    }

    #[test]
    fn a_verified_address_is_one_that_was_verified_itself() {
        let userinfo = claims(json!({ "email": "new@example.org" }));
        let id_token = claims(json!({ "email": "old@example.org", "email_verified": true }));
        let profile = Documents {
            userinfo: Some(&userinfo),
            id_token: Some(&id_token),
        }
        .profile();
        assert_eq!(profile.email.as_deref(), Some("new@example.org"));
        assert!(!profile.email_verified);
    }

    #[test]
    fn a_machine_has_a_profile_too() {
        let userinfo = claims(json!({ "name": "Build bot\u{7}", "email": null, "locale": null }));
        let profile = Documents {
            userinfo: Some(&userinfo),
            id_token: None,
        }
        .profile();
        assert_eq!(profile.display_name, "Build bot");
        assert_eq!(profile.email, None);
        assert_eq!(profile.given_name, "");
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "(user|staff|Admin|ADMIN|x| )*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map("[b-zA-Z ]{0,6}|user|staff", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn nobody_becomes_admin_unless_the_word_stands_there(claim in json_value()) {
            prop_assert_ne!(role_of(&claim), Some(Role::Admin));
        }
    }
}
