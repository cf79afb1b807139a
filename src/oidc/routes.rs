//! Pages of sign-in.

use axum::{
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Oidc,
    arrival::{failed, receive},
    browser::Browser,
    choice::ChoicePage,
    failure::{Failure, Reason},
    provider::Callback,
    query::{AuthenticateQuery, Prompt},
};
use crate::{error::Result, page::Page, paths::ReturnPath, users::Users};

/// `GET /oidc/authenticate/`: sends the browser to the provider; asks to which, where there are
/// several and none is named.
///
/// # Errors
/// When the database does not answer.
pub async fn authenticate(
    page: Page,
    State(oidc): State<Oidc>,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let query = AuthenticateQuery::parse(&query.unwrap_or_default());
    let Some(provider) = oidc.chosen(&query) else {
        return Ok(ChoicePage::new(page, &oidc, &query).into_response());
    };
    let cookie = browser.login_cookie().map(str::to_owned);
    Ok(
        match oidc.begin(provider, Callback::Pages, query, cookie).await {
            Ok(request) => (
                browser.set_login_cookie(request.browser)?,
                Redirect::to(request.url.as_str()),
            )
                .into_response(),
            Err(failure) => failed(&oidc, page, &browser, failure).await,
        },
    )
}

/// `GET /oidc/callback/`, and below it one for each further provider: the browser comes back.
///
/// # Errors
/// When the database does not answer.
pub async fn callback(
    page: Page,
    State(oidc): State<Oidc>,
    State(users): State<Users>,
    browser: Browser,
    name: Option<Path<String>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let query = query.unwrap_or_default();
    let Some(provider) = oidc.of_callback(name.as_ref().map(|Path(name)| name.as_str())) else {
        let nowhere = Failure::new(Reason::NotACallback, ReturnPath::home());
        return Ok(failed(&oidc, page, &browser, nowhere).await);
    };
    let completed = oidc
        .complete(provider, Callback::Pages, &query, browser.login_cookie())
        .await;
    let name = oidc.name_in_links(provider);
    match completed.map_err(|failure| failure.at(name.clone())) {
        Ok(authentication) => {
            let frame = (page, &browser);
            receive(frame, &oidc, &users, provider, authentication).await
        }
        Err(failure)
            if browser.person.is_some() && failure.reason.is_no_matter_when_signed_in() =>
        {
            Ok(Redirect::to(failure.next.as_str()).into_response())
        }
        Err(failure) => Ok(failed(&oidc, page, &browser, failure).await),
    }
}

/// `GET /login`: shorthand for `/oidc/authenticate/`.
pub async fn login(RawQuery(query): RawQuery) -> Redirect {
    Redirect::to(&AuthenticateQuery::parse(&query.unwrap_or_default()).link())
}

/// `GET /signup`: a new account at the provider.
pub async fn sign_up(RawQuery(query): RawQuery) -> Redirect {
    let query = AuthenticateQuery::parse(&query.unwrap_or_default());
    Redirect::to(&query.with_prompt(Prompt::Create).link())
}
