-- One person under two identities has one vote, also in a poll in which the identity that was
-- given up has voted. Its twin is migrations/postgres/0016_merged_people.sql.
CREATE TRIGGER voter_roll_merged_insert AFTER INSERT ON voter_roll WHEN NEW.has_voted BEGIN
    SELECT RAISE(ABORT, 'voter_merged') FROM users
    JOIN voter_roll AS other ON other.poll_id = NEW.poll_id AND other.user_id = users.id
    WHERE users.merged_into = NEW.user_id AND other.has_voted;
END;

CREATE TRIGGER voter_roll_merged_mark AFTER UPDATE ON voter_roll WHEN NEW.has_voted > OLD.has_voted BEGIN
    SELECT RAISE(ABORT, 'voter_merged') FROM users
    JOIN voter_roll AS other ON other.poll_id = NEW.poll_id AND other.user_id = users.id
    WHERE users.merged_into = NEW.user_id AND other.has_voted;
END;
