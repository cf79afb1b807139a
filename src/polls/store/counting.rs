//! Counting the ballots: once for each revision of the box, however often the numbers are read.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Polls, console::listed};
use crate::{
    clock::Timestamp,
    db::on,
    error::{Error, Result},
    polls::{
        ChoiceId, PollId, RankedRule, Tally,
        count::{Ranking, instant_runoff, schulze},
        tally::{self, Ranked},
    },
};

/// Counts that are at hand, by poll and revision. The database moves the revision with every
/// ballot that is put in or taken out, so that none of them can be out of date. Ballots that were
/// rewritten behind the program's back move nothing, so no count is believed for long.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted(Arc<Mutex<HashMap<PollId, Count>>>);

/// A count, the revision that was counted, and when.
#[derive(Clone, Debug)]
pub(super) struct Count {
    pub tally: Tally,
    pub revision: i64,
    at: Timestamp,
}

impl Counted {
    /// More than this many are forgotten, to be counted again when somebody asks.
    const MANY: usize = 256;

    /// How long a count is believed.
    const FRESH: Duration = Duration::from_secs(10);

    fn at(&self, poll: PollId, revision: i64, now: Timestamp) -> Option<Tally> {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counted.get(&poll)?;
        let is_fresh = count.at <= now && now.since(count.at) < Self::FRESH;
        (count.revision == revision && is_fresh).then(|| count.tally.clone())
    }

    fn keep(&self, poll: PollId, count: Count) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= Self::MANY {
            counted.clear();
        }
        counted.insert(poll, count);
    }
}

/// How often ballots may come in between two statements before the count is given up.
const ATTEMPTS: usize = 5;

impl Polls {
    /// The ballots of `poll`, counted. Not for anybody's eyes before
    /// [`Poll::may_show`](crate::polls::Poll::may_show) agrees.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tally(&self, poll: PollId, now: Timestamp) -> Result<Tally> {
        Ok(Tally {
            eligible: self.eligible(poll).await?,
            ..self.ballots_counted(poll, now).await?
        })
    }

    /// The same without the electorate.
    pub(super) async fn ballots_counted(&self, poll: PollId, now: Timestamp) -> Result<Tally> {
        let revision = self.filled(poll).await?.revision;
        match self.counted.at(poll, revision, now) {
            Some(tally) => Ok(tally),
            None => Ok(self.count_ballots(poll, now).await?.tally),
        }
    }

    /// Those on the poll's list; without one, the active people with a voting role.
    pub(super) async fn eligible(&self, id: PollId) -> Result<u64> {
        let read = self.read_eligible(id);
        self.electorates.get_or(&self.db, id, read).await
    }

    async fn read_eligible(&self, id: PollId) -> Result<u64> {
        let eligible: i64 = on!(&self.db, |pool| {
            sqlx::query_scalar(concat!(
                "SELECT CASE roll_mode WHEN 'list' THEN ",
                listed!(""),
                " ELSE (SELECT COUNT(*) FROM users WHERE is_active AND role IN (
                              SELECT role FROM poll_roles WHERE poll_id = polls.id)) END
                 FROM polls WHERE id = $1"
            ))
            .bind(id)
            .fetch_one(pool)
            .await
        })?;
        Ok(number(eligible))
    }

    /// Counts, whatever is at hand.
    pub(super) async fn count_ballots(&self, poll: PollId, now: Timestamp) -> Result<Count> {
        for _ in 0..ATTEMPTS {
            let rows = self.choice_rows(poll).await?;
            let revision = rows.first().map_or(0, |row| row.revision);
            let ranked = match rows.first().and_then(|row| row.ranked_rule) {
                Some(rule) => match self.ranked(poll, rule, &rows).await? {
                    (counted_at, ranked) if counted_at == revision => Some(ranked),
                    // A ballot came in between the two statements.
                    _ => continue,
                },
                None => None,
            };
            let tally = Tally {
                ranked,
                ..Tally::from_rows(rows)
            };
            let count = Count {
                tally,
                revision,
                at: now,
            };
            // Before the first ballot the paper can still be rewritten.
            if revision > 0 {
                self.counted.keep(poll, count.clone());
            }
            return Ok(count);
        }
        Err(Error::unavailable(
            "ballots come in faster than they can be counted",
        ))
    }

    /// One statement, so that the numbers fit together while people vote. Of rankings it counts
    /// the first preferences.
    async fn choice_rows(&self, id: PollId) -> Result<Vec<ChoiceRow>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT choices.id, choices.text, polls.ranked_rule, poll_counts.revision, poll_counts.ballots,
                        (SELECT COUNT(*) FROM ballot_choices
                         WHERE ballot_choices.poll_id = choices.poll_id
                           AND ballot_choices.choice_id = choices.id
                           AND ballot_choices.value = 1) AS votes,
                        (SELECT COUNT(*) FROM ballots
                         WHERE ballots.poll_id = $1 AND abstained) AS abstained
                 FROM choices JOIN polls ON polls.id = choices.poll_id
                 JOIN poll_counts ON poll_counts.poll_id = choices.poll_id
                 WHERE choices.poll_id = $1
                 ORDER BY choices.position",
            )
            .bind(id)
            .fetch_all(pool)
            .await
        })?)
    }

    /// Counts the rankings, and says at which revision of the box.
    async fn ranked(
        &self,
        id: PollId,
        rule: RankedRule,
        paper: &[ChoiceRow],
    ) -> Result<(i64, Ranked)> {
        let rows: Vec<(i64, Option<String>, i64)> = on!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT poll_counts.revision, filled.ranking, COUNT(filled.ranking)
                 FROM poll_counts LEFT JOIN (
                     SELECT string_agg(CAST(choice_id AS TEXT), ',' ORDER BY value) AS ranking
                     FROM ballot_choices WHERE poll_id = $1 GROUP BY ballot_id) AS filled ON TRUE
                 WHERE poll_counts.poll_id = $1
                 GROUP BY poll_counts.revision, filled.ranking",
            )
            .bind(id)
            .fetch_all(pool)
            .await
        })?;
        let revision = rows.first().map_or(0, |row| row.0);
        let places: HashMap<ChoiceId, usize> = paper.iter().map(|row| row.id).zip(0..).collect();
        let place = |id: &str| places.get(&ChoiceId(id.parse().ok()?)).copied();
        let rankings: Vec<Ranking> = rows
            .iter()
            .filter_map(|(_, ranking, ballots)| {
                let order = ranking.as_ref()?.split(',').filter_map(place);
                Some(Ranking {
                    order: order.collect(),
                    ballots: number(*ballots),
                })
            })
            .collect();
        let ranked = match rule {
            RankedRule::InstantRunoff => {
                Ranked::InstantRunoff(instant_runoff::count(paper.len(), &rankings))
            }
            RankedRule::Schulze => Ranked::Schulze(schulze::count(paper.len(), &rankings)),
        };
        Ok((revision, ranked))
    }
}

#[derive(sqlx::FromRow)]
struct ChoiceRow {
    id: ChoiceId,
    text: String,
    ranked_rule: Option<RankedRule>,
    revision: i64,
    ballots: i64,
    votes: i64,
    abstained: i64,
}

impl Tally {
    fn from_rows(rows: Vec<ChoiceRow>) -> Self {
        let (ballots, abstained) = rows
            .first()
            .map_or((0, 0), |row| (number(row.ballots), number(row.abstained)));
        let counts = rows.into_iter().map(|row| tally::Count {
            votes: number(row.votes),
            text: row.text,
        });
        Self {
            counts: counts.collect(),
            ballots,
            abstained,
            ..Self::default()
        }
    }
}

pub(super) fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
