//! Who is on the list.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{after, can_grow, can_shrink, people, to_voters};
use crate::{
    admin::{
        Editor,
        list::{PER_PAGE, Part, Query},
        polls::Found,
    },
    clock::Clock,
    error::Result,
    language::Message,
    page::Page,
    paths,
    polls::{
        Electorate, Poll, Polls, RollMode, RollSource,
        roll::{Enrolled, Invite, InviteKind, Invited, Removal, RollCount},
    },
    search::Words,
    session::csrf,
    users::UserId,
};

/// The list of voters.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/voters/list.html")]
struct VotersPage {
    page: Page,
    poll: Poll,
    /// Whether people can be added, and taken off.
    can_grow: bool,
    can_shrink: bool,
    rows: Vec<Row>,
    part: Part,
    /// How many are on the list, whatever the search.
    all: RollCount,
    electorate: Electorate,
    query: Query,
    back: String,
    to_list: String,
    /// The polls that this page was come from.
    carried: Query,
}

/// Somebody on the list.
struct Row {
    /// The name, or what there is instead of one.
    label: String,
    email: String,
    subject: String,
    has_signed_in: bool,
    is_late: bool,
    /// Whether they have voted, where that may be told.
    has_voted: Option<bool>,
    /// What takes them off the list.
    key: Vec<(&'static str, String)>,
}

impl Row {
    fn enrolled(voter: Enrolled, poll: &Poll) -> Self {
        Self {
            label: voter.name,
            email: voter.email.unwrap_or_default(),
            subject: voter.subject,
            has_signed_in: true,
            is_late: voter.source == RollSource::AddedLater,
            has_voted: poll.is_named().then_some(voter.has_voted),
            key: vec![("user", voter.user_id.to_string())],
        }
    }

    fn invited(Invited { invite, source }: Invited, poll: &Poll) -> Self {
        let (email, subject) = match invite.kind {
            InviteKind::Email => (invite.value.clone(), String::new()),
            InviteKind::Subject => (String::new(), invite.value.clone()),
        };
        Self {
            label: invite.value.clone(),
            email,
            subject,
            has_signed_in: false,
            is_late: source == RollSource::AddedLater,
            has_voted: poll.is_named().then_some(false),
            key: vec![
                ("kind", invite.kind.as_str().to_owned()),
                ("issuer", invite.issuer),
                ("value", invite.value),
            ],
        }
    }
}

impl VotersPage {
    fn pages(&self) -> String {
        self.query
            .pages_at(&paths::with_id(paths::ADMIN_VOTERS, self.poll.id))
    }

    fn at(&self, route: &str) -> String {
        self.carried
            .carried_to(&paths::with_id(route, self.poll.id))
    }

    /// Everybody, and how many of them have not signed in.
    fn summary(&self) -> Message {
        let summary = match self.all.invited {
            0 => Message::new("list-summary"),
            invited => Message::new("list-summary-invited").with("invited", invited),
        };
        summary.with("people", people(self.all.all()))
    }
}

/// `GET /admin/polls/{id}/voters/`: the list of voters, or the roles that vote.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    page: Page,
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    query: Query,
) -> Result<Response> {
    let words = Words::parse(query.get("q"));
    let found = polls.count_voters(poll.id, &words).await?;
    let part = Part::of(found.all(), query.page());
    let state = poll.state(clock.now());
    let list = VotersPage {
        page,
        can_grow: can_grow(state),
        can_shrink: can_shrink(state),
        rows: rows(&polls, &poll, &words, part, found).await?,
        part,
        all: polls.count_voters(poll.id, &Words::default()).await?,
        electorate: polls.electorate(poll.id).await?,
        back: editor.to_poll(poll.id),
        to_list: editor.list.at(paths::ADMIN_POLLS),
        carried: editor.list,
        query,
        poll,
    };
    Ok(list.into_response())
}

/// People by name first, invitations after them.
async fn rows(
    polls: &Polls,
    poll: &Poll,
    words: &Words,
    part: Part,
    found: RollCount,
) -> Result<Vec<Row>> {
    let enrolled = polls
        .enrolled(poll.id, words, part.offset(), PER_PAGE)
        .await?;
    let mut rows: Vec<Row> = enrolled
        .into_iter()
        .map(|voter| Row::enrolled(voter, poll))
        .collect();
    let left = PER_PAGE - i64::try_from(rows.len()).unwrap_or(PER_PAGE);
    let offset = (part.offset() - found.enrolled).max(0);
    let invited = polls.invited(poll.id, words, offset, left).await?;
    rows.extend(
        invited
            .into_iter()
            .map(|invited| Row::invited(invited, poll)),
    );
    Ok(rows)
}

/// Whom to take off the list.
#[derive(Debug, Deserialize)]
pub struct RemovalForm {
    user: Option<UserId>,
    kind: Option<InviteKind>,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    everybody: bool,
}

impl RemovalForm {
    fn removal(self) -> Option<Removal> {
        let (issuer, value) = (self.issuer, self.value);
        let invite = |kind| Invite {
            kind,
            issuer,
            value,
        };
        match (self.user, self.kind, self.everybody) {
            (Some(user), _, _) => Some(Removal::Enrolled(user)),
            (None, Some(kind), _) => Some(Removal::Invited(invite(kind))),
            (None, None, true) => Some(Removal::Everybody),
            (None, None, false) => None,
        }
    }
}

/// `POST /admin/polls/{id}/voters/`: takes somebody, or everybody, off the list.
///
/// # Errors
/// When the database does not answer.
pub async fn remove(
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    csrf::Form(form): csrf::Form<RemovalForm>,
) -> Result<Response> {
    let Some(removal) = form.removal() else {
        editor.warn("nobody-taken-off").await?;
        return Ok(Redirect::to(&to_voters(&editor, &poll)).into_response());
    };
    let actor = editor.actor.clone();
    let edit = polls.remove_voters(poll.id, removal, actor, clock.now());
    let edit = edit.await?;
    let left = polls.count_voters(poll.id, &Words::default()).await?;
    let done = Message::new("list-changed").with("people", people(left.all()));
    after(&editor, &poll, edit, done).await
}

/// `GET /admin/polls/{id}/voters.csv`: the list as a file. Who has voted stands in it in a named
/// poll only.
///
/// # Errors
/// When the database does not answer.
pub async fn file(
    editor: Editor,
    State(polls): State<Polls>,
    Found(poll): Found,
) -> Result<Response> {
    if poll.roll_mode != RollMode::List {
        return Ok(Redirect::to(&to_voters(&editor, &poll)).into_response());
    }
    let file = polls.download_roll(poll.id, poll.is_named()).await?;
    file.download(&format!("poll-{}-voters.csv", poll.id))
}
