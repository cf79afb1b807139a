//! Why the claims gave no role, for whoever has to mend it. A pure function that no document can
//! upset.

use serde_json::Value;

use super::{claims::Documents, id_token::Claims, roles::RoleRules};
use crate::attempts::{Evidence, MissingRole};

/// How ZITADEL's role claim of any project begins and ends.
const ANY_PROJECT: (&str, &str) = ("urn:zitadel:iam:org:project:", ":roles");

impl RoleRules {
    /// Notes in `evidence` why `documents` gave no role, and the roles that mean nothing here.
    pub fn explain_none(&self, documents: Documents<'_>, evidence: &mut Evidence) {
        let mut claims = self.claim_names().iter();
        let Some((claim, _)) = claims.find_map(|name| documents.find(name)) else {
            evidence.missing_role = Some(if self.names_other_project(documents) {
                MissingRole::OtherProject
            } else {
                MissingRole::ClaimMissing
            });
            return;
        };
        evidence.unmapped_roles = roles_in(claim).collect();
        evidence.missing_role = Some(if evidence.unmapped_roles.is_empty() {
            MissingRole::Empty
        } else {
            MissingRole::Unmapped
        });
    }

    /// Whether roles of another project came where a project's are expected.
    fn names_other_project(&self, documents: Documents<'_>) -> bool {
        let is_of_project =
            |name: &String| name.starts_with(ANY_PROJECT.0) && name.ends_with(ANY_PROJECT.1);
        let both = [documents.userinfo, documents.id_token];
        let mut sent = both.into_iter().flatten().flat_map(Claims::keys);
        self.claim_names().iter().any(is_of_project) && sent.any(is_of_project)
    }
}

/// The names of roles in a claim of any shape that is understood.
fn roles_in(claim: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    match claim {
        Value::Object(roles) => Box::new(roles.keys().map(String::as_str)),
        Value::Array(items) => Box::new(items.iter().flat_map(roles_in)),
        Value::String(name) => Box::new(std::iter::once(name.as_str())),
        _ => Box::new(std::iter::empty()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::RolesConfig;

    fn why(userinfo: &Value) -> (Option<MissingRole>, String) {
        let mut evidence = Evidence::default();
        let documents = Documents {
            userinfo: userinfo.as_object(),
            id_token: None,
        };
        RoleRules::new(&RolesConfig::default(), Some("42")).explain_none(documents, &mut evidence);
        (evidence.missing_role, evidence.unmapped_roles.to_string())
    }

    /// N-3.
    #[test]
    fn each_way_to_have_no_role_has_its_own_reason() {
        let of = |project: &str| format!("urn:zitadel:iam:org:project:{project}:roles");
        for (userinfo, reason, unmapped) in [
            (json!({ "sub": "x" }), MissingRole::ClaimMissing, ""),
            (
                json!({ of("999"): { "admin": {} } }),
                MissingRole::OtherProject,
                "",
            ),
            (json!({ of("42"): {} }), MissingRole::Empty, ""),
            (json!({ of("42"): null }), MissingRole::Empty, ""),
            (json!({ of("42"): 7 }), MissingRole::Empty, ""),
            (
                json!({ of("42"): { "guest": {}, "Admin": {} } }),
                MissingRole::Unmapped,
                "Admin, guest",
            ),
            (
                json!({ of("42"): ["guest"] }),
                MissingRole::Unmapped,
                "guest",
            ),
            (
                json!({ of("42"): [{ "guest": {} }] }),
                MissingRole::Unmapped,
                "guest",
            ),
            (
                json!({ of("42"): "admin staff" }),
                MissingRole::Unmapped,
                "admin staff",
            ),
        ] {
            assert_eq!(
                why(&userinfo),
                (Some(reason), unmapped.to_owned()),
                "{userinfo}"
            );
        }
    }
}
