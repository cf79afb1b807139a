//! What every page needs, assembled in one place, and how errors become pages.

use std::sync::{Arc, OnceLock};

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Json,
    extract::{FromRef, FromRequestParts, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use serde::Serialize;
use url::{Position, Url};

use crate::{
    assets, attempts,
    config::SiteConfig,
    db::Db,
    error::{Error, Problem, Result},
    language::{Language, Locale, Message, Preferences, Text, Theme, Zone},
    paths::{self, ReturnPath},
    problem_json,
    session::{self, Flash},
    users::{Role, Users, access::SignedIn},
};

/// What the frame around every page shows.
#[derive(Clone, Debug)]
pub struct Page {
    /// Who reads it: in which language, and where their clocks stand.
    pub locale: Locale,
    /// What they have chosen themselves.
    pub preferences: Preferences,
    /// Address of the style sheet.
    pub app_css: &'static str,
    /// Address of the icon.
    pub icon: &'static str,
    /// Whether this is a demo, which every page then says.
    pub demo: bool,
    /// Who is signed in.
    pub person: Option<Person>,
    /// The CSRF token of this session's forms; empty when nobody is signed in.
    pub csrf_token: String,
    /// Messages to show once.
    pub flash: Vec<Flash>,
    /// Which part of the site this is, for the navigation.
    pub section: &'static str,
    /// Version of this program.
    pub version: &'static str,
    /// Where "Sign in" leads: back to this page.
    pub sign_in_href: String,
    /// Its path, to come back to.
    pub path: ReturnPath,
    /// The public address of the site.
    pub base_url: Url,
    /// The zone that times are shown in which belong to no poll.
    pub zone: Zone,
}

/// Who is signed in, as the header shows it.
#[derive(Clone, Debug)]
pub struct Person {
    /// Name to show.
    pub name: String,
    /// Current role.
    pub role: Role,
}

impl Page {
    /// The frame without a person, for a browser that sends `headers`: asks nothing of the
    /// database.
    #[must_use]
    pub fn anonymous(site: &SiteConfig, path: &str, headers: &HeaderMap) -> Self {
        let path = ReturnPath::parse(path);
        let page = Self {
            locale: Locale::default(),
            preferences: Preferences::default(),
            app_css: assets::APP_CSS.as_str(),
            icon: assets::ICON.as_str(),
            demo: site.demo,
            person: None,
            csrf_token: String::new(),
            flash: Vec::new(),
            section: section(path.as_str()),
            version: env!("CARGO_PKG_VERSION"),
            sign_in_href: paths::authenticate(&path),
            path,
            base_url: site.base_url.clone(),
            zone: "UTC",
        };
        page.preferring(in_browser(headers, site), headers)
    }

    /// The same frame as `preferences` want it.
    #[must_use]
    fn preferring(mut self, preferences: Preferences, headers: &HeaderMap) -> Self {
        self.locale = preferences.locale(headers);
        self.preferences = preferences;
        self.zone = preferences.zone.unwrap_or("UTC");
        self
    }

    /// The colours: `auto`, `light` or `dark`.
    #[must_use]
    pub fn theme(&self) -> &'static str {
        self.preferences.theme.unwrap_or(Theme::Auto).as_str()
    }

    /// The languages to change to.
    pub fn other_languages(&self) -> impl Iterator<Item = &'static Language> {
        let current = self.locale.language;
        Language::ALL
            .iter()
            .filter(move |language| **language != current)
    }

    /// A message, a time or whatever else is said, for whoever reads this page.
    #[must_use]
    pub fn t(&self, message: impl Into<Message>) -> Text {
        self.locale.t(message)
    }

    /// The same frame after the person's session has ended.
    #[must_use]
    pub fn without_person(self) -> Self {
        Self {
            person: None,
            csrf_token: String::new(),
            ..self
        }
    }

    /// Whether results may be offered.
    #[must_use]
    pub fn is_for_staff(&self) -> bool {
        self.person
            .as_ref()
            .is_some_and(|person| person.role.is_staff())
    }

    async fn with(self, person: SignedIn, parts: &Parts, site: &SiteConfig) -> Result<Self> {
        let preferences = person.user.preferences();
        let preferences = preferences.or(in_browser(&parts.headers, site));
        let mut page = self.preferring(preferences, &parts.headers);
        page.csrf_token = person.session.csrf_token().await?.unwrap_or_default();
        // The answer to a form mostly leads elsewhere, and a script shows none: the messages wait
        // for a page that somebody sees.
        if parts.method == Method::GET && !wants_json(&parts.headers) {
            page.flash = person.session.take_flash().await?;
        }
        page.person = Some(Person {
            name: person.user.name().to_owned(),
            role: person.user.role,
        });
        Ok(page)
    }

    /// An admin in the console hears when people who had a role are turned away in numbers.
    async fn warned(mut self, db: &Db) -> Result<Self> {
        let is_admin = self
            .person
            .as_ref()
            .is_some_and(|person| person.role.is_admin());
        if is_admin && self.section == "admin" && attempts::role_claim_is_missing(db).await? {
            self.flash.push(Flash {
                kind: "error".to_owned(),
                text: Message::new("role-claim-missing"),
            });
        }
        Ok(self)
    }
}

/// What was chosen in this browser, whoever is signed in.
fn in_browser(headers: &HeaderMap, site: &SiteConfig) -> Preferences {
    Preferences::of_cookie(headers, &session::cookie_name(site, Preferences::COOKIE))
}

fn section(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("polls") => "polls",
        Some("admin") => "admin",
        Some("user") => "user",
        Some("") => "home",
        _ => "",
    }
}

/// Where an extracted [`Page`] is left for [`paint`], so that an error page keeps its frame.
#[derive(Clone, Default)]
struct Slot(Arc<OnceLock<Page>>);

impl<S> FromRequestParts<S> for Page
where
    S: Send + Sync,
    Users: FromRef<S>,
    SiteConfig: FromRef<S>,
    Db: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let site = SiteConfig::from_ref(state);
        let page = Self::anonymous(&site, path, &parts.headers);
        let page = match Option::<SignedIn>::from_request_parts(parts, state).await? {
            Some(person) => {
                let page = page.with(person, parts, &site).await?;
                page.warned(&Db::from_ref(state)).await?
            }
            None => page,
        };
        if let Some(Slot(slot)) = parts.extensions.get() {
            slot.get_or_init(|| page.clone());
        }
        Ok(page)
    }
}

/// The number by which a request is found in the log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

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
                && matched
                    .is_some_and(|path| [paths::VOTE, paths::REVIEW].contains(&path.as_str())),
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
            problem_json::body(problem, path, &self.request_id)
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

/// What is refused was not recorded. When something failed, the commit may have gone through
/// before its answer was lost.
fn fate(status: StatusCode) -> &'static str {
    if status.is_server_error() {
        "fate-unknown"
    } else {
        "fate-not-recorded"
    }
}

/// The problem a response carries, or one made up for a bare error status of the framework.
fn problem_of(response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_bare = content_type.is_none_or(|value| value.as_bytes().starts_with(b"text/plain"));
    (is_error && is_bare).then(|| bare(status))
}

fn bare(status: StatusCode) -> Problem {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => Problem {
            status,
            code: "method_not_allowed",
            title: Message::new("method-not-allowed-title"),
            message: Message::new("method-not-allowed"),
            fate: None,
        },
        StatusCode::NOT_FOUND => Error::NotFound.problem(),
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge.problem(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::UnsupportedMediaType.problem(),
        status if status.is_server_error() => Problem {
            status,
            ..Error::internal("made by the framework").problem()
        },
        status => Problem {
            status,
            ..Error::BadRequest("nothing-changed").problem()
        },
    }
}

/// Whether a script rather than a person waits for the answer.
#[must_use]
pub fn wants_json(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| {
        headers
            .get(name)
            .is_some_and(|sent| sent.as_bytes().eq_ignore_ascii_case(value.as_bytes()))
    };
    let accepts_html = headers.get(header::ACCEPT).is_none_or(|accept| {
        accept
            .to_str()
            .is_ok_and(|accept| accept.contains("text/html") || accept.contains("*/*"))
    });
    !accepts_html
        || is("x-requested-with", "XMLHttpRequest")
        || is("sec-fetch-mode", "cors")
        || is("sec-fetch-dest", "empty")
}

/// The page of this site that a request comes from, else the home page: a script's own address
/// is nothing to come back to.
fn script_page(headers: &HeaderMap, base_url: &Url) -> ReturnPath {
    let referer = headers.get(header::REFERER);
    let referer = referer.and_then(|referer| Url::parse(referer.to_str().ok()?).ok());
    let page = referer.filter(|page| page.origin() == base_url.origin());
    page.map_or_else(ReturnPath::home, |page| {
        ReturnPath::parse(&page[Position::BeforePath..Position::AfterQuery])
    })
}
