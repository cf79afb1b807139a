//! In what state a poll is at a moment, and what a person may do with it then.
//!
//! One function for each; the page, the form and the casting ask the same one. The database's
//! triggers draw the same lines once more (`open_polls` in the migrations).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Cast, Poll, ResultsRule, RollMode, VoterResults};
use crate::{clock::Timestamp, language::Message, users::Role};

/// Where a poll is in its life. Never stored: it follows from the times and the clock.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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
    /// What it is called on pages.
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Draft => "state-draft",
            Self::Scheduled => "state-scheduled",
            Self::Open => "state-open",
            Self::Closed => "state-closed",
            Self::Released => "state-released",
            Self::Archived => "state-archived",
        })
    }

    /// The word for it among programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Released => "released",
            Self::Archived => "archived",
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
            Self::Closed { voted: false } => Some(Cast::Closed),
            Self::Voted | Self::Closed { voted: true } => Some(Cast::Already),
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

    /// Whether the poll has closed and somebody waits for an admin to release its numbers.
    #[must_use]
    pub fn awaits_release(&self, now: Timestamp) -> bool {
        let is_promised =
            self.results == ResultsRule::OnRelease || self.voter_results == VoterResults::OnRelease;
        is_promised && self.state(now) == State::Closed
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

    /// Whether it was published within the last day, and not in the future.
    #[must_use]
    pub fn was_published_recently(&self, now: Timestamp) -> bool {
        let day = Duration::from_hours(24);
        self.published_at
            .is_some_and(|at| at <= now && at >= now.minus(day))
    }

    /// Whether anybody may see at `now` how many have voted. In a secret poll a number that is
    /// watched would tell who voted when.
    #[must_use]
    pub fn shows_turnout(&self, now: Timestamp) -> bool {
        self.is_named() || has_come(self.closing(), now)
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

    /// Whether so many ballots can be counted in the open. In a secret poll a few would tell who
    /// voted how; that there is none tells nothing.
    #[must_use]
    pub fn may_show(&self, ballots: u64) -> bool {
        self.is_named() || ballots == 0 || i64::try_from(ballots).is_ok_and(|b| b >= self.min_show)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::polls::{Roles, Secrecy, sample};

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn voter(role: Role, has_voted: Option<bool>) -> Voter {
        Voter {
            role,
            is_active: true,
            has_voted,
        }
    }

    const FRESH: Option<bool> = None;
    const VOTED: Option<bool> = Some(true);

    #[test]
    fn a_poll_opens_and_closes_on_the_millisecond() {
        let poll = sample::open_between(1000, 2000);
        for (now, state) in [
            (999, State::Scheduled),
            (1000, State::Open),
            (1999, State::Open),
            (2000, State::Closed),
        ] {
            assert_eq!(poll.state(at(now)), state, "{now}");
        }
    }

    #[test]
    fn closing_by_hand_ends_a_poll_before_its_time() {
        let mut poll = sample::open_between(1000, 2000);
        poll.closed_at = Some(at(1500));
        assert_eq!(poll.state(at(1499)), State::Open);
        assert_eq!(poll.state(at(1500)), State::Closed);
        assert_eq!(poll.closing(), Some(at(1500)));
    }

    #[test]
    fn nobody_knows_of_a_poll_before_it_is_published() {
        let mut poll = sample::open_between(1000, 2000);
        poll.published_at = Some(at(900));
        let voter = voter(Role::Admin, FRESH);
        assert_eq!(poll.standing(&voter, at(899)), Standing::Hidden);
        let eligible = true;
        assert_eq!(
            poll.standing(&voter, at(900)),
            Standing::NotOpenYet { eligible }
        );
        poll.frozen_at = None;
        assert_eq!(poll.standing(&voter, at(1500)), Standing::Hidden);
        assert_eq!(poll.state(at(1500)), State::Draft);
    }

    #[test]
    fn an_archived_draft_stays_unknown_and_an_archived_poll_is_gone() {
        let mut poll = sample::open_between(1000, 2000);
        poll.archived_at = Some(at(3000));
        let voter = voter(Role::User, FRESH);
        assert_eq!(poll.standing(&voter, at(3000)), Standing::Archived);
        poll.frozen_at = None;
        assert_eq!(poll.standing(&voter, at(3000)), Standing::Hidden);
    }

    #[test]
    fn who_has_voted_may_change_only_where_the_poll_and_the_role_allow_it() {
        let mut poll = sample::open_between(1000, 2000);
        let (user, staff) = (voter(Role::User, VOTED), voter(Role::Staff, VOTED));
        assert_eq!(poll.standing(&user, at(1500)), Standing::Voted);
        poll.allow_change = true;
        assert_eq!(poll.standing(&user, at(1500)), Standing::MayChange);
        poll.roles = Roles::from_iter([Role::User]);
        assert_eq!(poll.standing(&staff, at(1500)), Standing::Voted);
        assert_eq!(
            poll.standing(&user, at(2000)),
            Standing::Closed { voted: true }
        );
    }

    #[test]
    fn a_role_that_the_poll_does_not_ask_cannot_vote() {
        let mut poll = sample::open_between(1000, 2000);
        poll.roles = Roles::from_iter([Role::Staff]);
        assert_eq!(
            poll.standing(&voter(Role::User, FRESH), at(1500)),
            Standing::NotEligible
        );
        assert_eq!(
            poll.standing(&voter(Role::Admin, FRESH), at(1500)),
            Standing::NotEligible
        );
        assert_eq!(
            poll.standing(&voter(Role::Staff, FRESH), at(1500)),
            Standing::CanVote
        );
    }

    #[test]
    fn a_listed_poll_asks_those_on_the_list_whatever_their_role() {
        let mut poll = sample::open_between(1000, 2000);
        poll.roll_mode = RollMode::List;
        assert_eq!(
            poll.standing(&voter(Role::Admin, None), at(1500)),
            Standing::NotEligible
        );
        assert_eq!(
            poll.standing(&voter(Role::User, Some(false)), at(1500)),
            Standing::CanVote
        );
    }

    #[test]
    fn staff_read_numbers_as_the_rule_says() {
        use ResultsView::{AfterClosing, AfterRelease, Final, Live};
        let mut poll = sample::open_between(1000, 2000);
        for (rule, open, closed) in [
            (ResultsRule::Live, Live, Final),
            (ResultsRule::AfterClose, AfterClosing, Final),
            (ResultsRule::OnRelease, AfterRelease, AfterRelease),
        ] {
            poll.results = rule;
            assert_eq!(
                (poll.results_view(at(1999)), poll.results_view(at(2000))),
                (open, closed)
            );
        }
        poll.released_at = Some(at(2500));
        assert_eq!(poll.results_view(at(2500)), Final);
    }

    /// T9.
    #[test]
    fn how_many_have_voted_in_a_secret_poll_is_not_told_before_it_closes() {
        let mut poll = sample::open_between(1000, 2000);
        assert!(poll.shows_turnout(at(1500)));
        poll.secrecy = Secrecy::Secret;
        assert!(!poll.shows_turnout(at(1999)));
        assert!(poll.shows_turnout(at(2000)));
    }

    #[test]
    fn voters_read_numbers_only_where_they_were_promised() {
        let mut poll = sample::open_between(1000, 2000);
        for (rule, open, closed) in [
            (VoterResults::Never, false, false),
            (VoterResults::AfterClose, false, true),
            (VoterResults::OnRelease, false, false),
        ] {
            poll.voter_results = rule;
            let shown = (
                poll.shows_voters_results(at(1999)),
                poll.shows_voters_results(at(2000)),
            );
            assert_eq!(shown, (open, closed));
        }
    }

    proptest! {
        /// Whatever the times are: a vote is taken in the state open and in no other.
        #[test]
        fn votes_are_taken_while_open_and_never_else(
            times in prop::array::uniform6(prop::option::of(0i64..20)),
            now in 0i64..20,
            has_voted in prop::option::of(any::<bool>()),
            change: bool,
        ) {
            let mut poll = sample::open_between(0, 1);
            let [published, opens, closes, frozen, closed, archived] = times.map(|time| time.map(at));
            (poll.published_at, poll.opens_at, poll.closes_at) = (published, opens, closes);
            (poll.frozen_at, poll.closed_at, poll.archived_at) = (frozen, closed, archived);
            poll.allow_change = change;
            let takes = poll.standing(&voter(Role::User, has_voted), at(now)).refusal().is_none();
            let open = poll.state(at(now)) == State::Open;
            prop_assert_eq!(takes, open && (has_voted != Some(true) || change));
        }
    }
}
