//! Two versions of a poll side by side, when somebody else was faster.

use super::form::PollForm;
use crate::{
    language::Locale,
    polls::{Method, RollMode},
    users::Role,
};

/// A field in which two versions differ.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The field.
    pub label: &'static str,
    /// What is stored now.
    pub stored: String,
    /// What was typed.
    pub typed: String,
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
fn said(form: &PollForm) -> [(&'static str, String); 19] {
    let yes_or_no = |is: bool| if is { "Yes" } else { "No" }.to_owned();
    let choices = form
        .rows()
        .into_iter()
        .map(|row| row.text.trim().to_owned());
    let choices: Vec<String> = choices.filter(|text| !text.is_empty()).collect();
    let roles: Vec<&str> = form.roles.iter().copied().map(Role::label).collect();
    let who = match form.roll_mode {
        RollMode::Role => roles.join(", "),
        RollMode::List => form.roll_mode.label().to_owned(),
    };
    [
        ("Question", form.question.trim().to_owned()),
        ("Description", form.description.trim().replace("\r\n", "\n")),
        ("Choices", choices.join("; ")),
        ("Choices on a ballot", limits(form)),
        ("Abstention offered", yes_or_no(form.allow_abstain)),
        ("Order of one\u{2019}s own", yes_or_no(form.randomise)),
        ("Who may vote", who),
        ("Secrecy", form.secrecy.label().to_owned()),
        ("Vote can be changed", yes_or_no(form.allow_change)),
        ("Secret vote is reviewed", yes_or_no(form.review)),
        ("Receipts", yes_or_no(form.receipts)),
        (
            "A choice carries with",
            Locale::default().t(form.majority_rule.message()).plain(),
        ),
        ("Quorum in percent", form.quorum.trim().to_owned()),
        ("Fewest ballots shown", form.min_show.trim().to_owned()),
        ("Staff see results", form.results.label().to_owned()),
        ("Voters see results", form.voter_results.label().to_owned()),
        ("Time zone", form.zone.trim().to_owned()),
        ("Opens", form.opens_at.replace('T', " ")),
        ("Closes", form.closes_at.replace('T', " ")),
    ]
}

fn limits(form: &PollForm) -> String {
    if form.method == Method::Single {
        return "One".to_owned();
    }
    let most = form.max_choices.trim();
    let most = if most.is_empty() { "all" } else { most };
    let limits = format!("From {} to {most}", form.min_choices.trim());
    match form.method {
        Method::Ranked => format!("{limits}, ranked: {}", form.ranked_rule.label()),
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
        assert_eq!(labels, ["Question", "Choices"]);
        assert_eq!(found[0].stored, "");
        assert_eq!(found[0].typed, "Which day?");
    }
}
