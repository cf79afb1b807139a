//! An OpenID Provider (OP) for `rolecall demo` and for the tests of rolecall.
//!
//! It speaks the real protocol over HTTP on a loopback address and knows nobody but a few sample
//! people. It must never guard anything: whoever clicks a name is that person.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use demo_idp::{Endpoint, Fault, Options, Person, RolesClaim, start};
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let op = start(Options::demo(listener, "http://localhost:8000")).await?;
//! op.controls().roles(&Person::uma().sub, RolesClaim::of(&["staff"]))?;
//! op.controls().set(|k| k.id_token.claims.set("azp", "somebody-else"));
//! op.controls().set(|k| k.fault(Endpoint::UserInfo, Fault::Hang));
//! # Ok(()) }
//! ```
//!
//! The map, in the order in which a request meets the code:
//!
//! * [`options`] and [`people`]: what it is started with; [`server`]: start and stop.
//! * `provider` reads the request, records it, applies a [`Fault`] and calls the endpoint.
//! * One file per endpoint: `discovery`, `authorize` and `sign_in`, `token` (with `client_auth` and
//!   `client_assertion`),
//!   `userinfo`, `introspection`, `revocation`, `end_session`, `device`.
//! * What they share: `keys`, `curves` and `jwt` (signing), `claims` (who is this person to that client), `issue` (tokens),
//!   `store` (sessions, codes, tokens), `backchannel` (logout tokens on their way), `pages`.
//! * [`knobs`] and [`controls`]: how a test makes it misbehave; [`profile`]: other makers' habits.

mod answer;
mod authorize;
mod authorize_request;
mod backchannel;
mod claims;
mod client_assertion;
mod client_auth;
pub mod client_key;
pub mod controls;
mod curves;
mod device;
mod discovery;
mod end_session;
pub mod endpoint;
pub mod error;
pub mod faults;
mod grants;
mod introspection;
mod issue;
mod jwt;
mod keys;
pub mod knobs;
pub mod options;
mod pages;
pub mod patch;
pub mod people;
pub mod profile;
mod provider;
mod random;
pub mod record;
mod revocation;
mod scopes;
pub mod server;
mod sign_in;
mod store;
mod token;
mod userinfo;

pub use backchannel::{Delivery, LogoutToken};
pub use client_key::{ClientKey, KeyFormat};
pub use controls::Controls;
pub use endpoint::{Endpoint, Paths};
pub use error::Error;
pub use faults::Fault;
pub use jwt::{Minting, Signing};
pub use knobs::{ClientAuth, Knobs, Placement};
pub use options::{Client, Options};
pub use patch::Patch;
pub use people::{Person, RolesClaim};
pub use record::RecordedRequest;
pub use server::{Running, start, start_with};
