//! The results, for staff, and what belongs to them: [`export`] as files, [`votes`] with names,
//! [`participation`] without choices. `reader` decides who sees what.

pub mod export;
pub mod participation;
mod reader;
pub mod votes;

use std::sync::Arc;

use askama::Template;
use axum::{extract, response::Response};
use http::StatusCode;

use super::{
    figures::Figures,
    view::{html, moment, trail},
};
use crate::{
    config::SiteConfig,
    error::{Error, Result},
    moment::Moment,
    page::Page,
    paths,
    polls::{Poll, Polls, Reader, Results, ResultsView, State},
};

#[derive(Template)]
#[template(path = "polls/results.html")]
struct ResultsPage {
    page: Page,
    poll: Arc<Poll>,
    poll_state: State,
    view: ResultsView,
    closes: Option<Moment>,
    /// When the numbers were read.
    read: Moment,
    shown: Shown,
    /// Whether it may be told who has voted.
    tells_participation: bool,
    /// Ballots in the box. Of a secret poll not for anybody's eyes while it is open.
    ballots: u64,
    /// The page's own address, for print.
    address: String,
}

/// What there is to see.
enum Shown {
    /// Nothing yet.
    Nothing,
    /// The numbers, and the seal once the poll has closed.
    Numbers(Box<Figures>, Option<String>),
    /// No number: the ballots are not what was sealed.
    Mismatch,
}

impl ResultsPage {
    fn trail(&self) -> [(String, String); 2] {
        trail(&self.page, &self.poll)
    }

    fn has_closed(&self) -> bool {
        self.poll_state >= State::Closed
    }

    /// The address of a page or file about this poll.
    fn at(&self, path: &str) -> String {
        paths::with_id(path, self.poll.id)
    }

    fn seal(&self) -> Option<&str> {
        match &self.shown {
            Shown::Numbers(_, seal) => seal.as_deref(),
            _ => None,
        }
    }
}

/// The way back from what belongs to the results.
fn trail_to_results(page: &Page, poll: &Poll) -> [(String, String); 3] {
    let [polls, this] = trail(page, poll);
    let results = paths::with_id(paths::RESULTS, poll.id);
    [polls, this, (results, page.t("results").plain())]
}

impl Shown {
    fn new(results: &Results, poll: &Poll, view: ResultsView) -> Self {
        if !results.are_as_sealed() {
            return Self::Mismatch;
        }
        let figures = Figures::new(&results.tally, poll, view == ResultsView::Final);
        let seal = results.seal.as_ref();
        Self::Numbers(Box::new(figures), seal.map(crate::polls::Seal::digest))
    }
}

/// `GET /polls/{id}/results/`: the numbers, as far as the poll's rule allows. Status 500 when the
/// ballots are not what was sealed.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived.
pub async fn results(
    page: Page,
    reader: Reader,
    extract::State(polls): extract::State<Polls>,
    extract::State(site): extract::State<SiteConfig>,
) -> Result<Response> {
    let view = reader.view();
    let now = reader.now;
    let shown = if reader.may_see_numbers() {
        Shown::new(
            &polls.results(reader.poll(), now).await?,
            reader.poll(),
            view,
        )
    } else {
        Shown::Nothing
    };
    let path = paths::with_id(paths::RESULTS, reader.poll().id);
    let address = site.base_url.join(&path).map_err(Error::internal)?;
    let (poll, ballots) = (reader.listed.poll, reader.listed.ballots);
    let ballots = u64::try_from(ballots).unwrap_or(0);
    let status = match shown {
        Shown::Mismatch => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::OK,
    };
    let results = ResultsPage {
        page,
        poll_state: poll.state(now),
        view,
        closes: moment(&poll, poll.closing()),
        read: Moment::new(now, &poll.zone),
        shown,
        tells_participation: poll.tells_participation(ballots, now),
        ballots,
        address: address.to_string(),
        poll,
    };
    Ok(html(status, &results))
}
