//! Removing a lot without keeping anybody waiting: a portion at a time, each in a transaction of its
//! own, with a pause as long as the portion took. Whoever wants to write meanwhile waits for one
//! portion at most.

/// How many rows are removed at once.
pub const PORTION: i64 = 32;

/// Runs a statement that removes up to [`PORTION`] rows, a number that its query binds itself, until
/// there are no more; how many there were:
/// `in_portions!(self.db, sqlx::query("DELETE … LIMIT $2)").bind(now).bind(PORTION))`.
macro_rules! in_portions {
    ($db:expr, $query:expr) => {{
        let mut removed: u64 = 0;
        loop {
            let begun = tokio::time::Instant::now();
            let portion: u64 =
                $crate::db::transaction!($db, |tx| { $crate::db::execute!(tx, $query)? })?;
            removed += portion;
            if portion < $crate::db::PORTION.unsigned_abs() {
                break removed;
            }
            tokio::time::sleep(begun.elapsed()).await;
        }
    }};
}
pub(crate) use in_portions;
