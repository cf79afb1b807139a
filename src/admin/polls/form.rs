//! The form in which a poll is written, field by field as it was typed. [`super::rows`] puts
//! the choices in order, [`super::reading`] says what it all means.

use super::percent;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::{
    admin::local_time,
    clock::Timestamp,
    polls::{
        Choice, MajorityRule, Method, Poll, RankedRule, Receipts, ResultsRule, RollMode, Secrecy,
        VoterResults,
        editing::{DraftChoice, PollDraft},
    },
    users::Role,
};

/// Rows that wait for choices in a fresh form.
const SPARE_ROWS: usize = 3;

/// The fields as they were typed. Lists hold one item for each row of the choices.
#[derive(Clone, Debug, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, as in the schema"
)]
pub struct PollForm {
    /// The version of the poll that the admin saw; 0 for a new one.
    #[serde(default)]
    pub version: i64,
    /// What the form is called, so that it makes one poll however often it is sent.
    #[serde(default)]
    pub form_key: String,
    /// The question.
    #[serde(default)]
    pub question: String,
    /// The text below it.
    #[serde(default)]
    pub description: String,
    /// Texts of the choices.
    #[serde(default)]
    pub choice: Vec<String>,
    /// Keys of the choices; empty for a new one.
    #[serde(default)]
    pub choice_id: Vec<String>,
    /// Places of the choices, from 1, as the admin wants them.
    #[serde(default)]
    pub position: Vec<String>,
    /// Numbers of the rows to take away.
    #[serde(default)]
    pub remove: Vec<usize>,
    /// One choice, several, or a ranking.
    pub method: Method,
    /// How a ranking is counted.
    #[serde(default = "PollForm::usual_ranked_rule")]
    pub ranked_rule: RankedRule,
    /// Fewest choices on a ballot.
    #[serde(default)]
    pub min_choices: String,
    /// Most choices on a ballot; empty: all of them.
    #[serde(default)]
    pub max_choices: String,
    /// Whether "I abstain" is offered.
    #[serde(default)]
    pub allow_abstain: bool,
    /// Whether each voter sees an order of their own.
    #[serde(default)]
    pub randomise: bool,
    /// Whether roles or a list say who may vote.
    #[serde(default = "PollForm::usual_roll_mode")]
    pub roll_mode: RollMode,
    /// The roles.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Whether names stand on ballots.
    #[serde(default = "PollForm::usual_secrecy")]
    pub secrecy: Secrecy,
    /// Whether a ballot may be replaced.
    #[serde(default)]
    pub allow_change: bool,
    /// Whether a secret vote is shown once more before it is cast.
    #[serde(default)]
    pub review: bool,
    /// Whether voters get a receipt.
    #[serde(default)]
    pub receipts: bool,
    /// What the most votes have to reach.
    #[serde(default = "PollForm::usual_majority_rule")]
    pub majority_rule: MajorityRule,
    /// The share of the electorate that has to vote, in percent; empty: none.
    #[serde(default)]
    pub quorum: String,
    /// The fewest ballots of a secret poll whose numbers are shown.
    #[serde(default)]
    pub min_show: String,
    /// When staff may read the numbers.
    pub results: ResultsRule,
    /// When voters may.
    pub voter_results: VoterResults,
    /// The zone of the times.
    #[serde(default)]
    pub zone: String,
    /// When it opens, in that zone.
    #[serde(default)]
    pub opens_at: String,
    /// When it closes, in that zone.
    #[serde(default)]
    pub closes_at: String,
    /// The button that sent the form.
    #[serde(default)]
    pub press: Press,
}

/// The button that sent the form.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "String")]
pub enum Press {
    /// Save, and back to the list.
    #[default]
    Save,
    /// Save, and stay.
    SaveAndContinue,
    /// Save, and on to a new poll.
    SaveAndAddAnother,
    /// Save what is typed as a new draft, and leave the poll as it is.
    SaveAsNew,
    /// One more row for a choice.
    AddChoice,
    /// The choice in this row, from 1, one place up.
    Up(usize),
    /// The choice in this row, from 1, one place down.
    Down(usize),
}

impl From<String> for Press {
    fn from(word: String) -> Self {
        let row = |prefix: &str| word.strip_prefix(prefix)?.parse().ok();
        match word.as_str() {
            "continue" => Self::SaveAndContinue,
            "another" => Self::SaveAndAddAnother,
            "new" => Self::SaveAsNew,
            "add-choice" => Self::AddChoice,
            _ => {
                let up = row("up-").map(Self::Up);
                up.or_else(|| row("down-").map(Self::Down))
                    .unwrap_or_default()
            }
        }
    }
}

impl Press {
    /// Whether the form is to be saved, and not only arranged anew.
    #[must_use]
    pub const fn saves(self) -> bool {
        matches!(
            self,
            Self::Save | Self::SaveAndContinue | Self::SaveAndAddAnother | Self::SaveAsNew
        )
    }
}

impl PollForm {
    const fn usual_ranked_rule() -> RankedRule {
        RankedRule::InstantRunoff
    }

    const fn usual_majority_rule() -> MajorityRule {
        MajorityRule::Plurality
    }

    const fn usual_roll_mode() -> RollMode {
        RollMode::Role
    }

    const fn usual_secrecy() -> Secrecy {
        Secrecy::Named
    }

    /// The form for a new poll.
    #[must_use]
    pub fn blank(zone: &str) -> Self {
        let mut form = Self::of_draft(&PollDraft::default());
        zone.clone_into(&mut form.zone);
        form
    }

    /// The form for a poll that is there.
    #[must_use]
    pub fn of(poll: &Poll, paper: &[Choice]) -> Self {
        let draft = PollDraft::of(poll, paper);
        Self {
            version: poll.version,
            ..Self::of_draft(&draft)
        }
    }

    /// The form that means `draft`, with spare rows.
    #[must_use]
    fn of_draft(draft: &PollDraft) -> Self {
        let zone = TimeZone::get(&draft.zone).unwrap_or(TimeZone::UTC);
        let typed =
            |at: Option<Timestamp>| at.map_or_else(String::new, |at| local_time::write(at, &zone));
        let spare = || std::iter::repeat_n(String::new(), SPARE_ROWS);
        let id = |choice: &DraftChoice| choice.id.map_or_else(String::new, |id| id.to_string());
        let all = i64::try_from(draft.choices.len()).unwrap_or(i64::MAX);
        let takes_all = draft.method == Method::Single || draft.max_choices == all;
        Self {
            form_key: String::new(),
            version: 0,
            question: draft.question.clone(),
            description: draft.description.clone(),
            choice: draft
                .choices
                .iter()
                .map(|choice| choice.text.clone())
                .chain(spare())
                .collect(),
            choice_id: draft.choices.iter().map(id).chain(spare()).collect(),
            position: Vec::new(),
            remove: Vec::new(),
            method: draft.method,
            ranked_rule: draft.ranked_rule.unwrap_or(Self::usual_ranked_rule()),
            min_choices: draft.min_choices.to_string(),
            max_choices: if takes_all {
                String::new()
            } else {
                draft.max_choices.to_string()
            },
            allow_abstain: draft.allow_abstain,
            randomise: draft.randomise,
            roll_mode: draft.roll_mode,
            roles: draft.roles.iter().collect(),
            secrecy: draft.secrecy,
            allow_change: draft.allow_change,
            review: draft.review,
            receipts: draft.receipts == Receipts::Counted,
            majority_rule: draft.majority_rule,
            quorum: draft.quorum_bp.map_or_else(String::new, percent::write),
            min_show: draft.min_show.to_string(),
            results: draft.results,
            voter_results: draft.voter_results,
            zone: draft.zone.clone(),
            opens_at: typed(draft.opens_at),
            closes_at: typed(draft.closes_at),
            press: Press::Save,
        }
    }
}
