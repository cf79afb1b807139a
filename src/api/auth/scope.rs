//! What a program asks for: `scope` names roles, and its tokens give no more than the strongest
//! of them, whatever the person may do.

use super::{error::TokenError, fields::Fields};
use crate::users::Role;

/// What programs ask of any provider (OpenID Connect Core, 5.4 and 11); it means nothing here.
const COMMON: [&str; 6] = [
    "openid",
    "profile",
    "email",
    "phone",
    "address",
    "offline_access",
];

/// The strongest role that a request asks for; `None` when it names none, which limits nothing.
///
/// # Errors
/// When a name is none that is known: whoever mistypes a role must not get more than it gives.
pub fn asked(fields: &Fields) -> Result<Option<Role>, TokenError> {
    let scope = fields.get("scope");
    let mut names = scope.unwrap_or_default().split_ascii_whitespace();
    let is_known = |name: &str| {
        Role::from_word(name).is_some() || COMMON.contains(&name) || name.starts_with("urn:")
    };
    if names.all(is_known) {
        Ok(limit(scope))
    } else {
        Err(TokenError::InvalidScope)
    }
}

/// The strongest role that a stored `scope` names.
#[must_use]
pub fn limit(scope: Option<&str>) -> Option<Role> {
    let names = scope?.split_ascii_whitespace();
    names.filter_map(Role::from_word).max()
}

/// The weaker of two limits.
#[must_use]
pub fn narrower(one: Option<Role>, other: Option<Role>) -> Option<Role> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The names of `role` and those below it, as `scope` lists them (RFC 6749, 3.3).
#[must_use]
pub fn names(role: Role) -> Vec<&'static str> {
    let below = Role::ALL.iter().filter(|below| **below <= role);
    below.map(|below| below.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P-16.
    #[test]
    fn a_scope_limits_a_role_and_never_raises_it() {
        assert_eq!(limit(None), None);
        assert_eq!(limit(Some("user staff openid")), Some(Role::Staff));
        assert_eq!(
            narrower(Some(Role::Staff), Some(Role::User)),
            Some(Role::User)
        );
        assert_eq!(narrower(None, Some(Role::Admin)), Some(Role::Admin));
        assert_eq!(names(Role::Staff), ["user", "staff"]);
    }

    /// P-16.
    #[test]
    fn a_role_that_is_mistyped_is_not_taken_for_no_limit() {
        let asked = |query: &str| asked(&Fields::parse(query.as_bytes()).unwrap());
        for fine in ["", "scope=", "scope=openid+offline_access+urn:example:x"] {
            assert!(matches!(asked(fine), Ok(None)), "{fine}");
        }
        assert!(matches!(asked("scope=openid+user"), Ok(Some(Role::User))));
        for wrong in ["scope=ADMIN", "scope=usr", "scope=user+read:messages"] {
            assert!(
                matches!(asked(wrong), Err(TokenError::InvalidScope)),
                "{wrong}"
            );
        }
    }
}
