//! Who has voted where, and how full the boxes are: kept in memory until a ballot is cast. The one
//! writer of ballots says so after each commit; that moves no [revision](Db::revision), so that
//! nothing else has to be read again. On PostgreSQL other instances have writers as well: nothing
//! of this is kept there.

use std::{collections::HashMap, sync::Arc};

use super::Polls;
use crate::{
    db::{Db, Kept, Stamps, on},
    error::{Error, Result},
    polls::PollId,
    users::UserId,
};

/// People whose marks are kept.
const MANY_PEOPLE: u64 = 20_000;
/// Polls whose boxes are.
const MANY_POLLS: u64 = 1_000;

/// The marks of one person by poll: whether they have voted.
type Marks = Arc<HashMap<PollId, bool>>;

/// How full a box is.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Filled {
    pub ballots: i64,
    /// Moves with every ballot that is put in or taken out.
    pub revision: i64,
}

/// What ballots change of what is kept.
#[derive(Clone, Debug)]
pub(in crate::polls) struct Boxes {
    marks: Kept<UserId, Marks>,
    filled: Kept<PollId, Filled>,
    people: Stamps,
    polls: Stamps,
}

impl Default for Boxes {
    fn default() -> Self {
        Self {
            marks: Kept::with_room_for(MANY_PEOPLE),
            filled: Kept::with_room_for(MANY_POLLS),
            people: Stamps::default(),
            polls: Stamps::default(),
        }
    }
}

impl Boxes {
    /// The ballots of these people in these polls are committed.
    pub fn have_changed(&self, ballots: impl IntoIterator<Item = (PollId, UserId)>) {
        for (poll, user) in ballots {
            self.people.advance(user);
            self.polls.advance(poll);
        }
    }

    async fn marks(&self, db: &Db, user: UserId) -> Result<Marks> {
        let read = async {
            let marks: Vec<(PollId, bool)> = on!(db, |pool| {
                sqlx::query_as("SELECT poll_id, has_voted FROM voter_roll WHERE user_id = $1")
                    .bind(user)
                    .fetch_all(pool)
                    .await
            })?;
            Ok(Arc::new(marks.into_iter().collect()))
        };
        let stamp = self.people.of(user);
        self.marks.get_or_at(db, stamp, user, read).await
    }

    async fn filled(&self, db: &Db, poll: PollId) -> Result<Filled> {
        let read = async {
            let filled: Option<Filled> = on!(db, |pool| {
                sqlx::query_as("SELECT ballots, revision FROM poll_counts WHERE poll_id = $1")
                    .bind(poll)
                    .fetch_optional(pool)
                    .await
            })?;
            filled.ok_or(Error::NotFound)
        };
        let stamp = self.polls.of(poll);
        self.filled.get_or_at(db, stamp, poll, read).await
    }
}

impl Polls {
    /// The marks of a person on the rolls of all polls.
    pub(super) async fn marks(&self, user: UserId) -> Result<Marks> {
        self.boxes.marks(&self.db, user).await
    }

    /// How full the box of `poll` is.
    pub(super) async fn filled(&self, poll: PollId) -> Result<Filled> {
        self.boxes.filled(&self.db, poll).await
    }

    /// Ballots in the box of `poll`. Not for voters' eyes.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such poll; when the database does not answer.
    pub async fn ballots_in(&self, poll: PollId) -> Result<i64> {
        Ok(self.filled(poll).await?.ballots)
    }
}
