//! The page on which people make and end tokens for programs of theirs.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{FromRef, FromRequestParts, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{StatusCode, request::Parts};
use serde::Deserialize;

use super::{
    Role, User, Users,
    access::SignedIn,
    token_row::TokenRow,
    tokens::{self, LIFETIMES, LONGEST_NAME, Made, NewToken, TokensOf},
};
use crate::{
    audit::Actor,
    clock::{Clock, Timestamp},
    error::{Error, Result},
    language::Message,
    page::{Page, RequestId},
    paths,
    random::Random,
    session::{Session, csrf},
};

/// `templates/tokens.html`
#[derive(Template, WebTemplate)]
#[template(path = "tokens.html")]
pub struct TokensPage {
    page: Page,
    tokens: Vec<TokenRow>,
    /// The token that was just made, shown this once.
    fresh: Option<String>,
    /// What is wrong with the form.
    problem: Option<&'static str>,
    form: MakeForm,
    /// What a token of this person can do.
    roles: Vec<Role>,
}

/// A person at this page, as the history names them.
pub struct Owner {
    user: Arc<User>,
    session: Session,
    actor: Actor,
}

impl<S> FromRequestParts<S> for Owner
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let person = <SignedIn as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let SignedIn { user, session } = person;
        Ok(Self {
            actor: user.actor(user.role, RequestId::of(&parts.extensions)),
            user,
            session,
        })
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct MakeForm {
    name: String,
    role: String,
    days: u32,
}

/// Which one ends.
#[derive(Debug, Deserialize)]
pub struct EndForm {
    token: i64,
}

/// `GET /user/tokens/`: the person's tokens, and a form to make one.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    page: Page,
    owner: Owner,
    State(users): State<Users>,
    State(clock): State<Clock>,
) -> Result<TokensPage> {
    let form = MakeForm {
        days: 30,
        role: owner.user.role.as_str().to_owned(),
        ..MakeForm::default()
    };
    TokensPage::of(page, &owner.user, &users, clock.now(), form).await
}

/// `POST /user/tokens/make/`: makes a token and shows it, this once: there is no redirect, because
/// it would have to be kept for the page after it.
///
/// # Errors
/// When the form is not ours or the database does not answer.
pub async fn make(
    page: Page,
    owner: Owner,
    State(users): State<Users>,
    State(clock): State<Clock>,
    State(random): State<Random>,
    csrf::Form(form): csrf::Form<MakeForm>,
) -> Result<Response> {
    let Owner { user, actor, .. } = owner;
    let now = clock.now();
    let made = match NewToken::read(&user, &form.name, &form.role, form.days, now) {
        Ok(new) => {
            let token = tokens::generate(&random)?;
            match users
                .make_token(user.clone(), new, &token, actor, now)
                .await?
            {
                Made::Done => Ok(token),
                Made::NameTaken => Err("token-name-taken"),
                Made::TooMany => Err("token-too-many"),
            }
        }
        Err(problem) => Err(problem),
    };
    let shown = TokensPage::of(page, &user, &users, now, form).await?;
    Ok(match made {
        Ok(token) => shown.with_fresh(token).into_response(),
        Err(problem) => {
            let shown = TokensPage {
                problem: Some(problem),
                ..shown
            };
            (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()
        }
    })
}

/// `POST /user/tokens/end/`: ends a token of the person, from the next request on.
///
/// # Errors
/// When the form is not ours or the database does not answer.
pub async fn end(
    _page: Page,
    owner: Owner,
    State(users): State<Users>,
    State(clock): State<Clock>,
    csrf::Form(form): csrf::Form<EndForm>,
) -> Result<Redirect> {
    let whose = TokensOf::One(owner.user, form.token);
    let ended = users.end_tokens(whose, owner.actor, clock.now()).await?;
    let said = if ended > 0 {
        "token-ended"
    } else {
        "token-had-ended"
    };
    owner.session.flash("success", Message::new(said)).await?;
    Ok(Redirect::to(paths::USER_TOKENS))
}

/// `GET` of the addresses that only take forms: back to the list.
pub async fn back(_person: SignedIn) -> Redirect {
    Redirect::to(paths::USER_TOKENS)
}

impl TokensPage {
    async fn of(
        page: Page,
        user: &User,
        users: &Users,
        now: Timestamp,
        form: MakeForm,
    ) -> Result<Self> {
        let tokens = users.tokens_of(user.id).await?.into_iter();
        let roles = Role::ALL.iter().copied();
        Ok(Self {
            tokens: tokens
                .map(|token| TokenRow::new(token, page.zone, now))
                .collect(),
            fresh: None,
            problem: None,
            form,
            roles: roles.filter(|role| *role <= user.role).collect(),
            page,
        })
    }

    /// The same with a token, and an empty form for the next one.
    fn with_fresh(self, token: String) -> Self {
        let form = MakeForm {
            name: String::new(),
            ..self.form
        };
        Self {
            fresh: Some(token),
            form,
            ..self
        }
    }

    /// What is wrong with the form; empty when nothing is.
    fn error(&self) -> Message {
        self.problem.map(Message::new).unwrap_or_default()
    }
}
