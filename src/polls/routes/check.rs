//! "Check this poll": roll, box, seal and history, tried against each other, for anybody who is
//! signed in; and the document that was sealed, for whoever may read the numbers.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, header};

use super::view::{find, html, moment, trail};
use crate::{
    clock::{Clock, Timestamp},
    error::{Error, Result},
    language::Message,
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
    poll: Arc<Poll>,
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
    text: Message,
}

impl CheckPage {
    fn trail(&self) -> [(String, String); 2] {
        trail(&self.page, &self.poll)
    }

    fn document(&self) -> String {
        paths::with_id(paths::SEAL_JSON, self.poll.id)
    }

    /// What computes the hash.
    fn command(&self) -> String {
        format!("sha256sum {}", file(self.poll.id))
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
    Statement {
        passes: check.marks_equal_ballots(),
        heading: "check-marks",
        text: Message::new("check-marks-found")
            .with("marks", check.marks)
            .with("ballots", check.ballots),
    }
}

fn ballots(check: &Check) -> Statement {
    Statement {
        passes: check.ballots_are_whole(),
        heading: "check-ballots",
        text: Message::new("check-ballots-found")
            .with("ballots", check.ballots)
            .with("whole", check.filled.saturating_add(check.abstained))
            .with("strays", check.strays),
    }
}

fn sealed(check: &Check) -> Statement {
    Statement {
        passes: check.seal_fits(),
        heading: "check-seal",
        text: Message::new(match check.seal {
            SealCheck::Fits => "check-seal-fits",
            SealCheck::Rewritten => "check-seal-rewritten",
            SealCheck::NotInHistory => "check-seal-not-in-history",
            SealCheck::OtherCount => "check-seal-other-count",
        }),
    }
}

fn history(check: &Check) -> Statement {
    Statement {
        passes: check.history_is_whole(),
        heading: "check-history",
        text: match check.broken_entry {
            None => Message::new("check-history-whole"),
            Some(entry) => Message::new("check-history-broken").with("entry", entry),
        },
    }
}

/// Whether the person may read the numbers that were sealed.
fn may_read(poll: &Poll, user: &User, ballots: i64, now: Timestamp) -> bool {
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
