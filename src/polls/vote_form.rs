//! The form of the ballot paper, as it was filled in.

use serde::Deserialize;

use super::{Choice, ChoiceId, Fault, PollId, Receipt, Selection, selection::ABSTAIN};
use crate::users::UserId;

/// The fields of the ballot paper.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct VoteForm {
    /// What was ticked; where choices are ranked, every choice.
    #[serde(default)]
    pub choice: Vec<String>,
    /// The rank of each choice, or nothing.
    #[serde(default)]
    pub rank: Vec<String>,
    /// The ballot paper that was filled in, by the key of a choice on it: choices get new keys
    /// when it is corrected.
    #[serde(default)]
    pub paper: String,
    /// Where the poll has receipts, what the ballot's code is made from
    /// ([`Receipt::of_form`]).
    #[serde(default)]
    nonce: String,
    /// The button that was pressed.
    #[serde(default)]
    press: String,
}

impl VoteForm {
    /// The form that says `selection`.
    #[must_use]
    pub fn of(selection: &Selection) -> Self {
        let values = selection.values();
        let ids = values.iter().map(|(id, _)| id.to_string());
        let (choice, rank) = match selection {
            Selection::Abstention => (vec![ABSTAIN.to_owned()], Vec::new()),
            Selection::Choices(_) => (ids.collect(), Vec::new()),
            Selection::Ranking(_) => {
                let ranks = values.iter().map(|(_, rank)| rank.to_string());
                (ids.collect(), ranks.collect())
            }
        };
        Self {
            choice,
            rank,
            paper: String::new(),
            nonce: String::new(),
            press: String::new(),
        }
    }

    /// The code of the ballot that `user` casts with this form.
    #[must_use]
    pub fn receipt(&self, poll: PollId, user: UserId) -> Option<Receipt> {
        Receipt::of_form(&self.nonce, poll, user)
    }

    /// What it says. An abstention names no choice, and has to say of which ballot paper it is.
    ///
    /// # Errors
    /// A [`Fault`] that can be seen without knowing the poll.
    pub fn selection(&self) -> Result<Selection, Fault> {
        let selection = Selection::parse(&self.choice, &self.rank)?;
        if selection.is_abstention() && self.paper().is_none() {
            return Err(Fault::OtherPaper);
        }
        Ok(selection)
    }

    /// The ballot paper that was filled in, by a choice on it.
    #[must_use]
    pub fn paper(&self) -> Option<ChoiceId> {
        self.paper.parse().ok().map(ChoiceId)
    }

    /// Whether the voter wants to choose again.
    #[must_use]
    pub fn goes_back(&self) -> bool {
        self.press == "back"
    }

    /// Whether a choice is ticked.
    #[must_use]
    pub fn is_ticked(&self, choice: &Choice) -> bool {
        self.place(choice.id).is_some()
    }

    /// Whether "I abstain" is ticked.
    #[must_use]
    pub fn abstains(&self) -> bool {
        self.choice.iter().any(|value| value == ABSTAIN)
    }

    /// The rank that was given to a choice, or nothing.
    #[must_use]
    pub fn rank_of(&self, choice: &Choice) -> &str {
        let rank = self.place(choice.id).and_then(|place| self.rank.get(place));
        rank.map_or("", String::as_str)
    }

    /// The value of the choice that this fault is about; without one, of none in particular.
    #[must_use]
    pub fn at_fault(&self, fault: Fault) -> Option<&str> {
        let Fault::SameRank { rank } = fault else {
            return None;
        };
        let rank = rank.to_string();
        let place = self.rank.iter().rposition(|given| *given == rank)?;
        self.choice.get(place).map(String::as_str)
    }

    fn place(&self, id: ChoiceId) -> Option<usize> {
        let id = id.to_string();
        self.choice.iter().position(|value| *value == id)
    }
}
