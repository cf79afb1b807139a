//! The one way in which this program talks to an OpenID Provider: in limited time, with limited
//! memory, and only to the address that was asked for.

use std::{future::Future, pin::Pin, time::Duration};

use http::{Method, StatusCode, header};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use url::Url;

use crate::{
    config::is_loopback,
    error::{Error, Result},
};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(3);

/// How long one call may take in all, whatever is configured: a person waits for it.
const LONGEST: Duration = Duration::from_secs(10);

/// Largest answer taken, in bytes: enough for somebody with ten thousand roles, told twice.
const LARGEST: usize = 4 * 1024 * 1024;

/// Why the provider cannot be used at the moment. Never holds what was sent or received.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Outage(pub String);

/// The client for all calls to the provider.
#[derive(Clone, Debug)]
pub struct Http(reqwest::Client);

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
            .timeout(timeout.min(LONGEST))
            .build()
            .map(Self)
            .map_err(Error::internal)
    }

    /// Fetches a JSON document, and how long it may be kept (`Cache-Control: max-age`).
    ///
    /// # Errors
    /// When it does not come, or is something else.
    pub async fn get<T: DeserializeOwned>(
        &self,
        url: &Url,
    ) -> Result<(T, Option<Duration>), Outage> {
        let request = http::Request::builder()
            .method(Method::GET)
            .uri(url.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|error| Outage(format!("{url}: {error}")))?;
        let response = self.send(request).await?;
        if response.status() != StatusCode::OK {
            return Err(Outage(format!("{url}: status {}", response.status())));
        }
        let document = serde_json::from_slice(response.body())
            .map_err(|error| Outage(format!("{url}: not the document expected: {error}")))?;
        Ok((document, max_age(&response)))
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
            let mut answer = self.0.get(root).send().await?;
            answer.chunk().await
        };
        match answer.await {
            Err(error) if !error.is_timeout() => Err(Outage(crate::error::chain(&error))),
            _ => Ok(()),
        }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Outage> {
        let place = request.uri().clone();
        let explain = |error: reqwest::Error| {
            Outage(format!(
                "{place}: {}",
                crate::error::chain(&error.without_url())
            ))
        };
        let request = reqwest::Request::try_from(request).map_err(explain)?;
        let mut response = self.0.execute(request).await.map_err(explain)?;
        if response.status().is_server_error() || response.status() == StatusCode::TOO_MANY_REQUESTS
        {
            return Err(Outage(format!("{place}: status {}", response.status())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(explain)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Outage(format!("{place}: more than {LARGEST} bytes")));
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
        Box::pin(self.send(request))
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
