//! Why the demo identity provider could not do what its owner asked.

use std::{io, net::SocketAddr};

/// What can go wrong outside the protocol; protocol errors are answers, not errors.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The listener is open to the network, where anybody could be anybody.
    #[error(
        "the demo identity provider listens on loopback addresses only, and {0} is not one: \
         it lets everybody in without a password"
    )]
    NotLoopback(SocketAddr),
    /// The listener has no address that could be told.
    #[error("the listener of the demo identity provider is not usable: {0}")]
    Listener(#[source] io::Error),
    /// No RSA key could be made, or it did not sign.
    #[error("the demo identity provider cannot sign: {0}")]
    Rsa(#[from] rsa::Error),
    /// The same for elliptic-curve keys, which give no reason.
    #[error("the demo identity provider cannot sign on an elliptic curve")]
    Curve,
    /// The client that delivers logout tokens could not be built.
    #[error("the demo identity provider cannot send requests: {0}")]
    Http(#[source] reqwest::Error),
    /// TLS could not be set up for that client.
    #[error("the demo identity provider cannot set up TLS: {0}")]
    Tls(#[source] rustls::Error),
    /// The background task that should have answered is gone.
    #[error("the demo identity provider was interrupted")]
    Interrupted,
    /// A person, client or session that a test named does not exist.
    #[error("the demo identity provider knows no {0}")]
    Unknown(&'static str),
}

impl From<ring::error::Unspecified> for Error {
    fn from(_: ring::error::Unspecified) -> Self {
        Self::Curve
    }
}

impl From<ring::error::KeyRejected> for Error {
    fn from(_: ring::error::KeyRejected) -> Self {
        Self::Curve
    }
}
