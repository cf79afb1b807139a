//! The order in which a voter sees the choices: that of the ballot paper, or one of their own
//! that stays the same however often the page is opened.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{Choice, Poll};
use crate::users::UserId;

impl Poll {
    /// The paper as this voter sees it. An order of one's own follows from a hash of poll, voter
    /// and choice, so that over many voters no choice profits from its place.
    #[must_use]
    pub fn in_order_for(&self, user: UserId, mut paper: Arc<[Choice]>) -> Arc<[Choice]> {
        if self.randomise {
            Arc::make_mut(&mut paper).sort_by_cached_key(|choice| {
                Sha256::digest(format!("{}/{user}/{}", self.id, choice.id))
            });
        }
        paper
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::polls::{ChoiceId, sample};

    fn seen_by(user: i64) -> Vec<ChoiceId> {
        let mut poll = sample::open_between(0, 1);
        poll.randomise = true;
        let seen = poll.in_order_for(UserId(user), sample::paper(4).into());
        seen.iter().map(|choice| choice.id).collect()
    }

    /// V24.
    #[test]
    fn each_voter_has_an_order_that_stays_and_every_choice_comes_first_for_some() {
        let mut first: HashMap<ChoiceId, u32> = HashMap::new();
        for user in 1..=400 {
            assert_eq!(seen_by(user), seen_by(user));
            *first.entry(seen_by(user)[0]).or_default() += 1;
        }
        assert_eq!(first.len(), 4);
        assert!(
            first.values().all(|times| (60..140).contains(times)),
            "{first:?}"
        );
    }

    #[test]
    fn without_an_order_of_their_own_all_see_that_of_the_paper() {
        let poll = sample::open_between(0, 1);
        let seen = poll.in_order_for(UserId(7), sample::paper(4).into());
        assert_eq!(*seen, sample::paper(4));
    }
}
