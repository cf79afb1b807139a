//! The three routes of ZITADEL's example of a guarded API: open, for any token, and for tokens
//! with one role in the project. A new program is tried out here.

use axum::Json;
use serde::Serialize;

use super::{
    access::{Scope, ScopedCaller},
    caller::Caller,
};

/// What each of them answers.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Message {
    message: &'static str,
}

/// The role in the project that [`private_scoped`] asks for.
#[derive(Clone, Copy, Debug)]
pub struct ReadMessages;

impl Scope for ReadMessages {
    const ANY_OF: &'static [&'static str] = &["read:messages"];
}

const PUBLIC: &str = "Public route - You don't need to be authenticated to see this.";
const PRIVATE: &str = "Private route - You need to be authenticated to see this.";
const PRIVATE_SCOPED: &str = "Private, scoped route - You need to be authenticated and have the \
    role read:messages to see this.";

/// `GET /api/public`: for everybody; a bad token is refused here as well.
pub async fn public(_caller: Option<Caller>) -> Json<Message> {
    Json(Message { message: PUBLIC })
}

/// `GET /api/private`: for whoever has a good token.
pub async fn private(_caller: Caller) -> Json<Message> {
    Json(Message { message: PRIVATE })
}

/// `GET /api/private-scoped`: for whoever has the role `read:messages` as well.
pub async fn private_scoped(_caller: ScopedCaller<ReadMessages>) -> Json<Message> {
    Json(Message {
        message: PRIVATE_SCOPED,
    })
}
