//! A program with a bearer token.

use axum::body::Body;
use demo_idp::Person as Account;
use http::{Method, Request, header};
use serde_json::Value;

use super::{app::TestApp, person::Reply};

/// A program that sends this token with each request, or none.
#[derive(Clone)]
pub struct Program<'a> {
    app: &'a TestApp,
    token: Option<String>,
}

impl TestApp {
    /// A program with this token.
    pub fn program(&self, token: impl Into<String>) -> Program<'_> {
        Program {
            app: self,
            token: Some(token.into()),
        }
    }

    /// A program with an access token that the provider has given to an account of its own, for
    /// an hour.
    pub fn program_of(&self, account: &Account) -> Program<'_> {
        self.program(self.op().personal_access_token(&account.sub, Some(3600)))
    }

    /// A program without a token.
    pub fn program_without_token(&self) -> Program<'_> {
        Program {
            app: self,
            token: None,
        }
    }
}

impl Program<'_> {
    pub async fn get(&self, path: &str) -> Reply {
        self.send(
            Request::builder().method(Method::GET).uri(path),
            Body::empty(),
        )
        .await
    }

    /// Sends any request with the token.
    pub async fn send(&self, request: http::request::Builder, body: Body) -> Reply {
        let request = match &self.token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        };
        Reply::read(self.app.send(request.body(body).expect("a request")).await).await
    }
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("JSON: {self:?}"))
    }

    /// The `code` of an error of the API.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}
