//! `rolecall polls`, `vote` and `results`.

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Terminal, server::Answer, sign_in::SignedIn};
use crate::{
    commands::table,
    paths,
    search::{fold, one_line},
};

/// How often a vote is sent whose answer does not come.
const ATTEMPTS: usize = 3;

/// Arguments of `rolecall polls`.
#[derive(Args, Clone, Debug)]
pub struct PollsArgs {
    /// The id of one poll, to show it with its choices
    id: Option<i64>,
    /// Only polls in this state: scheduled, open, closed or released
    #[arg(long)]
    state: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=100))]
    limit: u8,
    /// Answer with JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Arguments of `rolecall vote`.
#[derive(Args, Clone, Debug)]
pub struct VoteArgs {
    /// The id of the poll, as `rolecall polls` shows it
    id: i64,
    /// What to choose, by its text or its id; in a ranked poll the most preferred first
    #[arg(required_unless_present = "abstain", conflicts_with = "abstain")]
    choices: Vec<String>,
    /// Abstain, where the poll offers it
    #[arg(long)]
    abstain: bool,
    /// Answer with JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Arguments of `rolecall results`.
#[derive(Args, Clone, Debug)]
pub struct ResultsArgs {
    /// The id of the poll, as `rolecall polls` shows it
    id: i64,
    /// Answer with JSON, for programs
    #[arg(long)]
    json: bool,
}

/// A member of a document on one line of the terminal.
fn line(value: &Value, name: &str) -> String {
    match value.get(name) {
        Some(Value::String(text)) => one_line(text),
        Some(Value::Null) | None => "-".to_owned(),
        Some(other) => other.to_string(),
    }
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    let list = value.get(name).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

fn print(answer: &Answer, as_json: bool, text: impl FnOnce(&Value) -> String) -> String {
    if as_json {
        format!("{:#}", answer.body)
    } else {
        text(&answer.body)
    }
}

impl<T: Fn(&str)> Terminal<T> {
    /// `rolecall polls`
    pub(super) async fn polls(&self, args: PollsArgs) -> Result<String, Failure> {
        let SignedIn { server, token } = self.signed_in().await?;
        let Some(id) = args.id else {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("limit", &args.limit.to_string());
            if let Some(state) = &args.state {
                query.append_pair("state", state);
            }
            let path = format!("{}?{}", paths::V1_POLLS, query.finish());
            let answer = server.get(&path, &token).await?;
            return Ok(print(&answer, args.json, overview));
        };
        let path = paths::with_id(paths::V1_POLL, id);
        let answer = server.get(&path, &token).await?;
        Ok(print(&answer, args.json, poll))
    }

    /// `rolecall vote`
    pub(super) async fn vote(&self, args: VoteArgs) -> Result<String, Failure> {
        let SignedIn { server, token } = self.signed_in().await?;
        let address = paths::with_id(paths::V1_POLL, args.id);
        let paper = server.get(&address, &token).await?;
        let choices = args.choices.iter();
        let choices = choices.map(|typed| choice(list(&paper.body, "choices"), typed));
        let ballot = json!({
            "choices": choices.collect::<Result<Vec<i64>, Failure>>()?,
            "abstain": args.abstain,
            "paper": list(&paper.body, "choices").first().and_then(|choice| choice.get("id")),
        });
        let key = self.random.token();
        let key = key.map_err(|error| Failure::Refused(error.explained()))?;
        let path = paths::with_id(paths::V1_BALLOT, args.id);
        let mut lost = None;
        for _ in 0..ATTEMPTS {
            match server.post(&path, &token, &key, &ballot).await {
                // The same key: if the vote has arrived all the same, it is not cast again.
                Err(Failure::Unreachable(why)) => lost = Some(why),
                answer => return Ok(print(&answer?, args.json, recorded)),
            }
        }
        let why = lost.unwrap_or_default();
        let look = format!(
            "`rolecall polls {}` says whether your vote is recorded.",
            args.id
        );
        Err(Failure::Unreachable(format!("{why}\n{look}")))
    }

    /// `rolecall results`
    pub(super) async fn results(&self, args: ResultsArgs) -> Result<String, Failure> {
        let SignedIn { server, token } = self.signed_in().await?;
        let path = paths::with_id(paths::V1_RESULTS, args.id);
        let answer = server.get(&path, &token).await?;
        Ok(print(&answer, args.json, report))
    }
}

fn overview(body: &Value) -> String {
    let polls = list(body, "polls");
    if polls.is_empty() {
        return "There are no such polls.".to_owned();
    }
    let names = ["id", "state", "standing", "closes_at", "question"];
    let rows: Vec<_> = polls
        .iter()
        .map(|poll| names.map(|name| line(poll, name)))
        .collect();
    let mut text = table(["ID", "STATE", "YOU", "CLOSES", "QUESTION"], &rows);
    if body.get("next").is_some_and(Value::is_string) {
        text.push_str("\nThere are more; --limit shows up to 100.");
    }
    text
}

fn poll(body: &Value) -> String {
    let facts = [
        ("Question", "question"),
        ("State", "state"),
        ("Secrecy", "secrecy"),
        ("Closes", "closes_at"),
        ("You", "standing"),
        ("Voted", "has_voted"),
    ];
    let facts = facts.map(|(label, name)| format!("{label:<10} {}", line(body, name)));
    let choice = |choice: &Value| [line(choice, "id"), line(choice, "text")];
    let rows: Vec<_> = list(body, "choices").iter().map(choice).collect();
    format!("{}\n\n{}", facts.join("\n"), table(["ID", "CHOICE"], &rows))
}

/// The key of the choice that was typed as its key or its text.
fn choice(paper: &[Value], typed: &str) -> Result<i64, Failure> {
    let says = |choice: &&Value| line(choice, "id") == typed;
    let reads = |choice: &&Value| fold(&line(choice, "text")) == fold(typed);
    let found = paper.iter().find(reads).or_else(|| paper.iter().find(says));
    let key = found.and_then(|choice| choice.get("id")?.as_i64());
    key.ok_or_else(|| {
        let texts: Vec<_> = paper.iter().map(|choice| line(choice, "text")).collect();
        let why = format!(
            "There is no choice \"{typed}\". There are: {}.",
            texts.join(", ")
        );
        Failure::Refused(format!("{why} Your vote was not recorded."))
    })
}

fn recorded(body: &Value) -> String {
    let said = match line(body, "outcome").as_str() {
        "changed" => "Your vote is recorded. It has taken the place of your earlier one.",
        _ => "Your vote is recorded.",
    };
    match body.get("receipt").and_then(Value::as_str) {
        Some(receipt) => {
            let receipt = one_line(receipt);
            format!("{said}\nReceipt: {receipt}\nKeep it: it is not shown again.")
        }
        None => said.to_owned(),
    }
}

fn report(body: &Value) -> String {
    let part = |name| body.get(name).unwrap_or(&Value::Null);
    let (poll, turnout) = (part("poll"), part("turnout"));
    let mut lines = vec![
        line(poll, "question"),
        format!(
            "{} of {} voted.",
            line(turnout, "ballots"),
            line(turnout, "eligible")
        ),
    ];
    match body.get("numbers").filter(|numbers| !numbers.is_null()) {
        Some(numbers) => {
            lines.push(line(numbers, "outcome"));
            let names = ["votes", "percent", "text"];
            let rows: Vec<_> = list(numbers, "choices")
                .iter()
                .map(|choice| names.map(|name| line(choice, name)))
                .collect();
            lines.push(table(["VOTES", "PERCENT", "CHOICE"], &rows));
        }
        None => lines.push(format!(
            "Fewer than {} ballots were cast; the numbers are withheld.",
            line(body, "withheld_below")
        )),
    }
    lines.join("\n")
}
