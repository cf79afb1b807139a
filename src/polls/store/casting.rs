//! A batch of votes in one transaction, one statement for each table.
//!
//! The batch travels as JSON, so that the number of statements does not grow with it and their
//! text is the same on both databases. Rows are written in the order of their keys, so that two
//! instances mostly wait for each other; a deadlock is still possible (no order can be given to
//! `DELETE`, and the counters of several polls are locked after the roll). The database then
//! ends one of the two, whose votes are cast again one by one.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;
use serde_json::json;

use super::{idempotency, marks::Boxes, select_poll};
use crate::{
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Db, Tx, execute, within},
    error::{Error, Result},
    polls::{
        Cast, Choice, Poll, PollId, Receipt, Secrecy, Voter,
        ballots::Answer,
        batch::{Facts, Plan, Vote},
    },
    random::{Random, hex},
    users::{Role, UserId},
};

/// What the writer of ballots works with.
#[derive(Clone, Debug)]
pub(in crate::polls) struct Station {
    pub db: Db,
    pub random: Random,
    pub boxes: Boxes,
}

/// Decides about the votes and writes the ballots, all or none.
///
/// # Errors
/// When the database refuses or does not answer; nothing is written then.
pub(in crate::polls) async fn commit(station: &Station, votes: &[Vote]) -> Result<Vec<Answer>> {
    let Station { db, random, boxes } = station;
    let prepared = prepare(db, random, votes).await;
    let (tx, plan, casts, receipts) = prepared.map_err(Error::before_commit)?;
    let committed = if plan.ballots.is_empty() {
        Ok(())
    } else {
        tx.commit_unkept().await
    };
    // Whatever the answer was: it may have got lost on its way. Of those who were refused the
    // database may know more than is kept.
    boxes.have_changed(votes.iter().map(|vote| (vote.poll, vote.user)));
    committed?;
    if plan.ballots.values().any(|paper| paper.named_at.is_none()) {
        db.try_to_empty_write_ahead_log().await;
    }
    let answers = votes.iter().zip(casts).map(|(vote, cast)| match cast {
        Cast::Recorded | Cast::Changed => Answer {
            cast,
            receipt: receipts.get(&(vote.poll, vote.user)).copied(),
        },
        _ => Answer::from(cast),
    });
    Ok(answers.collect())
}

/// Decides about the votes and does all but commit.
async fn prepare(
    db: &Db,
    random: &Random,
    votes: &[Vote],
) -> Result<(Tx, Plan, Vec<Cast>, Receipts)> {
    let mut tx = db.begin().await?;
    let mut facts = facts(&mut tx, votes).await?;
    let mut plan = Plan::default();
    let casts: Vec<Cast> = votes
        .iter()
        .map(|vote| facts.decide(vote, &mut plan))
        .collect();
    let receipts = receipts(&plan, random)?;
    if !plan.ballots.is_empty() {
        write(&mut tx, &plan, &receipts, random).await?;
        let changed = votes.iter().zip(&casts);
        let changed = changed.filter(|(_, cast)| **cast == Cast::Changed);
        for (vote, _) in changed {
            tell_change(&mut tx, vote).await?;
        }
    }
    Ok((tx, plan, casts, receipts))
}

/// Tells the history that somebody has changed a named vote: never from what, nor to what.
async fn tell_change(tx: &mut Tx, vote: &Vote) -> Result<()> {
    let (name, role, question): (String, Role, String) = within!(&mut *tx, |conn| {
        sqlx::query_as(
            "SELECT users.display_name, users.role, polls.question FROM users, polls
             WHERE users.id = $1 AND polls.id = $2",
        )
        .bind(vote.user)
        .bind(vote.poll)
        .fetch_one(conn)
        .await
    })?;
    let voter = Actor::Person {
        id: vote.user.0,
        name,
        role: role.as_str(),
        request_id: String::new(),
        sub_hash: None,
    };
    let change = Change::new("vote_changed", "poll", vote.poll, &question);
    // Not in the log, which holds no line for a vote.
    audit::chain(tx, &voter, change, vote.at).await.map(drop)
}

/// The receipts of a batch, by poll and person.
type Receipts = HashMap<(PollId, UserId), Receipt>;

fn receipts(plan: &Plan, random: &Random) -> Result<Receipts> {
    let with_receipt = plan.ballots.iter().filter(|(_, paper)| paper.has_receipt);
    with_receipt
        .map(|(key, paper)| {
            let receipt = paper.receipt.map_or_else(|| Receipt::new(random), Ok)?;
            Ok((*key, receipt))
        })
        .collect()
}

/// Decides once more about a vote that the database has refused, at the later of its clock and
/// ours, and writes nothing.
///
/// # Errors
/// When the database does not answer.
pub(in crate::polls) async fn reconsider(db: &Db, vote: &Vote) -> Result<Cast> {
    let mut tx = db.begin().await?;
    let mut facts = facts(&mut tx, std::slice::from_ref(vote)).await?;
    let now: Timestamp = within!(&mut tx, |conn| {
        sqlx::query_scalar("SELECT now FROM clock")
            .fetch_one(conn)
            .await
    })?;
    let vote = Vote {
        at: vote.at.max(now),
        ..vote.clone()
    };
    Ok(facts.decide(&vote, &mut Plan::default()))
}

/// A vote as the statements see it.
#[derive(Serialize)]
struct Line {
    poll: PollId,
    user: UserId,
}

fn lines<'k>(keys: impl IntoIterator<Item = &'k (PollId, UserId)>) -> Result<String> {
    let lines = keys.into_iter().map(|&(poll, user)| Line { poll, user });
    Ok(serde_json::to_string(&lines.collect::<Vec<_>>())?)
}

#[derive(sqlx::FromRow)]
struct VoterRow {
    poll_id: PollId,
    user_id: UserId,
    role: Role,
    is_active: bool,
    has_voted: Option<bool>,
}

async fn facts(tx: &mut Tx, votes: &[Vote]) -> Result<Facts> {
    let keys: BTreeSet<_> = votes.iter().map(|vote| (vote.poll, vote.user)).collect();
    let batch = lines(&keys)?;
    let polls: Vec<Poll> = within!(&mut *tx, |conn| {
        sqlx::query_as(select_poll!(
            "WHERE polls.id IN (
                 SELECT CAST(vote.value->>'poll' AS BIGINT) FROM json_each($1) AS vote)"
        ))
        .bind(&batch)
        .fetch_all(conn)
        .await
    })?;
    let choices: Vec<Choice> = within!(&mut *tx, |conn| {
        sqlx::query_as(
            "SELECT id, poll_id, text FROM choices WHERE poll_id IN (
                 SELECT CAST(vote.value->>'poll' AS BIGINT) FROM json_each($1) AS vote)",
        )
        .bind(&batch)
        .fetch_all(conn)
        .await
    })?;
    let roll: Vec<VoterRow> = within!(&mut *tx, |conn| {
        sqlx::query_as(
            "SELECT vote.poll_id, users.id AS user_id, users.role, users.is_active,
                    (SELECT has_voted FROM voter_roll
                     WHERE voter_roll.poll_id = vote.poll_id
                       AND voter_roll.user_id = vote.user_id) AS has_voted
             FROM (SELECT CAST(line.value->>'poll' AS BIGINT) AS poll_id,
                          CAST(line.value->>'user' AS BIGINT) AS user_id
                   FROM json_each($1) AS line) AS vote
             JOIN users ON users.id = vote.user_id",
        )
        .bind(&batch)
        .fetch_all(conn)
        .await
    })?;
    Ok(Facts {
        keys: idempotency::used(tx, votes).await?,
        ..Facts::new(polls, choices, roll)
    })
}

impl Facts {
    fn new(polls: Vec<Poll>, choices: Vec<Choice>, roll: Vec<VoterRow>) -> Self {
        let mut papers: HashMap<PollId, Vec<Choice>> = HashMap::new();
        for choice in choices {
            papers.entry(choice.poll_id).or_default().push(choice);
        }
        let polls = polls.into_iter().map(|poll| {
            let paper = papers.remove(&poll.id).unwrap_or_default();
            (poll.id, (poll, paper))
        });
        let voters = roll.into_iter().map(|row| {
            let voter = Voter {
                role: row.role,
                is_active: row.is_active,
                has_voted: row.has_voted,
            };
            ((row.poll_id, row.user_id), voter)
        });
        Self {
            polls: polls.collect(),
            voters: voters.collect(),
            keys: HashSet::new(),
        }
    }
}

/// Marks the roll and fills the box: choices first, because a ballot closes over them.
async fn write(tx: &mut Tx, plan: &Plan, receipts: &Receipts, random: &Random) -> Result<()> {
    // Marks that are there already are locked on PostgreSQL, not changed: what another instance
    // is writing about the same people is then committed before their ballots are looked for.
    let marked = apply(tx, MARK, lines(plan.ballots.keys())?).await?;
    expect_all(marked, plan.ballots.len() - plan.replaced.len())?;
    if !plan.replaced.is_empty() {
        let taken = apply(tx, TAKE_OUT, lines(&plan.replaced)?).await?;
        expect_all(taken, plan.replaced.len())?;
    }
    let (ballots, picks) = papers(plan, receipts, random)?;
    apply(tx, CHOOSE, picks).await?;
    apply(tx, CAST, ballots).await?;
    idempotency::keep(tx, &plan.keys).await
}

/// Another instance can have been faster between our reading and our writing; the votes are then
/// decided about again.
fn expect_all(done: u64, wanted: usize) -> Result<()> {
    if usize::try_from(done).is_ok_and(|done| done == wanted) {
        Ok(())
    } else {
        Err(Error::internal("the roll has changed meanwhile"))
    }
}

async fn apply(tx: &mut Tx, statement: &'static str, batch: String) -> Result<u64> {
    Ok(execute!(tx, sqlx::query(statement).bind(batch))?)
}

/// A ballot as the statements see it. What is absent is NULL.
#[derive(Serialize)]
struct BallotLine {
    poll: PollId,
    id: String,
    secrecy: Secrecy,
    user: Option<UserId>,
    cast_at: Option<Timestamp>,
    abstained: u8,
    receipt_hash: Option<String>,
}

/// The ballots and what stands on them, under fresh random ids.
fn papers(plan: &Plan, receipts: &Receipts, random: &Random) -> Result<(String, String)> {
    let (mut ballots, mut picks) = (Vec::new(), Vec::new());
    for (key, paper) in &plan.ballots {
        let (poll, user) = *key;
        let id = hex(&random.bytes::<16>()?);
        let values = paper.selection.values().into_iter();
        picks.extend(values.map(|(choice, value)| {
            json!({ "poll": poll, "ballot": id, "choice": choice, "value": value })
        }));
        let is_named = paper.named_at.is_some();
        ballots.push(BallotLine {
            poll,
            id,
            secrecy: if is_named {
                Secrecy::Named
            } else {
                Secrecy::Secret
            },
            user: is_named.then_some(user),
            cast_at: paper.named_at,
            abstained: u8::from(paper.selection.is_abstention()),
            receipt_hash: receipts.get(key).map(|receipt| hex(&receipt.hash())),
        });
    }
    Ok((
        serde_json::to_string(&ballots)?,
        serde_json::to_string(&picks)?,
    ))
}

/// Only who may vote and has not is marked, whatever was read before. Scalar subqueries, because
/// PostgreSQL looks them up by index whatever it believes about sizes. It locks also the rows that
/// the last condition leaves as they are (INSERT, "ON CONFLICT Clause").
const MARK: &str = "
    INSERT INTO voter_roll (poll_id, user_id, has_voted, source)
    SELECT vote.poll_id, vote.user_id, TRUE, 'role'
    FROM (SELECT CAST(line.value->>'poll' AS BIGINT) AS poll_id,
                 CAST(line.value->>'user' AS BIGINT) AS user_id
          FROM json_each($1) AS line) AS vote
    JOIN polls ON polls.id = vote.poll_id
    WHERE 1 = CASE polls.roll_mode
        WHEN 'list' THEN (
            SELECT COUNT(*) FROM voter_roll AS listed JOIN users ON users.id = listed.user_id
            WHERE listed.poll_id = vote.poll_id AND listed.user_id = vote.user_id
              AND users.is_active)
        ELSE (
            SELECT COUNT(*) FROM users JOIN poll_roles ON poll_roles.role = users.role
            WHERE users.id = vote.user_id AND poll_roles.poll_id = vote.poll_id
              AND users.is_active) END
    ORDER BY vote.poll_id, vote.user_id
    ON CONFLICT (poll_id, user_id) DO UPDATE SET has_voted = TRUE WHERE NOT voter_roll.has_voted";

const TAKE_OUT: &str = "
    DELETE FROM ballots
    WHERE (poll_id, user_id) IN (
        SELECT CAST(vote.value->>'poll' AS BIGINT), CAST(vote.value->>'user' AS BIGINT)
        FROM json_each($1) AS vote)";

const CHOOSE: &str = "
    INSERT INTO ballot_choices (poll_id, ballot_id, choice_id, value)
    SELECT CAST(pick.value->>'poll' AS BIGINT), unhex(pick.value->>'ballot'),
           CAST(pick.value->>'choice' AS BIGINT), CAST(pick.value->>'value' AS BIGINT)
    FROM json_each($1) AS pick
    ORDER BY 1, 2, 3";

/// A secret ballot comes without user and time; those are NULL then.
const CAST: &str = "
    INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at, abstained, receipt_hash)
    SELECT CAST(ballot.value->>'poll' AS BIGINT), unhex(ballot.value->>'id'),
           ballot.value->>'secrecy', CAST(ballot.value->>'user' AS BIGINT),
           CAST(ballot.value->>'cast_at' AS BIGINT),
           CAST(ballot.value->>'abstained' AS BIGINT) = 1,
           unhex(ballot.value->>'receipt_hash')
    FROM json_each($1) AS ballot
    ORDER BY 1, 2";
