//! Casting: every ballot passes through one writer, which commits all that wait together and
//! answers each voter after the commit.
//!
//! The writer is a task of its own, so that a vote counts even when the voter's connection is
//! gone. A batch that the database refuses is rolled back and cast again one by one: a bad
//! ballot cannot take others with it.

use std::time::Duration;

use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::Instant,
};
use tracing::Instrument as _;

use super::{
    ChoiceId, Fault, PollId, Polls, Receipt, Selection,
    batch::Vote,
    idempotency::IdempotencyKey,
    store::{
        casting::{self, Station},
        marks::Boxes,
    },
};
use crate::{
    clock::Timestamp,
    db::{Db, detached},
    error::{Error, Result},
    metrics, outage_log,
    random::Random,
    telemetry::spans,
    users::UserId,
};

/// Ballots that may wait; whoever comes when it is full is told to come back.
const LONGEST_QUEUE: usize = 4096;
/// Ballots in one transaction.
const LARGEST_BATCH: usize = 500;
/// How long one transaction may take; a connection and the lock are waited for before, for five
/// seconds each.
const PATIENCE: Duration = Duration::from_secs(12);
/// The part of a commit's duration that the writer waits afterwards, so that those who were just
/// answered are in the next batch and not in the one after it.
const REST: u32 = 8;
/// The shortest wait: a quick disk is worth none, and a timer knows nothing finer.
const SHORTEST_REST: Duration = Duration::from_millis(1);
/// The longest.
const LONGEST_REST: Duration = Duration::from_millis(25);
/// How often a vote that meets another instance's is tried.
const ATTEMPTS: usize = 5;

/// How a vote ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cast {
    /// The ballot is in the box.
    Recorded,
    /// It has taken the place of the person's earlier one.
    Changed,
    /// This vote came before, under the same [`IdempotencyKey`], and was taken then; nothing was
    /// done now.
    Repeated,
    /// The person has voted before; that ballot stands and this one was not taken.
    Already,
    /// Not recorded: the poll opens later.
    NotOpenYet,
    /// Not recorded: the poll has closed.
    Closed,
    /// Not recorded: the poll asks others.
    NotEligible,
    /// Not recorded: the selection is no ballot of this poll.
    Faulty(Fault),
    /// Not recorded: the poll was put away.
    Archived,
    /// Not recorded: there is no such poll, or none that may be known of.
    Unknown,
}

/// How a vote ended, and the receipt where there is one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Answer {
    /// How it ended.
    pub cast: Cast,
    /// The code of the ballot that was recorded, in a poll with receipts; kept nowhere else.
    pub receipt: Option<Receipt>,
}

impl From<Cast> for Answer {
    fn from(cast: Cast) -> Self {
        Self {
            cast,
            receipt: None,
        }
    }
}

/// A vote and the voter who waits for the answer.
#[derive(Debug)]
struct Waiting {
    vote: Vote,
    answer: oneshot::Sender<Result<Answer>>,
}

impl Waiting {
    /// Tells the voter, who may have gone meanwhile and has voted all the same.
    fn tell(self, answer: Result<Answer>) {
        metrics::vote(counted(&answer));
        let _ = self.answer.send(answer);
    }
}

#[derive(Debug)]
enum Job {
    Cast(Waiting),
    Stop(oneshot::Sender<()>),
}

/// The way to the one task that writes ballots.
#[derive(Clone, Debug)]
pub(super) struct Writer(mpsc::Sender<Job>);

impl Writer {
    pub fn start(db: Db, random: Random, boxes: Boxes) -> Self {
        let (sender, jobs) = mpsc::channel(LONGEST_QUEUE);
        tokio::spawn(write(jobs, Station { db, random, boxes }));
        Self(sender)
    }

    async fn cast(&self, vote: Vote) -> Result<Answer> {
        let (answer, answered) = oneshot::channel();
        self.0
            .try_send(Job::Cast(Waiting { vote, answer }))
            .map_err(|refused| {
                metrics::vote(metrics::Vote::Failed);
                Error::not_written(match refused {
                    TrySendError::Full(_) => "too many votes wait to be written",
                    TrySendError::Closed(_) => "the program is stopping",
                })
            })?;
        answered.await.map_err(Error::internal)?
    }
}

/// What comes along with a vote, so that one which is sent twice is known again.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// The ballot paper that was filled in, by the key of a choice on it. Choices get new keys
    /// when the paper is corrected, and an abstention names none.
    pub paper: Option<ChoiceId>,
    /// The code that the form has for the ballot; it counts where the poll has receipts.
    pub receipt: Option<Receipt>,
    /// What the voter's program calls the vote: what comes again under the same key is not cast
    /// again. The receipt is given the first time only: nothing that could give it again may be
    /// kept beside the voter.
    pub key: Option<IdempotencyKey>,
}

/// What the metrics say of a vote, which is nothing but this.
fn counted(answer: &Result<Answer>) -> metrics::Vote {
    match answer.as_ref().map(|answer| answer.cast) {
        Ok(Cast::Recorded) => metrics::Vote::Recorded,
        Ok(Cast::Changed) => metrics::Vote::Changed,
        Ok(Cast::Repeated) => metrics::Vote::Repeated,
        Ok(_) => metrics::Vote::Refused,
        Err(_) => metrics::Vote::Failed,
    }
}

impl Polls {
    /// Casts a ballot, or replaces the person's earlier one where the poll allows it. `at` is
    /// when the voter sent it. The answer comes after the commit.
    ///
    /// # Errors
    /// When the database does not answer or too many votes wait. The vote is not recorded then,
    /// unless only the database's answer to the commit was lost: nobody knows before looking
    /// again.
    pub async fn vote(
        &self,
        poll: PollId,
        user: UserId,
        selection: Selection,
        at: Timestamp,
    ) -> Result<Answer> {
        self.vote_sent(poll, user, selection, Sent::default(), at)
            .await
    }

    /// As [`Polls::vote`], with what came along.
    ///
    /// # Errors
    /// Those of [`Polls::vote`].
    pub async fn vote_sent(
        &self,
        poll: PollId,
        user: UserId,
        selection: Selection,
        sent: Sent,
        at: Timestamp,
    ) -> Result<Answer> {
        let Sent {
            paper,
            receipt,
            key,
        } = sent;
        let vote = Vote {
            poll,
            user,
            selection,
            paper,
            receipt,
            at,
            key,
        };
        self.writer.cast(vote).await
    }

    /// As [`Polls::vote`], for who does not want the receipt.
    ///
    /// # Errors
    /// Those of [`Polls::vote`].
    pub async fn cast(
        &self,
        poll: PollId,
        user: UserId,
        selection: Selection,
        at: Timestamp,
    ) -> Result<Cast> {
        let answer = self.vote(poll, user, selection, at).await?;
        Ok(answer.cast)
    }

    /// Takes no more votes and comes back when those that wait are written.
    pub async fn stop(&self) {
        let (stopped, stop) = oneshot::channel();
        if self.writer.0.send(Job::Stop(stopped)).await.is_ok() {
            // An error here means that another stop was faster.
            let _ = stop.await;
        }
    }
}

/// Writes what waits until told to stop, and then what still waits.
async fn write(mut jobs: mpsc::Receiver<Job>, station: Station) {
    let (mut taken, mut stops) = (Vec::new(), Vec::new());
    while jobs.recv_many(&mut taken, LARGEST_BATCH).await > 0 {
        let mut batch = Vec::with_capacity(taken.len());
        for job in taken.drain(..) {
            match job {
                Job::Cast(waiting) => batch.push(waiting),
                Job::Stop(stopped) => {
                    jobs.close();
                    stops.push(stopped);
                }
            }
        }
        let begun = Instant::now();
        settle(batch, &station).await;
        if !jobs.is_closed() && jobs.len() < LARGEST_BATCH {
            rest(begun.elapsed()).await;
        }
    }
    for stopped in stops {
        let _ = stopped.send(());
    }
}

/// Waits a moment after a batch that `took` long. On a slow disk the first voter who came back would
/// be written alone otherwise, and all others would wait for that.
async fn rest(took: Duration) {
    let moment = (took / REST).min(LONGEST_REST);
    if moment >= SHORTEST_REST {
        tokio::time::sleep(moment).await;
    }
}

/// Casts a batch together, or else one by one, and answers everybody.
async fn settle(batch: Vec<Waiting>, station: &Station) {
    let votes: Vec<Vote> = batch.iter().map(|waiting| waiting.vote.clone()).collect();
    let outcome = match votes.as_slice() {
        [] => return,
        _ => commit(votes, station).await,
    };
    match outcome {
        Ok(answers) => {
            for (waiting, answer) in batch.into_iter().zip(answers) {
                waiting.tell(Ok(answer));
            }
        }
        Err(error) if error.is_outage() && !error.is_collision() => {
            outage_log::warn("votes not written", &error.explained());
            for waiting in batch {
                waiting.tell(Err(away(&error)));
            }
        }
        Err(error) => {
            tracing::debug!(%error, votes = batch.len(), "batch refused, casting one by one");
            one_by_one(batch, station).await;
        }
    }
}

/// Casts each by itself; when the database goes away meanwhile, those that are left are not tried.
async fn one_by_one(batch: Vec<Waiting>, station: &Station) {
    let mut outage = None;
    for waiting in batch {
        let vote = &waiting.vote;
        let decided = match &outage {
            Some(why) => Err(Error::not_written(*why)),
            None => match alone(vote, station).await {
                Err(error) => {
                    if error.is_outage() && !error.is_collision() {
                        outage = Some("votes cannot be written at the moment");
                    }
                    refused(error, vote, &station.db).await
                }
                decided => decided,
            },
        };
        waiting.tell(decided);
    }
}

/// What a voter is told of an outage.
fn away(error: &Error) -> Error {
    const WHY: &str = "votes cannot be written at the moment";
    match error {
        Error::NotWritten(_) => Error::not_written(WHY),
        _ => Error::unavailable(WHY),
    }
}

/// Casts one vote. Another instance may write about the same person between our reading and our
/// writing; what it wrote is seen by the next attempt.
async fn alone(vote: &Vote, station: &Station) -> Result<Answer> {
    let mut outcome = Err(Error::internal("a vote was never tried"));
    for _ in 0..ATTEMPTS {
        outcome = commit(vec![vote.clone()], station).await;
        match &outcome {
            Err(error @ Error::Internal(_)) if error.refusal().is_none() => {}
            Err(error) if error.is_collision() => {}
            _ => break,
        }
    }
    let answers = outcome?;
    let only = answers.first().copied();
    only.ok_or_else(|| Error::internal("a vote without an outcome"))
}

/// One transaction, in a task of its own: should it panic, the writer lives on; should it hang, as
/// it can when the network between us and the database is cut, the next votes find another
/// connection.
async fn commit(votes: Vec<Vote>, station: &Station) -> Result<Vec<Answer>> {
    let station = station.clone();
    let span = spans::batch(station.db.system(), votes.len());
    let within = span.clone();
    let work = async move { casting::commit(&station, &votes).await };
    let work = async move {
        let committed = work.instrument(within).await;
        if committed.is_err() {
            spans::failed(&span, "not_written");
        }
        committed
    };
    let work = detached(work);
    let done = tokio::time::timeout(PATIENCE, work).await;
    done.map_err(|_| Error::unavailable("the database did not answer in time"))?
}

/// The outcome behind the word with which the database refused, which has the last say.
async fn refused(error: Error, vote: &Vote, db: &Db) -> Result<Answer> {
    let cast = match error.refusal() {
        Some("voter_not_marked" | "voter_not_listed") => Ok(Cast::NotEligible),
        Some("voter_merged") => Ok(Cast::Already),
        Some("poll_not_open" | "ballot_immutable") => {
            match casting::reconsider(db, vote).await? {
                // Open by our clock and not by the database's: they will soon agree.
                Cast::Recorded | Cast::Changed => Err(Error::unavailable(error)),
                known => Ok(known),
            }
        }
        _ => Err(error),
    }?;
    Ok(Answer::from(cast))
}
