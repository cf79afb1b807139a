//! Whether roles will arrive.

use crate::{
    check::{
        Finding,
        store::{self, LastSignIn},
    },
    db::Db,
    oidc::provider::Provider,
};

/// The scope that makes ZITADEL send roles whether or not "Assert Roles on Authentication" is on.
const ROLES_SCOPE: &str = "urn:zitadel:iam:org:projects:roles";

/// Whether the roles of a ZITADEL project are asked for.
pub fn scope(provider: &Provider) -> Finding {
    const CHECK: &str = "roles_scope";
    let config = &provider.config;
    if config.project.is_none() {
        return Finding::ok(
            CHECK,
            "No ZITADEL project is set: the claims come as they come.",
        );
    }
    if config.scopes.iter().any(|scope| scope == ROLES_SCOPE) {
        return Finding::ok(CHECK, "The roles of the project are asked for.");
    }
    Finding::warn(
        CHECK,
        format!("{} lacks {ROLES_SCOPE}.", config.variable("OIDC_RP_SCOPES")),
        "Add it, or turn on \"Assert Roles on Authentication\" in the project.",
    )
}

/// Only a sign-in shows whether they do: the last one that came that far is looked at.
pub async fn claim(provider: &Provider, db: Option<&Db>) -> Finding {
    const CHECK: &str = "role_claim";
    let last = match db {
        Some(db) => store::last_sign_in(db, provider).await,
        None => None,
    };
    match last {
        None => Finding::ok(
            CHECK,
            "Nobody has signed in yet: do so once, and check again to see whether roles arrive.",
        ),
        Some(LastSignIn { reason: None }) => Finding::ok(CHECK, "The last sign-in brought a role."),
        Some(LastSignIn {
            reason: Some(reason),
        }) => Finding::warn(
            CHECK,
            format!("The last sign-in brought no role ({reason})."),
            advice(&reason, provider),
        ),
    }
}

fn advice(reason: &str, provider: &Provider) -> String {
    let variable = |name| provider.config.variable(name);
    match reason {
        "role_other_project" => format!(
            "The roles were those of another project: correct {}.",
            variable("ZITADEL_PROJECT")
        ),
        "role_unmapped" => format!(
            "Give the person the role admin, staff or user, or say with {} and its like what \
             they are called there.",
            variable("OIDC_ROLE_ADMIN")
        ),
        "role_claim_empty" => "Give the person a role of the project.".to_owned(),
        _ => "Give the person a role of the project; if everybody is refused, turn on \"Assert \
              Roles on Authentication\"."
            .to_owned(),
    }
}
