//! A personal access token as a row of a table.

use super::{Role, tokens::PersonalToken};
use crate::{
    clock::Timestamp,
    language::Zone,
    moment::{Day, Moment},
};

/// What a table says of a token.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Key.
    pub id: i64,
    /// What its person calls it.
    pub name: String,
    /// The most that it may do.
    pub role: Role,
    /// When it ends.
    pub expires: Moment,
    /// Whether it has.
    pub is_expired: bool,
    /// The day of the last use, in UTC.
    pub used: Option<Day>,
}

impl TokenRow {
    /// A row with its time in this zone.
    #[must_use]
    pub fn new(token: PersonalToken, zone: Zone, now: Timestamp) -> Self {
        Self {
            id: token.id,
            name: token.name,
            role: token.role,
            expires: Moment::new(token.expires_at, zone),
            is_expired: token.expires_at <= now,
            used: token.last_used_at.map(Day::of),
        }
    }
}
