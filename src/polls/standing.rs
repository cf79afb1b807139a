//! In what state a poll is at a moment, and what a person may do with it then.
//!
//! One function for each; the page, the form and the casting ask the same one. The database's
//! triggers draw the same lines once more (`open_polls` in the migrations).

use super::{Cast, Poll, ResultsRule, RollMode, VoterResults};
use crate::{clock::Timestamp, users::Role};

/// Where a poll is in its life. Never stored: it follows from the times and the clock.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum State {
    /// Being written.
    Draft,
    /// Its ballot paper is fixed, and it takes ballots later.
    Scheduled,
    /// Takes ballots.
    Open,
    /// Takes no more ballots.
    Closed,
    /// Closed, and its results were released.
    Released,
    /// Put away by an admin.
    Archived,
}

impl State {
    /// The word for pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Scheduled => "Scheduled",
            Self::Open => "Open",
            Self::Closed => "Closed",
            Self::Released => "Results released",
            Self::Archived => "Archived",
        }
    }

    /// The class of its tag in the style sheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Open => "open",
            Self::Closed | Self::Released => "closed",
            Self::Archived => "archived",
        }
    }
}

/// What matters about a person when it comes to one poll.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Voter {
    /// Current role.
    pub role: Role,
    /// Whether the person may be signed in at all.
    pub is_active: bool,
    /// `None`: not on the roll; else whether the person has voted.
    pub has_voted: Option<bool>,
}

/// What a person may do with a poll.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// The poll is not published: nobody may know of it.
    Hidden,
    /// The poll was put away.
    Archived,
    /// The poll opens later, and this is whether the person will be able to vote.
    NotOpenYet {
        /// As things are now.
        eligible: bool,
    },
    /// May cast a ballot.
    CanVote,
    /// Has voted and may replace the ballot.
    MayChange,
    /// Has voted, and that is that.
    Voted,
    /// The poll is open to others.
    NotEligible,
    /// The poll takes no more ballots.
    Closed {
        /// Whether the person's ballot is among them.
        voted: bool,
    },
}

impl Standing {
    /// How a vote ends that this standing refuses; `None` when it takes one.
    #[must_use]
    pub const fn refusal(self) -> Option<Cast> {
        match self {
            Self::CanVote | Self::MayChange => None,
            Self::Hidden => Some(Cast::Unknown),
            Self::Archived => Some(Cast::Archived),
            Self::NotOpenYet { .. } => Some(Cast::NotOpenYet),
            Self::NotEligible => Some(Cast::NotEligible),
            Self::Closed { .. } => Some(Cast::Closed),
            Self::Voted => Some(Cast::Already),
        }
    }
}

/// What staff see on the results page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResultsView {
    /// Numbers that still move.
    Live,
    /// The numbers.
    Final,
    /// Nothing before the closing.
    AfterClosing,
    /// Nothing before the release.
    AfterRelease,
}

impl Poll {
    /// The state at `now`. The moment `closes_at` itself is closed.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        if self.archived_at.is_some() {
            State::Archived
        } else if self.frozen_at.is_none() || self.published_at.is_none() {
            State::Draft
        } else if !has_come(self.published_at, now) || self.opening().is_some_and(|at| at > now) {
            State::Scheduled
        } else if !has_come(self.closes_at, now) && !has_come(self.closed_at, now) {
            State::Open
        } else if has_come(self.released_at, now) {
            State::Released
        } else {
            State::Closed
        }
    }

    /// Whether people may know of the poll at `now`.
    #[must_use]
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.frozen_at.is_some() && has_come(self.published_at, now)
    }

    /// From when on ballots are taken, as far as that is known.
    #[must_use]
    pub fn opening(&self) -> Option<Timestamp> {
        self.opens_at.or(self.published_at)
    }

    /// From when on none is taken: as planned, or earlier by hand.
    #[must_use]
    pub fn closing(&self) -> Option<Timestamp> {
        match (self.closes_at, self.closed_at) {
            (Some(planned), Some(by_hand)) => Some(planned.min(by_hand)),
            (planned, by_hand) => planned.or(by_hand),
        }
    }

    /// Whether the voter is one of those whom the poll asks.
    #[must_use]
    pub fn is_eligible(&self, voter: &Voter) -> bool {
        let on_roll = match self.roll_mode {
            RollMode::Role => self.roles.contains(voter.role),
            RollMode::List => voter.has_voted.is_some(),
        };
        voter.is_active && on_roll
    }

    /// What the voter may do at `now`.
    #[must_use]
    pub fn standing(&self, person: &Voter, now: Timestamp) -> Standing {
        let eligible = self.is_eligible(person);
        let voted = person.has_voted == Some(true);
        match self.state(now) {
            State::Archived if self.is_published(now) => Standing::Archived,
            State::Archived | State::Draft => Standing::Hidden,
            State::Scheduled if !self.is_published(now) => Standing::Hidden,
            State::Scheduled => Standing::NotOpenYet { eligible },
            State::Closed | State::Released => Standing::Closed { voted },
            State::Open if voted && eligible && self.allow_change && self.is_named() => {
                Standing::MayChange
            }
            State::Open if voted => Standing::Voted,
            State::Open if eligible => Standing::CanVote,
            State::Open => Standing::NotEligible,
        }
    }

    /// What staff may read at `now`.
    #[must_use]
    pub fn results_view(&self, now: Timestamp) -> ResultsView {
        let ended = has_come(self.closing(), now);
        match self.results {
            ResultsRule::OnRelease if !has_come(self.released_at, now) => ResultsView::AfterRelease,
            ResultsRule::Live if !ended && self.is_named() => ResultsView::Live,
            _ if ended => ResultsView::Final,
            _ => ResultsView::AfterClosing,
        }
    }

    /// Whether voters may read the numbers at `now`.
    #[must_use]
    pub fn shows_voters_results(&self, now: Timestamp) -> bool {
        has_come(self.closing(), now)
            && match self.voter_results {
                VoterResults::AfterClose => true,
                VoterResults::OnRelease => has_come(self.released_at, now),
                VoterResults::Never => false,
            }
    }
}

fn has_come(at: Option<Timestamp>, now: Timestamp) -> bool {
    at.is_some_and(|at| at <= now)
}
