//! What the provider has said of a person, and the profile in it. Pure functions that no document
//! can upset; what is not understood counts for nothing.

use serde_json::Value;
use url::Url;

use super::id_token::Claims;
use crate::{config::is_loopback, users::Profile};

/// Longest label kept of a profile, in characters.
const LONGEST_LABEL: usize = 200;

/// Longest address kept of a picture, in bytes.
const LONGEST_ADDRESS: usize = 2000;

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

impl<'a> Documents<'a> {
    /// The claim called `name`, or else at the path `name` with dots.
    pub(super) fn find(&self, name: &str) -> Option<(&'a Value, Source)> {
        let in_userinfo = self.userinfo.and_then(|claims| at(claims, name));
        let in_id_token = self.id_token.and_then(|claims| at(claims, name));
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
            picture: self.picture(),
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

    /// Whether they speak of an e-mail address, and not of a verified one. Those that speak of none,
    /// as userinfo may where the ID token does, disown nothing.
    pub(super) fn disown_email(&self) -> bool {
        let speaks = ["email", "email_verified"];
        speaks.iter().any(|name| self.find(name).is_some()) && !self.email().1
    }

    /// An address that could be shown: https, unless the provider is on this machine.
    fn picture(&self) -> Option<String> {
        let (claim, _) = self.find("picture")?;
        let text = claim
            .as_str()
            .filter(|text| text.len() <= LONGEST_ADDRESS)?;
        let url = Url::parse(text).ok()?;
        (url.scheme() == "https" || is_loopback(&url)).then(|| url.to_string())
    }

    fn label(&self, name: &str) -> String {
        let claim = self.find(name).and_then(|(claim, _)| claim.as_str());
        claim.map(label).unwrap_or_default()
    }
}

/// The member called `path`, dots and all, as a namespaced claim is; else the first part of the
/// path, and in it the rest.
fn at<'a>(claims: &'a Claims, path: &str) -> Option<&'a Value> {
    claims.get(path).or_else(|| {
        let (first, rest) = path.split_once('.')?;
        at(claims.get(first)?.as_object()?, rest)
    })
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
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made for the call")]
    fn claims(value: Value) -> Claims {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_claim_is_found_by_its_name_before_it_is_looked_for_as_a_path() {
        let claims = claims(json!({
            "https://app.example/roles": 1,
            "realm_access": { "roles": 2, "a.b": { "c": 3 } },
            "x.y": 4,
            "x": { "y": 5 },
        }));
        for (path, value) in [
            ("https://app.example/roles", Some(1)),
            ("realm_access.roles", Some(2)),
            ("realm_access.a.b.c", None),
            ("x.y", Some(4)),
            ("roles", None),
            ("realm_access.roles.deeper", None),
            ("", None),
            (".", None),
        ] {
            let found = at(&claims, path).and_then(Value::as_i64);
            assert_eq!(found, value, "{path}");
        }
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

    ///
    #[test]
    fn a_picture_has_an_https_address_of_a_bearable_length() {
        let long = format!("https://id.example/{}", "x".repeat(2000));
        for (picture, kept) in [
            (
                json!("https://id.example/a b.png"),
                Some("https://id.example/a%20b.png"),
            ),
            (json!("http://id.example/a.png"), None),
            (json!("data:image/png;base64,AAAA"), None),
            (json!("javascript:alert(1)"), None),
            (json!("a.png"), None),
            (json!(""), None),
            (json!(null), None),
            (json!(long), None),
        ] {
            let userinfo = claims(json!({ "picture": picture }));
            let documents = Documents {
                userinfo: Some(&userinfo),
                id_token: None,
            };
            assert_eq!(documents.profile().picture.as_deref(), kept, "{picture}");
        }
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
}
