//! Eight at a time: nothing lost, nothing twice.

use rolecall::db::Db;
use serde_json::json;

use super::casting::{CAST, CHOOSE, MARK, cast_on, counts};
use crate::support::database;

const VOTERS: i64 = 800;
const VOTING_AT_ONCE: i64 = 8;
const ATTEMPTS_EACH: i64 = 4;

const PEOPLE: &str = "
    INSERT INTO users (id, issuer, subject, username, display_name, sort_key, search_key, role, role_checked_at, first_seen_at)
    WITH RECURSIVE numbers (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1799)
    SELECT n, 'https://op.example', 'voter ' || n, 'voter ' || n, 'Voter', 'voter', 'voter', 'user', 1, 1 FROM numbers";

/// One attempt in one transaction; says whether it was the one that counted. Whoever is marked
/// already is not marked again, and then neither choice nor ballot is written.
async fn vote(db: &Db, number: i64) -> bool {
    let (user, poll) = (1000 + number, 2 + number % 2);
    let id = format!("{user:032x}");
    let mut ballot = json!({"poll": poll, "id": id, "secrecy": "secret", "abstained": 0});
    if poll == 2 {
        ballot = json!({"poll": poll, "id": id, "secrecy": "named", "user": user, "cast_at": 1000, "abstained": 0});
    }
    let pick = json!({"poll": poll, "ballot": id, "choice": 10 * poll + 1, "value": 1});
    let steps = [
        (MARK, json!([{"poll": poll, "user": user}])),
        (CHOOSE, json!([pick])),
        (CAST, json!([ballot])),
    ];
    !cast_on(db, &steps).await[0].is_empty()
}

/// Takes its turn at every voter, starting somewhere else than its neighbours.
async fn crowd(db: Db, start: i64) -> usize {
    let mut counted = 0;
    for step in 0..VOTERS * ATTEMPTS_EACH / VOTING_AT_ONCE {
        counted += usize::from(vote(&db, (start + step) % VOTERS).await);
    }
    counted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_attempts_at_once_one_counts_for_each_person() {
    database::both(|db| async move {
        super::furnish(&db).await;
        super::attempt(&db, &[PEOPLE, "COMMIT"])
            .await
            .expect("a crowd");
        let crowds = (0..VOTING_AT_ONCE)
            .map(|n| tokio::spawn(crowd(db.clone(), n * VOTERS / VOTING_AT_ONCE)));
        let mut counted = 0;
        for crowd in crowds.collect::<Vec<_>>() {
            counted += crowd.await.expect("no attempt fails");
        }
        assert_eq!(counted, 800);
        assert_eq!(
            counts(&db).await,
            [(2, 401, 401, 401), (3, 401, 401, 401), (4, 0, 0, 0)]
        );
    })
    .await;
}
