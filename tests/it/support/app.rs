//! The application as a whole, with a provider of its own and a clock that stands still.

use std::{future::IntoFuture as _, sync::Arc, time::Duration};

use axum::{Router, body::Body, response::Response};
use demo_idp::{Controls, Options, Running};
use http::Request;
use rolecall::{
    app::AppState,
    clock::{Clock, Timestamp},
    config::{
        BackupConfig, Config, DatabaseConfig, Environment, OidcConfig, ProviderConfig,
        RateLimitConfig, Secret, SessionConfig, SiteConfig,
    },
    db::{Begun, Db},
    random::Random,
};
use tokio::task::JoinHandle;
use tower::ServiceExt as _;
use url::Url;

use super::{
    database::{self, Engine},
    person::Person,
};

/// Monday, 2 March 2026, 09:00 UTC: when every test begins.
pub const MORNING: Timestamp = Timestamp::from_millis(1_772_442_000_000);

/// Where the application thinks it is; nobody listens there.
pub const BASE_URL: &str = "http://localhost:8000";

/// The application under test.
pub struct TestApp {
    pub state: AppState,
    pub clock: Clock,
    pub provider: Arc<Running>,
    pub config: Config,
    router: Router,
    watch: JoinHandle<()>,
}

impl TestApp {
    /// On the database of this run of the tests.
    pub async fn start() -> Self {
        Self::start_on(Engine::of_this_run()).await
    }

    /// On either database.
    pub async fn start_on(engine: Engine) -> Self {
        Self::start_with(engine, |_| ()).await
    }

    /// With a provider that is asked for refresh tokens.
    pub async fn with_refresh_tokens() -> Self {
        Self::start_with(Engine::of_this_run(), |config| {
            let provider = &mut config.oidc.providers[0];
            provider.scopes.push("offline_access".to_owned());
        })
        .await
    }

    /// With another configuration.
    pub async fn start_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        let clock = Clock::fixed(MORNING);
        let provider = Arc::new(provider(&clock, BASE_URL).await);
        let mut config = config(&provider, BASE_URL, &database::migrated_url(engine).await);
        change(&mut config);
        let app = Self::build(config, clock, provider).await;
        app.rule_the_database_clock().await;
        app
    }

    async fn build(config: Config, clock: Clock, provider: Arc<Running>) -> Self {
        let state = AppState::build(&config, clock.clone(), Random::System).await;
        let state = state.expect("the application starts");
        let db = state.db.clone();
        let watch = tokio::spawn(async move { db.watch().await });
        // As in a program that has served for a while: what was read is kept in memory.
        while state.db.revision().await.is_none() {
            tokio::task::yield_now().await;
        }
        Self {
            watch,
            router: state.clone().router(),
            state,
            clock,
            provider,
            config,
        }
    }

    /// Another process of the same application: same database, same provider, same time. With
    /// another configuration, if need be.
    pub async fn another_instance(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.config.clone();
        change(&mut config);
        self.forget_at_once().await;
        let other = Self::build(config, self.clock.clone(), Arc::clone(&self.provider)).await;
        other.forget_at_once().await;
        other
    }

    /// On SQLite keeps nothing in memory from now on, so that what others change is seen at once and
    /// not within a second. PostgreSQL is asked for each request.
    pub async fn forget_at_once(&self) {
        self.watch.abort();
        while matches!(self.state.db, Db::Sqlite { .. }) && self.state.db.revision().await.is_some()
        {
            tokio::task::yield_now().await;
        }
    }

    /// The same people, provider and clock, before another application's pages.
    pub fn answered_by(self, router: Router) -> Self {
        Self { router, ..self }
    }

    /// With the provider that `settings` name. It tells the real time, so the clock stands at the
    /// present; `recheck` is how often it is asked about roles. The provider of its own idles.
    pub async fn start_at(settings: &Environment, recheck: Duration) -> Self {
        let app = Self::start_with(Engine::of_this_run(), |config| {
            config.oidc = Config::read(settings).expect("settings that fit").oidc;
            config.oidc.recheck = recheck;
        })
        .await;
        let now = Clock::System.now();
        app.clock.set(now);
        app.set_database_clock(now).await;
        app
    }

    /// Lets others than the test send requests; where.
    pub async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        tokio::spawn(axum::serve(listener, self.router.clone()).into_future());
        format!("http://{address}")
    }

    /// The provider's knobs.
    pub fn op(&self) -> &Controls {
        self.provider.controls()
    }

    /// Sends one request through all layers.
    pub async fn send(&self, request: Request<Body>) -> Response {
        self.router
            .clone()
            .oneshot(request)
            .await
            .expect("the router never fails")
    }

    /// Somebody with an empty browser.
    pub fn anonymous(&self) -> Person<'_> {
        Person::new(self)
    }

    /// Ada, admin, signed in.
    pub async fn ada(&self) -> Person<'_> {
        self.signed_in("pick-ada").await
    }

    /// Stan, staff, signed in.
    pub async fn stan(&self) -> Person<'_> {
        self.signed_in("pick-stan").await
    }

    /// Uma, user, signed in.
    pub async fn uma(&self) -> Person<'_> {
        self.signed_in("pick-uma").await
    }

    async fn signed_in(&self, pick: &str) -> Person<'_> {
        let mut person = self.anonymous();
        let landed = person.sign_in(pick, "/").await;
        assert_eq!(landed.status, 303, "{pick} signs in: {}", landed.text);
        person
    }

    /// Moves the time, in the application and in its database.
    pub async fn advance(&self, step: Duration) {
        self.clock.advance(step);
        self.set_database_clock(self.clock.now()).await;
    }

    /// Sets the time, back as well, as an administrator can.
    pub async fn set_time(&self, now: Timestamp) {
        self.clock.set(now);
        self.set_database_clock(now).await;
    }

    /// The database's rules look at a view named `clock`; here it becomes a table that stands
    /// still like the application's clock.
    async fn rule_the_database_clock(&self) {
        const RULE: &str = "DROP VIEW clock; CREATE TABLE clock (now BIGINT NOT NULL);
            INSERT INTO clock (now) VALUES (0)";
        match &self.state.db {
            Db::Sqlite { writer, .. } => sqlx::raw_sql(RULE).execute(writer).await.map(drop),
            Db::Postgres { pool, .. } => sqlx::raw_sql(RULE).execute(pool).await.map(drop),
        }
        .expect("the database takes another clock");
        self.set_database_clock(MORNING).await;
    }

    async fn set_database_clock(&self, now: Timestamp) {
        self.execute("UPDATE clock SET now = $1", now.as_millis())
            .await;
    }

    /// One statement with one number, past the application.
    pub async fn execute(&self, sql: &'static str, number: i64) {
        let mut tx = self.state.db.begin().await.expect("a transaction");
        match &mut tx.on {
            Begun::Sqlite(tx, _) => sqlx::query(sql)
                .bind(number)
                .execute(&mut **tx)
                .await
                .map(drop),
            Begun::Postgres(tx, _) => sqlx::query(sql)
                .bind(number)
                .execute(&mut **tx)
                .await
                .map(drop),
        }
        .expect("the statement runs");
        tx.commit().await.expect("a commit");
    }

    /// One number out of the database, past the application.
    pub async fn number(&self, sql: &'static str) -> i64 {
        number(&self.state.db, sql).await
    }
}

/// A provider that lets people into the application at `base_url`.
pub async fn provider(clock: &Clock, base_url: &str) -> Running {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let clock = clock.clone();
    let options = Options {
        clock: Arc::new(move || clock.now().as_seconds()),
        ..Options::demo(listener, base_url)
    };
    demo_idp::start(options).await.expect("the provider starts")
}

/// What the application at `base_url` needs to know of its provider and its database.
pub fn config(provider: &Running, base_url: &str, database_url: &str) -> Config {
    Config {
        site: SiteConfig {
            base_url: Arc::new(Url::parse(base_url).expect("a URL")),
            listen: ([127, 0, 0, 1], 8000).into(),
            demo: false,
        },
        database: DatabaseConfig {
            url: Secret::new(database_url),
            key_file: database::new_file("key"),
            quick_check: true,
            keys: None,
        },
        backup: BackupConfig::default(),
        oidc: OidcConfig::new(vec![provider_config(provider)]),
        sessions: SessionConfig::default(),
        // Most tests stand still in time and do in a moment what takes people hours.
        rate_limit: RateLimitConfig::off(),
        metrics: None,
        trusted_issuers: Vec::new(),
        log_addresses: true,
        unknown: Vec::new(),
    }
}

/// Our registration at `provider`.
pub fn provider_config(provider: &Running) -> ProviderConfig {
    let client = &provider.controls().clients()[0];
    let config = ProviderConfig::new(
        Url::parse(provider.issuer()).expect("a URL"),
        client.id.clone(),
        Secret::new(client.secret.clone()),
    );
    config.of_project(provider.controls().project_id().to_owned())
}

/// One statement without parameters.
pub async fn execute(db: &Db, sql: &'static str) {
    let mut tx = db.begin().await.expect("a transaction");
    match &mut tx.on {
        Begun::Sqlite(tx, _) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
        Begun::Postgres(tx, _) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
    }
    .expect("the statement runs");
    tx.commit().await.expect("a commit");
}

/// One number out of a database.
pub async fn number(db: &Db, sql: &'static str) -> i64 {
    match db {
        Db::Sqlite { writer, .. } => sqlx::query_scalar(sql).fetch_one(writer).await,
        Db::Postgres { pool, .. } => sqlx::query_scalar(sql).fetch_one(pool).await,
    }
    .expect("the statement runs")
}
