//! Somebody at a browser who remembers every answer and every cookie.

use http::{HeaderMap, StatusCode, header};
use reqwest::{Client, RequestBuilder};
use scraper::{Html, Selector};
use url::Url;

use crate::support::{
    cookies::{self, Cookies},
    http_client,
    real_op::AtProvider,
};

/// What came back, as it came.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The value of a header, or nothing.
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name);
        let value = value.map(|value| value.to_str().expect("text"));
        value.unwrap_or_default().to_owned()
    }

    fn location(&self) -> String {
        self.header("location")
    }

    /// Where the links lead that a selector finds.
    pub fn links(&self, css: &str) -> Vec<String> {
        let links = Selector::parse(css).expect("a selector");
        let page = Html::parse_document(&self.text);
        let targets = page.select(&links).filter_map(|link| link.attr("href"));
        targets.map(str::to_owned).collect()
    }

    /// What others than the browser's cookie jar can see: all but cookies, and but the address
    /// of the provider, which must hold `state` and the like.
    pub fn seen(&self, provider: &Url) -> String {
        let mut headers = self.headers.clone();
        headers.remove(header::SET_COOKIE);
        let target = Url::parse(&self.location());
        if target.is_ok_and(|url| url.origin() == provider.origin()) {
            headers.remove(header::LOCATION);
        }
        format!("{headers:?}\n{}", self.text)
    }
}

pub struct Visitor {
    base_url: String,
    client: Client,
    cookies: Cookies,
    /// What a proxy says of where they are.
    forwarded_for: Option<&'static str>,
    pub answers: Vec<Answer>,
    pub csrf_tokens: Vec<String>,
    pub secrets: Vec<String>,
}

impl Visitor {
    pub fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            client: http_client(),
            cookies: Cookies::new(),
            forwarded_for: None,
            answers: Vec::new(),
            csrf_tokens: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// The same as a proxy tells it that was asked from `address`.
    pub fn behind_proxy(self, address: &'static str) -> Self {
        Self {
            forwarded_for: Some(address),
            ..self
        }
    }

    /// Somebody else, at the same site.
    pub fn stranger(&self) -> Self {
        Self::new(&self.base_url)
    }

    /// Puts a cookie into the jar.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub async fn get(&mut self, path: &str) -> &Answer {
        let request = self.client.get(format!("{}{path}", self.base_url));
        self.send(request).await
    }

    /// Sends a form with this session's CSRF token; the address that it leads to.
    pub async fn post(&mut self, path: &str) -> String {
        self.post_with(path, &[]).await
    }

    /// The same with these fields.
    pub async fn post_with(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        self.get("/user").await;
        let token = self.csrf_tokens.last().cloned().unwrap_or_default();
        let fields = [&[("csrf_token", token.as_str())], fields].concat();
        let request = self.client.post(format!("{}{path}", self.base_url));
        self.send(request.form(&fields)).await.location()
    }

    /// Signs in, the callback included; its path and query.
    pub async fn sign_in(&mut self, pick: &str, next: &str) -> String {
        let start = format!("/oidc/authenticate/?next={next}");
        self.pass_provider(&start, pick).await
    }

    /// Opens a page that leads to the provider, picks somebody there and comes back to where that
    /// leads; its path and query.
    pub async fn pass_provider(&mut self, start: &str, pick: &str) -> String {
        let authorize = self.get(start).await.location();
        let mut provider = AtProvider::open(&authorize).await;
        let sub = provider.page.attributes(&format!("#{pick}"), "value");
        provider.submit(&[("sub", &sub[0])]).await;
        let callback = provider.back();
        self.remember_query(&callback);
        self.get(&callback).await;
        callback
    }

    /// Goes to an address of the provider; the path and query that it leads back to.
    pub async fn follow(&mut self, address: &str) -> String {
        self.remember_query(address);
        AtProvider::open(address).await.back()
    }

    /// Sends a logout token, as the provider does.
    pub async fn deliver(&mut self, logout_token: &str) {
        let address = format!("{}/oidc/backchannel-logout/", self.base_url);
        let request = self.client.post(address);
        let request = request.form(&[("logout_token", logout_token)]);
        self.send(request).await;
        self.secrets.push(logout_token.to_owned());
    }

    fn remember_query(&mut self, address: &str) {
        let base = Url::parse(&self.base_url).expect("a URL");
        let address = base.join(address).expect("a URL");
        let secret = ["code", "state", "id_token_hint"];
        let pairs = address.query_pairs();
        let pairs = pairs.filter(|(name, _)| secret.contains(&name.as_ref()));
        self.secrets
            .extend(pairs.map(|(_, value)| value.into_owned()));
    }

    /// The last answer.
    pub fn last(&self) -> &Answer {
        self.answers.last().expect("an answer")
    }

    async fn send(&mut self, request: RequestBuilder) -> &Answer {
        let request = request
            .header(header::COOKIE, cookies::line(&self.cookies))
            .header(header::ACCEPT, "text/html");
        let request = match self.forwarded_for {
            Some(address) => request.header("x-forwarded-for", address),
            None => request,
        };
        let response = request.send().await.expect("the site answers");
        cookies::keep(&mut self.cookies, response.headers());
        self.secrets.extend(self.cookies.values().cloned());
        let answer = Answer {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.expect("a page"),
        };
        let tokens = csrf_tokens(&answer.text).into_iter();
        self.csrf_tokens
            .extend(tokens.filter(|token| !token.is_empty()));
        self.answers.push(answer);
        self.last()
    }
}

fn csrf_tokens(page: &str) -> Vec<String> {
    let inputs = Selector::parse("input[name=csrf_token]").expect("a selector");
    let page = Html::parse_document(page);
    let values = page.select(&inputs).filter_map(|input| input.attr("value"));
    values.map(str::to_owned).collect()
}
