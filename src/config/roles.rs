//! What roles are called at the provider.

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
