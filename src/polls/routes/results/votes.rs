//! Who voted for what in a named poll. The ballot paper has told voters so, and the history tells
//! who looked.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract,
    response::{IntoResponse as _, Response},
};

use askama_web::WebTemplate;

use super::{reader::to_results, trail_to_results};
use crate::{
    db::Db,
    error::Result,
    language::Message,
    list::{PER_PAGE, Part, Query},
    moment::Moment,
    page::Page,
    paths,
    polls::{Poll, Polls, Reader, participation::NamedVote, sheets},
    search::Words,
};

#[derive(Template, WebTemplate)]
#[template(path = "polls/votes.html")]
struct VotesPage {
    page: Page,
    poll: Arc<Poll>,
    votes: Vec<Row>,
    part: Part,
    query: Query,
}

struct Row {
    name: String,
    chosen: Message,
    cast_at: Moment,
}

impl VotesPage {
    fn trail(&self) -> [(String, String); 3] {
        trail_to_results(&self.page, &self.poll)
    }

    fn at(&self, path: &str) -> String {
        paths::with_id(path, self.poll.id)
    }

    fn pages(&self) -> String {
        self.query.pages_at(&self.at(paths::VOTES))
    }
}

impl Row {
    fn new(vote: NamedVote, poll: &Poll) -> Self {
        Self {
            chosen: vote.in_words(poll),
            name: vote.name,
            cast_at: Moment::new(vote.cast_at, &poll.zone),
        }
    }
}

/// `GET /polls/{id}/votes/`: the ballots of a named poll with their voters, once staff may read
/// the numbers; leads to the results' page before.
///
/// # Errors
/// 404 when the poll is secret or not published, 410 when it was archived, 500 when the ballots
/// are not what was sealed.
pub async fn votes(
    page: Page,
    reader: Reader,
    extract::State(polls): extract::State<Polls>,
    extract::State(db): extract::State<Db>,
    query: Query,
) -> Result<Response> {
    if reader.numbers(&polls).await?.is_none() {
        return Ok(to_results(&reader));
    }
    reader.note(&db, "named_votes_read").await?;
    let (id, words) = (reader.poll().id, Words::parse(query.get("q")));
    let part = Part::of(polls.count_named_votes(id, &words).await?, query.page());
    let window = (part.offset(), PER_PAGE);
    let votes = polls.list_named_votes(id, &words, window).await?;
    let poll = reader.listed.poll;
    let rows = votes.into_iter().map(|vote| Row::new(vote, &poll));
    Ok(VotesPage {
        page,
        votes: rows.collect(),
        part,
        query,
        poll,
    }
    .into_response())
}

/// `GET /polls/{id}/votes.csv`: all of them as a table.
///
/// # Errors
/// As [`votes`].
pub async fn csv(
    reader: Reader,
    extract::State(polls): extract::State<Polls>,
    extract::State(db): extract::State<Db>,
) -> Result<Response> {
    if reader.numbers(&polls).await?.is_none() {
        return Ok(to_results(&reader));
    }
    reader.note(&db, "named_votes_exported").await?;
    let poll = reader.poll();
    let everything = (0, i64::MAX);
    let votes = polls
        .list_named_votes(poll.id, &Words::default(), everything)
        .await?;
    sheets::votes(poll, &votes)?.download(&reader.file("votes", "csv"))
}
