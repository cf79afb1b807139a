-- The lists of voters in the order of names, so that the console reads a page of 100,000 without
-- sorting them. Its twin is migrations/postgres/0018_roll_names.sql.

-- An index over voter_roll and users; kept by the triggers below only.
CREATE TABLE roll_names (
    poll_id  INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    sort_key TEXT    NOT NULL,
    user_id  INTEGER NOT NULL,
    PRIMARY KEY (poll_id, sort_key, user_id)
) STRICT, WITHOUT ROWID;

INSERT INTO roll_names (poll_id, sort_key, user_id)
SELECT voter_roll.poll_id, users.sort_key, users.id
FROM voter_roll JOIN users ON users.id = voter_roll.user_id WHERE voter_roll.source <> 'role';

CREATE TRIGGER roll_names_insert AFTER INSERT ON voter_roll WHEN NEW.source <> 'role' BEGIN
    INSERT INTO roll_names (poll_id, sort_key, user_id)
    SELECT NEW.poll_id, sort_key, id FROM users WHERE id = NEW.user_id;
END;

CREATE TRIGGER roll_names_delete AFTER DELETE ON voter_roll WHEN OLD.source <> 'role' BEGIN
    DELETE FROM roll_names
    WHERE poll_id = OLD.poll_id AND user_id = OLD.user_id
      AND sort_key = (SELECT sort_key FROM users WHERE id = OLD.user_id);
END;

CREATE TRIGGER roll_names_rename AFTER UPDATE OF sort_key ON users WHEN NEW.sort_key <> OLD.sort_key BEGIN
    UPDATE roll_names SET sort_key = NEW.sort_key
    WHERE sort_key = OLD.sort_key AND user_id = NEW.id AND poll_id IN (
        SELECT poll_id FROM voter_roll WHERE user_id = NEW.id AND source <> 'role');
END;

-- Those who have not signed in, in the order in which the console shows them.
CREATE INDEX roll_invites_by_name ON roll_invites (poll_id, value, kind, issuer);
