//! Everything that is tested from outside: the real router, real databases, a real provider and
//! a real browser. One binary, so that it links once; a file per subject.
#![cfg(test)]
#![expect(missing_docs, reason = "a test's name is its documentation")]

mod support;

mod architecture;
mod callbacks;
mod casting;
mod cli;
mod drafts;
mod id_tokens;
mod lists;
mod matrix;
mod outages;
mod results;
mod roles;
mod schema;
mod sessions;
mod sign_in;
mod sign_out;
mod voting;
