//! What a step of a poll's life does, in words: asked before, told after.

use crate::{
    clock::Timestamp,
    moment::Moment,
    polls::{Electorate, Poll, ResultsRule, RollMode, State, VoterResults, editing::Step},
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
        Step::Release => "Release the results of",
        Step::Reopen => "Reopen",
        Step::Archive => "Archive",
        Step::Restore => "Restore",
    }
}

/// What will happen.
#[must_use]
pub fn what(step: Step, poll: &Poll, electorate: &Electorate, now: Timestamp) -> String {
    match step {
        Step::Open => opening(poll, now),
        Step::Close => format!(
            "Nobody can vote from now on. {}",
            ballots(poll, electorate, now)
        ),
        Step::Release => releasing(poll, electorate),
        Step::Reopen => format!(
            "The poll takes votes again, until the time below or until you close it. {} People may \
             have read its results already.",
            ballots(poll, electorate, now)
        ),
        Step::Archive => format!(
            "The poll leaves all lists, and its address says that it was archived. {}",
            ballots(poll, electorate, now)
        ),
        Step::Restore => format!(
            "The poll comes back to the lists in the state that its times say. {}",
            ballots(poll, electorate, now)
        ),
    }
}

fn opening(poll: &Poll, now: Timestamp) -> String {
    let said = |at| Moment::new(at, &poll.zone).text();
    if let Some(at) = opens_later(poll, now) {
        return format!(
            "The poll is listed now and takes votes from {}. Until then it can still be edited.",
            said(at)
        );
    }
    let until = poll.closes_at.map(|at| format!(", until {}", said(at)));
    format!(
        "The poll is listed and takes votes from now on{}. Question and choices cannot be edited \
         any more.",
        until.unwrap_or_default()
    )
}

/// Who will see what once the results are released.
fn releasing(poll: &Poll, electorate: &Electorate) -> String {
    if !poll.may_show(u64::try_from(electorate.ballots).unwrap_or(0)) {
        return format!(
            "Fewer than {} ballots were cast. So few would tell who voted how, so nobody sees the \
             numbers after the release either.",
            poll.min_show
        );
    }
    let staff = match poll.results {
        ResultsRule::OnRelease => "Staff see the numbers from now on.",
        ResultsRule::Live | ResultsRule::AfterClose => "Staff see the numbers already.",
    };
    let voters = match poll.voter_results {
        VoterResults::OnRelease => "Voters see them on the poll\u{2019}s page from now on.",
        VoterResults::AfterClose => "Voters see them on the poll\u{2019}s page already.",
        VoterResults::Never => "Voters do not see them.",
    };
    format!("{staff} {voters}")
}

fn ballots(poll: &Poll, electorate: &Electorate, now: Timestamp) -> String {
    match electorate.ballots {
        _ if !poll.shows_turnout(now) => "Its ballots stay as they are.".to_owned(),
        0 => "There are no ballots in it.".to_owned(),
        1 => "Its ballot stays as it is.".to_owned(),
        many => format!("Its {many} ballots stay as they are."),
    }
}

/// To how many people.
#[must_use]
pub fn whom(step: Step, poll: &Poll, electorate: &Electorate, now: Timestamp) -> String {
    let voters = match poll.roll_mode {
        RollMode::Role => "with a voting role",
        RollMode::List => "on the list of voters",
    };
    let (all, waiting) = (people(electorate.eligible), people(electorate.waiting));
    match step {
        Step::Open => format!("{all} {voters} who may vote."),
        Step::Close | Step::Reopen if poll.shows_turnout(now) => {
            format!("{waiting} {voters} who have not voted.")
        }
        Step::Close | Step::Reopen | Step::Release | Step::Archive | Step::Restore => {
            format!("{all} {voters}.")
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
        Step::Close if poll.is_named() => {
            "It can be reopened with a reason, but people may have read its results by then."
        }
        Step::Close => "No. A secret poll that has closed takes no more votes.",
        Step::Release => "No. What people have read cannot be taken back.",
        Step::Reopen => "Yes. It can be closed again at any time.",
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
        _ if step == Step::Release => "The results are released.".to_owned(),
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
