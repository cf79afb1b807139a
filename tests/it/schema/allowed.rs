//! What the schema must let through: the other side of every refusal.

use crate::support::database;

struct Allowed {
    name: &'static str,
    statements: &'static [&'static str],
}

const fn allowed(name: &'static str, statements: &'static [&'static str]) -> Allowed {
    Allowed { name, statements }
}

const ALLOWED: &[Allowed] = &[
    allowed("a mark and its ballot, one millisecond before closing", &[
        "UPDATE clock SET now = 1999",
        "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (2, 2, TRUE, 'role')",
        "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id) VALUES (2, unhex('000000000000000000000000000000aa'), 21)",
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
             VALUES (2, unhex('000000000000000000000000000000aa'), 'named', 2, 1999)",
        "COMMIT",
    ]),
    allowed("an abstention", &[
        "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (2, 3, TRUE, 'role')",
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at, abstained)
             VALUES (2, unhex('000000000000000000000000000000bb'), 'named', 3, 1000, TRUE)",
        "COMMIT",
    ]),
    allowed("a ranking of three", &[
        "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (7, 1, TRUE, 'role')",
        "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id, value)
             VALUES (7, unhex('000000000000000000000000000000cc'), 71, 3),
                    (7, unhex('000000000000000000000000000000cc'), 72, 1),
                    (7, unhex('000000000000000000000000000000cc'), 73, 2)",
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
             VALUES (7, unhex('000000000000000000000000000000cc'), 'named', 1, 1000)",
        "COMMIT",
    ]),
    allowed("a changed ballot in place of the first", &[
        "DELETE FROM ballots WHERE poll_id = 2 AND user_id = 1",
        "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
             VALUES (2, unhex('000000000000000000000000000000dd'), 22), (2, unhex('000000000000000000000000000000dd'), 23)",
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
             VALUES (2, unhex('000000000000000000000000000000dd'), 'named', 1, 1000)",
        "COMMIT",
    ]),
    allowed("a late entry on a frozen list", &["INSERT INTO voter_roll (poll_id, user_id, source) VALUES (4, 4, 'added_later')"]),
    allowed("a role more in a frozen poll", &["INSERT INTO poll_roles (poll_id, role) VALUES (2, 'admin')"]),
    allowed("results made stricter", &["UPDATE polls SET results = 'on_release', voter_results = 'never', min_show = 9 WHERE id = 2"]),
    allowed("a poll extended, closed by hand, reopened", &[
        "UPDATE polls SET extended_from = closes_at, closes_at = 3000 WHERE id = 2",
        "UPDATE polls SET closed_at = 1000, closed_reason = 'enough' WHERE id = 2",
        "UPDATE polls SET closed_at = NULL WHERE id = 2",
    ]),
    allowed("a typo mended before the first ballot", &[
        "UPDATE polls SET frozen_at = NULL WHERE id = 4",
        "UPDATE polls SET question = 'Open to the list?' WHERE id = 4",
        "UPDATE choices SET text = 'Crimson', text_key = 'crimson' WHERE id = 41",
        "UPDATE polls SET frozen_at = 1000 WHERE id = 4",
    ]),
    allowed("choices reordered and exchanged, their ids kept", &[
        "UPDATE choices SET position = -position, text_key = '~' || id WHERE poll_id = 1",
        "UPDATE choices SET position = 2, text = 'No', text_key = 'no' WHERE id = 11",
        "UPDATE choices SET position = 1, text = 'Yes', text_key = 'yes' WHERE id = 12",
        "UPDATE polls SET frozen_at = 1 WHERE id = 1",
    ]),
    allowed("a draft deleted with all that belongs to it", &["DELETE FROM polls WHERE id = 1", "COMMIT"]),
    allowed("a question of 200 characters that are not ASCII", &[
        "INSERT INTO polls (id, question, search_key, created_at, updated_at) VALUES (8, 'zwanzig Zeichen: äöü', 'q', 1, 1)",
        "UPDATE polls SET question = question || question || question || question || question
             || question || question || question || question || question WHERE id = 8",
    ]),
    allowed("a closed named poll sealed, reopened and sealed again", &[
        "UPDATE polls SET sealed_at = 1000 WHERE id = 5",
        "INSERT INTO tallies (poll_id, seal_number, choice_id, ballots) VALUES (5, 1, 51, 1)",
        "INSERT INTO seals (poll_id, number, ballots, abstained, eligible, canonical_json, sha256, audit_seq, made_at)
             VALUES (5, 1, 1, 0, 4, '{}', unhex('0505050505050505050505050505050505050505050505050505050505050505'), 1, 1000)",
        "UPDATE polls SET sealed_at = NULL, closes_at = 3000 WHERE id = 5",
        "UPDATE polls SET closed_at = 1000 WHERE id = 5",
        "UPDATE polls SET sealed_at = 1000 WHERE id = 5",
        "INSERT INTO seals (poll_id, number, ballots, abstained, eligible, canonical_json, sha256, audit_seq, made_at)
             VALUES (5, 2, 1, 0, 4, '{}', unhex('0606060606060606060606060606060606060606060606060606060606060606'), 1, 1000)",
    ]),
    allowed("an invitation that becomes an entry of a frozen list when its person signs in", &[
        "UPDATE polls SET frozen_at = NULL WHERE id = 4",
        "INSERT INTO roll_invites (poll_id, kind, issuer, value, source)
             VALUES (4, 'email', '', 'new@op.example', 'list'), (4, 'subject', 'https://op.example', 'new', 'list'),
                    (4, 'subject', 'https://other.example', 'new', 'list')",
        "UPDATE polls SET frozen_at = 300 WHERE id = 4",
        "INSERT INTO users (id, issuer, subject, username, email, email_verified, display_name, sort_key, search_key, role, role_checked_at, first_seen_at)
             VALUES (50, 'https://op.example', 'new', 'new', 'New@OP.example', TRUE, 'New', 'new', 'new', 'user', 1, 1)",
        // Fails unless the person is on the roll, as somebody of the first list.
        "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id) VALUES (4, unhex('000000000000000000000000000000aa'), 41)",
        "UPDATE voter_roll SET has_voted = TRUE WHERE poll_id = 4 AND user_id = 50 AND source = 'list'",
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at) VALUES (4, unhex('000000000000000000000000000000aa'), 'named', 50, 1000)",
        "COMMIT",
    ]),
    allowed("the next audit entry", &[
        "UPDATE audit_head SET seq = seq",
        "INSERT INTO audit_log (seq, at, actor_label, action, object_type, prev_hash, hash) VALUES (2, 1, 'Ada', 'a', 'o',
             unhex('0101010101010101010101010101010101010101010101010101010101010101'),
             unhex('0202020202020202020202020202020202020202020202020202020202020202'))",
        "COMMIT",
    ]),
    allowed("a subject that differs in case only, and the same subject elsewhere", &[
        "INSERT INTO users (id, issuer, subject, username, display_name, sort_key, search_key, role, role_checked_at, first_seen_at)
             VALUES (5, 'https://op.example', 'Uma', 'Uma', 'Uma', 'uma', 'uma', 'user', 1, 1),
                    (6, 'https://op.example/', 'uma', 'uma', 'Uma', 'uma', 'uma', 'user', 1, 1)",
    ]),
];

#[tokio::test]
async fn what_the_rules_allow_is_accepted() {
    database::both(|db| async move {
        super::furnish(&db).await;
        let mut faults = Vec::new();
        for case in ALLOWED {
            if let Err(error) = super::attempt(&db, case.statements).await {
                faults.push(format!("{}: {error}", case.name));
            }
        }
        assert!(faults.is_empty(), "{db:?}\n{}", faults.join("\n"));
    })
    .await;
}
