//! The API for programs.

mod without_token;
