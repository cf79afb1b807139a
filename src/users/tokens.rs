//! Personal access tokens: what a person makes for a program of theirs. A token is shown once; its
//! hash is kept. It may do what its person may, and less where they said so.

use std::sync::Arc;

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::{Role, User, UserId};
use crate::{clock::Timestamp, error::Result, language::Message, random::Random};

/// How every token begins, so that scanners for secrets find one that got lost.
const PREFIX: &str = "rolecall_pat_";

/// How many days a token can last.
pub const LIFETIMES: [u32; 4] = [7, 30, 90, 365];

/// How many tokens a person can have.
pub const MOST: i64 = 20;

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 60;

/// How long ago the person's role may have been confirmed, by a sign-in or a re-check: a token
/// comes without a browser in which the provider could be asked.
const CONFIRMED_WITHIN: Duration = Duration::from_hours(7 * 24);

/// A token, as its person sees it later.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonalToken {
    /// Key.
    pub id: i64,
    /// Whose it is.
    pub user_id: UserId,
    /// What the person calls it; unique among theirs.
    pub name: String,
    /// The most that it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The day on which it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// What a token is worth at the moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It may do what this role may.
    Good(Role),
    /// Its time is over.
    Expired,
    /// Its person may not sign in.
    Inactive,
    /// Nobody has asked the provider about its person for too long.
    Unconfirmed,
}

impl PersonalToken {
    /// What it is worth while `owner`, whose it is, is as they are.
    #[must_use]
    pub fn standing(&self, owner: &User, now: Timestamp) -> Standing {
        if self.expires_at <= now {
            Standing::Expired
        } else if !owner.is_active() {
            Standing::Inactive
        } else if now.since(owner.role_checked_at) > CONFIRMED_WITHIN {
            Standing::Unconfirmed
        } else {
            Standing::Good(self.role.min(owner.role))
        }
    }
}

/// A token that somebody wants.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What to call it.
    pub name: String,
    /// The most that it may do.
    pub role: Role,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl NewToken {
    /// What `owner` asks for: a name, a role that is theirs, and one of the [`LIFETIMES`].
    ///
    /// # Errors
    /// What is wrong with it: the id of a message.
    pub fn read(
        owner: &User,
        name: &str,
        role: &str,
        days: u32,
        now: Timestamp,
    ) -> Result<Self, &'static str> {
        let name = crate::search::without_controls(name).trim().to_owned();
        if name.is_empty() {
            return Err("token-needs-name");
        }
        if name.chars().count() > LONGEST_NAME {
            return Err("token-name-too-long");
        }
        let role = Role::from_word(role).filter(|role| *role <= owner.role);
        let is_offered = LIFETIMES.contains(&days);
        let life = Duration::from_hours(24 * u64::from(days));
        Ok(Self {
            name,
            role: role.ok_or("token-not-offered")?,
            expires_at: is_offered
                .then(|| now.plus(life))
                .ok_or("token-not-offered")?,
        })
    }
}

/// How making a token ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Made {
    /// It is there.
    Done,
    /// The person has one that is called so.
    NameTaken,
    /// The person has as many as one can have.
    TooMany,
}

/// Whose tokens end.
#[derive(Clone, Debug)]
pub enum TokensOf {
    /// The one of this person with this key.
    One(Arc<User>, i64),
    /// All of this person.
    Person(Arc<User>),
}

/// How many tokens have ended, in words.
#[must_use]
pub fn tokens_ended(number: u64) -> Message {
    Message::new("tokens-ended").with("count", number)
}

/// A token that was not there before.
///
/// # Errors
/// When there is no randomness.
pub fn generate(random: &Random) -> Result<String> {
    Ok(format!("{PREFIX}{}", random.token()?))
}

/// Whether `token` looks like one of these.
#[must_use]
pub fn is_personal(token: &str) -> bool {
    token.starts_with(PREFIX)
}

/// By which a token is found. It is random, so that no salt is needed.
#[must_use]
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}
