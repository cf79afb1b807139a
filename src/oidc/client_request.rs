//! Requests that a client makes beside the library's own: to the revocation and introspection
//! endpoints.
//!
//! They are put together here because the library refuses addresses without https, which a
//! provider on this machine has.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use http::{Method, header};
use openidconnect::{AsyncHttpClient as _, AuthType, HttpRequest, HttpResponse};
use url::{Url, form_urlencoded};

use super::{failure::Reason, metadata::Discovered, provider::Provider};
use crate::{
    config::Credential,
    error::{Error, Result},
    metrics::Step,
};

/// As whom a request is made.
#[derive(Clone, Copy)]
pub(super) struct Client<'a> {
    /// `client_id`
    pub id: &'a str,
    /// What proves it.
    pub credential: &'a Credential,
}

impl Provider {
    /// The client that signs people in.
    pub(super) fn web_client(&self) -> Client<'_> {
        Client {
            id: &self.config.client_id,
            credential: &self.config.credential,
        }
    }

    /// Posts `fields` to `endpoint`, that of `step`, as `client`.
    pub(super) async fn post_as(
        &self,
        client: Client<'_>,
        step: Step,
        known: &Discovered,
        endpoint: &Url,
        fields: &[(&str, &str)],
    ) -> Result<HttpResponse, Reason> {
        let request = request(client, known.client.auth_type(), endpoint, fields)?;
        let http = self.authenticated_http_of(client, step, known)?;
        Ok(http.call(request).await?)
    }
}

/// RFC 6749, 2.3.1. A private key proves who we are later, in `authenticated_http_of`.
fn request(
    client: Client<'_>,
    auth_type: &AuthType,
    endpoint: &Url,
    fields: &[(&str, &str)],
) -> Result<HttpRequest> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let mut request = http::Request::builder()
        .method(Method::POST)
        .uri(endpoint.as_str())
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    match (client.credential.secret(), auth_type) {
        (Some(secret), AuthType::BasicAuth) => {
            let pair = format!("{}:{}", encoded(client.id), encoded(secret.expose()));
            let value = format!("Basic {}", BASE64.encode(pair));
            request = request.header(header::AUTHORIZATION, value);
        }
        (secret, _) => {
            form.append_pair("client_id", client.id);
            if let Some(secret) = secret {
                form.append_pair("client_secret", secret.expose());
            }
        }
    }
    let request = request.body(form.finish().into_bytes());
    request.map_err(Error::internal)
}

/// RFC 6749, 2.3.1.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
