//! Everything that is tested from outside: the real router, real databases, a real provider and
//! a real browser. One binary, so that it links once; a file per subject.
#![cfg(test)]

mod support;

mod architecture;
mod backchannel_logout;
mod ballots;
mod browser_ballots;
mod browser_journeys;
mod browser_pages;
mod browser_sign_in;
mod callbacks;
mod casting;
mod cli;
mod client_authentication;
mod compression;
mod conformance;
mod connections;
mod console;
mod corpus;
mod drafts;
mod guide;
mod history;
mod http_limits;
mod id_token_claims;
mod id_token_differential;
mod id_token_occasions;
mod id_token_signatures;
mod id_tokens;
mod inputs;
mod key_rotation;
mod lists;
mod matrix;
mod outage_matrix;
mod model;
mod outages;
mod own_sessions;
mod pages;
mod profiles;
mod providers;
mod real_op;
mod real_op_django;
mod real_op_node;
mod reject_list;
mod repository;
mod results;
mod role_rules;
mod roles;
mod schema;
mod secrets;
mod secrecy;
mod sessions;
mod sign_in;
mod sign_out;
mod voting;
