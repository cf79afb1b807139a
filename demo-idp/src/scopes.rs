//! Scopes: what a client asked for, ZITADEL's reserved ones included.

/// Asks for the role claims of every project in the audience.
pub(crate) const PROJECTS_ROLES: &str = "urn:zitadel:iam:org:projects:roles";
const PROJECT: &str = "urn:zitadel:iam:org:project:id:";
const AUDIENCE: &str = ":aud";
const ROLE: &str = "urn:zitadel:iam:org:project:role:";
/// Scopes that a strict provider knows.
pub(crate) const STANDARD: [&str; 6] = [
    "openid",
    "profile",
    "email",
    "phone",
    "address",
    "offline_access",
];

/// The scopes of a request, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scopes(Vec<String>);

impl Scopes {
    /// The space-separated list of RFC 6749 section 3.3.
    pub(crate) fn parse(list: &str) -> Self {
        Self(list.split_ascii_whitespace().map(str::to_owned).collect())
    }

    pub(crate) fn has(&self, scope: &str) -> bool {
        self.0.iter().any(|candidate| candidate == scope)
    }

    pub(crate) fn join(&self) -> String {
        self.0.join(" ")
    }

    /// The first scope that is not a standard one.
    pub(crate) fn unusual(&self) -> Option<&str> {
        self.0
            .iter()
            .map(String::as_str)
            .find(|scope| !STANDARD.contains(scope))
    }

    /// Whether every scope of `self` is also in `other`.
    pub(crate) fn within(&self, other: &Self) -> bool {
        self.0.iter().all(|scope| other.has(scope))
    }

    /// Projects that were asked into the audience.
    pub(crate) fn project_audiences(&self) -> Vec<&str> {
        let ids = self
            .0
            .iter()
            .filter_map(|scope| scope.strip_prefix(PROJECT));
        ids.filter_map(|rest| rest.strip_suffix(AUDIENCE)).collect()
    }

    /// Single roles that were asked for; once there is one, no other role is claimed.
    pub(crate) fn single_roles(&self) -> Vec<&str> {
        self.0
            .iter()
            .filter_map(|scope| scope.strip_prefix(ROLE))
            .collect()
    }

    /// Whether the request names roles at all.
    pub(crate) fn ask_for_roles(&self) -> bool {
        self.has(PROJECTS_ROLES) || !self.single_roles().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_scopes_are_understood() {
        let scopes = Scopes::parse(
            "openid urn:zitadel:iam:org:project:id:7:aud urn:zitadel:iam:org:project:role:admin",
        );
        assert_eq!(scopes.project_audiences(), ["7"]);
        assert_eq!(scopes.single_roles(), ["admin"]);
        assert!(scopes.ask_for_roles());
    }
}
