//! Lists of voters in the database: [`entries`] shows them, [`reading`] tells of them, [`listing`]
//! changes them, [`uploads`] holds files until an admin has confirmed them.

pub(super) mod entries;
pub(super) mod listing;
mod matching;
mod reading;
mod uploads;
