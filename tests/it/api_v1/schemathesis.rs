//! The description against the running site: schemathesis makes requests out of it, fitting ones
//! and others, and checks each answer.

use std::{path::Path, process::Stdio, time::Duration};

use rolecall::{
    paths,
    users::{Identity, Profile, Role},
};
use tokio::{process::Command, time::timeout};

use super::*;
use crate::support::{environment, served::Served};

/// What schemathesis is told beside the command line.
const CONFIG: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/op/schemathesis/schemathesis.toml"
);

/// The same requests each time: what one run finds, the next one shows. Another number finds others.
const SEED: &str = "1";

/// Far longer than that.
const PATIENCE: Duration = Duration::from_mins(2);

/// A token of somebody who has signed in with this role.
async fn token(site: &Served, account: &Account, role: Role) -> String {
    let identity = Identity {
        issuer: site.provider.issuer().to_owned(),
        subject: account.sub.clone(),
    };
    let state = &site.state;
    let signed_in = state.users.sign_in(
        identity,
        Profile::default(),
        Some(role.into()),
        None,
        state.clock.now(),
    );
    signed_in.await.expect("the database answers");
    let controls = site.provider.controls();
    controls.personal_access_token(&account.sub, Some(3600))
}

/// What schemathesis finds to say of the site in so many seconds, with this token; nothing when all
/// is well.
async fn complaints(site: &Served, token: &str, seconds: &str) -> Option<String> {
    let program = Path::new(&environment("ROLECALL_TEST_SCHEMATHESIS")).join("bin/schemathesis");
    let work = tempfile::tempdir().expect("a folder");
    let run = Command::new(program)
        .args(["--config-file", CONFIG, "run"])
        .arg(site.url(paths::V1_OPENAPI))
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", "all", "--max-time", seconds, "--seed", SEED])
        .current_dir(work.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(PATIENCE, run).await.expect("an end in time");
    let output = output.expect("schemathesis runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed = String::from_utf8_lossy(&output.stderr).into_owned();
    (!output.status.success()).then(|| format!("{said}{failed}"))
}

/// X12, FZ-09: as an admin, as staff and as a voter.
#[tokio::test]
async fn every_answer_is_what_the_description_says() {
    let site = Served::start().await;
    let mut found = Vec::new();
    for (account, role, seconds) in [
        (Account::ada(), Role::Admin, "15"),
        (Account::stan(), Role::Staff, "5"),
        (Account::uma(), Role::User, "5"),
    ] {
        let token = token(&site, &account, role).await;
        found.extend(complaints(&site, &token, seconds).await);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    let defects = "SELECT COUNT(*) FROM poll_counts WHERE voted <> ballots";
    assert_eq!(site.number(defects).await, 0);
}
