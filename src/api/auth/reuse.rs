//! A code or refresh token that comes a second time has been copied, and nobody can tell by whom:
//! the session that it belongs to ends (RFC 6749, 4.1.2; RFC 9700, 4.14.2), and the history says
//! so.

use super::AuthorizationServer;
use crate::{
    audit::{self, Actor, Change},
    db::transaction,
    error::Result,
    session::{SessionKey, end_program},
    telemetry::origin,
    users::UserId,
};

/// What came a second time.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reused {
    /// An authorization code.
    AuthorizationCode,
    /// A refresh token.
    RefreshToken,
}

impl Reused {
    /// As the history and the log call it.
    const fn kind(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code_reused",
            Self::RefreshToken => "refresh_token_reused",
        }
    }
}

impl AuthorizationServer {
    /// Ends the session with this key, if it still lives.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn end_after(&self, reused: Reused, key: &SessionKey) -> Result<()> {
        let Some(session) = self.0.sessions.find_program(key).await? else {
            return Ok(());
        };
        let Some(user) = self.0.users.find(UserId(session.user_id)).await? else {
            return Ok(());
        };
        let (key, now, kind) = (key.clone(), self.now(), reused.kind());
        tracing::warn!(
            user = %user.id,
            sub_hash = user.sub_hash(),
            ip = origin::ip(),
            kind,
            "what came again was copied: its session ends"
        );
        transaction!(self.0.db, |tx| {
            if end_program(tx, &key).await?.is_some() {
                let change = Change::new("sessions_ended", "user", user.id, user.name())
                    .field("kind", None, Some(kind))
                    .field("sessions_ended", 0, 1);
                audit::append(tx, &Actor::System, change, now).await?;
            }
        })?;
        self.0.oidc.revoke_in_background();
        Ok(())
    }
}
