//! Grants: what codes, tokens and device codes stand for.

use crate::{random, scopes::Scopes};

/// What a person let a client have.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) sub: String,
    pub(crate) scopes: Scopes,
    pub(crate) nonce: Option<String>,
    /// The code it was redeemed with, for `c_hash`.
    pub(crate) code: Option<String>,
    pub(crate) auth_time: i64,
    /// The provider's session; none for a personal access token.
    pub(crate) sid: Option<String>,
    /// Shared by all tokens that come of one authorization.
    pub(crate) family: String,
}

impl Grant {
    /// A grant of a new family.
    pub(crate) fn new(client_id: &str, sub: &str, scopes: Scopes, auth_time: i64) -> Self {
        Self {
            client_id: client_id.to_owned(),
            sub: sub.to_owned(),
            scopes,
            nonce: None,
            code: None,
            auth_time,
            sid: None,
            family: random::token(),
        }
    }
}
