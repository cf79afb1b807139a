//! `rolecall audit`: the history of changes, and whether its chain holds.

use clap::{Args, Subcommand};
use serde_json::Value;

use super::{Answer, Failure, Operator, table::table, time};
use crate::{
    audit::{self, Actor, Change},
    db::transaction,
    error::Error,
    history::{self, Chain, Entry, Filter},
    random::hex,
    search::{Words, one_line},
    statement::{Order, Window},
};

/// Arguments of `rolecall audit`.
#[derive(Args, Clone, Debug)]
pub struct AuditArgs {
    /// Answer with JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum AuditCommand {
    /// List changes, the newest first
    List {
        /// Only those by or of whom, or of what, each of these words is said
        #[arg(long, default_value = "")]
        search: String,
        /// How many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..))]
        limit: i64,
    },
    /// Recompute the chain; exit status 1 when it does not hold
    Verify,
    /// Print the whole history, one JSON document on each line, the end of the chain first
    Export,
}

/// Entries that are read at once.
const BATCH: i64 = 1000;

/// Does what `rolecall audit` asks for; returns what it says.
///
/// # Errors
/// When the chain does not hold, or the database does not answer.
pub async fn run(operator: &Operator, args: AuditArgs) -> Result<String, Failure> {
    match args.command {
        AuditCommand::List { search, limit } => {
            let listed = operator.list_changes(&search, limit).await?;
            Ok(listed.print(args.json))
        }
        AuditCommand::Verify => operator.verify_changes(args.json).await,
        AuditCommand::Export => operator.export_changes().await,
    }
}

impl Operator {
    async fn list_changes(&self, search: &str, limit: i64) -> Result<Answer, Failure> {
        let filter = Filter {
            words: Words::parse(search),
            ..Filter::default()
        };
        let entries =
            history::list(&self.db, &filter, &Order::default(), Window::first(limit)).await?;
        let row = |entry: &Entry| {
            [
                entry.seq.to_string(),
                time(Some(entry.at)),
                one_line(&entry.actor_label),
                entry.action.clone(),
                one_line(&entry.object_label),
            ]
        };
        let rows: Vec<_> = entries.iter().map(row).collect();
        let mut text = table(["ENTRY", "WHEN", "WHO", "WHAT", "OF"], &rows);
        let total = history::count(&self.db, &filter).await?;
        if total > limit {
            text = format!("{text}\n{limit} of {total}; --limit shows more.");
        }
        Ok(Answer {
            text,
            json: entries.iter().map(Entry::document).collect(),
        })
    }

    async fn verify_changes(&self, as_json: bool) -> Result<String, Failure> {
        let chain = history::verify(&self.db).await?;
        let text = match &chain {
            Chain::Holds(head) => format!(
                "The chain holds up to entry {}: {}",
                head.seq,
                hex(&head.hash)
            ),
            Chain::BrokenAt(seq) => format!("The chain is broken at entry {seq}."),
        };
        let json = chain.document();
        let said = Answer { text, json }.print(as_json);
        match chain {
            Chain::Holds(_) => Ok(said),
            Chain::BrokenAt(_) => Err(Failure::Refused(said)),
        }
    }

    async fn export_changes(&self) -> Result<String, Failure> {
        let (db, now) = (self.db.clone(), self.clock.now());
        let head: Result<_, Error> = transaction!(db, |tx| {
            let change = Change::new("audit_exported", "audit", "all", "the history");
            let change = change.field("format", None, Some("json"));
            audit::append(tx, &Actor::CommandLine, change, now).await?
        });
        let head = head?;
        let first: Value = serde_json::json!({
            "head": { "seq": head.seq, "hash": hex(&head.hash) },
        });
        let mut lines = vec![first.to_string()];
        let mut filter = Filter {
            before: Some(head.seq.saturating_add(1)),
            ..Filter::default()
        };
        loop {
            let window = Window::first(BATCH);
            let entries = history::list(&self.db, &filter, &Order::default(), window).await?;
            let Some(last) = entries.last() else {
                return Ok(lines.join("\n"));
            };
            filter.before = Some(last.seq);
            lines.extend(entries.iter().map(|entry| entry.document().to_string()));
        }
    }
}
