//! What happened at each sign-in: kept for admins, by name and never by value.

use std::time::Duration;

use demo_idp::{Endpoint, Fault, Person as Account, RolesClaim, people::grants};
use rolecall::{
    attempts::{self, Attempt, Evidence},
    db::Db,
};

use crate::support::{
    app::TestApp,
    database::Engine,
    person::{Person, Reply},
};

/// The rows of the list, blanks made single.
fn rows(page: &Reply) -> Vec<String> {
    page.texts("tbody tr")
}

async fn list(ada: &mut Person<'_>, query: &str) -> Vec<String> {
    rows(&ada.get(&format!("/admin/sign-ins/{query}")).await)
}

/// The page of the newest attempt.
async fn newest(ada: &mut Person<'_>) -> Reply {
    let list = ada.get("/admin/sign-ins/").await;
    let page = list.attributes("tbody th a", "href").remove(0);
    ada.get(&page).await
}

fn take_roles(app: &TestApp, account: &Account) {
    app.op()
        .roles(&account.sub, RolesClaim::Absent)
        .expect("a person");
}

/// N-3, N-13, SEC-76.
#[tokio::test]
async fn each_way_in_which_a_sign_in_ends_is_listed_the_newest_first() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        app.anonymous().sign_in("pick-nora", "/").await;
        app.op().set(|k| k.authorize_error("access_denied"));
        let mut uma = app.anonymous();
        let start = uma.get("/oidc/authenticate/").await;
        uma.get(&crate::sign_in::at_provider(&start).await).await;
        app.op().set(|k| k.authorize.error = None);
        let mut ada = app.ada().await;
        assert_eq!(
            list(&mut ada, "").await,
            [
                "2 March 2026 Ada Adler Signed in –",
                "2 March 2026, 09:00 UTC – Failed access_denied",
                "2 March 2026, 09:00 UTC 259000000000000104 Refused role_claim_missing",
            ]
        );
        for (query, found) in [
            ("?outcome=ok", 1),
            ("?outcome=refused", 1),
            ("?outcome=failed", 1),
            ("?outcome=nonsense", 3),
            ("?reason=access_denied", 1),
            ("?q=ADA", 1),
            ("?q=ada%40acme.example", 1),
            ("?q=259000000000000104", 1),
            ("?q=nobody", 0),
            ("?q=%25", 0),
            ("?page=9", 3),
        ] {
            assert_eq!(list(&mut ada, query).await.len(), found, "{query}");
        }
    }
}

/// N-3.
#[tokio::test]
async fn a_refused_sign_in_shows_the_claim_names_and_the_likely_cause() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let claim = app.op().roles_claim();
    for (roles, code, cause, names) in [
        (RolesClaim::Absent, "role_claim_missing", "Assert Roles", ""),
        (
            RolesClaim::OtherProject("999".to_owned(), grants(&["admin"])),
            "role_other_project",
            "ZITADEL_PROJECT does not match",
            "urn:zitadel:iam:org:project:999:roles",
        ),
        (
            RolesClaim::empty(),
            "role_claim_empty",
            "Grant this account",
            claim.as_str(),
        ),
        (
            RolesClaim::of(&["guest"]),
            "role_unmapped",
            "none of them means anything",
            "guest",
        ),
    ] {
        app.op()
            .roles(&Account::uma().sub, roles)
            .expect("Uma is known");
        let mut uma = app.anonymous();
        let refused = uma.sign_in("pick-uma", "/").await;
        assert_eq!(refused.status, 403);
        assert_eq!(refused.text_of("details code"), code);
        let page = newest(&mut ada).await;
        assert_eq!(page.text_of(".facts code"), code);
        assert!(
            page.text_of(".note").contains(cause),
            "{code}: {}",
            page.text_of(".note")
        );
        let codes = page.texts(".facts code");
        assert!(
            codes.contains(&"preferred_username".to_owned()),
            "{codes:?}"
        );
        assert!(
            names.is_empty() || codes.contains(&names.to_owned()),
            "{codes:?}"
        );
        assert!(codes.contains(&refused.header("x-request-id").to_owned()));
    }
}

/// N-3: what is kept of the claims is their names.
#[tokio::test]
async fn no_value_of_a_claim_is_kept_of_somebody_without_a_role() {
    let app = TestApp::start().await;
    let change = |account: &mut Account| {
        account.name = Some("VALUE-name".to_owned());
        account.email = Some("VALUE@acme.example".to_owned());
        account.claims.set("department", "VALUE-department");
    };
    let nora = Account::nora().sub;
    app.op().person(&nora, change).expect("Nora is known");
    app.anonymous().sign_in("pick-nora", "/").await;
    let kept = app
        .number(
            "SELECT COUNT(*) FROM sign_in_attempts WHERE claim_names LIKE '%VALUE%'
             OR userinfo_claim_names LIKE '%VALUE%' OR unmapped_roles LIKE '%VALUE%'",
        )
        .await;
    assert_eq!(kept, 0);
    let named =
        "SELECT COUNT(*) FROM sign_in_attempts WHERE userinfo_claim_names LIKE '%\"department\"%'";
    assert_eq!(app.number(named).await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 0);
}

/// N-3.
#[tokio::test]
async fn what_fails_at_the_provider_or_on_the_way_back_is_kept_with_its_reason() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let refused = r#"{"error":"invalid_client"}"#.to_owned();
    app.op()
        .set(|k| k.fault(Endpoint::Token, Fault::Status(400, refused)));
    app.anonymous().sign_in("pick-uma", "/").await;
    let page = newest(&mut ada).await;
    assert_eq!(page.text_of(".facts code"), "invalid_client");
    assert!(page.text_of(".note").contains("client secret is wrong"));
    app.op().set(|k| {
        k.faults.clear();
        k.userinfo.claims.set("sub", "somebody else");
    });
    app.anonymous().sign_in("pick-uma", "/").await;
    let page = newest(&mut ada).await;
    assert_eq!(page.text_of(".facts code"), "userinfo_invalid");
    assert!(
        page.texts(".facts code").contains(&Account::uma().sub),
        "the ID token was genuine"
    );
}

/// E-11: anybody can call the callback.
#[tokio::test]
async fn what_belongs_to_no_sign_in_of_ours_is_not_kept() {
    let app = TestApp::start().await;
    for query in [
        "",
        "?code=x&state=y",
        "?error=access_denied",
        "?state=a&state=b",
    ] {
        app.anonymous()
            .get(&format!("/oidc/callback/{query}"))
            .await;
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM sign_in_attempts").await, 0);
    let callback = app.anonymous().ask_provider("pick-uma", "/").await;
    app.anonymous().get(&callback).await;
    let kept = "SELECT COUNT(*) FROM sign_in_attempts WHERE reason = 'state_other_browser'";
    assert_eq!(app.number(kept).await, 1);
}

/// N-13: a precise time beside a secret vote could tell on somebody.
#[tokio::test]
async fn of_a_sign_in_that_succeeded_only_the_day_is_kept() {
    let app = TestApp::start().await;
    app.advance(Duration::from_secs(3661)).await;
    app.uma().await;
    app.anonymous().sign_in("pick-nora", "/").await;
    let ok = "SELECT at % 86400000 FROM sign_in_attempts WHERE outcome = 'ok'";
    let refused = "SELECT at % 86400000 FROM sign_in_attempts WHERE outcome = 'refused'";
    assert_eq!(app.number(ok).await, 0);
    assert_ne!(app.number(refused).await, 0);
}

/// N-15.
#[tokio::test]
async fn three_known_people_in_a_row_without_any_role_claim_are_noticed() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let known = [Account::uma(), Account::stan()];
        for pick in ["pick-uma", "pick-stan"] {
            app.anonymous().sign_in(pick, "/").await;
        }
        let state = async || {
            // An instance asks its database once in a second only.
            let asked = app.another_instance(|_| ()).await;
            let ready = asked.anonymous().get("/readyz").await;
            let body: serde_json::Value = serde_json::from_str(&ready.text).expect("JSON");
            body["role_claims"].as_str().expect("a word").to_owned()
        };
        for account in &known {
            take_roles(&app, account);
        }
        for _ in 0..3 {
            app.anonymous().sign_in("pick-nora", "/").await;
            app.anonymous().sign_in("pick-uma", "/").await;
            app.anonymous().sign_in("pick-stan", "/").await;
        }
        assert_eq!(
            state().await,
            "ok",
            "two people only, and one who never had a role"
        );
        take_roles(&app, &Account::ada());
        let banner = ".flash.error";
        assert_eq!(ada.get("/admin/").await.text_of(banner), "");
        // Ada's session is still good: her role is confirmed only now and then.
        let third = third_person(&app).await;
        take_roles(&app, &third);
        app.anonymous().sign_in("pick-vera", "/").await;
        assert_eq!(state().await, "missing");
        for path in ["/admin/", "/admin/polls/", "/admin/sign-ins/"] {
            let warning = ada.get(path).await.text_of(banner);
            assert!(
                warning.contains("without any role claim"),
                "{path}: {warning}"
            );
        }
        assert_eq!(ada.get("/polls/").await.text_of(banner), "");
        let back = RolesClaim::of(&["user"]);
        app.op()
            .roles(&Account::uma().sub, back)
            .expect("Uma is known");
        app.anonymous().sign_in("pick-uma", "/").await;
        assert_eq!(state().await, "ok", "somebody came with one");
    }
}

/// Vera, who has a role at first and has been here with it.
async fn third_person(app: &TestApp) -> Account {
    let vera = Account {
        sub: "259000000000000109".to_owned(),
        preferred_username: "vera".to_owned(),
        ..Account::uma()
    };
    app.op().add_person(vera.clone());
    let back = RolesClaim::of(&["user"]);
    app.op().roles(&vera.sub, back).expect("Vera is known");
    app.anonymous().sign_in("pick-vera", "/").await;
    // Her own success must not be the newest.
    app.anonymous().sign_in("pick-uma", "/").await;
    app.anonymous().sign_in("pick-stan", "/").await;
    vera
}

/// N-15: the roles may have been renamed, but the claim is there.
#[tokio::test]
async fn people_with_roles_that_mean_nothing_are_not_taken_for_a_missing_claim() {
    let app = TestApp::start().await;
    let mut evidence = Evidence::of(app.provider.issuer());
    for pick in ["pick-uma", "pick-stan", "pick-ada"] {
        app.anonymous().sign_in(pick, "/").await;
    }
    for (account, missing) in [
        (Account::uma(), attempts::MissingRole::ClaimMissing),
        (Account::stan(), attempts::MissingRole::Unmapped),
        (Account::stan(), attempts::MissingRole::ClaimMissing),
        (Account::ada(), attempts::MissingRole::ClaimMissing),
    ] {
        evidence.subject = Some(account.sub);
        evidence.missing_role = Some(missing);
        let refused = Attempt::refused(evidence.clone(), missing.as_str());
        note(&app, refused).await;
    }
    let missing = attempts::role_claim_is_missing(&app.state.db).await;
    assert!(!missing.expect("the database answers"));
}

async fn note(app: &TestApp, attempt: Attempt) {
    let recorded = attempts::record(&app.state.db, attempt, app.clock.now());
    recorded.await.expect("recorded");
}

#[tokio::test]
async fn attempts_are_forgotten_after_ninety_days() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        app.uma().await;
        app.advance(Duration::from_hours(89 * 24)).await;
        app.anonymous().sign_in("pick-nora", "/").await;
        app.state.oidc.sweep().await.expect("swept");
        assert_eq!(app.number("SELECT COUNT(*) FROM sign_in_attempts").await, 2);
        app.advance(Duration::from_hours(2 * 24)).await;
        app.state.oidc.sweep().await.expect("swept");
        assert_eq!(app.number("SELECT COUNT(*) FROM sign_in_attempts").await, 1);
    }
}

/// Anybody can fail to sign in as often as they like.
#[tokio::test]
async fn strangers_fill_no_disk_and_push_nobody_out() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        app.uma().await;
        app.execute(
            "INSERT INTO sign_in_attempts (at, issuer, outcome, reason)
             WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 11000)
             SELECT CAST($1 AS BIGINT), 'x', 'failed', 'access_denied' FROM many",
            app.clock.now().as_millis(),
        )
        .await;
        app.state.oidc.sweep().await.expect("swept");
        assert_eq!(
            app.number("SELECT COUNT(*) FROM sign_in_attempts").await,
            10_001
        );
        let uma = "SELECT COUNT(*) FROM sign_in_attempts WHERE subject IS NOT NULL";
        assert_eq!(app.number(uma).await, 1);
    }
}

#[tokio::test]
async fn an_attempt_that_does_not_exist_is_not_found() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for id in ["0", "999", "x", "99999999999999999999"] {
        let page = ada.get(&format!("/admin/sign-ins/{id}/")).await;
        assert_eq!(page.status, 404, "{id}");
    }
}

/// N-13, Z-5: in the transaction of the change.
#[tokio::test]
async fn a_changed_role_is_in_the_history_with_what_it_was_and_where_it_was_heard() {
    let app = TestApp::start().await;
    let (stan, mut ada) = (Account::stan().sub, app.ada().await);
    app.stan().await;
    let give = |roles| app.op().roles(&stan, roles).expect("Stan is known");
    give(RolesClaim::of(&["user"]));
    let mut laptop = app.stan().await;
    give(RolesClaim::of(&["admin"]));
    app.advance(Duration::from_mins(15)).await;
    laptop.get("/polls/1/").await;
    give(RolesClaim::Absent);
    app.anonymous().sign_in("pick-stan", "/").await;
    for (action, old, new, heard) in [
        ("role_changed", "staff", r#""user""#, "sign_in"),
        ("role_changed", "user", r#""admin""#, "recheck"),
        ("role_lost", "admin", "null", "sign_in"),
    ] {
        let changes = changes_of(&app, action).await;
        let role = format!(r#""role":{{"new":{new},"old":"{old}"}}"#);
        let heard = format!(r#""heard_at":{{"new":"{heard}","old":null}}"#);
        let found = changes
            .iter()
            .any(|change| change.contains(&role) && change.contains(&heard));
        assert!(found, "{role} {heard}: {changes:?}");
    }
    assert_eq!(ada.get("/admin/").await.status, 200);
}

async fn changes_of(app: &TestApp, action: &str) -> Vec<String> {
    const CHANGES: &str = "SELECT changes FROM audit_log WHERE action = $1 ORDER BY seq";
    match &app.state.db {
        Db::Sqlite { writer, .. } => {
            sqlx::query_scalar(CHANGES)
                .bind(action)
                .fetch_all(writer)
                .await
        }
        Db::Postgres { pool, .. } => {
            sqlx::query_scalar(CHANGES)
                .bind(action)
                .fetch_all(pool)
                .await
        }
    }
    .expect("the database answers")
}

/// N-13.
#[tokio::test]
async fn the_list_is_handed_out_as_a_table_as_far_as_it_is_narrowed() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        app.anonymous().sign_in("pick-nora", "/").await;
        let mut ada = app.ada().await;
        let list = ada.get("/admin/sign-ins/?outcome=refused").await;
        let links = list.attributes("main a.secondary", "href");
        let file = links.iter().find(|link| link.contains(".csv"));
        let file = file.expect("a link").clone();
        assert_eq!(file, "/admin/sign-ins.csv?outcome=refused");
        for (file, ends) in [
            (file.as_str(), &["refused"][..]),
            ("/admin/sign-ins.csv", &["ok", "refused"]),
            ("/admin/sign-ins.csv?q=nobody", &[]),
        ] {
            let table = ada.get(file).await;
            assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
            let lines: Vec<_> = table.text.lines().skip(1).collect();
            assert_eq!(lines.len(), ends.len(), "{}", table.text);
            for (line, end) in lines.iter().zip(ends) {
                assert!(line.contains(&format!(",{end},")), "{line}");
            }
        }
        let table = ada.get("/admin/sign-ins.csv").await.text;
        assert!(
            table.contains("\n2026-03-02,"),
            "a day, and nothing finer: {table}"
        );
        assert!(table.contains("\n2026-03-02T09:00:00Z,"), "{table}");
        assert!(table.contains(",role_claim_missing,"), "{table}");
    }
}
