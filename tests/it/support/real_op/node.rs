//! A certified OpenID Provider from npm, with ZITADEL-shaped role claims. Knows the script in
//! tests/op and nothing of rolecall but its paths.

use std::path::Path;

use rolecall::config::Environment;
use serde_json::{Value, json};
use tokio::process::Command;

use super::{Process, environment};

/// The script that runs the provider.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/op/oidc-provider.mjs");

/// The subject identifiers of the four people whom the provider knows.
pub mod sub {
    /// Ada, admin.
    pub const ADA: &str = "259000000000000001";
    /// Stan, staff.
    pub const STAN: &str = "259000000000000002";
    /// Uma, user.
    pub const UMA: &str = "259000000000000003";
    /// Nora, no role.
    pub const NORA: &str = "259000000000000004";
}

/// The running provider; it ends when this is dropped.
///
/// In the browser, its sign-in page has a button with each person's name, and "Cancel"; its
/// sign-out page asks with "Yes, sign me out".
pub struct RealOp {
    /// Issuer identifier, also the base of every endpoint.
    pub issuer: String,
    process: Process,
}

impl RealOp {
    /// The one client that it knows.
    pub const CLIENT_ID: &str = "259000000000000010";
    /// The client's secret, for `client_secret_basic`.
    pub const CLIENT_SECRET: &str = "known to the tests only";
    /// The project whose roles the claims carry.
    pub const PROJECT_ID: &str = "249703732336418457";

    /// Starts the provider on a free port. It knows no redirect URI yet: see [`Self::register`].
    pub async fn start() -> Self {
        let packages = environment("ROLECALL_TEST_NODE_MODULES");
        assert!(
            Path::new(&packages).is_dir(),
            "{packages} is missing: run tests/run"
        );
        let mut node = Command::new("node");
        node.args([SCRIPT, &setup().to_string()]);
        let (process, issuer) = Process::start(node).await;
        Self { issuer, process }
    }

    /// Registers where rolecall runs, for example `http://localhost:8000`: callback, and landing
    /// after sign-out.
    pub async fn register(&mut self, rolecall: &str) {
        self.process
            .tell(json!({
                "redirectUris": [format!("{rolecall}/oidc/callback/")],
                "postLogoutRedirectUris": [format!("{rolecall}/oidc/logout/")],
            }))
            .await;
    }

    /// What rolecall is told about it, in its own words.
    pub fn settings(&self) -> Environment {
        Environment::from([
            ("OIDC_OP_BASE_URL", self.issuer.as_str()),
            ("OIDC_RP_CLIENT_ID", Self::CLIENT_ID),
            ("OIDC_RP_CLIENT_SECRET", Self::CLIENT_SECRET),
            ("ZITADEL_PROJECT", Self::PROJECT_ID),
        ])
    }

    /// Changes the roles of a person; their next token carries them.
    pub async fn set_roles(&mut self, sub: &str, roles: &[&str]) {
        self.process.tell(json!({ "roles": { sub: roles } })).await;
    }

    /// Puts roles into the ID token and the `UserInfo` response, or into the latter only.
    pub async fn put_roles_in_id_token(&mut self, yes: bool) {
        self.process.tell(json!({ "rolesInIdToken": yes })).await;
    }

    /// Gives it one of the settings that the script describes.
    pub async fn set(&mut self, settings: Value) {
        self.process.tell(settings).await;
    }

    /// Signs with a new key from now on; the old one stays published.
    pub async fn rotate_keys(&mut self) {
        self.process.tell(json!({ "rotateKeys": true })).await;
    }
}

fn setup() -> Value {
    let person = |sub, name: &str, role: &[&str]| {
        let email = format!("{}@example.org", name.to_lowercase());
        json!({ "sub": sub, "name": name, "email": email, "roles": role })
    };
    json!({
        "clientId": RealOp::CLIENT_ID,
        "clientSecret": RealOp::CLIENT_SECRET,
        "projectId": RealOp::PROJECT_ID,
        "people": [
            person(sub::ADA, "Ada", &["admin"]),
            person(sub::STAN, "Stan", &["staff"]),
            person(sub::UMA, "Uma", &["user"]),
            person(sub::NORA, "Nora", &[]),
        ],
    })
}
