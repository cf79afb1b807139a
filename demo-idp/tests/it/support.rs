//! A provider on a free port, and a relying party that does what the tests say.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use demo_idp::{Client, Controls, Endpoint, Knobs, Options, Person, Running, start_with};
use reqwest::{Response, header};
use serde_json::Value;
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

pub const APP: &str = "http://localhost:1";
pub const CALLBACK: &str = "http://localhost:1/oidc/callback/";
pub const SIGNED_OUT: &str = "http://localhost:1/oidc/logout/";
pub const NOW: i64 = 1_790_000_000;
/// The pair of RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const ALL_SCOPES: &str = "openid profile email offline_access";

/// A provider and a browser that keeps its cookie.
pub struct Bench {
    pub op: Running,
    pub client: Client,
    pub clock: Arc<AtomicI64>,
    pub http: reqwest::Client,
    pub cookie: Option<String>,
}

impl Bench {
    pub async fn new() -> Self {
        Self::with(Knobs::default(), |_| {}).await
    }

    pub async fn with(knobs: Knobs, change: impl FnOnce(&mut Options)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let clock = Arc::new(AtomicI64::new(NOW));
        let mut options = Options::demo(listener, APP);
        let shared = Arc::clone(&clock);
        options.clock = Arc::new(move || shared.load(Ordering::Relaxed));
        change(&mut options);
        let client = options.clients[0].clone();
        let op = start_with(options, knobs).await.unwrap();
        Self {
            op,
            client,
            clock,
            http: http(),
            cookie: None,
        }
    }

    pub fn controls(&self) -> &Controls {
        self.op.controls()
    }

    pub fn later(&self, secs: i64) {
        self.clock.fetch_add(secs, Ordering::Relaxed);
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.op.issuer())
    }

    /// An authorization request with these parameters on top of the usual ones; an empty value
    /// leaves a parameter out.
    pub async fn authorize(&self, changes: &[(&str, &str)]) -> Response {
        let query = self.authorization_query(changes);
        self.browse(
            self.http
                .get(self.url(&format!("/oauth/v2/authorize?{query}"))),
        )
        .await
    }

    pub fn authorization_query(&self, changes: &[(&str, &str)]) -> String {
        let mut params: Vec<(&str, &str)> = vec![
            ("client_id", &self.client.id),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changes {
            params.retain(|(known, _)| known != name);
            if !value.is_empty() {
                params.push((name, value));
            }
        }
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(params)
            .finish()
    }

    /// Presses a button of the account picker.
    pub async fn pick(&mut self, sub: &str, changes: &[(&str, &str)]) -> Response {
        let request = self.authorization_query(changes);
        let form = [("sub", sub), ("request", &request)];
        let response = self
            .browse(self.http.post(self.url("/ui/login")).form(&form))
            .await;
        self.keep_cookie(&response);
        response
    }

    pub fn keep_cookie(&mut self, response: &Response) {
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            self.cookie = Some(pair.to_owned());
        }
    }

    /// A request of the browser, with its cookie.
    pub async fn browse(&self, mut request: reqwest::RequestBuilder) -> Response {
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        request.send().await.unwrap()
    }

    /// A code for this person.
    pub async fn code(&mut self, person: &Person, scope: &str) -> String {
        let response = self.pick(&person.sub, &[("scope", scope)]).await;
        param(&location(&response), "code").unwrap()
    }

    /// A request of the client, authenticated by `client_secret_basic`.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.http.post(self.url(path)).form(form);
        request
            .basic_auth(&self.client.id, Some(&self.client.secret))
            .send()
            .await
            .unwrap()
    }

    /// Redeems a code.
    pub async fn redeem(&self, code: &str) -> Response {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.post("/oauth/v2/token", &form).await
    }

    /// The whole sign-in: the token answer.
    pub async fn sign_in(&mut self, person: &Person, scope: &str) -> Value {
        let code = self.code(person, scope).await;
        json(self.redeem(&code).await).await
    }

    /// UserInfo for an access token.
    pub async fn userinfo(&self, tokens: &Value) -> Response {
        let token = tokens["access_token"].as_str().unwrap();
        self.http
            .get(self.url("/oidc/v1/userinfo"))
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
    }

    pub async fn introspect(&self, token: &str) -> Value {
        json(self.post("/oauth/v2/introspect", &[("token", token)]).await).await
    }

    pub async fn discovery(&self) -> Value {
        let path = "/.well-known/openid-configuration";
        json(self.http.get(self.url(path)).send().await.unwrap()).await
    }

    pub async fn jwks(&self) -> Vec<Value> {
        let jwks = json(
            self.http
                .get(self.url("/oauth/v2/keys"))
                .send()
                .await
                .unwrap(),
        )
        .await;
        jwks["keys"].as_array().unwrap().clone()
    }

    pub fn last(&self, endpoint: Endpoint) -> demo_idp::RecordedRequest {
        self.controls().last(endpoint).unwrap()
    }
}

/// A client that follows no redirects and needs no TLS.
pub fn http() -> reqwest::Client {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy();
    builder
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

pub async fn json(response: Response) -> Value {
    response.json().await.unwrap()
}

pub fn location(response: &Response) -> String {
    response.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned()
}

pub fn param(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The error code in a redirect.
pub fn error(response: &Response) -> Option<String> {
    param(&location(response), "error")
}

/// Header and claims of a token, signature unchecked.
pub fn decode(token: &str) -> (Value, Value) {
    let parts: Vec<_> = token.split('.').collect();
    let part = |place: usize| {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[place]).unwrap()).unwrap()
    };
    (part(0), part(1))
}

pub fn id_token(tokens: &Value) -> (Value, Value) {
    decode(tokens["id_token"].as_str().unwrap())
}
