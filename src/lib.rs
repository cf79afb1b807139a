//! Polls for the people your identity provider already knows.
//!
//! One program: an OpenID Connect relying party that signs people in, maps their project roles
//! onto local users, and guards polls, results and a console by role.
//!
//! # Map
//! - The foundation knows no feature: [`clock`], [`random`], [`config`], [`db`], [`error`],
//!   [`headers`], [`list`], [`metrics`], [`paths`], [`assets`], [`telemetry`], [`vault`], [`moment`], [`prose`],
//!   [`search`], [`spreadsheet`], [`statement`], [`rate_limit`], [`problem_json`], [`route`].
//! - What every page needs: [`session`], [`users`] with its extractors in [`users::access`],
//!   [`page`], [`audit`], [`history`], [`attempts`], [`unsent`], [`system`].
//! - What keeps the data: [`backup`], and [`transfer`] from SQLite to PostgreSQL.
//! - The features, each a folder with its rules, its SQL and its pages: [`oidc`], [`polls`],
//!   [`users`], [`admin`]; and [`api`], through which programs reach them.
//! - [`app`] holds them together: state, the table of routes, the layers. [`check`] looks at
//!   all of it from outside, [`commands`] are what operators type beside a running server, and
//!   [`client`] what voters and staff type anywhere.
//!
//! `docs/architecture.md` follows three requests through it.

pub mod admin;
pub mod api;
pub mod app;
pub mod assets;
pub mod attempts;
pub mod audit;
pub mod backup;
pub mod check;
pub mod client;
pub mod clock;
pub mod commands;
pub mod config;
pub mod db;
#[cfg(feature = "demo")]
pub mod demo;
pub mod error;
pub mod headers;
pub mod health;
pub mod history;
pub mod language;
pub mod list;
pub mod metrics;
pub mod moment;
pub mod numbering;
pub mod oidc;
pub mod outage_log;
pub mod page;
pub mod paths;
pub mod polls;
pub mod private_key;
pub mod problem_json;
pub mod prose;
pub mod random;
pub mod rate_limit;
pub mod route;
pub mod search;
pub mod seed;
pub mod server;
pub mod session;
pub mod spreadsheet;
pub mod statement;
pub mod system;
pub mod telemetry;
pub mod transfer;
pub mod unsent;
pub mod users;
pub mod vault;
