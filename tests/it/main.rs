//! Everything that is tested from outside: the real router, real databases, a real provider and
//! a real browser. One binary, so that it links once; a file per subject.
#![cfg(test)]

mod support;

mod architecture;
mod attempts;
mod backchannel_logout;
mod ballots;
mod browser_journeys;
mod browser_pages;
mod callback_errors;
mod callbacks;
mod casting;
mod cli;
mod client_authentication;
mod compression;
mod connections;
mod console;
mod drafts;
mod history;
mod http_limits;
mod id_token_occasions;
mod id_tokens;
mod key_rotation;
mod lists;
mod matrix;
mod model;
mod outages;
mod own_sessions;
mod pages;
mod profiles;
mod providers;
mod real_op;
mod results;
mod role_rules;
mod roles;
mod schema;
mod secrecy;
mod sessions;
mod sign_in;
mod sign_out;
mod silent_check;
mod unsent_forms;
mod voting;
