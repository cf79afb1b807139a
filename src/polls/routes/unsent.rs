//! A vote that came after the person's session had ended is not recorded, and the person must
//! hear of it, and nobody else: a short-lived cookie remembers whose vote was lost in which poll,
//! never what was chosen, and the poll's page says so after the sign-in. In a named poll what was chosen is kept as any unsent
//! form is ([`crate::unsent`]) and filled in again.

use std::sync::Arc;

use std::time::Duration;

use axum::{
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use http::request::Parts;

use crate::{
    clock::{Clock, Timestamp},
    config::SiteConfig,
    error::{Error, Result},
    language::Message,
    paths,
    polls::{PollId, Polls, Standing, VoteForm},
    session::{self, Flash, Session},
    unsent::{self, Kept, UnsentForms},
    users::{User, UserId, Users, access::SignedIn},
};

const COOKIE: &str = "rolecall_unsent";
/// Long enough to sign in.
const LIFE: Duration = Duration::from_mins(10);

/// A [`SignedIn`] person who casts a vote.
pub struct Caster {
    /// Who.
    pub user: Arc<User>,
    /// In which session.
    pub session: Session,
    /// Where the site is, for cookies.
    pub site: SiteConfig,
}

impl<S> FromRequestParts<S> for Caster
where
    S: Send + Sync,
    Users: FromRef<S>,
    Polls: FromRef<S>,
    Clock: FromRef<S>,
    SiteConfig: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let found = <SignedIn as FromRequestParts<S>>::from_request_parts(parts, state).await;
        let site = SiteConfig::from_ref(state);
        let Some(author) = unsent::author_of_late_form(&parts.extensions) else {
            let SignedIn { user, session } = found.map_err(IntoResponse::into_response)?;
            return Ok(Self {
                user,
                session,
                site,
            });
        };
        let poll = PollId::from_request_parts(parts, state).await;
        let poll = poll.map_err(IntoResponse::into_response)?;
        let refused = match found {
            // They have signed in again since the page was opened, in another tab perhaps.
            Ok(_) => Redirect::to(&paths::poll(poll)).into_response(),
            Err(refused) => refused.into_response(),
        };
        let now = Clock::from_ref(state).now();
        let refused = if is_known_and_named(&Polls::from_ref(state), poll, now).await {
            unsent::refused(refused)
        } else {
            refused
        };
        let cookie = session::cookie(&site, COOKIE, lost_vote(poll, author), LIFE);
        Err((CookieJar::new().add(cookie), refused).into_response())
    }
}

/// What the cookie says: whose vote was lost in which poll.
fn lost_vote(poll: PollId, author: UserId) -> String {
    format!("{poll}.{author}")
}

/// Whether the votes of this poll carry names. On doubt they are secret; of a poll that nobody
/// may know of, nobody learns either.
async fn is_known_and_named(polls: &Polls, poll: PollId, now: Timestamp) -> bool {
    let poll = polls.find(poll).await;
    poll.is_ok_and(|poll| poll.is_some_and(|poll| poll.is_named() && poll.is_published(now)))
}

/// What this browser remembers of a lost vote.
pub struct Unsent {
    /// The value of the cookie.
    lost: Option<String>,
    person: Option<UserId>,
    kept: Kept,
    site: SiteConfig,
}

impl<S> FromRequestParts<S> for Unsent
where
    S: Send + Sync,
    SiteConfig: FromRef<S>,
    UnsentForms: FromRef<S>,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let site = SiteConfig::from_ref(state);
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = jar.get(&session::cookie_name(&site, COOKIE));
        let person = Option::<SignedIn>::from_request_parts(parts, state).await?;
        Ok(Self {
            lost: cookie.map(|cookie| cookie.value().to_owned()),
            person: person.map(|person| person.user.id),
            kept: Kept::from_request_parts(parts, state).await?,
            site,
        })
    }
}

impl Unsent {
    /// The form of this poll as it was sent, once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn form(&self, poll: PollId) -> Result<Option<VoteForm>> {
        self.kept.take(&paths::with_id(paths::VOTE, poll)).await
    }

    /// What to say on the page of this poll to a person with this standing, whose choice is
    /// filled in again or not.
    pub fn message(&self, poll: PollId, standing: Standing, filled_in: bool) -> Option<Flash> {
        let text = match standing {
            Standing::Voted | Standing::Closed { voted: true } => return None,
            Standing::CanVote if filled_in => "unsent-vote-filled-in",
            Standing::MayChange if filled_in => "unsent-change-filled-in",
            Standing::CanVote => "unsent-vote",
            Standing::MayChange => "unsent-change",
            _ => "unsent",
        };
        self.is_of(poll).then(|| Flash {
            kind: "error".to_owned(),
            text: Message::new(text),
        })
    }

    /// The page of this poll, which lets the browser forget.
    pub fn told(&self, poll: PollId, page: Response) -> Response {
        if !self.is_of(poll) {
            return page;
        }
        let removal = session::cookie(&self.site, COOKIE, String::new(), Duration::ZERO);
        (CookieJar::new().add(removal), page).into_response()
    }

    fn is_of(&self, poll: PollId) -> bool {
        let lost = self.person.map(|person| lost_vote(poll, person));
        lost.is_some() && lost == self.lost
    }
}
