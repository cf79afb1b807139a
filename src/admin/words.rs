//! What the console says about rules of the polls: plain, and with what to do.

use super::complaints::Complaint;
use crate::polls::editing::{Blocker, Flaw, LONGEST_DESCRIPTION, LONGEST_LINE, MOST_RANKED};

/// What is wrong with a draft or an amendment, and where.
#[must_use]
pub fn flaw(flaw: Flaw) -> Complaint {
    match flaw {
        Flaw::NoQuestion => Complaint::new("question", "Enter a question."),
        Flaw::LongQuestion => Complaint::new("question", too_long("question", LONGEST_LINE)),
        Flaw::LongDescription => {
            Complaint::new("description", too_long("description", LONGEST_DESCRIPTION))
        }
        Flaw::LongChoice(place) => Complaint::new(choice(place), too_long("choice", LONGEST_LINE)),
        Flaw::SameChoice(place) => {
            let text = format!("Choice {} says the same as one before it.", place + 1);
            Complaint::new(choice(place), text)
        }
        Flaw::Limits => Complaint::new("max_choices", LIMITS),
        Flaw::NoRoles => Complaint::new("roles", "Select at least one role."),
        Flaw::UnknownZone => Complaint::new("zone", UNKNOWN_ZONE),
        Flaw::ClosesBeforeOpening => Complaint::new("closes_at", CLOSES_BEFORE_OPENING),
        Flaw::ShortensVoting => Complaint::new("closes_at", SHORTENS_VOTING),
        Flaw::VotingHasEnded => Complaint::new("closes_at", VOTING_HAS_ENDED),
        Flaw::LoosensResults => Complaint::new("results", LOOSENS_RESULTS),
        Flaw::SecretChange => Complaint::new("secrecy", SECRET_CHANGE),
        Flaw::SecretLive => Complaint::new("results", SECRET_LIVE),
        Flaw::ShowsTooFew => Complaint::new("min_show", SHOWS_TOO_FEW),
        Flaw::Quorum => Complaint::new("quorum", "Enter a percentage from 0 to 100."),
        Flaw::TooManyToRank => {
            let text = format!(
                "At most {MOST_RANKED} choices can be ranked. Remove some, or choose another kind of \
                 ballot."
            );
            Complaint::new("method", text)
        }
        Flaw::RankedMajority => Complaint::new("majority_rule", RANKED_MAJORITY),
        Flaw::ClosesInThePast => Complaint::new("closes_at", CLOSES_IN_THE_PAST),
        Flaw::NoReason => Complaint::new("reason", NO_REASON),
        Flaw::LongReason => Complaint::new("reason", too_long("reason", LONGEST_LINE)),
        Flaw::NotOffered => Complaint::new("method", NOT_OFFERED),
    }
}

const LIMITS: &str = "The most must be at least the fewest, and the fewest at least 1.";
const UNKNOWN_ZONE: &str = "There is no such time zone. Enter one like Europe/Berlin or UTC.";
const CLOSES_BEFORE_OPENING: &str = "The closing time must be after the opening time.";
const SHORTENS_VOTING: &str =
    "Voters were told that they have longer. Choose a later time; to end the poll now, close it.";
const VOTING_HAS_ENDED: &str = "The poll has closed, so its closing time stays as it is.";
const LOOSENS_RESULTS: &str =
    "Voters were told that fewer people see the results, or later. This can only become stricter.";
const SECRET_CHANGE: &str = "A secret vote cannot be changed, because nothing tells whose it is. \
    Choose named votes, or do not let votes be changed.";
const SECRET_LIVE: &str = "Nobody, administrators included, sees numbers of a secret poll while it \
    is open. Choose another rule.";
const SHOWS_TOO_FEW: &str =
    "Enter 3 or more: with fewer ballots voters could work out how the others voted.";
const RANKED_MAJORITY: &str = "Rankings are counted by a rule of their own. Choose the most votes, or another kind of ballot.";
const CLOSES_IN_THE_PAST: &str = "Set a closing time that lies ahead, or none.";
const NO_REASON: &str = "Say why: voters were told another closing time.";
const NOT_OFFERED: &str = "This kind of poll cannot be run by this version of Rolecall.";

/// The id of the input of the choice at `place`, from 0.
fn choice(place: usize) -> String {
    format!("choice-{}", place + 1)
}

fn too_long(what: &str, longest: usize) -> String {
    format!("The {what} is too long. Use {longest} characters at most.")
}

/// What has to be done before a poll can open, and where.
#[must_use]
pub fn blocker(blocker: Blocker) -> Complaint {
    match blocker {
        Blocker::TooFewChoices { needed } => {
            let choices = if needed == 1 { "choice" } else { "choices" };
            let text = format!("Give it at least {needed} {choices}.");
            Complaint::new("choice-1", text)
        }
        Blocker::ClosesInThePast => Complaint::new("closes_at", CLOSES_IN_THE_PAST),
        Blocker::NoRoles => Complaint::new("roles", "Select who may vote."),
        Blocker::EmptyList => Complaint::new("roll_mode", "Put at least one person onto the list."),
        Blocker::NotOffered => Complaint::new("method", NOT_OFFERED),
    }
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
        "poll_deleted" => "Deleted",
        "poll_sealed" => "Sealed",
        "poll_released" => "Released the results of",
        "poll_reopened" => "Reopened",
        "poll_restored" => "Restored",
        "vote_changed" => "Changed their vote in",
        "voters_added" => "Added voters to",
        "voters_removed" => "Removed voters from",
        "user_deactivated" => "Deactivated",
        "user_activated" => "Activated again",
        "sessions_ended" => "Ended sessions of",
        "user_erased" => "Erased",
        "users_merged" => "Merged into another identity:",
        "audit_exported" => "Exported",
        "role_changed" => "Role changed by the provider:",
        "role_lost" => "Role taken away by the provider:",
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

/// A field of the history in words: `closed_at` is "closed".
#[must_use]
pub fn field(name: &str) -> String {
    let name = name.strip_suffix("_at").unwrap_or(name);
    name.replace('_', " ")
}
