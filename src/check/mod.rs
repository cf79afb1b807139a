//! `rolecall check`: what is wrong with this set-up, and what to do about it.
//!
//! Each check is a small function that returns a [`Finding`]. They look at the same
//! configuration and ask with the same code as `serve`, so that the two cannot disagree. Knows
//! every feature that has something to check; nobody knows it but the program.

mod database;
mod files;
mod finding;
mod provider;
mod registration;
mod settings;
mod store;

pub use finding::{Finding, Level, Report};
pub use registration::Registration;

use provider::Subject;

use crate::{
    clock::Clock,
    config::{Config, Environment, Problems},
    error::Error,
};

/// Checks everything that can be checked without signing anybody in.
///
/// # Errors
/// When the configuration cannot be read: all its problems at once.
pub async fn run(env: &Environment, clock: &Clock) -> Result<Report, Problems> {
    let config = Config::read(env)?;
    let mut report = Report::default();
    report.section("Configuration", settings::findings(env, &config));
    let (db, findings) = database::findings(&config.database).await;
    report.section("Database", findings);
    report.section("Files", files::findings(env, &config));
    for provider in &config.oidc.providers {
        let title = format!("Provider {}", provider.label);
        let findings = match Subject::new(provider, &config, clock) {
            Ok(subject) => {
                report.register(Registration::at(&subject));
                subject.findings(db.as_ref()).await
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
