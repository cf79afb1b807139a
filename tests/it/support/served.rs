//! The application on a port of its own, with sample polls, for a browser.
//!
//! It tells the real time: a browser counts the life of a cookie by that, and nothing here waits
//! for a moment to come.

use demo_idp::Running;
use rolecall::{
    app::AppState,
    clock::Clock,
    config::Config,
    paths,
    random::Random,
    seed,
    server::{self, Limits, Phase},
};
use tokio::{net::TcpListener, sync::watch};

use super::{
    app::{self, config, provider},
    browser::Browser,
    database::{self, Engine},
};

/// The served application; it stops when this is dropped.
pub struct Served {
    pub state: AppState,
    pub provider: Running,
    base_url: String,
    _stop: watch::Sender<Phase>,
}

impl Served {
    /// Starts it on SQLite, as `rolecall demo` does: with the sample polls, and saying so.
    pub async fn start() -> Self {
        let served = Self::start_with(|config| config.site.demo = true).await;
        let state = &served.state;
        seed::seed(&state.polls, &state.users, state.clock.now())
            .await
            .expect("samples");
        served
    }

    /// Starts it without any poll.
    pub async fn start_empty() -> Self {
        Self::start_with(|_| ()).await
    }

    /// Starts it without any poll and with another configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        // The port comes first: base URL, redirect URI and cookies all depend on it.
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let base_url = format!("http://localhost:{port}");
        let provider = provider(&Clock::System, &base_url).await;
        let mut config = config(
            &provider,
            &base_url,
            &database::new_url(Engine::Sqlite).await,
        );
        change(&mut config);
        let state = AppState::build(&config, Clock::System, Random::System).await;
        let state = state.expect("the application starts");
        let (stop, phase) = watch::channel(Phase::Serving);
        let serving = server::serve(state.clone(), listener, Limits::default(), phase);
        tokio::spawn(serving);
        Self {
            state,
            provider,
            base_url,
            _stop: stop,
        }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Signs in as one of the provider's people, `pick-uma` for instance, and opens a path.
    pub async fn sign_in(&self, browser: &Browser, pick: &str, path: &str) {
        let address = self.url(&format!("/oidc/authenticate/?next={path}"));
        browser.goto(address).await;
        browser.follow(&format!("#{pick}")).await;
    }

    /// One statement, past the application.
    pub async fn execute(&self, sql: &'static str) {
        app::execute(&self.state.db, sql).await;
    }

    /// One number out of the database, past the application.
    pub async fn number(&self, sql: &'static str) -> i64 {
        app::number(&self.state.db, sql).await
    }

    /// The address of the sample poll with this question.
    pub async fn poll(&self, question: &str) -> String {
        let now = self.state.clock.now();
        let published = self.state.polls.list_public(None, 1, now).await;
        let published = published.expect("the published polls").polls;
        let mut polls = published.into_iter().map(|listed| listed.poll);
        let poll = polls.find(|poll| poll.question == question);
        self.url(&paths::poll(poll.expect("a poll with this question").id))
    }
}
