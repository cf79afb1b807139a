//! How we authenticate at the provider's token endpoint and its neighbours when a private key is
//! our credential: each request carries an assertion of its own (RFC 7523, 2.2 and 3; OpenID
//! Connect Core 1.0, section 9, `private_key_jwt`). With a secret the library does it all.

use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest};
use serde_json::json;
use url::form_urlencoded::Serializer;

use super::{
    client_request::Client,
    http::{Http, Outage},
    metadata::Discovered,
    provider::Provider,
};
use crate::{config::Credential, error::Result, metrics::Step};

/// The type of assertion.
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion can be used; each is used at once.
const LIFE: Duration = Duration::from_mins(5);

/// The way to the endpoints at which we say who we are. Good for one request: a provider takes
/// each assertion once.
pub struct AuthenticatedHttp {
    http: Http,
    assertion: Option<String>,
}

impl Provider {
    /// For one request to the endpoint of `step`: adds what proves who
    /// we are, unless the library has done so with the secret.
    ///
    /// # Errors
    /// When there is no randomness, or the key does not sign.
    pub(super) fn authenticated_http(
        &self,
        step: Step,
        known: &Discovered,
    ) -> Result<AuthenticatedHttp> {
        self.authenticated_http_of(self.web_client(), step, known)
    }

    /// The same as another client.
    pub(super) fn authenticated_http_of(
        &self,
        client: Client<'_>,
        step: Step,
        known: &Discovered,
    ) -> Result<AuthenticatedHttp> {
        let assertion = match client.credential {
            Credential::Secret(_) => None,
            Credential::PrivateKey(key) => {
                let now = self.clock.now();
                Some(key.jwt(&json!({
                    "iss": client.id,
                    "sub": client.id,
                    "aud": known.metadata.issuer().as_str(),
                    "iat": now.as_seconds(),
                    "exp": now.plus(LIFE).as_seconds(),
                    "jti": self.random.token()?,
                }))?)
            }
        };
        Ok(AuthenticatedHttp {
            http: self.http.at(step),
            assertion,
        })
    }
}

impl<'c> AsyncHttpClient<'c> for AuthenticatedHttp {
    type Error = Outage;
    type Future = <Http as AsyncHttpClient<'c>>::Future;

    fn call(&'c self, mut request: HttpRequest) -> Self::Future {
        if let Some(assertion) = &self.assertion {
            let form = String::from_utf8_lossy(request.body()).into_owned();
            let form = Serializer::new(form)
                .append_pair("client_assertion_type", TYPE)
                .append_pair("client_assertion", assertion)
                .finish();
            *request.body_mut() = form.into_bytes();
        }
        self.http.call(request)
    }
}
