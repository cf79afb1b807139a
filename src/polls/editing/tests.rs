//! What may be written, and which step comes next, in tables.

use super::*;
use crate::polls::sample;

fn draft(texts: &[&str]) -> PollDraft {
    let choice = |text: &&str| DraftChoice {
        id: None,
        text: (*text).to_owned(),
    };
    PollDraft {
        question: " Tea or coffee? ".to_owned(),
        choices: texts.iter().map(choice).collect(),
        ..PollDraft::default()
    }
}

const fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

#[test]
fn a_tidy_draft_has_no_blanks_and_no_empty_choices() {
    let tidy = draft(&[" Tea", "", "  ", "Coffee "]).tidy();
    let texts: Vec<_> = tidy
        .choices
        .iter()
        .map(|choice| choice.text.as_str())
        .collect();
    assert_eq!(
        (tidy.question.as_str(), texts),
        ("Tea or coffee?", vec!["Tea", "Coffee"])
    );
    assert_eq!(tidy.flaws(), []);
}

#[test]
fn every_flaw_is_told_at_once() {
    let broken = PollDraft {
        question: "x".repeat(201),
        zone: "Mars/Olympus".to_owned(),
        method: Method::Multiple,
        min_choices: 3,
        max_choices: 2,
        roles: Roles::default(),
        opens_at: Some(at(5)),
        closes_at: Some(at(5)),
        secrecy: Secrecy::Secret,
        allow_change: true,
        results: ResultsRule::Live,
        ..draft(&["Tea", "TEA", "y"])
    };
    let flaws = [
        Flaw::LongQuestion,
        Flaw::Limits,
        Flaw::NoRoles,
        Flaw::UnknownZone,
        Flaw::ClosesBeforeOpening,
        Flaw::SecretChange,
        Flaw::SecretLive,
        Flaw::SameChoice(1),
    ];
    assert_eq!(broken.flaws(), flaws);
    assert_eq!(PollDraft::default().flaws(), [Flaw::NoQuestion]);
}

#[test]
fn a_poll_opens_only_with_something_to_choose_from() {
    let mut poll = sample::open_between(1000, 2000);
    let needed = 2;
    assert_eq!(
        poll.blockers(&sample::paper(1), at(0)),
        [Blocker::TooFewChoices { needed }]
    );
    assert_eq!(poll.blockers(&sample::paper(2), at(0)), []);
    poll.allow_abstain = true;
    assert_eq!(poll.blockers(&sample::paper(1), at(0)), []);
    assert_eq!(
        poll.blockers(&sample::paper(2), at(2000)),
        [Blocker::ClosesInThePast]
    );
}

#[test]
fn a_draft_that_is_opened_opens_at_its_time_and_a_scheduled_poll_at_once() {
    let mut poll = sample::open_between(1000, 2000);
    (poll.published_at, poll.frozen_at) = (None, None);
    let scheduled = Step::Open.take(&poll, at(10));
    assert_eq!(scheduled.state(at(10)), State::Scheduled);
    assert_eq!(scheduled.opens_at, Some(at(1000)));
    let open = Step::Open.take(&scheduled, at(20));
    assert_eq!(open.state(at(20)), State::Open);
    assert_eq!(open.published_at, Some(at(10)));
}

#[test]
fn each_step_is_possible_in_some_states_only() {
    use State::{Archived, Closed, Draft, Open, Released, Scheduled};
    let all = [Draft, Scheduled, Open, Closed, Released, Archived];
    for (step, states) in [
        (Step::Open, vec![Draft, Scheduled]),
        (Step::Close, vec![Open]),
        (Step::Archive, vec![Draft, Scheduled, Closed, Released]),
        (Step::Restore, vec![Archived]),
    ] {
        let possible: Vec<_> = all
            .into_iter()
            .filter(|state| step.is_possible(*state))
            .collect();
        assert_eq!(possible, states, "{step:?}");
    }
}

#[test]
fn no_more_choices_are_ranked_than_a_page_can_offer_ranks_for() {
    let texts: Vec<String> = (0..=MOST_RANKED).map(|number| number.to_string()).collect();
    let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let ranked = |texts: &[&str]| PollDraft {
        method: Method::Ranked,
        ranked_rule: Some(RankedRule::Schulze),
        ..draft(texts)
    };
    assert_eq!(ranked(&texts).flaws(), [Flaw::TooManyToRank]);
    assert_eq!(draft(&texts).flaws(), []);
    texts.pop();
    assert_eq!(ranked(&texts).flaws(), []);
}
