//! Who has voted and who has not: without times, and without a word on what.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract,
    response::{IntoResponse as _, Response},
};

use super::{reader::to_results, trail_to_results};
use crate::{
    error::Result,
    list::{PER_PAGE, Part, Query},
    page::Page,
    paths,
    polls::{Poll, Polls, Reader, participation::Participant, sheets},
    search::Words,
};

#[derive(Template, WebTemplate)]
#[template(path = "polls/participation.html")]
struct ParticipationPage {
    page: Page,
    poll: Arc<Poll>,
    people: Vec<Participant>,
    part: Part,
    query: Query,
}

impl ParticipationPage {
    fn trail(&self) -> [(String, String); 3] {
        trail_to_results(&self.page, &self.poll)
    }

    fn at(&self, path: &str) -> String {
        paths::with_id(path, self.poll.id)
    }

    fn pages(&self) -> String {
        self.query.pages_at(&self.at(paths::PARTICIPATION))
    }

    /// The same list narrowed to those who have voted or have not.
    fn only(&self, voted: &str) -> String {
        let path = self.at(paths::PARTICIPATION);
        self.query.with("voted", voted).at(&path)
    }
}

fn has_voted(query: &Query) -> Option<bool> {
    match query.get("voted") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// `GET /polls/{id}/participation/`: who has voted, once the poll has closed and, when it is
/// secret, holds enough ballots; leads to the results' page otherwise.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived.
pub async fn list(
    page: Page,
    reader: Reader,
    extract::State(polls): extract::State<Polls>,
    query: Query,
) -> Result<Response> {
    if !reader.is_told_participation(&polls).await? {
        return Ok(to_results(&reader));
    }
    let (id, words) = (reader.poll().id, Words::parse(query.get("q")));
    let voted = has_voted(&query);
    let total = polls.count_participants(id, &words, voted).await?;
    let part = Part::of(total, query.page());
    let window = (part.offset(), PER_PAGE);
    let people = polls.list_participants(id, &words, voted, window).await?;
    Ok(ParticipationPage {
        page,
        people,
        part,
        query,
        poll: reader.listed.poll,
    }
    .into_response())
}

/// `GET /polls/{id}/participation.csv`: the whole list as a table.
///
/// # Errors
/// As [`list`].
pub async fn csv(reader: Reader, extract::State(polls): extract::State<Polls>) -> Result<Response> {
    if !reader.is_told_participation(&polls).await? {
        return Ok(to_results(&reader));
    }
    let poll = reader.poll();
    let everyone = Words::default();
    let people = polls
        .list_participants(poll.id, &everyone, None, (0, i64::MAX))
        .await?;
    sheets::participation(poll, &people)?.download(&reader.file("participation", "csv"))
}
