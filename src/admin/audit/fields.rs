//! What the fields of the history are called, and their values as people read them.

use serde_json::Value;

use crate::{
    clock::Timestamp,
    language::{self, Message},
    moment::Moment,
    polls::{
        MajorityRule, Method, RankedRule, Receipts, ResultsRule, RollMode, Secrecy, VoterResults,
    },
    users::Role,
};

/// The fields, and the ids of what they are called.
const NAMES: [(&str, &str); 42] = [
    ("added_later", "added-after"),
    ("allow_abstain", "field-abstention"),
    ("allow_change", "field-change"),
    ("archived_at", "state-archived"),
    ("choices", "choices"),
    ("closed_at", "state-closed"),
    ("closes_at", "closes"),
    ("deactivated_at", "field-deactivated"),
    ("description", "description"),
    ("expires_at", "token-expires"),
    ("format", "field-format"),
    ("heard_at", "field-heard"),
    ("invitations", "field-invitations"),
    ("issuer", "issuer"),
    ("majority_rule", "carries-with"),
    ("max_choices", "at-most"),
    ("merged_from", "field-merged"),
    ("method", "on-a-ballot"),
    ("min_choices", "at-least"),
    ("min_show", "fewest-shown"),
    ("opens_at", "opens"),
    ("published_at", "published"),
    ("question", "question"),
    ("quorum_bp", "quorum"),
    ("randomise", "field-own-order"),
    ("ranked_rule", "ranked-rule"),
    ("reason", "reason"),
    ("receipts", "field-receipts"),
    ("released_at", "state-released"),
    ("results", "staff-see"),
    ("review", "field-review"),
    ("role", "role"),
    ("role_source", "field-role-source"),
    ("roles", "who-may-vote"),
    ("roll_mode", "roll-made-of"),
    ("seal", "seal"),
    ("secrecy", "secrecy"),
    ("sessions_ended", "field-sessions-ended"),
    ("subject", "subject"),
    ("token", "field-token"),
    ("tokens_ended", "field-tokens-ended"),
    ("voter_results", "voters-see"),
];

/// What a field is called; one of an earlier version by its own name.
#[must_use]
pub fn name(field: &str) -> Message {
    let known = NAMES.iter().find(|(known, _)| *known == field);
    known.map_or_else(
        || Message::verbatim(field.replace('_', " ")),
        |(_, id)| Message::new(id),
    )
}

/// A value as people read it; times in the zone of this name.
#[must_use]
pub fn value(field: &str, value: &Value, zone: &str) -> Message {
    match value {
        Value::Null => Message::new("nothing"),
        Value::Bool(true) => Message::new("yes"),
        Value::Bool(false) => Message::new("no"),
        Value::Number(number) if field == "quorum_bp" => {
            let hundredths = number.as_i64().unwrap_or_default();
            let share = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            let share = share.trim_end_matches('0').trim_end_matches('.');
            Message::new("percent").with("share", language::Value::decimal(share))
        }
        Value::Number(number) if field.ends_with("_at") => {
            let millis = number.as_i64().unwrap_or_default();
            Message::from(Moment::new(Timestamp::from_millis(millis), zone))
        }
        Value::String(text) if text.is_empty() => Message::new("nothing"),
        Value::String(text) => word(field, text).unwrap_or_else(|| Message::verbatim(text)),
        // A choice may hold a comma.
        Value::Array(values) if field == "choices" => {
            let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            Message::verbatim(texts.join("; "))
        }
        Value::Array(values) => {
            let values = values.iter().map(|part| self::value(field, part, zone));
            let values = values.map(language::Value::Message);
            Message::of(language::Value::Series(values.collect()))
        }
        other => Message::verbatim(other.to_string()),
    }
}

/// A word that the database keeps of a rule or a role.
fn word(field: &str, word: &str) -> Option<Message> {
    match field {
        "majority_rule" => MajorityRule::from_word(word).map(MajorityRule::message),
        "method" => Method::from_word(word).map(Method::message),
        "ranked_rule" => RankedRule::from_word(word).map(RankedRule::message),
        "receipts" => Receipts::from_word(word).map(Receipts::message),
        "results" => ResultsRule::from_word(word).map(ResultsRule::message),
        "role" | "roles" => Role::from_word(word).map(Role::message),
        "roll_mode" => RollMode::from_word(word).map(RollMode::message),
        "secrecy" => Secrecy::from_word(word).map(Secrecy::message),
        "voter_results" => VoterResults::from_word(word).map(VoterResults::message),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::language::Locale;

    /// A20.
    #[test]
    fn values_are_said_as_people_read_them() {
        let noon = json!(1_773_316_800_000_i64);
        for (field, value, words) in [
            ("closed_at", noon, "12 March 2026, 12:00 UTC"),
            ("closed_at", json!(null), "nothing"),
            ("min_show", json!(5), "5"),
            ("quorum_bp", json!(5000), "50 %"),
            ("quorum_bp", json!(3330), "33.3 %"),
            ("review", json!(true), "Yes"),
            ("question", json!("Which day?"), "Which day?"),
            ("question", json!("secret"), "secret"),
            ("secrecy", json!("secret"), "Secret ballot"),
            ("choices", json!(["a", "b"]), "a; b"),
            ("roles", json!(["user", "admin"]), "Voter, Admin"),
        ] {
            let said = Locale::default().t(super::value(field, &value, "UTC"));
            assert_eq!(said.plain(), words, "{field}");
        }
    }

    /// A20.
    #[test]
    fn a_field_is_called_as_its_form_calls_it() {
        let said = |field| Locale::default().t(name(field)).plain();
        assert_eq!(said("closes_at"), "Closes");
        assert_eq!(said("of_an_earlier_version"), "of an earlier version");
    }
}
