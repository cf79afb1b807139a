//! JSON that a program sends.

use axum::{
    Json,
    extract::{FromRequest, Request, rejection::JsonRejection},
};
use serde::de::DeserializeOwned;

use super::problem::{self, Refused, Result};
use crate::error::Error;

/// The body of a request as JSON: 415 for anything else, 400 for what is no JSON, 422 for JSON of
/// another shape.
#[derive(Clone, Copy, Debug)]
pub struct Body<T>(pub T);

impl<S, T> FromRequest<S> for Body<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        match Json::from_request(request, state).await {
            Ok(Json(content)) => Ok(Self(content)),
            Err(rejection) => Err(refuse(&rejection)),
        }
    }
}

fn refuse(rejection: &JsonRejection) -> Refused {
    match rejection {
        JsonRejection::JsonDataError(error) => problem::invalid(error.body_text()).into(),
        JsonRejection::JsonSyntaxError(error) => problem::bad_request(error.body_text()).into(),
        JsonRejection::MissingJsonContentType(_) => problem::no_json().into(),
        other if other.status() == http::StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge.into(),
        _ => problem::bad_request("The body did not arrive.").into(),
    }
}
