//! "Check this poll": roll, box, seal and history, tried against each other, for anybody who is
//! signed in; and the document that was sealed, for whoever may read the numbers.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, header};

use super::view::{find, html, moment, number};
use crate::{
    clock::Clock,
    error::{Error, Result},
    moment::Moment,
    page::Page,
    paths,
    polls::{Check, Poll, PollId, Polls, ResultsView, Seal, Standing, check::SealCheck},
    spreadsheet::attachment,
    users::{User, access::SignedIn},
};

#[derive(Template)]
#[template(path = "polls/check.html")]
struct CheckPage {
    page: Page,
    poll: Poll,
    closes: Option<Moment>,
    /// What was found; nothing before the closing.
    found: Option<Found>,
}

/// A check in words.
struct Found {
    passes: bool,
    statements: [Statement; 4],
    seal: String,
    made: Moment,
    /// Whether the person may have the document.
    may_read: bool,
}

/// One of the things that are tried.
struct Statement {
    passes: bool,
    heading: &'static str,
    text: String,
}

impl CheckPage {
    fn document(&self) -> String {
        paths::with_id(paths::SEAL_JSON, self.poll.id)
    }

    fn file(&self) -> String {
        file(self.poll.id)
    }
}

fn file(id: PollId) -> String {
    format!("seal-{id}.json")
}

impl Found {
    fn new(check: &Check, seal: &Seal, poll: &Poll, may_read: bool) -> Self {
        Self {
            passes: check.passes(),
            statements: [marks(check), ballots(check), sealed(check), history(check)],
            seal: seal.digest(),
            made: Moment::new(seal.made_at, &poll.zone),
            may_read,
        }
    }
}

fn marks(check: &Check) -> Statement {
    let people = match check.marks {
        1 => "1 person is".to_owned(),
        marks => format!("{marks} people are"),
    };
    Statement {
        passes: check.marks_equal_ballots(),
        heading: "As many ballots as people who voted",
        text: format!(
            "{people} marked as having voted, and {} in the box.",
            match check.ballots {
                1 => "1 ballot is".to_owned(),
                ballots => format!("{ballots} ballots are"),
            }
        ),
    }
}

fn ballots(check: &Check) -> Statement {
    let whole = check.filled.saturating_add(check.abstained);
    Statement {
        passes: check.ballots_are_whole(),
        heading: "Every ballot is whole",
        text: format!(
            "Of {}, {whole} hold as many choices as the ballot paper allows or abstain, and {} on \
             no ballot.",
            number(check.ballots, "ballot"),
            match check.strays {
                0 => "no choice stands".to_owned(),
                1 => "1 choice stands".to_owned(),
                strays => format!("{strays} choices stand"),
            }
        ),
    }
}

fn sealed(check: &Check) -> Statement {
    let text = match check.seal {
        SealCheck::Fits => {
            "Counted again now, the ballots come to exactly what was sealed after the closing."
        }
        SealCheck::Rewritten => "What was sealed has been rewritten since: its hash is another.",
        SealCheck::NotInHistory => "The history tells of another seal, or of none.",
        SealCheck::OtherCount => {
            "Counted again now, the ballots come to something else than what was sealed."
        }
    };
    Statement {
        passes: check.seal_fits(),
        heading: "The numbers are the sealed ones",
        text: text.to_owned(),
    }
}

fn history(check: &Check) -> Statement {
    Statement {
        passes: check.history_is_whole(),
        heading: "The history is whole",
        text: match check.broken_entry {
            None => "Each entry of the history of changes carries the hash of the one before it."
                .to_owned(),
            Some(entry) => format!(
                "Entry {entry} of the history of changes does not fit: it, or one before it, was \
                 changed, removed or added."
            ),
        },
    }
}

/// Whether the person may read the numbers that were sealed.
fn may_read(poll: &Poll, user: &User, ballots: i64, now: crate::clock::Timestamp) -> bool {
    let for_staff = user.role.is_staff() && poll.results_view(now) == ResultsView::Final;
    let ballots = u64::try_from(ballots).unwrap_or(0);
    (for_staff || poll.shows_voters_results(now)) && poll.may_show(ballots)
}

/// `GET /polls/{id}/check/`: tries a poll that has closed. Status 500 when something does not
/// agree.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived.
pub async fn check(
    page: Page,
    SignedIn { user, .. }: SignedIn,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    id: PollId,
) -> Result<Response> {
    let (listed, now) = (find(&polls, id, &user).await?, clock.now());
    let found = match listed.poll.standing(&listed.voter(&user), now) {
        Standing::Hidden => return Err(Error::NotFound),
        Standing::Archived => return Err(Error::Gone),
        Standing::Closed { .. } => {
            let check = polls.check(&listed.poll, now).await?;
            let seal = polls.find_seal(id).await?.ok_or(Error::NotFound)?;
            let may_read = may_read(&listed.poll, &user, listed.ballots, now);
            Some(Found::new(&check, &seal, &listed.poll, may_read))
        }
        _ => None,
    };
    let status = match &found {
        Some(found) if !found.passes => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::OK,
    };
    let checked = CheckPage {
        page,
        closes: moment(&listed.poll, listed.poll.closing()),
        found,
        poll: listed.poll,
    };
    Ok(html(status, &checked))
}

/// `GET /polls/{id}/seal.json`: the document that was sealed, byte by byte; leads to the check
/// while there is none, or none for this person.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived.
pub async fn document(
    SignedIn { user, .. }: SignedIn,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    id: PollId,
) -> Result<Response> {
    let (listed, now) = (find(&polls, id, &user).await?, clock.now());
    match listed.poll.standing(&listed.voter(&user), now) {
        Standing::Hidden => return Err(Error::NotFound),
        Standing::Archived => return Err(Error::Gone),
        Standing::Closed { .. } => {}
        _ => return Ok(to_check(id)),
    }
    if !may_read(&listed.poll, &user, listed.ballots, now) {
        return Ok(to_check(id));
    }
    polls.results(&listed.poll, now).await?;
    let document = polls.sealed_document(id).await?.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&file(id))),
    ];
    Ok((headers, document).into_response())
}

fn to_check(id: PollId) -> Response {
    Redirect::to(&paths::with_id(paths::CHECK, id)).into_response()
}
