//! The confirmation.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    receipt::Carried,
    view::{find, moment, readers, told},
};
use crate::{
    clock::Clock,
    error::{Error, Result},
    language::Message,
    moment::Moment,
    page::Page,
    paths,
    polls::{Listed, Poll, PollId, Polls, Receipt, Standing},
    users::access::SignedIn,
};

/// The confirmation.
#[derive(Template, WebTemplate)]
#[template(path = "polls/voted.html")]
pub struct VotedPage {
    page: Page,
    poll: Arc<Poll>,
    /// What the ballot says, and when it was cast.
    ballot: Option<(Message, Moment)>,
    closes: Option<Moment>,
    has_closed: bool,
    may_change: bool,
    readers: Message,
    /// The code of the ballot, the first time that this page is shown.
    receipt: Option<Receipt>,
    next: Option<Listed>,
}

/// `GET /polls/{id}/voted/`: the ballot is in the box; says so as often as it is asked, and shows
/// the receipt once.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived.
pub async fn voted(
    page: Page,
    SignedIn { user, .. }: SignedIn,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    carried: Carried,
    id: PollId,
) -> Result<Response> {
    let (listed, now) = (find(&polls, id, &user).await?, clock.now());
    let standing = listed.poll.standing(&listed.voter(&user), now);
    let has_closed = match standing {
        Standing::Hidden => return Err(Error::NotFound),
        Standing::Archived => return Err(Error::Gone),
        Standing::Voted | Standing::MayChange => false,
        Standing::Closed { voted: true } => true,
        _ => return Ok(Redirect::to(&paths::poll(id)).into_response()),
    };
    let paper = polls.choices(id).await?;
    let ballot = polls.ballot(id, user.id).await?;
    let confirmation = VotedPage {
        page,
        ballot: ballot.map(|ballot| told(&ballot, &listed.poll, &paper)),
        closes: moment(&listed.poll, listed.poll.closing()),
        has_closed,
        may_change: standing == Standing::MayChange,
        readers: readers(&listed.poll),
        receipt: carried.receipt(id),
        next: polls.list_waiting(&user, 1, now).await?.into_iter().next(),
        poll: listed.poll,
    };
    Ok(carried.shown(id, confirmation.into_response()))
}
