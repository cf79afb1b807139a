//! Casting a ballot, and what its voter finds again.

#![expect(
    clippy::missing_errors_doc,
    reason = "the comments are the description that programs read, which tells of errors once"
)]

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    access::Visitor,
    answer,
    body::Body,
    documents::{CastBallot, Counted, NewBallot, Outcome, OwnBallot, ReceiptCode},
    key::SentKey,
    problem::{self, Result},
};
use crate::{
    error::{Error, Problem},
    paths,
    polls::{Cast, Fault, Poll, Polls, Receipt, Selection, Sent, Standing},
    rate_limit::Limit,
};

/// Cast a ballot
///
/// With `Idempotency-Key` a vote can be sent again when its answer was lost: it counts once, and
/// the answer says so. The key is compared, never the choice, so use a fresh one for each vote.
/// It is good until the poll closes. In a poll that lets votes change, a vote without a key, or
/// under another one, replaces the one before.
#[utoipa::path(
    post, path = paths::V1_BALLOT, operation_id = "cast_ballot", tag = "ballots",
    security(("bearer" = ["user"])),
    params(("id" = i64, Path, description = "The poll's key"),
           ("Idempotency-Key" = Option<String>, Header, description = "What the program calls \
             this vote", pattern = "^[!#-~]{16,255}$", nullable = false)),
    request_body = NewBallot,
    responses((status = 201, description = "The ballot is in the box", body = CastBallot,
               headers(("Location" = String))),
              (status = 200, description = "The ballot has taken the place of the earlier one, or \
                came before under the same key", body = CastBallot))
)]
pub async fn cast(
    visitor: Visitor,
    State(polls): State<Polls>,
    key: SentKey,
    Body(ballot): Body<NewBallot>,
) -> Result<Response> {
    visitor.count(Limit::Vote)?;
    let (user, poll) = (&visitor.user, visitor.poll());
    let key = key.of(user.id)?;
    let selection = chosen(poll, &ballot);
    let answer = match (visitor.refused_by_token(), selection) {
        (Some(refused), _) => refused.into(),
        (None, Err(fault)) => {
            let refused = visitor.standing().refusal();
            refused.unwrap_or(Cast::Faulty(fault)).into()
        }
        (None, Ok(selection)) => {
            let sent = Sent {
                paper: ballot.paper,
                receipt: None,
                key,
            };
            polls
                .vote_sent(poll.id, user.id, selection, sent, visitor.now)
                .await?
        }
    };
    match outcome(answer.cast) {
        Some(outcome) => Ok(taken(poll, outcome, answer.receipt)),
        None => Err(refusal(&visitor, answer.cast).into()),
    }
}

fn chosen(poll: &Poll, ballot: &NewBallot) -> Result<Selection, Fault> {
    if ballot.abstain && ballot.paper.is_none() {
        return Err(Fault::OtherPaper);
    }
    Selection::of(poll, ballot.choices.clone(), ballot.abstain)
}

/// How a vote ended that was taken; `None` of one that was not.
const fn outcome(cast: Cast) -> Option<Outcome> {
    match cast {
        Cast::Recorded => Some(Outcome::Recorded),
        Cast::Changed => Some(Outcome::Changed),
        Cast::Repeated => Some(Outcome::Repeated),
        _ => None,
    }
}

fn taken(poll: &Poll, outcome: Outcome, receipt: Option<Receipt>) -> Response {
    let body = Json(CastBallot {
        outcome,
        receipt: receipt.map(|receipt| receipt.to_string()),
    });
    let address = HeaderValue::try_from(paths::with_id(paths::V1_BALLOT, poll.id));
    match (outcome, address) {
        (Outcome::Recorded, Ok(address)) => {
            (StatusCode::CREATED, [(header::LOCATION, address)], body).into_response()
        }
        _ => body.into_response(),
    }
}

fn refusal(visitor: &Visitor, cast: Cast) -> Problem {
    match cast {
        Cast::Already => problem::already_voted(),
        Cast::Faulty(fault) => problem::invalid_ballot(fault.message(visitor.poll().method)),
        refused => visitor.listed.refusal(refused, &visitor.user),
    }
}

/// Say whether this person has voted, and in a named poll for what
#[utoipa::path(
    get, path = paths::V1_BALLOT, operation_id = "read_ballot", tag = "ballots",
    security(("bearer" = ["user"])),
    params(("id" = i64, Path, description = "The poll's key")),
    responses((status = 200, description = "What there is", body = OwnBallot,
               headers(("ETag" = String))))
)]
pub async fn own(
    visitor: Visitor,
    State(polls): State<Polls>,
    headers: HeaderMap,
) -> Result<Response> {
    let ballot = polls.ballot(visitor.poll().id, visitor.user.id).await?;
    let own = OwnBallot {
        standing: visitor.standing().into(),
        has_voted: visitor.listed.has_voted == Some(true),
        ballot: ballot.map(Into::into),
    };
    Ok(answer::document(&headers, &own)?)
}

/// Say whether the ballot with a receipt is in the count
///
/// Once the poll has closed. The code stays out of addresses, and so out of logs.
#[utoipa::path(
    post, path = paths::V1_RECEIPT, operation_id = "look_up_receipt", tag = "ballots",
    security(("bearer" = ["user"])),
    params(("id" = i64, Path, description = "The poll's key")), request_body = ReceiptCode,
    responses((status = 200, description = "Whether it is", body = Counted))
)]
pub async fn look_up(
    visitor: Visitor,
    State(polls): State<Polls>,
    Body(typed): Body<ReceiptCode>,
) -> Result<Json<Counted>> {
    visitor.count(Limit::Receipt)?;
    let poll = visitor.poll();
    if !poll.has_receipts() {
        return Err(Error::NotFound.into());
    }
    if !matches!(visitor.standing(), Standing::Closed { .. }) {
        return Err(problem::not_yet("Receipts can be looked up once the poll has closed.").into());
    }
    let Some(receipt) = Receipt::parse(&typed.code) else {
        return Err(problem::invalid("code: a receipt has 16 digits and letters.").into());
    };
    let is_counted = polls.counts(poll.id, receipt).await?;
    Ok(Json(Counted { is_counted }))
}
