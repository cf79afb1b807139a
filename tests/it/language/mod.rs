//! What is said is said in every language, and nobody reads another one than theirs.

pub mod catalogue;
mod choice;
mod sources;
