//! Whether the database answers and fits. Changes nothing: a database that is not there yet is
//! left to the first start.

use std::path::Path;

use super::Finding;
use crate::{
    config::DatabaseConfig,
    db::{self, Db},
};

const CHECK: &str = "database";

/// The database, if it answers, and what was found.
pub async fn findings(config: &DatabaseConfig) -> (Option<Db>, Vec<Finding>) {
    let url = config.url.expose();
    let file = db::sqlite_file(url);
    if let Some(file) = file.filter(|file| !file.exists()) {
        return (None, vec![not_yet(&file)]);
    }
    match Db::connect(url).await {
        Ok(db) => {
            let findings = vec![version(&db).await, schema(&db).await];
            (Some(db), findings)
        }
        Err(error) => (None, vec![no_answer(&error.explained())]),
    }
}

fn no_answer(why: &str) -> Finding {
    Finding::fail(
        CHECK,
        format!("The database does not answer: {why}."),
        "Start it, or correct DATABASE_URL.",
    )
}

fn not_yet(file: &Path) -> Finding {
    let shown = file.display();
    if super::files::folder_of(file).is_dir() {
        return Finding::ok(CHECK, format!("{shown} will be made by the first start."));
    }
    Finding::fail(
        CHECK,
        format!("{shown} cannot be made: its folder does not exist."),
        "Make the folder, or correct DATABASE_URL.",
    )
}

async fn version(db: &Db) -> Finding {
    match db.version().await {
        Ok(version) => Finding::ok(CHECK, format!("{version} answers.")),
        Err(error) => no_answer(&error.explained()),
    }
}

async fn schema(db: &Db) -> Finding {
    const CHECK: &str = "schema";
    let gap = db.schema_gap().await;
    if gap.newer > 0 {
        return Finding::fail(
            CHECK,
            "The schema is newer than this program.",
            "Start the newer program; a schema never goes back.",
        );
    }
    match gap.missing {
        0 => Finding::ok(CHECK, "The schema is up to date."),
        missing => Finding::ok(
            CHECK,
            format!("The next start brings the schema up to date ({missing} to go)."),
        ),
    }
}
