//! Backups of a SQLite database: made beside a running server, verified before they are called so,
//! and put back. PostgreSQL has tools of its own for that.
//!
//! - [`Backups`] makes them on schedule and says how they stand; [`folder`] knows their names and
//!   which of them stay, [`snapshot`] makes one;
//! - [`verification`] tries a file, [`restoring`] puts it in the place of the database;
//! - [`migrate`] makes one before it changes the schema.
//!
//! `docs/backup.md` says what that means to operators, and to voters in a secret poll.

pub mod folder;
mod migrating;
pub mod restoring;
mod schedule;
pub mod snapshot;
mod store;
pub mod verification;

pub use self::{
    folder::{Backup, Folder},
    migrating::migrate,
    restoring::{Restore, Restored, restore},
    schedule::{Backups, Failure, Overview, Status},
    verification::{Verification, verify},
};
