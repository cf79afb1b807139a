//! What can be typed: the commands with their options, and the help that stands above each.

use clap::{Parser, Subcommand};
use rolecall::{client::ClientCommand, commands};

/// Polls for the people your identity provider already knows.
///
/// Without a command it serves the site. Configuration comes from the environment and from
/// `.env`; `.env.example` lists every name.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve the site (the default)
    Serve,
    /// Try everything on this machine: no configuration, no account, nothing kept
    #[cfg(feature = "demo")]
    Demo(rolecall::demo::DemoArgs),
    /// Bring the database's schema up to date; `serve` does it as well
    Migrate,
    /// Ask the site on this machine whether it answers: exit status 0 or 1
    ///
    /// For containers, whose image has neither a shell nor curl.
    Healthcheck(commands::healthcheck::HealthcheckArgs),
    /// Copy a SQLite database beside a running server, and verify the copy
    Backup(commands::backups::BackupArgs),
    /// Say whether a backup holds: pages, marks and ballots, history, seals
    ///
    /// Changes nothing. Exit status 1 when something is wrong with it.
    Verify(commands::backups::VerifyArgs),
    /// Put a backup in the place of a SQLite database that nobody uses
    ///
    /// Verifies it first, keeps the database that was there, and ends every session and token, so
    /// that nobody is in who has signed out since.
    Restore(commands::backups::RestoreArgs),
    /// Move a SQLite installation to an empty PostgreSQL database, verified row by row
    ///
    /// The server has to be stopped. The file is not touched; when something fails, the PostgreSQL
    /// database stays empty.
    MigrateTo(commands::transfer::MigrateToArgs),
    /// Look at the configuration alone, without asking anybody
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Look for what is wrong with this set-up, and say what to do about it
    ///
    /// Asks the provider, the database and the disk as `serve` would, and lists what to register
    /// at the provider. Changes nothing and signs nobody in; shows no secret. Exit status 0 when
    /// everything needed works, 1 when something does not, 2 when the configuration needs a
    /// change.
    Check {
        /// For programs: one JSON document
        #[arg(long)]
        json: bool,
        /// Sign in at the provider of this name, to see which role arrives; nothing is stored
        #[arg(long, value_name = "PROVIDER", num_args = 0..=1, default_missing_value = "default")]
        sign_in: Option<String>,
    },
    /// The keys that seal tokens in the database
    #[command(subcommand)]
    Key(KeyCommand),
    /// The people: list and show them, deactivate them, activate them again
    ///
    /// A running server heeds it within a second; the history says "command line".
    User(commands::users::UserArgs),
    /// Who is signed in: list sessions, end those of a person or everybody's
    ///
    /// A running server heeds it within a second; the history says "command line".
    Session(commands::sessions::SessionArgs),
    /// What people have made for programs: list the tokens of a person, end them
    ///
    /// A running server heeds it within a second; the history says "command line".
    Token(commands::tokens::TokenArgs),
    /// Find polls, open, close, release, archive and restore them
    ///
    /// A running server heeds it within a second; the history says "command line".
    Poll(commands::polls::PollArgs),
    /// The history of changes: list it, export it, verify its chain
    Audit(commands::audit::AuditArgs),
    #[command(flatten)]
    Client(ClientCommand),
    /// Put ten sample polls, with twelve sample voters, into a database that has no polls
    Seed,
}

#[derive(Clone, Copy, Subcommand)]
pub enum ConfigCommand {
    /// Say what is wrong with it, all at once; exit status 2 when something is
    Check,
    /// List every setting with its value and where that comes from; secrets are not shown
    Show,
}

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Add a new key, which seals from the next start on; what the old ones sealed still opens
    Rotate,
    /// Sign the access tokens of programs with a new key; the old one is believed for an hour
    RotateSigning,
}
