//! A form to an endpoint at which we say who we are, with the client secret where there is one
//! (RFC 6749, 2.3.1).
//!
//! Put together here for endpoints that the library has no request for, or one that refuses
//! addresses without https, which a provider on this machine has.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use http::{Method, header};
use openidconnect::{AuthType, HttpRequest};
use url::{Url, form_urlencoded};

use super::{metadata::Discovered, provider::Provider};
use crate::error::{Error, Result};

impl Provider {
    /// A `POST` of `fields`. A private key proves who we are later, in `authenticated_http`.
    ///
    /// # Errors
    /// Never for an address that was found to be one.
    pub(super) fn client_request(
        &self,
        known: &Discovered,
        endpoint: &Url,
        fields: &[(&str, &str)],
    ) -> Result<HttpRequest> {
        let id = &self.config.client_id;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let mut request = http::Request::builder()
            .method(Method::POST)
            .uri(endpoint.as_str())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        match (self.config.credential.secret(), known.client.auth_type()) {
            (Some(secret), AuthType::BasicAuth) => {
                let pair = format!("{}:{}", encoded(id), encoded(secret.expose()));
                let value = format!("Basic {}", BASE64.encode(pair));
                request = request.header(header::AUTHORIZATION, value);
            }
            (secret, _) => {
                form.append_pair("client_id", id);
                if let Some(secret) = secret {
                    form.append_pair("client_secret", secret.expose());
                }
            }
        }
        let request = request.body(form.finish().into_bytes());
        request.map_err(Error::internal)
    }
}

/// RFC 6749, 2.3.1.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
