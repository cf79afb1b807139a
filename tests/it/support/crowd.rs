//! Many people with a browser each, too many to send them all past the provider.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::Body;
use http::{Request, StatusCode, header};
use reqwest::Client;
use rolecall::{
    paths,
    polls::{ChoiceId, PollId},
    users::{Role, UserId},
};
use tower_sessions::Session;

use super::{app::TestApp, polls::voter};

/// Two processes of the application that share the requests, as behind a load balancer.
pub struct Site {
    browser: Client,
    base_urls: [String; 2],
    requests: AtomicUsize,
}

/// Somebody who is signed in.
pub struct Member {
    pub user: UserId,
    /// The value of the session's cookie.
    session: String,
}

/// How long an answer may take: crowds wait for each other.
const PATIENCE: Duration = Duration::from_mins(1);

/// What every member's forms carry.
const CSRF_TOKEN: &str = "the token of this session";

impl Site {
    /// Starts another process on the database of `app`, and lets both listen.
    pub async fn open(app: &TestApp) -> Self {
        let other = app.another_instance(|_| ()).await;
        Self {
            browser: super::http_client(),
            base_urls: [app.listen().await, other.listen().await],
            requests: AtomicUsize::new(0),
        }
    }

    /// Sends the ballot paper; whether the answer leads to the confirmation.
    pub async fn votes(&self, member: &Member, poll: PollId, fields: &[(&str, &str)]) -> bool {
        let path = paths::with_id(paths::VOTE, poll);
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let base_url = &self.base_urls[number % self.base_urls.len()];
        let fields = [fields, &[("csrf_token", CSRF_TOKEN)]].concat();
        let request = self
            .browser
            .post(format!("{base_url}{path}"))
            .header(header::COOKIE, member.cookie())
            .timeout(PATIENCE)
            .form(&fields);
        let answer = request.send().await.expect("the application answers");
        let told = answer.headers().get(header::LOCATION).cloned();
        let told = told.unwrap_or_else(|| panic!("{}", answer.status()));
        answer.status() == StatusCode::SEE_OTHER
            && told.as_bytes() == paths::with_id(paths::VOTED, poll).as_bytes()
    }
}

impl Member {
    /// The `Cookie` header of their browser.
    pub fn cookie(&self) -> String {
        format!("rolecall={}", self.session)
    }

    /// A page that they open.
    pub fn page(&self, path: &str) -> Request<Body> {
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, self.cookie());
        request.body(Body::empty()).expect("a request")
    }

    /// What they send to vote for a choice.
    pub fn form(choice: ChoiceId) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("choice", &choice.to_string())
            .append_pair("csrf_token", CSRF_TOKEN)
            .finish()
    }

    /// Their ballot paper, on its way.
    pub fn ballot(&self, poll: PollId, choice: ChoiceId) -> Request<Body> {
        let request = Request::post(paths::with_id(paths::VOTE, poll))
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, self.cookie());
        let request = request.body(Body::from(Self::form(choice)));
        request.expect("a request")
    }
}

/// Somebody new with the role user and a session as a sign-in leaves it.
pub async fn member(app: &TestApp, subject: &str) -> Member {
    let now = app.clock.now();
    let user = voter(&app.state.users, subject, Role::User, now).await;
    let session = Session::new(None, Arc::new(app.state.sessions.clone()), None);
    let saved = async {
        session.insert("user", user.0).await?;
        session.insert("started_at", now).await?;
        session.insert("csrf", CSRF_TOKEN).await?;
        session.save().await
    };
    saved.await.expect("a session");
    Member {
        user,
        session: session.id().expect("a saved session has an id").to_string(),
    }
}
