//! JSON that a program sends.

use axum::{
    Json,
    extract::{FromRequest, Request, rejection::JsonRejection},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

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
        // An object and no list: serde would take the members of a structure in their order, too.
        let members = Json::<Map<String, Value>>::from_request(request, state).await;
        let Json(members) = members.map_err(|rejection| refuse(&rejection))?;
        match serde_path_to_error::deserialize(Value::Object(members)) {
            Ok(content) => Ok(Self(content)),
            Err(error) => Err(problem::invalid(error.to_string()).into()),
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
