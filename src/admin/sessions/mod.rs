//! The sessions at the moment: [`list`] shows whose they are, [`end`] ends one or several of them.
//! Everybody's end in [`everybody`](super::users::everybody).

pub mod end;
pub mod list;
