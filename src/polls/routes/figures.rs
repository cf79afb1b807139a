//! The numbers of a poll, in the words and percentages of its tables.

use super::view::number;
use crate::polls::{
    Poll, RankedRule, RollMode, Tally,
    count::{
        instant_runoff::{self, Exclusion, Reason},
        schulze,
    },
    tally::Ranked,
};

/// The numbers, as a page shows them.
pub(super) struct Figures {
    pub outcome: String,
    pub caption: String,
    pub rows: Vec<Row>,
    pub ranked: RankedFigures,
    pub facts: Vec<(&'static str, String)>,
    /// Whether any ballot chose something: else there is nothing to draw.
    pub has_votes: bool,
}

/// One choice in the table.
pub(super) struct Row {
    pub text: String,
    pub votes: u64,
    pub percent: String,
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
    pub steps: Vec<String>,
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
            outcome: format!(
                "Fewer than {} ballots were cast. So few would tell who voted how, so nobody sees \
                 the numbers.",
                poll.min_show
            ),
            caption: String::new(),
            rows: Vec::new(),
            ranked: RankedFigures::No,
            facts: vec![("Turnout", turnout(tally, poll))],
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

fn step(tally: &Tally, round: usize, excluded: Exclusion) -> String {
    let name = texts(tally).nth(excluded.choice).unwrap_or_default();
    let why = match excluded.reason {
        Reason::Fewest => "it has the fewest votes.".to_owned(),
        Reason::EarlierRound(round) => {
            format!("others have as few votes, but had more in round {round}.")
        }
        Reason::BallotPaper => "others have as few votes and always had, but stand higher on the \
            ballot paper."
            .to_owned(),
    };
    format!("Round {round}: {name} goes out; {why}")
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

fn caption(tally: &Tally, poll: &Poll) -> String {
    let base = number(tally.choosing(), "ballot");
    if poll.ranked_rule.is_some() {
        format!("First preferences on the {base} that chose something")
    } else if poll.takes_several() {
        format!(
            "Share of the {base} that chose something. A ballot can hold several choices, so the \
             shares can add up to more than 100 %."
        )
    } else {
        format!("Share of the {base} that chose something")
    }
}

fn facts(tally: &Tally, poll: &Poll) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if poll.allow_abstain {
        facts.push(("Abstentions", tally.abstained.to_string()));
    }
    if poll.takes_several() && poll.ranked_rule.is_none() {
        let chosen = number(tally.votes(), "choice");
        let on = number(tally.choosing(), "ballot");
        facts.push(("Choices and ballots", format!("{chosen} on {on}")));
    }
    facts.push(("Turnout", turnout(tally, poll)));
    if let Some(needed) = poll.quorum(tally.eligible) {
        facts.push(("Quorum", number(needed, "vote")));
    }
    facts.push(("How it is counted", counting(poll)));
    facts
}

fn turnout(tally: &Tally, poll: &Poll) -> String {
    let ballots = number(tally.ballots, "vote");
    match (poll.roll_mode, tally.eligible) {
        (RollMode::List, eligible) => {
            let share = tally.turnout();
            format!("{} of {eligible} eligible ({share} %)", tally.ballots)
        }
        (RollMode::Role, 1) => format!("{ballots}; 1 person with a voting role has signed in"),
        (RollMode::Role, people) => {
            format!("{ballots}; {people} people with a voting role have signed in")
        }
    }
}

/// The rule in a sentence or two.
pub(super) fn counting(poll: &Poll) -> String {
    let mut counting = match poll.ranked_rule {
        Some(RankedRule::InstantRunoff) => {
            "Each ballot counts for the highest choice on it that is still in; until one has more \
             than half, the one with the fewest goes out (instant run-off)."
                .to_owned()
        }
        Some(RankedRule::Schulze) => {
            "Every two choices are compared on all ballots; a choice comes before another when its \
             strongest chain of wins is stronger (Schulze method). A choice that is not named comes \
             after all that are."
                .to_owned()
        }
        None if poll.takes_several() => {
            let (min, max) = (poll.min_choices, poll.max_choices);
            format!("{min} to {max} choices on a ballot; the choice on the most ballots leads.")
        }
        None => "One choice on a ballot; the most votes lead.".to_owned(),
    };
    if poll.majority_rule != crate::polls::MajorityRule::Plurality {
        counting.push_str(" To carry, a choice needs ");
        counting.push_str(poll.majority_rule.in_words());
        counting.push('.');
    }
    if poll.allow_abstain {
        counting.push_str(" Abstentions count towards the turnout only.");
    }
    counting
}
