//! Lists of voters in the database: [`entries`] shows them, [`by_name`] those that are whole, [`reading`] tells of them, [`listing`]
//! changes them, [`uploads`] holds files until an admin has confirmed them.

mod by_name;
pub(super) mod entries;
pub(super) mod listing;
mod matching;
mod reading;
mod uploads;
