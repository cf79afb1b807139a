//! The entries of a list of voters: searched, narrowed, sorted, page by page. Who has voted is told
//! of named polls only: of a secret one neither a column nor a filter nor an order knows it.
//!
//! A whole list in its usual order is read off indexes (`by_name`), however many are on it.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    db::on,
    error::Result,
    polls::{
        PollId, Polls,
        roll::{Entry, EntryKind, Listed},
        rules::RollSource,
    },
    search::Words,
    statement::{Key, Order, Statement, Window, bound},
};

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub struct EntryFilter {
    /// The poll whose list it is.
    pub poll: PollId,
    /// Words that must occur in names, e-mail or subject.
    pub words: Words,
    /// Which entries.
    pub kind: Option<EntryKind>,
    /// When they came onto the list.
    pub source: Option<RollSource>,
    /// Whether they have voted; nobody is found by it in a secret poll.
    pub has_voted: Option<bool>,
    /// These and no others.
    pub entries: Option<BTreeSet<Entry>>,
}

const KEYS: [Key; 6] = [
    Key::new("name", "voter.place"),
    Key::optional("email", "voter.email"),
    Key::optional("subject", "voter.subject"),
    Key::new(
        "signed-in",
        "CASE WHEN voter.user_id IS NULL THEN 1 ELSE 0 END",
    ),
    Key::new("added", "CASE voter.source WHEN 'list' THEN 0 ELSE 1 END"),
    Key::optional("voted", "voter.has_voted"),
];

impl EntryFilter {
    /// Everybody on the list of a poll.
    #[must_use]
    pub fn of(poll: PollId) -> Self {
        Self {
            poll,
            words: Words::default(),
            kind: None,
            source: None,
            has_voted: None,
            entries: None,
        }
    }

    /// The statement of [`Polls::entries`] for a list that is narrowed, or in any other order.
    #[must_use]
    pub fn statement(&self, order: &Order, window: Window) -> Statement {
        let mut statement = Statement::new(
            "SELECT voter.user_id, voter.name, voter.email, voter.issuer, voter.subject,
                    voter.source, voter.has_voted
             FROM (SELECT users.id AS user_id, 'person' AS kind, users.display_name AS name,
                          users.email, users.issuer, users.subject, voter_roll.source,
                          users.sort_key AS place, ",
        );
        self.if_named(&mut statement, "voter_roll.has_voted");
        statement.push(" AS has_voted");
        self.people(&mut statement, true);
        statement.push(
            " UNION ALL
              SELECT NULL, kind, value, CASE kind WHEN 'email' THEN value END,
                     issuer, CASE kind WHEN 'subject' THEN value END, source, value, ",
        );
        self.if_named(&mut statement, "FALSE");
        self.invitations(&mut statement);
        statement.push(") AS voter");
        let tie = "COALESCE(voter.user_id, 0), voter.kind, voter.issuer";
        statement.sort(order, &KEYS, tie).part(window);
        statement
    }

    /// The statement of [`Polls::count_entries`].
    #[must_use]
    pub fn counting(&self) -> Statement {
        let mut statement = Statement::new("SELECT (SELECT COUNT(*)");
        self.people(&mut statement, false);
        statement.push(") + (SELECT COUNT(*)");
        self.invitations(&mut statement);
        statement.push(")");
        statement
    }

    /// `value` in a named poll, and nothing in a secret one.
    fn if_named(&self, statement: &mut Statement, value: &'static str) {
        statement
            .push("CASE (SELECT secrecy FROM polls WHERE id = ")
            .bind(self.poll.0)
            .push(") WHEN 'named' THEN ")
            .push(value)
            .push(" END");
    }

    /// Goes on with the people, narrowed. A search begins with the names, of which few match;
    /// `CROSS JOIN` tells SQLite so.
    fn people(&self, statement: &mut Statement, with_names: bool) {
        let searches = !self.words.is_empty();
        statement.push(match (searches, with_names) {
            (true, _) => {
                " FROM users CROSS JOIN voter_roll WHERE voter_roll.user_id = users.id AND"
            }
            (false, true) => " FROM voter_roll JOIN users ON users.id = voter_roll.user_id WHERE",
            (false, false) => " FROM voter_roll WHERE",
        });
        statement
            .push(" voter_roll.source <> 'role' AND voter_roll.poll_id = ")
            .bind(self.poll.0);
        for pattern in self.words.patterns() {
            statement.push(" AND users.search_key LIKE ").bind(pattern);
            statement.push(" ESCAPE '\\'");
        }
        if self.kind.is_some_and(|kind| kind != EntryKind::Person) {
            statement.push(" AND FALSE");
        }
        if let Some(source) = self.source {
            statement.push(" AND voter_roll.source = ");
            statement.bind(source.as_str());
        }
        self.voted(statement, "voter_roll.has_voted");
        if let Some(entries) = &self.entries {
            let people: Vec<_> = entries.iter().filter_map(Entry::person).collect();
            statement
                .push(" AND voter_roll.user_id IN (SELECT CAST(value AS BIGINT) FROM json_each(")
                .bind(json!(people).to_string().as_str())
                .push("))");
        }
    }

    /// Goes on with those who have not signed in, narrowed.
    fn invitations(&self, statement: &mut Statement) {
        statement.push(" FROM roll_invites WHERE roll_invites.poll_id = ");
        statement.bind(self.poll.0);
        for pattern in self.words.loose().patterns() {
            statement.push(" AND LOWER(roll_invites.value) LIKE ");
            statement.bind(pattern).push(" ESCAPE '\\'");
        }
        if let Some(kind) = self.kind {
            statement
                .push(" AND roll_invites.kind = ")
                .bind(kind.as_str());
        }
        if let Some(source) = self.source {
            statement.push(" AND roll_invites.source = ");
            statement.bind(source.as_str());
        }
        self.voted(statement, "FALSE");
        if let Some(entries) = &self.entries {
            let invitations: Vec<_> = entries.iter().filter_map(Entry::invitation).collect();
            statement
                .push(
                    " AND (roll_invites.kind, roll_invites.issuer, roll_invites.value) IN (
                         SELECT line.value->>'kind', line.value->>'issuer', line.value->>'value'
                         FROM json_each(",
                )
                .bind(json!(invitations).to_string().as_str())
                .push(") AS line)");
        }
    }

    /// Whether they have voted: `column`.
    fn voted(&self, statement: &mut Statement, column: &'static str) {
        if let Some(has_voted) = self.has_voted {
            statement.push(" AND ");
            self.if_named(statement, column);
            statement.push(if has_voted { " = TRUE" } else { " = FALSE" });
        }
    }
}

impl Polls {
    /// Entries of a list of voters.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn entries(
        &self,
        filter: &EntryFilter,
        order: &Order,
        window: Window,
    ) -> Result<Vec<Listed>> {
        let statement = if filter.is_whole() && super::by_name::is_usual(order) {
            let page = self.page_by_name(filter, window).await?;
            page.statement(order, Window::first(window.limit))
        } else {
            filter.statement(order, window)
        };
        Ok(on!(&self.db, |pool| {
            bound!(query_as, statement).fetch_all(pool).await
        })?)
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_entries(&self, filter: &EntryFilter) -> Result<i64> {
        let statement = filter.counting();
        Ok(on!(&self.db, |pool| {
            bound!(query_scalar, statement).fetch_one(pool).await
        })?)
    }
}
