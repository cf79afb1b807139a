//! What the site keeps of a person, as one document: for themselves to take along (GDPR, articles 15
//! and 20), and for operators whom they ask for it.
//!
//! No id of a session and no token is in it: it opens nothing. Who else did something is not in it
//! either.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{User, Users, tokens::PersonalToken};
use crate::{
    attempts::{Outcome, Stored},
    clock::Timestamp,
    error::Result,
    history::Entry,
    moment::Day,
    polls::{Polls, participation::Participation},
    session::{ListedSession, Sessions},
};

/// Who reads the document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reader {
    /// The person.
    Themselves,
    /// Somebody with a shell on the server. Whether a person has voted in a secret poll is between
    /// the person and the roll.
    Operator,
}

/// What the site keeps of a person.
#[derive(Debug)]
pub struct PersonalData {
    user: Arc<User>,
    tokens: Vec<PersonalToken>,
    sessions: Vec<ListedSession>,
    attempts: Vec<Stored>,
    role_changes: Vec<Entry>,
    polls: Vec<Participation>,
    made_at: Timestamp,
}

impl PersonalData {
    /// All that is there of `user`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn gather(
        user: Arc<User>,
        users: &Users,
        sessions: &Sessions,
        polls: &Polls,
        now: Timestamp,
    ) -> Result<Self> {
        Ok(Self {
            tokens: users.tokens_of(user.id).await?,
            sessions: sessions.list_of(user.id.0, None).await?,
            attempts: users.attempts_of(&user).await?,
            role_changes: users.role_changes_of(user.id).await?,
            polls: polls.participations_of(user.id, now).await?,
            made_at: now,
            user,
        })
    }

    /// The document; times are RFC 3339 in UTC.
    #[must_use]
    pub fn document(&self, reader: Reader) -> Value {
        let all = |lines: Vec<Value>| Value::from(lines);
        json!({
            "made_at": self.made_at.rfc3339(),
            "person": self.person(),
            "sessions": all(self.sessions.iter().map(session).collect()),
            "tokens": all(self.tokens.iter().map(token).collect()),
            "role_changes": all(self.role_changes.iter().map(role_change).collect()),
            "sign_ins": all(self.attempts.iter().map(sign_in).collect()),
            "polls": all(self.polls.iter().map(|poll| participation(poll, reader)).collect()),
        })
    }

    fn person(&self) -> Value {
        let (user, sub_hash) = (&self.user, self.user.sub_hash());
        let mut person = user.document();
        if let Some(fields) = person.as_object_mut() {
            let more = [
                ("preferred_username", Some(&user.preferred_username)),
                ("given_name", Some(&user.given_name)),
                ("family_name", Some(&user.family_name)),
                ("picture", user.picture.as_ref()),
                ("language", user.language.as_ref()),
                ("zone", user.zone.as_ref()),
                ("theme", user.theme.as_ref()),
                ("sub_hash", sub_hash.as_ref()),
            ];
            fields.extend(more.map(|(name, value)| (name.to_owned(), json!(value))));
        }
        person
    }
}

impl User {
    /// The person for programs; times are RFC 3339 in UTC.
    #[must_use]
    pub fn document(&self) -> Value {
        let time = |at: Option<Timestamp>| at.map(Timestamp::rfc3339);
        json!({
            "id": self.id,
            "issuer": self.issuer,
            "subject": self.subject,
            "name": self.name(),
            "email": self.email,
            "email_verified": self.email_verified,
            "role": self.role.as_str(),
            "role_source": self.role_source,
            "role_checked_at": time(Some(self.role_checked_at)),
            "is_active": self.is_active(),
            "deactivated_at": time(self.deactivated_at),
            "role_lost_at": time(self.role_lost_at),
            "erased_at": time(self.erased_at),
            "merged_into": self.merged_into,
            "first_seen_at": time(Some(self.first_seen_at)),
            "last_login_at": time(self.last_login_at),
        })
    }
}

fn session(session: &ListedSession) -> Value {
    json!({
        "started_at": session.started_at.rfc3339(),
        "last_seen_at": session.last_seen_at.rfc3339(),
        "user_agent": session.user_agent,
        "is_program": session.is_program,
    })
}

fn token(token: &PersonalToken) -> Value {
    json!({
        "name": token.name,
        "role": token.role.as_str(),
        "created_at": token.created_at.rfc3339(),
        "expires_at": token.expires_at.rfc3339(),
        "last_used_at": token.last_used_at.map(Timestamp::rfc3339),
    })
}

fn role_change(entry: &Entry) -> Value {
    let changes = entry.changes().into_iter();
    let changes = changes.map(|change| json!({ change.field: [change.old, change.new] }));
    json!({
        "at": entry.at.rfc3339(),
        "action": entry.action,
        "changes": changes.collect::<Vec<_>>(),
    })
}

/// Of a sign-in that succeeded the day is kept, and nothing finer.
fn sign_in(stored: &Stored) -> Value {
    let attempt = &stored.attempt;
    let at = match attempt.outcome {
        Outcome::Ok => Day::of(stored.at).iso(),
        Outcome::Refused | Outcome::Failed => stored.at.rfc3339(),
    };
    json!({
        "at": at,
        "outcome": attempt.outcome.as_str(),
        "reason": attempt.reason,
        "request_id": attempt.evidence.request_id,
        "id_token_claims": attempt.evidence.id_token.as_slice(),
        "userinfo_claims": attempt.evidence.userinfo.as_slice(),
        "unmapped_roles": attempt.evidence.unmapped_roles.as_slice(),
    })
}

/// A vote in a secret poll cannot be found again, by nobody; in a named one it is here.
fn participation(poll: &Participation, reader: Reader) -> Value {
    let is_named = poll.is_named();
    let has_voted = (is_named || reader == Reader::Themselves).then_some(poll.has_voted);
    json!({
        "poll": poll.poll,
        "question": poll.question,
        "secrecy": poll.secrecy.as_str(),
        "has_voted": has_voted,
        "cast_at": poll.cast_at.map(Timestamp::rfc3339),
        "choices": poll.cast_at.map(|_| &poll.chosen),
    })
}
