//! `rolecall check`: broken set-ups, each with the one line that says what is wrong and what to
//! do. The program itself runs, in a folder of its own, against a provider that is bent.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt as _, path::Path};

use demo_idp::{Endpoint, Fault, Person as Account, Running};
use rolecall::{clock::Clock, db::Db};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::support::{
    app::provider,
    command::{rolecall, run},
    program::free_address,
    real_op::AtProvider,
    tls::self_signed_server,
};

/// A set-up that works until a test breaks it.
struct SetUp {
    folder: tempfile::TempDir,
    op: Running,
    env: BTreeMap<String, String>,
}

/// What the program said.
struct Diagnosis {
    text: String,
    status: i32,
}

impl SetUp {
    async fn new() -> Self {
        let op = provider(&Clock::System, "http://localhost:8000").await;
        let client = &op.controls().clients()[0];
        let env = [
            ("OIDC_OP_BASE_URL", op.issuer()),
            ("OIDC_RP_CLIENT_ID", &client.id),
            ("OIDC_RP_CLIENT_SECRET", &client.secret),
            ("ZITADEL_PROJECT", op.controls().project_id()),
            ("OIDC_HTTP_TIMEOUT", "2"),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            env: env.into(),
            op,
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        self.env.insert(name.to_owned(), value.to_owned());
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn said(&self, arguments: &[&str]) -> (String, i32) {
        let mut command = rolecall(self.folder(), arguments);
        command.envs(&self.env);
        run(command).await
    }

    /// What is found; whatever it is, no secret is in it.
    async fn check(&self) -> Diagnosis {
        let (text, status) = self.said(&["check"]).await;
        let secret = &self.op.controls().clients()[0].secret;
        assert!(!text.contains(secret), "{text}");
        assert!(!text.contains("SECRET-"), "{text}");
        assert!(!text.contains("panicked"), "{text}");
        Diagnosis { text, status }
    }
}

impl Diagnosis {
    /// The lines with this word, without it.
    fn lines(&self, word: &str) -> Vec<String> {
        let blanks_made_single = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines = self.text.lines().map(blanks_made_single);
        let prefix = format!("{word} ");
        lines
            .filter_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
            .collect()
    }

    /// Exactly one thing is wrong: this check says all of `words`, and the exit status is 1.
    fn assert_fails(&self, check: &str, words: &[&str]) {
        let failures = self.lines("FAIL");
        assert_eq!(failures.len(), 1, "one diagnosis: {}", self.text);
        assert_eq!(self.status, 1, "{}", self.text);
        assert_says(&failures[0], check, words);
    }

    /// It works, and this check warns with all of `words`.
    fn assert_warns(&self, check: &str, words: &[&str]) {
        assert_eq!(self.status, 0, "{}", self.text);
        let warnings = self.lines("WARN");
        let warning = warnings.iter().find(|line| line.starts_with(check));
        assert_says(warning.unwrap_or(&self.text), check, words);
    }
}

fn assert_says(line: &str, check: &str, words: &[&str]) {
    assert!(line.starts_with(&format!("{check} ")), "{line}");
    for word in words {
        assert!(line.contains(word), "{word}: {line}");
    }
}

/// N-6, OP-06.
#[tokio::test]
async fn a_set_up_that_works_has_nothing_to_mend_and_leaves_nothing_behind() {
    let set_up = SetUp::new().await;
    let found = set_up.check().await;
    assert_eq!(found.status, 0, "{}", found.text);
    assert_eq!(found.lines("FAIL"), [""; 0]);
    assert!(found.lines("OK").len() >= 15, "{}", found.text);
    assert!(
        found
            .text
            .contains("probed with a made-up code: invalid_grant")
    );
    assert!(found.text.contains("Everything needed works."));
    let left = fs::read_dir(set_up.folder()).expect("a folder").count();
    assert_eq!(left, 0, "nothing is left behind");
}

/// A-17, OP-06.
#[tokio::test]
async fn the_addresses_to_register_are_made_from_the_base_url() {
    let mut set_up = SetUp::new().await;
    set_up.set("BASE_URL", "https://polls.example.org");
    let found = set_up.check().await;
    for path in ["callback", "logout", "backchannel-logout"] {
        let address = format!("https://polls.example.org/oidc/{path}/");
        assert!(found.text.contains(&address), "{}", found.text);
    }
}

/// N-6, FT-14: one of ten broken set-ups.
#[tokio::test]
async fn a_provider_that_is_down_is_found() {
    let set_up = SetUp::new().await;
    let port = free_address().port();
    let mut set_up = set_up;
    set_up.set("OIDC_OP_BASE_URL", &format!("http://localhost:{port}"));
    let found = set_up.check().await;
    found.assert_fails("discovery", &["refused", "Start the provider"]);
}

/// N-6.
#[tokio::test]
async fn a_host_that_does_not_exist_is_found() {
    let mut set_up = SetUp::new().await;
    // RFC 6761, 6.4: never exists.
    set_up.set("OIDC_OP_BASE_URL", "https://idp.invalid");
    let found = set_up.check().await;
    found.assert_fails(
        "discovery",
        &["name of this host is not known", "OIDC_OP_BASE_URL"],
    );
}

/// N-6, SEC-15.
#[tokio::test]
async fn another_issuer_is_found() {
    let set_up = SetUp::new().await;
    set_up
        .op
        .controls()
        .set(|k| k.discovery.set("issuer", "https://other.example"));
    let found = set_up.check().await;
    found.assert_fails(
        "issuer",
        &[
            "https://other.example",
            set_up.op.issuer(),
            "set OIDC_OP_BASE_URL",
        ],
    );
}

/// N-6.
#[tokio::test]
async fn a_wrong_path_is_found() {
    let mut set_up = SetUp::new().await;
    let wrong = format!("{}/realms/nowhere", set_up.op.issuer());
    set_up.set("OIDC_OP_BASE_URL", &wrong);
    let found = set_up.check().await;
    found.assert_fails("discovery", &["status 404", "Correct OIDC_OP_BASE_URL"]);
}

/// N-6, FT-14.
#[tokio::test]
async fn a_web_page_in_the_place_of_the_discovery_document_is_found() {
    let set_up = SetUp::new().await;
    set_up
        .op
        .controls()
        .set(|k| k.fault(Endpoint::Discovery, Fault::Html));
    let found = set_up.check().await;
    found.assert_fails("discovery", &["a web page", "Correct OIDC_OP_BASE_URL"]);
}

/// SEC-15, O-7.
#[tokio::test]
async fn a_redirect_is_found_and_not_followed() {
    let set_up = SetUp::new().await;
    let elsewhere = format!("{}/elsewhere", set_up.op.issuer());
    set_up
        .op
        .controls()
        .set(|k| k.fault(Endpoint::Discovery, Fault::Redirect(elsewhere)));
    let found = set_up.check().await;
    found.assert_fails("discovery", &["redirect", "not followed"]);
    assert_eq!(set_up.op.controls().count(Endpoint::Unknown), 0);
}

/// FT-14.
#[tokio::test]
async fn a_provider_with_a_problem_of_its_own_is_found() {
    let set_up = SetUp::new().await;
    let broken = Fault::Status(500, "{}".to_owned());
    set_up
        .op
        .controls()
        .set(|k| k.fault(Endpoint::Discovery, broken));
    let found = set_up.check().await;
    found.assert_fails("discovery", &["status 500", "look into its log"]);
}

/// N-6.
#[tokio::test]
async fn a_wrong_secret_is_found() {
    let mut set_up = SetUp::new().await;
    set_up.set("OIDC_RP_CLIENT_SECRET", "SECRET-of-another-client");
    let found = set_up.check().await;
    found.assert_fails(
        "client",
        &[
            "Client credentials refused (invalid_client",
            "OIDC_RP_CLIENT_SECRET",
        ],
    );
}

/// N-6.
#[tokio::test]
async fn an_unknown_client_is_found() {
    let mut set_up = SetUp::new().await;
    set_up.set("OIDC_RP_CLIENT_ID", "nobody@nowhere");
    let found = set_up.check().await;
    assert_eq!(found.status, 1, "{}", found.text);
    let failures = found.lines("FAIL");
    assert_says(
        &failures[0],
        "client",
        &[
            "Client credentials refused (invalid_client",
            "OIDC_RP_CLIENT_ID",
        ],
    );
    assert_says(&failures[1], "redirect_uri", &["status 400"]);
}

/// N-6, A-17.
#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_is_found() {
    let mut set_up = SetUp::new().await;
    set_up.set("BASE_URL", "https://polls.example.org");
    let found = set_up.check().await;
    found.assert_fails(
        "redirect_uri",
        &["refuses our request", "Register the redirect URI"],
    );
}

/// SEC-15.
#[tokio::test]
async fn a_provider_without_https_is_a_configuration_error() {
    let mut set_up = SetUp::new().await;
    set_up.set("OIDC_OP_BASE_URL", "http://idp.example.org");
    let found = set_up.check().await;
    assert_eq!(found.status, 2, "{}", found.text);
    assert!(
        found.text.contains("OIDC_OP_BASE_URL: must be https"),
        "{}",
        found.text
    );
}

/// SEC-15.
#[tokio::test]
async fn an_endpoint_without_https_is_found() {
    let set_up = SetUp::new().await;
    set_up.op.controls().set(|k| {
        k.discovery
            .set("token_endpoint", "http://idp.example.org/token");
    });
    let found = set_up.check().await;
    found.assert_fails("endpoints", &["http://idp.example.org/token", "https"]);
}

/// N-6, OP-06.
#[tokio::test]
async fn a_clock_that_is_five_minutes_off_is_found() {
    for (shift, side) in [(300, "behind"), (-300, "ahead of")] {
        let set_up = SetUp::new().await;
        set_up.op.controls().set(|k| k.date_shift_secs = shift);
        let found = set_up.check().await;
        found.assert_fails("clock", &[side, "NTP"]);
    }
}

/// FT-14.
#[tokio::test]
async fn a_provider_that_hangs_is_found_in_time() {
    let mut set_up = SetUp::new().await;
    set_up.set("OIDC_HTTP_TIMEOUT", "1");
    set_up
        .op
        .controls()
        .set(|k| k.fault(Endpoint::Discovery, Fault::Hang));
    let found = set_up.check().await;
    found.assert_fails("discovery", &["no answer in time", "firewall"]);
}

/// N-6, Z-18.
#[tokio::test]
async fn a_provider_that_only_signs_with_the_client_secret_is_found() {
    let set_up = SetUp::new().await;
    let symmetric = serde_json::json!(["HS256"]);
    set_up.op.controls().set(|k| {
        k.discovery
            .set("id_token_signing_alg_values_supported", symmetric);
    });
    let found = set_up.check().await;
    found.assert_fails(
        "algorithms",
        &["no signature algorithm that is believed", "RS256"],
    );
}

/// N-6.
#[tokio::test]
async fn a_provider_without_a_usable_key_is_found() {
    let set_up = SetUp::new().await;
    let none = Fault::Status(200, r#"{"keys":[]}"#.to_owned());
    set_up.op.controls().set(|k| k.fault(Endpoint::Jwks, none));
    let found = set_up.check().await;
    found.assert_fails("keys", &["None of the keys", "RSA"]);
}

/// N-6.
#[tokio::test]
async fn keys_that_cannot_be_fetched_are_found() {
    let set_up = SetUp::new().await;
    set_up
        .op
        .controls()
        .set(|k| k.fault(Endpoint::Jwks, Fault::Html));
    let found = set_up.check().await;
    found.assert_fails("keys", &["/oauth/v2/keys", "a web page"]);
}

/// Z-14, OP-06.
#[tokio::test]
async fn a_missing_variable_is_a_configuration_error() {
    let mut set_up = SetUp::new().await;
    set_up.env.remove("OIDC_RP_CLIENT_SECRET");
    let found = set_up.check().await;
    assert_eq!(found.status, 2, "{}", found.text);
    assert!(
        found.text.contains("OIDC_RP_CLIENT_SECRET: is missing"),
        "{}",
        found.text
    );
}

/// OP-06.
#[tokio::test]
async fn a_database_that_cannot_be_written_is_found() {
    let mut set_up = SetUp::new().await;
    set_up.set("DATABASE_URL", "sqlite:no/such/folder/rolecall.db");
    set_up.set("ROLECALL_KEY_FILE", "rolecall.key");
    let found = set_up.check().await;
    assert_eq!(found.status, 1, "{}", found.text);
    let failures = found.lines("FAIL");
    assert_says(
        &failures[0],
        "database",
        &["no/such/folder", "Make the folder"],
    );
}

/// OP-06.
#[tokio::test]
async fn a_database_server_that_is_down_is_found_and_its_password_is_not_told() {
    let mut set_up = SetUp::new().await;
    set_up.set(
        "DATABASE_URL",
        "postgres://rolecall:SECRET-password@127.0.0.1:1/polls",
    );
    let found = set_up.check().await;
    found.assert_fails("database", &["does not answer", "DATABASE_URL"]);
}

/// SEC-75.
#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_found_and_can_be_trusted() {
    let mut set_up = SetUp::new().await;
    let (port, certificate) = self_signed_server();
    set_up.set("OIDC_OP_BASE_URL", &format!("https://localhost:{port}"));
    let found = set_up.check().await;
    found.assert_fails(
        "discovery",
        &["no secure connection", "certificate", "SSL_CERT_FILE"],
    );

    fs::write(set_up.folder().join("authority.pem"), certificate).expect("a file");
    set_up.set("SSL_CERT_FILE", "authority.pem");
    let found = set_up.check().await;
    found.assert_fails("discovery", &["status 503"]);
}

/// OP-05, OP-06.
#[tokio::test]
async fn a_name_that_means_nothing_is_a_warning() {
    let mut set_up = SetUp::new().await;
    set_up.set("OIDC_RP_CLIENTSECRET", "SECRET-typo");
    let found = set_up.check().await;
    found.assert_warns(
        "unknown_name",
        &["OIDC_RP_CLIENTSECRET", "not one of our names"],
    );
}

/// SEC-74.
#[tokio::test]
async fn files_with_secrets_that_others_may_read_are_a_warning() {
    let mut set_up = SetUp::new().await;
    assert_eq!(set_up.said(&["migrate"]).await.1, 0);
    let secret = set_up.env.remove("OIDC_RP_CLIENT_SECRET");
    set_up.set("OIDC_RP_CLIENT_SECRET_FILE", "client.secret");
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    for (name, text) in [
        (".env", String::new()),
        ("rolecall.key", key),
        ("client.secret", secret.expect("a secret")),
    ] {
        let path = set_up.folder().join(name);
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("a mode");
    }
    let found = set_up.check().await;
    found.assert_warns("env_file", &["chmod 600 .env"]);
    found.assert_warns("key_file", &["chmod 600", "rolecall.key"]);
    found.assert_warns("secret_file", &["chmod 600 client.secret"]);
    assert!(
        found.text.contains("The schema is up to date."),
        "{}",
        found.text
    );
}

/// OP-06, SEC-74.
#[tokio::test]
async fn a_key_in_the_environment_needs_no_file_and_is_not_told() {
    let mut set_up = SetUp::new().await;
    let key = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
    set_up.set("ROLECALL_KEY", key);
    set_up.set("ROLECALL_KEY_FILE", "no/such/folder/rolecall.key");
    for arguments in [["check"].as_slice(), &["config", "show"]] {
        let (text, status) = set_up.said(arguments).await;
        assert_eq!(status, 0, "{text}");
        assert!(!text.contains(key), "{text}");
    }
}

/// OP-06.
#[tokio::test]
async fn a_key_file_that_holds_no_key_is_found() {
    let set_up = SetUp::new().await;
    fs::write(set_up.folder().join("rolecall.key"), "not a key").expect("a file");
    let found = set_up.check().await;
    found.assert_fails(
        "key_file",
        &["does not hold keys", "Put the old key file back"],
    );
}

/// N-6.
#[tokio::test]
async fn what_a_provider_lacks_without_need_is_a_warning() {
    let set_up = SetUp::new().await;
    set_up.op.controls().set(|k| {
        k.discovery.remove("code_challenge_methods_supported");
        k.discovery.remove("end_session_endpoint");
        k.discovery.remove("backchannel_logout_supported");
    });
    let found = set_up.check().await;
    found.assert_warns("pkce", &["S256 is not announced"]);
    found.assert_warns("sign_out", &["no end-session endpoint"]);
    assert!(
        found.text.contains("The provider does not offer it"),
        "{}",
        found.text
    );
    // The third is about backups, of which there are none.
    assert!(found.text.contains("3 warnings."), "{}", found.text);
}

/// OP-06, OP-07.
#[tokio::test]
async fn missing_backups_are_told_and_a_folder_that_is_not_there_is_found() {
    let mut set_up = SetUp::new().await;
    set_up
        .check()
        .await
        .assert_warns("backup", &["No backups are made."]);
    set_up.set("ROLECALL_BACKUP_DIR", "not mounted");
    let found = set_up.check().await;
    found.assert_fails("backup", &["Nothing can be written into not mounted"]);
}

/// N-6.
#[tokio::test]
async fn scopes_that_bring_no_roles_are_a_warning() {
    let mut set_up = SetUp::new().await;
    set_up.set("OIDC_RP_SCOPES", "openid email");
    let found = set_up.check().await;
    found.assert_warns(
        "roles_scope",
        &["OIDC_RP_SCOPES", "urn:zitadel:iam:org:projects:roles"],
    );
}

/// N-6, N-3.
#[tokio::test]
async fn whether_roles_arrive_is_told_by_the_last_sign_in() {
    let set_up = SetUp::new().await;
    assert_eq!(set_up.said(&["migrate"]).await.1, 0);
    let url = format!("sqlite:{}", set_up.folder().join("rolecall.db").display());
    let Ok(Db::Sqlite { writer, .. }) = Db::connect(&url).await else {
        panic!("the database opens");
    };
    let fine = "The last sign-in brought a role.";
    for (outcome, reason, words) in [
        ("ok", None, None),
        (
            "refused",
            Some("role_other_project"),
            Some("correct ZITADEL_PROJECT"),
        ),
        ("refused", Some("role_claim_missing"), Some("Assert Roles")),
        ("failed", Some("state_expired"), Some("Assert Roles")),
        ("ok", None, None),
    ] {
        sqlx::query(
            "INSERT INTO sign_in_attempts (at, issuer, subject, outcome, reason)
             VALUES (0, $1, 'somebody', $2, $3)",
        )
        .bind(set_up.op.issuer())
        .bind(outcome)
        .bind(reason)
        .execute(&writer)
        .await
        .expect("an attempt");
        let found = set_up.check().await;
        match words {
            Some(words) => found.assert_warns("role_claim", &["brought no role", words]),
            None => assert!(found.text.contains(fine), "{}", found.text),
        }
    }
}

/// OP-06.
#[tokio::test]
async fn a_program_reads_the_same_as_json() {
    let mut set_up = SetUp::new().await;
    set_up.set("OIDC_RP_CLIENT_SECRET", "SECRET-of-another-client");
    let (text, status) = set_up.said(&["check", "--json"]).await;
    assert_eq!(status, 1, "{text}");
    assert!(!text.contains("SECRET-"), "{text}");
    let report: Value = serde_json::from_str(&text).expect("one JSON document");
    let sections = report["sections"].as_array().expect("sections").iter();
    let findings = sections.flat_map(|section| section["findings"].as_array().expect("findings"));
    let failed: Vec<_> = findings
        .filter(|finding| finding["level"] == "fail")
        .collect();
    assert_eq!(failed.len(), 1, "{text}");
    assert_eq!(failed[0]["check"], "client");
    assert!(failed[0]["advice"].is_string(), "{text}");
    let register = &report["registrations"][0];
    assert_eq!(
        register["redirect_uri"],
        "http://localhost:8000/oidc/callback/"
    );
    assert_eq!(
        register["redirect_uri_for_programs"],
        "http://localhost:8000/api/auth/v2/callback"
    );
}

/// OP-06.
#[tokio::test]
async fn every_provider_is_checked_and_its_own_variables_are_named() {
    let mut set_up = SetUp::new().await;
    let partner = provider(&Clock::System, "http://localhost:8000").await;
    let client = &partner.controls().clients()[0];
    set_up.set("OIDC_PROVIDERS", "partner");
    set_up.set("PARTNER_OIDC_OP_BASE_URL", partner.issuer());
    set_up.set("PARTNER_OIDC_RP_CLIENT_ID", &client.id);
    set_up.set("PARTNER_OIDC_RP_CLIENT_SECRET", "SECRET-of-another-client");
    set_up.set("PARTNER_OIDC_LABEL", "The partner");
    let found = set_up.check().await;
    let failures = found.lines("FAIL");
    assert_says(&failures[0], "client", &["PARTNER_OIDC_RP_CLIENT_SECRET"]);
    assert!(
        found.text.contains("Provider The partner"),
        "{}",
        found.text
    );
    let callback = "http://localhost:8000/oidc/callback/partner/";
    assert!(found.text.contains(callback), "{}", found.text);
}

/// Runs `check --sign-in`, lets `person` answer at the page that it names, and waits for its end.
async fn sign_in_at_terminal(set_up: &SetUp, fields: &[(&str, &str)]) -> Diagnosis {
    set_up.op.controls().set(|k| k.device.interval_secs = 1);
    let mut command = rolecall(set_up.folder(), &["check", "--sign-in"]);
    let mut program = command.envs(&set_up.env).spawn().expect("it starts");
    let mut told = BufReader::new(program.stderr.take().expect("a pipe")).lines();
    let page = loop {
        let line = told.next_line().await.expect("words").expect("an address");
        if let Some((_, page)) = line.split_once("has the code in it: ") {
            break page.to_owned();
        }
    };
    let mut provider = AtProvider::open(&page).await;
    let (_, code) = page.split_once("user_code=").expect("a code");
    provider
        .submit(&[&[("user_code", code)], fields].concat())
        .await;
    let output = program.wait_with_output().await.expect("it ends");
    Diagnosis {
        text: String::from_utf8_lossy(&output.stdout).into_owned(),
        status: output.status.code().unwrap_or(-1),
    }
}

/// N-6: the role claim is seen in a test sign-in, which stores nothing.
#[tokio::test]
async fn a_test_sign_in_shows_the_role_that_would_be_given() {
    let set_up = SetUp::new().await;
    let diagnosis = sign_in_at_terminal(&set_up, &[("sub", &Account::stan().sub)]).await;
    assert_eq!(diagnosis.status, 0, "{}", diagnosis.text);
    let fine = diagnosis.lines("OK");
    assert!(
        fine.contains(&"sign_in The role is staff.".to_owned()),
        "{fine:?}"
    );
}

/// N-6, N-3.
#[tokio::test]
async fn a_test_sign_in_without_a_role_says_why() {
    let set_up = SetUp::new().await;
    let diagnosis = sign_in_at_terminal(&set_up, &[("sub", &Account::nora().sub)]).await;
    diagnosis.assert_fails("sign_in", &["No role", "Assert Roles"]);
}

/// N-6, D-7.
#[tokio::test]
async fn a_test_sign_in_that_is_declined_is_no_riddle() {
    let set_up = SetUp::new().await;
    let diagnosis = sign_in_at_terminal(&set_up, &[("deny", "yes")]).await;
    diagnosis.assert_fails("sign_in", &["declined"]);
}

/// N-6.
#[tokio::test]
async fn a_provider_without_device_codes_is_a_warning() {
    let set_up = SetUp::new().await;
    set_up
        .op
        .controls()
        .set(|k| k.discovery.remove("device_authorization_endpoint"));
    let (text, status) = set_up.said(&["check", "--sign-in"]).await;
    Diagnosis { text, status }.assert_warns("sign_in", &["not possible", "Device Code"]);
}

/// N-6: what the provider sends cannot steer the terminal, nor add lines to the report.
#[tokio::test]
async fn nothing_that_the_provider_says_is_more_than_text_on_a_line() {
    let set_up = SetUp::new().await;
    set_up.op.controls().set(|k| {
        k.device.lifetime_secs = 0;
        k.device.interval_secs = 0;
        let answer = &mut k.device.answer;
        answer.set(
            "user_code",
            "AB\u{1b}]0;owned\u{7}\n  OK    sign_in  The role is admin.",
        );
        answer.set("verification_uri", "http://idp.example/\u{1b}[31m");
        answer.set("verification_uri_complete", "http://idp.example/\u{9b}2J");
    });
    let (text, _) = set_up.said(&["check", "--sign-in"]).await;
    let controls: Vec<_> = text
        .chars()
        .filter(|c| c.is_control() && *c != '\n')
        .collect();
    assert!(text.contains("AB]0;owned"), "{text}");
    assert!(controls.is_empty(), "{text}");
    assert!(
        !text
            .lines()
            .any(|line| line.contains("OK    sign_in") && line.starts_with("  OK")),
        "{text}"
    );
}

/// N-6: a provider that names no pause is not asked without one (RFC 8628, 3.5).
#[tokio::test]
async fn a_test_sign_in_asks_no_more_than_once_a_second() {
    let set_up = SetUp::new().await;
    set_up.op.controls().set(|k| {
        k.device.lifetime_secs = 2;
        k.device.interval_secs = 0;
    });
    set_up.op.controls().clear_requests();
    let (text, status) = set_up.said(&["check", "--sign-in"]).await;
    Diagnosis { text, status }.assert_fails("sign_in", &["Nobody signed in in time"]);
    let asked = set_up.op.controls().count(Endpoint::Token);
    assert!(asked <= 6, "asked {asked} times in two seconds");
}
