//! What several pages say of a poll in the same words.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

use crate::{
    clock::Timestamp,
    error::{Error, Result},
    language::{Message, Value},
    moment::Moment,
    page::Page,
    paths,
    polls::{Ballot, Choice, ChoiceId, Listed, Poll, PollId, Polls, Selection, VoterResults},
    users::User,
};

/// A moment of a poll, in its zone.
pub(super) fn moment(poll: &Poll, at: Option<Timestamp>) -> Option<Moment> {
    at.map(|at| Moment::new(at, &poll.zone))
}

/// What a selection says, in the words of the ballot paper, line by line.
pub(super) fn in_words(selection: &Selection, paper: &[Choice]) -> Vec<Message> {
    let text = |id: ChoiceId| paper.iter().find(|choice| choice.id == id);
    match selection {
        Selection::Abstention => vec![Message::new("abstain")],
        Selection::Choices(_) => {
            let chosen = paper.iter().filter(|choice| selection.includes(choice.id));
            chosen
                .map(|choice| Message::verbatim(&choice.text))
                .collect()
        }
        Selection::Ranking(order) => {
            let ranked = order.iter().filter_map(|id| text(*id)).zip(1..);
            ranked
                .map(|(choice, rank)| Message::verbatim(format!("{rank}. {}", choice.text)))
                .collect()
        }
    }
}

/// Who reads the numbers, and when.
pub(super) fn readers(poll: &Poll) -> Message {
    Message::new(match poll.voter_results {
        VoterResults::Never => "readers-staff",
        VoterResults::AfterClose => "readers-after-close",
        VoterResults::OnRelease => "readers-on-release",
    })
}

/// The way back from what belongs to a poll.
pub(super) fn trail(page: &Page, poll: &Poll) -> [(String, String); 2] {
    let polls = (paths::POLLS.to_owned(), page.t("polls").plain());
    [polls, (paths::poll(poll.id), poll.question.clone())]
}

/// The poll with the person's mark, or the page that does not exist.
pub(super) async fn find(polls: &Polls, id: PollId, user: &User) -> Result<Listed> {
    polls.find_for(id, user.id).await?.ok_or(Error::NotFound)
}

/// A ballot in words, and when it was cast.
pub(super) fn told(ballot: &Ballot, poll: &Poll, paper: &[Choice]) -> (Message, Moment) {
    let words = in_words(&ballot.selection, paper).into_iter();
    let words = Message::of(Value::Series(words.map(Value::Message).collect()));
    (words, Moment::new(ballot.cast_at, &poll.zone))
}

/// A page under another status than 200, or one of several pages.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => Error::from(error).into_response(),
    }
}
