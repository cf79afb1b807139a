//! What a step of a poll's life does, in words: asked before, told after.

use crate::{
    clock::Timestamp,
    language::Message,
    moment::Moment,
    polls::{Electorate, Poll, ResultsRule, RollMode, State, VoterResults, editing::Step},
};

/// When a draft would open by itself after it was published.
fn opens_later(poll: &Poll, now: Timestamp) -> Option<Timestamp> {
    let is_draft = poll.state(now) == State::Draft;
    poll.opens_at.filter(|at| is_draft && *at > now)
}

/// The heading of the page that asks, and what its button says.
#[must_use]
pub fn asked(step: Step, poll: &Poll, now: Timestamp) -> (Message, Message) {
    let question = Message::new(match step {
        Step::Open if opens_later(poll, now).is_some() => "publish-now",
        Step::Open => "open-now-question",
        Step::Unfreeze => "unfreeze-now",
        Step::Close => "close-now",
        Step::Release => "release-now",
        Step::Reopen => "reopen-now",
        Step::Archive => "archive-now",
        Step::Restore => "restore-now",
    });
    let button = match opens_later(poll, now) {
        Some(_) if step == Step::Open => Message::new("publish-poll"),
        _ => step.message(),
    };
    (question, button)
}

/// What will happen.
#[must_use]
pub fn what(step: Step, poll: &Poll, electorate: &Electorate, now: Timestamp) -> Message {
    let id = match step {
        Step::Open => return opening(poll, now),
        Step::Release => return releasing(poll, electorate),
        Step::Unfreeze => "unfreeze-what",
        Step::Close => "close-what",
        Step::Reopen => "reopen-what",
        Step::Archive => "archive-what",
        Step::Restore => "restore-what",
    };
    Message::new(id).with("ballots", ballots(poll, electorate, now))
}

fn opening(poll: &Poll, now: Timestamp) -> Message {
    let moment = |at| Moment::new(at, &poll.zone);
    if let Some(at) = opens_later(poll, now) {
        return Message::new("publish-what").with("time", moment(at));
    }
    match poll.closes_at {
        Some(at) => Message::new("open-what-until").with("time", moment(at)),
        None => Message::new("open-what"),
    }
}

/// Who will see what once the results are released.
fn releasing(poll: &Poll, electorate: &Electorate) -> Message {
    if !poll.may_show(u64::try_from(electorate.ballots).unwrap_or(0)) {
        return Message::new("release-withheld").with("fewest", poll.min_show);
    }
    let staff = Message::new(match poll.results {
        ResultsRule::OnRelease => "release-staff",
        ResultsRule::Live | ResultsRule::AfterClose => "release-staff-already",
    });
    let voters = Message::new(match poll.voter_results {
        VoterResults::OnRelease => "release-voters",
        VoterResults::AfterClose => "release-voters-already",
        VoterResults::Never => "release-voters-never",
    });
    staff.and(voters)
}

fn ballots(poll: &Poll, electorate: &Electorate, now: Timestamp) -> Message {
    if poll.shows_turnout(now) {
        Message::new("ballots-stay").with("count", electorate.ballots)
    } else {
        Message::new("its-ballots-stay")
    }
}

/// To how many people.
#[must_use]
pub fn whom(step: Step, poll: &Poll, electorate: &Electorate, now: Timestamp) -> Message {
    let is_list = poll.roll_mode == RollMode::List;
    let either = |listed, by_role| if is_list { listed } else { by_role };
    let (id, count) = match step {
        Step::Open => (
            either("whom-open-list", "whom-open-role"),
            electorate.eligible,
        ),
        Step::Close | Step::Reopen if poll.shows_turnout(now) => (
            either("whom-waiting-list", "whom-waiting-role"),
            electorate.waiting,
        ),
        _ => (either("whom-list", "whom-role"), electorate.eligible),
    };
    Message::new(id).with("count", count)
}

/// Whether it can be undone: the id of a message.
#[must_use]
pub fn undo(step: Step, poll: &Poll, now: Timestamp) -> &'static str {
    match step {
        Step::Open if opens_later(poll, now).is_some() => "publish-undo",
        Step::Open => "open-undo",
        Step::Unfreeze => "unfreeze-undo",
        Step::Close if poll.is_named() => "close-undo-named",
        Step::Close => "close-undo-secret",
        Step::Release => "release-undo",
        Step::Reopen => "reopen-undo",
        Step::Archive => "archive-undo",
        Step::Restore => "restore-undo",
    }
}

/// What has happened.
#[must_use]
pub fn done(step: Step, poll: &Poll, now: Timestamp) -> Message {
    let id = match (step, opens_later(poll, now)) {
        (Step::Open, Some(at)) => {
            return Message::new("is-published").with("time", Moment::new(at, &poll.zone));
        }
        (Step::Open, None) => "is-open",
        (Step::Unfreeze, _) => "is-unfrozen",
        (Step::Close, _) => "is-closed",
        (Step::Release, _) => "is-released",
        (Step::Reopen, _) => "is-reopened",
        (Step::Archive, _) => "is-archived",
        (Step::Restore, _) => "is-restored",
    };
    Message::new(id)
}

/// What is said when there was nothing left to do: the id of a message.
#[must_use]
pub const fn done_already(step: Step) -> &'static str {
    match step {
        Step::Open => "is-open-already",
        Step::Unfreeze => "is-unfrozen-already",
        Step::Close => "is-closed-already",
        Step::Release => "is-released-already",
        Step::Reopen => "is-reopened-already",
        Step::Archive => "is-archived-already",
        Step::Restore => "is-restored-already",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Locale;
    use crate::polls::{Secrecy, sample};

    const NOW: Timestamp = Timestamp::from_millis(1500);

    fn electorate(number: i64) -> Electorate {
        Electorate {
            eligible: number,
            invited: 0,
            waiting: number,
            ballots: number,
        }
    }

    #[test]
    fn numbers_are_said_in_the_singular_and_plural() {
        let poll = sample::open_between(1000, 2000);
        for (eligible, said) in [
            (0, "0 people with a voting role."),
            (1, "1 person with a voting role."),
            (2, "2 people with a voting role."),
        ] {
            let people = electorate(eligible);
            let whom = Locale::default().t(whom(Step::Archive, &poll, &people, NOW));
            assert_eq!(whom.plain(), said);
        }
    }

    /// R4, T9.
    #[test]
    fn who_closes_a_secret_poll_is_not_told_how_many_have_voted() {
        let mut poll = sample::open_between(1000, 2000);
        poll.secrecy = Secrecy::Secret;
        let said = |ballots| {
            let people = Electorate {
                eligible: 9,
                ..electorate(ballots)
            };
            let whom = whom(Step::Close, &poll, &people, NOW);
            (what(Step::Close, &poll, &people, NOW), whom)
        };
        assert_eq!(said(0), said(5));
    }
}
