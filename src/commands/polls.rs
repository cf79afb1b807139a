//! `rolecall poll`: find polls, and take the steps of their lives.

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Answer, Failure, Operator, table::table, time};
use crate::{
    audit::Actor,
    clock::Timestamp,
    polls::{
        Filter, Listed, Poll, PollId,
        editing::{Blocker, Details, Edit, Flaw, Step},
    },
    search::{Words, one_line},
    statement::{Order, Window},
};

/// Arguments of `rolecall poll`.
#[derive(Args, Clone, Debug)]
pub struct PollArgs {
    /// Answer with JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: PollCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum PollCommand {
    /// List polls in whatever state, the newest first
    List {
        /// Only those in whose question or choices each of these words occurs
        #[arg(long, default_value = "")]
        search: String,
        /// How many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..))]
        limit: i64,
    },
    /// Show one poll
    Show {
        /// The id, as `rolecall poll list` shows it
        id: i64,
    },
    /// Open a poll, or publish it when it opens later by itself
    Open(Wanted),
    /// Take an open poll back to draft, as long as nobody has voted
    Unfreeze(Wanted),
    /// Close an open poll: nobody can vote any more
    Close(Wanted),
    /// Release the results of a closed poll that were promised on release
    Release(Wanted),
    /// Open a named poll again that has closed
    Reopen {
        #[command(flatten)]
        wanted: Wanted,
        /// When it closes then, such as 2026-03-09T17:00:00Z; without it, by hand
        #[arg(long, value_name = "TIME")]
        closes_at: Option<jiff::Timestamp>,
    },
    /// Put a poll away that is not open
    Archive(Wanted),
    /// Bring an archived poll back
    Restore(Wanted),
    /// Remove a draft that nobody has seen, with its choices and its list, for good
    Delete {
        /// The id, as `rolecall poll list` shows it
        id: i64,
    },
}

#[derive(Args, Clone, Debug)]
struct Wanted {
    /// The id, as `rolecall poll list` shows it
    id: i64,
    /// Why, when voters were told another end
    #[arg(long, default_value = "")]
    reason: String,
}

/// Does what `rolecall poll` asks for; returns what it says.
///
/// # Errors
/// When there is no such poll, when it may not be done, or when the database does not answer.
pub async fn run(operator: &Operator, args: PollArgs) -> Result<String, Failure> {
    let mut closing = None;
    let (step, wanted) = match args.command {
        PollCommand::List { search, limit } => {
            let listed = operator.list_polls(&search, limit).await?;
            return Ok(listed.print(args.json));
        }
        PollCommand::Show { id } => return Ok(operator.show_poll(id).await?.print(args.json)),
        PollCommand::Open(wanted) => (Step::Open, wanted),
        PollCommand::Unfreeze(wanted) => (Step::Unfreeze, wanted),
        PollCommand::Close(wanted) => (Step::Close, wanted),
        PollCommand::Release(wanted) => (Step::Release, wanted),
        PollCommand::Reopen { wanted, closes_at } => {
            closing = closes_at.map(Timestamp::from);
            (Step::Reopen, wanted)
        }
        PollCommand::Archive(wanted) => (Step::Archive, wanted),
        PollCommand::Restore(wanted) => (Step::Restore, wanted),
        PollCommand::Delete { id } => return Ok(operator.delete_poll(id).await?.print(args.json)),
    };
    let details = Details {
        reason: wanted.reason,
        closes_at: closing,
    };
    let taken = operator.take_poll(step, wanted.id, details).await?;
    Ok(taken.print(args.json))
}

impl Operator {
    async fn list_polls(&self, search: &str, limit: i64) -> Result<Answer, Failure> {
        let now = self.clock.now();
        let filter = Filter {
            words: Words::parse(search),
            ..Filter::default()
        };
        let (order, window) = (Order::default(), Window::first(limit));
        let polls = self.polls.list(&filter, &order, window, now).await?;
        let total = self.polls.count(&filter, now).await?;
        let row = |Listed { poll, ballots, .. }: &Listed| {
            [
                poll.id.to_string(),
                poll.state(now).class().to_owned(),
                if poll.shows_turnout(now) {
                    ballots.to_string()
                } else {
                    "-".to_owned()
                },
                time(poll.opening()),
                time(poll.closing()),
                one_line(&poll.question),
            ]
        };
        let rows: Vec<_> = polls.iter().map(row).collect();
        let mut text = table(
            ["ID", "STATE", "VOTES", "OPENS", "CLOSES", "QUESTION"],
            &rows,
        );
        if total > limit {
            text = format!("{text}\n{limit} of {total}; --limit shows more.");
        }
        let document = |listed: &Listed| document(&listed.poll, Some(listed.ballots), now);
        Ok(Answer {
            text,
            json: polls.iter().map(document).collect(),
        })
    }

    async fn poll(&self, id: i64) -> Result<Arc<Poll>, Failure> {
        let found = self.polls.find(PollId(id)).await?;
        found.ok_or_else(|| Failure::Refused(format!("There is no poll with the id {id}.")))
    }

    async fn show_poll(&self, id: i64) -> Result<Answer, Failure> {
        let (poll, now) = (self.poll(id).await?, self.clock.now());
        let paper = self.polls.choices(poll.id).await?;
        let ballots = self.polls.electorate(poll.id).await?.ballots;
        let shown = if poll.shows_turnout(now) {
            ballots.to_string()
        } else {
            "-".to_owned()
        };
        let mut lines = vec![
            ("Id", id.to_string()),
            ("Question", one_line(&poll.question)),
            ("State", poll.state(now).class().to_owned()),
            ("Opens", time(poll.opening())),
            ("Closes", time(poll.closing())),
            ("Votes", shown),
        ];
        lines.extend(
            paper
                .iter()
                .map(|choice| ("Choice", one_line(&choice.text))),
        );
        let lines = lines
            .into_iter()
            .map(|(name, value)| format!("{name:<10} {value}"));
        let mut json = document(&poll, Some(ballots), now);
        if let Some(fields) = json.as_object_mut() {
            let choices = paper.iter().map(|choice| choice.text.clone());
            fields.insert("choices".to_owned(), choices.collect());
        }
        Ok(Answer {
            text: lines.collect::<Vec<_>>().join("\n"),
            json,
        })
    }

    async fn take_poll(&self, step: Step, id: i64, details: Details) -> Result<Answer, Failure> {
        let (poll, now) = (self.poll(id).await?, self.clock.now());
        let seen = (poll.id, poll.version);
        let actor = Actor::CommandLine;
        let taken = self.polls.take_with(step, details, seen, actor, now);
        done(taken.await?)?;
        let poll = self.poll(id).await?;
        let state = poll.state(now).class();
        Ok(Answer {
            text: format!("The poll is {state} now."),
            json: document(&poll, None, now),
        })
    }

    async fn delete_poll(&self, id: i64) -> Result<Answer, Failure> {
        let (poll, now) = (self.poll(id).await?, self.clock.now());
        let actor = Actor::CommandLine;
        let deleted = self.polls.delete(poll.id, poll.version, actor, now);
        done(deleted.await?)?;
        Ok(Answer {
            text: "The poll was deleted.".to_owned(),
            json: json!({ "id": id, "deleted": true }),
        })
    }
}

/// Nothing when it was done, else why it was not.
fn done(edit: Edit) -> Result<(), Failure> {
    Err(Failure::Refused(match edit {
        Edit::Done(_) => return Ok(()),
        Edit::NotNow(state) => {
            format!("The poll is {}. Nothing was changed.", state.class())
        }
        Edit::Flawed(flaws) if flaws.contains(&Flaw::ClosesInThePast) => {
            "That time has passed: give a later one with --closes-at.".to_owned()
        }
        Edit::Flawed(_) => {
            "Voters were told another end: say why with --reason, in 200 characters at most."
                .to_owned()
        }
        Edit::Blocked(why) => blocked(&why),
        Edit::Stale | Edit::NotFound => {
            "Somebody else has changed the poll a moment ago. Nothing was changed.".to_owned()
        }
    }))
}

fn blocked(why: &[Blocker]) -> String {
    let few = why.iter().find_map(|blocker| match blocker {
        Blocker::TooFewChoices { needed } => Some(*needed),
        _ => None,
    });
    match few {
        Some(needed) => format!("The poll cannot open yet: it needs {needed} choices."),
        None => "The poll cannot open yet. Its page in the console says why.".to_owned(),
    }
}

/// A poll for programs; times as RFC 3339. Never how many have voted before that may be told.
fn document(poll: &Poll, ballots: Option<i64>, now: Timestamp) -> Value {
    let time = |at: Option<Timestamp>| at.map(Timestamp::rfc3339);
    json!({
        "id": poll.id,
        "question": poll.question,
        "state": poll.state(now).class(),
        "method": poll.method.as_str(),
        "secrecy": poll.secrecy.as_str(),
        "roll_mode": poll.roll_mode.as_str(),
        "zone": poll.zone,
        "opens_at": time(poll.opening()),
        "closes_at": time(poll.closing()),
        "released_at": time(poll.released_at),
        "archived_at": time(poll.archived_at),
        "ballots": ballots.filter(|_| poll.shows_turnout(now)),
    })
}
