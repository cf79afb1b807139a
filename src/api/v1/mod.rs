//! The polls API, `/api/v1/`: what pages do, for programs with a person's token.
//!
//! - [`polls`] lists and shows polls, [`ballots`] casts, [`results`] are for staff, [`admin`] runs
//!   polls;
//! - [`access`] finds the person and the poll, [`body`] reads what is sent, [`key`] what a vote is
//!   called, [`query`] and [`cursor`] which part of a list is meant, [`precondition`] which version is meant;
//! - [`answer`] adds entity tags, [`negotiation`] heeds `Accept`, [`problem`] holds the problems
//!   that only programs meet;
//! - [`documents`] is what polls look like, [`drafts`] what they look like to admins; [`openapi`] describes all of it, and [`page`] shows that
//!   to people.
//!
//! HTTP edge: no rules and no SQL. Whatever a page decides is decided by the same function here.

pub mod access;
pub mod admin;
pub mod answer;
pub mod ballots;
pub mod body;
pub mod cursor;
pub mod documents;
pub mod drafts;
pub mod key;
pub mod negotiation;
pub mod openapi;
pub mod page;
pub mod polls;
pub mod precondition;
pub mod problem;
pub mod query;
pub mod results;
