//! Two identities of one person, after a move to another provider for instance: finding the other
//! one, a page that shows both, and the button that joins them. Never done by itself.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::Found;
use crate::{
    admin::Editor,
    clock::Clock,
    error::{Error, Result},
    list::Query,
    page::Page,
    paths,
    search::Words,
    session::csrf,
    statement::{Order, Window},
    users::{Filter, User, UserId, Users, administration::Taken},
};

/// People that a search shows.
const A_FEW: i64 = 20;

/// The page that looks for the other identity, and asks once it is found.
#[derive(Template, WebTemplate)]
#[template(path = "admin/users/merge.html")]
struct MergePage {
    page: Page,
    /// Who keeps key and votes.
    kept: Side,
    /// Who gives up the identity, once found.
    given_up: Option<Side>,
    /// The people to choose from.
    found: Vec<User>,
    query: Query,
    to_list: String,
    back: String,
}

/// One of the two.
struct Side {
    user: Arc<User>,
    votes: i64,
}

impl Side {
    async fn of(users: &Users, user: Arc<User>) -> Result<Self> {
        Ok(Self {
            votes: users.count_votes(user.id).await?,
            user,
        })
    }
}

impl MergePage {
    fn path(&self) -> String {
        paths::with_id(paths::ADMIN_USER_MERGE, self.kept.user.id)
    }

    /// This page with the other one found.
    fn with(&self, other: &User) -> String {
        self.query.with("other", other.id).at(&self.path())
    }

    /// Whether the two have the same e-mail address, as the provider says.
    fn has_same_email(&self, other: &User) -> bool {
        other.email.is_some() && other.email == self.kept.user.email
    }
}

/// `GET /admin/users/{id}/merge/`: looks for the other identity, and shows both.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    page: Page,
    editor: Editor,
    State(users): State<Users>,
    Found(user): Found,
    query: Query,
) -> Result<Response> {
    let other = query.get("other").parse().ok().map(UserId);
    let other = match other.filter(|other| *other != user.id) {
        Some(id) => users.find(id).await?.filter(|other| !other.is_gone()),
        None => None,
    };
    let is_searched = other.is_none() && !query.get("q").is_empty();
    let mut found = Vec::new();
    if is_searched {
        let filter = Filter::from(Words::parse(query.get("q")));
        found = users
            .list(&filter, &Order::default(), Window::first(A_FEW))
            .await?;
        found.retain(|other| other.id != user.id && !other.is_gone());
    }
    let given_up = match other {
        Some(other) => Some(Side::of(&users, other).await?),
        None => None,
    };
    let merge = MergePage {
        page,
        to_list: editor.list.at(paths::ADMIN_USERS),
        back: editor.to_user(user.id),
        kept: Side::of(&users, user).await?,
        given_up,
        found,
        query,
    };
    Ok(merge.into_response())
}

/// The identity that is given up.
#[derive(Debug, Deserialize)]
pub struct MergeForm {
    other: i64,
}

/// `POST /admin/users/{id}/merge/`: joins the two.
///
/// # Errors
/// 404 when there is no such person.
pub async fn merge(
    _page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(clock): State<Clock>,
    Found(user): Found,
    csrf::Form(form): csrf::Form<MergeForm>,
) -> Result<Redirect> {
    let (other, actor) = (UserId(form.other), editor.actor.clone());
    let taken = users.merge(user.id, other, actor, clock.now()).await?;
    match taken {
        Taken::NotFound => return Err(Error::NotFound),
        Taken::Done(_) => editor.tell(taken.of_merging()).await?,
        _ => editor.warn(taken.of_merging()).await?,
    }
    Ok(Redirect::to(&editor.to_user(user.id)))
}
