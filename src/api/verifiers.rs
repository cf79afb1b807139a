//! The kinds of tokens that are believed, each behind one function.

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use super::{caller::Caller, refusal::Refusal};

/// Knows one kind of token.
#[async_trait]
pub trait TokenVerifier: fmt::Debug + Send + Sync {
    /// Whom `token` speaks for; `None` when it is not of this kind, so that the next verifier is
    /// asked. A verifier that has recognised a token decides about it.
    ///
    /// # Errors
    /// Why a token of this kind is refused.
    async fn verify(&self, token: &str) -> Result<Option<Caller>, Refusal>;
}

/// Every kind of token that is believed. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Verifiers(Arc<[Arc<dyn TokenVerifier>]>);

impl Verifiers {
    /// These, asked in this order: those first who recognise their tokens by sight.
    #[must_use]
    pub fn new(verifiers: Vec<Arc<dyn TokenVerifier>>) -> Self {
        Self(verifiers.into())
    }

    /// Whom `token` speaks for.
    ///
    /// # Errors
    /// Why it is refused; a token that nobody knows is invalid, never anonymous.
    pub async fn verify(&self, token: &str) -> Result<Caller, Refusal> {
        for verifier in self.0.iter() {
            if let Some(caller) = verifier.verify(token).await? {
                return admit(caller);
            }
        }
        Err(Refusal::InvalidToken)
    }
}

/// Whom an admin has turned away, no token brings back.
fn admit(caller: Caller) -> Result<Caller, Refusal> {
    let user = caller.user.as_ref();
    if user.is_some_and(|user| user.deactivated_at.is_some()) {
        Err(Refusal::Deactivated)
    } else {
        Ok(caller)
    }
}
