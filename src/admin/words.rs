//! What the console says about rules of the polls: plain, and with what to do.

use crate::polls::editing::{Blocker, Flaw, LONGEST_DESCRIPTION, LONGEST_LINE};

/// The control that a flaw is about, and what is wrong there.
#[must_use]
pub fn flaw(flaw: Flaw) -> (String, String) {
    let (field, text) = match flaw {
        Flaw::NoQuestion => ("question", "Enter a question.".to_owned()),
        Flaw::LongQuestion => ("question", too_long("question", LONGEST_LINE)),
        Flaw::LongDescription => ("description", too_long("description", LONGEST_DESCRIPTION)),
        Flaw::LongChoice(place) => return (choice(place), too_long("choice", LONGEST_LINE)),
        Flaw::SameChoice(place) => {
            let text = format!("Choice {} says the same as one before it.", place + 1);
            return (choice(place), text);
        }
        Flaw::Limits => ("max_choices", LIMITS.to_owned()),
        Flaw::NoRoles => ("role-user", "Select at least one role.".to_owned()),
        Flaw::UnknownZone => ("zone", UNKNOWN_ZONE.to_owned()),
        Flaw::ClosesBeforeOpening => ("closes_at", CLOSES_BEFORE_OPENING.to_owned()),
        Flaw::ShortensVoting => ("closes_at", SHORTENS_VOTING.to_owned()),
        Flaw::VotingHasEnded => ("closes_at", VOTING_HAS_ENDED.to_owned()),
        Flaw::LoosensResults => ("results-live", LOOSENS_RESULTS.to_owned()),
        Flaw::NotOffered => ("method-single", NOT_OFFERED.to_owned()),
    };
    (field.to_owned(), text)
}

const LIMITS: &str = "The most must be at least the fewest, and the fewest at least 1.";
const UNKNOWN_ZONE: &str = "There is no such time zone. Enter one like Europe/Berlin or UTC.";
const CLOSES_BEFORE_OPENING: &str = "The closing time must be after the opening time.";
const SHORTENS_VOTING: &str = "Voters were told that they have longer. Choose a later time; to end the poll now, close it.";
const VOTING_HAS_ENDED: &str = "The poll has closed, so its closing time stays as it is.";
const LOOSENS_RESULTS: &str = "Voters were told that fewer people see the results, or later. This can only become stricter.";
const NOT_OFFERED: &str = "This kind of poll cannot be run by this version of Rolecall.";

/// The id of the input of the choice at `place`, from 0.
fn choice(place: usize) -> String {
    format!("choice-{}", place + 1)
}

fn too_long(what: &str, longest: usize) -> String {
    format!("The {what} is too long. Use {longest} characters at most.")
}

/// What has to be done before a poll can open.
#[must_use]
pub fn blocker(blocker: Blocker) -> String {
    match blocker {
        Blocker::TooFewChoices { needed: 1 } => "Add a choice.".to_owned(),
        Blocker::TooFewChoices { needed } => format!("Give it at least {needed} choices."),
        Blocker::ClosesInThePast => {
            "Set a closing time that lies ahead, or none.".to_owned()
        }
        Blocker::NoRoles => "Select who may vote.".to_owned(),
        Blocker::NotOffered => NOT_OFFERED.to_owned(),
    }
}

/// A number of things, in the singular or plural: `1 ballot`, `3 ballots`.
#[must_use]
pub fn count(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What happened, out of the history: `poll_opened` is "Opened".
#[must_use]
pub fn action(action: &str) -> String {
    let words = match action {
        "poll_created" => "Created",
        "poll_edited" => "Edited",
        "poll_opened" => "Opened",
        "poll_amended" => "Changed the closing time or results of",
        "poll_closed" => "Closed",
        "poll_archived" => "Archived",
        "poll_restored" => "Restored",
        "role_changed" => "Role changed by the provider:",
        "role_lost" => "Role taken away by the provider:",
        other => return other.replace('_', " "),
    };
    words.to_owned()
}
