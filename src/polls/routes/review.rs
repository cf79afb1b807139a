//! A vote that nobody can find again, shown to its voter before it is cast. The choice travels
//! in the form alone: it is in no address, no cookie and no session.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    ballot::BallotPage,
    unsent::Caster,
    view::{find, html, in_words, trail},
    vote::turn_away,
};
use crate::{
    clock::Clock,
    error::Result,
    language::Message,
    page::Page,
    polls::{Poll, PollId, Polls, VoteForm},
    session::csrf,
};

/// The vote once more.
#[derive(Template)]
#[template(path = "polls/review.html")]
struct ReviewPage {
    page: Page,
    poll: Arc<Poll>,
    /// What is on the ballot, line by line.
    lines: Vec<Message>,
    form: VoteForm,
    /// What the ballot's receipt is made from, where there is one.
    nonce: Option<String>,
}

impl ReviewPage {
    fn trail(&self) -> [(String, String); 2] {
        trail(&self.page, &self.poll)
    }
}

/// `POST /polls/{id}/review/`: shows the vote before it is cast, or the paper again.
///
/// # Errors
/// When the vote could not be cast now.
pub async fn review(
    page: Page,
    Caster { user, session, .. }: Caster,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    id: PollId,
    csrf::Form(form): csrf::Form<VoteForm>,
) -> Result<Response> {
    let listed = find(&polls, id, &user).await?;
    let standing = listed.poll.standing(&listed.voter(&user), clock.now());
    if let Some(refused) = standing.refusal() {
        return turn_away(refused, &listed, &user, &session).await;
    }
    let ballot = BallotPage::load(page, &polls, listed, &user).await?;
    if form.goes_back() {
        return Ok(ballot.filled_in(form));
    }
    let selection = match ballot.read(&form) {
        Ok(selection) => selection,
        Err(fault) => return Ok(ballot.ask_again(fault, form)),
    };
    let review = ReviewPage {
        lines: in_words(&selection, &ballot.paper),
        page: ballot.page,
        nonce: ballot.nonce,
        poll: ballot.poll,
        form,
    };
    Ok(html(StatusCode::OK, &review))
}
