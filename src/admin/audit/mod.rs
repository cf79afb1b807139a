//! The history in the console: [`list`] finds entries, [`detail`] shows one with what was and what
//! is, in the words of [`fields`], [`export`] hands them out, and [`verify`] recomputes the chain.

pub mod detail;
pub mod export;
pub mod fields;
pub mod list;
pub mod rows;
pub mod verify;
