//! Errors as pages, or as JSON for programs.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Json,
    extract::{MatchedPath, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use serde::Serialize;

use super::{
    Page, RequestId,
    frame::Slot,
    problem::{fate, problem_of},
    script::{script_page, wants_json},
};
use crate::{config::SiteConfig, error::Problem, language::Message, paths, problem_json};

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

/// What is kept of a request to paint its error with: only what costs next to nothing, because
/// few requests end in one.
pub struct Asked {
    slot: Slot,
    site: SiteConfig,
    uri: Uri,
    headers: HeaderMap,
    casts: bool,
    request_id: String,
}

/// Where votes are sent.
const CASTING: [&str; 3] = [paths::VOTE, paths::REVIEW, paths::V1_BALLOT];

impl Asked {
    /// Takes note of `request`, on which a handler leaves its frame.
    pub fn of(request: &mut Request, site: &SiteConfig) -> Self {
        let matched = request.extensions().get::<MatchedPath>();
        let casts = request.method() == Method::POST
            && matched.is_some_and(|path| CASTING.contains(&path.as_str()));
        let slot = Slot::default();
        request.extensions_mut().insert(slot.clone());
        Self {
            slot,
            site: site.clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            casts,
            request_id: request
                .extensions()
                .get()
                .map_or_else(String::new, |RequestId(id)| id.clone()),
        }
    }

    /// Turns every error answer into a page in the site's frame, or JSON for programs.
    #[must_use]
    pub fn painted(&self, response: Response) -> Response {
        let mut response = match problem_of(&response) {
            Some(problem) if self.wants_json() || !response.status().is_redirection() => {
                self.paint(&problem, &response)
            }
            _ => response,
        };
        self.say_language(&mut response);
        response
    }

    fn wants_json(&self) -> bool {
        wants_json(&self.headers)
    }

    fn paint(&self, problem: &Problem, response: &Response) -> Response {
        let mut painted = if paths::is_api(self.uri.path()) {
            let problem = Problem {
                fate: self.fate(problem),
                ..problem.clone()
            };
            problem_json::body(&problem, self.uri.path(), &self.request_id)
        } else if self.wants_json() {
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
        // The page that the script runs on, to come back to after sign-in.
        let page = || script_page(&self.headers, &self.site.base_url);
        let login_url =
            (problem.status == StatusCode::UNAUTHORIZED).then(|| paths::authenticate(&page()));
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
        let anonymous = || Page::anonymous(&self.site, self.uri.path(), &self.headers);
        self.slot.0.get_or_init(anonymous)
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
