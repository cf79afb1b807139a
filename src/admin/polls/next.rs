//! What comes next in a poll's life, and what stands in its way: the box on its page.

use super::consequences;
use crate::{
    clock::Timestamp,
    language::Message,
    moment::Moment,
    polls::{Poll, State, editing::Step},
};

/// What the box says.
pub struct NextStep {
    /// Where the poll is in its life.
    pub what: Message,
    /// What has to be done first; with any of these the step cannot be taken.
    pub blockers: Vec<Message>,
    /// The step.
    pub step: Step,
    /// The words on its button.
    pub button: Message,
}

impl NextStep {
    /// The box of `poll`, which `blockers` keep from opening.
    #[must_use]
    pub fn new(poll: &Poll, blockers: Vec<Message>, now: Timestamp) -> Self {
        let step = Step::next(poll, now);
        let (_, button) = consequences::asked(step, poll, now);
        Self {
            what: if blockers.is_empty() {
                what(poll, now)
            } else {
                Message::new("before-opening")
            },
            blockers,
            step,
            button,
        }
    }
}

fn what(poll: &Poll, now: Timestamp) -> Message {
    let at = |time: Option<Timestamp>, timed, otherwise| match time {
        Some(time) => Message::new(timed).with("time", Moment::new(time, &poll.zone)),
        None => Message::new(otherwise),
    };
    let ahead = poll.opens_at.filter(|at| *at > now);
    match poll.state(now) {
        State::Draft => at(ahead, "next-publish", "next-open"),
        State::Scheduled => at(ahead, "next-opens", "next-open"),
        State::Open => at(poll.closes_at, "next-closes", "next-close"),
        State::Closed if poll.awaits_release(now) => Message::new("next-release"),
        State::Closed | State::Released => Message::new("next-archive"),
        State::Archived => Message::new("next-restore"),
    }
}
