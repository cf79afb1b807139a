//! Programs in a terminal, which hold tokens and are shown no page.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use demo_idp::{Controls, Person as Account};
use reqwest::Client;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::visitor::Visitor;
use crate::support::http_client;

const TOKEN: &str = "/api/auth/v2/token";
const VERIFIER: &str = "SECRET-verifier-0123456789-0123456789-0123456789";
const LISTENER: &str = "http://127.0.0.1:4711/back";

/// What a program is given and must keep.
const GIVEN: [&str; 3] = ["access_token", "refresh_token", "device_code"];

/// What it sends that nobody else may see.
const SENT: [&str; 4] = [
    "refresh_token",
    "device_code",
    "subject_token",
    "code_verifier",
];

pub struct Terminal {
    base_url: String,
    client: Client,
    /// Nowhere to be found.
    pub secrets: Vec<String>,
    /// Codes, which stand on the page that lets a program in.
    pub codes: Vec<String>,
}

impl Terminal {
    pub fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            client: http_client(),
            secrets: vec![VERIFIER.to_owned()],
            codes: Vec::new(),
        }
    }

    /// Programs sign in in every way that there is, and are refused.
    pub async fn live(&mut self, uma: &mut Visitor, op: &Controls) {
        let waiting = self.post("/api/auth/v2/device", &[]).await;
        enter(&waiting, &Account::uma()).await;
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        let code = text(&waiting, "device_code");
        let first = self.grant(grant, &[("device_code", &code)]).await;
        assert_eq!(self.ask(&text(&first, "access_token")).await, 200);
        let second = self.renew(&text(&first, "refresh_token")).await;
        assert_ne!(text(&second, "refresh_token"), "", "{second}");
        self.renew(&text(&first, "refresh_token")).await;
        self.renew("SECRET-made-up-0123456789").await;
        assert_eq!(self.ask("SECRET-made-up-0123456789").await, 401);
        self.exchange(op).await;
        self.redeem(uma).await;
        let fields = [("refresh_token", &*text(&second, "refresh_token"))];
        self.post("/api/auth/v2/logout", &fields).await;
        assert_eq!(self.ask(&text(&second, "access_token")).await, 401);
    }

    /// Trades a token of the provider, and one that is none.
    async fn exchange(&mut self, op: &Controls) {
        let grant = "urn:ietf:params:oauth:grant-type:token-exchange";
        let kind = "urn:ietf:params:oauth:token-type:access_token";
        let theirs = op.personal_access_token(&Account::uma().sub, Some(3600));
        assert_eq!(self.ask(&theirs).await, 200);
        for (token, is_good) in [(&*theirs, true), ("SECRET-no-token-0123456789", false)] {
            let fields = [("subject_token", token), ("subject_token_type", kind)];
            let answer = self.grant(grant, &fields).await;
            assert_eq!(answer["access_token"].is_string(), is_good, "{answer}");
        }
    }

    /// Is let in by way of the browser; then the code comes again.
    async fn redeem(&mut self, uma: &mut Visitor) {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let login = format!(
            "/api/auth/v2/login?redirect_uri={LISTENER}&state=a-state\
             &code_challenge={challenge}&code_challenge_method=S256"
        );
        uma.pass_provider(&login, "pick-uma").await;
        let allow = uma.last().links(".actions a.button").remove(0);
        let allow = Url::parse(&allow).expect("an address");
        let code = allow.query_pairs().find(|(name, _)| name == "code");
        let code = code.expect("a code").1.into_owned();
        self.codes.push(code.clone());
        let wrong = "SECRET-another-verifier-0123456789-0123456789-01";
        for (verifier, is_good) in [(wrong, false), (VERIFIER, true), (VERIFIER, false)] {
            let fields = [
                ("code", &*code),
                ("redirect_uri", LISTENER),
                ("code_verifier", verifier),
            ];
            let answer = self.grant("authorization_code", &fields).await;
            assert_eq!(answer["access_token"].is_string(), is_good, "{answer}");
        }
    }

    async fn renew(&mut self, token: &str) -> Value {
        self.grant("refresh_token", &[("refresh_token", token)])
            .await
    }

    async fn grant(&mut self, kind: &str, fields: &[(&str, &str)]) -> Value {
        let fields = [fields, &[("grant_type", kind)]].concat();
        self.post(TOKEN, &fields).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Value {
        let address = format!("{}{path}", self.base_url);
        let answer = self.client.post(address).form(fields).send().await;
        let answer: Value = answer.expect("an answer").json().await.expect("JSON");
        let sent = fields.iter().filter(|(name, _)| SENT.contains(name));
        self.secrets
            .extend(sent.map(|(_, value)| (*value).to_owned()));
        let given = GIVEN.iter().map(|name| text(&answer, name));
        self.secrets.extend(given);
        answer
    }

    /// The status of a request with this token.
    async fn ask(&mut self, token: &str) -> u16 {
        let address = format!("{}/api/private", self.base_url);
        let answer = self.client.get(address).bearer_auth(token).send().await;
        self.secrets.push(token.to_owned());
        answer.expect("an answer").status().as_u16()
    }
}

/// Somebody enters the code on the provider's page.
async fn enter(waiting: &Value, account: &Account) {
    let fields = [
        ("sub", account.sub.clone()),
        ("user_code", text(waiting, "user_code")),
    ];
    let page = text(waiting, "verification_uri");
    let answer = http_client().post(page).form(&fields).send().await;
    assert!(answer.expect("an answer").status().is_success());
}

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap_or_default().to_owned()
}
