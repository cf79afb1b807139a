//! Who among the people is meant by the lines of a file.

use std::collections::{HashMap, HashSet};

use crate::{
    db::{Tx, within},
    error::Result,
    polls::{
        PollId,
        roll::{Invite, Plan},
    },
    users::UserId,
};

/// Lines that travel in one statement.
pub(super) const BATCH: usize = 5_000;

/// What becomes of the lines.
pub(super) async fn plan(tx: &mut Tx, id: PollId, lines: &[Invite]) -> Result<Plan> {
    let mut people: HashMap<Invite, Vec<UserId>> = HashMap::new();
    for batch in lines.chunks(BATCH) {
        for found in meant(tx, batch).await? {
            people.entry(found.invite).or_default().push(found.user_id);
        }
    }
    let enrolled: Vec<UserId> = within!(&mut *tx, |conn| {
        sqlx::query_scalar("SELECT user_id FROM voter_roll WHERE poll_id = $1")
            .bind(id)
            .fetch_all(conn)
            .await
    })?;
    let invited: Vec<Invite> = within!(&mut *tx, |conn| {
        sqlx::query_as("SELECT kind, issuer, value FROM roll_invites WHERE poll_id = $1")
            .bind(id)
            .fetch_all(conn)
            .await
    })?;
    let (enrolled, invited): (HashSet<_>, HashSet<_>) = (
        enrolled.into_iter().collect(),
        invited.into_iter().collect(),
    );
    Ok(Plan::new(lines, &people, enrolled, invited))
}

/// Somebody whom a line means.
#[derive(sqlx::FromRow)]
struct Meant {
    #[sqlx(flatten)]
    invite: Invite,
    user_id: UserId,
}

/// As the view `roll_matches` does it for invitations that are stored. An identity that was merged
/// into another means that one.
async fn meant(tx: &mut Tx, lines: &[Invite]) -> Result<Vec<Meant>> {
    let lines = serde_json::to_string(lines)?;
    Ok(within!(tx, |conn| {
        sqlx::query_as(
            "SELECT line.value->>'kind' AS kind, line.value->>'issuer' AS issuer,
                    line.value->>'value' AS value, users.id AS user_id
             FROM json_each($1) AS line JOIN users ON users.verified_email = line.value->>'value'
             WHERE line.value->>'kind' = 'email' AND users.merged_into IS NULL
             UNION ALL
             SELECT line.value->>'kind', line.value->>'issuer', line.value->>'value',
                    COALESCE(users.merged_into, users.id)
             FROM json_each($1) AS line
             JOIN users ON users.issuer = line.value->>'issuer'
                       AND users.subject = line.value->>'value'
             WHERE line.value->>'kind' = 'subject'",
        )
        .bind(lines)
        .fetch_all(conn)
        .await
    })?)
}
