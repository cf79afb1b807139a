//! One person: what the provider says of them, and where they are signed in.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{extract::State, response::Redirect};
use serde::Deserialize;

use super::Found;
use crate::{
    admin::Editor,
    clock::Clock,
    error::Result,
    moment::{Day, Moment},
    page::Page,
    paths,
    session::{SessionRow, Sessions, csrf},
    users::{
        User, Users,
        administration::{ONESELF, SessionsOf, Step, sessions_ended},
        token_row::TokenRow,
    },
};

/// The value of [`EndForm::session`] that means all of the person, but for the one that asks.
const ALL: &str = "all";

/// A person.
#[derive(Template, WebTemplate)]
#[template(path = "admin/users/detail.html")]
pub struct DetailPage {
    page: Page,
    user: Arc<User>,
    deactivated: Option<Moment>,
    role_lost: Option<Moment>,
    /// When the role was last confirmed.
    confirmed: Moment,
    first_seen: Moment,
    /// The day of the last sign-in, in UTC.
    last_day: Option<Day>,
    sessions: Vec<SessionRow>,
    /// Their tokens for programs.
    tokens: Vec<TokenRow>,
    /// Where the forms that end tokens go.
    end_tokens: String,
    /// Whether the admin looks at themselves.
    is_oneself: bool,
    to_list: String,
    /// Where the forms that end sessions go.
    action: String,
    /// The page that asks before the step that is left to take.
    step: String,
}

impl DetailPage {
    /// Whether there is a session that can be ended here.
    fn has_sessions_to_end(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_current)
    }
}

/// `GET /admin/users/{id}/`: a person.
///
/// # Errors
/// When the database does not answer.
pub async fn show(
    page: Page,
    editor: Editor,
    State(sessions): State<Sessions>,
    State(users): State<Users>,
    State(clock): State<Clock>,
    Found(user): Found,
) -> Result<DetailPage> {
    let tokens = users.tokens_of(user.id).await?.into_iter();
    let token = |token| TokenRow::new(token, page.zone, clock.now());
    let sessions = sessions.list_of(user.id.0, Some(&editor.session)).await?;
    let row = |session| SessionRow::new(session, page.zone);
    let moment = |at| Moment::new(at, page.zone);
    let step = paths::admin_user_step(user.id, Step::next(&user).as_str());
    Ok(DetailPage {
        sessions: sessions.into_iter().map(row).collect(),
        tokens: tokens.map(token).collect(),
        end_tokens: editor
            .list
            .carried_to(&paths::with_id(paths::ADMIN_USER_TOKENS, user.id)),
        deactivated: user.deactivated_at.map(moment),
        role_lost: user.role_lost_at.map(moment),
        confirmed: moment(user.role_checked_at),
        first_seen: moment(user.first_seen_at),
        last_day: user.last_login_at.map(Day::of),
        is_oneself: editor.actor.is_user(user.id.0),
        to_list: editor.list.at(paths::ADMIN_USERS),
        action: editor.to_user(user.id),
        step: editor.list.carried_to(&step),
        page,
        user,
    })
}

/// Which sessions of the person end.
#[derive(Debug, Deserialize)]
pub struct EndForm {
    /// The handle of one, or [`ALL`].
    session: String,
}

/// `POST /admin/users/{id}/`: ends one session of the person, or all but the one that asks; the
/// browsers in which they were are signed out from their next request on.
///
/// # Errors
/// When the database does not answer.
pub async fn end(
    _page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(clock): State<Clock>,
    Found(user): Found,
    csrf::Form(form): csrf::Form<EndForm>,
) -> Result<Redirect> {
    let back = editor.to_user(user.id);
    let whose = if form.session == ALL {
        SessionsOf::Person(user)
    } else {
        SessionsOf::One(user, form.session)
    };
    let (kept, actor) = (editor.session.clone(), editor.actor.clone());
    let ended = users.end_sessions(whose, Some(kept), actor, clock.now());
    editor.tell(sessions_ended(ended.await?)).await?;
    Ok(Redirect::to(&back))
}
