-- The people merged into a voter are looked for first: hardly anybody has any. Before, whoever
-- voted was held against everybody on the roll, because SQLite cannot know that hardly anybody
-- stands in that index. A CROSS JOIN keeps the order of its tables ("The SQLite Query Optimizer
-- Overview", "Manual Control Of Query Plans Using CROSS JOIN"). PostgreSQL needs no twin: it asks
-- once for each statement.
DROP TRIGGER voter_roll_merged_insert;
DROP TRIGGER voter_roll_merged_mark;

CREATE TRIGGER voter_roll_merged_insert AFTER INSERT ON voter_roll WHEN NEW.has_voted BEGIN
    SELECT RAISE(ABORT, 'voter_merged') FROM users
    CROSS JOIN voter_roll AS other ON other.poll_id = NEW.poll_id AND other.user_id = users.id
    WHERE users.merged_into = NEW.user_id AND other.has_voted;
END;

CREATE TRIGGER voter_roll_merged_mark AFTER UPDATE ON voter_roll WHEN NEW.has_voted > OLD.has_voted BEGIN
    SELECT RAISE(ABORT, 'voter_merged') FROM users
    CROSS JOIN voter_roll AS other ON other.poll_id = NEW.poll_id AND other.user_id = users.id
    WHERE users.merged_into = NEW.user_id AND other.has_voted;
END;
