//! Drafts as rows: the poll, its roles, its ballot paper.

use serde_json::{Value, json};

use crate::{
    audit::{Actor, Change},
    clock::Timestamp,
    db::{Tx, execute, within},
    error::Result,
    polls::{Choice, Poll, PollId, editing::PollDraft, fold},
};

/// The history's words for a rewritten draft.
pub(super) fn told(old: &Poll, paper: &[Choice], new: &PollDraft) -> Change {
    let texts: Vec<&str> = paper.iter().map(|choice| choice.text.as_str()).collect();
    let new_texts: Vec<&str> = new
        .choices
        .iter()
        .map(|choice| choice.text.as_str())
        .collect();
    Change::new("poll_edited", "poll", old.id, &new.question)
        .field("question", &old.question, &new.question)
        .field("description", &old.description, &new.description)
        .field("zone", &old.zone, &new.zone)
        .field("method", old.method, new.method)
        .field("ranked_rule", old.ranked_rule, new.ranked_rule)
        .field("min_choices", old.min_choices, new.min_choices)
        .field("max_choices", old.max_choices, new.max_choices)
        .field("allow_abstain", old.allow_abstain, new.allow_abstain)
        .field("randomise", old.randomise, new.randomise)
        .field("secrecy", old.secrecy, new.secrecy)
        .field("allow_change", old.allow_change, new.allow_change)
        .field("review", old.review, new.review)
        .field("receipts", old.receipts, new.receipts)
        .field("min_show", old.min_show, new.min_show)
        .field("quorum_bp", old.quorum_bp, new.quorum_bp)
        .field("majority_rule", old.majority_rule, new.majority_rule)
        .field("results", old.results, new.results)
        .field("voter_results", old.voter_results, new.voter_results)
        .field("roll_mode", old.roll_mode, new.roll_mode)
        .field("roles", &old.roles, &new.roles)
        .field("opens_at", old.opens_at, new.opens_at)
        .field("closes_at", old.closes_at, new.closes_at)
        .field("choices", texts, new_texts)
}

/// Writes a new poll, without its roles and choices; none when a poll of the same form is there.
pub(super) async fn insert(
    tx: &mut Tx,
    draft: &PollDraft,
    form: Option<&str>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Option<PollId>> {
    let created_by = match actor {
        Actor::System | Actor::CommandLine => None,
        Actor::Person { id, .. } => Some(*id),
    };
    Ok(within!(tx, |conn| {
        sqlx::query_scalar(
            "INSERT INTO polls (question, search_key, description, zone, method, ranked_rule,
                                min_choices, max_choices, allow_abstain, randomise, secrecy,
                                allow_change, review, receipts, results, voter_results,
                                min_show, quorum_bp, majority_rule, roll_mode,
                                opens_at, closes_at, created_by, created_at, updated_at, form_key)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                     $18, $19, $20, $21, $22, $23, $24, $24, $25)
             ON CONFLICT (form_key) WHERE form_key IS NOT NULL DO NOTHING
             RETURNING id",
        )
        .bind(&draft.question)
        .bind(fold(&draft.question))
        .bind(&draft.description)
        .bind(&draft.zone)
        .bind(draft.method)
        .bind(draft.ranked_rule)
        .bind(draft.min_choices)
        .bind(draft.max_choices)
        .bind(draft.allow_abstain)
        .bind(draft.randomise)
        .bind(draft.secrecy)
        .bind(draft.allow_change)
        .bind(draft.review)
        .bind(draft.receipts)
        .bind(draft.results)
        .bind(draft.voter_results)
        .bind(draft.min_show)
        .bind(draft.quorum_bp)
        .bind(draft.majority_rule)
        .bind(draft.roll_mode)
        .bind(draft.opens_at)
        .bind(draft.closes_at)
        .bind(created_by)
        .bind(now)
        .bind(form)
        .fetch_optional(conn)
        .await
    })?)
}

/// Writes a stored poll anew, without its roles and choices.
pub(super) async fn rewrite(
    tx: &mut Tx,
    poll: &Poll,
    draft: &PollDraft,
    now: Timestamp,
) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "UPDATE polls SET question = $2, search_key = $3, description = $4, zone = $5,
                    method = $6, ranked_rule = $7, min_choices = $8, max_choices = $9,
                    allow_abstain = $10, randomise = $11, secrecy = $12, allow_change = $13,
                    review = $14, receipts = $15, results = $16, voter_results = $17,
                    min_show = $18, quorum_bp = $19, majority_rule = $20, roll_mode = $21,
                    opens_at = $22, closes_at = $23, updated_at = $24
             WHERE id = $1",
        )
        .bind(poll.id)
        .bind(&draft.question)
        .bind(fold(&draft.question))
        .bind(&draft.description)
        .bind(&draft.zone)
        .bind(draft.method)
        .bind(draft.ranked_rule)
        .bind(draft.min_choices)
        .bind(draft.max_choices)
        .bind(draft.allow_abstain)
        .bind(draft.randomise)
        .bind(draft.secrecy)
        .bind(draft.allow_change)
        .bind(draft.review)
        .bind(draft.receipts)
        .bind(draft.results)
        .bind(draft.voter_results)
        .bind(draft.min_show)
        .bind(draft.quorum_bp)
        .bind(draft.majority_rule)
        .bind(draft.roll_mode)
        .bind(draft.opens_at)
        .bind(draft.closes_at)
        .bind(now)
    )?;
    Ok(())
}

pub(super) async fn write_roles(tx: &mut Tx, id: PollId, draft: &PollDraft) -> Result<()> {
    let roles: Vec<Value> = draft
        .roles
        .iter()
        .map(|role| json!({ "role": role }))
        .collect();
    execute!(
        tx,
        sqlx::query("DELETE FROM poll_roles WHERE poll_id = $1").bind(id)
    )?;
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO poll_roles (poll_id, role)
             SELECT $1, line.value->>'role' FROM json_each($2) AS line",
        )
        .bind(id)
        .bind(Value::from(roles).to_string())
    )?;
    Ok(())
}

/// Brings the stored choices in line with the draft. A choice keeps its key when its text or
/// place changes. Places and texts are unique at every moment, so that those which stay are put
/// aside first.
pub(super) async fn write_choices(tx: &mut Tx, id: PollId, draft: &PollDraft) -> Result<()> {
    let lines: Vec<Value> = draft
        .choices
        .iter()
        .zip(1i64..)
        .map(|(choice, position)| {
            json!({
                "id": choice.id,
                "position": position,
                "text": choice.text,
                "text_key": fold(&choice.text),
            })
        })
        .collect();
    let lines = Value::from(lines).to_string();
    for statement in [REMOVE_CHOICES, PUT_ASIDE, REWRITE_CHOICES, ADD_CHOICES] {
        execute!(tx, sqlx::query(statement).bind(id).bind(&lines))?;
    }
    Ok(())
}

const REMOVE_CHOICES: &str = "
    DELETE FROM choices WHERE poll_id = $1 AND id NOT IN (
        SELECT CAST(line.value->>'id' AS BIGINT) FROM json_each($2) AS line
        WHERE line.value->>'id' IS NOT NULL)";

const PUT_ASIDE: &str = "
    UPDATE choices SET position = -id, text_key = CAST(id AS TEXT) || ' aside'
    WHERE poll_id = $1 AND id IN (
        SELECT CAST(line.value->>'id' AS BIGINT) FROM json_each($2) AS line)";

const REWRITE_CHOICES: &str = "
    UPDATE choices SET position = CAST(line.value->>'position' AS BIGINT),
                       text = line.value->>'text', text_key = line.value->>'text_key'
    FROM json_each($2) AS line
    WHERE choices.poll_id = $1 AND choices.id = CAST(line.value->>'id' AS BIGINT)";

const ADD_CHOICES: &str = "
    INSERT INTO choices (poll_id, position, text, text_key)
    SELECT $1, CAST(line.value->>'position' AS BIGINT), line.value->>'text', line.value->>'text_key'
    FROM json_each($2) AS line
    WHERE line.value->>'id' IS NULL OR CAST(line.value->>'id' AS BIGINT) NOT IN (
        SELECT id FROM choices WHERE poll_id = $1)";
