//! What both databases refuse around polls, seals, the audit log and people.

use super::{
    Because::{self, Check, ForeignKey, Says, Unique},
    refused::Refused,
};

const fn refused(name: &'static str, statement: &'static str, because: Because) -> Refused {
    Refused {
        name,
        setup: &[],
        statement,
        because,
    }
}

const fn refused_after(
    name: &'static str,
    setup: &'static [&'static str],
    statement: &'static str,
    because: Because,
) -> Refused {
    Refused {
        name,
        setup,
        statement,
        because,
    }
}

/// Combinations that cannot be stored.
pub const RULES: &[Refused] = &[
    refused("live results of a secret poll",
        "INSERT INTO polls (id, question, search_key, secrecy, results, created_at, updated_at)
             VALUES (9, 'Q', 'q', 'secret', 'live', 1, 1)", Check("polls_secret_rules")),
    refused("a secret poll with change of vote",
        "INSERT INTO polls (id, question, search_key, secrecy, allow_change, created_at, updated_at)
             VALUES (9, 'Q', 'q', 'secret', TRUE, 1, 1)", Check("polls_secret_rules")),
    refused("an empty question", "UPDATE polls SET question = '' WHERE id = 1", Check("polls_question")),
    refused_after("a question of 201 characters", &["UPDATE polls SET question = 'zwanzig Zeichen: äöü' WHERE id = 1"],
        "UPDATE polls SET question = '!' || question || question || question || question || question
             || question || question || question || question || question WHERE id = 1", Check("polls_question")),
    refused("closing before opening", "UPDATE polls SET opens_at = 10, closes_at = 10 WHERE id = 1", Check("polls_times")),
    refused("more choices needed than allowed", "UPDATE polls SET min_choices = 2 WHERE id = 1", Check("polls_limits")),
    refused("a single choice of two", "UPDATE polls SET max_choices = 2 WHERE id = 1", Check("polls_single")),
    refused("a ranking without a rule to count it", "UPDATE polls SET method = 'ranked' WHERE id = 1", Check("polls_ranked")),
    refused("an unknown method", "UPDATE polls SET method = 'guess' WHERE id = 1", Check("polls_method")),
    refused("numbers shown for fewer than three", "UPDATE polls SET min_show = 2 WHERE id = 1", Check("polls_min_show")),
    refused("a quorum above the whole", "UPDATE polls SET quorum_bp = 10001 WHERE id = 1", Check("polls_quorum")),
    refused("an unknown role", "INSERT INTO poll_roles (poll_id, role) VALUES (1, 'guest')", Check("poll_roles_role")),
    refused("the same choice twice",
        "INSERT INTO choices (id, poll_id, position, text, text_key) VALUES (19, 1, 3, 'YES', 'yes')", Unique),
    refused("two choices in one place",
        "INSERT INTO choices (id, poll_id, position, text, text_key) VALUES (19, 1, 2, 'Maybe', 'maybe')", Unique),
];

/// After the first opening the ballot paper is fixed.
pub const FREEZE: &[Refused] = &[
    refused(
        "another question",
        "UPDATE polls SET question = 'Other?' WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "another method",
        "UPDATE polls SET method = 'score' WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "another way to count a ranking",
        "UPDATE polls SET ranked_rule = 'schulze' WHERE id = 7",
        Says("poll_frozen"),
    ),
    refused(
        "another minimum",
        "UPDATE polls SET min_choices = 2 WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "another maximum",
        "UPDATE polls SET max_choices = 3 WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "no more abstaining",
        "UPDATE polls SET allow_abstain = FALSE WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "no more changing",
        "UPDATE polls SET allow_change = FALSE WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "secrecy given up",
        "UPDATE polls SET secrecy = 'named' WHERE id = 3",
        Says("poll_frozen"),
    ),
    refused(
        "another order",
        "UPDATE polls SET randomise = TRUE WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "another electorate",
        "UPDATE polls SET roll_mode = 'list' WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "another quorum",
        "UPDATE polls SET quorum_bp = 1 WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "another majority",
        "UPDATE polls SET majority_rule = 'two_thirds' WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "other receipts",
        "UPDATE polls SET receipts = 'counted' WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "another time of freezing",
        "UPDATE polls SET frozen_at = 301 WHERE id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "one choice more",
        "INSERT INTO choices (id, poll_id, position, text, text_key) VALUES (29, 2, 4, 'Never', 'never')",
        Says("poll_frozen"),
    ),
    refused(
        "a choice reworded",
        "UPDATE choices SET text = 'Yes!' WHERE id = 21",
        Says("poll_frozen"),
    ),
    refused(
        "a choice from another poll",
        "UPDATE choices SET poll_id = 2, position = 4, text_key = 'x' WHERE id = 12",
        Says("poll_frozen"),
    ),
    refused(
        "one choice less",
        "DELETE FROM choices WHERE id = 73",
        Says("poll_frozen"),
    ),
    refused(
        "a frozen poll deleted",
        "DELETE FROM polls WHERE id = 7",
        Says("poll_frozen"),
    ),
    refused(
        "unfreezing with ballots in the box",
        "UPDATE polls SET frozen_at = NULL WHERE id = 2",
        Says("poll_has_ballots"),
    ),
    refused_after(
        "opening with one choice",
        &["DELETE FROM choices WHERE id = 12"],
        "UPDATE polls SET frozen_at = 1 WHERE id = 1",
        Says("poll_not_ready"),
    ),
    refused_after(
        "opening while choices are being reordered",
        &["UPDATE choices SET position = -position WHERE id = 12"],
        "UPDATE polls SET frozen_at = 1 WHERE id = 1",
        Says("poll_not_ready"),
    ),
    refused(
        "a poll born frozen",
        "INSERT INTO polls (id, question, search_key, frozen_at, created_at, updated_at) VALUES (9, 'Q', 'q', 1, 1, 1)",
        Says("poll_not_ready"),
    ),
    refused(
        "staff results made live",
        "UPDATE polls SET results = 'live' WHERE id = 2",
        Says("results_promised"),
    ),
    refused(
        "voters shown more than promised",
        "UPDATE polls SET voter_results = 'after_close' WHERE id = 3",
        Says("results_promised"),
    ),
    refused(
        "smaller numbers shown than promised",
        "UPDATE polls SET min_show = 3 WHERE id = 3",
        Says("results_promised"),
    ),
];

/// Written once.
pub const RECORDS: &[Refused] = &[
    refused("a seal on an open poll", "UPDATE polls SET sealed_at = 1000 WHERE id = 2", Says("poll_still_open")),
    refused("a sealed secret poll reopened", "UPDATE polls SET sealed_at = NULL WHERE id = 6", Says("poll_sealed")),
    refused("a sealed secret poll extended", "UPDATE polls SET closes_at = 3000 WHERE id = 6", Says("poll_sealed")),
    refused("an open secret poll unlinked", "UPDATE polls SET unlinked_at = 1000 WHERE id = 3", Says("poll_still_open")),
    refused("a named poll unlinked", "UPDATE polls SET unlinked_at = 1000 WHERE id = 5", Check("polls_unlinked")),
    refused_after("an unlinked poll that is to be linked again", &["UPDATE polls SET unlinked_at = 1000 WHERE id = 6"],
        "UPDATE polls SET unlinked_at = NULL WHERE id = 6", Says("poll_unlinked")),
    refused("a seal without sealing",
        "INSERT INTO seals (poll_id, number, ballots, abstained, eligible, canonical_json, sha256, audit_seq, made_at)
             VALUES (5, 1, 1, 0, 4, '{}', unhex('0505050505050505050505050505050505050505050505050505050505050505'), 1, 1)",
        Says("poll_not_sealed")),
    refused("a seal rewritten", "UPDATE seals SET ballots = 2", Says("seal_immutable")),
    refused("a seal removed", "DELETE FROM seals", Says("seal_immutable")),
    refused("a tally added to its seal",
        "INSERT INTO tallies (poll_id, seal_number, round, choice_id, ballots) VALUES (6, 1, 2, 61, 9)", Says("seal_immutable")),
    refused("a tally rewritten", "UPDATE tallies SET ballots = 9", Says("seal_immutable")),
    refused("a tally removed", "DELETE FROM tallies", Says("seal_immutable")),
    refused_after("a tally whose seal never comes",
        &["INSERT INTO tallies (poll_id, seal_number, choice_id, ballots) VALUES (5, 1, 51, 1)"], "COMMIT", ForeignKey),
    refused("an audit entry rewritten", "UPDATE audit_log SET actor_label = 'Nobody'", Says("audit_append_only")),
    refused("an audit entry removed", "DELETE FROM audit_log", Says("audit_append_only")),
    refused("the end of the chain removed", "DELETE FROM audit_head", Says("audit_append_only")),
    refused("a gap in the audit log",
        "INSERT INTO audit_log (seq, at, actor_label, action, object_type, prev_hash, hash) VALUES (3, 1, 'Ada', 'a', 'o',
             unhex('0101010101010101010101010101010101010101010101010101010101010101'),
             unhex('0303030303030303030303030303030303030303030303030303030303030303'))", Says("audit_out_of_order")),
    refused("a fork of the audit chain",
        "INSERT INTO audit_log (seq, at, actor_label, action, object_type, prev_hash, hash) VALUES (2, 1, 'Ada', 'a', 'o',
             unhex('0000000000000000000000000000000000000000000000000000000000000000'),
             unhex('0202020202020202020202020202020202020202020202020202020202020202'))", Says("audit_out_of_order")),
    refused("the same identity twice",
        "INSERT INTO users (id, issuer, subject, username, display_name, sort_key, search_key, role, role_checked_at, first_seen_at)
             VALUES (5, 'https://op.example', 'uma', 'uma', 'Uma', 'uma', 'uma', 'user', 1, 1)", Unique),
    refused("a person with an unknown role", "UPDATE users SET role = 'Admin' WHERE id = 1", Check("users_role")),
    refused("a voter deleted", "DELETE FROM users WHERE id = 1", ForeignKey),
    refused("a session under its plain id",
        "INSERT INTO sessions (id_hash, created_at, last_seen_at, expires_at, data) VALUES (unhex('aa'), 1, 1, 1, '{}')",
        Check("sessions_id_hash")),
];
