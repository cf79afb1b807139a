//! Polls.
pub mod routes;
use crate::{db::Db, random::Random};
/// The polls.
#[derive(Clone, Debug)]
pub struct Polls {}
impl Polls {
    /// New.
    pub fn new(_db: Db, _random: Random) -> Self {
        Self {}
    }
}
