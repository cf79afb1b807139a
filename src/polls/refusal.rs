//! What somebody is told whose vote the poll does not take: the same on pages and to programs. Of
//! HTTP it knows the status alone.

use http::StatusCode;

use super::{Cast, Listed, Poll, RollMode};
use crate::{
    clock::Timestamp,
    error::{Error, Problem},
    language::Message,
    moment::Moment,
    users::User,
};

impl Listed {
    /// Why the vote of `user` was not recorded, which ended with `cast`.
    #[must_use]
    pub fn refusal(&self, cast: Cast, user: &User) -> Problem {
        let poll = &self.poll;
        match cast {
            Cast::Archived => self.gone(),
            Cast::NotEligible => Problem {
                status: StatusCode::FORBIDDEN,
                code: "not_eligible",
                title: Message::new("cannot-vote-title"),
                message: poll.not_eligible(user),
                fate: None,
            },
            Cast::NotOpenYet => Problem {
                status: StatusCode::CONFLICT,
                code: "not_open_yet",
                title: Message::new("not-open-yet-title"),
                message: poll.timed(poll.opening(), "not-open-yet", "not-open-yet-until"),
                fate: None,
            },
            Cast::Closed => Problem {
                status: StatusCode::CONFLICT,
                code: "closed",
                title: Message::new("closed-title"),
                message: poll.timed(poll.closing(), "has-closed", "has-closed-on"),
                fate: None,
            },
            _ => Error::NotFound.problem(),
        }
    }

    /// The poll was put away, with the ballots that were in the box.
    fn gone(&self) -> Problem {
        let has_voted = self.has_voted == Some(true);
        Problem {
            fate: has_voted.then_some("fate-earlier-stands"),
            ..Error::Gone.problem()
        }
    }
}

impl Poll {
    /// Who may vote, why that is not `user`, and whom to ask.
    #[must_use]
    pub fn not_eligible(&self, user: &User) -> Message {
        match (self.roll_mode, &user.email) {
            (RollMode::List, Some(email)) if !user.email_verified => {
                Message::new("not-listed-unverified").with("email", email)
            }
            (RollMode::List, _) => Message::new("not-listed"),
            (RollMode::Role, _) => Message::new("wrong-role")
                .with("roles", self.roles.words())
                .with("role", user.role.as_str()),
        }
    }

    /// The message `timed` about a time in the poll's zone, or `plain` when it is not known.
    fn timed(&self, at: Option<Timestamp>, plain: &'static str, timed: &'static str) -> Message {
        match at {
            Some(at) => Message::new(timed).with("time", Moment::new(at, &self.zone)),
            None => Message::new(plain),
        }
    }
}
