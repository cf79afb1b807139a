//! Who voted for what in a named poll. The ballot paper has told voters so, and the history tells
//! who looked.

use std::time::Duration;

use askama::Template;
use axum::{
    extract,
    response::{IntoResponse as _, Response},
};

use askama_web::WebTemplate;

use super::{reader::Reader, trail_to_results};
use crate::{
    audit::{self, Change},
    db::Db,
    error::{Error, Result},
    language::{Locale, Message},
    list::{PER_PAGE, Part, Query},
    moment::Moment,
    page::Page,
    paths,
    polls::{Poll, Polls, participation::NamedVote},
    search::Words,
    spreadsheet::Sheet,
};

/// Whoever turns pages within this time is noted once.
const ONE_VISIT: Duration = Duration::from_hours(1);

#[derive(Template, WebTemplate)]
#[template(path = "polls/votes.html")]
struct VotesPage {
    page: Page,
    poll: Poll,
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
            chosen: in_words(&vote, poll),
            name: vote.name,
            cast_at: Moment::new(vote.cast_at, &poll.zone),
        }
    }
}

fn in_words(vote: &NamedVote, poll: &Poll) -> Message {
    if vote.chosen.is_empty() {
        return Message::new("abstain");
    }
    if !poll.is_ranked() {
        return Message::verbatim(vote.chosen.join(", "));
    }
    let ranked = vote.chosen.iter().zip(1..);
    let ranked = ranked.map(|(text, rank)| format!("{rank}. {text}"));
    Message::verbatim(ranked.collect::<Vec<_>>().join(", "))
}

/// Notes in the history that somebody looks, at most once per visit. In a secret poll there is
/// nothing to look at.
async fn note(reader: &Reader, db: &Db, action: &'static str) -> Result<()> {
    let poll = reader.poll();
    if !poll.is_named() {
        return Err(Error::NotFound);
    }
    let change = Change::new(action, "poll", poll.id, &poll.question);
    let since = reader.now.minus(ONE_VISIT);
    audit::append_once(db, reader.actor.clone(), change, reader.now, since).await
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
        return Ok(reader.to_results());
    }
    note(&reader, &db, "named_votes_read").await?;
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
        return Ok(reader.to_results());
    }
    note(&reader, &db, "named_votes_exported").await?;
    let poll = reader.poll();
    let everything = (0, i64::MAX);
    let votes = polls
        .list_named_votes(poll.id, &Words::default(), everything)
        .await?;
    let mut sheet = Sheet::default();
    sheet.row(["Question", &poll.question])?;
    sheet.row([""])?;
    sheet.row(["Name", "Vote", "Cast"])?;
    for vote in votes {
        let cast = Moment::new(vote.cast_at, &poll.zone).text();
        let chosen = Locale::default().t(in_words(&vote, poll)).plain();
        sheet.row([&vote.name, &chosen, &cast])?;
    }
    sheet.download(&reader.file("votes", "csv"))
}
