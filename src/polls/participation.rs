//! Who has voted, and in a named poll for what: for staff, under the poll's rules.

use super::{Poll, PollId, Secrecy};
use crate::{clock::Timestamp, language::Message};

/// Somebody whom the poll asks, or has asked.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct Participant {
    /// The name.
    pub name: String,
    /// Whether the person has voted. Never when.
    pub has_voted: bool,
}

/// A person's part in a poll that was published.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Participation {
    /// The poll.
    pub poll: PollId,
    /// Its question.
    pub question: String,
    /// Whether names stand on ballots.
    pub secrecy: Secrecy,
    /// Whether the person has voted.
    pub has_voted: bool,
    /// When the person's ballot was cast; absent unless the poll is named and they have voted.
    pub cast_at: Option<Timestamp>,
    /// What stands on that ballot; nothing when it abstains.
    pub chosen: Vec<String>,
}

impl Participation {
    /// Whether the person's ballot has their name.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.secrecy == Secrecy::Named
    }
}

/// A ballot of a named poll.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NamedVote {
    /// The voter's name.
    pub name: String,
    /// The texts of the choices, in order of preference or of the ballot paper; none when the
    /// ballot abstains.
    pub chosen: Vec<String>,
    /// When it was cast.
    pub cast_at: Timestamp,
}

impl NamedVote {
    /// What the ballot says.
    #[must_use]
    pub fn in_words(&self, poll: &Poll) -> Message {
        if self.chosen.is_empty() {
            return Message::new("abstain");
        }
        if !poll.is_ranked() {
            return Message::verbatim(self.chosen.join(", "));
        }
        let ranked = self.chosen.iter().zip(1..);
        let ranked = ranked.map(|(text, rank)| format!("{rank}. {text}"));
        Message::verbatim(ranked.collect::<Vec<_>>().join(", "))
    }
}

impl Poll {
    /// Whether it may be told at `now` who has voted, with so many `ballots` in the box. Watched
    /// while ballots come in, or among too few, it would tell who voted how in a secret poll.
    #[must_use]
    pub fn tells_participation(&self, ballots: u64, now: Timestamp) -> bool {
        let has_closed = self.closing().is_some_and(|at| at <= now);
        let are_enough = i64::try_from(ballots).is_ok_and(|ballots| ballots >= self.min_show);
        has_closed && (self.is_named() || are_enough)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polls::{Secrecy, sample};

    /// R15.
    #[test]
    fn who_has_voted_is_told_after_the_closing_and_of_secret_polls_with_enough_ballots() {
        let named = sample::open_between(1000, 2000);
        let secret = Poll {
            secrecy: Secrecy::Secret,
            min_show: 5,
            ..named.clone()
        };
        for (poll, ballots, now, told) in [
            (&named, 1, 1999, false),
            (&named, 0, 2000, true),
            (&secret, 9, 1999, false),
            (&secret, 4, 2000, false),
            (&secret, 5, 2000, true),
            (&secret, 0, 2000, false),
        ] {
            let now = Timestamp::from_millis(now);
            assert_eq!(poll.tells_participation(ballots, now), told, "{poll:?}");
        }
    }
}
