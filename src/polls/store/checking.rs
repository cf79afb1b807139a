//! Trying a closed poll against its ballots, its seal and the history.

use super::{Polls, counting::number, sealing::told};
use crate::{
    audit,
    clock::Timestamp,
    db::on,
    error::{Error, Result},
    polls::{
        Check, Poll, PollId, Seal, Tally,
        check::SealCheck,
        seal::{Document, Particulars, salt_of, sha256},
    },
    random::hex,
};

/// The tables, counted.
#[derive(sqlx::FromRow)]
struct Numbers {
    marks: i64,
    ballots: i64,
    filled: i64,
    abstained: i64,
    strays: i64,
}

impl Polls {
    /// Tries a poll that has closed; seals it first where nobody has.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn check(&self, poll: &Poll, now: Timestamp) -> Result<Check> {
        self.results(poll, now).await?;
        let seal = self.find_seal(poll.id).await?.ok_or(Error::NotFound)?;
        let numbers = self.numbers(poll.id).await?;
        Ok(Check {
            marks: number(numbers.marks),
            ballots: number(numbers.ballots),
            filled: number(numbers.filled),
            abstained: number(numbers.abstained),
            strays: number(numbers.strays),
            seal: self.check_seal(poll, &seal, now).await?,
            broken_entry: audit::verify(&self.db).await?,
        })
    }

    /// How the seal of a poll is found, if it has one; seals nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn check_stored_seal(
        &self,
        poll: &Poll,
        now: Timestamp,
    ) -> Result<Option<SealCheck>> {
        match self.find_seal(poll.id).await? {
            Some(seal) => self.check_seal(poll, &seal, now).await.map(Some),
            None => Ok(None),
        }
    }

    /// The document that was sealed; absent before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sealed_document(&self, id: PollId) -> Result<Option<String>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT canonical_json FROM polls JOIN seals ON seals.poll_id = polls.id
                 WHERE polls.id = $1 AND polls.sealed_at IS NOT NULL
                 ORDER BY seals.number DESC LIMIT 1",
            )
            .bind(id)
            .fetch_optional(pool)
            .await
        })?)
    }

    /// Where in the history the seal stands.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn history_of(&self, seal: &Seal) -> Result<Option<audit::Head>> {
        audit::find(&self.db, seal.audit_seq).await
    }

    async fn check_seal(&self, poll: &Poll, seal: &Seal, now: Timestamp) -> Result<SealCheck> {
        let document = self.sealed_document(poll.id).await?.unwrap_or_default();
        let change = told(poll, &seal.digest());
        let is_told = audit::tells_of(&self.db, seal.audit_seq, change).await?;
        Ok(if sha256(&document) != seal.sha256 {
            SealCheck::Rewritten
        } else if !is_told {
            SealCheck::NotInHistory
        } else if self
            .document_now(poll, seal, salt_of(&document), now)
            .await?
            != document
        {
            SealCheck::OtherCount
        } else {
            SealCheck::Fits
        })
    }

    /// What would be sealed now.
    async fn document_now(
        &self,
        poll: &Poll,
        seal: &Seal,
        salt: String,
        now: Timestamp,
    ) -> Result<String> {
        let paper = self.choices(poll.id).await?;
        let tally = Tally {
            eligible: seal.eligible,
            ..self.count_ballots(poll.id, now).await?.tally
        };
        let particulars = Particulars {
            number: seal.number,
            salt,
            receipts: self.receipt_hashes(poll.id).await?,
        };
        Document::new(poll, &paper, &tally, &particulars).canonical()
    }

    /// The hashes of the receipts as hexadecimal digits, in their own order.
    pub(super) async fn receipt_hashes(&self, id: PollId) -> Result<Vec<String>> {
        let hashes: Vec<Vec<u8>> = on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT receipt_hash FROM ballots
                 WHERE poll_id = $1 AND receipt_hash IS NOT NULL ORDER BY receipt_hash",
            )
            .bind(id)
            .fetch_all(pool)
            .await
        })?;
        Ok(hashes.iter().map(|hash| hex(hash)).collect())
    }

    async fn numbers(&self, id: PollId) -> Result<Numbers> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT
                    (SELECT COUNT(*) FROM voter_roll
                     WHERE voter_roll.poll_id = polls.id AND has_voted) AS marks,
                    (SELECT COUNT(*) FROM ballots WHERE ballots.poll_id = polls.id) AS ballots,
                    (SELECT COUNT(*) FROM ballots
                     JOIN (SELECT ballot_id, COUNT(*) AS picked FROM ballot_choices
                           WHERE poll_id = $1 GROUP BY ballot_id) AS papers
                       ON papers.ballot_id = ballots.id
                     WHERE ballots.poll_id = $1 AND NOT abstained
                       AND picked BETWEEN polls.min_choices AND polls.max_choices) AS filled,
                    (SELECT COUNT(*) FROM ballots
                     WHERE ballots.poll_id = $1 AND abstained AND NOT EXISTS (
                         SELECT 1 FROM ballot_choices
                         WHERE ballot_choices.poll_id = ballots.poll_id
                           AND ballot_choices.ballot_id = ballots.id)) AS abstained,
                    (SELECT COUNT(*) FROM ballot_choices
                     WHERE ballot_choices.poll_id = $1 AND NOT EXISTS (
                         SELECT 1 FROM ballots
                         WHERE ballots.poll_id = $1
                           AND ballots.id = ballot_choices.ballot_id)) AS strays
                 FROM polls WHERE id = $1",
            )
            .bind(id)
            .fetch_one(pool)
            .await
        })?)
    }
}
