//! Forms that can hold a file: `multipart/form-data` (RFC 7578).

use axum::{
    extract::{FromRequest, Request, multipart::MultipartError},
    http::StatusCode,
};

use super::{
    Session,
    csrf::{FIELD, Form, is_same, require_form},
};
use crate::error::{Error, Result};

/// The fields of a submitted form that can hold a file. Its CSRF token comes first and was right:
/// what follows a wrong one is not read.
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

    #[expect(
        clippy::disallowed_types,
        reason = "this is what checks the token of a form with a file"
    )]
    async fn from_request(request: Request, state: &S) -> Result<Self> {
        if require_form(request.headers()).is_ok() {
            let Form(fields): Form<Vec<(String, String)>> =
                Form::from_request(request, state).await?;
            let fields = fields.into_iter();
            let fields = fields.map(|(name, text)| (name, text.into_bytes()));
            return Ok(Self(fields.collect()));
        }
        let session = Session::from_extensions(request.extensions())?;
        let parts = axum::extract::Multipart::from_request(request, state).await;
        let mut parts = parts.map_err(|_| Error::UnsupportedMediaType)?;
        let mut fields = Vec::new();
        while let Some(part) = parts.next_field().await.map_err(|error| cut_off(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            let content = part.bytes().await.map_err(|error| cut_off(&error))?;
            if fields.is_empty() {
                check(&session, &name, &content).await?;
            }
            fields.push((name, content.to_vec()));
        }
        if fields.is_empty() {
            return Err(Error::Csrf("no token"));
        }
        Ok(Self(fields))
    }
}

/// Refuses a form whose first field is not the session's token.
async fn check(session: &Session, name: &str, content: &[u8]) -> Result<()> {
    let expected = session.csrf_token().await?;
    let expected = expected.ok_or(Error::Csrf("no session"))?;
    match std::str::from_utf8(content) {
        Ok(sent) if name == FIELD && is_same(sent, &expected) => Ok(()),
        _ if name == FIELD => Err(Error::Csrf("wrong token")),
        _ => Err(Error::Csrf("no token")),
    }
}

fn cut_off(error: &MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge;
    }
    Error::BadRequest("form-incomplete")
}
