//! Casting a ballot over HTTP: every answer says whether the vote was recorded.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{ballot::BallotPage, receipt, unsent::Caster, view::find};
use crate::{
    clock::Clock,
    error::Result,
    page::Page,
    paths,
    polls::{Cast, Listed, PollId, Polls, Receipt, Sent, VoteForm},
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
        Ok(selection) => {
            let sent = Sent {
                paper: form.paper(),
                receipt: code,
                key: None,
            };
            polls.vote_sent(id, user.id, selection, sent, now).await?
        }
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
            let ballot = BallotPage::load(page, &polls, listed, &user).await?;
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
    Ok(listed.refusal(refused, user).into_response())
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
