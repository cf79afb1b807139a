//! What a voter finds again: the own ballot in a named poll, and any ballot by its receipt.

use super::Polls;
use crate::{
    clock::Timestamp,
    db::on,
    error::Result,
    polls::{Ballot, ChoiceId, Method, Poll, PollId, Receipt, Selection},
    users::UserId,
};

/// One line of a ballot; a ballot without choices has one line with none.
#[derive(sqlx::FromRow)]
struct Line {
    cast_at: Timestamp,
    method: Method,
    abstained: bool,
    choice_id: Option<ChoiceId>,
}

impl Polls {
    /// The person's ballot, if the poll is named and they have cast one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ballot(&self, id: PollId, user: UserId) -> Result<Option<Ballot>> {
        let lines: Vec<Line> = on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT cast_at, method, abstained, choice_id
                 FROM ballots
                 JOIN polls ON polls.id = ballots.poll_id
                 LEFT JOIN ballot_choices ON ballot_choices.poll_id = ballots.poll_id
                                         AND ballot_choices.ballot_id = ballots.id
                 WHERE ballots.poll_id = $1 AND user_id = $2
                 ORDER BY value, choice_id",
            )
            .bind(id)
            .bind(user)
            .fetch_all(pool)
            .await
        })?;
        let Some(first) = lines.first() else {
            return Ok(None);
        };
        let chosen = lines.iter().filter_map(|line| line.choice_id);
        Ok(Some(Ballot {
            cast_at: first.cast_at,
            selection: match first.method {
                _ if first.abstained => Selection::Abstention,
                Method::Ranked => Selection::Ranking(chosen.collect()),
                _ => Selection::Choices(chosen.collect()),
            },
        }))
    }

    /// What the form of a ballot of this poll carries, where there are receipts
    /// ([`Receipt::nonce`]).
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn nonce(&self, poll: &Poll) -> Result<Option<String>> {
        let nonce = poll.has_receipts().then(|| Receipt::nonce(&self.random));
        nonce.transpose()
    }

    /// Whether the ballot with this receipt is in the poll's box.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn counts(&self, id: PollId, receipt: Receipt) -> Result<bool> {
        let found: Option<i32> = on!(&self.db, |pool| {
            sqlx::query_scalar("SELECT 1 FROM ballots WHERE poll_id = $1 AND receipt_hash = $2")
                .bind(id)
                .bind(receipt.hash())
                .fetch_optional(pool)
                .await
        })?;
        Ok(found.is_some())
    }
}
