//! What the console says about rules of the polls: plain, and with what to do.

use super::complaints::Complaint;
use crate::{
    language::Message,
    polls::editing::{Blocker, Flaw, LONGEST_DESCRIPTION, LONGEST_LINE, MOST_RANKED},
};

/// What is wrong with a draft or an amendment, and where.
#[must_use]
pub fn flaw(flaw: Flaw) -> Complaint {
    let (field, id) = match flaw {
        Flaw::NoQuestion => ("question", "flaw-no-question"),
        Flaw::LongQuestion => return too_long("question", "flaw-long-question", LONGEST_LINE),
        Flaw::LongDescription => {
            return too_long("description", "flaw-long-description", LONGEST_DESCRIPTION);
        }
        Flaw::LongChoice(place) => {
            return too_long(choice(place), "flaw-long-choice", LONGEST_LINE);
        }
        Flaw::SameChoice(place) => {
            let text = Message::new("flaw-same-choice").with("number", place + 1);
            return Complaint::new(choice(place), text);
        }
        Flaw::Limits => ("max_choices", "flaw-limits"),
        Flaw::NoRoles => ("roles", "flaw-no-roles"),
        Flaw::UnknownZone => ("zone", "flaw-unknown-zone"),
        Flaw::ClosesBeforeOpening => ("closes_at", "flaw-closes-before-opening"),
        Flaw::ShortensVoting => ("closes_at", "flaw-shortens-voting"),
        Flaw::VotingHasEnded => ("closes_at", "flaw-voting-has-ended"),
        Flaw::LoosensResults => ("results", "flaw-loosens-results"),
        Flaw::SecretChange => ("secrecy", "flaw-secret-change"),
        Flaw::SecretLive => ("results", "flaw-secret-live"),
        Flaw::ShowsTooFew => ("min_show", "flaw-shows-too-few"),
        Flaw::Quorum => ("quorum", "flaw-quorum"),
        Flaw::TooManyToRank => {
            let text = Message::new("flaw-too-many-to-rank").with("most", MOST_RANKED);
            return Complaint::new("method", text);
        }
        Flaw::RankedMajority => ("majority_rule", "flaw-ranked-majority"),
        Flaw::ClosesInThePast => ("closes_at", "flaw-closes-in-the-past"),
        Flaw::NoReason => ("reason", "flaw-no-reason"),
        Flaw::LongReason => return too_long("reason", "flaw-long-reason", LONGEST_LINE),
        Flaw::NotOffered => ("method", "flaw-not-offered"),
    };
    Complaint::new(field, Message::new(id))
}

/// The id of the input of the choice at `place`, from 0.
fn choice(place: usize) -> String {
    format!("choice-{}", place + 1)
}

fn too_long(field: impl Into<String>, id: &'static str, longest: usize) -> Complaint {
    Complaint::new(field, Message::new(id).with("longest", longest))
}

/// What has to be done before a poll can open, and where.
#[must_use]
pub fn blocker(blocker: Blocker) -> Complaint {
    let (field, text) = match blocker {
        Blocker::TooFewChoices { needed } => {
            let text = Message::new("blocker-too-few-choices").with("needed", needed);
            ("choice-1", text)
        }
        Blocker::ClosesInThePast => ("closes_at", Message::new("flaw-closes-in-the-past")),
        Blocker::NoRoles => ("roles", Message::new("blocker-no-roles")),
        Blocker::EmptyList => ("roll_mode", Message::new("blocker-empty-list")),
        Blocker::NotOffered => ("method", Message::new("flaw-not-offered")),
    };
    Complaint::new(field, text)
}

/// What happened, out of the history: `poll_opened` is "Opened".
#[must_use]
pub fn action(action: &str) -> Message {
    Message::new(match action {
        "poll_created" => "did-poll-created",
        "poll_edited" => "did-poll-edited",
        "poll_opened" => "did-poll-opened",
        "poll_unfrozen" => "did-poll-unfrozen",
        "poll_amended" => "did-poll-amended",
        "poll_closed" => "did-poll-closed",
        "poll_archived" => "did-poll-archived",
        "poll_deleted" => "did-poll-deleted",
        "poll_sealed" => "did-poll-sealed",
        "poll_released" => "did-poll-released",
        "poll_reopened" => "did-poll-reopened",
        "poll_restored" => "did-poll-restored",
        "vote_changed" => "did-vote-changed",
        "named_votes_read" => "did-votes-read",
        "token_made" => "did-token-made",
        "token_ended" => "did-token-ended",
        "voters_added" => "did-voters-added",
        "voters_removed" => "did-voters-removed",
        "user_deactivated" => "did-user-deactivated",
        "user_activated" => "did-user-activated",
        "sessions_ended" => "did-sessions-ended",
        "user_erased" => "did-user-erased",
        "users_merged" => "did-users-merged",
        "audit_exported" => "did-audit-exported",
        "backup_restored" => "did-backup-restored",
        "role_changed" => "did-role-changed",
        "role_lost" => "did-role-lost",
        other => return Message::verbatim(other.replace('_', " ")),
    })
}
