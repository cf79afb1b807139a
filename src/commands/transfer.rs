//! `rolecall migrate-to`: from a SQLite file to a PostgreSQL server.

use clap::Args;

use super::{
    Failure,
    backups::{in_use, said},
    table::table,
};
use crate::{
    clock::Clock,
    config::{DatabaseConfig, Secret},
    db,
    transfer::{self, Move, Moved},
};

/// Arguments of `rolecall migrate-to`.
#[derive(Args, Clone, Debug)]
pub struct MigrateToArgs {
    /// `postgres://USER:PASSWORD@HOST/DATABASE`, which has to be empty
    ///
    /// Others on this machine can see what is typed here: with a password in it, set
    /// `ROLECALL_MIGRATE_TO` or `ROLECALL_MIGRATE_TO_FILE` instead.
    #[arg(value_name = "URL")]
    url: Option<String>,
    /// Answer with JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Moves the database to the URL that was typed, else to `configured`; returns what it says.
///
/// # Errors
/// When there is nothing to move, nowhere to go, or it did not work; the target is empty then, or
/// the error says that it is not.
pub async fn run(
    args: MigrateToArgs,
    configured: Option<&str>,
    database: &DatabaseConfig,
    clock: &Clock,
) -> Result<String, Failure> {
    let refused = |why: &str| Failure::Refused(why.to_owned());
    let Some(file) = db::sqlite_file(database.url.expose()) else {
        return Err(refused(
            "DATABASE_URL names PostgreSQL already: there is no SQLite file to move.",
        ));
    };
    let url = args.url.as_deref().or(configured).map(Secret::new);
    let url = url.ok_or_else(|| {
        refused("Where to? Name a postgres: address, or set ROLECALL_MIGRATE_TO.")
    })?;
    let is_server = |url: &str| url.starts_with("postgres:") || url.starts_with("postgresql:");
    if !is_server(url.expose()) {
        return Err(refused("The address must begin with postgres:"));
    }
    match transfer::migrate_to(&file, url.expose(), clock.now()).await? {
        Move::Done(moved) => said(args.json, &moved, || in_words(&moved, database)),
        Move::InUse => Err(in_use(&file)),
        Move::Refused(why) => Err(refused(&why)),
    }
}

fn in_words(moved: &[Moved], database: &DatabaseConfig) -> String {
    let row = |moved: &Moved| [moved.table.clone(), moved.rows.to_string()];
    let rows: Vec<_> = moved.iter().map(row).collect();
    let key = if database.keys.is_some() {
        "ROLECALL_KEY as it is".to_owned()
    } else {
        format!("ROLECALL_KEY_FILE={}", database.key_file.display())
    };
    format!(
        "{}\n\nEvery row was read again on both sides and is the same. Now set DATABASE_URL to the new \
         address, keep {key}, and start the server. The SQLite file was not touched; put it away, so \
         that nobody starts with it again.",
        table(["TABLE", "ROWS"], &rows)
    )
}
