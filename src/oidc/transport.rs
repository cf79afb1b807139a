//! Why a call brought no document, told apart: the same words in the log of `serve` and in the
//! diagnosis of `check`. Never holds what was sent or received.

use std::{error::Error as StdError, fmt, io};

use http::{StatusCode, Uri};

use super::http::{LARGEST, Outage};

/// A call to the provider that brought no document.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct TransportError {
    /// What was called; its query is not kept.
    place: String,
    /// What happened.
    pub kind: TransportErrorKind,
}

/// What happened to a call, in the order in which it can happen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TransportErrorKind {
    /// The host's name leads nowhere.
    Dns,
    /// Nobody listens there.
    Refused,
    /// The certificate, or the protocol around it, is not acceptable.
    Tls(String),
    /// There was no answer in time.
    Timeout,
    /// The connection came to another end.
    Broken(String),
    /// It answers with another address, which is not followed.
    Redirect(StatusCode),
    /// It answers with another status than 200.
    Status(StatusCode),
    /// It answers with more than is taken.
    TooLarge,
    /// It answers with a web page.
    WebPage,
    /// It answers with something else than the document.
    Unreadable(String),
}

impl TransportErrorKind {
    /// The status that came, if that is what was wrong, and a word for what happened.
    pub(super) fn in_a_word(&self) -> (Option<StatusCode>, &'static str) {
        match self {
            Self::Status(status) | Self::Redirect(status) => (Some(*status), "status"),
            Self::Dns => (None, "dns"),
            Self::Refused => (None, "refused"),
            Self::Tls(_) => (None, "tls"),
            Self::Timeout => (None, "timeout"),
            Self::Broken(_) => (None, "broken"),
            Self::TooLarge => (None, "too_large"),
            Self::WebPage | Self::Unreadable(_) => (None, "unreadable"),
        }
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns => f.write_str("the name of this host is not known"),
            Self::Refused => f.write_str("the connection is refused"),
            Self::Tls(why) => write!(f, "no secure connection: {why}"),
            Self::Timeout => f.write_str("no answer in time"),
            Self::Broken(why) => write!(f, "the connection broke off: {why}"),
            Self::Redirect(status) => write!(f, "status {status}, a redirect"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::TooLarge => write!(f, "more than {} MiB", LARGEST >> 20),
            Self::WebPage => f.write_str("a web page instead of a JSON document"),
            Self::Unreadable(why) => write!(f, "not the document expected: {why}"),
        }
    }
}

impl TransportError {
    /// Something that happened to a call of `place`.
    #[must_use]
    pub fn new(place: &Uri, kind: TransportErrorKind) -> Self {
        let place = place.to_string();
        let place = place.split('?').next().unwrap_or_default().to_owned();
        Self { place, kind }
    }

    /// What `error` says about a call of `place`.
    #[must_use]
    pub fn of(place: &Uri, error: reqwest::Error) -> Self {
        Self::new(place, kind_of(&error.without_url()))
    }
}

impl From<TransportError> for Outage {
    fn from(error: TransportError) -> Self {
        Self(error.to_string())
    }
}

fn kind_of(error: &reqwest::Error) -> TransportErrorKind {
    if error.is_timeout() {
        return TransportErrorKind::Timeout;
    }
    if let Some(tls) = causes(error).find_map(tls_error) {
        return TransportErrorKind::Tls(tls.to_string());
    }
    if causes(error).any(is_dns) {
        return TransportErrorKind::Dns;
    }
    if causes(error).any(|cause| is_io(cause, io::ErrorKind::ConnectionRefused)) {
        return TransportErrorKind::Refused;
    }
    TransportErrorKind::Broken(crate::error::chain(error))
}

fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// An [`io::Error`] shows what it wraps with `get_ref` only, and may wrap another.
fn tls_error<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    tls_error(error.downcast_ref::<io::Error>()?.get_ref()?)
}

/// The connector has no type for it, only these words.
fn is_dns(error: &(dyn StdError + 'static)) -> bool {
    error.to_string().starts_with("dns error")
}

fn is_io(error: &(dyn StdError + 'static), kind: io::ErrorKind) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_not_repeated() {
        let place = Uri::from_static("https://idp.example/token?code=SECRET");
        let error = TransportError::new(&place, TransportErrorKind::Timeout);
        assert_eq!(
            error.to_string(),
            "https://idp.example/token: no answer in time"
        );
    }
}
