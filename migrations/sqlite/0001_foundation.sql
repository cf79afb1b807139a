-- The whole domain model, for SQLite. Its twin is migrations/postgres/0001_foundation.sql:
-- same tables, same columns, same order. docs/schema.md explains both in plain words; the
-- triggers that guard these tables are in 0002_guards.sql.
--
-- Times are UTC milliseconds. A state is a time or is computed; it is never a stored flag.
-- Every connection needs foreign_keys = ON and recursive_triggers = ON: without the second,
-- INSERT OR REPLACE removes rows behind the back of the DELETE triggers.

------------------------------------------------------------------------------ people

-- A person is (issuer, subject), compared byte by byte; e-mail and names are labels.
CREATE TABLE users (
    id                 INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    issuer             TEXT    NOT NULL,
    subject            TEXT    NOT NULL,
    username           TEXT    NOT NULL,
    preferred_username TEXT,
    email              TEXT,
    email_verified     INTEGER NOT NULL DEFAULT FALSE,
    given_name         TEXT,
    family_name        TEXT,
    display_name       TEXT    NOT NULL,
    picture            TEXT,
    locale             TEXT,
    sort_key           TEXT    NOT NULL,  -- case-folded by the application: lower() differs between engines
    search_key         TEXT    NOT NULL,  -- case-folded names, e-mail and subject
    role               TEXT    NOT NULL,  -- as last confirmed by the OP
    role_source        TEXT,              -- the claim (and organisation) it was read from
    role_checked_at    INTEGER NOT NULL,
    role_lost_at       INTEGER,           -- came back without a role
    deactivated_at     INTEGER,           -- by an admin
    first_seen_at      INTEGER NOT NULL,
    last_login_at      INTEGER,           -- whole days: a precise time beside a secret vote is a side channel
    zone               TEXT,
    theme              TEXT,
    language           TEXT,
    merged_into        INTEGER REFERENCES users (id),
    erased_at          INTEGER,
    version            INTEGER NOT NULL DEFAULT 1,
    is_active          INTEGER NOT NULL GENERATED ALWAYS AS
        (deactivated_at IS NULL AND role_lost_at IS NULL) VIRTUAL,
    is_staff           INTEGER NOT NULL GENERATED ALWAYS AS
        (role IN ('staff', 'admin') AND deactivated_at IS NULL AND role_lost_at IS NULL) VIRTUAL,
    is_superuser       INTEGER NOT NULL GENERATED ALWAYS AS
        (role = 'admin' AND deactivated_at IS NULL AND role_lost_at IS NULL) VIRTUAL,
    CONSTRAINT users_identity UNIQUE (issuer, subject),
    CONSTRAINT users_identity_present CHECK (issuer <> '' AND subject <> ''),
    CONSTRAINT users_email_verified CHECK (email_verified IN (FALSE, TRUE)),
    CONSTRAINT users_role CHECK (role IN ('user', 'staff', 'admin')),
    CONSTRAINT users_theme CHECK (theme IN ('auto', 'light', 'dark')),
    CONSTRAINT users_merged CHECK (merged_into <> id)
) STRICT;

CREATE INDEX users_by_name ON users (sort_key, id);
CREATE INDEX users_by_login ON users (last_login_at, id);
CREATE INDEX users_by_role ON users (role, sort_key, id);
CREATE INDEX users_by_email ON users (email);
CREATE INDEX users_merged ON users (merged_into) WHERE merged_into IS NOT NULL;

-- Found by the SHA-256 of the cookie's id: a stolen copy of this table opens no session.
CREATE TABLE sessions (
    id_hash      BLOB    NOT NULL PRIMARY KEY,
    user_id      INTEGER REFERENCES users (id) ON DELETE CASCADE,
    issuer       TEXT,
    subject      TEXT,
    sid          TEXT,              -- the OP's session id, for back-channel logout
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,  -- absolute limit
    data         TEXT    NOT NULL,
    tokens       TEXT,              -- sealed; apart from data, which requests overwrite
    user_agent   TEXT,
    CONSTRAINT sessions_id_hash CHECK (length(id_hash) = 32)
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_subject ON sessions (issuer, subject);
CREATE INDEX sessions_by_sid ON sessions (issuer, sid);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_use ON sessions (last_seen_at);

CREATE TABLE pending_logins (
    state_hash    BLOB    NOT NULL PRIMARY KEY,
    browser_hash  BLOB    NOT NULL,
    provider      TEXT    NOT NULL,
    nonce         TEXT    NOT NULL,
    code_verifier BLOB    NOT NULL,  -- sealed
    return_path   TEXT    NOT NULL,
    prompt        TEXT,
    created_at    INTEGER NOT NULL,
    used_at       INTEGER,
    sid           TEXT,
    CONSTRAINT pending_logins_state_hash CHECK (length(state_hash) = 32),
    CONSTRAINT pending_logins_browser_hash CHECK (length(browser_hash) = 32)
) STRICT;

CREATE INDEX pending_logins_by_browser ON pending_logins (browser_hash, created_at);
CREATE INDEX pending_logins_by_age ON pending_logins (created_at);

CREATE TABLE revoked_logout_tokens (
    issuer     TEXT    NOT NULL,
    jti        TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, jti)
) STRICT;

CREATE INDEX revoked_logout_tokens_by_expiry ON revoked_logout_tokens (expires_at);

CREATE TABLE sign_in_attempts (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    issuer      TEXT    NOT NULL,
    subject     TEXT,
    outcome     TEXT    NOT NULL,
    reason      TEXT,
    claim_names TEXT    NOT NULL DEFAULT '[]',  -- JSON array; never a value
    request_id  TEXT
) STRICT;

CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (at, id);
CREATE INDEX sign_in_attempts_by_subject ON sign_in_attempts (issuer, subject, id);

------------------------------------------------------------------------------- polls

CREATE TABLE polls (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    question      TEXT    NOT NULL,
    search_key    TEXT    NOT NULL,  -- case-folded question, by the application
    description   TEXT    NOT NULL DEFAULT '',
    zone          TEXT    NOT NULL DEFAULT 'UTC',
    method        TEXT    NOT NULL DEFAULT 'single',
    ranked_rule   TEXT,
    min_choices   INTEGER NOT NULL DEFAULT 1,
    max_choices   INTEGER NOT NULL DEFAULT 1,
    allow_abstain INTEGER NOT NULL DEFAULT FALSE,
    randomise     INTEGER NOT NULL DEFAULT FALSE,
    secrecy       TEXT    NOT NULL DEFAULT 'named',
    allow_change  INTEGER NOT NULL DEFAULT FALSE,
    review        INTEGER NOT NULL DEFAULT TRUE,
    results       TEXT    NOT NULL DEFAULT 'after_close',
    voter_results TEXT    NOT NULL DEFAULT 'never',
    min_show      INTEGER NOT NULL DEFAULT 5,
    quorum_bp     INTEGER,           -- hundredths of a percent of the roll
    majority_rule TEXT    NOT NULL DEFAULT 'plurality',
    roll_mode     TEXT    NOT NULL DEFAULT 'role',
    receipts      TEXT    NOT NULL DEFAULT 'off',
    published_at  INTEGER,
    opens_at      INTEGER,           -- absent: opens when published
    closes_at     INTEGER,           -- absent: open until closed by hand
    extended_from INTEGER,
    frozen_at     INTEGER,
    closed_at     INTEGER,           -- by hand
    closed_reason TEXT,
    sealed_at     INTEGER,
    released_at   INTEGER,
    archived_at   INTEGER,
    created_by    INTEGER,           -- soft: history outlives accounts
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    version       INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT polls_secrecy_pair UNIQUE (id, secrecy),
    CONSTRAINT polls_question CHECK (length(question) BETWEEN 1 AND 200),
    CONSTRAINT polls_description CHECK (length(description) <= 20000),
    CONSTRAINT polls_method CHECK (method IN ('single', 'multiple', 'ranked', 'score')),
    CONSTRAINT polls_ranked_rule CHECK (ranked_rule IN ('instant_runoff', 'schulze')),
    CONSTRAINT polls_ranked CHECK ((method = 'ranked') = (ranked_rule IS NOT NULL)),
    CONSTRAINT polls_limits CHECK (0 <= min_choices AND min_choices <= max_choices),
    CONSTRAINT polls_single CHECK (method <> 'single' OR max_choices = 1),
    CONSTRAINT polls_flags CHECK (allow_abstain IN (FALSE, TRUE) AND randomise IN (FALSE, TRUE)
        AND allow_change IN (FALSE, TRUE) AND review IN (FALSE, TRUE)),
    CONSTRAINT polls_secrecy CHECK (secrecy IN ('named', 'secret')),
    CONSTRAINT polls_results CHECK (results IN ('live', 'after_close', 'on_release')),
    CONSTRAINT polls_voter_results CHECK (voter_results IN ('never', 'after_close', 'on_release')),
    CONSTRAINT polls_secret_rules CHECK (secrecy = 'named' OR (NOT allow_change AND results <> 'live')),
    CONSTRAINT polls_min_show CHECK (min_show >= 3),
    CONSTRAINT polls_quorum CHECK (quorum_bp BETWEEN 0 AND 10000),
    CONSTRAINT polls_majority_rule CHECK (majority_rule IN ('plurality', 'more_than_half', 'two_thirds')),
    CONSTRAINT polls_roll_mode CHECK (roll_mode IN ('role', 'list')),
    CONSTRAINT polls_receipts CHECK (receipts IN ('off', 'counted')),
    CONSTRAINT polls_times CHECK (closes_at > COALESCE(opens_at, published_at, closes_at - 1))
) STRICT;

CREATE INDEX polls_published ON polls (published_at, id) WHERE archived_at IS NULL;
CREATE INDEX polls_by_creation ON polls (created_at, id);
CREATE INDEX polls_by_closing ON polls (closes_at) WHERE sealed_at IS NULL;

-- Which roles may vote.
CREATE TABLE poll_roles (
    poll_id INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    role    TEXT    NOT NULL,
    PRIMARY KEY (poll_id, role),
    CONSTRAINT poll_roles_role CHECK (role IN ('user', 'staff', 'admin'))
) STRICT, WITHOUT ROWID;

CREATE TABLE choices (
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    poll_id  INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,  -- from 1; below 0 only while rows are being reordered
    text     TEXT    NOT NULL,
    text_key TEXT    NOT NULL,  -- case-folded by the application
    CONSTRAINT choices_pair UNIQUE (poll_id, id),
    CONSTRAINT choices_position UNIQUE (poll_id, position),
    CONSTRAINT choices_text_key UNIQUE (poll_id, text_key),
    CONSTRAINT choices_text CHECK (length(text) BETWEEN 1 AND 200)
) STRICT;

-------------------------------------------------------------- the roll and the box

-- The electoral register. It holds no time, so that nothing can be lined up with the box.
CREATE TABLE voter_roll (
    poll_id   INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    user_id   INTEGER NOT NULL REFERENCES users (id),
    has_voted INTEGER NOT NULL DEFAULT FALSE,
    source    TEXT    NOT NULL,
    weight    INTEGER NOT NULL DEFAULT 1,  -- reserved
    PRIMARY KEY (poll_id, user_id),
    CONSTRAINT voter_roll_has_voted CHECK (has_voted IN (FALSE, TRUE)),
    CONSTRAINT voter_roll_source CHECK (source IN ('role', 'list', 'added_later')),
    CONSTRAINT voter_roll_weight CHECK (weight = 1)
) STRICT, WITHOUT ROWID;

CREATE INDEX voter_roll_by_user ON voter_roll (user_id, poll_id, has_voted);

-- People on a list who have never signed in; matched and removed at their first sign-in.
CREATE TABLE roll_invites (
    poll_id INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    kind    TEXT    NOT NULL,
    value   TEXT    NOT NULL,  -- a case-folded e-mail address, or a subject as it is
    PRIMARY KEY (poll_id, kind, value),
    CONSTRAINT roll_invites_kind CHECK (kind IN ('email', 'subject'))
) STRICT, WITHOUT ROWID;

CREATE INDEX roll_invites_by_value ON roll_invites (kind, value);

-- The box. The id is 16 random bytes and the rows are stored in its order, which says nothing.
CREATE TABLE ballots (
    poll_id      INTEGER NOT NULL,
    id           BLOB    NOT NULL,
    secrecy      TEXT    NOT NULL,
    user_id      INTEGER,
    cast_at      INTEGER,
    abstained    INTEGER NOT NULL DEFAULT FALSE,
    receipt_hash BLOB,
    PRIMARY KEY (poll_id, id),
    FOREIGN KEY (poll_id, secrecy) REFERENCES polls (id, secrecy),
    FOREIGN KEY (poll_id, user_id) REFERENCES voter_roll (poll_id, user_id),
    CONSTRAINT ballots_id CHECK (length(id) = 16),
    CONSTRAINT ballots_secrecy CHECK (CASE secrecy
        WHEN 'named' THEN user_id IS NOT NULL AND cast_at IS NOT NULL
        WHEN 'secret' THEN user_id IS NULL AND cast_at IS NULL
        ELSE FALSE END),
    CONSTRAINT ballots_abstained CHECK (abstained IN (FALSE, TRUE)),
    CONSTRAINT ballots_receipt_hash CHECK (length(receipt_hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX ballots_voter ON ballots (poll_id, user_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX ballots_receipt ON ballots (receipt_hash) WHERE receipt_hash IS NOT NULL;

-- Choices are written first and the ballot closes over them: nothing can be added afterwards,
-- and a choice whose ballot never comes is refused at commit.
CREATE TABLE ballot_choices (
    poll_id   INTEGER NOT NULL,
    ballot_id BLOB    NOT NULL,
    choice_id INTEGER NOT NULL,
    value     INTEGER NOT NULL DEFAULT 1,  -- 1, a rank or a score
    PRIMARY KEY (poll_id, ballot_id, choice_id),
    FOREIGN KEY (poll_id, ballot_id) REFERENCES ballots (poll_id, id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (poll_id, choice_id) REFERENCES choices (poll_id, id),
    CONSTRAINT ballot_choices_value CHECK (value >= 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX ballot_choices_tally ON ballot_choices (poll_id, choice_id, value);

-- The conservation law: each row points at itself, so a transaction in which the marks on the
-- roll and the ballots in the box differ cannot commit. Kept by triggers only.
CREATE TABLE poll_counts (
    poll_id  INTEGER NOT NULL PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE,
    voted    INTEGER NOT NULL DEFAULT 0,
    ballots  INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0,  -- moves with every ballot put in or taken out
    CONSTRAINT poll_counts_voted UNIQUE (poll_id, voted),
    CONSTRAINT poll_counts_conserved FOREIGN KEY (poll_id, ballots)
        REFERENCES poll_counts (poll_id, voted) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- A named poll may be reopened and sealed again; each seal is kept.
CREATE TABLE seals (
    poll_id        INTEGER NOT NULL REFERENCES polls (id),
    number         INTEGER NOT NULL,
    ballots        INTEGER NOT NULL,
    abstained      INTEGER NOT NULL,
    eligible       INTEGER NOT NULL,
    canonical_json TEXT    NOT NULL,
    sha256         BLOB    NOT NULL,
    audit_seq      INTEGER NOT NULL,
    made_at        INTEGER NOT NULL,
    PRIMARY KEY (poll_id, number),
    CONSTRAINT seals_number CHECK (number >= 1),
    CONSTRAINT seals_sha256 CHECK (length(sha256) = 32)
) STRICT;

-- Written before their seal, which closes over them as a ballot does over its choices.
CREATE TABLE tallies (
    poll_id     INTEGER NOT NULL,
    seal_number INTEGER NOT NULL,
    round       INTEGER NOT NULL DEFAULT 1,
    choice_id   INTEGER NOT NULL,
    ballots     INTEGER NOT NULL,
    PRIMARY KEY (poll_id, seal_number, round, choice_id),
    FOREIGN KEY (poll_id, seal_number) REFERENCES seals (poll_id, number)
        DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (poll_id, choice_id) REFERENCES choices (poll_id, id),
    CONSTRAINT tallies_ballots CHECK (ballots >= 0)
) STRICT, WITHOUT ROWID;

------------------------------------------------------------------ audit and settings

CREATE TABLE audit_log (
    seq          INTEGER NOT NULL PRIMARY KEY,   -- 1, 2, 3, … without a gap
    at           INTEGER NOT NULL,
    actor_id     INTEGER,                        -- soft, like object_id
    actor_label  TEXT    NOT NULL,
    actor_role   TEXT,
    request_id   TEXT,
    action       TEXT    NOT NULL,
    object_type  TEXT    NOT NULL,
    object_id    TEXT,
    object_label TEXT    NOT NULL DEFAULT '',
    changes      TEXT    NOT NULL DEFAULT '{}',  -- {field: {old, new}}
    prev_hash    BLOB    NOT NULL,               -- 32 zero bytes at the start of the chain
    hash         BLOB    NOT NULL,
    CONSTRAINT audit_log_prev_hash UNIQUE (prev_hash),
    CONSTRAINT audit_log_hash UNIQUE (hash),
    CONSTRAINT audit_log_lengths CHECK (length(prev_hash) = 32 AND length(hash) = 32)
) STRICT;

CREATE INDEX audit_log_by_object ON audit_log (object_type, object_id, seq);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, seq);
CREATE INDEX audit_log_by_action ON audit_log (action, seq);
CREATE INDEX audit_log_by_time ON audit_log (at, seq);

-- The end of the chain, locked and read by whoever appends: UPDATE audit_head SET seq = seq RETURNING seq, hash.
CREATE TABLE audit_head (
    id   INTEGER NOT NULL PRIMARY KEY,
    seq  INTEGER NOT NULL,
    hash BLOB    NOT NULL,
    CONSTRAINT audit_head_single CHECK (id = 1)
) STRICT;

INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
