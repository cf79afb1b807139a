//! Logout tokens and their delivery (OpenID Connect Back-Channel Logout).

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use serde_json::json;
use tokio::{runtime::Handle, sync::watch};

use crate::{
    error::Error,
    jwt::Minting,
    patch::members,
    provider::{Provider, lock},
    random,
    store::OpSession,
};

/// The member of `events` that makes a token a logout token (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Seconds a logout token lives.
const LIFETIME_SECS: i64 = 900;
/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Attempts per logout token, all with the same `jti`.
const ATTEMPTS: usize = 2;

/// A logout token to be made; every defect comes from `minting`.
#[derive(Clone, Debug)]
pub struct LogoutToken {
    /// The client it is for; must be registered.
    pub client_id: String,
    /// The person.
    pub sub: Option<String>,
    /// The session.
    pub sid: Option<String>,
    /// Its id; random when absent. Give one to deliver the same token twice.
    pub jti: Option<String>,
    /// How it is made.
    pub minting: Minting,
}

impl LogoutToken {
    /// A proper token for one session.
    #[must_use]
    pub fn new(client_id: &str, sub: &str, sid: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            sub: Some(sub.to_owned()),
            sid: Some(sid.to_owned()),
            jti: None,
            minting: Minting::default(),
        }
    }

    /// A proper token for all sessions of a person.
    #[must_use]
    pub fn for_person(client_id: &str, sub: &str) -> Self {
        Self {
            sid: None,
            ..Self::new(client_id, sub, "")
        }
    }

    /// The compact serialization.
    pub(crate) fn mint(&self, op: &Provider) -> Result<String, Error> {
        let client = op
            .client(&self.client_id)
            .ok_or(Error::Unknown("client of this id"))?;
        let now = op.now();
        let mut claims = members(json!({
            "iss": op.issuer,
            "aud": [self.client_id],
            "iat": now,
            "exp": now + LIFETIME_SECS,
            "jti": self.jti.clone().unwrap_or_else(random::token),
            "events": { EVENT: {} },
        }));
        for (claim, value) in [("sub", &self.sub), ("sid", &self.sid)] {
            claims.extend(value.as_ref().map(|value| (claim.to_owned(), json!(value))));
        }
        self.minting.mint(&op.keys(), &client.secret, claims)
    }
}

/// What became of a logout token that the provider sent by itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// The client.
    pub client_id: String,
    /// The session that ended.
    pub sid: String,
    /// The status of each attempt; none when there was no answer.
    pub statuses: Vec<Option<u16>>,
}

/// Takes logout tokens to clients, in the background.
pub(crate) struct Courier {
    http: reqwest::Client,
    runtime: Handle,
    under_way: watch::Sender<usize>,
    deliveries: Mutex<Vec<Delivery>>,
}

impl Courier {
    /// A courier on the current runtime.
    pub(crate) fn new() -> Result<Self, Error> {
        // Clients of this provider are on the same machine and plain HTTP; a TLS configuration
        // without roots spares the process a global one.
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(Error::Tls)?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(Error::Http)?;
        Ok(Self {
            http,
            runtime: Handle::current(),
            under_way: watch::Sender::new(0),
            deliveries: Mutex::default(),
        })
    }

    /// Comes back when nothing is under way.
    pub(crate) async fn settled(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self
            .under_way
            .subscribe()
            .wait_for(|count| *count == 0)
            .await;
    }

    /// What was delivered so far, in the order of completion.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.deliveries).clone()
    }

    /// Posts a logout token (section 2.5); gives the status.
    pub(crate) async fn post(&self, uri: &str, token: &str) -> Option<u16> {
        let request = self.http.post(uri).form(&[("logout_token", token)]);
        match request.send().await {
            Ok(response) => Some(response.status().as_u16()),
            Err(error) => {
                tracing::debug!(error = %error.without_url(), "a client did not take its logout token");
                None
            }
        }
    }
}

/// Tells every client that took part in `session` that it has ended.
pub(crate) fn announce(op: &Arc<Provider>, session: &OpSession) {
    let logout = lock(&op.knobs).logout.clone();
    if logout.silent {
        return;
    }
    for (client_id, uri) in &session.clients {
        let Some(uri) = uri.clone() else { continue };
        let token = LogoutToken {
            minting: logout.token.clone(),
            ..LogoutToken::new(client_id, &session.sub, &session.sid)
        };
        let delivery = Delivery {
            client_id: client_id.clone(),
            sid: session.sid.clone(),
            statuses: Vec::new(),
        };
        op.courier.under_way.send_modify(|count| *count += 1);
        let carrier = Arc::clone(op);
        op.courier
            .runtime
            .spawn(async move { carry(&carrier, uri, &token, delivery).await });
    }
}

async fn carry(op: &Provider, uri: String, token: &LogoutToken, mut delivery: Delivery) {
    match token.mint(op) {
        Ok(token) => {
            for _ in 0..ATTEMPTS {
                let status = op.courier.post(&uri, &token).await;
                delivery.statuses.push(status);
                if status.is_some_and(|status| (200..300).contains(&status)) {
                    break;
                }
            }
        }
        Err(error) => tracing::error!(%error, "no logout token could be made"),
    }
    lock(&op.courier.deliveries).push(delivery);
    op.courier.under_way.send_modify(|count| *count -= 1);
}
