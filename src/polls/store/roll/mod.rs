//! Lists of voters in the database: [`reading`] shows them, [`listing`] changes them, [`uploads`]
//! holds files until an admin has confirmed them.

pub(super) mod listing;
mod matching;
mod reading;
mod uploads;
