//! A session as a row of a table.

use super::{ListedSession, user_agent};
use crate::{language::Message, moment::Moment};

/// What a table says of a session.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The browser or program in words.
    pub browser: Message,
    /// When it began.
    pub started: Moment,
    /// When it was last used.
    pub last_seen: Moment,
    /// Its name in forms.
    pub handle: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

impl SessionRow {
    /// A row with its times in the zone of this name.
    #[must_use]
    pub fn new(session: ListedSession, zone: &str) -> Self {
        Self {
            browser: match session.user_agent.as_deref() {
                name if session.is_program => user_agent::program_in_words(name),
                name => user_agent::in_words(name),
            },
            started: Moment::new(session.started_at, zone),
            last_seen: Moment::new(session.last_seen_at, zone),
            handle: session.handle,
            is_current: session.is_current,
        }
    }
}
