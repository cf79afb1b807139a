//! `rolecall session`: who is signed in, and ending that.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Answer, Failure, Operator, table::table, time};
use crate::{
    audit::Actor,
    language::Locale,
    session::{ListedSession, user_agent},
    users::administration::{SessionsOf, sessions_ended},
};

/// Arguments of `rolecall session`.
#[derive(Args, Clone, Debug)]
pub struct SessionArgs {
    /// Answer with JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: SessionCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum SessionCommand {
    /// List who is signed in, those seen last first
    List {
        /// Only the sessions of the person with this id
        #[arg(long, value_name = "ID")]
        user: Option<i64>,
    },
    /// End sessions; a running server heeds it within a second
    End(Whose),
}

#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
struct Whose {
    /// All sessions of the person with this id
    #[arg(long, value_name = "ID")]
    user: Option<i64>,
    /// Everybody's sessions
    #[arg(long)]
    all: bool,
}

/// Does what `rolecall session` asks for; returns what it says.
///
/// # Errors
/// When there is no such person, or the database does not answer.
pub async fn run(operator: &Operator, args: SessionArgs) -> Result<String, Failure> {
    let answer = match args.command {
        SessionCommand::List { user } => operator.list_sessions(user).await?,
        SessionCommand::End(whose) => operator.end_sessions(&whose).await?,
    };
    Ok(answer.print(args.json))
}

impl Operator {
    async fn list_sessions(&self, user: Option<i64>) -> Result<Answer, Failure> {
        let sessions = match user {
            Some(id) => {
                let user = self.user(id).await?;
                self.sessions.list_of(user.id.0, None).await?
            }
            None => self.sessions.list().await?,
        };
        let row = |session: &ListedSession| {
            [
                session.user.to_string(),
                browser(session),
                time(Some(session.started_at)),
                time(Some(session.last_seen_at)),
            ]
        };
        let rows: Vec<_> = sessions.iter().map(row).collect();
        Ok(Answer {
            text: table(["USER", "BROWSER", "SIGNED IN", "LAST SEEN"], &rows),
            json: sessions.iter().map(document).collect(),
        })
    }

    async fn end_sessions(&self, whose: &Whose) -> Result<Answer, Failure> {
        let whose = match whose.user {
            Some(id) => SessionsOf::Person(self.user(id).await?),
            None => SessionsOf::Everybody,
        };
        let (actor, now) = (Actor::CommandLine, self.clock.now());
        let ended = self.users.end_sessions(whose, None, actor, now).await?;
        Ok(Answer {
            text: Locale::default().t(sessions_ended(ended)).plain(),
            json: json!({ "sessions_ended": ended }),
        })
    }
}

/// The browser in words: the terminal speaks English.
fn browser(session: &ListedSession) -> String {
    let browser = user_agent::in_words(session.user_agent.as_deref());
    Locale::default().t(browser).plain()
}

/// A session for programs; times as RFC 3339.
fn document(session: &ListedSession) -> Value {
    json!({
        "user": session.user,
        "browser": browser(session),
        "started_at": session.started_at.rfc3339(),
        "last_seen_at": session.last_seen_at.rfc3339(),
    })
}
