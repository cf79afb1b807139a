//! Where secrets are looked for.

use std::path::PathBuf;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall::db::Db;
use sqlx::Executor as _;

use crate::support::database::{self, Engine};

/// Fails when one of `secrets` is found in `place`, in any of its forms.
pub fn assert_nowhere(secrets: &[String], place: &str, content: &[u8]) {
    let content = letters(content);
    for secret in secrets {
        let forms = forms(secret);
        let mut found = forms.iter().filter_map(|form| content.find(form));
        let around = found.next().map(|at| {
            let (before, after) = content.split_at(at);
            let before = before.chars().rev().take(200).collect::<Vec<_>>();
            before
                .into_iter()
                .rev()
                .chain(after.chars().take(100))
                .collect::<String>()
        });
        assert_eq!(around, None, "{secret} in {place}");
    }
}

/// As it is and in hexadecimal digits; the same of the bytes that it stands for.
fn forms(secret: &str) -> Vec<String> {
    let hex = |bytes: &[u8]| -> String {
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect()
    };
    let mut forms = vec![secret.to_owned(), hex(secret.as_bytes())];
    if let Ok(bytes) = URL_SAFE_NO_PAD.decode(secret) {
        forms.push(hex(&bytes));
        forms.push(letters(&bytes));
    }
    forms
}

/// A letter for each byte, so that any bytes can be searched like a text, and quickly.
fn letters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The database of the program, seen from outside.
pub struct Database {
    pub url: String,
    file: Option<PathBuf>,
}

impl Database {
    pub async fn new(engine: Engine) -> Self {
        let url = database::new_url(engine).await;
        let file = url.strip_prefix("sqlite:").map(PathBuf::from);
        Self { url, file }
    }

    async fn open(&self) -> Db {
        Db::connect(&self.url).await.expect("the database answers")
    }

    /// One statement, past the application.
    pub async fn execute(&self, sql: &'static str) {
        match self.open().await {
            Db::Sqlite { writer, .. } => writer.execute(sql).await.map(drop),
            Db::Postgres { pool, .. } => pool.execute(sql).await.map(drop),
        }
        .expect("the statement runs");
    }

    /// All that it holds: the bytes of SQLite's files, or the rows of every table.
    pub async fn dump(&self) -> Vec<u8> {
        let Some(file) = &self.file else {
            return self.rows().await.into_bytes();
        };
        let mut bytes = std::fs::read(file).expect("the database's file");
        let log = format!("{}-wal", file.display());
        bytes.extend(std::fs::read(log).expect("the write-ahead log"));
        bytes
    }

    #[expect(clippy::disallowed_methods, reason = "a name has no placeholder")]
    async fn rows(&self) -> String {
        let Db::Postgres { pool, .. } = self.open().await else {
            unreachable!("SQLite has files");
        };
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT table_name::text FROM information_schema.tables
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
        )
        .fetch_all(&pool)
        .await
        .expect("names of tables");
        let mut rows = Vec::new();
        for table in tables {
            let all = format!(r#"SELECT one::text FROM "{table}" one"#);
            let of_table = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(all));
            rows.extend(of_table.fetch_all(&pool).await.expect("rows"));
        }
        rows.join("\n")
    }
}
