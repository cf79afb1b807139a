//! Somebody at a browser: a cookie jar, and what a person can do with a page.

use axum::{body::Body, response::Response};
use http::{HeaderMap, Method, Request, StatusCode, header};
use scraper::{Html, Selector};
use url::Url;

use super::{
    app::TestApp,
    cookies::{self, Cookies},
    http_client,
};

/// What a person sees: an answer, read to its end.
#[derive(Debug, Default)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 4 << 20)
            .await
            .expect("a whole answer");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self {
            status: parts.status,
            headers: parts.headers,
            text,
        }
    }

    /// The `Location` header, or nothing.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    /// The text of each element that matches, blanks made single.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let page = Html::parse_document(&self.text);
        let selector = Selector::parse(css).expect("a selector");
        let texts = page
            .select(&selector)
            .map(|element| element.text().collect::<String>());
        texts
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The text of the first element that matches; empty when none does.
    pub fn text_of(&self, css: &str) -> String {
        self.texts(css).into_iter().next().unwrap_or_default()
    }

    /// An attribute of each element that matches.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let page = Html::parse_document(&self.text);
        let selector = Selector::parse(css).expect("a selector");
        let values = page
            .select(&selector)
            .filter_map(|element| element.attr(name));
        values.map(str::to_owned).collect()
    }
}

tokio::task_local! {
    /// What every browser asks for that is used in this task; nothing where it is not set.
    pub static ACCEPT_LANGUAGE: &'static str;
}

/// Somebody at a browser.
#[derive(Clone)]
pub struct Person<'a> {
    app: &'a TestApp,
    cookies: Cookies,
    /// The provider's cookie in this browser.
    op_cookie: String,
}

impl<'a> Person<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            cookies: Cookies::new(),
            op_cookie: String::new(),
        }
    }

    /// The same browser, before another application.
    pub fn at<'b>(&self, app: &'b TestApp) -> Person<'b> {
        Person {
            app,
            cookies: self.cookies.clone(),
            op_cookie: self.op_cookie.clone(),
        }
    }

    /// Whether a page for those who are signed in is not refused. There is no such poll.
    pub async fn is_signed_in(&mut self) -> bool {
        self.get("/polls/1/").await.status == 404
    }

    /// The status of a page for staff: 404 for those who may see it, as there is no such poll.
    /// The provider is asked for the role when it is time.
    pub async fn results(&mut self) -> u16 {
        self.get("/polls/1/results/").await.status.as_u16()
    }

    /// The cookies of this browser, by name.
    pub fn cookies(&mut self) -> &mut Cookies {
        &mut self.cookies
    }

    /// Opens a page as a browser does.
    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(
            Request::get(path).header(header::ACCEPT, "text/html"),
            Body::empty(),
        )
        .await
    }

    /// Sends any request with this browser's cookies.
    pub async fn send(&mut self, request: http::request::Builder, body: Body) -> Reply {
        let asked = ACCEPT_LANGUAGE.try_with(|language| *language);
        let request = match asked {
            Ok(language) => request.header(header::ACCEPT_LANGUAGE, language),
            Err(_) => request,
        };
        let cookies = cookies::line(&self.cookies);
        let request = if cookies.is_empty() {
            request
        } else {
            request.header(header::COOKIE, cookies)
        };
        let reply = Reply::read(self.app.send(request.body(body).expect("a request")).await).await;
        cookies::keep(&mut self.cookies, &reply.headers);
        reply
    }

    /// Sends a form of this session, with its CSRF token.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.csrf_token().await;
        let fields = [fields, &[("csrf_token", token.as_str())]].concat();
        self.post_without_token(path, &fields).await
    }

    /// Sends a form as it is.
    pub async fn post_without_token(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// The token that this session's forms carry; empty when signed out.
    pub async fn csrf_token(&mut self) -> String {
        let profile = self.get("/user").await;
        let tokens = profile.attributes("input[name=csrf_token]", "value");
        tokens.into_iter().next().unwrap_or_default()
    }

    /// Signs in as one of the provider's people, `pick-uma` for instance; the answer to the
    /// callback.
    pub async fn sign_in(&mut self, pick: &str, next: &str) -> Reply {
        let callback = self.ask_provider(pick, next).await;
        self.get(&callback).await
    }

    /// Goes to the provider and picks somebody there; the path and query of the callback.
    pub async fn ask_provider(&mut self, pick: &str, next: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("next", next)
            .finish();
        self.ask_provider_at(&format!("/oidc/authenticate/?{query}"), pick)
            .await
    }

    /// The same from the page `start`.
    pub async fn ask_provider_at(&mut self, start: &str, pick: &str) -> String {
        let start = self.get(start).await;
        assert_eq!(start.status, 303, "sign-in starts: {}", start.text);
        self.pick_at_provider(start.location(), pick).await
    }

    /// Picks somebody on the provider's page, which `authorize` leads to.
    pub async fn pick_at_provider(&mut self, authorize: &str, pick: &str) -> String {
        let browser = http_client();
        let page = browser
            .get(authorize)
            .send()
            .await
            .expect("the provider answers");
        let page = Reply {
            status: page.status(),
            headers: page.headers().clone(),
            text: page.text().await.expect("a page"),
        };
        let action = page.attributes("form", "action").remove(0);
        let request = page.attributes("input[name=request]", "value").remove(0);
        let sub = page.attributes(&format!("#{pick}"), "value").remove(0);
        let action = Url::parse(authorize)
            .expect("a URL")
            .join(&action)
            .expect("a URL");
        let picked = browser
            .post(action)
            .form(&[("request", request), ("sub", sub)])
            .send();
        let picked = picked.await.expect("the provider answers");
        if let Some(cookie) = picked.headers().get(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            self.op_cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        }
        callback(picked.headers())
    }

    /// Passes by the provider, which knows this browser if somebody was picked in it; the path
    /// and query of the callback.
    pub async fn pass_provider(&self, authorize: &str) -> String {
        let passed = http_client()
            .get(authorize)
            .header(header::COOKIE, &self.op_cookie)
            .send();
        callback(passed.await.expect("the provider answers").headers())
    }
}

/// The path and query of the redirect back.
fn callback(headers: &HeaderMap) -> String {
    let callback = headers.get(header::LOCATION).expect("a redirect back");
    let callback = Url::parse(callback.to_str().expect("text")).expect("a URL");
    format!(
        "{}?{}",
        callback.path(),
        callback.query().unwrap_or_default()
    )
}
