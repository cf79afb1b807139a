//! The published polls in pages, as everybody sees them: kept in memory until a poll changes, or
//! the clock opens or closes one.

use super::{Listed, PAGE_SIZE, Polls, select_listed};
use crate::{clock::Timestamp, db::on, error::Result, polls::written::Written, users::UserId};

/// Pages that are kept.
pub(super) const MANY_PAGES: i64 = 16;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Slice {
    /// What is on it.
    pub polls: Vec<Listed>,
    /// Its number, from 1; the last page when a later one was asked for.
    pub page: i64,
    /// Number of the last page.
    pub last: i64,
    /// The page as it was written for people who are not signed in.
    pub written: Written,
}

/// A page of the published polls as somebody sees it who is not signed in.
#[derive(Clone, Debug)]
pub(super) struct Public {
    slice: Slice,
    from: Timestamp,
    /// When a poll is published, opens or closes next, and the list is another.
    until: Option<Timestamp>,
}

impl Public {
    fn holds_at(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

impl Polls {
    /// A page of the published polls: open ones first, then scheduled, then closed, the newest
    /// first within each. `user` is whose marks to look up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_public(
        &self,
        user: Option<UserId>,
        page: i64,
        now: Timestamp,
    ) -> Result<Slice> {
        let mut slice = self.public_slice(page, now).await?;
        if let Some(user) = user {
            let marks = self.marks(user).await?;
            slice.written = Written::default();
            for listed in &mut slice.polls {
                listed.has_voted = marks.get(&listed.poll.id).copied();
            }
        }
        Ok(slice)
    }

    /// The same without marks, which is the same for everybody.
    async fn public_slice(&self, page: i64, now: Timestamp) -> Result<Slice> {
        // Anybody may ask for any number: only the first pages are kept.
        if !(1..=MANY_PAGES).contains(&page) {
            return self.read_public(page, now).await;
        }
        let read = async {
            Ok(Public {
                slice: self.read_public(page, now).await?,
                from: now,
                until: self.next_turn(now).await?,
            })
        };
        let public = self.public.get_or(&self.db, page, read).await?;
        if public.holds_at(now) {
            return Ok(public.slice);
        }
        self.public.forget(&page);
        self.read_public(page, now).await
    }

    /// When the state of any poll changes next by the clock alone.
    async fn next_turn(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        Ok(on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT MIN(at) FROM (
                     SELECT MIN(published_at) AS at FROM polls WHERE published_at > $1
                     UNION ALL SELECT MIN(opens_at) FROM polls WHERE opens_at > $1
                     UNION ALL SELECT MIN(closes_at) FROM polls WHERE closes_at > $1
                     UNION ALL SELECT MIN(closed_at) FROM polls WHERE closed_at > $1
                 ) AS turns",
            )
            .bind(now)
            .fetch_one(pool)
            .await
        })?)
    }

    async fn read_public(&self, page: i64, now: Timestamp) -> Result<Slice> {
        let total: i64 = on!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM polls
                 WHERE published_at <= $1 AND frozen_at IS NOT NULL AND archived_at IS NULL",
            )
            .bind(now)
            .fetch_one(pool)
            .await
        })?;
        let (page, last) = within_pages(page, total);
        let polls = on!(&self.db, |pool| {
            sqlx::query_as(select_listed!(
                "WHERE published_at <= $2 AND frozen_at IS NOT NULL AND archived_at IS NULL
                 ORDER BY CASE WHEN opens_at > $2 THEN 1
                               WHEN closes_at <= $2 OR closed_at <= $2 THEN 2
                               ELSE 0 END,
                          published_at DESC, polls.id DESC
                 LIMIT $3 OFFSET $4"
            ))
            .bind(None::<UserId>)
            .bind(now)
            .bind(PAGE_SIZE)
            .bind((page - 1) * PAGE_SIZE)
            .fetch_all(pool)
            .await
        })?;
        Ok(Slice {
            polls,
            page,
            last,
            written: Written::default(),
        })
    }
}

/// The page asked for, brought within the pages there are, and the last one.
fn within_pages(page: i64, total: i64) -> (i64, i64) {
    let last = (total.saturating_add(PAGE_SIZE - 1) / PAGE_SIZE).max(1);
    (page.clamp(1, last), last)
}
