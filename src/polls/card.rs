//! A poll in a list, as one person sees it.

use super::{Listed, Poll, Standing, State};
use crate::{clock::Timestamp, language::Message, moment::Moment, paths, users::User};

/// A poll in a list.
#[derive(Clone, Debug)]
pub struct Card {
    /// Where its question leads.
    pub href: String,
    /// The question.
    pub question: String,
    /// The state.
    pub state: State,
    /// Whether names stand on ballots.
    pub is_named: bool,
    /// What the time beside it means: the id of a message about `time`.
    pub until: &'static str,
    /// That time.
    pub time: Option<Moment>,
    /// What the person may do, if somebody is signed in.
    pub standing: Option<Standing>,
    /// Whether the person could have voted and has not.
    pub is_missed: bool,
    /// Ballots in the box. Not for voters' eyes.
    pub ballots: i64,
}

impl Card {
    /// The poll as `user` sees it, or somebody who is not signed in.
    #[must_use]
    pub fn new(listed: &Listed, user: Option<&User>, now: Timestamp) -> Self {
        let poll = &listed.poll;
        let state = poll.state(now);
        let (until, time) = match state {
            State::Draft | State::Scheduled | State::Archived => ("opens-time", poll.opening()),
            State::Open => ("until-time", poll.closing()),
            State::Closed | State::Released => ("on-time", poll.closing()),
        };
        let voter = user.map(|user| listed.voter(user));
        let standing = voter.map(|voter| poll.standing(&voter, now));
        let is_over = standing == Some(Standing::Closed { voted: false });
        Self {
            href: paths::poll(poll.id),
            question: poll.question.clone(),
            state,
            is_named: poll.is_named(),
            until,
            time: time.map(|at| Moment::new(at, &poll.zone)),
            standing,
            is_missed: is_over && voter.is_some_and(|voter| poll.is_eligible(&voter)),
            ballots: listed.ballots,
        }
    }

    /// The same card, leading to the results.
    #[must_use]
    pub fn leading_to_results(mut self, poll: &Poll) -> Self {
        self.href = paths::with_id(paths::RESULTS, poll.id);
        self
    }

    /// Whether it waits for the person's vote.
    #[must_use]
    pub fn can_vote(&self) -> bool {
        self.standing == Some(Standing::CanVote)
    }

    /// Whether the person has voted.
    #[must_use]
    pub fn has_voted(&self) -> bool {
        use Standing::{Closed, MayChange, Voted};
        matches!(
            self.standing,
            Some(Voted | MayChange | Closed { voted: true })
        )
    }

    /// Whether the poll asks the person, or has asked.
    #[must_use]
    pub fn concerns(&self) -> bool {
        self.can_vote() || self.has_voted() || self.is_missed
    }

    /// What is left to say of the person's rights.
    #[must_use]
    pub fn remark(&self) -> Option<Message> {
        match self.standing {
            Some(Standing::NotEligible | Standing::NotOpenYet { eligible: false }) => {
                Some(Message::new("not-eligible"))
            }
            Some(Standing::NotOpenYet { eligible: true }) => {
                Some(Message::new("will-be-able-short"))
            }
            _ if self.is_missed => Some(Message::new("you-did-not-vote")),
            _ => None,
        }
    }
}
