//! The entries of a list of voters: searched, narrowed, sorted, page by page. Who has voted is told
//! of named polls only: of a secret one neither a column nor a filter nor an order knows it.

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

    /// `start`, from the list, narrowed.
    fn statement(&self, start: &'static str) -> Statement {
        let mut statement = Statement::new(start);
        statement
            .push(
                " FROM (
                 SELECT voter_roll.user_id, 'person' AS kind, users.display_name AS name,
                        users.email, users.issuer, users.subject, voter_roll.source,
                        CASE polls.secrecy WHEN 'named' THEN voter_roll.has_voted END AS has_voted,
                        users.sort_key AS place, users.search_key,
                        CAST(voter_roll.user_id AS TEXT) AS tie
                 FROM voter_roll JOIN users ON users.id = voter_roll.user_id
                 JOIN polls ON polls.id = voter_roll.poll_id
                 WHERE voter_roll.source <> 'role' AND voter_roll.poll_id = ",
            )
            .bind(self.poll.0)
            .push(
                " UNION ALL
                 SELECT NULL, kind, value, CASE kind WHEN 'email' THEN value END,
                        issuer, CASE kind WHEN 'subject' THEN value END, source,
                        CASE polls.secrecy WHEN 'named' THEN FALSE END,
                        value, LOWER(value), issuer || ' ' || value
                 FROM roll_invites JOIN polls ON polls.id = roll_invites.poll_id
                 WHERE roll_invites.poll_id = ",
            )
            .bind(self.poll.0)
            .push(") AS voter");
        self.narrow(&mut statement);
        statement
    }

    fn narrow(&self, statement: &mut Statement) {
        let loose = self.words.loose();
        for (exact, loose) in self.words.patterns().zip(loose.patterns()) {
            statement
                .and("voter.search_key LIKE CASE voter.kind WHEN 'person' THEN ")
                .bind(exact)
                .push(" ELSE ")
                .bind(loose)
                .push(" END ESCAPE '\\'");
        }
        if let Some(kind) = self.kind {
            statement.and("voter.kind = ").bind(kind.as_str());
        }
        if let Some(source) = self.source {
            statement.and("voter.source = ").bind(source.as_str());
        }
        match self.has_voted {
            None => {}
            Some(true) => {
                statement.and("voter.has_voted");
            }
            Some(false) => {
                statement.and("NOT voter.has_voted");
            }
        }
        if let Some(entries) = &self.entries {
            among(statement, entries);
        }
    }
}

fn among(statement: &mut Statement, entries: &BTreeSet<Entry>) {
    let (mut people, mut invites) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Enrolled(user) => people.push(user),
            Entry::Invited(invite) => invites.push(invite),
        }
    }
    statement.and("(voter.user_id IN (SELECT CAST(value AS BIGINT) FROM json_each(");
    statement.bind(json!(people).to_string().as_str());
    statement.push(
        ")) OR voter.user_id IS NULL AND (voter.kind, voter.issuer, voter.name) IN (
             SELECT value->>'kind', value->>'issuer', value->>'value' FROM json_each(",
    );
    let invites = json!(invites).to_string();
    statement.bind(invites.as_str()).push(")))");
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
        let mut statement = filter.statement(
            "SELECT voter.user_id, voter.name, voter.email, voter.issuer, voter.subject,
                    voter.source, voter.has_voted",
        );
        statement.sort(order, &KEYS, "voter.tie").part(window);
        Ok(on!(&self.db, |pool| {
            bound!(query_as, statement).fetch_all(pool).await
        })?)
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_entries(&self, filter: &EntryFilter) -> Result<i64> {
        let statement = filter.statement("SELECT COUNT(*)");
        Ok(on!(&self.db, |pool| {
            bound!(query_scalar, statement).fetch_one(pool).await
        })?)
    }
}
