//! Whether a backup holds: its pages, its schema, as many marks on each roll as ballots in the
//! box, the names on lists of voters, the chain of the history, the seals. Changes nothing, and
//! leaves nothing beside the file.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::store;
use crate::{
    audit,
    clock::Timestamp,
    db::{self, DatabaseLock, Db},
    error::{Error, Result},
    polls::{PollId, Polls, check::SealCheck},
    random::Random,
};

/// How a SQLite file begins (SQLite file format, 1.3.1).
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// What was found in a file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verification {
    /// Which file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// The number of its newest migration.
    pub schema: Option<i64>,
    /// How many people it holds.
    pub people: i64,
    /// How many polls.
    pub polls: i64,
    /// How many ballots.
    pub ballots: i64,
    /// How many seals were tried.
    pub seals: usize,
    /// What is wrong, one line each.
    pub problems: Vec<String>,
    /// What is worth knowing.
    pub notes: Vec<String>,
}

impl Verification {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    fn problem(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }
}

/// Tries the backup in `file`.
///
/// # Errors
/// When there is no such file, or it cannot be opened. Whatever is wrong with it is a finding.
pub async fn verify(file: &Path, now: Timestamp) -> Result<Verification> {
    let mut found = Verification {
        file: file.to_owned(),
        ..Verification::default()
    };
    let size = size_if_sqlite(file);
    let size = size.map_err(|error| Error::unavailable(format!("{}: {error}", file.display())))?;
    let Some(size) = size else {
        found.problem("It is not a SQLite database.");
        return Ok(found);
    };
    found.size = size;
    if db::has_write_ahead_log(file) || DatabaseLock::is_held(file) {
        found.problem(
            "It is a database in use, not a backup: `rolecall backup` makes one and verifies it.",
        );
        return Ok(found);
    }
    let tried = match Db::read_only(file).await {
        Ok(db) => {
            let tried = try_file(&db, now, &mut found).await;
            db.close().await;
            tried
        }
        Err(error) => Err(error),
    };
    if let Err(error) = tried {
        found.problem(format!("It cannot be read: {}.", error.explained()));
    }
    Ok(found)
}

/// Whether a file begins as SQLite's do.
pub(super) fn is_sqlite(path: &Path) -> bool {
    matches!(size_if_sqlite(path), Ok(Some(_)))
}

/// `None` for a file that is something else.
fn size_if_sqlite(path: &Path) -> io::Result<Option<u64>> {
    let size = fs::metadata(path)?.len();
    let mut header = [0; HEADER.len()];
    let read = File::open(path)?.read_exact(&mut header);
    Ok((read.is_ok() && header == *HEADER).then_some(size))
}

async fn try_file(db: &Db, now: Timestamp, found: &mut Verification) -> Result<()> {
    for damage in store::damage(db).await? {
        found.problem(format!("It is damaged: {damage}."));
    }
    found.schema = db.newest_migration().await?;
    if found.schema.is_none() {
        found.problem("It holds no polls: the schema of this program is not in it.");
    }
    if !found.is_sound() {
        return Ok(());
    }
    let gap = db.schema_gap().await;
    if gap.newer > 0 {
        found.problem(format!(
            "Its schema ({}) is newer than this program, which knows migrations up to {}: use the newer program.",
            found.schema.unwrap_or_default(),
            db::newest_known(),
        ));
        return Ok(());
    }
    for (table, count) in store::loose_ends(db).await? {
        found.problem(format!(
            "In the table {table} {count} rows refer to rows that are not there."
        ));
    }
    let contents = store::contents(db).await?;
    (found.people, found.polls) = (contents.people, contents.polls);
    found.ballots = contents.ballots;
    if gap.missing > 0 {
        found.notes.push(format!(
            "Its schema is {} migrations behind this program: the seals can be tried once it is restored.",
            gap.missing
        ));
    }
    let tries_seals = gap.missing == 0;
    found.seals = try_contents(db, tries_seals, now, &mut found.problems).await?;
    Ok(())
}

/// Tries what a database of either kind holds; says what is wrong, and returns how many seals
/// were tried.
///
/// # Errors
/// When the database does not answer.
pub async fn try_contents(
    db: &Db,
    tries_seals: bool,
    now: Timestamp,
    problems: &mut Vec<String>,
) -> Result<usize> {
    for store::Differing {
        poll,
        marks,
        ballots,
        strays,
    } in store::differing(db).await?
    {
        problems.push(format!(
            "Poll {poll}: {marks} marks on the roll, {ballots} ballots in the box, {strays} choices without a ballot."
        ));
    }
    if db.newest_migration().await? >= Some(store::ROLL_NAMES_SINCE) {
        for store::Misnamed { poll, lines } in store::misnamed(db).await? {
            problems.push(format!(
                "Poll {poll}: its list of voters and the order of their names (table roll_names) differ in {lines} lines."
            ));
        }
    }
    if let Some(entry) = audit::verify(db).await? {
        problems.push(format!("The history is broken at entry {entry}."));
    }
    if !tries_seals {
        return Ok(0);
    }
    let polls = Polls::new(db.clone(), Random::System);
    let sealed = store::sealed(db).await?;
    for id in &sealed {
        problems.extend(try_seal(&polls, *id, now).await?);
    }
    Ok(sealed.len())
}

async fn try_seal(polls: &Polls, id: PollId, now: Timestamp) -> Result<Option<String>> {
    let Some(poll) = polls.find(id).await? else {
        return Ok(None);
    };
    let why = match polls.check_stored_seal(&poll, now).await? {
        Some(SealCheck::Fits) => return Ok(None),
        None => "its seal is missing",
        Some(SealCheck::Rewritten) => "the sealed document is not the one that was sealed",
        Some(SealCheck::NotInHistory) => "the history does not tell of its seal",
        Some(SealCheck::OtherCount) => "its ballots come to something else than was sealed",
    };
    Ok(Some(format!("Poll {id}: {why}.")))
}
