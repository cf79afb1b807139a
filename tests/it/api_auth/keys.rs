//! The keys that sign access tokens.

use std::time::Duration;

use super::*;

async fn kids(app: &TestApp) -> Vec<String> {
    let keys = app.program_without_token().get(JWKS).await.json();
    let keys = keys["keys"].as_array().expect("keys").clone();
    let kid = |key: &Value| key["kid"].as_str().unwrap_or_default().to_owned();
    keys.iter().map(kid).collect()
}

/// P-22.
#[tokio::test]
async fn processes_that_start_together_make_one_key() {
    let app = TestApp::start().await;
    let instances = [
        app.another_instance(|_| ()).await,
        app.another_instance(|_| ()).await,
        app.another_instance(|_| ()).await,
    ];
    let all = futures_util::future::join_all(instances.iter().map(kids)).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM signing_keys").await, 1);
    assert!(all.iter().all(|kids| kids.len() == 1 && kids == &all[0]));
}

/// P-12, P-24: a new key signs, the one before is believed for another hour.
#[tokio::test]
async fn a_new_key_follows_the_old_one_without_signing_anybody_out() {
    let app = TestApp::start().await;
    let other = app.another_instance(|_| ()).await;
    let before = signed_in(&app, &Account::uma()).await;
    assert_eq!(opens(&other, &before.access).await, 200);
    let keys = app.state.authorization_server.signing_keys();
    keys.rotate().await.expect("a new key");
    let after = Tokens::of(&refresh(&app, &before.refresh).await);
    let (old, new) = (parts(&before.access).0, parts(&after.access).0);
    assert_ne!(old["kid"], new["kid"]);
    for instance in [&app, &other] {
        assert_eq!(opens(instance, &before.access).await, 200);
        assert_eq!(opens(instance, &after.access).await, 200);
    }
    assert_eq!(kids(&app).await.len(), 2);
    app.advance(Duration::from_hours(1)).await;
    assert_eq!(kids(&app).await, [new["kid"].as_str().expect("text")]);
    app.state
        .authorization_server
        .sweep()
        .await
        .expect("a sweep");
    assert_eq!(app.number("SELECT COUNT(*) FROM signing_keys").await, 1);
}

/// E-76: neither keys nor tokens stand in the database as they are.
#[tokio::test]
async fn the_database_holds_no_key_and_no_token_in_clear() {
    let app = TestApp::with_refresh_tokens().await;
    let first = signed_in(&app, &Account::uma()).await;
    let second = Tokens::of(&refresh(&app, &first.refresh).await);
    let waiting = device(&app, &[]).await;
    let dump = everything(&app).await;
    assert!(dump.contains("voting-robot"), "it is looked at");
    for secret in [
        &first.refresh,
        &second.refresh,
        &second.access,
        waiting["device_code"].as_str().expect("a code"),
    ] {
        assert!(!dump.contains(secret));
    }
    let sealed = app.number("SELECT COUNT(*) FROM signing_keys WHERE private_key LIKE 'MIGH%'");
    assert_eq!(sealed.await, 0, "PKCS #8 in Base64 would begin so");
}

/// What the tables of programs hold, as text.
async fn everything(app: &TestApp) -> String {
    const COLUMNS: &str = "SELECT COALESCE(successor, '') FROM refresh_tokens
        UNION ALL SELECT device_code FROM device_codes
        UNION ALL SELECT private_key FROM signing_keys
        UNION ALL SELECT COALESCE(tokens, '') || data || COALESCE(user_agent, '') FROM sessions";
    let rows: Vec<(String,)> = match &app.state.db {
        rolecall::db::Db::Sqlite { readers, .. } => {
            sqlx::query_as(COLUMNS).fetch_all(readers).await
        }
        rolecall::db::Db::Postgres { pool, .. } => sqlx::query_as(COLUMNS).fetch_all(pool).await,
    }
    .expect("rows");
    rows.into_iter().map(|(text,)| text + "\n").collect()
}

/// P-22: with another vault key a new signing key is made, and refresh tokens go on.
#[tokio::test]
async fn a_vault_that_cannot_open_the_key_makes_another() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app, &Account::uma()).await;
    let other = app
        .another_instance(|config| {
            config.database.key_file = crate::support::database::new_file("key");
        })
        .await;
    assert_eq!(opens(&other, &tokens.access).await, 401);
    assert_eq!(kids(&other).await.len(), 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM signing_keys").await, 2);
}
