//! A poll and its paper for the tests of the domain.

use super::{
    Choice, ChoiceId, MajorityRule, Method, Poll, PollId, Receipts, ResultsRule, Roles, RollMode,
    Secrecy, VoterResults,
};
use crate::clock::Timestamp;

/// A named single choice for everybody, published and open from `opens` until before `closes`.
pub fn open_between(opens: i64, closes: i64) -> Poll {
    let (opens, closes) = (
        Timestamp::from_millis(opens),
        Timestamp::from_millis(closes),
    );
    Poll {
        id: PollId(1),
        question: "Tea or coffee?".to_owned(),
        description: String::new(),
        zone: "UTC".to_owned(),
        method: Method::Single,
        ranked_rule: None,
        min_choices: 1,
        max_choices: 1,
        allow_abstain: false,
        randomise: false,
        secrecy: Secrecy::Named,
        allow_change: false,
        review: true,
        results: ResultsRule::AfterClose,
        voter_results: VoterResults::Never,
        min_show: 5,
        quorum_bp: None,
        majority_rule: MajorityRule::Plurality,
        roll_mode: RollMode::Role,
        receipts: Receipts::Off,
        roles: Roles::all(),
        published_at: Some(Timestamp::from_millis(0)),
        opens_at: Some(opens),
        closes_at: Some(closes),
        extended_from: None,
        frozen_at: Some(Timestamp::from_millis(0)),
        closed_at: None,
        closed_reason: None,
        released_at: None,
        archived_at: None,
        created_at: Timestamp::from_millis(0),
        updated_at: Timestamp::from_millis(0),
        version: 1,
    }
}

/// Choices with the keys from 1 to `count`.
pub fn paper(count: i64) -> Vec<Choice> {
    let choice = |id| Choice {
        id: ChoiceId(id),
        poll_id: PollId(1),
        text: format!("Choice {id}"),
    };
    (1..=count).map(choice).collect()
}
