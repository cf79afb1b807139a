//! Receipts: shown once after the vote, and looked up once the poll has closed.
//!
//! On its way from the form's answer to the confirmation a code is in a short-lived cookie. The
//! server keeps its hash beside the ballot and nothing of it beside the voter.

use std::{sync::Arc, time::Duration};

use askama::Template;
use axum::{
    extract::{FromRef, FromRequestParts, State},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::CookieJar;
use http::{StatusCode, request::Parts};
use serde::Deserialize;

use super::view::{find, html, moment, trail};
use crate::{
    clock::{Clock, Timestamp},
    config::SiteConfig,
    error::{Error, Result},
    language::Message,
    moment::Moment,
    page::Page,
    polls::{Poll, PollId, Polls, Receipt, Standing},
    session::{self, csrf},
    users::{User, access::SignedIn},
};

/// Long enough to follow a redirect.
const LIFE: Duration = Duration::from_mins(2);

/// The name of the cookie of a poll: votes in several tabs do not take each other's code away.
fn cookie_of(poll: PollId) -> String {
    format!("rolecall_receipt_{poll}")
}

/// The codes that this browser carries to the confirmations.
pub struct Carried {
    jar: CookieJar,
    site: SiteConfig,
}

impl<S> FromRequestParts<S> for Carried
where
    S: Send + Sync,
    SiteConfig: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let site = SiteConfig::from_ref(state);
        let jar = CookieJar::from_headers(&parts.headers);
        Ok(Self { jar, site })
    }
}

impl Carried {
    /// The code of the ballot in this poll.
    pub(super) fn receipt(&self, poll: PollId) -> Option<Receipt> {
        let name = session::cookie_name(&self.site, &cookie_of(poll));
        Receipt::parse(self.jar.get(&name)?.value())
    }

    /// The page that has shown the code of this poll, which lets the browser forget it.
    pub(super) fn shown(&self, poll: PollId, page: Response) -> Response {
        if self.receipt(poll).is_none() {
            return page;
        }
        let name = cookie_of(poll);
        let removal = session::cookie(&self.site, &name, String::new(), Duration::ZERO);
        (CookieJar::new().add(removal), page).into_response()
    }
}

/// The answer to a vote, with the code for the page that it leads to.
pub(super) fn carry(site: &SiteConfig, poll: PollId, receipt: Receipt, to: Response) -> Response {
    let cookie = session::cookie(site, &cookie_of(poll), receipt.to_string(), LIFE);
    (CookieJar::new().add(cookie), to).into_response()
}

/// What there is to say of receipts in a poll.
enum Step {
    /// The poll gives none.
    NotGiven,
    /// They can be looked up once the poll has closed.
    Later,
    /// Which one?
    Ask,
    /// What was typed is no code.
    Unreadable,
    /// Whether the ballot with this code is in the count.
    Answer(bool),
}

/// Where a code is looked up.
#[derive(Template)]
#[template(path = "polls/receipt.html")]
struct ReceiptPage {
    page: Page,
    poll: Arc<Poll>,
    closes: Option<Moment>,
    step: Step,
    typed: String,
}

/// The one field of the page.
#[derive(Debug, Deserialize)]
pub struct ReceiptForm {
    #[serde(default)]
    code: String,
}

impl ReceiptPage {
    async fn load(
        page: Page,
        polls: &Polls,
        id: PollId,
        user: &User,
        now: Timestamp,
    ) -> Result<Self> {
        let listed = find(polls, id, user).await?;
        let step = match listed.poll.standing(&listed.voter(user), now) {
            Standing::Hidden => return Err(Error::NotFound),
            Standing::Archived => return Err(Error::Gone),
            _ if !listed.poll.has_receipts() => Step::NotGiven,
            Standing::Closed { .. } => Step::Ask,
            _ => Step::Later,
        };
        Ok(Self {
            page,
            step,
            closes: moment(&listed.poll, listed.poll.closing()),
            poll: listed.poll,
            typed: String::new(),
        })
    }

    fn is_unreadable(&self) -> bool {
        matches!(self.step, Step::Unreadable)
    }

    fn problem(&self) -> Message {
        if self.is_unreadable() {
            Message::new("receipt-unreadable")
        } else {
            Message::default()
        }
    }

    fn trail(&self) -> [(String, String); 2] {
        trail(&self.page, &self.poll)
    }
}

/// `GET /polls/{id}/receipt/`: asks for a code.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived.
pub async fn ask(
    page: Page,
    SignedIn { user, .. }: SignedIn,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    id: PollId,
) -> Result<Response> {
    let asked = ReceiptPage::load(page, &polls, id, &user, clock.now()).await?;
    Ok(html(StatusCode::OK, &asked))
}

/// `POST /polls/{id}/receipt/`: says whether the ballot with the code is in the count. The code
/// stays out of the address, and so out of histories and logs.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived.
pub async fn look_up(
    page: Page,
    SignedIn { user, .. }: SignedIn,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    id: PollId,
    csrf::Form(form): csrf::Form<ReceiptForm>,
) -> Result<Response> {
    let mut asked = ReceiptPage::load(page, &polls, id, &user, clock.now()).await?;
    let mut status = StatusCode::OK;
    if matches!(asked.step, Step::Ask) {
        asked.step = if let Some(receipt) = Receipt::parse(&form.code) {
            Step::Answer(polls.counts(id, receipt).await?)
        } else {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            Step::Unreadable
        };
        asked.typed = form.code;
    }
    Ok(html(status, &asked))
}
