-- Lists of voters: who is named on them, how people are recognised at their sign-in, and files on
-- their way into a list. Twin: migrations/postgres/0009_voter_lists.sql.

-- The address that the provider has verified, in small letters: the only one by which anybody is
-- recognised. Letters beyond ASCII stay as they are, on both engines.
ALTER TABLE users ADD COLUMN verified_email TEXT
    GENERATED ALWAYS AS (CASE WHEN email_verified THEN lower(email) END) VIRTUAL;

CREATE INDEX users_by_verified_email ON users (verified_email) WHERE verified_email IS NOT NULL;

-- People on a list who have never signed in. A subject means somebody at one issuer only.
DROP TABLE roll_invites;

CREATE TABLE roll_invites (
    poll_id INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    kind    TEXT    NOT NULL,
    issuer  TEXT    NOT NULL,  -- of a subject; empty for an e-mail address
    value   TEXT    NOT NULL,  -- an e-mail address in small letters, or a subject as it is
    source  TEXT    NOT NULL,
    PRIMARY KEY (poll_id, kind, issuer, value),
    CONSTRAINT roll_invites_kind CHECK (kind IN ('email', 'subject')),
    CONSTRAINT roll_invites_issuer CHECK ((kind = 'subject') = (issuer <> '')),
    CONSTRAINT roll_invites_source CHECK (source IN ('list', 'added_later'))
) STRICT, WITHOUT ROWID;

CREATE INDEX roll_invites_by_value ON roll_invites (kind, value);

-- A file that an admin has sent and not yet confirmed.
CREATE TABLE roll_uploads (
    poll_id    INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    content    TEXT    NOT NULL,
    PRIMARY KEY (poll_id, user_id)
) STRICT, WITHOUT ROWID;

-- Whom the invitations mean, as far as these people have signed in.
CREATE VIEW roll_matches AS
SELECT roll_invites.poll_id, kind, roll_invites.issuer, value, source, users.id AS user_id
FROM roll_invites JOIN users ON users.issuer = roll_invites.issuer AND users.subject = roll_invites.value
WHERE kind = 'subject'
UNION ALL
SELECT roll_invites.poll_id, kind, roll_invites.issuer, value, source, users.id AS user_id
FROM roll_invites JOIN users ON users.verified_email = roll_invites.value
WHERE kind = 'email';

-- A sign-in turns invitations into entries of the roll.
CREATE TRIGGER users_invited AFTER INSERT ON users BEGIN
    INSERT INTO voter_roll (poll_id, user_id, source)
    SELECT poll_id, user_id, MAX(source) FROM roll_matches
    WHERE user_id = NEW.id
      AND EXISTS (SELECT 1 FROM polls WHERE polls.id = roll_matches.poll_id AND roll_mode = 'list')
      AND NOT EXISTS (SELECT 1 FROM voter_roll WHERE voter_roll.poll_id = roll_matches.poll_id
                                                 AND voter_roll.user_id = NEW.id)
    GROUP BY poll_id, user_id;
    DELETE FROM roll_invites WHERE (poll_id, kind, issuer, value) IN (
        SELECT roll_matches.poll_id, kind, issuer, value FROM roll_matches
        JOIN voter_roll ON voter_roll.poll_id = roll_matches.poll_id AND voter_roll.user_id = roll_matches.user_id
        WHERE roll_matches.user_id = NEW.id);
END;

CREATE TRIGGER users_invited_by_email AFTER UPDATE OF email, email_verified ON users BEGIN
    INSERT INTO voter_roll (poll_id, user_id, source)
    SELECT poll_id, user_id, MAX(source) FROM roll_matches
    WHERE user_id = NEW.id
      AND EXISTS (SELECT 1 FROM polls WHERE polls.id = roll_matches.poll_id AND roll_mode = 'list')
      AND NOT EXISTS (SELECT 1 FROM voter_roll WHERE voter_roll.poll_id = roll_matches.poll_id
                                                 AND voter_roll.user_id = NEW.id)
    GROUP BY poll_id, user_id;
    DELETE FROM roll_invites WHERE (poll_id, kind, issuer, value) IN (
        SELECT roll_matches.poll_id, kind, issuer, value FROM roll_matches
        JOIN voter_roll ON voter_roll.poll_id = roll_matches.poll_id AND voter_roll.user_id = roll_matches.user_id
        WHERE roll_matches.user_id = NEW.id);
END;

-- As before, but somebody whose invitation was on the list before the freezing enters it as such.
DROP TRIGGER voter_roll_insert;

CREATE TRIGGER voter_roll_insert AFTER INSERT ON voter_roll BEGIN
    SELECT RAISE(ABORT, 'voter_not_listed') FROM polls
    WHERE id = NEW.poll_id AND (roll_mode = 'list') <> (NEW.source <> 'role');
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls
    WHERE id = NEW.poll_id AND frozen_at IS NOT NULL AND NEW.source = 'list' AND NOT EXISTS (
        SELECT 1 FROM roll_matches
        WHERE poll_id = NEW.poll_id AND user_id = NEW.user_id AND source = 'list');
    UPDATE poll_counts SET voted = voted + 1 WHERE poll_id = NEW.poll_id AND NEW.has_voted;
END;

CREATE TRIGGER roll_invites_insert BEFORE INSERT ON roll_invites BEGIN
    SELECT RAISE(ABORT, 'voter_not_listed') FROM polls WHERE id = NEW.poll_id AND roll_mode <> 'list';
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls
    WHERE id = NEW.poll_id AND frozen_at IS NOT NULL AND NEW.source = 'list';
END;

CREATE TRIGGER roll_invites_update BEFORE UPDATE ON roll_invites BEGIN
    SELECT RAISE(ABORT, 'voter_kept');
END;

-- A frozen list loses an invitation only to the person whom it meant.
CREATE TRIGGER roll_invites_delete BEFORE DELETE ON roll_invites BEGIN
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls
    WHERE id = OLD.poll_id AND frozen_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM roll_matches
        JOIN voter_roll ON voter_roll.poll_id = roll_matches.poll_id AND voter_roll.user_id = roll_matches.user_id
        WHERE roll_matches.poll_id = OLD.poll_id AND kind = OLD.kind AND issuer = OLD.issuer AND value = OLD.value);
END;
