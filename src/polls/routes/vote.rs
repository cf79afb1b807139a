//! Casting a ballot over HTTP: every answer says whether the vote was recorded.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;

use super::{
    ballot::BallotPage,
    receipt,
    unsent::Caster,
    view::{find, moment, not_eligible},
};
use crate::{
    clock::Clock,
    error::{Error, Problem, Result},
    language::Message,
    page::Page,
    paths,
    polls::{Cast, Listed, PollId, Polls, Receipt, VoteForm},
    session::{Session, csrf},
    users::{User, access::SignedIn},
};

/// `POST /polls/{id}/vote/`: casts a ballot and leads to the confirmation.
///
/// # Errors
/// When the vote could not be recorded; every answer says whether it was.
pub async fn vote(
    page: Page,
    Caster {
        user,
        session,
        site,
    }: Caster,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    id: PollId,
    csrf::Form(form): csrf::Form<VoteForm>,
) -> Result<Response> {
    let now = clock.now();
    let code = form.receipt(id, user.id);
    let answer = match form.selection() {
        Ok(selection) => polls.vote_with(id, user.id, selection, code, now).await?,
        Err(fault) => Cast::Faulty(fault).into(),
    };
    if let Some(receipt) = answer
        .receipt
        .or(sent_twice(&polls, id, answer.cast, code).await?)
    {
        return Ok(receipt::carry(&site, id, receipt, to_confirmation(id)));
    }
    if matches!(answer.cast, Cast::Recorded | Cast::Changed) {
        return Ok(to_confirmation(id));
    }
    let listed = find(&polls, id, &user).await?;
    let standing = listed.poll.standing(&listed.voter(&user), now);
    let refused = match (answer.cast, standing.refusal()) {
        (Cast::Faulty(fault), None) => {
            let ballot = BallotPage::load(page, &polls, listed.poll, &user).await?;
            return Ok(ballot.ask_again(fault, form));
        }
        (Cast::Faulty(_), Some(refused)) | (refused, _) => refused,
    };
    turn_away(refused, &listed, &user, &session).await
}

/// The code of the person's ballot when the form that cast it has come once more, after a double
/// click perhaps: the browser may never have seen the first answer.
async fn sent_twice(
    polls: &Polls,
    id: PollId,
    cast: Cast,
    code: Option<Receipt>,
) -> Result<Option<Receipt>> {
    Ok(match code {
        Some(code) if cast == Cast::Already && polls.counts(id, code).await? => Some(code),
        _ => None,
    })
}

/// The page for a vote that the poll does not take.
pub(super) async fn turn_away(
    refused: Cast,
    listed: &Listed,
    user: &User,
    session: &Session,
) -> Result<Response> {
    if refused == Cast::Already {
        if listed.poll.allow_change {
            session.flash("error", UNCHANGED).await?;
        }
        return Ok(to_confirmation(listed.poll.id));
    }
    refuse(refused, listed, user)
}

/// What is said of a change that came too late: the id of a message.
const UNCHANGED: &str = "change-not-recorded";

fn to_confirmation(id: PollId) -> Response {
    Redirect::to(&paths::with_id(paths::VOTED, id)).into_response()
}

/// `GET /polls/{id}/vote/`: the address of the form's answer leads back to the form.
pub async fn back_to_poll(_: SignedIn, id: PollId) -> Redirect {
    Redirect::to(&paths::poll(id))
}

/// The page that says why the vote was not recorded.
fn refuse(refused: Cast, listed: &Listed, user: &User) -> Result<Response> {
    let poll = &listed.poll;
    let time = |at, id, timed| match moment(poll, at) {
        Some(time) => Message::new(timed).with("time", time),
        None => Message::new(id),
    };
    let (status, code, title, message) = match refused {
        Cast::Archived => return Ok(gone(listed)),
        Cast::NotEligible => (
            StatusCode::FORBIDDEN,
            "not_eligible",
            "cannot-vote-title",
            not_eligible(poll, user),
        ),
        Cast::NotOpenYet => (
            StatusCode::CONFLICT,
            "not_open_yet",
            "not-open-yet-title",
            time(poll.opening(), "not-open-yet", "not-open-yet-until"),
        ),
        Cast::Closed => (
            StatusCode::CONFLICT,
            "closed",
            "closed-title",
            time(poll.closing(), "has-closed", "has-closed-on"),
        ),
        _ => return Err(Error::NotFound),
    };
    Ok(Problem {
        status,
        code,
        title: Message::new(title),
        message,
        fate: None,
    }
    .into_response())
}

/// The poll was put away, with the ballots that were in the box.
fn gone(listed: &Listed) -> Response {
    let has_voted = listed.has_voted == Some(true);
    Problem {
        fate: has_voted.then_some("fate-earlier-stands"),
        ..Error::Gone.problem()
    }
    .into_response()
}
