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
        poll.blockers(&sample::paper(1), 0, at(0)),
        [Blocker::TooFewChoices { needed }]
    );
    assert_eq!(poll.blockers(&sample::paper(2), 0, at(0)), []);
    poll.allow_abstain = true;
    assert_eq!(poll.blockers(&sample::paper(1), 0, at(0)), []);
    assert_eq!(
        poll.blockers(&sample::paper(2), 0, at(2000)),
        [Blocker::ClosesInThePast]
    );
}

#[test]
fn a_draft_that_is_opened_opens_at_its_time_and_a_scheduled_poll_at_once() {
    let mut poll = sample::open_between(1000, 2000);
    (poll.published_at, poll.frozen_at) = (None, None);
    let scheduled = Step::Open.take(&poll, &Details::default(), at(10));
    assert_eq!(scheduled.state(at(10)), State::Scheduled);
    assert_eq!(scheduled.opens_at, Some(at(1000)));
    let open = Step::Open.take(&scheduled, &Details::default(), at(20));
    assert_eq!(open.state(at(20)), State::Open);
    assert_eq!(open.published_at, Some(at(10)));
}

#[test]
fn a_poll_with_a_list_opens_once_somebody_is_on_it_and_needs_no_role() {
    let mut poll = sample::open_between(1000, 2000);
    (poll.roll_mode, poll.roles) = (RollMode::List, Roles::default());
    let paper = sample::paper(2);
    assert_eq!(poll.blockers(&paper, 0, at(0)), [Blocker::EmptyList]);
    assert_eq!(poll.blockers(&paper, 1, at(0)), []);
    let listed = PollDraft {
        roll_mode: RollMode::List,
        roles: Roles::default(),
        ..draft(&["Tea", "Coffee"])
    };
    assert_eq!(listed.flaws(), []);
}

/// The sample, which is open from 1000 to 2000, in a state, and a moment at which it is in it.
fn poll_in(state: State) -> (Poll, Timestamp) {
    let mut poll = sample::open_between(1000, 2000);
    poll.results = ResultsRule::OnRelease;
    let now = match state {
        State::Draft => {
            (poll.frozen_at, poll.published_at) = (None, None);
            at(1500)
        }
        State::Scheduled => at(500),
        State::Open => at(1500),
        State::Closed => at(2500),
        State::Released => {
            poll.released_at = Some(at(2400));
            at(2500)
        }
        State::Archived => {
            poll.archived_at = Some(at(2400));
            at(2500)
        }
    };
    assert_eq!(poll.state(now), state);
    (poll, now)
}

#[test]
fn each_step_is_possible_in_some_states_only() {
    use State::{Archived, Closed, Draft, Open, Released, Scheduled};
    let all = [Draft, Scheduled, Open, Closed, Released, Archived];
    for (step, states) in [
        (Step::Open, vec![Draft, Scheduled]),
        (Step::Unfreeze, vec![Open]),
        (Step::Close, vec![Open]),
        (Step::Release, vec![Closed]),
        (Step::Reopen, vec![Closed, Released]),
        (Step::Archive, vec![Draft, Scheduled, Closed, Released]),
        (Step::Restore, vec![Archived]),
    ] {
        let is_possible = |state: &State| {
            let (poll, now) = poll_in(*state);
            step.is_possible(&poll, now)
        };
        let possible: Vec<_> = all.into_iter().filter(is_possible).collect();
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

/// V10.
#[test]
fn a_secret_poll_is_never_reopened() {
    for state in [State::Closed, State::Released] {
        let (mut poll, now) = poll_in(state);
        poll.secrecy = Secrecy::Secret;
        assert!(!Step::Reopen.is_possible(&poll, now), "{state:?}");
    }
}

/// R2.
#[test]
fn only_what_was_promised_on_release_can_be_released() {
    let (mut poll, now) = poll_in(State::Closed);
    for (results, voter_results, waits) in [
        (ResultsRule::OnRelease, VoterResults::Never, true),
        (ResultsRule::AfterClose, VoterResults::OnRelease, true),
        (ResultsRule::AfterClose, VoterResults::AfterClose, false),
        (ResultsRule::Live, VoterResults::Never, false),
    ] {
        (poll.results, poll.voter_results) = (results, voter_results);
        assert_eq!(Step::Release.is_possible(&poll, now), waits, "{results:?}");
        let next = if waits { Step::Release } else { Step::Archive };
        assert_eq!(Step::next(&poll, now), next);
    }
    poll.results = ResultsRule::OnRelease;
    let released = Step::Release.take(&poll, &Details::default(), now);
    assert_eq!(released.state(now), State::Released);
    assert!(!Step::Release.is_possible(&released, now));
}

#[test]
fn another_end_than_was_told_needs_a_reason() {
    let (poll, now) = poll_in(State::Open);
    let because = |reason: &str| Details {
        reason: reason.to_owned(),
        closes_at: None,
    };
    assert_eq!(
        Step::Close.flaws(&poll, &because(""), now),
        [Flaw::NoReason]
    );
    assert_eq!(Step::Close.flaws(&poll, &because("Fire"), now), []);
    let long = because(&"x".repeat(LONGEST_LINE + 1));
    assert_eq!(Step::Close.flaws(&poll, &long, now), [Flaw::LongReason]);
    let by_hand = Poll {
        closes_at: None,
        ..poll
    };
    assert_eq!(Step::Close.flaws(&by_hand, &because(""), now), []);
    let (closed, now) = poll_in(State::Closed);
    let mut again = because("");
    again.closes_at = Some(now);
    let flaws = [Flaw::NoReason, Flaw::ClosesInThePast];
    assert_eq!(Step::Reopen.flaws(&closed, &again, now), flaws);
}

#[test]
fn a_reopened_poll_remembers_its_first_end_and_forgets_its_release() {
    let (mut poll, now) = poll_in(State::Released);
    poll.closed_at = Some(at(1800));
    let details = Details {
        reason: "The mail was late".to_owned(),
        closes_at: Some(at(9000)),
    };
    let again = Step::Reopen.take(&poll, &details, now);
    assert_eq!(again.state(now), State::Open);
    assert_eq!(again.extended_from, Some(at(1800)));
    assert_eq!((again.closing(), again.released_at), (Some(at(9000)), None));
}
