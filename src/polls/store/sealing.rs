//! Sealing polls that have closed, by whoever sees it first: the sweep, or somebody who opens the
//! results. The ballots are counted first and the database locked afterwards; a revision that has
//! moved meanwhile begins again.

use std::sync::Arc;

use serde_json::json;

use super::{Polls, counting::number};
use crate::{
    audit::{self, Actor, Change, Head},
    clock::Timestamp,
    db::{Tx, execute, on, transaction, within},
    error::{Error, Result},
    polls::{
        Choice, Poll, PollId, Seal, Tally,
        seal::{Document, Particulars, sha256},
    },
    random::hex,
};

/// How often ballots may come in between counting and sealing.
const ATTEMPTS: usize = 5;

/// The numbers of a poll and, once it has closed, its seal.
#[derive(Clone, Debug)]
pub struct Results {
    /// The ballots, counted now; of a sealed poll with the electorate of then.
    pub tally: Tally,
    /// What was sealed; absent while the poll is open.
    pub seal: Option<Seal>,
}

impl Results {
    /// Whether the ballots come to what was sealed. If not, somebody has changed them, and no
    /// number may be shown.
    #[must_use]
    pub fn are_as_sealed(&self) -> bool {
        let seal = self.seal.as_ref();
        seal.is_none_or(|seal| seal.fits(&self.tally))
    }
}

/// What came of an attempt.
enum Attempt {
    /// Sealed; the end of the history is there now.
    Sealed(Head),
    /// Somebody else was faster, and has sealed the poll or changed it.
    Already,
    /// A ballot came in after the count.
    Moved,
}

/// What is written.
struct Sealing {
    poll: Arc<Poll>,
    paper: Arc<[Choice]>,
    tally: Tally,
    revision: i64,
    number: i64,
    canonical: String,
}

/// A line of a stored seal; one for each choice in each round.
#[derive(sqlx::FromRow)]
struct Line {
    number: i64,
    ballots: i64,
    abstained: i64,
    eligible: i64,
    sha256: Vec<u8>,
    audit_seq: i64,
    made_at: Timestamp,
    round: Option<i64>,
    place: i64,
    votes: Option<i64>,
}

impl Polls {
    /// The numbers of `poll`; when it has closed, sealed. Not for anybody's eyes before
    /// [`Poll::may_show`] agrees and [`Results::are_as_sealed`].
    ///
    /// # Errors
    /// When the database does not answer, or its clock says that the poll is still open.
    pub async fn results(&self, poll: &Poll, now: Timestamp) -> Result<Results> {
        if poll.closing().is_none_or(|at| at > now) {
            let tally = self.tally(poll.id, now).await?;
            return Ok(Results { tally, seal: None });
        }
        let seal = match self.find_seal(poll.id).await? {
            Some(seal) => seal,
            None => self.seal(poll.id, now).await?,
        };
        let results = Results {
            tally: Tally {
                eligible: seal.eligible,
                ..self.ballots_counted(poll.id, now).await?
            },
            seal: Some(seal),
        };
        if !results.are_as_sealed() {
            tracing::error!(poll.id = %poll.id, "the ballots differ from what was sealed");
        }
        Ok(results)
    }

    /// The seal of a poll that is sealed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_seal(&self, id: PollId) -> Result<Option<Seal>> {
        let lines: Vec<Line> = on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT seals.number, seals.ballots, abstained, eligible, sha256, audit_seq, made_at,
                        tallies.round, tallies.ballots AS votes,
                        (SELECT COUNT(*) FROM choices AS others
                         WHERE others.poll_id = choices.poll_id
                           AND others.position < choices.position) AS place
                 FROM polls
                 JOIN seals ON seals.poll_id = polls.id
                 LEFT JOIN tallies ON tallies.poll_id = seals.poll_id
                                  AND tallies.seal_number = seals.number
                 LEFT JOIN choices ON choices.id = tallies.choice_id
                 WHERE polls.id = $1 AND polls.sealed_at IS NOT NULL
                   AND seals.number = (SELECT MAX(number) FROM seals WHERE poll_id = $1)",
            )
            .bind(id)
            .fetch_all(pool)
            .await
        })?;
        Ok(Seal::from_lines(&lines))
    }

    /// Seals the polls that have closed by `now` and are not sealed yet.
    ///
    /// # Errors
    /// When the database does not answer. The next call begins again.
    pub async fn seal_closed(&self, now: Timestamp) -> Result<()> {
        let closed: Vec<PollId> = on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT id FROM polls
                 WHERE sealed_at IS NULL AND frozen_at IS NOT NULL AND published_at <= $1
                   AND (closes_at <= $1 OR closed_at <= $1)
                 ORDER BY id",
            )
            .bind(now)
            .fetch_all(pool)
            .await
        })?;
        let mut failed = Ok(());
        for id in closed {
            // One that cannot be sealed does not keep the others from it.
            if let Err(error) = self.seal(id, now).await {
                failed = Err(error);
            }
        }
        failed
    }

    /// Seals a poll that an admin has just closed. It stays closed when that fails, and is sealed
    /// by whoever comes next.
    pub(super) async fn seal_at_once(&self, id: PollId, now: Timestamp) {
        if let Err(error) = self.seal(id, now).await {
            tracing::warn!(poll.id = %id, %error, "the closed poll could not be sealed yet");
        }
    }

    /// Seals a poll that has closed by `now`, unless it is sealed. The log says where the history
    /// ends then, so that a history rewritten later is found out by whoever keeps the log.
    async fn seal(&self, id: PollId, now: Timestamp) -> Result<Seal> {
        for _ in 0..ATTEMPTS {
            let sealing = self.prepare(id, now).await?;
            let digest = hex(&sha256(&sealing.canonical));
            match self.write_seal(sealing, now).await? {
                Attempt::Sealed(head) => {
                    let (seq, hash) = (head.seq, hex(&head.hash));
                    tracing::info!(poll.id = %id, seal = digest, audit.seq = seq, audit.hash = hash, "sealed");
                }
                Attempt::Already => {}
                Attempt::Moved => continue,
            }
            if let Some(seal) = self.find_seal(id).await? {
                return Ok(seal);
            }
        }
        Err(Error::unavailable("the poll changes while it is sealed"))
    }

    async fn prepare(&self, id: PollId, now: Timestamp) -> Result<Sealing> {
        let poll = self.find(id).await?.ok_or(Error::NotFound)?;
        let paper = self.choices(id).await?;
        let count = self.count_ballots(id, now).await?;
        let tally = Tally {
            eligible: self.eligible(id).await?,
            ..count.tally
        };
        let last: Option<i64> = on!(&self.db, |pool| {
            sqlx::query_scalar("SELECT MAX(number) FROM seals WHERE poll_id = $1")
                .bind(id)
                .fetch_one(pool)
                .await
        })?;
        let particulars = Particulars {
            number: last.unwrap_or(0).saturating_add(1),
            salt: hex(&self.random.bytes::<16>()?),
            receipts: self.receipt_hashes(id).await?,
        };
        let canonical = Document::new(&poll, &paper, &tally, &particulars).canonical()?;
        Ok(Sealing {
            poll,
            paper,
            tally,
            revision: count.revision,
            number: particulars.number,
            canonical,
        })
    }

    async fn write_seal(&self, sealing: Sealing, now: Timestamp) -> Result<Attempt> {
        let attempt = transaction!(self.db, |tx| {
            if !sealing.take(tx, now).await? {
                return Ok(Attempt::Already);
            }
            if sealing.revision_now(tx).await? != sealing.revision {
                return Ok(Attempt::Moved);
            }
            Attempt::Sealed(sealing.write(tx, now).await?)
        });
        attempt.map_err(|error| match error.refusal() {
            Some("poll_still_open") => {
                Error::unavailable("the database's clock says that the poll is still open")
            }
            _ => error,
        })
    }
}

impl Sealing {
    /// Closes the box for good; this waits for ballots that are on their way.
    async fn take(&self, tx: &mut Tx, now: Timestamp) -> Result<bool> {
        let taken = execute!(
            tx,
            sqlx::query(
                "UPDATE polls SET sealed_at = $2
                 WHERE id = $1 AND version = $3 AND sealed_at IS NULL
                   AND (closes_at <= $2 OR closed_at <= $2)"
            )
            .bind(self.poll.id)
            .bind(now)
            .bind(self.poll.version)
        )?;
        Ok(taken == 1)
    }

    async fn revision_now(&self, tx: &mut Tx) -> Result<i64> {
        Ok(within!(tx, |conn| {
            sqlx::query_scalar("SELECT revision FROM poll_counts WHERE poll_id = $1")
                .bind(self.poll.id)
                .fetch_one(conn)
                .await
        })?)
    }

    async fn write(&self, tx: &mut Tx, now: Timestamp) -> Result<Head> {
        let sha256 = sha256(&self.canonical);
        let change = told(&self.poll, &hex(&sha256));
        let head = audit::chain(tx, &Actor::System, change, now).await?;
        execute!(
            tx,
            sqlx::query(
                "INSERT INTO tallies (poll_id, seal_number, round, choice_id, ballots)
                 SELECT $2, $3, CAST(line.value->>'round' AS BIGINT),
                        CAST(line.value->>'choice' AS BIGINT),
                        CAST(line.value->>'votes' AS BIGINT)
                 FROM json_each($1) AS line"
            )
            .bind(self.lines())
            .bind(self.poll.id)
            .bind(self.number)
        )?;
        execute!(
            tx,
            sqlx::query(
                "INSERT INTO seals (poll_id, number, ballots, abstained, eligible, canonical_json,
                                    sha256, audit_seq, made_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            )
            .bind(self.poll.id)
            .bind(self.number)
            .bind(stored(self.tally.ballots)?)
            .bind(stored(self.tally.abstained)?)
            .bind(stored(self.tally.eligible)?)
            .bind(self.canonical.as_str())
            .bind(sha256)
            .bind(head.seq)
            .bind(now)
        )?;
        Ok(head)
    }

    /// The votes of each choice in each round, as the statement takes them.
    fn lines(&self) -> String {
        let rounds = self.tally.rounds();
        let lines = rounds.iter().filter_map(|((round, place), votes)| {
            let choice = self.paper.get(*place)?;
            Some(json!({ "round": round, "choice": choice.id, "votes": votes }))
        });
        lines.collect::<serde_json::Value>().to_string()
    }
}

/// What the history says of a seal with this digest.
pub(super) fn told(poll: &Poll, digest: &str) -> Change {
    let change = Change::new("poll_sealed", "poll", poll.id, &poll.question);
    change.field("seal", None, Some(digest))
}

fn stored(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(Error::internal)
}

impl Seal {
    fn from_lines(lines: &[Line]) -> Option<Self> {
        let first = lines.first()?;
        let rounds = lines.iter().filter_map(|line| {
            let round = usize::try_from(line.round?).ok()?;
            let place = usize::try_from(line.place).ok()?;
            Some(((round, place), number(line.votes?)))
        });
        Some(Self {
            number: first.number,
            ballots: number(first.ballots),
            abstained: number(first.abstained),
            eligible: number(first.eligible),
            rounds: rounds.collect(),
            sha256: first.sha256.clone(),
            audit_seq: first.audit_seq,
            made_at: first.made_at,
        })
    }
}
