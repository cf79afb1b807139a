//! A whole list of voters in its usual order: those who have signed in by name, then those who have
//! not. Who is on a page is read off two indexes, and only then what there is to say of them, so
//! that neither the number of voters nor that of the page makes the database sort.

use std::collections::BTreeSet;

use super::entries::EntryFilter;
use crate::{
    db::on,
    error::Result,
    polls::{
        Polls,
        roll::{Entry, EntryKind, Invite},
    },
    statement::{Order, Statement, Window, bound},
    users::UserId,
};

/// Whether the order is the one in which lists of voters are shown.
pub(super) fn is_usual(order: &Order) -> bool {
    order.0 == [("signed-in", false), ("name", false)]
}

impl EntryFilter {
    /// Whether nothing but the kind of entries narrows the list.
    pub(super) fn is_whole(&self) -> bool {
        let is_open = self.source.is_none() && self.has_voted.is_none() && self.entries.is_none();
        is_open && self.words.is_empty()
    }

    /// Whether nothing narrows the list.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        self.is_whole() && self.kind.is_none()
    }

    /// The people on a page of the list.
    #[must_use]
    pub fn people_by_name(&self, window: Window) -> Statement {
        let mut statement = Statement::new("SELECT user_id FROM roll_names");
        statement.and("poll_id = ").bind(self.poll.0);
        statement.push(" ORDER BY sort_key, user_id").part(window);
        statement
    }

    /// The invitations on a page of the list of those who have not signed in.
    #[must_use]
    pub fn invitations_by_name(&self, window: Window) -> Statement {
        let mut statement = Statement::new("SELECT kind, issuer, value FROM roll_invites");
        statement.and("poll_id = ").bind(self.poll.0);
        if let Some(kind) = self.kind {
            statement.and("kind = ").bind(kind.as_str());
        }
        statement.push(" ORDER BY value, kind, issuer").part(window);
        statement
    }
}

impl Polls {
    /// The filter that finds who is on this page of a whole list.
    pub(super) async fn page_by_name(
        &self,
        filter: &EntryFilter,
        window: Window,
    ) -> Result<EntryFilter> {
        let mut page = BTreeSet::new();
        if matches!(filter.kind, None | Some(EntryKind::Person)) {
            let people = self.people_by_name(filter, window).await?;
            page.extend(people.into_iter().map(Entry::Enrolled));
        }
        if filter.kind != Some(EntryKind::Person) {
            let found = i64::try_from(page.len()).unwrap_or(window.limit);
            let rest = Window {
                offset: match filter.kind {
                    None if found > 0 => 0,
                    None => window.offset - self.count_voters(filter.poll).await?.enrolled,
                    Some(_) => window.offset,
                }
                .max(0),
                limit: window.limit - found,
            };
            let invitations = self.invitations_by_name(filter, rest).await?;
            page.extend(invitations.into_iter().map(Entry::Invited));
        }
        Ok(EntryFilter {
            entries: Some(page),
            ..EntryFilter::of(filter.poll)
        })
    }

    async fn people_by_name(&self, filter: &EntryFilter, window: Window) -> Result<Vec<UserId>> {
        let statement = filter.people_by_name(window);
        Ok(on!(&self.db, |pool| {
            bound!(query_scalar, statement).fetch_all(pool).await
        })?)
    }

    async fn invitations_by_name(
        &self,
        filter: &EntryFilter,
        window: Window,
    ) -> Result<Vec<Invite>> {
        let statement = filter.invitations_by_name(window);
        Ok(on!(&self.db, |pool| {
            bound!(query_as, statement).fetch_all(pool).await
        })?)
    }
}
