//! `rolecall token`: what people have made for programs of theirs, and ending that.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Answer, Failure, Operator, table::table, time};
use crate::{
    audit::Actor,
    clock::Timestamp,
    language::Locale,
    search::one_line,
    users::tokens::{PersonalToken, TokensOf, tokens_ended},
};

/// Arguments of `rolecall token`.
#[derive(Args, Clone, Debug)]
pub struct TokenArgs {
    /// Answer with JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum TokenCommand {
    /// List the tokens of a person, the newest first
    List {
        /// The person with this id
        #[arg(long, value_name = "ID")]
        user: i64,
    },
    /// End tokens; programs that have one are refused from the next request on
    End {
        /// The person with this id
        #[arg(long, value_name = "ID")]
        user: i64,
        /// Only the token with this id
        #[arg(long, value_name = "ID")]
        token: Option<i64>,
    },
}

/// Does what `rolecall token` asks for; returns what it says.
///
/// # Errors
/// When there is no such person, or the database does not answer.
pub async fn run(operator: &Operator, args: TokenArgs) -> Result<String, Failure> {
    let answer = match args.command {
        TokenCommand::List { user } => operator.list_tokens(user).await?,
        TokenCommand::End { user, token } => operator.end_tokens(user, token).await?,
    };
    Ok(answer.print(args.json))
}

impl Operator {
    async fn list_tokens(&self, user: i64) -> Result<Answer, Failure> {
        let user = self.user(user).await?;
        let tokens = self.users.tokens_of(user.id).await?;
        let row = |token: &PersonalToken| {
            [
                token.id.to_string(),
                one_line(&token.name),
                token.role.as_str().to_owned(),
                time(Some(token.expires_at)),
                time(token.last_used_at),
            ]
        };
        let rows: Vec<_> = tokens.iter().map(row).collect();
        Ok(Answer {
            text: table(["ID", "NAME", "ROLE", "ENDS", "LAST USED"], &rows),
            json: tokens.iter().map(document).collect(),
        })
    }

    async fn end_tokens(&self, user: i64, token: Option<i64>) -> Result<Answer, Failure> {
        let user = self.user(user).await?;
        let whose = match token {
            Some(token) => TokensOf::One(user, token),
            None => TokensOf::Person(user),
        };
        let (actor, now) = (Actor::CommandLine, self.clock.now());
        let ended = self.users.end_tokens(whose, actor, now).await?;
        Ok(Answer {
            text: Locale::default().t(tokens_ended(ended)).plain(),
            json: json!({ "tokens_ended": ended }),
        })
    }
}

/// A token for programs; times as RFC 3339, the last use to the day.
fn document(token: &PersonalToken) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "role": token.role.as_str(),
        "created_at": token.created_at.rfc3339(),
        "expires_at": token.expires_at.rfc3339(),
        "last_used_at": token.last_used_at.map(Timestamp::rfc3339),
    })
}
