//! What voters and staff type in a terminal, on whatever machine: the polls API as a program uses
//! it. Knows the site by its API alone, and nothing of its database.
//!
//! `sign_in` gets a token by device code and `credentials` keeps it; `polls` lists polls,
//! votes and reads results; `server` is how the site is talked to.

mod credentials;
mod polls;
mod server;
mod sign_in;

use std::process::ExitCode;

use clap::Subcommand;
use url::Url;

use crate::{clock::Clock, random::Random};
use credentials::Store;

/// What is typed.
#[derive(Clone, Debug, Subcommand)]
pub enum ClientCommand {
    /// Sign in to a site from this terminal
    ///
    /// Shows an address and a code to enter there, in a browser anywhere. What the site gives is
    /// kept in the folder for configuration, for your eyes only, and never shown.
    Login {
        /// The address of the site, over HTTPS
        #[arg(long, value_name = "URL")]
        server: Url,
    },
    /// Sign out of the site again
    Logout,
    /// List the polls of the site, or show one with its choices
    Polls(polls::PollsArgs),
    /// Vote, once; whether the vote is recorded is said in any case
    Vote(polls::VoteArgs),
    /// Read the results of a poll, as staff
    Results(polls::ResultsArgs),
}

/// Why a command has not done what it was asked for.
#[derive(Debug, Eq, PartialEq)]
pub enum Failure {
    /// Exit status 1: it may not or cannot be done, and why.
    Refused(String),
    /// Exit status 3: nobody is signed in, or not any more.
    SignInFirst,
    /// Exit status 4: the site does not answer, or not as it should.
    Unreachable(String),
}

impl Failure {
    /// What to say.
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            Self::Refused(why) | Self::Unreachable(why) => why,
            Self::SignInFirst => "Sign in first: rolecall login --server URL",
        }
    }

    /// The exit status.
    #[must_use]
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(_) => 1,
            Self::SignInFirst => 3,
            Self::Unreachable(_) => 4,
        })
    }
}

/// What commands work with.
struct Terminal<T> {
    store: Store,
    clock: Clock,
    random: Random,
    /// Says something before the end.
    tell: T,
}

/// Does what was typed; returns what it says. What has to be said before the end goes to `tell`.
///
/// # Errors
/// Why it was not done.
pub async fn run(command: ClientCommand, tell: impl Fn(&str)) -> Result<String, Failure> {
    let terminal = Terminal {
        store: Store::of_this_user()?,
        clock: Clock::System,
        random: Random::System,
        tell,
    };
    match command {
        ClientCommand::Login { server } => terminal.login(server).await,
        ClientCommand::Logout => terminal.logout().await,
        ClientCommand::Polls(args) => terminal.polls(args).await,
        ClientCommand::Vote(args) => terminal.vote(args).await,
        ClientCommand::Results(args) => terminal.results(args).await,
    }
}
