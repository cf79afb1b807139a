//! What becomes of the votes of a batch: each is decided about as if those before it were stored
//! already, so that the batch can be written with one statement for each table.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    Cast, Choice, ChoiceId, Fault, Poll, PollId, Receipt, Selection, Standing, Voter,
    idempotency::IdempotencyKey,
};
use crate::{clock::Timestamp, users::UserId};

/// One vote on its way into the box.
#[derive(Clone, Debug)]
pub(super) struct Vote {
    pub poll: PollId,
    pub user: UserId,
    pub selection: Selection,
    /// The ballot paper that was filled in, by a choice on it, where the voter's program says so.
    pub paper: Option<ChoiceId>,
    /// The code that its form has for the ballot.
    pub receipt: Option<Receipt>,
    pub at: Timestamp,
    /// What the voter's program calls it, if that may send it again.
    pub key: Option<IdempotencyKey>,
}

/// What the database says about the polls and people of a batch.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub polls: HashMap<PollId, (Poll, Vec<Choice>)>,
    pub voters: HashMap<(PollId, UserId), Voter>,
    /// Which keys of the batch were used before.
    pub keys: HashSet<(PollId, IdempotencyKey)>,
}

/// A ballot that goes into the box.
#[derive(Debug)]
pub(super) struct Paper {
    pub selection: Selection,
    /// When it was cast, and thereby that its voter's name stands on it; absent when secret.
    pub named_at: Option<Timestamp>,
    pub has_receipt: bool,
    /// Its code, where the form has one; else it gets one.
    pub receipt: Option<Receipt>,
}

/// What a batch puts into the box, by poll and person.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The ballots.
    pub ballots: BTreeMap<(PollId, UserId), Paper>,
    /// Those of them that take the place of a stored one.
    pub replaced: BTreeSet<(PollId, UserId)>,
    /// What programs call them.
    pub keys: BTreeSet<(PollId, IdempotencyKey)>,
}

impl Vote {
    /// Holds it against the ballot paper.
    fn check(&self, poll: &Poll, paper: &[Choice]) -> Result<(), Fault> {
        let is_on_paper = |key| paper.iter().any(|choice| choice.id == key);
        if self.paper.is_some_and(|key| !is_on_paper(key)) {
            return Err(Fault::OtherPaper);
        }
        self.selection.check(poll, paper)
    }
}

impl Facts {
    /// Decides about one vote, as if those before it in the batch were stored already.
    pub fn decide(&mut self, vote: &Vote, plan: &mut Plan) -> Cast {
        let key = (vote.poll, vote.user);
        let Some((poll, choices)) = self.polls.get(&vote.poll) else {
            return Cast::Unknown;
        };
        let Some(voter) = self.voters.get_mut(&key) else {
            return Cast::NotEligible;
        };
        let name = vote.used_key();
        if name.as_ref().is_some_and(|name| self.keys.contains(name)) {
            return Cast::Repeated;
        }
        let standing = poll.standing(voter, vote.at);
        if let Some(refused) = standing.refusal() {
            return refused;
        }
        if let Err(fault) = vote.check(poll, choices) {
            return Cast::Faulty(fault);
        }
        let is_first = standing == Standing::CanVote;
        if !is_first && !plan.ballots.contains_key(&key) {
            plan.replaced.insert(key);
        }
        let paper = Paper {
            selection: vote.selection.clone(),
            named_at: poll.is_named().then_some(vote.at),
            has_receipt: poll.has_receipts(),
            receipt: vote.receipt,
        };
        plan.ballots.insert(key, paper);
        voter.has_voted = Some(true);
        self.keys.extend(name.clone());
        plan.keys.extend(name);
        if is_first {
            Cast::Recorded
        } else {
            Cast::Changed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        polls::{Secrecy, sample},
        users::Role,
    };

    const UMA: UserId = UserId(7);

    fn facts(allow_change: bool, has_voted: Option<bool>) -> Facts {
        let mut poll = sample::open_between(1000, 2000);
        poll.allow_change = allow_change;
        let voter = Voter {
            role: Role::User,
            is_active: true,
            has_voted,
        };
        Facts {
            polls: HashMap::from([(poll.id, (poll, sample::paper(2)))]),
            voters: HashMap::from([((PollId(1), UMA), voter)]),
            keys: HashSet::new(),
        }
    }

    fn vote(choice: i64, at: i64) -> Vote {
        Vote {
            poll: PollId(1),
            user: UMA,
            selection: Selection::Choices(BTreeSet::from([ChoiceId(choice)])),
            paper: None,
            receipt: None,
            at: Timestamp::from_millis(at),
            key: None,
        }
    }

    #[test]
    fn of_two_votes_in_one_batch_the_first_counts() {
        let (mut facts, mut plan) = (facts(false, None), Plan::default());
        assert_eq!(facts.decide(&vote(1, 1500), &mut plan), Cast::Recorded);
        assert_eq!(facts.decide(&vote(2, 1501), &mut plan), Cast::Already);
        assert_eq!(
            plan.ballots[&(PollId(1), UMA)].selection,
            vote(1, 0).selection
        );
    }

    #[test]
    fn where_a_change_is_allowed_the_last_of_a_batch_counts_and_is_written_once() {
        let (mut facts, mut plan) = (facts(true, None), Plan::default());
        assert_eq!(facts.decide(&vote(1, 1500), &mut plan), Cast::Recorded);
        assert_eq!(facts.decide(&vote(2, 1501), &mut plan), Cast::Changed);
        assert_eq!(
            plan.ballots[&(PollId(1), UMA)].selection,
            vote(2, 0).selection
        );
        assert!(plan.replaced.is_empty());
    }

    #[test]
    fn a_vote_that_comes_again_under_its_key_is_not_cast_again() {
        let (mut facts, mut plan) = (facts(true, None), Plan::default());
        let key = IdempotencyKey::new(UMA, "8e03978e-40d5-43dd-bc93-6894a57f9324");
        let called = |choice| Vote {
            key: key.clone(),
            ..vote(choice, 1500)
        };
        assert_eq!(facts.decide(&called(1), &mut plan), Cast::Recorded);
        assert_eq!(facts.decide(&vote(2, 1501), &mut plan), Cast::Changed);
        assert_eq!(facts.decide(&called(1), &mut plan), Cast::Repeated);
        assert_eq!(
            plan.ballots[&(PollId(1), UMA)].selection,
            vote(2, 0).selection
        );
        assert_eq!(plan.keys.len(), 1);
    }

    #[test]
    fn a_stored_ballot_is_replaced_once_however_often_it_changes() {
        let (mut facts, mut plan) = (facts(true, Some(true)), Plan::default());
        assert_eq!(facts.decide(&vote(1, 1500), &mut plan), Cast::Changed);
        assert_eq!(facts.decide(&vote(2, 1501), &mut plan), Cast::Changed);
        assert_eq!((plan.ballots.len(), plan.replaced.len()), (1, 1));
    }

    #[test]
    fn a_secret_ballot_has_no_time_and_a_named_one_has() {
        for (secrecy, at) in [(Secrecy::Named, Some(1500)), (Secrecy::Secret, None)] {
            let (mut facts, mut plan) = (facts(false, None), Plan::default());
            let (poll, _) = facts.polls.get_mut(&PollId(1)).unwrap();
            poll.secrecy = secrecy;
            assert_eq!(facts.decide(&vote(1, 1500), &mut plan), Cast::Recorded);
            let paper = &plan.ballots[&(PollId(1), UMA)];
            assert_eq!(paper.named_at, at.map(Timestamp::from_millis));
        }
    }

    /// A31.
    #[test]
    fn an_abstention_on_another_ballot_paper_does_not_count() {
        for (key, outcome) in [(3, Cast::Faulty(Fault::OtherPaper)), (2, Cast::Recorded)] {
            let (mut facts, mut plan) = (facts(false, None), Plan::default());
            let (poll, _) = facts.polls.get_mut(&PollId(1)).unwrap();
            poll.allow_abstain = true;
            let abstention = Vote {
                selection: Selection::Abstention,
                paper: Some(ChoiceId(key)),
                ..vote(1, 1500)
            };
            assert_eq!(facts.decide(&abstention, &mut plan), outcome);
        }
    }

    #[test]
    fn a_refused_vote_leaves_nothing_in_the_plan() {
        let (mut facts, mut plan) = (facts(false, None), Plan::default());
        let other_poll = Vote {
            poll: PollId(2),
            ..vote(1, 1500)
        };
        let stranger = Vote {
            user: UserId(8),
            ..vote(1, 1500)
        };
        for (vote, outcome) in [
            (vote(1, 999), Cast::NotOpenYet),
            (vote(1, 2000), Cast::Closed),
            (vote(3, 1500), Cast::Faulty(Fault::NotAChoice)),
            (other_poll, Cast::Unknown),
            (stranger, Cast::NotEligible),
        ] {
            assert_eq!(facts.decide(&vote, &mut plan), outcome);
        }
        assert!(plan.ballots.is_empty());
    }
}
