//! The numbers of a poll, in the words and percentages of its tables.

use crate::{
    language::{Message, Value},
    polls::{
        Poll, RollMode, Tally,
        count::{
            instant_runoff::{self, Exclusion, Reason},
            schulze,
        },
        tally::Ranked,
    },
};

/// The numbers, as a page shows them.
pub(super) struct Figures {
    pub outcome: Message,
    pub caption: Message,
    pub rows: Vec<Row>,
    pub ranked: RankedFigures,
    pub facts: Vec<(&'static str, Message)>,
    /// Whether any ballot chose something: else there is nothing to draw.
    pub has_votes: bool,
}

/// One choice in the table.
pub(super) struct Row {
    pub text: String,
    pub votes: u64,
    pub percent: String,
}

impl Row {
    pub fn votes(&self) -> Message {
        Message::of(self.votes)
    }

    pub fn share(&self) -> Value {
        Value::decimal(&self.percent)
    }
}

/// How rankings were counted.
pub(super) enum RankedFigures {
    No,
    Rounds(Rounds),
    Pairs(Pairs),
}

/// An instant run-off, round by round.
pub(super) struct Rounds {
    /// The numbers of the rounds.
    pub numbers: Vec<usize>,
    /// Each choice with its votes in each round; empty once it is out.
    pub rows: Vec<(String, Vec<String>)>,
    /// Ballots that name no choice that is still in.
    pub exhausted: Vec<u64>,
    /// Who went out, and why.
    pub steps: Vec<Message>,
}

/// Choices compared two by two.
pub(super) struct Pairs {
    pub choices: Vec<String>,
    /// Each choice with its place and, for each choice, the ballots that prefer it to that one;
    /// empty for itself.
    pub rows: Vec<(String, usize, Vec<String>)>,
}

impl Figures {
    /// What may be shown of the numbers.
    pub fn new(tally: &Tally, poll: &Poll, is_final: bool) -> Self {
        if !poll.may_show(tally.ballots) {
            return Self::withheld(tally, poll);
        }
        let rows = tally.counts.iter().map(|count| Row {
            percent: tally.percent(count),
            votes: count.votes,
            text: count.text.clone(),
        });
        Self {
            rows: rows.collect(),
            outcome: poll.outcome(tally, is_final),
            caption: caption(tally, poll),
            ranked: RankedFigures::new(tally),
            facts: facts(tally, poll),
            has_votes: tally.votes() > 0,
        }
    }

    fn withheld(tally: &Tally, poll: &Poll) -> Self {
        Self {
            outcome: Message::new("withheld").with("fewest", poll.min_show),
            caption: Message::default(),
            rows: Vec::new(),
            ranked: RankedFigures::No,
            facts: vec![("turnout", turnout(tally, poll))],
            has_votes: false,
        }
    }
}

impl RankedFigures {
    fn new(tally: &Tally) -> Self {
        match &tally.ranked {
            Some(Ranked::InstantRunoff(count)) if tally.votes() > 0 => {
                Self::Rounds(Rounds::new(tally, count))
            }
            Some(Ranked::Schulze(count)) if tally.votes() > 0 => {
                Self::Pairs(Pairs::new(tally, count))
            }
            _ => Self::No,
        }
    }
}

impl Rounds {
    fn new(tally: &Tally, count: &instant_runoff::Count) -> Self {
        let rounds = &count.rounds;
        let votes = move |choice: usize| {
            let votes = rounds
                .iter()
                .map(move |round| round.ballots.get(choice).copied().flatten());
            votes.map(|votes| votes.map_or_else(String::new, |votes| votes.to_string()))
        };
        let rows = texts(tally)
            .zip(0..)
            .map(|(text, choice)| (text, votes(choice).collect()));
        let steps = rounds.iter().zip(1..).filter_map(|(round, number)| {
            let excluded = round.excluded?;
            Some(step(tally, number, excluded))
        });
        Self {
            numbers: (1..=rounds.len()).collect(),
            rows: rows.collect(),
            exhausted: rounds.iter().map(|round| round.exhausted).collect(),
            steps: steps.collect(),
        }
    }
}

fn step(tally: &Tally, round: usize, excluded: Exclusion) -> Message {
    let name = texts(tally).nth(excluded.choice).unwrap_or_default();
    let message = match excluded.reason {
        Reason::Fewest => Message::new("goes-out-fewest"),
        Reason::EarlierRound(earlier) => Message::new("goes-out-earlier").with("earlier", earlier),
        Reason::BallotPaper => Message::new("goes-out-paper"),
    };
    message.with("round", round).with("choice", name)
}

impl Pairs {
    fn new(tally: &Tally, count: &schulze::Count) -> Self {
        let rows = texts(tally)
            .zip(&count.places)
            .zip(&count.preferred)
            .zip(0..);
        let rows = rows.map(|(((text, place), preferred), own)| {
            let cells = preferred.iter().zip(0..).map(|(ballots, other)| {
                if other == own {
                    String::new()
                } else {
                    ballots.to_string()
                }
            });
            (text, *place, cells.collect())
        });
        Self {
            choices: texts(tally).collect(),
            rows: rows.collect(),
        }
    }
}

fn texts(tally: &Tally) -> impl Iterator<Item = String> {
    tally.counts.iter().map(|count| count.text.clone())
}

fn caption(tally: &Tally, poll: &Poll) -> Message {
    let id = if poll.ranked_rule.is_some() {
        "caption-ranked"
    } else if poll.takes_several() {
        "caption-several"
    } else {
        "caption"
    };
    Message::new(id).with("ballots", tally.choosing())
}

fn facts(tally: &Tally, poll: &Poll) -> Vec<(&'static str, Message)> {
    let mut facts = Vec::new();
    if poll.allow_abstain {
        facts.push(("abstentions", Message::of(tally.abstained)));
    }
    if poll.takes_several() && poll.ranked_rule.is_none() {
        let on = Message::new("choices-on-ballots")
            .with("choices", tally.votes())
            .with("ballots", tally.choosing());
        facts.push(("choices-and-ballots", on));
    }
    facts.push(("turnout", turnout(tally, poll)));
    if let Some(needed) = poll.quorum(tally.eligible) {
        facts.push(("quorum", Message::new("votes").with("count", needed)));
    }
    facts.push(("how-counted", poll.counting()));
    facts
}

fn turnout(tally: &Tally, poll: &Poll) -> Message {
    let message = match poll.roll_mode {
        RollMode::List => {
            Message::new("turnout-list").with("share", Value::decimal(tally.turnout()))
        }
        RollMode::Role => Message::new("turnout-role"),
    };
    message
        .with("ballots", tally.ballots)
        .with("eligible", tally.eligible)
}
