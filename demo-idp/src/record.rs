//! The request log: what relying parties sent, in order.

use crate::endpoint::Endpoint;

/// A request as it arrived, parameters in their order. Holds secrets: for tests, not for logs.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// Which endpoint was called.
    pub endpoint: Endpoint,
    /// `GET` or `POST`.
    pub method: String,
    /// The path with the base path.
    pub path: String,
    /// The query as it was written, without `?`.
    pub raw_query: String,
    /// Decoded parameters of the query.
    pub query: Vec<(String, String)>,
    /// Decoded parameters of an `application/x-www-form-urlencoded` body.
    pub form: Vec<(String, String)>,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
}

impl RecordedRequest {
    /// The first parameter of this name, from the body or else from the query.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.form(name).or_else(|| first(&self.query, name))
    }

    /// The first body parameter of this name.
    #[must_use]
    pub fn form(&self, name: &str) -> Option<&str> {
        first(&self.form, name)
    }

    /// The first header of this name, given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .filter(|(header, _)| header == "cookie")
            .flat_map(|(_, value)| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(candidate, value)| (candidate == name).then_some(value))
    }
}

/// The first value under `name`.
pub(crate) fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find_map(|(key, value)| (key == name).then_some(value.as_str()))
}
