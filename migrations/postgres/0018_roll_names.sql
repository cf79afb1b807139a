-- The lists of voters in the order of names, so that the console reads a page of 100,000 without
-- sorting them. Its twin is migrations/sqlite/0018_roll_names.sql.

-- Old instances go on writing beside this: nothing may change between the copy and the triggers. In
-- the order in which the program locks.
LOCK TABLE polls, users, voter_roll IN SHARE ROW EXCLUSIVE MODE;

-- An index over voter_roll and users; kept by the triggers below only.
CREATE TABLE roll_names (
    poll_id  BIGINT           NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    sort_key TEXT COLLATE "C" NOT NULL,
    user_id  BIGINT           NOT NULL,
    PRIMARY KEY (poll_id, sort_key, user_id)
);

INSERT INTO roll_names (poll_id, sort_key, user_id)
SELECT voter_roll.poll_id, users.sort_key, users.id
FROM voter_roll JOIN users ON users.id = voter_roll.user_id WHERE voter_roll.source <> 'role';

-- Whoever gets another name waits for those who write lists, and is waited for. Not by locks on the
-- people: each sign-in changes their rows, and would wait for whoever empties a long list.
CREATE FUNCTION roll_names_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext(current_schema() || '.roll_names'));
    INSERT INTO roll_names (poll_id, sort_key, user_id)
    SELECT NEW.poll_id, sort_key, id FROM users WHERE id = NEW.user_id;
    RETURN NULL;
END $$;

CREATE TRIGGER roll_names_insert AFTER INSERT ON voter_roll
FOR EACH ROW WHEN (NEW.source <> 'role') EXECUTE FUNCTION roll_names_insert();

CREATE FUNCTION roll_names_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
DECLARE
    name TEXT;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext(current_schema() || '.roll_names'));
    SELECT sort_key INTO name FROM users WHERE id = OLD.user_id;
    DELETE FROM roll_names
    WHERE poll_id = OLD.poll_id AND sort_key = name AND user_id = OLD.user_id;
    RETURN NULL;
END $$;

CREATE TRIGGER roll_names_delete AFTER DELETE ON voter_roll
FOR EACH ROW WHEN (OLD.source <> 'role') EXECUTE FUNCTION roll_names_delete();

CREATE FUNCTION roll_names_rename() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(current_schema() || '.roll_names'));
    UPDATE roll_names SET sort_key = NEW.sort_key
    WHERE sort_key = OLD.sort_key AND user_id = NEW.id AND poll_id IN (
        SELECT poll_id FROM voter_roll WHERE user_id = NEW.id AND source <> 'role');
    RETURN NULL;
END $$;

CREATE TRIGGER roll_names_rename AFTER UPDATE OF sort_key ON users
FOR EACH ROW WHEN (NEW.sort_key <> OLD.sort_key) EXECUTE FUNCTION roll_names_rename();

-- Those who have not signed in, in the order in which the console shows them.
CREATE INDEX roll_invites_by_name ON roll_invites (poll_id, value, kind, issuer);
