//! How the site is talked to: in limited time, with limited memory, and over a secure connection
//! unless it is on this machine.

use std::time::Duration;

use http::{Method, StatusCode, Uri, header};
use serde_json::Value;
use url::Url;

use super::Failure;
use crate::{config::is_loopback, oidc::transport::TransportError};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take: longer than the site itself would.
const PATIENCE: Duration = Duration::from_secs(35);
/// Largest answer taken, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// A site.
pub struct Server {
    base: Url,
    http: reqwest::Client,
}

/// What it answers.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body as JSON; null when it is none.
    pub body: Value,
}

impl Answer {
    /// A text of the body; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.body
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// A whole number of the body.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.body.get(name)?.as_i64()
    }
}

impl Server {
    /// The site that is seen at `base`.
    ///
    /// # Errors
    /// When tokens would travel there for everybody to read.
    pub fn at(base: &Url) -> Result<Self, Failure> {
        let is_here = is_loopback(base);
        if base.scheme() != "https" && !(base.scheme() == "http" && is_here) {
            let why = format!("{base}: only https:// keeps what you sign in with secret.");
            return Err(Failure::Refused(why));
        }
        // It is already there when several parts of one process start.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder();
        let builder = if is_here { builder.no_proxy() } else { builder };
        let http = builder
            .user_agent(concat!("rolecall/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .build();
        Ok(Self {
            base: base.clone(),
            http: http.map_err(|error| Failure::Unreachable(error.to_string()))?,
        })
    }

    /// Sends a form without a token, as the authorization server takes it.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Failure> {
        let request = self.request(Method::POST, path)?.form(fields);
        self.send(path, request).await
    }

    /// Reads something with a token.
    ///
    /// # Errors
    /// When no answer comes, or it is a refusal.
    pub async fn get(&self, path: &str, token: &str) -> Result<Answer, Failure> {
        let request = self.request(Method::GET, path)?.bearer_auth(token);
        granted(self.send(path, request).await?)
    }

    /// Sends JSON with a token, under a key by which the site knows it again.
    ///
    /// # Errors
    /// When no answer comes, or it is a refusal.
    pub async fn post(
        &self,
        path: &str,
        token: &str,
        key: &str,
        body: &Value,
    ) -> Result<Answer, Failure> {
        let request = self.request(Method::POST, path)?.bearer_auth(token);
        let request = request.header("idempotency-key", key).json(body);
        granted(self.send(path, request).await?)
    }

    fn request(&self, method: Method, path: &str) -> Result<reqwest::RequestBuilder, Failure> {
        let address = self.base.join(path);
        let address = address.map_err(|error| Failure::Unreachable(error.to_string()))?;
        let request = self.http.request(method, address);
        Ok(request.header(header::ACCEPT, "application/json"))
    }

    async fn send(&self, path: &str, request: reqwest::RequestBuilder) -> Result<Answer, Failure> {
        let place: Uri = format!("{}{path}", self.base.as_str().trim_end_matches('/'))
            .parse()
            .unwrap_or_default();
        let explain = |error| Failure::Unreachable(TransportError::of(&place, error).to_string());
        let mut response = request.send().await.map_err(explain)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(explain)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Failure::Unreachable(format!("{place}: too long an answer")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status: response.status(),
            body: serde_json::from_slice(&body).unwrap_or_default(),
        })
    }
}

/// The answer, unless it is a refusal (RFC 9457).
fn granted(answer: Answer) -> Result<Answer, Failure> {
    let status = answer.status;
    if status.is_success() && !answer.body.is_null() {
        return Ok(answer);
    }
    if status == StatusCode::UNAUTHORIZED {
        return Err(Failure::SignInFirst);
    }
    let said = [answer.text("detail"), answer.text("fate")];
    let said = said.into_iter().filter(|text| !text.is_empty());
    let said = said.collect::<Vec<_>>().join(" ");
    Err(match said.as_str() {
        "" => Failure::Unreachable(format!(
            "The site answers with {status} and no word of why."
        )),
        _ if status.is_server_error() => Failure::Unreachable(said),
        _ => Failure::Refused(said),
    })
}
