//! What roles are called at the provider.

use super::reader::Reader;

/// Which claim holds roles, and what they are called there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RolesConfig {
    /// `OIDC_ROLES_CLAIM`: the name of the one claim that counts, or the path to it with dots.
    /// Without it, ZITADEL's.
    pub claim: Option<String>,
    /// `OIDC_ROLE_ADMIN`: what makes an admin.
    pub admin: Vec<String>,
    /// `OIDC_ROLE_STAFF`: what makes staff.
    pub staff: Vec<String>,
    /// `OIDC_ROLE_USER`: what makes a voter.
    pub user: Vec<String>,
    /// `OIDC_ADMIN_ORGS`: ids of the organisations that can make somebody admin; none listed
    /// means any.
    pub admin_orgs: Vec<String>,
}

impl Default for RolesConfig {
    fn default() -> Self {
        Self {
            claim: None,
            admin: vec!["admin".to_owned()],
            staff: vec!["staff".to_owned()],
            user: vec!["user".to_owned()],
            admin_orgs: Vec::new(),
        }
    }
}

impl Reader<'_> {
    /// The roles of the provider whose names begin with `prefix`.
    pub(super) fn roles(&mut self, prefix: &str) -> RolesConfig {
        let default = RolesConfig::default();
        let name = |name: &str| format!("{prefix}{name}");
        let (admin, staff, user) = (
            name("OIDC_ROLE_ADMIN"),
            name("OIDC_ROLE_STAFF"),
            name("OIDC_ROLE_USER"),
        );
        let roles = RolesConfig {
            claim: self.claim(&name("OIDC_ROLES_CLAIM")),
            admin: self.list(&admin).unwrap_or(default.admin),
            staff: self.list(&staff).unwrap_or(default.staff),
            user: self.list(&user).unwrap_or(default.user),
            admin_orgs: self.list(&name("OIDC_ADMIN_ORGS")).unwrap_or_default(),
        };
        let mut seen = Vec::new();
        let all = [
            (&admin, &roles.admin),
            (&staff, &roles.staff),
            (&user, &roles.user),
        ];
        for (setting, names) in all {
            if let Some(twice) = names.iter().find(|name| seen.contains(name)) {
                self.problem(setting, format!("{twice} stands for another role already"));
            }
            seen.extend(names);
        }
        roles
    }

    fn claim(&mut self, name: &str) -> Option<String> {
        let claim = self.env.get(name)?;
        if claim.contains(char::is_whitespace) {
            self.problem(name, "is the name of one claim, without blanks");
        }
        Some(claim.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn read<const N: usize>(values: [(&str, &str); N]) -> (RolesConfig, Vec<String>) {
        let env = Environment::from(values);
        let mut reader = Reader::new(&env);
        (reader.roles("LAB_"), reader.problems)
    }

    /// D-4, R-5, N-8.
    #[test]
    fn names_stand_between_commas_and_take_the_place_of_the_usual_ones() {
        let (roles, problems) = read([
            ("LAB_OIDC_ROLES_CLAIM", "https://app.example/roles"),
            ("LAB_OIDC_ROLE_ADMIN", "owner, poll admin"),
            ("LAB_OIDC_ADMIN_ORGS", "1,2"),
            ("OIDC_ROLE_STAFF", "of another provider"),
        ]);
        assert_eq!(problems, [""; 0]);
        let expected = RolesConfig {
            claim: Some("https://app.example/roles".to_owned()),
            admin: vec!["owner".to_owned(), "poll admin".to_owned()],
            admin_orgs: vec!["1".to_owned(), "2".to_owned()],
            ..RolesConfig::default()
        };
        assert_eq!(roles, expected);
        assert_eq!(read([]), (RolesConfig::default(), Vec::new()));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_a_problem() {
        for (name, value) in [
            ("LAB_OIDC_ROLES_CLAIM", "roles groups"),
            ("LAB_OIDC_ROLE_STAFF", "admin"),
            ("LAB_OIDC_ROLE_USER", "staff,"),
            ("LAB_OIDC_ADMIN_ORGS", ",1"),
        ] {
            let (_, problems) = read([(name, value)]);
            assert!(problems[0].starts_with(name), "{problems:?}");
        }
    }
}
