//! What both databases refuse, as data: one text for SQLite and PostgreSQL.

use super::Because::{self, Check, ForeignKey, Says, Unique};

/// A statement that must fail after its setup has passed; `COMMIT` stands for the end of the
/// transaction in which the setup ran.
pub struct Refused {
    pub name: &'static str,
    pub setup: &'static [&'static str],
    pub statement: &'static str,
    pub because: Because,
}

const fn refused(
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

/// Stan's mark on the roll of poll 2 and on that of poll 3.
const MARK_NAMED: &str =
    "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (2, 2, TRUE, 'role')";
const MARK_SECRET: &str =
    "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (3, 2, TRUE, 'role')";
const MARK_RANKED: &str =
    "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (7, 1, TRUE, 'role')";
const PICK_NAMED: &str = "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
    VALUES (2, unhex('000000000000000000000000000000aa'), 21)";
const PICK_SECRET: &str = "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
    VALUES (3, unhex('000000000000000000000000000000aa'), 31)";
const CAST_NAMED: &str = "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
    VALUES (2, unhex('000000000000000000000000000000aa'), 'named', 2, 1000)";
const CAST_SECRET: &str = "INSERT INTO ballots (poll_id, id, secrecy)
    VALUES (3, unhex('000000000000000000000000000000aa'), 'secret')";
const CAST_RANKED: &str = "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
    VALUES (7, unhex('000000000000000000000000000000aa'), 'named', 1, 1000)";

const PICK_RANKED: &str = "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
    VALUES (7, unhex('000000000000000000000000000000aa'), 71)";
const THAW_RANKED: &str = "UPDATE polls SET frozen_at = NULL WHERE id = 7";
const PROMISE_RECEIPTS: &str =
    "UPDATE polls SET receipts = 'counted', frozen_at = 300 WHERE id = 7";

const LATE_INVITE: &str = "INSERT INTO roll_invites (poll_id, kind, issuer, value, source)
    VALUES (4, 'email', '', 'x@op.example', 'added_later')";

/// The law of conservation: marks on the roll = ballots in the box.
pub const CONSERVATION: &[Refused] = &[
    refused(
        "a mark without a ballot",
        &[MARK_NAMED],
        "COMMIT",
        ForeignKey,
    ),
    refused(
        "a ballot without a mark",
        &[PICK_SECRET, CAST_SECRET],
        "COMMIT",
        ForeignKey,
    ),
    refused(
        "two ballots for one mark",
        &[
            MARK_SECRET,
            PICK_SECRET,
            CAST_SECRET,
            "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
             VALUES (3, unhex('000000000000000000000000000000bb'), 32)",
            "INSERT INTO ballots (poll_id, id, secrecy)
             VALUES (3, unhex('000000000000000000000000000000bb'), 'secret')",
        ],
        "COMMIT",
        ForeignKey,
    ),
    refused(
        "a ballot taken out and none put back",
        &["DELETE FROM ballots WHERE poll_id = 2"],
        "COMMIT",
        ForeignKey,
    ),
    refused(
        "a mark in one poll and a ballot in another",
        &[MARK_NAMED, PICK_SECRET, CAST_SECRET],
        "COMMIT",
        ForeignKey,
    ),
    refused(
        "a choice whose ballot never comes",
        &[PICK_NAMED],
        "COMMIT",
        ForeignKey,
    ),
    refused(
        "the counts removed",
        &[],
        "DELETE FROM poll_counts WHERE poll_id = 2",
        Says("counts_kept"),
    ),
];

/// When a ballot may enter the box.
pub const WINDOW: &[Refused] = &[
    refused(
        "a ballot in a draft",
        &["UPDATE voter_roll SET has_voted = TRUE WHERE poll_id = 1"],
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
             VALUES (1, unhex('000000000000000000000000000000aa'), 'named', 1, 1000)",
        Says("poll_not_open"),
    ),
    refused(
        "a ballot before opening",
        &["UPDATE clock SET now = 199", MARK_NAMED, PICK_NAMED],
        CAST_NAMED,
        Says("poll_not_open"),
    ),
    refused(
        "a ballot at the closing time exactly",
        &["UPDATE clock SET now = 2000", MARK_NAMED, PICK_NAMED],
        CAST_NAMED,
        Says("poll_not_open"),
    ),
    refused(
        "a ballot after closing by hand",
        &[
            "UPDATE polls SET closed_at = 1000 WHERE id = 2",
            MARK_NAMED,
            PICK_NAMED,
        ],
        CAST_NAMED,
        Says("poll_not_open"),
    ),
    refused(
        "a ballot in an archived poll",
        &[
            "UPDATE polls SET archived_at = 1000 WHERE id = 2",
            MARK_NAMED,
            PICK_NAMED,
        ],
        CAST_NAMED,
        Says("poll_not_open"),
    ),
    refused(
        "a ballot in a poll no longer published",
        &[
            "UPDATE polls SET published_at = NULL WHERE id = 2",
            MARK_NAMED,
            PICK_NAMED,
        ],
        CAST_NAMED,
        Says("poll_not_open"),
    ),
    refused(
        "a ballot in a poll published later",
        &[
            "UPDATE polls SET published_at = 1001 WHERE id = 2",
            MARK_NAMED,
            PICK_NAMED,
        ],
        CAST_NAMED,
        Says("poll_not_open"),
    ),
    refused(
        "a ballot in a sealed poll",
        &[],
        "INSERT INTO ballots (poll_id, id, secrecy)
             VALUES (6, unhex('000000000000000000000000000000aa'), 'secret')",
        Says("poll_not_open"),
    ),
];

/// What a ballot must say, and that it never changes.
pub const BALLOTS: &[Refused] = &[
    refused(
        "a second ballot of the same person",
        &[PICK_NAMED],
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
             VALUES (2, unhex('000000000000000000000000000000aa'), 'named', 1, 1000)",
        Unique,
    ),
    refused(
        "a second mark for the same person",
        &[],
        "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (2, 1, TRUE, 'role')",
        Unique,
    ),
    refused(
        "a named ballot of a voter who is not marked",
        &[],
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
             VALUES (4, unhex('000000000000000000000000000000aa'), 'named', 1, 1000)",
        Says("voter_not_marked"),
    ),
    refused(
        "a named ballot without its voter",
        &[PICK_NAMED],
        "INSERT INTO ballots (poll_id, id, secrecy, cast_at)
             VALUES (2, unhex('000000000000000000000000000000aa'), 'named', 1000)",
        Check("ballots_secrecy"),
    ),
    refused(
        "a secret ballot with its voter",
        &[MARK_SECRET, PICK_SECRET],
        "INSERT INTO ballots (poll_id, id, secrecy, user_id)
             VALUES (3, unhex('000000000000000000000000000000aa'), 'secret', 2)",
        Check("ballots_secrecy"),
    ),
    refused(
        "a secret ballot with its time",
        &[MARK_SECRET, PICK_SECRET],
        "INSERT INTO ballots (poll_id, id, secrecy, cast_at)
             VALUES (3, unhex('000000000000000000000000000000aa'), 'secret', 1000)",
        Check("ballots_secrecy"),
    ),
    refused(
        "a named ballot in a secret poll",
        &[MARK_SECRET, PICK_SECRET],
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
             VALUES (3, unhex('000000000000000000000000000000aa'), 'named', 2, 1000)",
        ForeignKey,
    ),
    refused(
        "a short ballot id",
        &[MARK_SECRET],
        "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id) VALUES (3, unhex('aa'), 31);
         INSERT INTO ballots (poll_id, id, secrecy) VALUES (3, unhex('aa'), 'secret')",
        Check("ballots_id"),
    ),
    refused(
        "a choice of another poll",
        &[],
        "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
             VALUES (2, unhex('000000000000000000000000000000aa'), 31)",
        ForeignKey,
    ),
    refused(
        "a ballot with no choice",
        &[MARK_NAMED],
        CAST_NAMED,
        Says("ballot_out_of_limits"),
    ),
    refused(
        "a ballot with more choices than allowed",
        &[
            MARK_NAMED,
            PICK_NAMED,
            "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
             VALUES (2, unhex('000000000000000000000000000000aa'), 22),
                    (2, unhex('000000000000000000000000000000aa'), 23)",
        ],
        CAST_NAMED,
        Says("ballot_out_of_limits"),
    ),
    refused(
        "a choice that counts twice",
        &[
            MARK_NAMED,
            "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id, value)
             VALUES (2, unhex('000000000000000000000000000000aa'), 21, 2)",
        ],
        CAST_NAMED,
        Says("ballot_out_of_limits"),
    ),
    refused(
        "an abstention beside a choice",
        &[MARK_NAMED, PICK_NAMED],
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at, abstained)
             VALUES (2, unhex('000000000000000000000000000000aa'), 'named', 2, 1000, TRUE)",
        Says("ballot_out_of_limits"),
    ),
    refused(
        "an abstention where there is none to choose",
        &[MARK_SECRET],
        "INSERT INTO ballots (poll_id, id, secrecy, abstained)
             VALUES (3, unhex('000000000000000000000000000000aa'), 'secret', TRUE)",
        Says("ballot_out_of_limits"),
    ),
    refused(
        "a rank left out",
        &[
            MARK_RANKED,
            "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id, value)
             VALUES (7, unhex('000000000000000000000000000000aa'), 71, 1),
                    (7, unhex('000000000000000000000000000000aa'), 72, 3)",
        ],
        CAST_RANKED,
        Says("ballot_out_of_limits"),
    ),
    refused(
        "a rank given twice",
        &[
            MARK_RANKED,
            "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id, value)
             VALUES (7, unhex('000000000000000000000000000000aa'), 71, 1),
                    (7, unhex('000000000000000000000000000000aa'), 72, 1)",
        ],
        CAST_RANKED,
        Says("ballot_out_of_limits"),
    ),
    refused(
        "a choice added to a cast ballot",
        &[],
        "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
             VALUES (2, unhex('00000000000000000000000000000021'), 22)",
        Says("ballot_immutable"),
    ),
    refused(
        "a choice exchanged",
        &[],
        "UPDATE ballot_choices SET choice_id = 22 WHERE poll_id = 2",
        Says("ballot_immutable"),
    ),
    refused(
        "a choice taken out of a ballot",
        &[],
        "DELETE FROM ballot_choices WHERE poll_id = 2",
        Says("ballot_immutable"),
    ),
    refused(
        "a ballot rewritten",
        &[],
        "UPDATE ballots SET abstained = TRUE WHERE poll_id = 2",
        Says("ballot_immutable"),
    ),
    refused(
        "a secret ballot deleted",
        &[],
        "DELETE FROM ballots WHERE poll_id = 3",
        Says("ballot_immutable"),
    ),
    refused(
        "a ballot deleted after closing",
        &[],
        "DELETE FROM ballots WHERE poll_id = 5",
        Says("ballot_immutable"),
    ),
    refused(
        "a ballot deleted where there is no change",
        &[
            "UPDATE voter_roll SET has_voted = TRUE WHERE poll_id = 4 AND user_id = 1",
            "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id) VALUES (4, unhex('000000000000000000000000000000aa'), 41)",
            "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
             VALUES (4, unhex('000000000000000000000000000000aa'), 'named', 1, 1000)",
        ],
        "DELETE FROM ballots WHERE poll_id = 4",
        Says("ballot_immutable"),
    ),
    refused(
        "a receipt used twice",
        &[
            THAW_RANKED,
            PROMISE_RECEIPTS,
            MARK_RANKED,
            PICK_RANKED,
            "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (7, 4, TRUE, 'role')",
            "INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
             VALUES (7, unhex('000000000000000000000000000000bb'), 71)",
            "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at, receipt_hash)
             VALUES (7, unhex('000000000000000000000000000000aa'), 'named', 1, 1000,
                     unhex('0000000000000000000000000000000000000000000000000000000000000001'))",
        ],
        "INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at, receipt_hash)
            VALUES (7, unhex('000000000000000000000000000000bb'), 'named', 4, 1000,
                    unhex('0000000000000000000000000000000000000000000000000000000000000001'))",
        Unique,
    ),
    refused(
        "a receipt in a poll that promised none",
        &[MARK_SECRET, PICK_SECRET],
        "INSERT INTO ballots (poll_id, id, secrecy, receipt_hash)
             VALUES (3, unhex('000000000000000000000000000000aa'), 'secret',
                     unhex('0101010101010101010101010101010101010101010101010101010101010101'))",
        Says("receipt_not_as_promised"),
    ),
    refused(
        "a ballot without the receipt that was promised",
        &[THAW_RANKED, PROMISE_RECEIPTS, MARK_RANKED, PICK_RANKED],
        CAST_RANKED,
        Says("receipt_not_as_promised"),
    ),
];

/// The register of voters.
pub const ROLL: &[Refused] = &[
    refused(
        "a mark taken back",
        &[],
        "UPDATE voter_roll SET has_voted = FALSE WHERE poll_id = 3",
        Says("voter_kept"),
    ),
    refused(
        "a mark handed to someone else",
        &[],
        "UPDATE voter_roll SET user_id = 4 WHERE poll_id = 3",
        Says("voter_kept"),
    ),
    refused(
        "a voter removed who has voted",
        &[],
        "DELETE FROM voter_roll WHERE poll_id = 3",
        Says("voter_kept"),
    ),
    refused(
        "a stranger in a poll with a list",
        &[],
        "INSERT INTO voter_roll (poll_id, user_id, has_voted, source) VALUES (4, 4, TRUE, 'role')",
        Says("voter_not_listed"),
    ),
    refused(
        "a list in a poll that goes by role",
        &[],
        "INSERT INTO voter_roll (poll_id, user_id, source) VALUES (2, 4, 'added_later')",
        Says("voter_not_listed"),
    ),
    refused(
        "a frozen list with a first entry more",
        &[],
        "INSERT INTO voter_roll (poll_id, user_id, source) VALUES (4, 4, 'list')",
        Says("poll_frozen"),
    ),
    refused(
        "a frozen list with an entry less",
        &[],
        "DELETE FROM voter_roll WHERE poll_id = 4 AND user_id = 2",
        Says("poll_frozen"),
    ),
    refused(
        "a frozen list emptied",
        &[],
        "DELETE FROM voter_roll WHERE poll_id = 4",
        Says("poll_frozen"),
    ),
    refused(
        "a late entry made an early one",
        &["INSERT INTO voter_roll (poll_id, user_id, source) VALUES (4, 4, 'added_later')"],
        "UPDATE voter_roll SET source = 'list' WHERE poll_id = 4 AND user_id = 4",
        Says("voter_kept"),
    ),
    refused(
        "an invitation to a poll that goes by role",
        &[],
        "INSERT INTO roll_invites (poll_id, kind, issuer, value, source)
             VALUES (2, 'email', '', 'x@op.example', 'list')",
        Says("voter_not_listed"),
    ),
    refused(
        "an early invitation on a frozen list",
        &[],
        "INSERT INTO roll_invites (poll_id, kind, issuer, value, source)
             VALUES (4, 'email', '', 'x@op.example', 'list')",
        Says("poll_frozen"),
    ),
    refused(
        "an invitation taken off a frozen list",
        &[LATE_INVITE],
        "DELETE FROM roll_invites WHERE poll_id = 4",
        Says("poll_frozen"),
    ),
    refused(
        "an invitation handed to somebody else",
        &[LATE_INVITE],
        "UPDATE roll_invites SET value = 'y@op.example' WHERE poll_id = 4",
        Says("voter_kept"),
    ),
    refused(
        "an early entry for somebody whose invitation came late",
        &[
            "INSERT INTO roll_invites (poll_id, kind, issuer, value, source)
             VALUES (4, 'subject', 'https://op.example', 'vera', 'added_later')",
        ],
        "INSERT INTO voter_roll (poll_id, user_id, source) VALUES (4, 4, 'list')",
        Says("poll_frozen"),
    ),
    refused(
        "the same invitation twice",
        &[LATE_INVITE],
        LATE_INVITE,
        Unique,
    ),
    refused(
        "a subject of no issuer",
        &[],
        "INSERT INTO roll_invites (poll_id, kind, issuer, value, source)
             VALUES (1, 'subject', '', 'vera', 'list')",
        Check("roll_invites_issuer"),
    ),
    refused(
        "a voter of double weight",
        &[],
        "INSERT INTO voter_roll (poll_id, user_id, source, weight) VALUES (2, 4, 'role', 2)",
        Check("voter_roll_weight"),
    ),
    refused(
        "a frozen poll with a role less",
        &[],
        "DELETE FROM poll_roles WHERE poll_id = 2",
        Says("poll_frozen"),
    ),
];
