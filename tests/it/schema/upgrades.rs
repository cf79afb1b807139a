//! From every schema that there was to the newest: no row is lost or changed on the way.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use rolecall::{db::Db, random::hex};
use sha2::{Digest as _, Sha384};
use sqlx::migrate::Migrator;

use super::{FIXTURE, twins::columns};
use crate::support::database::{Engine, new_url};

/// What `sha384sum` says of the migrations that have landed; a new one is added when it has.
const LANDED: &str = include_str!("landed.txt");

/// The first schema with rules; the one before it came with it.
const FIRST: i64 = 2;

/// Rows as each version could write them first, by the number of its newest migration.
const ROWS: [(i64, &str); 11] = [
    (2, FIXTURE),
    (2, OTHER_TABLES),
    (
        3,
        "INSERT INTO revoked_logout_tokens (issuer, jti, expires_at, subject, sid, received_at)
         VALUES ('https://op.example', 'k', 9, 'uma', 's', 8)",
    ),
    (
        4,
        r#"INSERT INTO sign_in_attempts (at, issuer, outcome, userinfo_claim_names, unmapped_roles)
           VALUES (2, 'https://op.example', 'refused', '["email"]', '["guest"]')"#,
    ),
    (7, "UPDATE polls SET unlinked_at = 1000 WHERE id = 6"),
    (
        8,
        "INSERT INTO unsent_forms (browser_hash, action, user_id, fields, created_at)
         VALUES (unhex('0303030303030303030303030303030303030303030303030303030303030303'),
                 '/polls/2/vote/', 1, 'sealed', 1);
         INSERT INTO tokens_to_revoke (issuer, tokens) VALUES ('https://op.example', 'sealed')",
    ),
    (
        9,
        "INSERT INTO roll_invites (poll_id, kind, issuer, value, source)
         VALUES (1, 'email', '', 'walter@example.org', 'list');
         INSERT INTO roll_uploads (poll_id, user_id, created_at, content)
         VALUES (1, 3, 1, 'walter@example.org')",
    ),
    (
        11,
        "INSERT INTO personal_access_tokens (user_id, name, token_hash, role, created_at, expires_at)
         VALUES (1, 'Reader', unhex('0404040404040404040404040404040404040404040404040404040404040404'),
                 'user', 1, 2)",
    ),
    (12, PROGRAMS),
    (
        13,
        "INSERT INTO idempotency_keys (poll_id, key_hash)
         VALUES (2, unhex('0505050505050505050505050505050505050505050505050505050505050505'))",
    ),
    (
        17,
        "UPDATE users SET merged_into = 1 WHERE id = 4; UPDATE polls SET form_key = 'form' WHERE id = 1",
    ),
];

const OTHER_TABLES: &str = r#"
    INSERT INTO sessions (id_hash, user_id, issuer, subject, sid, created_at, last_seen_at, expires_at,
                          data, tokens, user_agent)
    VALUES (unhex('0101010101010101010101010101010101010101010101010101010101010101'),
            1, 'https://op.example', 'uma', 's', 1, 1, 9, '{"user": 1}', 'sealed', 'Firefox');
    INSERT INTO pending_logins (state_hash, browser_hash, provider, nonce, code_verifier, return_path, created_at)
    VALUES (unhex('0202020202020202020202020202020202020202020202020202020202020202'),
            unhex('0202020202020202020202020202020202020202020202020202020202020202'),
            'default', 'n', unhex('00ff5c'), '/', 1);
    INSERT INTO revoked_logout_tokens (issuer, jti, expires_at) VALUES ('https://op.example', 'j', 9);
    INSERT INTO sign_in_attempts (at, issuer, subject, outcome) VALUES (1, 'https://op.example', 'uma', 'ok');
    INSERT INTO settings (key, value) VALUES ('odd', 'ä€😀 ''quoted'' "twice" \back'), ('', '')"#;

const PROGRAMS: &str = "
    INSERT INTO sessions (id_hash, user_id, created_at, last_seen_at, expires_at, data, client, scope)
    VALUES (unhex('0606060606060606060606060606060606060606060606060606060606060606'),
            2, 1, 1, 9, '{}', 'device', 'vote');
    INSERT INTO refresh_tokens (token_hash, session_hash, created_at, expires_at)
    SELECT id_hash, id_hash, 1, 2 FROM sessions WHERE client = 'device';
    INSERT INTO authorization_codes (code_hash, session_hash, redirect_uri, code_challenge, session_ends_at, expires_at)
    SELECT id_hash, id_hash, 'http://127.0.0.1:1/', 'c', 1, 2 FROM sessions WHERE client = 'device';
    INSERT INTO device_codes (code_hash, issuer, device_code, interval_seconds, next_poll_at, created_at, expires_at)
    VALUES (unhex('0707070707070707070707070707070707070707070707070707070707070707'),
            'https://op.example', 'sealed', 5, 1, 1, 2);
    INSERT INTO signing_keys (number, kid, private_key, created_at) VALUES (1, 'kid', 'sealed', 1)";

fn folder(engine: Engine) -> PathBuf {
    let name = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(name)
}

/// A database as it was at this version, with rows that were written by it and those before it.
async fn at(version: i64, migrator: &Migrator, engine: Engine) -> Db {
    let db = Db::connect(&new_url(engine).await)
        .await
        .expect("a database");
    let versions = migrator.iter().map(|migration| migration.version);
    for version in versions.filter(|passed| *passed <= version) {
        match &db {
            Db::Sqlite { writer, .. } => migrator.run_to(version, writer).await,
            Db::Postgres { pool, .. } => migrator.run_to(version, pool).await,
        }
        .expect("a schema");
        for (_, rows) in ROWS.iter().filter(|(since, _)| *since == version) {
            match &db {
                Db::Sqlite { writer, .. } => sqlx::raw_sql(*rows).execute(writer).await.map(drop),
                Db::Postgres { pool, .. } => sqlx::raw_sql(*rows).execute(pool).await.map(drop),
            }
            .expect("rows");
        }
    }
    db
}

/// Columns by table.
type Tables = BTreeMap<String, BTreeSet<String>>;

async fn tables(db: &Db) -> Tables {
    let mut tables = Tables::new();
    for (table, column, _) in columns(db).await {
        tables.entry(table).or_default().insert(column);
    }
    tables
}

/// Every value of these columns, row by row.
#[expect(clippy::disallowed_methods, reason = "a name has no placeholder")]
async fn rows(db: &Db, tables: &Tables) -> BTreeMap<String, Vec<String>> {
    let quote = match db {
        Db::Sqlite { .. } => "quote",
        Db::Postgres { .. } => "quote_nullable",
    };
    let mut found = BTreeMap::new();
    for (table, columns) in tables {
        let values = columns
            .iter()
            .map(|column| format!(r#", {quote}("{column}")"#));
        let values: String = values.collect();
        let select = format!(r#"SELECT concat_ws('|'{values}) FROM "{table}""#);
        let select = sqlx::AssertSqlSafe(select);
        let rows = match db {
            Db::Sqlite { writer, .. } => sqlx::query_scalar(select).fetch_all(writer).await,
            Db::Postgres { pool, .. } => sqlx::query_scalar(select).fetch_all(pool).await,
        };
        let mut rows: Vec<String> = rows.expect("rows");
        rows.sort();
        found.insert(table.clone(), rows);
    }
    found
}

async fn no_row_is_lost(engine: Engine) {
    let migrator = Migrator::new(folder(engine)).await.expect("migrations");
    let versions = migrator.iter().map(|migration| migration.version);
    for version in versions.filter(|version| *version >= FIRST) {
        let db = at(version, &migrator, engine).await;
        let then = tables(&db).await;
        let before = rows(&db, &then).await;
        db.migrate().await.expect("the newest schema");
        assert_eq!(rows(&db, &then).await, before, "from {version}");
        assert_eq!(db.schema_gap().await.missing, 0, "from {version}");
        if version == ROWS[ROWS.len() - 1].0 {
            let empty = before.iter().filter(|(_, rows)| rows.is_empty());
            let empty: Vec<_> = empty.map(|(table, _)| table).collect();
            assert!(empty.is_empty(), "no rows for {empty:?}");
        }
        db.close().await;
    }
}

/// FT-24, OP-10.
#[tokio::test]
async fn from_every_earlier_schema_every_row_comes_to_the_newest_on_sqlite() {
    no_row_is_lost(Engine::Sqlite).await;
}

/// FT-24, OP-10.
#[tokio::test]
async fn from_every_earlier_schema_every_row_comes_to_the_newest_on_postgres() {
    no_row_is_lost(Engine::Postgres).await;
}

/// FT-24, OP-10.
#[test]
fn a_migration_that_has_landed_is_not_touched() {
    let landed = LANDED
        .lines()
        .map(|line| line.split_once("  ").expect("a hash and a name"));
    let landed: BTreeMap<_, _> = landed
        .map(|(hash, name)| (name.to_owned(), hash.to_owned()))
        .collect();
    let newest = landed
        .keys()
        .max_by_key(|name| number(name))
        .expect("migrations");
    let mut found = BTreeMap::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for entry in fs::read_dir(folder(engine)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder(engine).parent().expect("migrations"));
            let name = name.expect("below migrations").display().to_string();
            let hash = hex(&Sha384::digest(fs::read(&path).expect("a migration")));
            found.insert(name, hash);
        }
    }
    found.retain(|name, _| number(name) <= number(newest));
    assert_eq!(found, landed);
}

/// `0017` of `sqlite/0017_repeated_forms.sql`.
fn number(name: &str) -> &str {
    let file = name.split_once('/').expect("a folder").1;
    &file[..4]
}
