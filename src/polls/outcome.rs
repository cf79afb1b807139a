//! What the numbers decide under a poll's rules, in words. The arithmetic is exact: whole
//! numbers are compared, never rounded shares.

use super::{
    MajorityRule, Poll, RankedRule, RollMode,
    count::{Winner, instant_runoff},
    tally::{Count, Lead, Ranked, Tally},
};
use crate::language::{Message, Value};

/// One hundred percent, in the hundredths of a percent of `quorum_bp`.
const WHOLE: u128 = 10_000;

impl MajorityRule {
    /// The fewest of `base` votes that satisfy the rule.
    #[must_use]
    pub fn needed(self, base: u64) -> u64 {
        match self {
            Self::Plurality => 1,
            Self::MoreThanHalf => base / 2 + 1,
            Self::TwoThirds => base - base / 3,
        }
    }

    /// What it asks for, as a part of a sentence.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Plurality => "majority-plurality",
            Self::MoreThanHalf => "majority-half",
            Self::TwoThirds => "majority-two-thirds",
        })
    }
}

impl Poll {
    /// The fewest ballots with which the quorum is reached, of `eligible` people; `None` without
    /// a quorum.
    #[must_use]
    pub fn quorum(&self, eligible: u64) -> Option<u64> {
        let share = u128::try_from(self.quorum_bp?).unwrap_or(0);
        u64::try_from((u128::from(eligible) * share).div_ceil(WHOLE)).ok()
    }

    /// The rule in a sentence or two.
    #[must_use]
    pub fn counting(&self) -> Message {
        let how = Message::new(match self.ranked_rule {
            Some(RankedRule::InstantRunoff) => "counting-instant-runoff",
            Some(RankedRule::Schulze) => "counting-schulze",
            None if self.takes_several() => "counting-several",
            None => "counting-one",
        });
        let mut sentences = vec![
            how.with("min", self.min_choices)
                .with("max", self.max_choices),
        ];
        if self.majority_rule != MajorityRule::Plurality {
            let majority = self.majority_rule.message();
            sentences.push(Message::new("counting-majority").with("majority", majority));
        }
        if self.allow_abstain {
            sentences.push(Message::new("counting-abstentions"));
        }
        sentences
            .into_iter()
            .reduce(|first, second| {
                Message::new("sentences")
                    .with("first", first)
                    .with("second", second)
            })
            .unwrap_or_default()
    }

    /// The outcome in a sentence or two: of the numbers so far, or of the final ones.
    #[must_use]
    pub fn outcome(&self, tally: &Tally, is_final: bool) -> Message {
        let missed = self.missed_quorum(tally).filter(|_| is_final);
        let decides = is_final && missed.is_none();
        let lead = match &tally.ranked {
            Some(ranked) if tally.choosing() > 0 => ranked_lead(ranked, tally, decides),
            _ => self.lead(tally, is_final),
        };
        match missed {
            Some(missed) => Message::new("sentences")
                .with("first", missed)
                .with("second", lead),
            None => lead,
        }
    }

    fn missed_quorum(&self, tally: &Tally) -> Option<Message> {
        let needed = self.quorum(tally.eligible)?;
        let id = match self.roll_mode {
            RollMode::List => "quorum-missed-list",
            RollMode::Role => "quorum-missed-role",
        };
        let missed = || {
            Message::new(id)
                .with("ballots", tally.ballots)
                .with("eligible", tally.eligible)
                .with("needed", needed)
        };
        (tally.ballots < needed).then(missed)
    }

    fn lead(&self, tally: &Tally, is_final: bool) -> Message {
        let base = tally.choosing();
        match tally.lead() {
            Lead::One(count) if is_final => self.verdict(count, base),
            Lead::One(count) => about("leads-with", count, base),
            Lead::Tie(ahead) => {
                let votes = ahead.first().map_or(0, |count| count.votes);
                Message::new("tie-with")
                    .with("choices", names(ahead))
                    .with("votes", votes)
            }
            Lead::Nobody if tally.ballots > 0 => Message::new("everybody-abstained"),
            Lead::Nobody if is_final => Message::new("no-votes-cast"),
            Lead::Nobody => Message::new("no-votes-yet"),
        }
    }

    /// The one with the most votes, against the rule.
    fn verdict(&self, count: &Count, base: u64) -> Message {
        let rule = self.majority_rule;
        let needed = rule.needed(base);
        if rule == MajorityRule::Plurality {
            about("has-most-votes", count, base)
        } else if count.votes >= needed {
            about("has-majority", count, base).with("majority", rule.message())
        } else {
            about("misses-majority", count, base)
                .with("majority", rule.message())
                .with("needed", needed)
        }
    }
}

/// The message `id` about a choice and its votes out of `base`.
fn about(id: &'static str, count: &Count, base: u64) -> Message {
    Message::new(id)
        .with("choice", &count.text)
        .with("votes", count.votes)
        .with("base", base)
}

fn ranked_lead(ranked: &Ranked, tally: &Tally, decides: bool) -> Message {
    let (winner, how) = match ranked {
        Ranked::InstantRunoff(count) => (&count.winner, after_rounds(count)),
        Ranked::Schulze(count) => (&count.winner, Message::new("compared-with-each")),
    };
    let text = |choice: &usize| tally.counts.get(*choice);
    match winner {
        Winner::Nobody => Message::new("no-ballot-names-a-choice"),
        Winner::One(choice) => {
            let name = text(choice).map_or("", |count| count.text.as_str());
            let id = if decides { "wins" } else { "leads" };
            Message::new(id).with("choice", name).with("how", how)
        }
        Winner::Tie(choices) => Message::new("tie")
            .with("choices", names(choices.iter().filter_map(text)))
            .with("how", how),
    }
}

/// `with 23 of 41 votes in round 3`, said of the last round.
fn after_rounds(count: &instant_runoff::Count) -> Message {
    let last = count.rounds.last();
    let ballots = last
        .into_iter()
        .flat_map(|last| last.ballots.iter().flatten());
    Message::new("after-rounds")
        .with("votes", ballots.max().copied().unwrap_or(0))
        .with("base", last.map_or(0, instant_runoff::Round::continuing))
        .with("round", count.rounds.len())
}

fn names<'c>(counts: impl IntoIterator<Item = &'c Count>) -> Value {
    let names = counts.into_iter().map(|count| count.text.clone());
    Value::All(names.map(Value::Text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::Locale,
        polls::{
            count::{Ranking, schulze},
            sample,
            tally::tests::tally,
        },
    };

    fn poll(majority_rule: MajorityRule, quorum_bp: Option<i64>) -> Poll {
        Poll {
            quorum_bp,
            majority_rule,
            ..sample::open_between(0, 1)
        }
    }

    fn said(outcome: Message) -> String {
        Locale::default().t(outcome).plain()
    }

    fn plain() -> Poll {
        poll(MajorityRule::Plurality, None)
    }

    #[test]
    fn the_lead_is_said_with_its_base() {
        let tally = tally(&[22, 14, 5, 0], 3);
        assert_eq!(
            said(plain().outcome(&tally, false)),
            "A leads with 22 of 41."
        );
        assert_eq!(
            said(plain().outcome(&tally, true)),
            "A has the most votes: 22 of 41."
        );
    }

    #[test]
    fn equal_counts_are_a_tie_and_nobody_wins() {
        assert_eq!(
            said(plain().outcome(&tally(&[2, 2, 1], 0), true)),
            "Tie between A and B, with 2 votes each."
        );
        assert_eq!(
            said(plain().outcome(&tally(&[1, 1, 1], 0), true)),
            "Tie between A, B and C, with 1 vote each."
        );
    }

    #[test]
    fn no_votes_are_said_to_be_none() {
        assert_eq!(
            said(plain().outcome(&tally(&[0, 0], 0), false)),
            "No votes yet."
        );
        assert_eq!(
            said(plain().outcome(&tally(&[0, 0], 0), true)),
            "No votes were cast."
        );
        assert_eq!(
            said(plain().outcome(&tally(&[0, 0], 4), true)),
            "Everybody who voted abstained."
        );
    }

    /// R8.
    #[test]
    fn a_majority_is_met_exactly_and_not_by_rounding() {
        use MajorityRule::{MoreThanHalf, Plurality, TwoThirds};
        for (rule, base, needed) in [
            (Plurality, 16, 1),
            (MoreThanHalf, 16, 9),
            (MoreThanHalf, 17, 9),
            (MoreThanHalf, 1, 1),
            (TwoThirds, 3, 2),
            (TwoThirds, 4, 3),
            (TwoThirds, 100, 67),
            (TwoThirds, 99, 66),
        ] {
            assert_eq!(rule.needed(base), needed, "{rule:?} of {base}");
        }
        let half = poll(MoreThanHalf, None);
        assert_eq!(
            said(half.outcome(&tally(&[8, 5, 3], 0), true)),
            "No choice has more than half of the votes: A comes closest with 8 of 16, and 9 are \
             needed."
        );
        assert_eq!(
            said(half.outcome(&tally(&[9, 7], 40), true)),
            "A has more than half of the votes: 9 of 16."
        );
    }

    /// R8.
    #[test]
    fn a_quorum_is_reached_exactly_and_counts_abstentions() {
        for (quorum_bp, eligible, needed) in [
            (7500, 60, 45),
            (5000, 61, 31),
            (3333, 3, 1),
            (3334, 3, 2),
            (0, 60, 0),
            (10_000, 60, 60),
        ] {
            let poll = poll(MajorityRule::Plurality, Some(quorum_bp));
            assert_eq!(
                poll.quorum(eligible),
                Some(needed),
                "{quorum_bp} of {eligible}"
            );
        }
        let poll = poll(MajorityRule::Plurality, Some(7500));
        assert_eq!(
            said(poll.outcome(&tally(&[30, 11], 0), true)),
            "Quorum not reached: 41 of the 60 who may vote and have signed in voted, 45 are \
             needed. A has the most votes: 30 of 41."
        );
        assert_eq!(
            said(poll.outcome(&tally(&[30, 11], 4), true)),
            "A has the most votes: 30 of 41."
        );
        assert_eq!(
            said(poll.outcome(&tally(&[1, 0], 0), false)),
            "A leads with 1 of 1."
        );
    }

    #[test]
    fn a_ranking_is_said_with_its_last_round() {
        let ballots = [(4, vec![0]), (3, vec![1]), (2, vec![2, 1])];
        let ballots = ballots.map(|(ballots, order)| Ranking { order, ballots });
        let mut tally = tally(&[4, 3, 2], 0);
        let count = instant_runoff::count(3, &ballots);
        tally.ranked = Some(Ranked::InstantRunoff(count));
        assert_eq!(
            said(plain().outcome(&tally, true)),
            "B wins, with 5 of 9 votes in round 2."
        );
        tally.ranked = Some(Ranked::Schulze(schulze::count(3, &ballots)));
        assert_eq!(
            said(plain().outcome(&tally, true)),
            "B wins, compared with each of the others."
        );
    }

    #[test]
    fn without_its_quorum_a_ranking_has_no_winner() {
        let ballots = [(4, vec![0]), (3, vec![1])];
        let ballots = ballots.map(|(ballots, order)| Ranking { order, ballots });
        let mut tally = tally(&[4, 3], 0);
        tally.ranked = Some(Ranked::Schulze(schulze::count(2, &ballots)));
        assert_eq!(
            said(poll(MajorityRule::Plurality, Some(7500)).outcome(&tally, true)),
            "Quorum not reached: 7 of the 60 who may vote and have signed in voted, 45 are \
             needed. A leads, compared with each of the others."
        );
    }
}
