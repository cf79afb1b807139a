//! How people want the pages.

use crate::{
    db::{execute, transaction},
    error::Result,
    language::{Language, Preferences, Theme},
    users::{UserId, Users},
};

impl Users {
    /// Keeps `preferences` for somebody. A matter of their own: the history does not tell of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn prefer(&self, id: UserId, preferences: Preferences) -> Result<()> {
        transaction!(self.db, |tx| {
            execute!(
                tx,
                sqlx::query("UPDATE users SET language = $2, zone = $3, theme = $4 WHERE id = $1")
                    .bind(id)
                    .bind(preferences.language.map(Language::as_str))
                    .bind(preferences.zone)
                    .bind(preferences.theme.map(Theme::as_str))
            )?;
        })
    }
}
