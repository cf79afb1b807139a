//! Whether roles will arrive.

use crate::{
    check::{Finding, store},
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

/// Only a sign-in shows whether they do: the last one is looked at.
pub async fn claim(provider: &Provider, db: Option<&Db>) -> Finding {
    const CHECK: &str = "role_claim";
    let names = match db {
        Some(db) => store::claim_names_of_last_sign_in(db, provider).await,
        None => None,
    };
    match names {
        None => Finding::ok(
            CHECK,
            "Nobody has signed in yet: do so once, and check again to see whether roles arrive.",
        ),
        Some(names) if provider.rules.reads_any_of(&names) => {
            Finding::ok(CHECK, "The last sign-in brought roles.")
        }
        Some(_) => Finding::warn(
            CHECK,
            "The last sign-in brought no roles.",
            format!(
                "Give people a role in the project, and see that {} is the project's id.",
                provider.config.variable("ZITADEL_PROJECT")
            ),
        ),
    }
}
