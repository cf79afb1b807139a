//! What has expired is removed a portion at a time, so that nobody who writes waits for all of it.

use rolecall::error::Result;

use crate::support::{
    app::{TestApp, execute},
    database::Engine,
};

const MANY: u64 = 1000;

/// Rows that expired long ago, in a few of the tables.
const EXPIRED: [&str; 4] = [
    "INSERT INTO sessions (id_hash, issuer, sid, created_at, last_seen_at, expires_at, data, tokens)
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     SELECT unhex('00000000000000000000000000000000000000000000000000000000000' || (10000 + i)),
            'https://op.example', 'sid' || i, 1, 1, 1, '{}', 'sealed' FROM n",
    "INSERT INTO revoked_logout_tokens (issuer, jti, expires_at)
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     SELECT 'https://op.example', 'jti' || i, 1 FROM n",
    "INSERT INTO pending_logins (state_hash, browser_hash, provider, nonce, code_verifier,
                                 return_path, created_at)
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     SELECT unhex('00000000000000000000000000000000000000000000000000000000000' || (10000 + i)),
            unhex('0000000000000000000000000000000000000000000000000000000000000000'), 'default', 'n',
            unhex('00'), '/', 1 FROM n",
    "INSERT INTO sign_in_attempts (at, issuer, subject, outcome)
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     SELECT 1, 'https://op.example', 's' || i, 'ok' FROM n",
];

/// What is left of them.
const LEFT: [&str; 4] = [
    "SELECT COUNT(*) FROM sessions",
    "SELECT COUNT(*) FROM revoked_logout_tokens",
    "SELECT COUNT(*) FROM pending_logins",
    "SELECT COUNT(*) FROM sign_in_attempts",
];

/// Whatever removes the last rows removes nothing at all in the same transaction.
const THE_LAST_STAY: [&str; 4] = [
    "CREATE TRIGGER last_session BEFORE DELETE ON sessions
     WHEN (SELECT COUNT(*) FROM sessions) <= 10 BEGIN SELECT RAISE(ABORT, 'enough'); END",
    "CREATE TRIGGER last_token BEFORE DELETE ON revoked_logout_tokens
     WHEN (SELECT COUNT(*) FROM revoked_logout_tokens) <= 10 BEGIN SELECT RAISE(ABORT, 'enough'); END",
    "CREATE TRIGGER last_login BEFORE DELETE ON pending_logins
     WHEN (SELECT COUNT(*) FROM pending_logins) <= 10 BEGIN SELECT RAISE(ABORT, 'enough'); END",
    "CREATE TRIGGER last_attempt BEFORE DELETE ON sign_in_attempts
     WHEN (SELECT COUNT(*) FROM sign_in_attempts) <= 10 BEGIN SELECT RAISE(ABORT, 'enough'); END",
];

async fn sweep(app: &TestApp) -> Result<u64> {
    let sessions = app.state.sessions.sweep().await;
    let rest = app.state.oidc.sweep().await;
    Ok(sessions? + rest?)
}

/// PF-13.
#[tokio::test]
async fn a_sweep_of_many_rows_is_many_transactions() {
    for (table, expired) in EXPIRED.into_iter().enumerate() {
        let app = TestApp::start_on(Engine::Sqlite).await;
        execute(&app.state.db, expired).await;
        execute(&app.state.db, THE_LAST_STAY[table]).await;
        assert!(sweep(&app).await.is_err(), "{expired}");
        let left = app.number(LEFT[table]).await;
        assert!((1..MANY.cast_signed()).contains(&left), "{left}: {expired}");
    }
}

/// PF-13: on either engine nothing of it is left behind.
#[tokio::test]
async fn a_sweep_removes_all_that_has_expired() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let _uma = app.uma().await;
        let before = [app.number(LEFT[0]).await, app.number(LEFT[3]).await];
        for expired in EXPIRED {
            execute(&app.state.db, expired).await;
        }
        assert_eq!(sweep(&app).await.expect("swept"), 4 * MANY);
        let after = [app.number(LEFT[0]).await, app.number(LEFT[3]).await];
        assert_eq!(after, before, "who is signed in stays");
    }
}
