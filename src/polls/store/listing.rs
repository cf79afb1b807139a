//! The polls of the console's list: every one in whatever state.

use super::{After, Listed, Polls, select_poll};
use crate::{
    clock::Timestamp,
    db::on,
    error::Result,
    polls::{PollId, Secrecy, State},
    search::Words,
    statement::{Key, Order, Range, Statement, Window, bound},
    users::Role,
};

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words that must occur in the question or a choice.
    pub words: Words,
    /// The state.
    pub state: Option<State>,
    /// Whether names stand on ballots.
    pub secrecy: Option<Secrecy>,
    /// A role that may vote.
    pub role: Option<Role>,
    /// When it was published.
    pub published: Range,
    /// These and no others.
    pub ids: Option<Vec<PollId>>,
    /// Those that were made before this one.
    pub after: Option<After>,
}

/// What the polls can be sorted by. How many have voted in a secret poll does not show in its
/// place either.
const KEYS: [Key; 6] = [
    Key::new("question", "polls.search_key"),
    Key::optional("published", "polls.published_at"),
    Key::optional("opens", "COALESCE(polls.opens_at, polls.published_at)"),
    Key::optional("closes", "polls.closes_at"),
    Key::optional(
        "votes",
        "CASE WHEN polls.secrecy = 'named' THEN poll_counts.ballots END",
    ),
    Key::new("created", "polls.created_at"),
];

/// Published, and its ballot paper is fixed. The `+` keeps SQLite from looking polls up by it, here
/// and below: where a list is narrowed to a span of time, it has to be that of the span ("The SQLite
/// Query Optimizer Overview", "Disqualifying WHERE Clause Terms Using Unary +").
const IS_LIVE: &str = "polls.archived_at IS NULL AND polls.frozen_at IS NOT NULL
     AND +polls.published_at IS NOT NULL";

impl Filter {
    /// The statement of [`Polls::list`].
    #[must_use]
    pub fn statement(&self, order: &Order, window: Window, now: Timestamp) -> Statement {
        let mut statement = Statement::new(select_poll!(
            ", CAST(NULL AS BOOLEAN) AS has_voted, poll_counts.ballots",
            "JOIN poll_counts ON poll_counts.poll_id = polls.id"
        ));
        self.narrow(&mut statement, now);
        let usual = Order(vec![("created", true)]);
        let order = if order.0.is_empty() { &usual } else { order };
        statement.sort(order, &KEYS, "polls.id").part(window);
        statement
    }

    /// Narrows `statement`, whose rows are `polls`, to what is asked for at `now`.
    fn narrow(&self, statement: &mut Statement, now: Timestamp) {
        for pattern in self.words.patterns() {
            statement.and("(polls.search_key LIKE ").bind(pattern);
            statement.push(
                " ESCAPE '\\' OR EXISTS (SELECT 1 FROM choices
                     WHERE choices.poll_id = polls.id AND choices.text_key LIKE ",
            );
            statement.bind(pattern).push(" ESCAPE '\\'))");
        }
        if let Some(state) = self.state {
            in_state(statement, state, now);
        }
        if let Some(secrecy) = self.secrecy {
            statement.and("polls.secrecy = ").bind(secrecy.as_str());
        }
        if let Some(role) = self.role {
            statement.and(
                "EXISTS (SELECT 1 FROM poll_roles
                         WHERE poll_roles.poll_id = polls.id AND poll_roles.role = ",
            );
            statement.bind(role.as_str()).push(")");
        }
        statement.within("polls.published_at", self.published);
        if let Some(After { at, id }) = self.after {
            statement.and("(polls.created_at < ").bind(at);
            statement.push(" OR polls.created_at = ").bind(at);
            statement.push(" AND polls.id < ").bind(id.0).push(")");
        }
        if let Some(ids) = &self.ids {
            let ids = serde_json::json!(ids).to_string();
            statement.and("polls.id IN (SELECT CAST(value AS BIGINT) FROM json_each(");
            statement.bind(ids.as_str()).push("))");
        }
    }
}

/// The states are those of [`crate::polls::Poll::state`].
fn in_state(statement: &mut Statement, state: State, now: Timestamp) {
    match state {
        State::Archived => {
            statement.and("polls.archived_at IS NOT NULL");
            return;
        }
        State::Draft => {
            statement.and("polls.archived_at IS NULL");
            statement.and("(polls.frozen_at IS NULL OR polls.published_at IS NULL)");
            return;
        }
        _ => statement.and(IS_LIVE),
    };
    if state == State::Scheduled {
        statement.and("(polls.published_at > ").bind(now);
        statement.push(" OR polls.opens_at > ").bind(now).push(")");
        return;
    }
    statement.and("+polls.published_at <= ").bind(now);
    statement.and("(polls.opens_at IS NULL OR polls.opens_at <= ");
    statement.bind(now).push(")");
    if state == State::Open {
        statement.and("(polls.closes_at IS NULL OR polls.closes_at > ");
        statement.bind(now).push(")");
        statement.and("(polls.closed_at IS NULL OR polls.closed_at > ");
        statement.bind(now).push(")");
        return;
    }
    statement.and("(polls.closes_at <= ").bind(now);
    statement
        .push(" OR polls.closed_at <= ")
        .bind(now)
        .push(")");
    if state == State::Released {
        statement.and("polls.released_at <= ").bind(now);
    } else {
        statement.and("(polls.released_at IS NULL OR polls.released_at > ");
        statement.bind(now).push(")");
    }
}

impl Polls {
    /// How many polls there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(&self, filter: &Filter, now: Timestamp) -> Result<i64> {
        let mut statement = Statement::new("SELECT COUNT(*) FROM polls");
        filter.narrow(&mut statement, now);
        Ok(on!(&self.db, |pool| {
            bound!(query_scalar, statement).fetch_one(pool).await
        })?)
    }

    /// Polls, archived ones as well; without an order that says otherwise the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list(
        &self,
        filter: &Filter,
        order: &Order,
        window: Window,
        now: Timestamp,
    ) -> Result<Vec<Listed>> {
        let statement = filter.statement(order, window, now);
        Ok(on!(&self.db, |pool| {
            bound!(query_as, statement).fetch_all(pool).await
        })?)
    }

    /// The keys of at most `limit` polls, in no order that matters.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keys(&self, filter: &Filter, limit: i64, now: Timestamp) -> Result<Vec<PollId>> {
        let mut statement = Statement::new("SELECT polls.id FROM polls");
        filter.narrow(&mut statement, now);
        statement.push(" ORDER BY polls.id LIMIT ").bind(limit);
        Ok(on!(&self.db, |pool| {
            bound!(query_scalar, statement).fetch_all(pool).await
        })?)
    }

    /// The places of those of `periods` in which a poll was published.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn published_in(
        &self,
        filter: &Filter,
        periods: &[Range],
        now: Timestamp,
    ) -> Result<Vec<i64>> {
        let mut statement = Statement::of_periods(periods, "SELECT 1 FROM polls");
        filter.narrow(&mut statement, now);
        statement.end_periods("polls.published_at");
        Ok(on!(&self.db, |pool| {
            bound!(query_scalar, statement).fetch_all(pool).await
        })?)
    }
}
