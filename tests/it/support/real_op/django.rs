//! The django-oidc-provider of Python's package index in a site of a few people. Knows the project in
//! tests/op/django and nothing of rolecall but its paths.

use std::path::Path;

use rolecall::config::Environment;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use super::{Process, environment};

/// The script that runs the site.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/op/django/serve.py");

/// The running site; it ends when this is dropped.
///
/// Its people are `ada`, `stan`, `uma`, `nora`, and `robot`, who has no name; each one's
/// password is their user name.
pub struct DjangoOp {
    /// Issuer identifier.
    pub issuer: String,
    process: Process,
    _folder: TempDir,
}

impl DjangoOp {
    /// The one client that it knows.
    const CLIENT_ID: &str = "rolecall";
    /// The client's secret, of the letters that the site's own secrets are made of: it does not
    /// decode others in `client_secret_basic` as RFC 6749, 2.3.1 wants it.
    const CLIENT_SECRET: &str = "5f1d0c4c8c9b4c1f9a0e6d7b2a3c4d5e6f708192a3b4c5d6e7f80910";

    /// Starts the site on a free port, with rolecall at `base_url` as its client.
    pub async fn start(base_url: &str) -> Self {
        let environment = environment("ROLECALL_TEST_DJANGO");
        let folder = TempDir::new().expect("a folder");
        let mut python = Command::new(Path::new(&environment).join("bin/python"));
        python
            .args(["-B", SCRIPT, &setup().to_string()])
            .env("OP_DATABASE", folder.path().join("op.sqlite3"));
        let (process, issuer) = Process::start(python).await;
        let mut op = Self {
            issuer,
            process,
            _folder: folder,
        };
        op.tell(json!({
            "redirectUris": [format!("{base_url}/oidc/callback/")],
            "postLogoutRedirectUris": [format!("{base_url}/oidc/logout/")],
        }))
        .await;
        op
    }

    /// What rolecall is told about it, in its own words.
    pub fn settings(&self) -> Environment {
        Environment::from([
            ("OIDC_PRESET", "django-oidc-provider"),
            ("OIDC_OP_BASE_URL", &self.issuer),
            ("OIDC_RP_CLIENT_ID", Self::CLIENT_ID),
            ("OIDC_RP_CLIENT_SECRET", Self::CLIENT_SECRET),
            ("OIDC_RP_SCOPES", "openid email profile roles"),
        ])
    }

    /// Gives the site one of the commands that serve.py describes.
    pub async fn tell(&mut self, command: Value) {
        self.process.tell(command).await;
    }

    /// Changes the groups of a person; their next token tells.
    pub async fn set_roles(&mut self, username: &str, roles: &[&str]) {
        self.tell(json!({ "roles": { username: roles } })).await;
    }
}

fn setup() -> Value {
    let person = |username: &str, first_name: &str, roles: &[&str]| {
        let email = if first_name.is_empty() {
            String::new()
        } else {
            format!("{username}@example.org")
        };
        json!({
            "username": username, "password": username, "first_name": first_name,
            "email": email, "roles": roles,
        })
    };
    json!({
        "clientId": DjangoOp::CLIENT_ID,
        "clientSecret": DjangoOp::CLIENT_SECRET,
        "people": [
            person("ada", "Ada", &["admin"]),
            person("stan", "Stan", &["staff"]),
            person("uma", "Uma", &["user"]),
            person("nora", "Nora", &[]),
            person("robot", "", &["user"]),
        ],
    })
}
