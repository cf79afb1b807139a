//! One poll: the ballot paper for whoever may fill it in, or what there is to know instead.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    ballot::BallotPage,
    figures::Figures,
    unsent::Unsent,
    view::{find, html, moment, readers},
};
use crate::{
    clock::Clock,
    error::{Error, Result},
    language::Message,
    moment::Moment,
    page::Page,
    polls::{Choice, Poll, PollId, Polls, Results, Standing},
    prose::Prose,
    users::{User, access::SignedIn},
};

/// A poll in which this person cannot vote now.
#[derive(Template)]
#[template(path = "polls/detail.html")]
struct DetailPage {
    page: Page,
    poll: Arc<Poll>,
    paper: Arc<[Choice]>,
    standing: Standing,
    user: Arc<User>,
    opens: Option<Moment>,
    closes: Option<Moment>,
    /// When it was first to close, if that was moved.
    extended: Option<Moment>,
    figures: Option<Figures>,
    /// Whether the ballots are what was sealed; else no number is shown.
    is_as_sealed: bool,
    readers: Message,
}

impl DetailPage {
    fn not_eligible(&self) -> Message {
        self.poll.not_eligible(&self.user)
    }
}

/// `GET /polls/{id}/`: the poll, with the ballot paper for whoever may fill it in.
///
/// # Errors
/// 404 when it is not published, 410 when it was archived.
pub async fn detail(
    mut page: Page,
    SignedIn { user, .. }: SignedIn,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    unsent: Unsent,
    id: PollId,
) -> Result<Response> {
    let (listed, now) = (find(&polls, id, &user).await?, clock.now());
    let standing = listed.poll.standing(&listed.voter(&user), now);
    let sent = unsent.form(id).await?;
    page.flash
        .extend(unsent.message(id, standing, sent.is_some()));
    let answer = match standing {
        Standing::Hidden => return Err(Error::NotFound),
        Standing::Archived => return Err(Error::Gone),
        Standing::CanVote | Standing::MayChange => {
            let ballot = BallotPage::load(page, &polls, listed, &user).await?;
            match sent {
                Some(form) => ballot.filled_in(form),
                None => html(StatusCode::OK, &ballot),
            }
        }
        _ => {
            let paper = polls.choices(id).await?;
            let results = if listed.poll.shows_voters_results(now) {
                Some(polls.results(&listed.poll, now).await?)
            } else {
                None
            };
            let is_as_sealed = results.as_ref().is_none_or(Results::are_as_sealed);
            let results = results.filter(|_| is_as_sealed);
            let figures = results.map(|results| Figures::new(&results.tally, &listed.poll, true));
            let status = if is_as_sealed {
                StatusCode::OK
            } else {
                StatusCode::INTERNAL_SERVER_ERROR
            };
            let detail = DetailPage {
                page,
                paper,
                standing,
                user,
                opens: moment(&listed.poll, listed.poll.opening()),
                closes: moment(&listed.poll, listed.poll.closing()),
                extended: moment(&listed.poll, listed.poll.extended_from),
                figures,
                is_as_sealed,
                readers: readers(&listed.poll),
                poll: listed.poll,
            };
            html(status, &detail)
        }
    };
    Ok(unsent.told(id, answer))
}
