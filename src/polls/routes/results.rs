//! The results, for staff.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract;

use super::view::{moment, number};
use crate::{
    clock::Clock,
    error::{Error, Result},
    moment::Moment,
    page::Page,
    paths,
    polls::{Poll, PollId, Polls, ResultsView, State, Tally},
    users::access::Staff,
};

/// The numbers, in the words and percentages of a table.
pub(super) struct Figures {
    pub outcome: String,
    pub caption: String,
    pub rows: Vec<Row>,
    pub facts: Vec<(&'static str, String)>,
    /// Whether any ballot chose something: else there is nothing to draw.
    pub has_votes: bool,
}

/// One choice in the table.
pub(super) struct Row {
    pub text: String,
    pub votes: u64,
    pub percent: String,
}

impl Figures {
    pub fn new(tally: &Tally, poll: &Poll, is_final: bool) -> Self {
        let rows = tally.counts.iter().map(|count| Row {
            percent: tally.percent(count),
            votes: count.votes,
            text: count.text.clone(),
        });
        Self {
            rows: rows.collect(),
            outcome: outcome(tally, poll, is_final),
            caption: caption(tally, poll),
            facts: facts(tally, poll),
            has_votes: tally.votes() > 0,
        }
    }
}

fn outcome(tally: &Tally, poll: &Poll, is_final: bool) -> String {
    let outcome = tally.outcome(is_final);
    if poll.is_ranked() && tally.votes() > 0 {
        format!("By first preferences alone: {outcome}")
    } else {
        outcome
    }
}

fn caption(tally: &Tally, poll: &Poll) -> String {
    let base = number(tally.choosing(), "ballot");
    if poll.is_ranked() {
        format!("First preferences, as a share of the {base} that ranked something")
    } else if poll.takes_several() {
        format!(
            "Share of the {base} that chose something. A ballot can hold several choices, so the \
             shares can add up to more than 100 %."
        )
    } else {
        format!("Share of the {base} that chose something")
    }
}

fn facts(tally: &Tally, poll: &Poll) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if poll.allow_abstain {
        facts.push(("Abstentions", tally.abstained.to_string()));
    }
    if poll.takes_several() {
        let chosen = number(tally.votes(), "choice");
        let on = number(tally.choosing(), "ballot");
        facts.push(("Choices and ballots", format!("{chosen} on {on}")));
    }
    let ballots = number(tally.ballots, "vote");
    let signed_in = match tally.eligible {
        1 => "1 person with a voting role has signed in".to_owned(),
        people => format!("{people} people with a voting role have signed in"),
    };
    facts.push(("Turnout", format!("{ballots}; {signed_in}")));
    let (min, max) = (poll.min_choices, poll.max_choices);
    let mut counted = if let Some(rule) = poll.ranked_rule {
        let rule = rule.label();
        format!("{min} to {max} choices in order of preference, for the rule: {rule}.")
    } else if poll.takes_several() {
        format!("{min} to {max} choices on a ballot; the choice on the most ballots leads.")
    } else {
        "One choice on a ballot; the most votes lead.".to_owned()
    };
    if poll.allow_abstain {
        counted.push_str(" Abstentions count towards the turnout only.");
    }
    facts.push(("How it is counted", counted));
    facts
}

#[derive(Template, WebTemplate)]
#[template(path = "polls/results.html")]
pub struct ResultsPage {
    page: Page,
    poll: Poll,
    poll_state: State,
    view: ResultsView,
    closes: Option<Moment>,
    /// When the numbers were read.
    read: Moment,
    /// The numbers, once they may be read.
    figures: Option<Figures>,
    /// Votes so far, while the numbers may not be read.
    so_far: String,
}

impl ResultsPage {
    fn trail(&self) -> [(String, String); 2] {
        let poll = (paths::poll(self.poll.id), self.poll.question.clone());
        [(paths::POLLS.to_owned(), "Polls".to_owned()), poll]
    }
}

/// `GET /polls/{id}/results/`: the numbers, as far as the poll's rule allows.
///
/// # Errors
/// 404 when the poll is not published, 410 when it was archived.
pub async fn results(
    page: Page,
    Staff(person): Staff,
    extract::State(polls): extract::State<Polls>,
    extract::State(clock): extract::State<Clock>,
    id: PollId,
) -> Result<ResultsPage> {
    let now = clock.now();
    let listed = polls.find_for(id, person.user.id).await?;
    let listed = listed.ok_or(Error::NotFound)?;
    let poll = listed.poll;
    let state = poll.state(now);
    if !poll.is_published(now) {
        return Err(Error::NotFound);
    }
    if state == State::Archived {
        return Err(Error::Gone);
    }
    let view = poll.results_view(now);
    let figures = match view {
        ResultsView::Live | ResultsView::Final => {
            let is_final = view == ResultsView::Final;
            Some(Figures::new(&polls.tally(id).await?, &poll, is_final))
        }
        ResultsView::AfterClosing | ResultsView::AfterRelease => None,
    };
    Ok(ResultsPage {
        page,
        poll_state: state,
        view,
        closes: moment(&poll, poll.closing()),
        read: Moment::new(now, &poll.zone),
        figures,
        so_far: number(u64::try_from(listed.ballots).unwrap_or(0), "vote"),
        poll,
    })
}
