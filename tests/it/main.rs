//! Everything that is tested from outside: the real router, real databases, a real provider and
//! a real browser. One binary, so that it links once; a file per subject.
#![cfg(test)]
#![expect(missing_docs, reason = "a test's name is its documentation")]

mod support;

mod architecture;
mod browser_journeys;
mod browser_pages;
mod casting;
mod cli;
mod drafts;
mod id_tokens;
mod lists;
mod matrix;
mod pages;
mod real_op;
mod results;
mod schema;
mod sign_in;
mod voting;
