//! Everything that is tested from outside: the real router, real databases, a real provider and
//! a real browser. One binary, so that it links once; a file per subject.
#![cfg(test)]

mod support;

mod architecture;
mod backchannel_logout;
mod browser_journeys;
mod browser_pages;
mod callbacks;
mod casting;
mod check;
mod cli;
mod client_authentication;
mod compression;
mod config_commands;
mod connections;
mod console;
mod drafts;
mod embed;
mod history;
mod http_limits;
mod id_token_occasions;
mod id_tokens;
mod key_rotation;
mod lists;
mod matrix;
mod outages;
mod own_sessions;
mod pages;
mod profiles;
mod providers;
mod readme;
mod real_op;
mod results;
mod role_rules;
mod roles;
mod schema;
mod sessions;
mod sign_in;
mod sign_out;
mod voting;
