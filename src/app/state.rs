//! The parts of the application, and how they are put together.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;

use crate::{
    api::{
        auth::AuthorizationServer, personal_tokens::PersonalTokens,
        provider_tokens::ProviderTokens, verifiers::Verifiers,
    },
    backup::{self, Backups},
    clock::Clock,
    config::{Config, SiteConfig},
    db::{self, Db},
    error::Result,
    headers::FormTargets,
    health::Readiness,
    oidc::Oidc,
    polls::Polls,
    random::Random,
    rate_limit::RateLimits,
    session::Sessions,
    unsent::UnsentForms,
    users::Users,
    vault::{SubjectHasher, Vault},
};

/// What handlers can ask for; each takes only the parts that it names. A request clones it several
/// times.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Parts>);

/// The parts of [`AppState`].
#[derive(Debug)]
pub struct Parts {
    /// Where the site is seen.
    pub site: SiteConfig,
    /// The database.
    pub db: Db,
    /// Its backups.
    pub backups: Backups,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// Sign-in at the provider.
    pub oidc: Oidc,
    /// The people.
    pub users: Users,
    /// Their sessions.
    pub sessions: Sessions,
    /// The polls.
    pub polls: Polls,
    /// Forms that came after their session.
    pub unsent: UnsentForms,
    /// Where forms may lead.
    pub targets: FormTargets,
    /// How often the same sender may ask.
    pub rate_limits: RateLimits,
    /// What gives programs tokens of ours.
    pub authorization_server: AuthorizationServer,
    /// Which tokens of programs are believed.
    pub verifiers: Verifiers,
    /// Whether the log tells from which address an event came.
    pub log_addresses: bool,
    /// Names people in the log.
    pub subject_hasher: SubjectHasher,
    /// Whether the database can do its part.
    pub readiness: Readiness,
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// How a handler names a part: by its type.
macro_rules! parts {
    ($($field:ident: $part:ty),+ $(,)?) => {$(
        impl FromRef<AppState> for $part {
            fn from_ref(state: &AppState) -> Self {
                state.$field.clone()
            }
        }
    )+};
}

parts! {
    backups: Backups,
    readiness: Readiness,
    site: SiteConfig,
    db: Db,
    clock: Clock,
    random: Random,
    oidc: Oidc,
    users: Users,
    sessions: Sessions,
    polls: Polls,
    unsent: UnsentForms,
    targets: FormTargets,
    rate_limits: RateLimits,
    authorization_server: AuthorizationServer,
    verifiers: Verifiers,
}

impl AppState {
    /// Puts the parts together; contacts nobody but the database.
    ///
    /// # Errors
    /// When the database or the keys cannot be used.
    pub async fn build(config: &Config, clock: Clock, random: Random) -> Result<Self> {
        if config.database.quick_check {
            db::require_undamaged(config.database.url.expose()).await?;
        }
        let db = Db::connect(config.database.url.expose()).await?;
        backup::migrate(&db, &config.database, &config.backup, &clock).await?;
        let vault = Vault::configured(&config.database, random.clone())?;
        let targets = FormTargets::default();
        let users = Users::new(db.clone());
        let unsent = UnsentForms::new(db.clone(), vault.clone(), clock.clone(), random.clone());
        let oidc = Oidc::new(
            config,
            vault.clone(),
            db.clone(),
            clock.clone(),
            random.clone(),
            &targets,
        )?;
        let personal_tokens = PersonalTokens::new(users.clone(), clock.clone());
        let believed = config.oidc.introspection_cache;
        let provider_tokens =
            ProviderTokens::new(oidc.clone(), users.clone(), clock.clone(), believed);
        let subject_hasher = vault.subject_hasher();
        let kept = (db.clone(), vault);
        let authorization_server =
            AuthorizationServer::new(config, oidc.clone(), kept, clock.clone(), random.clone())?;
        let backups = Backups::new(&config.database, &config.backup, clock.clone());
        Ok(Self(Arc::new(Parts {
            site: config.site.clone(),
            backups,
            unsent,
            oidc,
            users,
            sessions: Sessions::new(db.clone(), clock.clone(), config.sessions),
            polls: Polls::new(db.clone(), random.clone()),
            verifiers: Verifiers::new(vec![
                Arc::new(personal_tokens),
                Arc::new(authorization_server.clone()),
                Arc::new(provider_tokens),
            ]),
            authorization_server,
            subject_hasher,
            log_addresses: config.log_addresses,
            readiness: Readiness::new(db.clone()),
            rate_limits: RateLimits::new(&config.rate_limit, &config.site, &clock),
            db,
            clock,
            random,
            targets,
        })))
    }
}
