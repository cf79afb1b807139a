//! The statements that cast a batch, one text for both databases.

use rolecall::db::Db;
use serde_json::{Value, json};
use sqlx::{Connection, Database, Decode, Encode, Executor, IntoArguments, Type};

use crate::support::database;

/// Marks everyone in the batch who may vote and has not; answers with those it has marked.
/// Scalar subqueries, because PostgreSQL looks them up by index whatever it believes about sizes.
pub const MARK: &str = "
    INSERT INTO voter_roll (poll_id, user_id, has_voted, source)
    SELECT vote.poll_id, vote.user_id, TRUE, 'role'
    FROM (
        SELECT CAST(value->>'poll' AS BIGINT) AS poll_id, CAST(value->>'user' AS BIGINT) AS user_id
        FROM json_each($1)
    ) AS vote
    JOIN polls ON polls.id = vote.poll_id
    WHERE 1 = CASE polls.roll_mode
        WHEN 'list' THEN (
            SELECT COUNT(*) FROM voter_roll AS listed JOIN users ON users.id = listed.user_id
            WHERE listed.poll_id = vote.poll_id AND listed.user_id = vote.user_id AND users.is_active)
        ELSE (
            SELECT COUNT(*) FROM users JOIN poll_roles ON poll_roles.role = users.role
            WHERE users.id = vote.user_id AND poll_roles.poll_id = vote.poll_id AND users.is_active) END
    ORDER BY vote.poll_id, vote.user_id
    ON CONFLICT (poll_id, user_id) DO UPDATE SET has_voted = TRUE WHERE NOT voter_roll.has_voted
    RETURNING poll_id, user_id";

const TAKE_OUT: &str = "
    DELETE FROM ballots
    WHERE (poll_id, user_id) IN (
        SELECT CAST(vote.value->>'poll' AS BIGINT), CAST(vote.value->>'user' AS BIGINT) FROM json_each($1) AS vote)
    RETURNING poll_id, user_id";

pub const CHOOSE: &str = "
    INSERT INTO ballot_choices (poll_id, ballot_id, choice_id, value)
    SELECT CAST(pick.value->>'poll' AS BIGINT), unhex(pick.value->>'ballot'),
           CAST(pick.value->>'choice' AS BIGINT), CAST(pick.value->>'value' AS BIGINT)
    FROM json_each($1) AS pick
    ORDER BY 1, 2, 3";

pub const CAST: &str = "
    INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at, abstained, receipt_hash)
    SELECT CAST(ballot.value->>'poll' AS BIGINT), unhex(ballot.value->>'id'), ballot.value->>'secrecy',
           CAST(ballot.value->>'user' AS BIGINT), CAST(ballot.value->>'cast_at' AS BIGINT),
           CAST(ballot.value->>'abstained' AS BIGINT) = 1, unhex(ballot.value->>'receipt_hash')
    FROM json_each($1) AS ballot
    ORDER BY 1, 2";

/// What the casts below leave in each poll.
const COUNTS: &str = "SELECT poll_id, voted, ballots, revision FROM poll_counts WHERE poll_id IN (2, 3, 4) ORDER BY poll_id";
const TALLY: &str = "SELECT choice_id, COUNT(*) FROM ballot_choices WHERE poll_id IN (2, 3, 4) GROUP BY choice_id ORDER BY choice_id";

/// One statement and the JSON it takes.
type Step = (&'static str, Value);

/// Runs the steps in one transaction and answers with what each of them returned, sorted.
/// When the first, the mark, touches nobody, the rest is not run.
async fn cast<C, D>(connection: &mut C, steps: &[Step]) -> sqlx::Result<Vec<Vec<(i64, i64)>>>
where
    C: Connection<Database = D>,
    D: Database,
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    for<'q> D::Arguments: IntoArguments<D>,
    for<'q> String: Encode<'q, D> + Type<D>,
    for<'r> (i64, i64): sqlx::FromRow<'r, D::Row>,
    for<'r> i64: Decode<'r, D> + Type<D>,
{
    let mut transaction = connection.begin().await?;
    let mut answers = Vec::new();
    for (statement, batch) in steps {
        let mut rows: Vec<(i64, i64)> = sqlx::query_as(*statement)
            .bind(batch.to_string())
            .fetch_all(&mut *transaction)
            .await?;
        rows.sort_unstable();
        let nobody = rows.is_empty() && answers.is_empty();
        answers.push(rows);
        if nobody {
            break;
        }
    }
    transaction.commit().await?;
    Ok(answers)
}

pub async fn cast_on(db: &Db, steps: &[Step]) -> Vec<Vec<(i64, i64)>> {
    match db {
        Db::Sqlite { writer, .. } => {
            cast(&mut *writer.acquire().await.expect("a connection"), steps).await
        }
        Db::Postgres { pool, .. } => {
            cast(&mut *pool.acquire().await.expect("a connection"), steps).await
        }
    }
    .expect("the batch is cast")
}

fn named(poll: i64, id: &str, user: i64) -> Value {
    json!({"poll": poll, "id": id, "secrecy": "named", "user": user, "cast_at": 1000, "abstained": 0})
}

#[tokio::test]
async fn one_statement_per_table_casts_a_batch() {
    let (a, b, c) = ("0a".repeat(16), "0b".repeat(16), "0c".repeat(16));
    let votes = json!([
        {"poll": 2, "user": 1}, {"poll": 2, "user": 2}, {"poll": 2, "user": 3},
        {"poll": 3, "user": 4}, {"poll": 4, "user": 1}, {"poll": 4, "user": 4},
    ]);
    let picks = json!([
        {"poll": 2, "ballot": a, "choice": 21, "value": 1}, {"poll": 2, "ballot": a, "choice": 23, "value": 1},
        {"poll": 3, "ballot": b, "choice": 32, "value": 1}, {"poll": 4, "ballot": c, "choice": 41, "value": 1},
    ]);
    let secret = json!({"poll": 3, "id": b, "secrecy": "secret", "abstained": 0});
    let ballots = json!([named(2, &a, 2), secret, named(4, &c, 1)]);
    let steps = vec![(MARK, votes), (CHOOSE, picks), (CAST, ballots)];
    database::both(|db| {
        let steps = steps.clone();
        async move {
            super::furnish(&db).await;
            let answers = cast_on(&db, &steps).await;
            // Uma has voted in poll 2, Ada's role may not, and Vera is not on the list of poll 4.
            assert_eq!(answers[0], [(2, 2), (3, 4), (4, 1)]);
            assert_eq!(
                counts(&db).await,
                [(2, 2, 2, 2), (3, 2, 2, 2), (4, 1, 1, 1)]
            );
            assert_eq!(
                tally(&db).await,
                [(21, 2), (23, 1), (31, 1), (32, 1), (41, 1)]
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_changed_ballot_replaces_the_first_and_moves_the_revision() {
    let id = "0d".repeat(16);
    let steps = vec![
        (TAKE_OUT, json!([{"poll": 2, "user": 1}])),
        (
            CHOOSE,
            json!([{"poll": 2, "ballot": id, "choice": 22, "value": 1}]),
        ),
        (CAST, json!([named(2, &id, 1)])),
    ];
    database::both(|db| {
        let steps = steps.clone();
        async move {
            super::furnish(&db).await;
            assert_eq!(cast_on(&db, &steps).await[0], [(2, 1)]);
            assert_eq!(
                counts(&db).await,
                [(2, 1, 1, 3), (3, 1, 1, 1), (4, 0, 0, 0)]
            );
            assert_eq!(tally(&db).await, [(22, 1), (31, 1)]);
        }
    })
    .await;
}

pub async fn counts(db: &Db) -> Vec<(i64, i64, i64, i64)> {
    match db {
        Db::Sqlite { writer, .. } => sqlx::query_as(COUNTS).fetch_all(writer).await,
        Db::Postgres { pool, .. } => sqlx::query_as(COUNTS).fetch_all(pool).await,
    }
    .expect("counts")
}

async fn tally(db: &Db) -> Vec<(i64, i64)> {
    match db {
        Db::Sqlite { writer, .. } => sqlx::query_as(TALLY).fetch_all(writer).await,
        Db::Postgres { pool, .. } => sqlx::query_as(TALLY).fetch_all(pool).await,
    }
    .expect("tally")
}
