//! Attempts in the database, of which there are never too many.

use std::time::Duration;

use super::{Attempt, Evidence, Filter, MissingRole, Names, Outcome, Stored};
use crate::{
    clock::Timestamp,
    db::{Db, PORTION, Tx, execute, in_portions, on, transaction, within},
    error::Result,
    statement::{Key, Order, Range, Statement, Window, bound},
};

/// How long an attempt is kept.
const LIFE: Duration = Duration::from_hours(90 * 24);

/// How many are kept of people whom a provider has vouched for; the oldest make room.
const MOST: i64 = 100_000;

/// How many are kept of the others. Anybody can make one, so they are counted apart and push no
/// others out.
const MOST_UNKNOWN: i64 = 10_000;

/// One attempt in so many sees to [`MOST_UNKNOWN`] at once, rather than the sweeper.
const ROUND: i64 = 256;

/// How many known people in a row have to come without any role claim before that is taken for
/// a mistake at the provider.
const IN_A_ROW: i64 = 3;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: Timestamp,
    issuer: String,
    subject: Option<String>,
    outcome: Outcome,
    reason: Option<String>,
    claim_names: String,
    userinfo_claim_names: String,
    unmapped_roles: String,
    request_id: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
}

impl From<Row> for Stored {
    fn from(row: Row) -> Self {
        let evidence = Evidence {
            issuer: row.issuer,
            subject: row.subject,
            id_token: Names::from_json(&row.claim_names),
            userinfo: Names::from_json(&row.userinfo_claim_names),
            missing_role: row.reason.as_deref().and_then(MissingRole::from_word),
            unmapped_roles: Names::from_json(&row.unmapped_roles),
            request_id: row.request_id.unwrap_or_default(),
        };
        Self {
            id: row.id,
            at: row.at,
            attempt: Attempt {
                outcome: row.outcome,
                reason: row.reason,
                evidence,
            },
            name: row.display_name,
            email: row.email,
        }
    }
}

/// Every column of a [`Row`], and the tables that they come from.
macro_rules! select_attempt {
    ($rest:literal) => {
        concat!(
            "SELECT attempt.id, attempt.at, attempt.issuer, attempt.subject, attempt.outcome,
                    attempt.reason, attempt.claim_names, attempt.userinfo_claim_names,
                    attempt.unmapped_roles, attempt.request_id, person.display_name, person.email
             FROM sign_in_attempts AS attempt
             LEFT JOIN users AS person
                 ON person.issuer = attempt.issuer AND person.subject = attempt.subject ",
            $rest
        )
    };
}

const KEYS: [Key; 2] = [
    Key::new("when", "attempt.id"),
    Key::new("outcome", "attempt.outcome"),
];

impl Filter {
    /// The statement of [`list`].
    #[must_use]
    pub fn statement(&self, order: &Order, window: Window) -> Statement {
        let mut statement = Statement::new(select_attempt!(""));
        self.narrow(&mut statement);
        let usual = Order(vec![("when", true)]);
        let order = if order.0.is_empty() { &usual } else { order };
        statement.sort(order, &KEYS, "attempt.id").part(window);
        statement
    }

    /// Without words nobody's name is looked up. A request counts by its whole number: three
    /// letters of a name are in many of them.
    fn narrow(&self, statement: &mut Statement) {
        if let Some((issuer, subject)) = &self.who {
            statement.and("attempt.issuer = ").bind(issuer.as_str());
            statement.and("attempt.subject = ").bind(subject.as_str());
        }
        if let Some(before) = self.before {
            statement.and("attempt.id < ").bind(before);
        }
        if let Some(outcome) = self.outcome {
            statement.and("attempt.outcome = ").bind(outcome.as_str());
        }
        if !self.reason.is_empty() {
            statement
                .and("attempt.reason = ")
                .bind(self.reason.as_str());
        }
        statement.within("attempt.at", self.at);
        for pattern in self.words.patterns() {
            statement.and(
                "(COALESCE((SELECT search_key FROM users
                            WHERE users.issuer = attempt.issuer
                              AND users.subject = attempt.subject), '')
                  || ' ' || LOWER(COALESCE(attempt.subject, '')) LIKE ",
            );
            statement.bind(pattern).push(" ESCAPE '\\'");
            statement.push(" OR '%' || COALESCE(attempt.request_id, '') || '%' = ");
            statement.bind(pattern).push(")");
        }
    }
}

/// Keeps an attempt, inside the transaction of what came of it. One that belongs to no sign-in
/// of this site is not kept.
///
/// # Errors
/// When the database does not answer.
pub async fn append(tx: &mut Tx, attempt: Attempt, now: Timestamp) -> Result<()> {
    let Attempt {
        outcome,
        reason,
        evidence,
    } = attempt;
    if evidence.issuer.is_empty() {
        return Ok(());
    }
    let is_unknown = evidence.subject.is_none();
    let at = if outcome == Outcome::Ok {
        now.start_of_day()
    } else {
        now
    };
    let id: i64 = within!(tx, |conn| {
        sqlx::query_scalar(
            "INSERT INTO sign_in_attempts (at, issuer, subject, outcome, reason, claim_names,
                                           userinfo_claim_names, unmapped_roles, request_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        )
        .bind(at)
        .bind(evidence.issuer)
        .bind(evidence.subject)
        .bind(outcome)
        .bind(reason)
        .bind(evidence.id_token.to_json())
        .bind(evidence.userinfo.to_json())
        .bind(evidence.unmapped_roles.to_json())
        .bind(evidence.request_id)
        .fetch_one(conn)
        .await
    })?;
    if is_unknown && id % ROUND == 0 {
        make_room(tx).await?;
    }
    Ok(())
}

/// As [`append`], in a transaction of its own.
///
/// # Errors
/// When the database does not answer.
pub async fn record(db: &Db, attempt: Attempt, now: Timestamp) -> Result<()> {
    transaction!(db, |tx| append(tx, attempt, now).await?)
}

/// Those that match; without an order that says otherwise the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(db: &Db, filter: &Filter, order: &Order, window: Window) -> Result<Vec<Stored>> {
    let statement = filter.statement(order, window);
    let rows: Vec<Row> = on!(db, |pool| {
        bound!(query_as, statement).fetch_all(pool).await
    })?;
    Ok(rows.into_iter().map(Stored::from).collect())
}

/// How many [`list`] finds.
///
/// # Errors
/// When the database does not answer.
pub async fn count(db: &Db, filter: &Filter) -> Result<i64> {
    let mut statement = Statement::new("SELECT COUNT(*) FROM sign_in_attempts AS attempt");
    filter.narrow(&mut statement);
    Ok(on!(db, |pool| {
        bound!(query_scalar, statement).fetch_one(pool).await
    })?)
}

/// The places of those of `periods` in which somebody came.
///
/// # Errors
/// When the database does not answer.
pub async fn made_in(db: &Db, filter: &Filter, periods: &[Range]) -> Result<Vec<i64>> {
    let rows = "SELECT 1 FROM sign_in_attempts AS attempt";
    let mut statement = Statement::of_periods(periods, rows);
    filter.narrow(&mut statement);
    statement.end_periods("attempt.at");
    Ok(on!(db, |pool| {
        bound!(query_scalar, statement).fetch_all(pool).await
    })?)
}

/// The attempt with this key.
///
/// # Errors
/// When the database does not answer.
pub async fn find(db: &Db, id: i64) -> Result<Option<Stored>> {
    let row: Option<Row> = on!(db, |pool| {
        sqlx::query_as(select_attempt!("WHERE attempt.id = $1"))
            .bind(id)
            .fetch_optional(pool)
            .await
    })?;
    Ok(row.map(Stored::from))
}

/// How many people were turned away or did not get through since `since`.
///
/// # Errors
/// When the database does not answer.
pub async fn count_turned_away(db: &Db, since: Timestamp) -> Result<i64> {
    Ok(on!(db, |pool| {
        sqlx::query_scalar("SELECT COUNT(*) FROM sign_in_attempts WHERE at >= $1 AND outcome <> $2")
            .bind(since)
            .bind(Outcome::Ok)
            .fetch_one(pool)
            .await
    })?)
}

/// Whether so many known people came from one provider without any role claim, and nobody with
/// one since, that it has probably stopped sending it.
///
/// # Errors
/// When the database does not answer.
pub async fn role_claim_is_missing(db: &Db) -> Result<bool> {
    let in_a_row: i64 = on!(db, |pool| {
        sqlx::query_scalar(
            "WITH newest AS (
                 SELECT id, issuer, subject, outcome, reason FROM sign_in_attempts
                 WHERE subject IS NOT NULL ORDER BY id DESC LIMIT 1000),
             with_claim AS (
                 SELECT issuer, MAX(id) AS id FROM newest
                 WHERE outcome = $3 OR (outcome = $1 AND reason IN ($4, $5, $6))
                 GROUP BY issuer)
             SELECT COALESCE(MAX(people), 0) FROM (
                 SELECT COUNT(DISTINCT person.id) AS people
                 FROM newest AS attempt
                 JOIN users AS person
                     ON person.issuer = attempt.issuer AND person.subject = attempt.subject
                 LEFT JOIN with_claim ON with_claim.issuer = attempt.issuer
                 WHERE attempt.outcome = $1 AND attempt.reason = $2
                   AND attempt.id > COALESCE(with_claim.id, 0)
                 GROUP BY attempt.issuer) AS of_provider",
        )
        .bind(Outcome::Refused)
        .bind(MissingRole::ClaimMissing)
        .bind(Outcome::Ok)
        .bind(MissingRole::Empty)
        .bind(MissingRole::Unmapped)
        .bind(MissingRole::OtherProject)
        .fetch_one(pool)
        .await
    })?;
    Ok(in_a_row >= IN_A_ROW)
}

/// Removes the old ones, and the oldest where there are too many; returns how many.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<u64> {
    let before = now.minus(LIFE);
    let old = "DELETE FROM sign_in_attempts WHERE id IN (
                   SELECT id FROM sign_in_attempts WHERE at < $1 LIMIT $2)";
    let old = in_portions!(db, sqlx::query(old).bind(before).bind(PORTION));
    // Walked through by a reader: nobody who writes waits for it.
    let last: Option<i64> = on!(db, |pool| {
        sqlx::query_scalar(
            "SELECT id FROM sign_in_attempts WHERE subject IS NOT NULL
             ORDER BY id DESC LIMIT 1 OFFSET $1",
        )
        .bind(MOST)
        .fetch_optional(pool)
        .await
    })?;
    let surplus = "DELETE FROM sign_in_attempts WHERE id IN (
                       SELECT id FROM sign_in_attempts WHERE id <= $1 LIMIT $2)";
    let surplus = in_portions!(db, sqlx::query(surplus).bind(last).bind(PORTION));
    Ok(old + surplus + transaction!(db, |tx| make_room(tx).await?)?)
}

/// Removes the oldest attempts of people of whom nothing is known, beyond [`MOST_UNKNOWN`].
async fn make_room(tx: &mut Tx) -> Result<u64> {
    let oldest = "DELETE FROM sign_in_attempts WHERE subject IS NULL AND id <= (
                      SELECT id FROM sign_in_attempts WHERE subject IS NULL
                      ORDER BY id DESC LIMIT 1 OFFSET $1)";
    Ok(execute!(tx, sqlx::query(oldest).bind(MOST_UNKNOWN))?)
}
