//! What the log tells of those who come and go and of what they may do: a line of JSON for each
//! event, as `docs/operating.md` lists them.

use std::{collections::BTreeSet, net::IpAddr};

use demo_idp::{Endpoint, Fault, LogoutToken, Person as Account, RolesClaim, Running, Signing};
use rolecall::clock::Clock;
use serde_json::{Map, Value};

use crate::{
    secrets::visitor::Visitor,
    support::{
        app::provider,
        command,
        program::{self, Program},
    },
};

const OPERATING: &str = include_str!("../../docs/operating.md");

/// Where everybody is, as the proxy says.
const ADDRESS: &str = "203.0.113.7";

/// What stands on every line of an event that a request has caused.
const ALWAYS: [&str; 7] = [
    "ip",
    "level",
    "message",
    "span",
    "spans",
    "target",
    "timestamp",
];

/// What stands beside that on the line of a change which an admin has made.
const OF_ADMINS: [&str; 7] = [
    "action",
    "actor",
    "audit.seq",
    "id",
    "object",
    "role",
    "sub_hash",
];

/// The same of the program itself.
const OF_NOBODY: [&str; 5] = ["action", "actor", "audit.seq", "id", "object"];

/// Something that has happened: what the line says, its fields beside [`ALWAYS`], the values of
/// some, and the number of the request.
struct Event {
    says: &'static str,
    fields: Vec<&'static str>,
    values: &'static [(&'static str, &'static str)],
    request: String,
}

/// The site as a process with its log in JSON, its provider, and what has happened there.
struct Story {
    program: Program,
    provider: Running,
    events: Vec<Event>,
}

/// The site, with these settings beside the usual.
async fn site(more: &str) -> (Program, Running) {
    let address = program::free_address();
    let provider = provider(&Clock::System, &program::base_url(address)).await;
    let settings = program::settings_with(&provider, "sqlite:rolecall.db");
    let settings =
        format!("{settings}ROLECALL_LOG_FORMAT=json\nROLECALL_TRUSTED_PROXIES=127.0.0.0/8\n{more}");
    (Program::start(address, &settings).await, provider)
}

/// Every line of a log.
fn lines(log: &str) -> Vec<Map<String, Value>> {
    let line = |line| serde_json::from_str(line).expect("JSON on every line");
    log.lines().map(line).collect()
}

impl Story {
    async fn begin() -> Self {
        let (program, provider) = site("").await;
        Self {
            program,
            provider,
            events: Vec::new(),
        }
    }

    fn visitor(&self) -> Visitor {
        Visitor::new(&self.program.base_url).behind_proxy(ADDRESS)
    }

    fn gives(&self, account: &Account, roles: RolesClaim) {
        let given = self.provider.controls().roles(&account.sub, roles);
        given.expect("a person");
    }

    /// Notes what the last request of `visitor` was.
    fn was(
        &mut self,
        visitor: &Visitor,
        says: &'static str,
        fields: &[&'static str],
        values: &'static [(&'static str, &'static str)],
    ) {
        self.events.push(Event {
            says,
            fields: [fields, &ALWAYS].concat(),
            values,
            request: visitor.last().header("x-request-id"),
        });
    }

    async fn sign_ins(&mut self) {
        let mut uma = self.visitor();
        uma.sign_in("pick-uma", "/user").await;
        let fields = ["user", "sub_hash", "role"];
        self.was(
            &uma,
            "signed in",
            &fields,
            &[("user", "1"), ("role", "user")],
        );
        uma.get("/admin/").await;
        let fields = ["user", "sub_hash", "needed"];
        let denied = &[("user", "1"), ("needed", "admin")];
        self.was(&uma, "access denied", &fields, denied);
        let mut nora = self.visitor();
        nora.sign_in("pick-nora", "/user").await;
        let seen = ["id_token", "userinfo", "unmapped_roles"];
        let fields = [&["code", "cause", "sub_hash"][..], &seen].concat();
        let refused = &[("code", "role_claim_missing")];
        self.was(&nora, "sign-in refused", &fields, refused);
        self.provider
            .controls()
            .set(|k| k.fault(Endpoint::Token, Fault::TruncatedJson));
        nora.sign_in("pick-stan", "/user").await;
        self.provider
            .controls()
            .set(|k| k.fault(Endpoint::Token, Fault::None));
        self.was(&nora, "sign-in failed", &["code", "cause"], &[]);
    }

    async fn roles(&mut self) {
        let mut uma = self.visitor();
        self.gives(&Account::uma(), RolesClaim::of(&["staff"]));
        uma.sign_in("pick-uma", "/user").await;
        let changed = &[("action", "role_changed"), ("object", "user"), ("id", "1")];
        self.was(&uma, "noted in the history", &OF_NOBODY, changed);
        self.gives(&Account::uma(), RolesClaim::Absent);
        let mut again = self.visitor();
        again.sign_in("pick-uma", "/user").await;
        let lost = &[("action", "role_lost"), ("actor", "rolecall")];
        self.was(&again, "noted in the history", &OF_NOBODY, lost);
    }

    async fn admins(&mut self) {
        let (mut ada, mut stan) = (self.visitor(), self.visitor());
        ada.sign_in("pick-ada", "/user").await;
        stan.sign_in("pick-stan", "/user").await;
        stan.post_with("/user", &[("session", "others")]).await;
        let fields = ["user", "sub_hash"];
        self.was(&stan, "ended sessions of their own", &fields, &[]);
        for (path, action) in [
            (
                "/admin/sessions/end/",
                &[("action", "sessions_ended"), ("role", "admin")],
            ),
            (
                "/admin/users/1/deactivate/",
                &[("action", "user_deactivated"), ("id", "1")],
            ),
            (
                "/admin/users/1/erase/",
                &[("action", "user_erased"), ("actor", "3")],
            ),
        ] {
            ada.post(path).await;
            self.was(&ada, "noted in the history", &OF_ADMINS, action);
        }
        ada.post_with("/admin/audit/export/", &[("format", "csv")])
            .await;
        let exported = &[("action", "audit_exported"), ("object", "audit")];
        self.was(&ada, "noted in the history", &OF_ADMINS, exported);
        ada.post("/oidc/logout/").await;
        self.was(&ada, "signed out", &fields, &[("user", "3")]);
    }

    async fn logout_tokens(&mut self) {
        let mut provider = self.visitor();
        let client = self.provider.controls().clients()[0].id.clone();
        let mut token = LogoutToken::for_person(&client, &Account::ada().sub);
        let told: [(Signing, &str, &[&str]); 2] = [
            (
                Signing::default(),
                "signed out by the provider",
                &["sessions", "sub_hash"],
            ),
            (Signing::Broken, "a logout token was refused", &["code"]),
        ];
        for (signing, says, fields) in told {
            token.minting.signing = signing;
            let minted = self.provider.controls().logout_token(&token);
            provider.deliver(&minted.expect("a logout token")).await;
            self.was(&provider, says, fields, &[]);
        }
    }
}

impl Event {
    fn is(&self, line: &Map<String, Value>) -> bool {
        line["message"] == self.says
            && line["span"]["id"] == *self.request
            && self
                .values
                .iter()
                .all(|(name, value)| line.get(*name).is_some_and(|told| told == value))
    }

    /// Holds its line to the fields that it is to have, and each of them to its form.
    fn check(&self, line: &Map<String, Value>) {
        let fields: BTreeSet<_> = line.keys().map(String::as_str).collect();
        assert_eq!(fields, self.fields.iter().copied().collect(), "{line:?}");
        let is_hex = |text: &str, length| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        for (name, value) in line {
            let text = value.as_str().unwrap_or_default();
            let is_fine = match name.as_str() {
                "timestamp" => text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(),
                "level" => ["INFO", "WARN"].contains(&text),
                "ip" => text.parse() == Ok(ADDRESS.parse::<IpAddr>().expect("an address")),
                "sub_hash" => is_hex(text, 20),
                "user" => text.parse::<i64>().is_ok(),
                "role" | "needed" => ["user", "staff", "admin"].contains(&text),
                "actor" => text == "rolecall" || text.parse::<i64>().is_ok(),
                "span" => is_hex(value["id"].as_str().expect("a number"), 16),
                "spans" => value.is_array(),
                "audit.seq" | "sessions" => value.is_u64(),
                // None of its own: the names of claims, of which there may be none.
                "id_token" | "userinfo" | "unmapped_roles" | "cause" => value.is_string(),
                _ => !text.is_empty(),
            };
            assert!(is_fine, "{name}: {line:?}");
        }
    }
}

/// SEC-76, N-13, OP-03.
#[tokio::test]
async fn every_event_is_a_line_of_json_with_time_request_address_and_person() {
    let mut story = Story::begin().await;
    story.sign_ins().await;
    story.roles().await;
    story.admins().await;
    story.logout_tokens().await;
    let log = story.program.kill().await;
    let lines = lines(&log);
    assert_eq!(story.events.len(), 14);
    for event in &story.events {
        assert!(OPERATING.contains(&format!("`{}`", event.says)));
        let found: Vec<_> = lines.iter().filter(|line| event.is(line)).collect();
        let [line] = found[..] else {
            panic!("{} {:?} {found:?}\n{log}", event.says, event.values);
        };
        event.check(line);
    }
    for line in lines.iter().filter(|line| line.contains_key("ip")) {
        let says = line["message"].as_str().expect("words");
        assert!(
            OPERATING.contains(&format!("| `{says}")) || OPERATING.contains(&format!(", `{says}`"))
        );
    }
    for name in ["Uma Umbach", "acme.example", &Account::uma().sub] {
        assert!(!log.contains(name), "nobody is named: {name}");
    }
    let hash = |user: &str, says: &str| {
        let is_it = |line: &&Map<String, Value>| line["message"] == says && line["user"] == user;
        lines.iter().find(is_it).expect("a line")["sub_hash"].clone()
    };
    let ada = hash("3", "signed in");
    assert_eq!(ada, hash("3", "signed out"));
    assert_ne!(ada, hash("4", "signed in"));
    let show = command::rolecall(story.program.folder(), &["user", "show", "3", "--json"]);
    let (said, _) = command::run(show).await;
    let shown: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        shown["sub_hash"], ada,
        "an operator finds the lines of a person"
    );
}

/// SEC-76.
#[tokio::test]
async fn addresses_can_be_left_out_of_the_log() {
    let (mut program, _provider) = site("ROLECALL_LOG_ADDRESSES=off\n").await;
    let mut uma = Visitor::new(&program.base_url).behind_proxy(ADDRESS);
    uma.sign_in("pick-uma", "/user").await;
    let log = program.kill().await;
    assert!(log.contains("\"signed in\""), "{log}");
    assert!(!log.contains(ADDRESS), "{log}");
}

/// N-13: what is rolled back is told by nobody.
#[tokio::test]
async fn a_change_that_was_refused_has_no_line_and_one_that_was_made_has_one() {
    let (mut program, _provider) = site("").await;
    let mut ada = Visitor::new(&program.base_url);
    ada.sign_in("pick-ada", "/user").await;
    program.kill().await;
    for (words, status, told) in [("user deactivate 1", 1, 0), ("session end --all", 0, 1)] {
        let words: Vec<_> = words.split(' ').collect();
        let typed = command::rolecall(program.folder(), &words);
        let (said, ended) = command::run(typed).await;
        assert_eq!(ended, status, "{said}");
        assert_eq!(said.matches("noted in the history").count(), told, "{said}");
    }
}

/// SEC-76: a log that cannot be configured is no reason to say nothing.
#[test]
fn what_is_wrong_with_the_settings_is_said_before_there_is_a_log() {
    let refused = std::process::Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .env_clear()
        .env("ROLECALL_LOG_FORMAT", "yaml")
        .current_dir(std::env::temp_dir())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    for line in ["ROLECALL_LOG_FORMAT", "OIDC_OP_BASE_URL"] {
        assert!(said.contains(line), "{said}");
    }
}

/// SEC-76.
#[tokio::test]
async fn what_is_wrong_with_the_settings_is_a_line_of_json_each_where_the_log_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut serve = command::rolecall(folder.path(), &["serve"]);
    serve.envs([
        ("ROLECALL_LOG_FORMAT", "json"),
        ("ROLECALL_LOG", "off"),
        ("OIDC_RP_CLIENT_SECRET", "SECRET-abc"),
        ("LISTEN_ADDR", "nowhere"),
    ]);
    let (said, status) = command::run(serve).await;
    assert_eq!(status, 2, "{said}");
    assert!(!said.contains("SECRET"), "{said}");
    assert!(OPERATING.contains("`configuration error`"));
    let lines = lines(&said);
    for name in ["LISTEN_ADDR", "OIDC_OP_BASE_URL", "OIDC_RP_CLIENT_ID"] {
        let names = |line: &&Map<String, Value>| {
            let problem = line["problem"].as_str().unwrap_or_default();
            problem.starts_with(&format!("{name}: "))
        };
        assert_eq!(lines.iter().filter(names).count(), 1, "{said}");
    }
    for line in &lines {
        let fields: BTreeSet<_> = line.keys().map(String::as_str).collect();
        let all = ["level", "message", "problem", "target", "timestamp"];
        assert_eq!(fields, all.into_iter().collect());
        assert_eq!(line["message"], "configuration error");
        assert_eq!(line["level"], "ERROR");
    }
    let mut typed = command::rolecall(folder.path(), &["config", "check"]);
    typed.env("ROLECALL_LOG_FORMAT", "json");
    let (said, _) = command::run(typed).await;
    assert!(
        said.starts_with("The configuration needs a change:"),
        "{said}"
    );
}
