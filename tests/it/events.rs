//! What the log tells of those who come and go and of what they may do: a line of JSON for each
//! event, as `docs/operating.md` lists them.

use demo_idp::{Endpoint, Fault, LogoutToken, Person as Account, RolesClaim, Running, Signing};
use rolecall::clock::Clock;
use serde_json::Value;

use crate::{
    secrets::visitor::Visitor,
    support::{
        app::provider,
        program::{self, Program},
    },
};

const OPERATING: &str = include_str!("../../docs/operating.md");

/// Something that has happened: what the line says, the fields that it has beside it, and the
/// number of the request.
struct Event {
    says: &'static str,
    fields: &'static [(&'static str, &'static str)],
    request: String,
}

/// The site as a process with its log in JSON, its provider, and what has happened there.
struct Story {
    program: Program,
    provider: Running,
    events: Vec<Event>,
}

impl Story {
    async fn begin() -> Self {
        let address = program::free_address();
        let provider = provider(&Clock::System, &program::base_url(address)).await;
        let settings = program::settings_with(&provider, "sqlite:rolecall.db");
        let settings = format!("{settings}ROLECALL_LOG_FORMAT=json\n");
        Self {
            program: Program::start(address, &settings).await,
            provider,
            events: Vec::new(),
        }
    }

    fn visitor(&self) -> Visitor {
        Visitor::new(&self.program.base_url)
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
        fields: &'static [(&'static str, &'static str)],
    ) {
        self.events.push(Event {
            says,
            fields,
            request: visitor.last().header("x-request-id"),
        });
    }

    async fn sign_ins(&mut self) {
        let mut uma = self.visitor();
        uma.sign_in("pick-uma", "/user").await;
        self.was(&uma, "signed in", &[("user", "1"), ("role", "user")]);
        uma.get("/admin/").await;
        let denied = &[("user", "1"), ("needed", "admin")];
        self.was(&uma, "access denied", denied);
        let mut nora = self.visitor();
        nora.sign_in("pick-nora", "/user").await;
        let refused = &[("code", "role_claim_missing"), ("cause", "")];
        self.was(&nora, "sign-in refused", refused);
        self.provider
            .controls()
            .set(|k| k.fault(Endpoint::Token, Fault::TruncatedJson));
        nora.sign_in("pick-stan", "/user").await;
        self.provider
            .controls()
            .set(|k| k.fault(Endpoint::Token, Fault::None));
        self.was(&nora, "sign-in failed", &[("code", ""), ("cause", "")]);
    }

    async fn roles(&mut self) {
        let mut uma = self.visitor();
        self.gives(&Account::uma(), RolesClaim::of(&["staff"]));
        uma.sign_in("pick-uma", "/user").await;
        let changed = &[("action", "role_changed"), ("object", "user"), ("id", "1")];
        self.was(&uma, "noted in the history", changed);
        self.gives(&Account::uma(), RolesClaim::Absent);
        let mut again = self.visitor();
        again.sign_in("pick-uma", "/user").await;
        let lost = &[("action", "role_lost"), ("actor", "rolecall")];
        self.was(&again, "noted in the history", lost);
    }

    async fn admins(&mut self) {
        let (mut ada, mut stan) = (self.visitor(), self.visitor());
        ada.sign_in("pick-ada", "/user").await;
        stan.sign_in("pick-stan", "/user").await;
        stan.post_with("/user", &[("session", "others")]).await;
        self.was(&stan, "ended sessions of their own", &[("user", "")]);
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
                &[("action", "user_erased"), ("actor", "")],
            ),
        ] {
            ada.post(path).await;
            self.was(&ada, "noted in the history", action);
        }
        ada.post("/oidc/logout/").await;
        self.was(&ada, "signed out", &[("user", "")]);
    }

    async fn logout_tokens(&mut self) {
        let mut provider = self.visitor();
        let client = self.provider.controls().clients()[0].id.clone();
        let mut token = LogoutToken::for_person(&client, &Account::ada().sub);
        let (ended, refused) = (&[("sessions", "")], &[("code", "")]);
        for (signing, says, fields) in [
            (Signing::default(), "signed out by the provider", ended),
            (Signing::Broken, "a logout token was refused", refused),
        ] {
            token.minting.signing = signing;
            let minted = self.provider.controls().logout_token(&token);
            provider.deliver(&minted.expect("a logout token")).await;
            self.was(&provider, says, fields);
        }
    }
}

/// The value of a field as text; empty: whatever it is.
fn has(line: &Value, (field, value): (&str, &str)) -> bool {
    let told = match &line[field] {
        Value::Null => return false,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    value.is_empty() || told == value
}

/// SEC-76, N-13, OP-03.
#[tokio::test]
async fn every_event_is_a_line_of_json_with_time_request_and_person() {
    let mut story = Story::begin().await;
    story.sign_ins().await;
    story.roles().await;
    story.admins().await;
    story.logout_tokens().await;
    let log = story.program.kill().await;
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON on every line"))
        .collect();
    assert_eq!(story.events.len(), 13);
    for Event {
        says,
        fields,
        request,
    } in &story.events
    {
        assert!(OPERATING.contains(&format!("`{says}`")), "{says}");
        let found = lines.iter().find(|line| {
            line["message"] == *says
                && line["span"]["id"] == **request
                && fields.iter().all(|field| has(line, *field))
        });
        let line = found.unwrap_or_else(|| panic!("{says} {fields:?} {request}\n{log}"));
        let at = line["timestamp"].as_str().expect("a time");
        assert!(at.ends_with('Z') && at.parse::<jiff::Timestamp>().is_ok());
        assert!(["INFO", "WARN"].contains(&line["level"].as_str().expect("a level")));
    }
    for name in ["Uma Umbach", "acme.example", &Account::uma().sub] {
        assert!(!log.contains(name), "nobody is named: {name}");
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
