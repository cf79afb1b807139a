//! What a program asks for: `scope` names roles, and its tokens give no more than the strongest
//! of them, whatever the person may do. Other names, such as `openid`, mean nothing here.

use crate::users::Role;

/// The strongest role that `scope` names; `None` when it names none, which limits nothing.
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

    #[test]
    fn a_scope_limits_a_role_and_never_raises_it() {
        assert_eq!(limit(None), None);
        assert_eq!(limit(Some("openid profile ADMIN")), None);
        assert_eq!(limit(Some("user staff openid")), Some(Role::Staff));
        assert_eq!(
            narrower(Some(Role::Staff), Some(Role::User)),
            Some(Role::User)
        );
        assert_eq!(narrower(None, Some(Role::Admin)), Some(Role::Admin));
        assert_eq!(names(Role::Staff), ["user", "staff"]);
    }
}
