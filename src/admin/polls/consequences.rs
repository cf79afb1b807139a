//! What a step of a poll's life does, in words: asked before, told after.

use crate::{
    clock::Timestamp,
    moment::Moment,
    polls::{Electorate, Poll, State, editing::Step},
};

/// When a draft would open by itself after it was published.
fn opens_later(poll: &Poll, now: Timestamp) -> Option<Timestamp> {
    let is_draft = poll.state(now) == State::Draft;
    poll.opens_at.filter(|at| is_draft && *at > now)
}

/// What is done to the poll.
#[must_use]
pub fn verb(step: Step, poll: &Poll, now: Timestamp) -> &'static str {
    match step {
        Step::Open if opens_later(poll, now).is_some() => "Publish",
        Step::Open => "Open",
        Step::Close => "Close",
        Step::Archive => "Archive",
        Step::Restore => "Restore",
    }
}

/// What will happen.
#[must_use]
pub fn what(step: Step, poll: &Poll, electorate: &Electorate, now: Timestamp) -> String {
    let ballots = match electorate.ballots {
        _ if !poll.shows_turnout(now) => "Its ballots stay as they are.".to_owned(),
        0 => "There are no ballots in it.".to_owned(),
        1 => "Its ballot stays as it is.".to_owned(),
        many => format!("Its {many} ballots stay as they are."),
    };
    match (step, opens_later(poll, now)) {
        (Step::Open, Some(at)) => format!(
            "The poll is listed now and takes votes from {}. Until then it can still be edited.",
            Moment::new(at, &poll.zone).text()
        ),
        (Step::Open, None) => format!(
            "The poll is listed and takes votes from now on{}. Question and choices cannot be edited any more.",
            poll.closes_at.map_or_else(String::new, |at| format!(
                ", until {}",
                Moment::new(at, &poll.zone).text()
            )),
        ),
        (Step::Close, _) => format!("Nobody can vote from now on. {ballots}"),
        (Step::Archive, _) => format!(
            "The poll leaves all lists, and its address says that it was archived. {ballots}"
        ),
        (Step::Restore, _) => {
            format!("The poll comes back to the lists in the state that its times say. {ballots}")
        }
    }
}

/// To how many people.
#[must_use]
pub fn whom(step: Step, poll: &Poll, electorate: &Electorate, now: Timestamp) -> String {
    match step {
        Step::Open => format!(
            "{} with a voting role who may vote.",
            people(electorate.eligible)
        ),
        Step::Close if poll.shows_turnout(now) => format!(
            "{} with a voting role who have not voted.",
            people(electorate.waiting)
        ),
        Step::Close | Step::Archive | Step::Restore => {
            format!("{} with a voting role.", people(electorate.eligible))
        }
    }
}

fn people(number: i64) -> String {
    match number {
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    }
}

/// Whether it can be undone.
#[must_use]
pub fn undo(step: Step, poll: &Poll, now: Timestamp) -> &'static str {
    match step {
        Step::Open if opens_later(poll, now).is_some() => {
            "Until it opens, it can still be edited or archived. Afterwards you can close it at any time."
        }
        Step::Open => "No. You can close it at any time.",
        Step::Close => "No. A closed poll takes no more votes.",
        Step::Archive => "Yes. It can be restored at any time, with its ballots.",
        Step::Restore => "Yes. It can be archived again.",
    }
}

/// What has happened.
#[must_use]
pub fn done(step: Step, poll: &Poll, now: Timestamp) -> String {
    match opens_later(poll, now) {
        Some(at) if step == Step::Open => format!(
            "The poll is published and opens on {}.",
            Moment::new(at, &poll.zone).text()
        ),
        _ => format!("The poll is {}.", step.result()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polls::{Secrecy, sample};

    const NOW: Timestamp = Timestamp::from_millis(1500);

    fn electorate(number: i64) -> Electorate {
        Electorate {
            eligible: number,
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
            assert_eq!(whom(Step::Archive, &poll, &people, NOW), said);
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
