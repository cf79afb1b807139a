//! The parameters of a request to the authorization server: `application/x-www-form-urlencoded`,
//! each at most once (RFC 6749, 3.2). What is not known is ignored.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use url::form_urlencoded;

use super::error::TokenError;
use crate::session::csrf;

/// The parameters, by name.
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads a form, or a query.
    ///
    /// # Errors
    /// When a parameter is given twice.
    pub fn parse(text: &[u8]) -> Result<Self, TokenError> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text) {
            // A parameter without a value is one that is not there (RFC 6749, 3.1).
            let is_first = value.is_empty()
                || fields
                    .insert(name.into_owned(), value.into_owned())
                    .is_none();
            if !is_first {
                return Err(TokenError::InvalidRequest("A parameter is given twice."));
            }
        }
        Ok(Self(fields))
    }

    /// The parameter `name`, if it is there.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The parameter `name`.
    ///
    /// # Errors
    /// When it is missing; `missing` says so.
    pub fn required(&self, name: &str, missing: &'static str) -> Result<&str, TokenError> {
        self.get(name).ok_or(TokenError::InvalidRequest(missing))
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = TokenError;

    /// There is no form token to check: no cookie is looked at, so that no browser can be used to
    /// send somebody else's form.
    async fn from_request(request: Request, state: &S) -> Result<Self, TokenError> {
        let no_form = TokenError::InvalidRequest("Send application/x-www-form-urlencoded.");
        if csrf::require_form(request.headers()).is_err() {
            return Err(no_form);
        }
        let body = Bytes::from_request(request, state).await;
        Self::parse(&body.map_err(|_| TokenError::InvalidRequest("The form cannot be read."))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P-6, E-66.
    #[test]
    fn a_parameter_counts_once_and_an_empty_one_not_at_all() {
        let fields = Fields::parse(b"code=a%2Bb&scope=&x=1").unwrap();
        assert_eq!(fields.get("code"), Some("a+b"));
        assert_eq!(fields.get("scope"), None);
        assert!(fields.required("redirect_uri", "missing").is_err());
        assert!(Fields::parse(b"code=a&code=a").is_err());
    }
}
