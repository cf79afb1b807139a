//! Signing in where there is no browser (RFC 8628): the person opens a page of the provider
//! elsewhere and enters a code. `rolecall check --sign-in` waits for it to see which role arrives:
//! nobody is signed in to the site, and nothing is stored. For programs it is only begun here;
//! [`super::device_poll`] goes on.

use std::{sync::Arc, time::Duration};

use openidconnect::{
    DeviceAuthorizationUrl, DeviceCodeErrorResponseType as Code, RequestTokenError, Scope,
    core::{CoreDeviceAuthorizationResponse, CoreTokenResponse},
};

use super::{
    callback::PATIENCE, claims::Documents, failure::Reason, http::Outage, metadata::Discovered,
    occasion::Occasion, provider::Provider,
};
use crate::{attempts::Evidence, metrics::Step, users::Role};

/// The least time between two questions, whatever the provider says.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// A sign-in that waits for its person.
pub struct DeviceSignIn<'p> {
    provider: &'p Provider,
    known: Arc<Discovered>,
    response: CoreDeviceAuthorizationResponse,
}

/// Why nobody was signed in.
#[derive(Debug)]
pub enum NotSignedIn {
    /// The provider does not offer it, or not to us; its error code or our words.
    NotOffered(String),
    /// The person declined.
    Declined,
    /// The person took too long.
    Expired,
    /// Something is wrong with an answer.
    Failed(Reason),
}

/// Who signed in, as a sign-in with a browser would see it.
pub struct Seen {
    /// The role that it would give.
    pub role: Option<Role>,
    /// The subject, the names of the claims, and why there is no role.
    pub evidence: Evidence,
}

impl Provider {
    /// Asks for a code for a person to enter.
    ///
    /// # Errors
    /// When the provider does not offer that.
    pub async fn begin_device(
        &self,
        known: Arc<Discovered>,
    ) -> Result<DeviceSignIn<'_>, NotSignedIn> {
        let not_offered = |why: &str| NotSignedIn::NotOffered(why.to_owned());
        let endpoint = known.device_authorization_endpoint();
        let endpoint = endpoint.ok_or_else(|| not_offered("discovery names no endpoint for it"))?;
        let endpoint = DeviceAuthorizationUrl::from_url(endpoint.clone());
        let client = known.client.clone().set_device_authorization_url(endpoint);
        // The library asks for `openid` by itself.
        let scopes = self.config.scopes.iter().filter(|scope| *scope != "openid");
        let request = client
            .exchange_device_code()
            .add_scopes(scopes.cloned().map(Scope::new));
        let http = self
            .authenticated_http(Step::Device, &known)
            .map_err(failed)?;
        let response = request.request_async(&http).await;
        match response {
            Ok(response) => Ok(DeviceSignIn {
                provider: self,
                known,
                response,
            }),
            Err(RequestTokenError::ServerResponse(refused)) => {
                Err(not_offered(refused.error().as_ref()))
            }
            Err(RequestTokenError::Request(outage)) => Err(failed(outage)),
            Err(_) => Err(failed(Reason::Answer)),
        }
    }
}

impl DeviceSignIn<'_> {
    /// The page that the person opens.
    #[must_use]
    pub fn verification_uri(&self) -> &str {
        self.response.verification_uri().as_str()
    }

    /// The same page with the code in it, where the provider has such an address.
    #[must_use]
    pub fn verification_uri_complete(&self) -> Option<&str> {
        let complete = self.response.verification_uri_complete()?;
        Some(complete.secret())
    }

    /// The code that the person enters there.
    #[must_use]
    pub fn user_code(&self) -> &str {
        self.response.user_code().secret()
    }

    /// The code by which the device asks whether the person has decided; a secret.
    #[must_use]
    pub fn device_code(&self) -> &str {
        self.response.device_code().secret()
    }

    /// How long both codes live.
    #[must_use]
    pub fn life(&self) -> Duration {
        self.response.expires_in()
    }

    /// The least time between two questions.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.response.interval()
    }

    /// Waits for the person, asking no more often than the provider wants (RFC 8628, 3.5), and
    /// looks at what comes as a sign-in does.
    ///
    /// # Errors
    /// Why nobody was signed in.
    pub async fn finish(self) -> Result<Seen, NotSignedIn> {
        let tokens = self.wait().await?;
        let mut evidence = Evidence::default();
        let answers = self
            .provider
            .examine(&self.known, tokens, Occasion::Device, &mut evidence);
        let answers = tokio::time::timeout(PATIENCE, answers).await;
        let answers = answers.unwrap_or(Err(Reason::Outage)).map_err(failed)?;
        let documents = Documents {
            userinfo: answers.userinfo.as_ref(),
            id_token: Some(&answers.id_token),
        };
        let role = self.provider.rules.read(documents).strongest;
        if role.is_none() {
            self.provider.rules.explain_none(documents, &mut evidence);
        }
        Ok(Seen {
            role: role.map(|assignment| assignment.role),
            evidence,
        })
    }

    async fn wait(&self) -> Result<CoreTokenResponse, NotSignedIn> {
        let client = &self.known.client;
        let request = client
            .exchange_device_access_token(&self.response)
            .set_max_backoff_interval(Duration::from_secs(10));
        let http = self
            .provider
            .authenticated_http(Step::Token, &self.known)
            .map_err(failed)?;
        let pause = |wanted: Duration| tokio::time::sleep(wanted.max(SHORTEST_PAUSE));
        let answer = request.request_async(&http, pause, None).await;
        answer.map_err(|error| match error {
            RequestTokenError::ServerResponse(refused) => match refused.error() {
                Code::AccessDenied => NotSignedIn::Declined,
                Code::ExpiredToken => NotSignedIn::Expired,
                other => NotSignedIn::NotOffered(other.to_string()),
            },
            RequestTokenError::Request(outage) => failed(outage),
            _ => failed(Outage("token endpoint: not a token response".to_owned())),
        })
    }
}

fn failed(reason: impl Into<Reason>) -> NotSignedIn {
    NotSignedIn::Failed(reason.into())
}
