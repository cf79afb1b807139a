//! Somebody at a provider's own pages, without a real browser: cookies, redirects and forms.

use reqwest::RequestBuilder;
use url::Url;

use crate::support::{
    cookies::{self, Cookies},
    http_client,
    person::{Person, Reply},
};

/// More redirects than this in a row lead nowhere.
const PATIENCE: usize = 10;

/// A browser at a provider. Another one starts with empty cookies.
pub struct AtProvider {
    cookies: Cookies,
    address: Url,
    /// What it shows now; its last redirect once that led back to rolecall.
    pub page: Reply,
}

impl AtProvider {
    /// Opens an address, for example that of an authentication request.
    pub async fn open(address: &str) -> Self {
        let address = Url::parse(address).expect("a URL");
        let page = Reply::default();
        let mut browser = Self {
            cookies: Cookies::new(),
            address,
            page,
        };
        browser.load(reqwest::Client::get).await;
        browser
    }

    /// Goes on to another address with the same cookies.
    pub async fn goto(&mut self, address: &str) {
        self.address = Url::parse(address).expect("a URL");
        self.load(reqwest::Client::get).await;
    }

    /// Sends the form of the page with `fields` filled in.
    pub async fn submit(&mut self, fields: &[(&str, &str)]) {
        let names = self.page.attributes("form input[type=hidden]", "name");
        let values = self.page.attributes("form input[type=hidden]", "value");
        let mut form: Vec<_> = names.into_iter().zip(values).collect();
        let fields = fields.iter().map(|(name, value)| (*name, *value));
        form.extend(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let action = self.page.attributes("form", "action").into_iter().next();
        let action = self.address.join(&action.unwrap_or_default());
        self.address = action.expect("a URL");
        self.load(|client, url| client.post(url).form(&form)).await;
    }

    /// The path and query of another site that it has led to; empty while it has not.
    pub fn back(&self) -> String {
        let target = self.address.join(self.page.location()).expect("a URL");
        if target.origin() == self.address.origin() {
            return String::new();
        }
        format!("{}?{}", target.path(), target.query().unwrap_or_default())
    }

    /// Sends `request`, then follows redirects as long as they stay at the provider.
    async fn load(&mut self, request: impl FnOnce(&reqwest::Client, Url) -> RequestBuilder) {
        let client = http_client();
        self.send(request(&client, self.address.clone())).await;
        for _ in 0..PATIENCE {
            if self.page.location().is_empty() || !self.back().is_empty() {
                return;
            }
            let next = self.address.join(self.page.location());
            self.address = next.expect("a URL");
            self.send(client.get(self.address.clone())).await;
        }
        panic!("redirects without an end, at {}", self.address);
    }

    async fn send(&mut self, request: RequestBuilder) {
        let cookies = cookies::line(&self.cookies);
        let response = request.header("cookie", cookies).send().await;
        let response = response.expect("the provider answers");
        cookies::keep(&mut self.cookies, response.headers());
        self.page = Reply {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.expect("a page"),
        };
    }
}

impl Person<'_> {
    /// Begins to sign in; the person stands before the provider's page.
    pub async fn go_to_provider(&mut self, next: &str) -> AtProvider {
        let start = self.get(&format!("/oidc/authenticate/?next={next}")).await;
        assert_eq!(start.status, 303, "sign-in starts: {}", start.text);
        AtProvider::open(start.location()).await
    }

    /// Signs out here and then at the provider, which may ask back; the page in the end.
    pub async fn sign_out_at(&mut self, provider: &mut AtProvider, yes: &[(&str, &str)]) -> Reply {
        let left = self.post("/oidc/logout/", &[]).await;
        provider.goto(left.location()).await;
        if provider.back().is_empty() {
            provider.submit(yes).await;
        }
        self.get(&provider.back()).await
    }
}
