//! Whom a token speaks for.

use axum::Json;
use serde::Serialize;

use crate::{
    api::caller::Caller,
    users::{Role, User},
};

/// What is known of a caller, in the words of OpenID Connect Core, 5.1; of a machine, little.
#[derive(Debug, Serialize)]
pub struct UserInfo {
    sub: String,
    iss: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    /// What the token may do now.
    roles: Vec<Role>,
}

/// `GET /api/auth/v2/userinfo`.
pub async fn userinfo(caller: Caller) -> Json<UserInfo> {
    let user = caller.user.as_deref();
    let text = |part: fn(&User) -> &str| {
        let text = user.map(part).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let email = user.and_then(|user| user.email.clone());
    Json(UserInfo {
        username: text(|user| match user.preferred_username.as_str() {
            "" => &user.subject,
            name => name,
        }),
        name: text(|user| &user.display_name),
        given_name: text(|user| &user.given_name),
        family_name: text(|user| &user.family_name),
        email_verified: email
            .is_some()
            .then(|| user.is_some_and(|user| user.email_verified)),
        email,
        roles: caller.role.into_iter().collect(),
        sub: caller.identity.subject,
        iss: caller.identity.issuer,
    })
}
