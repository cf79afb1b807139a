//! What a [`PollForm`] means: the draft, and what is wrong with it.

use std::collections::HashSet;

use jiff::tz::TimeZone;

use super::{form::PollForm, percent};
use crate::{
    admin::{complaints::Complaints, local_time::LocalTime, words},
    clock::Timestamp,
    language::Message,
    polls::{
        ChoiceId, Method, Poll, Receipts,
        editing::{DraftChoice, PollDraft},
    },
};

/// What a form means.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The poll that was written.
    pub draft: PollDraft,
    /// What is wrong with it.
    pub complaints: Complaints,
    /// What was understood in a way that ought to be mentioned.
    pub notes: Vec<Message>,
}

impl PollForm {
    /// Reads an arranged form. `known` is the poll that it edits.
    #[must_use]
    pub fn read(&self, known: Option<&Poll>) -> Reading {
        let mut complaints = Complaints::default();
        let mut times = Times::new(&self.zone);
        let choices = self.choices();
        let (min_choices, max_choices) = self.limits(choices.len(), &mut complaints);
        let draft = PollDraft {
            question: self.question.clone(),
            description: self.description.clone(),
            zone: self.zone.trim().to_owned(),
            method: self.method,
            ranked_rule: Some(self.ranked_rule),
            min_choices,
            max_choices,
            allow_abstain: self.allow_abstain,
            randomise: self.randomise,
            secrecy: self.secrecy,
            allow_change: self.allow_change,
            review: self.review,
            receipts: if self.receipts {
                Receipts::Counted
            } else {
                Receipts::Off
            },
            min_show: self.min_show(&mut complaints),
            quorum_bp: self.quorum(&mut complaints),
            majority_rule: self.majority_rule,
            results: self.results,
            voter_results: self.voter_results,
            roll_mode: self.roll_mode,
            roles: self.roles.iter().copied().collect(),
            opens_at: times.read(OPENS, &self.opens_at, known.and_then(|poll| poll.opens_at)),
            closes_at: times.read(
                CLOSES,
                &self.closes_at,
                known.and_then(|poll| poll.closes_at),
            ),
            choices,
        }
        .tidy();
        complaints.extend(draft.flaws().into_iter().map(words::flaw));
        complaints.extend(times.complaints.all);
        complaints
            .all
            .sort_by_key(|complaint| place_in_form(&complaint.field));
        Reading {
            draft,
            complaints,
            notes: times.notes,
        }
    }

    /// The choices in order. A key that comes twice counts once.
    fn choices(&self) -> Vec<DraftChoice> {
        let mut seen = HashSet::new();
        let rows = self.rows().into_iter().map(|row| DraftChoice {
            id: row
                .id
                .parse()
                .ok()
                .map(ChoiceId)
                .filter(|id| seen.insert(*id)),
            text: row.text.trim().to_owned(),
        });
        rows.filter(|choice| !choice.text.is_empty()).collect()
    }

    fn quorum(&self, complaints: &mut Complaints) -> Option<i64> {
        let typed = Some(self.quorum.trim()).filter(|typed| !typed.is_empty())?;
        let quorum = percent::read(typed);
        if quorum.is_none() {
            complaints.add("quorum", Message::new("flaw-quorum-example"));
        }
        quorum
    }

    fn min_show(&self, complaints: &mut Complaints) -> i64 {
        let usual = PollDraft::default().min_show;
        match self.min_show.trim() {
            "" => usual,
            typed => typed.parse().unwrap_or_else(|_| {
                complaints.add("min_show", Message::new("flaw-whole-number"));
                usual
            }),
        }
    }

    /// Fewest and most choices on a ballot; no most means all.
    fn limits(&self, choices: usize, complaints: &mut Complaints) -> (i64, i64) {
        if self.method == Method::Single {
            return (1, 1);
        }
        let all = i64::try_from(choices).unwrap_or(i64::MAX).max(1);
        let mut number = |field: &str, text: &str, empty: i64| match text.trim() {
            "" => empty,
            text => text.parse().unwrap_or_else(|_| {
                complaints.add(field, Message::new("flaw-whole-number"));
                empty
            }),
        };
        let min = number("min_choices", &self.min_choices, 1);
        let max = number("max_choices", &self.max_choices, all.max(min));
        (min, max)
    }
}

/// The fields from top to bottom; those of the choices are `choice-1`, `choice-2`, ….
const ORDER: [&str; 17] = [
    "question",
    "description",
    "choice",
    "method",
    "min_choices",
    "max_choices",
    "roll_mode",
    "roles",
    "secrecy",
    "majority_rule",
    "quorum",
    "min_show",
    "results",
    "voter_results",
    "zone",
    "opens_at",
    "closes_at",
];

fn place_in_form(field: &str) -> Option<usize> {
    ORDER.iter().position(|known| field.starts_with(known))
}

/// A field that holds a time: its name, and how it is spoken of, the id of a message.
pub(super) type Field = (&'static str, &'static str);
/// When the poll opens.
pub(super) const OPENS: Field = ("opens_at", "the-opening-time");
/// When it closes.
pub(super) const CLOSES: Field = ("closes_at", "the-closing-time");

/// Reads the times of a form and keeps what there is to say about them.
pub(super) struct Times {
    zone: Option<TimeZone>,
    pub complaints: Complaints,
    pub notes: Vec<Message>,
}

impl Times {
    /// Times in `zone`. One that does not exist is complained of elsewhere.
    pub fn new(zone: &str) -> Self {
        Self {
            zone: TimeZone::get(zone.trim()).ok(),
            complaints: Complaints::default(),
            notes: Vec::new(),
        }
    }

    pub fn read(
        &mut self,
        (field, called): Field,
        text: &str,
        known: Option<Timestamp>,
    ) -> Option<Timestamp> {
        let time = LocalTime::read(text.trim(), self.zone.as_ref()?, known);
        match time {
            LocalTime::Never => self.complaints.add(
                field,
                Message::new("time-never").with("called", Message::new(called)),
            ),
            LocalTime::Unreadable => self.complaints.add(
                field,
                Message::new("time-unreadable").with("called", Message::new(called)),
            ),
            LocalTime::Twice(_) => {
                let note = Message::new("time-twice").with("called", Message::new(called));
                self.notes.push(note);
            }
            LocalTime::Empty | LocalTime::At(_) => {}
        }
        time.moment()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::Role;

    fn form() -> PollForm {
        let mut form = PollForm::blank("Europe/Berlin");
        form.question = " Which day? ".to_owned();
        form.choice = ["Monday", " Tuesday ", "", "  "]
            .map(str::to_owned)
            .to_vec();
        form.choice_id = ["7", "7", "", "x"].map(str::to_owned).to_vec();
        form
    }

    fn fields(form: &PollForm) -> Vec<String> {
        let complaints = form.read(None).complaints;
        complaints
            .all
            .into_iter()
            .map(|complaint| complaint.field)
            .collect()
    }

    #[test]
    fn a_good_form_becomes_a_draft_without_blanks() {
        let reading = form().read(None);
        assert!(reading.complaints.is_empty(), "{:?}", reading.complaints);
        assert_eq!(reading.draft.question, "Which day?");
        let lines: Vec<_> = reading
            .draft
            .choices
            .into_iter()
            .map(|c| (c.id, c.text))
            .collect();
        assert_eq!(
            lines,
            [
                (Some(ChoiceId(7)), "Monday".to_owned()),
                (None, "Tuesday".to_owned())
            ]
        );
    }

    #[test]
    fn each_thing_that_is_wrong_is_said_of_its_own_field() {
        let mut form = form();
        form.question = " ".to_owned();
        form.choice[1] = "MONDAY".to_owned();
        form.roles = Vec::<Role>::new();
        form.opens_at = "2026-03-29T02:30".to_owned();
        form.closes_at = "soon".to_owned();
        assert_eq!(
            fields(&form),
            ["question", "choice-2", "roles", "opens_at", "closes_at"]
        );
    }

    #[test]
    fn a_zone_that_does_not_exist_is_complained_of_once() {
        let mut form = form();
        form.zone = "Mars/Olympus".to_owned();
        form.opens_at = "2026-03-02T09:00".to_owned();
        assert_eq!(fields(&form), ["zone"]);
    }

    #[test]
    fn an_hour_that_comes_twice_is_taken_at_its_first_coming_with_a_note() {
        let mut form = form();
        form.closes_at = "2026-10-25T02:30".to_owned();
        let reading = form.read(None);
        let closes = reading.draft.closes_at.unwrap();
        assert_eq!(closes.rfc3339(), "2026-10-25T00:30:00Z");
        assert_eq!(reading.notes.len(), 1);
    }

    #[test]
    fn limits_are_numbers_and_no_most_means_all() {
        let mut form = form();
        form.method = Method::Multiple;
        let draft = form.read(None).draft;
        assert_eq!((draft.min_choices, draft.max_choices), (1, 2));
        form.max_choices = "two".to_owned();
        assert_eq!(fields(&form), ["max_choices"]);
        form.max_choices = "0".to_owned();
        assert_eq!(fields(&form), ["max_choices"]);
    }
}
