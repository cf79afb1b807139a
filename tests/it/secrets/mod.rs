//! Secrets stay where they belong: the program as a whole, with everything logged, lives through
//! sign-ins that work and fail; then its log, its answers and its database are searched.

mod places;
mod terminal;
pub mod visitor;

use demo_idp::{
    Controls, Endpoint, Fault, LogoutToken, Person as Account, RecordedRequest, Running, Signing,
};
use rolecall::clock::Clock;
use url::Url;

use self::{
    places::{Database, assert_nowhere},
    terminal::Terminal,
    visitor::Visitor,
};
use crate::support::{
    app::provider,
    collector::Collector,
    database::Engine,
    program::{self, Program},
};

/// What nobody may find.
#[derive(Default)]
struct Secrets {
    /// Neither in the log nor in a page nor in the database.
    all: Vec<String>,
    /// In pages, where they belong, and in the database; not in the log.
    in_pages: Vec<String>,
}

/// The story: everything that makes the program handle a secret.
async fn live(uma: &mut Visitor, op: &Controls, database: &Database) {
    let callback = uma.sign_in("pick-uma", "/user").await;
    uma.get(&callback).await;
    // The role is confirmed with a new access token.
    op.set(|k| k.token_answer.set("expires_in", 0));
    uma.sign_in("pick-stan", "/user").await;
    database
        .execute("UPDATE users SET role_checked_at = 0")
        .await;
    let asked = op.count(Endpoint::Token);
    assert_eq!(uma.get("/polls/1/").await.status(), 404);
    assert!(op.count(Endpoint::Token) > asked, "tokens were renewed");

    forge(uma).await;
    fail(uma, op).await;

    let client = op.clients()[0].id.clone();
    let mut ended = LogoutToken::for_person(&client, &Account::ada().sub);
    for signing in [Signing::default(), Signing::Broken] {
        ended.minting.signing = signing;
        let token = op.logout_token(&ended).expect("a logout token");
        uma.deliver(&token).await;
    }

    let left = uma.post("/oidc/logout/").await;
    let back = uma.follow(&left).await;
    assert!(back.contains("state="));
    uma.get(&back).await;
}

/// What somebody may send who found out or invented a secret.
async fn forge(uma: &mut Visitor) {
    let invented = "SECRET-invented-0123456789-0123456789-01234";
    let callback = format!("/oidc/callback/?code={invented}&state={invented}");
    uma.get(&callback).await;
    uma.get(&format!("{callback}&iss={invented}&error={invented}"))
        .await;
    let mut stranger = uma.stranger();
    for name in ["rolecall", "rolecall_login", "rolecall_logout"] {
        stranger.plant(name, invented);
    }
    stranger.get("/user").await;
    stranger.get(&callback).await;
    stranger.post("/polls/1/vote/").await;
    uma.secrets.push(invented.to_owned());
    uma.answers.append(&mut stranger.answers);
}

/// Sign-ins that fail while the program holds code, verifier and perhaps tokens.
async fn fail(uma: &mut Visitor, op: &Controls) {
    let mut stranger = uma.stranger();
    let echo = r#"{"error":"invalid_grant","error_description":"SECRET-described"}"#;
    for fault in [
        Fault::Refuse,
        Fault::Html,
        Fault::TruncatedJson,
        Fault::Status(400, echo.to_owned()),
        Fault::None,
    ] {
        op.set(|k| k.fault(Endpoint::Token, fault));
        op.set(|k| k.id_token.signing = Signing::Broken);
        stranger.sign_in("pick-stan", "/").await;
    }
    op.set(|k| k.id_token.signing = Signing::default());
    for fault in [Fault::Refuse, Fault::TruncatedJson, Fault::None] {
        op.set(|k| k.fault(Endpoint::UserInfo, fault));
        stranger.sign_in("pick-nora", "/").await;
    }
    uma.secrets.push("SECRET-described".to_owned());
    uma.secrets.append(&mut stranger.secrets);
    uma.answers.append(&mut stranger.answers);
}

/// Every secret that came past the provider, the browser or the terminal.
fn secrets(uma: &Visitor, terminal: &Terminal, op: &Controls) -> Secrets {
    let mut all = vec![op.clients()[0].secret.clone()];
    for request in op.requests() {
        all.extend(sent(&request));
    }
    all.extend(uma.secrets.iter().chain(&terminal.secrets).cloned());
    let payloads: Vec<_> = all
        .iter()
        .filter(|secret| secret.starts_with("eyJ"))
        .filter_map(|jwt| jwt.split('.').nth(1).map(str::to_owned))
        .collect();
    all.extend(payloads);
    all.retain(|secret| secret.len() > 12);
    Secrets {
        all,
        in_pages: [&*uma.csrf_tokens, &*terminal.codes].concat(),
    }
}

/// The secrets that rolecall sent to the provider, or the browser on its behalf.
fn sent(request: &RecordedRequest) -> Vec<String> {
    const NAMES: [&str; 7] = [
        "code",
        "code_verifier",
        "refresh_token",
        "client_secret",
        "id_token_hint",
        "token",
        "state",
    ];
    let parameters = NAMES.iter().filter_map(|name| request.param(name));
    let authorization = request.header("authorization");
    let credentials = authorization.and_then(|header| header.split(' ').nth(1));
    parameters.chain(credentials).map(str::to_owned).collect()
}

async fn start(engine: Engine, collector: &Collector) -> (Program, Running, Database) {
    let address = program::free_address();
    let provider = provider(&Clock::System, &program::base_url(address)).await;
    let database = Database::new(engine).await;
    let client = &provider.controls().clients()[0];
    let settings = format!(
        "OIDC_OP_BASE_URL={issuer}\nOIDC_RP_CLIENT_ID={id}\nOIDC_RP_CLIENT_SECRET='{secret}'\n\
         ZITADEL_PROJECT={project}\nOIDC_RP_SCOPES='openid profile email offline_access \
         urn:zitadel:iam:org:projects:roles urn:zitadel:iam:org:project:id:{project}:aud'\n\
         OIDC_HTTP_TIMEOUT=1\nDATABASE_URL={database}\nROLECALL_LOG=trace\n",
        issuer = provider.issuer(),
        id = client.id,
        secret = client.secret,
        project = provider.controls().project_id(),
        database = database.url,
    );
    let [env, endpoint] = collector.above();
    let program = Program::start_under(&[&env, &endpoint], address, &settings).await;
    (program, provider, database)
}

async fn nothing_is_found(engine: Engine) {
    let collector = Collector::start().await;
    let (program, provider, database) = start(engine, &collector).await;
    let mut uma = Visitor::new(&program.base_url);
    live(&mut uma, provider.controls(), &database).await;
    let mut terminal = Terminal::new(&program.base_url);
    terminal.live(&mut uma, provider.controls()).await;
    let secrets = secrets(&uma, &terminal, provider.controls());
    let rows = database.dump().await;
    program.terminate();
    let (_, log) = program.ended().await;
    let traces = collector.raw();
    assert!(log.contains("TRACE"), "everything is logged");
    assert!(
        log.contains("id_token_signature"),
        "what happened is logged"
    );
    let email = "uma@acme.example";
    assert!(
        String::from_utf8_lossy(&rows).contains(email),
        "the database is read"
    );
    assert!(secrets.all.len() > 40, "{}", secrets.all.len());
    assert!(uma.answers.len() > 30, "{}", uma.answers.len());
    let to_provider = Url::parse(provider.issuer()).expect("a URL");
    assert_nowhere(&secrets.all, "the log", log.as_bytes());
    assert_nowhere(&secrets.in_pages, "the log", log.as_bytes());
    let is_traced = collector
        .spans()
        .iter()
        .any(|span| span.name == "POST token");
    assert!(is_traced, "the traces are read");
    assert_nowhere(&secrets.all, "the traces", &traces);
    assert_nowhere(&secrets.in_pages, "the traces", &traces);
    for answer in &uma.answers {
        assert_nowhere(
            &secrets.all,
            "an answer",
            answer.seen(&to_provider).as_bytes(),
        );
    }
    assert_nowhere(&secrets.all, "the database", &rows);
}

/// SEC-23, SEC-28, SEC-69, O-4, E-76, Z-10.
#[tokio::test]
async fn no_secret_is_in_the_log_in_an_answer_or_in_sqlite() {
    nothing_is_found(Engine::Sqlite).await;
}

/// SEC-23, SEC-28, SEC-69, O-4, E-76.
#[tokio::test]
async fn no_secret_is_in_the_log_in_an_answer_or_in_postgresql() {
    nothing_is_found(Engine::Postgres).await;
}
