//! What others keep of a person: attempts to sign in, and changes of the role in the history.

use super::{User, UserId, Users};
use crate::{
    attempts::{self, Stored},
    error::Result,
    history::{self, Entry},
    statement::{Order, Window},
};

/// The most lines of each kind that are handed out; nobody comes near.
const MOST: i64 = 10_000;

impl Users {
    /// The attempts of `user` to sign in, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn attempts_of(&self, user: &User) -> Result<Vec<Stored>> {
        let own = attempts::Filter {
            who: Some((user.issuer.clone(), user.subject.clone())),
            ..attempts::Filter::default()
        };
        attempts::list(&self.db, &own, &Order::default(), Window::first(MOST)).await
    }

    /// What the provider has changed about the role of `user`, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn role_changes_of(&self, user: UserId) -> Result<Vec<Entry>> {
        let own = history::Filter::of("user", user);
        let mut entries =
            history::list(&self.db, &own, &Order::default(), Window::first(MOST)).await?;
        entries.retain(|entry| entry.action.starts_with("role_"));
        Ok(entries)
    }
}
