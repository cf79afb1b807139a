//! A poll whose ballot paper is fixed: what it is, and what can still be done with it.

use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::FromRef,
    response::{IntoResponse as _, Response},
};

use super::{next::NextStep, percent};
use crate::{
    admin::{Editor, list::Query},
    clock::{Clock, Timestamp},
    error::Result,
    language::{Message, Value},
    moment::Moment,
    page::Page,
    paths,
    polls::{
        Choice, Electorate, Poll, Polls, RankedRule, RollMode, State, amendment::Amendment,
        editing::Step,
    },
    prose::Prose,
};

/// A poll that can no longer be edited.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/facts.html")]
struct FactsPage {
    page: Page,
    poll: Arc<Poll>,
    phase: State,
    paper: Arc<[Choice]>,
    electorate: Electorate,
    shows_turnout: bool,
    /// What comes next in its life.
    next: NextStep,
    /// What else can be done, as far as that may be told.
    other_steps: Vec<Step>,
    /// Whether closing time and results can be changed.
    can_amend: bool,
    /// What the form that copies is called.
    form_key: String,
    list: Query,
}

impl FactsPage {
    fn moment(&self, at: Option<&Timestamp>) -> Option<Moment> {
        at.map(|at| Moment::new(*at, &self.poll.zone))
    }

    /// How many choices go on a ballot.
    fn limits(&self) -> Message {
        let (min, max) = (self.poll.min_choices, self.poll.max_choices);
        let limits = Message::new("limits").with("min", min).with("max", max);
        match self.poll.ranked_rule {
            Some(rule) => Message::new("limits-ranked")
                .with("limits", limits)
                .with("rule", rule.message()),
            None => limits,
        }
    }

    /// How voters vote, beyond the choices.
    fn votes(&self) -> Message {
        let poll = &self.poll;
        let parts = [
            (true, poll.secrecy.message()),
            (poll.asks_for_review(), Message::new("votes-reviewed")),
            (poll.has_receipts(), Message::new("votes-receipt")),
            (poll.randomise, Message::new("votes-own-order")),
        ];
        let parts = parts.into_iter().filter(|(is_so, _)| *is_so);
        let join = |first, second| {
            Message::new("votes-terms")
                .with("first", first)
                .with("second", second)
        };
        let parts = parts.map(|(_, part)| part);
        parts.reduce(join).unwrap_or_default()
    }

    /// What decides the poll.
    fn decision(&self) -> Message {
        let majority = || self.poll.majority_rule.message();
        let carries = self
            .poll
            .ranked_rule
            .map_or_else(majority, RankedRule::message);
        match self.poll.quorum_bp {
            Some(quorum) => Message::new("decision-quorum")
                .with("rule", carries)
                .with("quorum", Value::decimal(percent::write(quorum))),
            None => carries,
        }
    }

    /// Whom the poll asks, and how many they are.
    fn who(&self) -> Message {
        let poll = &self.poll;
        let message = match (poll.roll_mode, self.electorate.invited) {
            (RollMode::Role, _) => Message::new("who-by-role").with("roles", poll.roles.message()),
            (RollMode::List, 0) => Message::new("who-by-list"),
            (RollMode::List, invited) => Message::new("who-invited").with("invited", invited),
        };
        message.with("count", self.electorate.eligible)
    }

    fn can_unfreeze(&self) -> bool {
        self.other_steps.contains(&Step::Unfreeze)
    }

    /// The page that asks before a step.
    fn step(&self, step: &str) -> String {
        let path = paths::admin_poll_step(self.poll.id, step);
        self.list.carried_to(&path)
    }

    fn to_list(&self) -> String {
        self.list.at(paths::ADMIN_POLLS)
    }
}

/// What the page reads from.
#[derive(Clone, Debug)]
pub struct Sources {
    pub(super) polls: Polls,
    pub(super) clock: Clock,
}

impl<S> FromRef<S> for Sources
where
    Polls: FromRef<S>,
    Clock: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            polls: Polls::from_ref(state),
            clock: Clock::from_ref(state),
        }
    }
}

/// The page of a poll that can no longer be edited.
pub(super) async fn show(
    page: Page,
    editor: Editor,
    Sources { polls, clock }: &Sources,
    poll: Arc<Poll>,
) -> Result<Response> {
    let now = clock.now();
    let state = poll.state(now);
    let (electorate, shows_turnout) = (polls.electorate(poll.id).await?, poll.shows_turnout(now));
    let has_voters = shows_turnout && electorate.ballots > 0;
    let other_steps = [Step::Unfreeze, Step::Reopen].into_iter();
    let other_steps = other_steps
        .filter(|step| step.is_possible(&poll, now) && !(*step == Step::Unfreeze && has_voters));
    let other_steps: Vec<Step> = other_steps.collect();
    let facts = FactsPage {
        page,
        phase: state,
        shows_turnout,
        paper: polls.choices(poll.id).await?,
        electorate,
        next: NextStep::new(&poll, Vec::new(), now),
        other_steps,
        can_amend: Amendment::is_possible(state),
        form_key: editor.form_key,
        list: editor.list,
        poll,
    };
    Ok(facts.into_response())
}
