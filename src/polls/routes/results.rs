//! The results, for staff.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract;

use super::{
    figures::Figures,
    view::{moment, number},
};
use crate::{
    clock::Clock,
    error::{Error, Result},
    moment::Moment,
    page::Page,
    paths,
    polls::{Poll, PollId, Polls, ResultsView, State},
    users::access::Staff,
};

#[derive(Template, WebTemplate)]
#[template(path = "polls/results.html")]
pub struct ResultsPage {
    page: Page,
    poll: Poll,
    poll_state: State,
    view: ResultsView,
    closes: Option<Moment>,
    /// When the numbers were read.
    read: Moment,
    /// The numbers, once they may be read.
    figures: Option<Figures>,
    /// Votes so far, while the numbers may not be read.
    so_far: String,
}

impl ResultsPage {
    fn trail(&self) -> [(String, String); 2] {
        let poll = (paths::poll(self.poll.id), self.poll.question.clone());
        [(paths::POLLS.to_owned(), "Polls".to_owned()), poll]
    }
}

/// `GET /polls/{id}/results/`: the numbers, as far as the poll's rule allows.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived.
pub async fn results(
    page: Page,
    Staff(person): Staff,
    extract::State(polls): extract::State<Polls>,
    extract::State(clock): extract::State<Clock>,
    id: PollId,
) -> Result<ResultsPage> {
    let now = clock.now();
    let listed = polls.find_for(id, person.user.id).await?;
    let listed = listed.ok_or(Error::NotFound)?;
    let poll = listed.poll;
    let state = poll.state(now);
    if !poll.is_published(now) {
        return Err(Error::NotFound);
    }
    if state == State::Archived {
        return Err(Error::Gone);
    }
    let view = poll.results_view(now);
    let figures = match view {
        ResultsView::Live | ResultsView::Final => {
            let is_final = view == ResultsView::Final;
            Some(Figures::new(&polls.tally(id, now).await?, &poll, is_final))
        }
        ResultsView::AfterClosing | ResultsView::AfterRelease => None,
    };
    Ok(ResultsPage {
        page,
        poll_state: state,
        view,
        closes: moment(&poll, poll.closing()),
        read: Moment::new(now, &poll.zone),
        figures,
        so_far: number(u64::try_from(listed.ballots).unwrap_or(0), "vote"),
        poll,
    })
}
