//! What the tests stand on: databases, the application, people, a browser, a provider that
//! nobody here wrote.

pub mod app;
pub mod bearer;
pub mod browser;
pub mod collector;
pub mod command;
pub mod cookies;
pub mod crowd;
pub mod database;
pub mod endless;
mod environment;
pub mod log;
pub mod oracle;
pub mod person;
pub mod polls;
pub mod postgres;
pub mod program;
pub mod proxy;
pub mod real_op;
pub mod samples;
pub mod served;
pub mod tls;
pub mod token_endpoint;
pub mod trace;

pub use environment::{environment, environment_or, times};

/// A client that shows redirects instead of following them, and waits longer than any answer should
/// take.
pub fn http_client() -> reqwest::Client {
    // An error says that another test was faster.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_mins(1))
        .build()
        .expect("a client")
}
