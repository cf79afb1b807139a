-- Lists of voters: who is named on them, how people are recognised at their sign-in, and files on
-- their way into a list. Twin: migrations/sqlite/0009_voter_lists.sql.

-- The address that the provider has verified, in small letters: the only one by which anybody is
-- recognised. Letters beyond ASCII stay as they are, on both engines.
ALTER TABLE users ADD COLUMN verified_email TEXT COLLATE "C"
    GENERATED ALWAYS AS (CASE WHEN email_verified THEN lower(email COLLATE "C") END) STORED;

CREATE INDEX users_by_verified_email ON users (verified_email) WHERE verified_email IS NOT NULL;

-- People on a list who have never signed in. A subject means somebody at one issuer only.
DROP TABLE roll_invites;

CREATE TABLE roll_invites (
    poll_id BIGINT           NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    kind    TEXT COLLATE "C" NOT NULL,
    issuer  TEXT COLLATE "C" NOT NULL,  -- of a subject; empty for an e-mail address
    value   TEXT COLLATE "C" NOT NULL,  -- an e-mail address in small letters, or a subject as it is
    source  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (poll_id, kind, issuer, value),
    CONSTRAINT roll_invites_kind CHECK (kind IN ('email', 'subject')),
    CONSTRAINT roll_invites_issuer CHECK ((kind = 'subject') = (issuer <> '')),
    CONSTRAINT roll_invites_source CHECK (source IN ('list', 'added_later'))
);

CREATE INDEX roll_invites_by_value ON roll_invites (kind, value);

-- A file that an admin has sent and not yet confirmed.
CREATE TABLE roll_uploads (
    poll_id    BIGINT           NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    user_id    BIGINT           NOT NULL REFERENCES users (id),
    created_at BIGINT           NOT NULL,
    content    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (poll_id, user_id)
);

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
CREATE FUNCTION users_invited() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
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
    RETURN NULL;
END $$;

CREATE TRIGGER users_invited AFTER INSERT OR UPDATE OF email, email_verified ON users
FOR EACH ROW EXECUTE FUNCTION users_invited();

-- As before, but somebody whose invitation was on the list before the freezing enters it as such.
CREATE OR REPLACE FUNCTION voter_roll_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    PERFORM 1 FROM poll_counts
    WHERE poll_id IN (SELECT poll_id FROM added WHERE has_voted) ORDER BY poll_id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM added JOIN polls ON polls.id = added.poll_id
        WHERE (polls.roll_mode = 'list') <> (added.source <> 'role')
    ) THEN
        RAISE EXCEPTION 'voter_not_listed';
    END IF;
    IF EXISTS (
        SELECT 1 FROM added JOIN polls ON polls.id = added.poll_id
        WHERE polls.frozen_at IS NOT NULL AND added.source = 'list' AND NOT EXISTS (
            SELECT 1 FROM roll_matches
            WHERE roll_matches.poll_id = added.poll_id AND roll_matches.user_id = added.user_id
              AND roll_matches.source = 'list')
    ) THEN
        RAISE EXCEPTION 'poll_frozen';
    END IF;
    UPDATE poll_counts SET voted = voted + marks.made
    FROM (SELECT poll_id, COUNT(*) AS made FROM added WHERE has_voted GROUP BY poll_id) AS marks
    WHERE poll_counts.poll_id = marks.poll_id;
    RETURN NULL;
END $$;

CREATE FUNCTION roll_invites_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM polls WHERE id = NEW.poll_id AND roll_mode <> 'list') THEN
        RAISE EXCEPTION 'voter_not_listed';
    END IF;
    IF NEW.source = 'list' AND EXISTS (
        SELECT 1 FROM polls WHERE id = NEW.poll_id AND frozen_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'poll_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER roll_invites_insert BEFORE INSERT ON roll_invites
FOR EACH ROW EXECUTE FUNCTION roll_invites_insert();

CREATE TRIGGER roll_invites_update BEFORE UPDATE ON roll_invites
FOR EACH ROW EXECUTE FUNCTION refuse('voter_kept');

-- A frozen list loses an invitation only to the person whom it meant.
CREATE FUNCTION roll_invites_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM polls WHERE id = OLD.poll_id AND frozen_at IS NOT NULL) AND NOT EXISTS (
        SELECT 1 FROM roll_matches
        JOIN voter_roll ON voter_roll.poll_id = roll_matches.poll_id AND voter_roll.user_id = roll_matches.user_id
        WHERE roll_matches.poll_id = OLD.poll_id AND kind = OLD.kind AND issuer = OLD.issuer AND value = OLD.value
    ) THEN
        RAISE EXCEPTION 'poll_frozen';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER roll_invites_delete BEFORE DELETE ON roll_invites
FOR EACH ROW EXECUTE FUNCTION roll_invites_delete();

CREATE TRIGGER roll_invites_truncate BEFORE TRUNCATE ON roll_invites
FOR EACH STATEMENT EXECUTE FUNCTION refuse('voter_kept');
