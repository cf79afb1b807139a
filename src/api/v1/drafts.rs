//! Polls as admins see them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    polls::{Choice, Listed, Poll, PollId, Secrecy, State, editing::PollDraft},
};

/// A poll as admins see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdminPoll {
    /// Key.
    pub id: PollId,
    /// Where the poll is in its life.
    pub state: State,
    /// When it was or will be published.
    #[schema(format = DateTime)]
    pub published_at: Option<String>,
    /// When an admin closed it.
    #[schema(format = DateTime)]
    pub closed_at: Option<String>,
    /// When an admin released the results.
    #[schema(format = DateTime)]
    pub released_at: Option<String>,
    /// When it was put away.
    #[schema(format = DateTime)]
    pub archived_at: Option<String>,
    /// What was written.
    pub draft: PollDraft,
}

/// Part of all polls, those made last first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdminPolls {
    /// The polls.
    pub polls: Vec<AdminSummary>,
    /// What `cursor` has to be for the next part; null when this is the last.
    pub next: Option<String>,
}

/// A poll in the list of admins.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdminSummary {
    /// Key.
    pub id: PollId,
    /// The question.
    pub question: String,
    /// Where the poll is in its life.
    pub state: State,
    /// Whether names stand on ballots.
    pub secrecy: Secrecy,
    /// From when on ballots are taken, as far as that is known.
    #[schema(format = DateTime)]
    pub opens_at: Option<String>,
    /// The first moment at which none is taken any more, as far as that is known.
    #[schema(format = DateTime)]
    pub closes_at: Option<String>,
    /// Ballots in the box; null while that would tell too much.
    pub ballots: Option<i64>,
}

impl AdminSummary {
    /// The poll at `now`.
    #[must_use]
    pub fn new(listed: &Listed, now: Timestamp) -> Self {
        let poll = &listed.poll;
        Self {
            id: poll.id,
            question: poll.question.clone(),
            state: poll.state(now),
            secrecy: poll.secrecy,
            opens_at: poll.opening().map(Timestamp::rfc3339),
            closes_at: poll.closing().map(Timestamp::rfc3339),
            ballots: poll.shows_turnout(now).then_some(listed.ballots),
        }
    }
}

impl AdminPoll {
    /// The poll at `now`.
    #[must_use]
    pub fn new(poll: &Poll, paper: &[Choice], now: Timestamp) -> Self {
        Self {
            id: poll.id,
            state: poll.state(now),
            published_at: poll.published_at.map(Timestamp::rfc3339),
            closed_at: poll.closed_at.map(Timestamp::rfc3339),
            released_at: poll.released_at.map(Timestamp::rfc3339),
            archived_at: poll.archived_at.map(Timestamp::rfc3339),
            draft: PollDraft::of(poll, paper),
        }
    }
}
