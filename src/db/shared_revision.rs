//! Which state of a PostgreSQL database this process knows. Other instances change it as well, and
//! commands that an operator types, so the server is asked: once for each request, after it has
//! arrived. Requests that arrive meanwhile share the next answer. What was committed before a
//! request arrived is seen by it, at whatever instance, and through any pooler.
//!
//! Triggers move the revision (migration 0021) with every change of what is kept in memory, but for
//! those of ballots and of a session's last request.

use std::{
    fmt,
    sync::{Arc, Mutex as Lock, MutexGuard, PoisonError},
    time::Duration,
};

use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::{Instant, timeout},
};

use crate::outage_log;

/// How long an answer is waited for. Without one, what is wanted is read anew.
const PATIENCE: Duration = Duration::from_secs(1);

/// The sum only grows; another server, which has taken over and may lack what the first one had,
/// was started at another time.
const ASK: &str = "SELECT concat(pg_postmaster_start_time(), '/', SUM(number)) FROM revisions";

tokio::task_local! {
    /// When the request arrived that this task answers.
    static ARRIVED: Instant;
}

/// Answers a request: what it finds in memory is not older than the moment at which this is called.
pub async fn as_of_arrival<F: Future>(answer: F) -> F::Output {
    ARRIVED.scope(Instant::now(), answer).await
}

/// A number that moves when the server's has moved; clones share it.
#[derive(Clone)]
pub struct SharedRevision(Arc<Inner>);

struct Inner {
    options: PgConnectOptions,
    /// The connection that asks, and the turn of whoever may use it.
    turn: Arc<Mutex<Option<PgConnection>>>,
    known: Lock<Known>,
}

/// What the server has said last.
#[derive(Default)]
struct Known {
    number: u64,
    answer: String,
    asked_at: Option<Instant>,
    /// When this process has made a change: what was asked before counts no more.
    changed_at: Option<Instant>,
}

impl SharedRevision {
    /// Of the database at this address; connects when it is asked first.
    pub(super) fn at(options: PgConnectOptions) -> Self {
        Self(Arc::new(Inner {
            options,
            turn: Arc::default(),
            known: Lock::default(),
        }))
    }

    /// The number as of the arrival of the request, or else of now; `None` when there is no answer.
    pub(super) async fn known(&self) -> Option<u64> {
        let since = ARRIVED.try_with(|arrived| *arrived);
        let since = since.unwrap_or_else(|_| Instant::now());
        let known = self.lock().number_since(since);
        if known.is_some() {
            return known;
        }
        timeout(PATIENCE, self.ask_in_turn(since)).await.ok()?
    }

    /// This process has changed something: the server is asked again.
    pub(super) fn ask_again(&self) {
        self.lock().changed_at = Some(Instant::now());
    }

    /// Ends the connection that asks.
    pub(super) async fn close(&self) {
        if let Some(conn) = self.0.turn.lock().await.take() {
            conn.close().await.ok();
        }
    }

    async fn ask_in_turn(&self, since: Instant) -> Option<u64> {
        let turn = Arc::clone(&self.0.turn).lock_owned().await;
        // Somebody may have asked while this one waited.
        if self.lock().number_since(since).is_none() {
            // In a task of its own: a client that goes away breaks no connection off.
            tokio::spawn(self.clone().ask(turn)).await.ok();
        }
        self.lock().number_since(since)
    }

    async fn ask(self, mut turn: OwnedMutexGuard<Option<PgConnection>>) {
        let asked_at = Instant::now();
        // Given back only with an answer: after anything else the next one connects anew.
        let conn = turn.take();
        let asking = async {
            let mut conn = match conn {
                Some(conn) => conn,
                None => PgConnection::connect_with(&self.0.options).await?,
            };
            let answer = sqlx::query_scalar(ASK).fetch_one(&mut conn).await?;
            Ok::<_, sqlx::Error>((conn, answer))
        };
        match timeout(PATIENCE, asking).await {
            Ok(Ok((conn, answer))) => {
                *turn = Some(conn);
                self.lock().hear(answer, asked_at);
            }
            Ok(Err(error)) => unheard(&error),
            Err(elapsed) => unheard(&elapsed),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// The number, if it was asked for at `since` or later, and after the last change by this process.
    fn number_since(&self, since: Instant) -> Option<u64> {
        let since = since.max(self.changed_at.unwrap_or(since));
        (self.asked_at >= Some(since)).then_some(self.number)
    }

    fn hear(&mut self, answer: String, asked_at: Instant) {
        if self.answer != answer {
            self.answer = answer;
            self.number += 1;
        }
        self.asked_at = Some(asked_at);
    }
}

fn unheard(why: &dyn fmt::Display) {
    outage_log::warn(
        "what is kept in memory cannot be believed",
        &why.to_string(),
    );
}

/// Tells no address: it may have a password.
impl fmt::Debug for SharedRevision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedRevision").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_for_who_came_before_the_question_and_until_this_process_changes_something()
    {
        let mut known = Known::default();
        let asked_at = Instant::now();
        assert_eq!(known.number_since(asked_at), None, "nothing was asked");
        known.hear("1".to_owned(), asked_at);
        let number = known.number_since(asked_at);
        assert!(number.is_some());
        let later = asked_at + Duration::from_nanos(1);
        assert_eq!(known.number_since(later), None, "it came afterwards");
        known.changed_at = Some(later);
        assert_eq!(known.number_since(asked_at), None, "something has changed");
        known.hear("1".to_owned(), later);
        assert_eq!(
            known.number_since(later),
            number,
            "the server says the same"
        );
        known.hear("2".to_owned(), later);
        assert_ne!(known.number_since(later), number);
    }
}
