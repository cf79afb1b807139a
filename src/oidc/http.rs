//! The one way in which this program talks to an OpenID Provider: in limited time, with limited
//! memory, and only to the address that was asked for.

use std::{future::Future, pin::Pin, time::Duration};

use http::{StatusCode, Uri, header, uri::InvalidUri};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::Instrument as _;
use url::Url;

use super::transport::{TransportError, TransportErrorKind as Kind};
use crate::{
    clock::Timestamp,
    config::{LONGEST_CALL, is_loopback},
    error::{Error, Result},
    metrics::{self, Answer, Label as _, Step},
    telemetry::spans,
};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(3);

/// Largest answer taken, in bytes: enough for somebody with ten thousand roles, told twice.
pub(super) const LARGEST: usize = 4 * 1024 * 1024;

/// Why the provider cannot be used at the moment. Never holds what was sent or received.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Outage(pub String);

/// A JSON document, and what came with it.
#[derive(Clone, Debug)]
pub struct Document<T> {
    /// The document.
    pub content: T,
    /// How long it may be kept (`Cache-Control: max-age`).
    pub max_age: Option<Duration>,
    /// The provider's time when it answered (`Date`), to the second.
    pub date: Option<Timestamp>,
}

/// The client for all calls to the provider.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    /// What the calls are counted as.
    step: Step,
}

impl Http {
    /// A client for `provider` whose calls end after `timeout`, at most 10 s. It follows no
    /// redirect, so that no answer can lead it to another host, and uses the system's proxy
    /// settings for providers elsewhere.
    ///
    /// # Errors
    /// When the system's certificates cannot be used.
    pub fn new(provider: &Url, timeout: Duration) -> Result<Self> {
        // It is already there when several parts of one process start.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder();
        let builder = if is_loopback(provider) {
            builder.no_proxy()
        } else {
            builder
        };
        builder
            .user_agent(concat!("rolecall/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(timeout.min(LONGEST_CALL))
            .build()
            .map(|client| Self {
                client,
                step: Step::Discovery,
            })
            .map_err(Error::internal)
    }

    /// The same, whose calls are counted as `step`; as it is made, as discovery.
    #[must_use]
    pub fn at(&self, step: Step) -> Self {
        let client = self.client.clone();
        Self { client, step }
    }

    /// Fetches a JSON document, and how long it may be kept (`Cache-Control: max-age`).
    ///
    /// # Errors
    /// When it does not come, or is something else.
    pub async fn get<T: DeserializeOwned>(
        &self,
        url: &Url,
    ) -> Result<(T, Option<Duration>), Outage> {
        let document = self.document(url).await?;
        Ok((document.content, document.max_age))
    }

    /// Asks the server of `url` for any answer at all, an error included. One that takes long
    /// over it may still be there.
    ///
    /// # Errors
    /// When it is certain that none comes.
    pub async fn sign_of_life(&self, url: &Url) -> Result<(), Outage> {
        let mut root = url.clone();
        root.set_path("/");
        root.set_query(None);
        let answer = async {
            let mut answer = self.client.get(root).send().await?;
            answer.chunk().await
        };
        match answer.await {
            Err(error) if !error.is_timeout() => Err(Outage(crate::error::chain(&error))),
            _ => Ok(()),
        }
    }

    /// Fetches a JSON document with what came beside it.
    ///
    /// # Errors
    /// What exactly stood in the way.
    pub async fn document<T: DeserializeOwned>(
        &self,
        url: &Url,
    ) -> Result<Document<T>, TransportError> {
        let mut request = HttpRequest::new(Vec::new());
        let json = header::HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::ACCEPT, json);
        *request.uri_mut() = url.as_str().parse().map_err(|error: InvalidUri| {
            TransportError::new(&Uri::default(), Kind::Unreadable(error.to_string()))
        })?;
        let place = request.uri().clone();
        let response = self.send(request).await?;
        let kind = match serde_json::from_slice(response.body()) {
            _ if response.status().is_redirection() => Kind::Redirect(response.status()),
            _ if response.status() != StatusCode::OK => Kind::Status(response.status()),
            Ok(content) => {
                return Ok(Document {
                    content,
                    max_age: max_age(&response),
                    date: date(&response),
                });
            }
            Err(_) if is_web_page(&response) => Kind::WebPage,
            Err(error) => Kind::Unreadable(error.to_string()),
        };
        Err(TransportError::new(&place, kind))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let begun = Instant::now();
        let span = spans::call(self.step.as_str(), request.method(), request.uri());
        let response = self.exchange(request).instrument(span.clone()).await;
        let answer = match &response {
            Ok(response) => {
                spans::called(&span, Some(response.status()), "");
                Answer::Ok
            }
            Err(error) => {
                let (status, why) = error.kind.in_a_word();
                spans::called(&span, status, why);
                Answer::Unavailable
            }
        };
        metrics::provider_request(self.step, answer, begun.elapsed());
        response
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let place = request.uri().clone();
        let explain = |error| TransportError::of(&place, error);
        let request = reqwest::Request::try_from(request).map_err(explain)?;
        let mut response = self.client.execute(request).await.map_err(explain)?;
        if response.status().is_server_error() || response.status() == StatusCode::TOO_MANY_REQUESTS
        {
            let status = Kind::Status(response.status());
            return Err(TransportError::new(&place, status));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(explain)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(TransportError::new(&place, Kind::TooLarge));
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = response.headers().clone();
        Ok(answer)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Outage;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Outage>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async { Ok(self.send(request).await?) })
    }
}

fn max_age(response: &HttpResponse) -> Option<Duration> {
    let directives = response
        .headers()
        .get(header::CACHE_CONTROL)?
        .to_str()
        .ok()?;
    let seconds = directives
        .split(',')
        .find_map(|directive| directive.trim().strip_prefix("max-age="))?;
    seconds.parse().ok().map(Duration::from_secs)
}

/// RFC 9110, 5.6.7.
fn date(response: &HttpResponse) -> Option<Timestamp> {
    let text = response.headers().get(header::DATE)?.to_str().ok()?;
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(date.timestamp().into())
}

fn is_web_page(response: &HttpResponse) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_age_is_found_among_other_directives() {
        let mut response = HttpResponse::new(Vec::new());
        assert_eq!(max_age(&response), None);
        response.headers_mut().insert(
            header::CACHE_CONTROL,
            "public, max-age=300, must-revalidate".parse().unwrap(),
        );
        assert_eq!(max_age(&response), Some(Duration::from_mins(5)));
    }
}
