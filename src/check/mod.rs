//! `rolecall check`: what is wrong with this set-up, and what to do about it.
//!
//! Each check is a small function that returns a [`Finding`]. They look at the same
//! configuration and ask with the same code as `serve`, so that the two cannot disagree. Knows
//! every feature that has something to check; nobody knows it but the program.

mod backups;
mod database;
mod files;
mod finding;
mod provider;
mod registration;
mod settings;
mod sign_in;
mod store;

pub use finding::{Finding, Level, Report};
pub use registration::Registration;

use provider::Subject;

use crate::{
    clock::Clock,
    config::{Config, Environment, Problems},
    error::Error,
};

/// A test sign-in that is wanted.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    /// The provider's name; the first one is called `default`.
    pub provider: &'a str,
    /// Says to a person where to go.
    pub tell: fn(&str),
}

/// Checks everything that can be checked without signing anybody in, and signs somebody in
/// where that is wanted.
///
/// # Errors
/// When the configuration cannot be read: all its problems at once; or when there is no provider
/// of the name that is given.
pub async fn run(
    env: &Environment,
    clock: &Clock,
    sign_in: Option<SignIn<'_>>,
) -> Result<Report, Problems> {
    let config = Config::read(env)?;
    let is_there = |name: &str| config.oidc.providers.iter().any(|p| p.id == name);
    if let Some(SignIn { provider, .. }) = sign_in.filter(|wanted| !is_there(wanted.provider)) {
        let problem = format!("--sign-in: there is no provider called {provider}");
        return Err(Problems(vec![problem]));
    }
    let mut report = Report::default();
    report.section("Configuration", settings::findings(env, &config));
    let (db, findings) = database::findings(&config.database).await;
    report.section("Database", findings);
    report.section("Files", files::findings(env, &config));
    report.section("Backups", backups::findings(&config, clock.now()));
    for provider in &config.oidc.providers {
        let title = format!("Provider {}", provider.label);
        let findings = match Subject::new(provider, &config, clock) {
            Ok(subject) => {
                report.register(Registration::at(&subject));
                let mut findings = subject.findings(db.as_ref()).await;
                if let Some(wanted) = sign_in.filter(|wanted| wanted.provider == provider.id) {
                    findings.extend(sign_in::findings(&subject, wanted.tell).await);
                }
                findings
            }
            Err(error) => vec![no_client(&error)],
        };
        report.section(title, findings);
    }
    Ok(report)
}

fn no_client(error: &Error) -> Finding {
    Finding::fail(
        "discovery",
        format!(
            "The certificates of this machine cannot be used: {}.",
            error.explained()
        ),
        "Install the package ca-certificates.",
    )
}
