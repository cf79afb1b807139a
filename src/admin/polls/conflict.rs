//! Two versions of a poll side by side, when somebody else was faster.

use super::form::PollForm;
use crate::{
    language::{Message, Value},
    polls::{Method, RollMode},
};

/// A field in which two versions differ.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The field: the id of a message.
    pub label: &'static str,
    /// What is stored now.
    pub stored: Message,
    /// What was typed.
    pub typed: Message,
}

/// The fields in which the two differ, in the order of the form.
#[must_use]
pub fn differences(stored: &PollForm, typed: &PollForm) -> Vec<Difference> {
    let pairs = said(stored).into_iter().zip(said(typed));
    let differ = pairs.filter(|((_, stored), (_, typed))| stored != typed);
    differ
        .map(|((label, stored), (_, typed))| Difference {
            label,
            stored,
            typed,
        })
        .collect()
}

/// Each field as people read it.
fn said(form: &PollForm) -> [(&'static str, Message); 19] {
    let yes_or_no = |is: bool| Message::new(if is { "yes" } else { "no" });
    let typed = |text: &str| Message::verbatim(text.trim());
    let choices = form
        .rows()
        .into_iter()
        .map(|row| row.text.trim().to_owned());
    let choices: Vec<String> = choices.filter(|text| !text.is_empty()).collect();
    let roles = form.roles.iter().map(|role| Value::Message(role.message()));
    let who = match form.roll_mode {
        RollMode::Role => Message::of(Value::Series(roles.collect())),
        RollMode::List => form.roll_mode.message(),
    };
    [
        ("question", typed(&form.question)),
        (
            "description",
            typed(&form.description.replace("\r\n", "\n")),
        ),
        ("choices", Message::verbatim(choices.join("; "))),
        ("field-limits", limits(form)),
        ("field-abstention", yes_or_no(form.allow_abstain)),
        ("field-own-order", yes_or_no(form.randomise)),
        ("who-may-vote", who),
        ("secrecy", form.secrecy.message()),
        ("field-change", yes_or_no(form.allow_change)),
        ("field-review", yes_or_no(form.review)),
        ("field-receipts", yes_or_no(form.receipts)),
        ("carries-with", form.majority_rule.message()),
        ("quorum-percent", typed(&form.quorum)),
        ("fewest-shown", typed(&form.min_show)),
        ("staff-see", form.results.message()),
        ("voters-see", form.voter_results.message()),
        ("zone", typed(&form.zone)),
        ("opens", Message::verbatim(form.opens_at.replace('T', " "))),
        (
            "closes",
            Message::verbatim(form.closes_at.replace('T', " ")),
        ),
    ]
}

fn limits(form: &PollForm) -> Message {
    if form.method == Method::Single {
        return Message::new("limits-one");
    }
    let most = match form.max_choices.trim() {
        "" => Message::new("limits-all"),
        most => Message::verbatim(most),
    };
    let limits = Message::new("limits-from-to")
        .with("min", form.min_choices.trim())
        .with("max", most);
    match form.method {
        Method::Ranked => Message::new("limits-from-to-ranked")
            .with("limits", limits)
            .with("rule", form.ranked_rule.message()),
        _ => limits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_and_both_sides_of_it() {
        let stored = PollForm::blank("UTC");
        let mut typed = stored.clone();
        assert_eq!(differences(&stored, &typed), []);
        typed.question = "Which day?".to_owned();
        typed.choice = vec!["Monday".to_owned(), String::new()];
        let found = differences(&stored, &typed);
        let labels: Vec<_> = found.iter().map(|difference| difference.label).collect();
        assert_eq!(labels, ["question", "choices"]);
        assert_eq!(found[0].stored, Message::verbatim(""));
        assert_eq!(found[0].typed, Message::verbatim("Which day?"));
    }
}
