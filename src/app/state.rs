//! The parts of the application, and how they are put together.

use std::sync::Arc;

use axum::extract::FromRef;

use crate::{
    api::{
        auth::AuthorizationServer, personal_tokens::PersonalTokens,
        provider_tokens::ProviderTokens, verifiers::Verifiers,
    },
    backup::{self, Backups},
    clock::Clock,
    config::{Config, SiteConfig},
    db::Db,
    error::Result,
    headers::FormTargets,
    oidc::Oidc,
    polls::Polls,
    random::Random,
    rate_limit::RateLimits,
    session::Sessions,
    unsent::UnsentForms,
    users::Users,
    vault::Vault,
};

/// What handlers can ask for; each takes only the parts that it names.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
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
}

impl AppState {
    /// Puts the parts together; contacts nobody but the database.
    ///
    /// # Errors
    /// When the database or the keys cannot be used.
    pub async fn build(config: &Config, clock: Clock, random: Random) -> Result<Self> {
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
        let kept = (db.clone(), vault);
        let authorization_server =
            AuthorizationServer::new(config, oidc.clone(), kept, clock.clone(), random.clone())?;
        let backups = Backups::new(&config.database, &config.backup, clock.clone());
        Ok(Self {
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
            rate_limits: RateLimits::new(&config.rate_limit, &config.site, &clock),
            db,
            clock,
            random,
            targets,
        })
    }
}
