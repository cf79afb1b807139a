//! The history in the console: [`list`] finds entries, [`detail`] shows one with what was and what
//! is, [`export`] hands them out, and [`verify`] recomputes the chain.

pub mod detail;
pub mod export;
pub mod list;
pub mod rows;
pub mod verify;
