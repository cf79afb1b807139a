//! Errors as pages, or as JSON for programs.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use serde::Serialize;

use super::{
    Page, RequestId,
    frame::Slot,
    problem::{fate, problem_of},
    script::{script_page, wants_json},
};
use crate::{
    config::SiteConfig,
    error::Problem,
    language::Message,
    paths::{self, ReturnPath},
    problem_json,
};

#[derive(Template, WebTemplate)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    title: Message,
    message: Message,
    /// What became of the vote, when the request was one.
    fate: Option<&'static str>,
    request_id: String,
    /// Whether quoting the request id to somebody would help.
    ours: bool,
}

/// An error as a program reads it.
#[derive(Serialize)]
struct ErrorBody<'a> {
    code: &'static str,
    description: String,
    request_id: &'a str,
    /// Where to sign in, when that is what is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    login_url: Option<String>,
    /// What became of the vote, when the request was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    fate: Option<String>,
}

/// What is kept of a request to paint its error with.
struct Asked {
    slot: Slot,
    /// The frame for a request that failed before it had one.
    fallback: Page,
    casts: bool,
    /// The path, where that and not the request says that a program asks.
    api_path: Option<String>,
    wants_json: bool,
    /// The page that a script runs on, to come back to after sign-in.
    script_page: ReturnPath,
    request_id: String,
}

/// Where votes are sent.
const CASTING: [&str; 3] = [paths::VOTE, paths::REVIEW, paths::V1_BALLOT];

/// Turns every error answer into a page in the site's frame, or JSON for programs.
pub async fn paint(State(site): State<SiteConfig>, mut request: Request, next: Next) -> Response {
    let asked = Asked::new(&request, &site);
    request.extensions_mut().insert(asked.slot.clone());
    let response = next.run(request).await;
    let mut response = match problem_of(&response) {
        Some(problem) if asked.wants_json || !response.status().is_redirection() => {
            asked.paint(&problem, &response)
        }
        _ => response,
    };
    asked.say_language(&mut response);
    response
}

impl Asked {
    fn new(request: &Request, site: &SiteConfig) -> Self {
        let matched = request.extensions().get::<MatchedPath>();
        Self {
            slot: Slot::default(),
            fallback: Page::anonymous(site, request.uri().path(), request.headers()),
            casts: request.method() == Method::POST
                && matched.is_some_and(|path| CASTING.contains(&path.as_str())),
            api_path: Some(request.uri().path().to_owned()).filter(|path| paths::is_api(path)),
            wants_json: wants_json(request.headers()),
            script_page: script_page(request.headers(), &site.base_url),
            request_id: request
                .extensions()
                .get()
                .map_or_else(String::new, |RequestId(id)| id.clone()),
        }
    }

    fn paint(&self, problem: &Problem, response: &Response) -> Response {
        let mut painted = if let Some(path) = &self.api_path {
            let problem = Problem {
                fate: self.fate(problem),
                ..problem.clone()
            };
            problem_json::body(&problem, path, &self.request_id)
        } else if self.wants_json {
            self.json(problem)
        } else {
            self.html(problem)
        };
        *painted.status_mut() = problem.status;
        // What the handler said beside the text stays: Allow, Retry-After, cookies.
        for (name, value) in response.headers() {
            if name != header::CONTENT_TYPE
                && name != header::CONTENT_LENGTH
                && name != header::LOCATION
            {
                painted.headers_mut().append(name.clone(), value.clone());
            }
        }
        painted
    }

    fn json(&self, problem: &Problem) -> Response {
        let login_url = (problem.status == StatusCode::UNAUTHORIZED)
            .then(|| paths::authenticate(&self.script_page));
        let body = ErrorBody {
            code: problem.code,
            description: self.page().t(&problem.message).plain(),
            request_id: &self.request_id,
            login_url,
            fate: self.fate(problem).map(|fate| self.page().t(fate).plain()),
        };
        Json(body).into_response()
    }

    /// What became of the vote, when the request was one.
    fn fate(&self, problem: &Problem) -> Option<&'static str> {
        self.casts
            .then(|| problem.fate.unwrap_or_else(|| fate(problem.status)))
    }

    /// The frame that the handler was given, or one for whoever sent the request.
    fn page(&self) -> &Page {
        self.slot.0.get().unwrap_or(&self.fallback)
    }

    fn html(&self, problem: &Problem) -> Response {
        ErrorPage {
            page: self.page().clone(),
            title: problem.title.clone(),
            message: problem.message.clone(),
            fate: self.fate(problem),
            request_id: self.request_id.clone(),
            ours: problem.status.is_server_error(),
        }
        .into_response()
    }

    /// RFC 9110, 8.5.
    fn say_language(&self, response: &mut Response) {
        let headers = response.headers_mut();
        let is_page = headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if is_page {
            let language = HeaderValue::from_static(self.page().locale.language.as_str());
            headers.insert(header::CONTENT_LANGUAGE, language);
        }
    }
}
