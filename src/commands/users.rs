//! `rolecall user`: find people, deactivate them, activate them again, hand out their data.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Answer, Failure, Operator, table::table, time};
use crate::{
    audit::Actor,
    language::{Locale, Message},
    search::{Words, one_line},
    statement::{Order, Window},
    users::{
        Filter, User, UserId,
        administration::{Step, Taken},
        personal_data::{PersonalData, Reader},
    },
};

/// Arguments of `rolecall user`.
#[derive(Args, Clone, Debug)]
pub struct UserArgs {
    /// Answer with JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum UserCommand {
    /// List the people who have signed in with a role, by name
    List {
        /// Only those in whose names, e-mail or subject each of these words occurs
        #[arg(long, default_value = "")]
        search: String,
        /// How many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..))]
        limit: i64,
    },
    /// Show one person and how many sessions they have
    Show {
        /// The id, as `rolecall user list` shows it
        id: i64,
    },
    /// Write all that is kept of somebody as JSON, for whoever asks for their own data
    ///
    /// Of secret polls it does not tell whether they have voted; their own page has that as well.
    Export {
        /// The id, as `rolecall user list` shows it
        id: i64,
    },
    /// Turn somebody away: their sessions end at once, signing in is refused, their ballots stay
    Deactivate {
        /// The id, as `rolecall user list` shows it
        id: i64,
    },
    /// Let somebody sign in again who was deactivated
    Activate {
        /// The id, as `rolecall user list` shows it
        id: i64,
    },
    /// Forget somebody's names and e-mail for good and turn them away; their ballots stay
    Erase {
        /// The id, as `rolecall user list` shows it
        id: i64,
    },
    /// Join two identities of one person for good; the votes of both stay
    Merge {
        /// The id of who stays, and takes over the other identity
        id: i64,
        /// The id of who gives up the identity
        other: i64,
    },
}

/// Does what `rolecall user` asks for; returns what it says.
///
/// # Errors
/// When there is no such person, when it may not be done, or when the database does not answer.
pub async fn run(operator: &Operator, args: UserArgs) -> Result<String, Failure> {
    let answer = match args.command {
        UserCommand::List { search, limit } => operator.list_users(&search, limit).await?,
        UserCommand::Show { id } => operator.show_user(id).await?,
        UserCommand::Export { id } => operator.export_user(id).await?,
        UserCommand::Deactivate { id } => operator.take(Step::Deactivate, id).await?,
        UserCommand::Activate { id } => operator.take(Step::Activate, id).await?,
        UserCommand::Erase { id } => operator.erase(id).await?,
        UserCommand::Merge { id, other } => operator.merge(id, other).await?,
    };
    Ok(answer.print(args.json))
}

impl Operator {
    async fn list_users(&self, search: &str, limit: i64) -> Result<Answer, Failure> {
        let found = Filter::from(Words::parse(search));
        let (people, total) = (
            self.users
                .list(&found, &Order::default(), Window::first(limit))
                .await?,
            self.users.count(&found).await?,
        );
        let row = |user: &User| {
            [
                user.id.to_string(),
                one_line(user.name()),
                user.role.as_str().to_owned(),
                standing(user).to_owned(),
                one_line(user.email.as_deref().unwrap_or("-")),
                one_line(&user.subject),
            ]
        };
        let rows: Vec<_> = people.iter().map(row).collect();
        let header = ["ID", "NAME", "ROLE", "MAY SIGN IN", "E-MAIL", "SUBJECT"];
        let mut text = table(header, &rows);
        if total > limit {
            text = format!("{text}\n{limit} of {total}; --limit shows more.");
        }
        Ok(Answer {
            text,
            json: people.iter().map(User::document).collect(),
        })
    }

    async fn show_user(&self, id: i64) -> Result<Answer, Failure> {
        let user = self.user(id).await?;
        let live = self.sessions.list_of(id, None).await?.len();
        let lines = [
            ("Id", user.id.to_string()),
            ("Name", one_line(user.name())),
            ("E-mail", one_line(user.email.as_deref().unwrap_or("-"))),
            ("Issuer", one_line(&user.issuer)),
            ("Subject", one_line(&user.subject)),
            (
                "In the log",
                user.sub_hash().unwrap_or_else(|| "-".to_owned()),
            ),
            ("Role", user.role.as_str().to_owned()),
            (
                "Role from",
                one_line(user.role_source.as_deref().unwrap_or("-")),
            ),
            ("Confirmed", time(Some(user.role_checked_at))),
            ("May sign in", standing(&user).to_owned()),
            ("First sign-in", time(Some(user.first_seen_at))),
            ("Sessions", live.to_string()),
        ];
        let lines = lines.map(|(name, value)| format!("{name:<14} {value}"));
        let mut json = user.document();
        if let Some(fields) = json.as_object_mut() {
            fields.insert("sessions".to_owned(), live.into());
            fields.insert("sub_hash".to_owned(), user.sub_hash().into());
        }
        Ok(Answer {
            text: lines.join("\n"),
            json,
        })
    }

    async fn export_user(&self, id: i64) -> Result<Answer, Failure> {
        let user = self.user(id).await?;
        let (users, sessions, polls) = (&self.users, &self.sessions, &self.polls);
        let kept = PersonalData::gather(user, users, sessions, polls, self.clock.now()).await?;
        let json = kept.document(Reader::Operator);
        Ok(Answer {
            text: format!("{json:#}"),
            json,
        })
    }

    async fn take(&self, step: Step, id: i64) -> Result<Answer, Failure> {
        let user = self.user(id).await?;
        let (actor, now) = (Actor::CommandLine, self.clock.now());
        let taken = self.users.take(step, UserId(id), actor, now).await?;
        changed(id, taken, taken.message(step, &one_line(user.name())))
    }

    async fn erase(&self, id: i64) -> Result<Answer, Failure> {
        let user = self.user(id).await?;
        let (actor, now) = (Actor::CommandLine, self.clock.now());
        let taken = self.users.erase(user.id, actor, now).await?;
        changed(id, taken, taken.of_erasing(&one_line(user.name())))
    }

    async fn merge(&self, id: i64, other: i64) -> Result<Answer, Failure> {
        let (kept, given_up) = (self.user(id).await?, self.user(other).await?);
        let (actor, now) = (Actor::CommandLine, self.clock.now());
        let taken = self.users.merge(kept.id, given_up.id, actor, now).await?;
        changed(id, taken, taken.of_merging())
    }
}

/// What came of a change to the person with this id.
fn changed(id: i64, taken: Taken, said: Message) -> Result<Answer, Failure> {
    let text = Locale::default().t(said).plain();
    let ended = match taken {
        Taken::Done(ended) => ended,
        Taken::Already => 0,
        Taken::Oneself | Taken::LastAdmin | Taken::NotFound => {
            return Err(Failure::Refused(text));
        }
    };
    Ok(Answer {
        text,
        json: json!({
            "id": id,
            "changed": taken != Taken::Already,
            "sessions_ended": ended,
        }),
    })
}

const fn standing(user: &User) -> &'static str {
    match (user.deactivated_at, user.role_lost_at) {
        _ if user.merged_into.is_some() => "no, merged",
        (Some(_), _) => "no, deactivated",
        (None, Some(_)) => "no, without a role",
        (None, None) => "yes",
    }
}
