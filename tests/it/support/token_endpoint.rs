//! A token endpoint that answers whatever a test wants: for tokens that no provider would issue,
//! many of them, and without going to the provider's pages.

use demo_idp::{
    Endpoint, Fault, LogoutToken, Minting, Patch, Person as Account, Signing, people::grants,
};
use serde_json::{Map, Value, json};

use super::{
    app::TestApp,
    person::{Person, Reply},
};

/// The access token in every answer.
pub const ACCESS_TOKEN: &str = "an-access-token";

/// A JSON object.
pub type Object = Map<String, Value>;

/// An ID token that is not signed yet: proper, unless a test bends it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// All claims.
    pub claims: Object,
    /// Changes to the header.
    pub header: Patch,
    /// Who signs.
    pub signing: Signing,
}

impl Draft {
    /// What the provider would issue to Uma, with her role in it.
    pub fn proper(app: &TestApp, nonce: &str) -> Self {
        let client = &app.op().clients()[0].id;
        let now = app.clock.now().as_seconds();
        let claims = json!({
            "iss": app.provider.issuer(),
            "sub": Account::uma().sub,
            "aud": [client, app.op().project_id()],
            "azp": client,
            "exp": now + 3600,
            "iat": now,
            "nonce": nonce,
            app.op().roles_claim(): grants(&["user"]),
        });
        Self {
            claims: claims.as_object().cloned().expect("an object"),
            ..Self::default()
        }
    }

    /// The compact serialization.
    pub fn sign(&self, app: &TestApp) -> String {
        let mut minting = Minting {
            header: self.header.clone(),
            signing: self.signing,
            ..Minting::default()
        };
        // The provider signs what it is given for logout tokens; what it adds is taken away.
        for name in ["iss", "aud", "iat", "exp", "jti", "events"] {
            minting.claims.remove(name);
        }
        for (name, value) in &self.claims {
            minting.claims.set(name, value.clone());
        }
        let token = LogoutToken {
            client_id: app.op().clients()[0].id.clone(),
            sub: None,
            sid: None,
            jti: None,
            minting,
        };
        app.op().logout_token(&token).expect("a signed token")
    }
}

/// A proper token response around an ID token.
pub fn token_response(id_token: &str) -> Value {
    json!({
        "access_token": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": 3600,
        "id_token": id_token,
    })
}

/// A sign-in that has begun and whose code will be redeemed for what the test says.
pub struct Attempt<'a> {
    app: &'a TestApp,
    person: Person<'a>,
    state: String,
    /// The `nonce` that the ID token has to carry.
    pub nonce: String,
}

impl<'a> Attempt<'a> {
    /// Begins a sign-in in an empty browser.
    pub async fn begin(app: &'a TestApp) -> Self {
        Self::to(app, "next=%2Fuser").await
    }

    /// Begins a sign-in with this query.
    pub async fn to(app: &'a TestApp, query: &str) -> Self {
        let mut person = app.anonymous();
        let start = person.get(&format!("/oidc/authenticate/?{query}")).await;
        assert_eq!(start.status, 303, "{}", start.text);
        let parameter = |name: &str| {
            let url = url::Url::parse(start.location()).expect("a URL");
            let found = url.query_pairs().find(|(key, _)| key == name);
            found.expect("the parameter").1.into_owned()
        };
        Self {
            app,
            state: parameter("state"),
            nonce: parameter("nonce"),
            person,
        }
    }

    /// The `state` with which it may come back.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Comes back with a code, for which the token endpoint answers `body`.
    pub async fn finish(self, body: &str) -> Reply {
        let fault = Fault::Status(200, body.to_owned());
        self.app.op().set(|k| k.fault(Endpoint::Token, fault));
        let query = format!("code=x&state={}", self.state);
        self.come_back(&query).await
    }

    /// Comes back with this query, escaped where a request line has to be.
    pub async fn come_back(mut self, query: &str) -> Reply {
        let url = url::Url::parse(&format!("http://localhost/?{query}")).expect("a URL");
        let query = url.query().unwrap_or_default();
        self.person.get(&format!("/oidc/callback/?{query}")).await
    }
}

/// An application whose provider has no userinfo endpoint, so that tokens are all that counts.
pub async fn without_userinfo() -> TestApp {
    let app = TestApp::start().await;
    app.op().set(|k| k.discovery.remove("userinfo_endpoint"));
    app
}
