//! A form that can hold a file.

use std::error::Error as StdError;

#[expect(clippy::disallowed_types, reason = "the check is made here")]
use axum::extract::{FromRequest, Multipart, Request, multipart::MultipartError};
use http_body_util::LengthLimitError;

use super::{
    Session,
    csrf::{self, Form},
};
use crate::error::{Error, Result};

/// The fields of a submitted form that can hold a file (`multipart/form-data`, RFC 7578), or none.
/// Its CSRF token comes first and was right: what follows a wrong one is not read.
#[derive(Clone, Debug)]
pub struct FileForm(Vec<(String, Vec<u8>)>);

impl FileForm {
    /// The content of a field; empty when it was not sent.
    #[must_use]
    pub fn field(&self, name: &str) -> &[u8] {
        let field = self.0.iter().find(|(known, _)| known == name);
        field.map_or(&[], |(_, content)| content)
    }
}

impl<S> FromRequest<S> for FileForm
where
    S: Send + Sync,
{
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "the check is made here")]
    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let session = Session::from_extensions(request.extensions())?;
        if csrf::require_form(request.headers()).is_ok() {
            let Form(fields) = Form::from_request(request, state).await?;
            let fields: Vec<(String, String)> = fields;
            let fields = fields.into_iter();
            return Ok(Self(
                fields
                    .map(|(name, text)| (name, text.into_bytes()))
                    .collect(),
            ));
        }
        let parts = Multipart::from_request(request, state).await;
        let mut parts = parts.map_err(|_| Error::UnsupportedMediaType)?;
        let mut fields = Vec::new();
        while let Some(part) = parts.next_field().await.map_err(|error| cut_off(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            let content = part
                .bytes()
                .await
                .map_err(|error| cut_off(&error))?
                .to_vec();
            if fields.is_empty() {
                let is_token = name == csrf::FIELD;
                let sent = is_token.then_some(content.as_slice());
                csrf::check(&session, sent).await?;
            }
            fields.push((name, content));
        }
        if fields.is_empty() {
            return Err(Error::Csrf("no token"));
        }
        Ok(Self(fields))
    }
}

fn cut_off(error: &MultipartError) -> Error {
    // The limits of the site and of the route wrap what they say once each.
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(found) = cause {
        if found.is::<LengthLimitError>() {
            return Error::TooLarge;
        }
        cause = found.source();
    }
    Error::BadRequest("form-incomplete")
}
