//! What several pages say of a poll in the same words.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

use crate::{
    clock::Timestamp,
    error::{Error, Result},
    moment::Moment,
    polls::{
        Ballot, Choice, ChoiceId, Listed, Poll, PollId, Polls, RollMode, Selection, VoterResults,
    },
    users::User,
};

/// A moment of a poll, in its zone.
pub(super) fn moment(poll: &Poll, at: Option<Timestamp>) -> Option<Moment> {
    at.map(|at| Moment::new(at, &poll.zone))
}

/// What a selection says, in the words of the ballot paper, line by line.
pub(super) fn in_words(selection: &Selection, paper: &[Choice]) -> Vec<String> {
    let text = |id: ChoiceId| paper.iter().find(|choice| choice.id == id);
    match selection {
        Selection::Abstention => vec!["I abstain".to_owned()],
        Selection::Choices(_) => {
            let chosen = paper.iter().filter(|choice| selection.includes(choice.id));
            chosen.map(|choice| choice.text.clone()).collect()
        }
        Selection::Ranking(order) => {
            let ranked = order.iter().filter_map(|id| text(*id)).zip(1..);
            ranked
                .map(|(choice, rank)| format!("{rank}. {}", choice.text))
                .collect()
        }
    }
}

/// Who reads the numbers, and when.
pub(super) fn readers(poll: &Poll) -> &'static str {
    match poll.voter_results {
        VoterResults::Never => "Results are read by staff.",
        VoterResults::AfterClose => "Results are shown on the poll\u{2019}s page after it closes.",
        VoterResults::OnRelease => "Results will be published after review.",
    }
}

/// `1 vote`, `2 votes`.
pub(super) fn number(count: u64, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// The poll with the person's mark, or the page that does not exist.
pub(super) async fn find(polls: &Polls, id: PollId, user: &User) -> Result<Listed> {
    polls.find_for(id, user.id).await?.ok_or(Error::NotFound)
}

/// Who may vote, why that is not this person, and whom to ask.
pub(super) fn not_eligible(poll: &Poll, user: &User) -> String {
    if poll.roll_mode == RollMode::List {
        return not_listed(user);
    }
    format!(
        "This poll is for people with the role {}. Your role is {}. Roles are given by whoever \
         runs your sign-in provider.",
        poll.roles.in_words(),
        user.role.as_str()
    )
}

fn not_listed(user: &User) -> String {
    let unverified = match &user.email {
        Some(email) if !user.email_verified => format!(
            " A list can name people by e-mail address: your sign-in provider has not verified {email}."
        ),
        _ => String::new(),
    };
    format!(
        "This poll is for the people on a list, and you are not on it. If you should be, ask \
         whoever runs the poll to add you.{unverified}"
    )
}

/// A ballot in words, and when it was cast.
pub(super) fn told(ballot: &Ballot, poll: &Poll, paper: &[Choice]) -> (String, Moment) {
    let words = in_words(&ballot.selection, paper).join(", ");
    (words, Moment::new(ballot.cast_at, &poll.zone))
}

/// A page under another status than 200, or one of several pages.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => Error::from(error).into_response(),
    }
}
