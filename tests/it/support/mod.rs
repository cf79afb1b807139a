//! What the tests stand on: databases, the application, people, a browser, a provider that
//! nobody here wrote.

pub mod app;
pub mod browser;
pub mod database;
mod environment;
pub mod person;
pub mod postgres;
pub mod real_op;
pub mod served;

pub use environment::environment;
