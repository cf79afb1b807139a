//! Users in the database.

mod administering;
mod keeping;
mod listing;
mod merging;
mod preferring;
mod tokens;

use std::sync::Arc;

use super::{Identity, Profile, Role, RoleAssignment, SignIn, User, UserId};
use crate::{
    attempts::{self, Attempt, Evidence},
    audit::{self, Actor, Change},
    clock::Timestamp,
    db::{Db, Kept, Tx, execute, on, transaction, within},
    error::Result,
    session,
};

pub use listing::{Filter, Standing};

/// The local users.
#[derive(Clone, Debug)]
pub struct Users {
    db: Db,
    found: Kept<UserId, Option<Arc<User>>>,
    /// Those whom programs speak for, and machines that are nobody here.
    found_by_identity: Kept<Identity, Option<Arc<User>>>,
}

/// People who are kept in memory, about a kilobyte each.
const MANY: u64 = 20_000;

/// Every column of a [`User`].
macro_rules! user_columns {
    () => {
        "id, issuer, subject, preferred_username, email, email_verified, given_name, family_name,
         display_name, picture, role, role_source, role_checked_at, deactivated_at, role_lost_at,
         first_seen_at, last_login_at, merged_into, erased_at, language, zone, theme"
    };
}

/// A query for users.
macro_rules! select_user {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            $crate::users::store::user_columns!(),
            " FROM users ",
            $rest
        )
    };
}
use {select_user, user_columns};

impl Users {
    /// The users in `db`.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            found: Kept::with_room_for(MANY),
            found_by_identity: Kept::with_room_for(MANY),
        }
    }

    /// The user with this key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, id: UserId) -> Result<Option<Arc<User>>> {
        let read = async {
            let user: Option<User> = on!(&self.db, |pool| {
                sqlx::query_as(select_user!("WHERE id = $1"))
                    .bind(id)
                    .fetch_optional(pool)
                    .await
            })?;
            Ok(user.map(Arc::new))
        };
        self.found.get_or(&self.db, id, read).await
    }

    /// The user with this identity.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_by_identity(&self, identity: &Identity) -> Result<Option<Arc<User>>> {
        let read = async {
            let user: Option<User> = on!(&self.db, |pool| {
                sqlx::query_as(select_user!("WHERE issuer = $1 AND subject = $2"))
                    .bind(&identity.issuer)
                    .bind(&identity.subject)
                    .fetch_optional(pool)
                    .await
            })?;
            Ok(user.map(Arc::new))
        };
        let key = identity.clone();
        self.found_by_identity.get_or(&self.db, key, read).await
    }

    /// Signs somebody in whose identity and roles the provider has vouched for.
    ///
    /// Without a role nobody new is stored, and somebody known becomes inactive and loses every
    /// session; their ballots stay. With `evidence` the attempt is noted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in(
        &self,
        identity: Identity,
        profile: Profile,
        role: Option<RoleAssignment>,
        evidence: Option<Evidence>,
        now: Timestamp,
    ) -> Result<SignIn> {
        transaction!(self.db, |tx| {
            let outcome = match (lock_identity(tx, &identity).await?, role) {
                (Some(known), _) if known.deactivated_at.is_some() => SignIn::Deactivated,
                (Some(known), None) => {
                    lose_role(tx, &known, Heard::AtSignIn, now).await?;
                    SignIn::NoRole
                }
                (None, None) => SignIn::NoRole,
                (known, Some(role)) => {
                    let user = upsert(tx, &identity, &profile, role, now).await?;
                    note_role_change(tx, known.as_ref(), &user, Heard::AtSignIn, now).await?;
                    SignIn::Welcome(Box::new(user))
                }
            };
            if let Some(evidence) = evidence {
                attempts::append(tx, attempt(&outcome, evidence), now).await?;
            }
            outcome
        })
    }

    /// Takes note of what the provider said when it was asked again during a session; `None`
    /// makes the person inactive and ends their sessions. `now` is when it was asked: a word
    /// older than what is stored changes nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn confirm_role(
        &self,
        id: UserId,
        role: Option<RoleAssignment>,
        now: Timestamp,
    ) -> Result<()> {
        transaction!(self.db, |tx| {
            let Some(known) = lock(tx, id).await? else {
                return Ok(());
            };
            match role {
                // A newer word was heard meanwhile, perhaps at a sign-in elsewhere.
                _ if known.role_checked_at > now => {}
                None => lose_role(tx, &known, Heard::AtRecheck, now).await?,
                Some(role) => keep_role(tx, &known, role, now).await?,
            }
        })
    }
}

/// When the provider said what a role is now.
#[derive(Clone, Copy)]
enum Heard {
    AtSignIn,
    AtRecheck,
}

impl Heard {
    fn noted(self, change: Change) -> Change {
        let when = match self {
            Self::AtSignIn => "sign_in",
            Self::AtRecheck => "recheck",
        };
        change.field("heard_at", None, Some(when))
    }
}

/// How the attempt ended that came to `outcome`.
fn attempt(outcome: &SignIn, evidence: Evidence) -> Attempt {
    match outcome {
        SignIn::Welcome(_) => Attempt::ok(evidence),
        SignIn::NoRole => {
            let reason = evidence.no_role();
            Attempt::refused(evidence, reason)
        }
        SignIn::Deactivated => Attempt::refused(evidence, "deactivated"),
    }
}

/// Finds a user and makes other writers wait until this transaction has ended.
async fn lock(tx: &mut Tx, id: UserId) -> Result<Option<User>> {
    Ok(within!(tx, |conn| {
        sqlx::query_as(concat!(
            "UPDATE users SET version = version + 1 WHERE id = $1 RETURNING ",
            user_columns!()
        ))
        .bind(id)
        .fetch_optional(conn)
        .await
    })?)
}

/// As [`lock`], by identity.
async fn lock_identity(tx: &mut Tx, identity: &Identity) -> Result<Option<User>> {
    Ok(within!(tx, |conn| {
        sqlx::query_as(concat!(
            "UPDATE users SET version = version + 1 WHERE issuer = $1 AND subject = $2 RETURNING ",
            user_columns!()
        ))
        .bind(&identity.issuer)
        .bind(&identity.subject)
        .fetch_optional(conn)
        .await
    })?)
}

async fn upsert(
    tx: &mut Tx,
    identity: &Identity,
    profile: &Profile,
    role: RoleAssignment,
    now: Timestamp,
) -> Result<User> {
    let shown = profile.shown_name(&identity.subject);
    let search_key = profile.search_key(&identity.subject);
    Ok(within!(tx, |conn| {
        sqlx::query_as(concat!(
            "INSERT INTO users (issuer, subject, username, preferred_username, email,
                                email_verified, given_name, family_name, display_name, picture,
                                sort_key, search_key, role, role_source, role_checked_at,
                                first_seen_at, last_login_at)
             VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)
             ON CONFLICT (issuer, subject) DO UPDATE SET
                 preferred_username = excluded.preferred_username, email = excluded.email,
                 email_verified = excluded.email_verified, given_name = excluded.given_name,
                 family_name = excluded.family_name, display_name = excluded.display_name,
                 picture = excluded.picture, sort_key = excluded.sort_key,
                 search_key = excluded.search_key, role = excluded.role,
                 role_source = excluded.role_source, role_checked_at = excluded.role_checked_at,
                 role_lost_at = NULL, last_login_at = excluded.last_login_at
             RETURNING ",
            user_columns!()
        ))
        .bind(&identity.issuer)
        .bind(&identity.subject)
        .bind(&profile.preferred_username)
        .bind(&profile.email)
        .bind(profile.email_verified)
        .bind(&profile.given_name)
        .bind(&profile.family_name)
        .bind(shown)
        .bind(&profile.picture)
        .bind(shown.to_lowercase())
        .bind(&search_key)
        .bind(role.role)
        .bind(&role.source)
        .bind(now)
        .bind(now.start_of_day())
        .fetch_one(conn)
        .await
    })?)
}

async fn lose_role(tx: &mut Tx, known: &User, heard: Heard, now: Timestamp) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "UPDATE users SET role_lost_at = COALESCE(role_lost_at, $2), role_checked_at = $2
             WHERE id = $1",
        )
        .bind(known.id)
        .bind(now)
    )?;
    session::end_all_of(tx, known.id.0).await?;
    if known.role_lost_at.is_none() {
        let change = Change::new("role_lost", "user", known.id, known.name());
        let change = change.field("role", Some(known.role.as_str()), None);
        audit::append(tx, &Actor::System, heard.noted(change), now).await?;
    }
    Ok(())
}

async fn keep_role(tx: &mut Tx, known: &User, role: RoleAssignment, now: Timestamp) -> Result<()> {
    let user: User = within!(tx, |conn| {
        sqlx::query_as(concat!(
            "UPDATE users SET role = $2, role_source = $3, role_checked_at = $4 WHERE id = $1
             RETURNING ",
            user_columns!()
        ))
        .bind(known.id)
        .bind(role.role)
        .bind(&role.source)
        .bind(now)
        .fetch_one(conn)
        .await
    })?;
    note_role_change(tx, Some(known), &user, Heard::AtRecheck, now).await
}

/// One row in the history for each role that the provider has changed.
async fn note_role_change(
    tx: &mut Tx,
    known: Option<&User>,
    user: &User,
    heard: Heard,
    now: Timestamp,
) -> Result<()> {
    let old = known
        .filter(|known| known.role_lost_at.is_none())
        .map(|known| known.role);
    if known.is_none() || old == Some(user.role) {
        return Ok(());
    }
    let change = Change::new("role_changed", "user", user.id, user.name());
    let change = change.field("role", old.map(Role::as_str), Some(user.role.as_str()));
    let claim = known.and_then(|known| known.role_source.as_deref());
    let change = change.field("role_source", claim, user.role_source.as_deref());
    audit::append(tx, &Actor::System, heard.noted(change), now).await?;
    Ok(())
}
