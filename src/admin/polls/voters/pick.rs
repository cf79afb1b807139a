//! Voters picked among the people who have signed in.

use std::{collections::HashSet, sync::Arc};

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{FromRef, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{after, closed, people, to_poll, to_polls, to_voters};
use crate::{
    admin::{
        Editor,
        list::{Part, Query},
        polls::Found,
    },
    clock::Clock,
    error::Result,
    language::Message,
    page::Page,
    paths,
    polls::{Poll, Polls},
    search::Words,
    session::csrf,
    statement::Order,
    users::{Filter, Standing, User, UserId, Users},
};

/// The people to pick from.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/voters/pick.html")]
struct PickPage {
    page: Page,
    poll: Arc<Poll>,
    people: Vec<User>,
    on_roll: HashSet<UserId>,
    part: Part,
    query: Query,
    back: String,
    voters: String,
    to_list: String,
    carried: Query,
}

impl PickPage {
    fn action(&self) -> String {
        self.carried
            .carried_to(&paths::with_id(paths::ADMIN_VOTERS_PICK, self.poll.id))
    }

    fn pages(&self) -> String {
        self.query
            .pages_at(&paths::with_id(paths::ADMIN_VOTERS_PICK, self.poll.id))
    }
}

/// What the page reads from.
#[derive(Clone, Debug)]
pub struct Sources {
    pub(super) polls: Polls,
    pub(super) users: Users,
    pub(super) clock: Clock,
}

impl<S> FromRef<S> for Sources
where
    Polls: FromRef<S>,
    Users: FromRef<S>,
    Clock: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            polls: Polls::from_ref(state),
            users: Users::from_ref(state),
            clock: Clock::from_ref(state),
        }
    }
}

/// `GET /admin/polls/{id}/voters/people/`: the people to pick from.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(sources): State<Sources>,
    Found(poll): Found,
    query: Query,
) -> Result<Response> {
    let state = poll.state(sources.clock.now());
    if let Some(refused) = closed(&editor, &poll, state).await? {
        return Ok(refused);
    }
    let words = Words::parse(query.get("q"));
    let found = Filter {
        standing: Some(Standing::Active),
        ..Filter::from(words)
    };
    let part = Part::of(sources.users.count(&found).await?, query.page());
    let (order, window) = (Order::default(), part.window());
    let people = sources.users.list(&found, &order, window).await?;
    let ids: Vec<UserId> = people.iter().map(|user| user.id).collect();
    let pick = PickPage {
        page,
        on_roll: sources.polls.on_roll(poll.id, &ids).await?,
        people,
        part,
        query,
        back: to_poll(&editor, &poll),
        voters: to_voters(&editor, &poll),
        to_list: to_polls(&editor),
        carried: editor.list,
        poll,
    };
    Ok(pick.into_response())
}

/// Who was ticked.
#[derive(Debug, Deserialize)]
pub struct PickForm {
    #[serde(default)]
    user: Vec<UserId>,
}

/// `POST /admin/polls/{id}/voters/people/`: puts them onto the list.
///
/// # Errors
/// When the database does not answer.
pub async fn add(
    editor: Editor,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    csrf::Form(form): csrf::Form<PickForm>,
) -> Result<Response> {
    let now = clock.now();
    if let Some(refused) = closed(&editor, &poll, poll.state(now)).await? {
        return Ok(refused);
    }
    if form.user.is_empty() {
        editor.warn("nobody-ticked").await?;
        let again = paths::with_id(paths::ADMIN_VOTERS_PICK, poll.id);
        return Ok(Redirect::to(&editor.list.carried_to(&again)).into_response());
    }
    let actor = editor.actor.clone();
    let edit = polls.add_voters(poll.id, form.user, actor, now).await?;
    let all = polls.count_voters(poll.id).await?;
    let done = Message::new("list-changed").with("people", people(all.all()));
    after(&editor, &poll, edit, done).await
}
