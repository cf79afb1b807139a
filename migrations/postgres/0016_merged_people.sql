-- One person under two identities has one vote, also in a poll in which the identity that was
-- given up has voted. Its twin is migrations/sqlite/0016_merged_people.sql. Per statement, as the
-- other rules of the roll, and hardly anybody is merged.
CREATE FUNCTION voter_roll_merged() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET jit = off AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM users
        JOIN marked ON marked.user_id = users.merged_into
        JOIN voter_roll AS other ON other.poll_id = marked.poll_id AND other.user_id = users.id
        WHERE users.merged_into IS NOT NULL AND marked.has_voted AND other.has_voted
    ) THEN
        RAISE EXCEPTION 'voter_merged';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER voter_roll_merged_insert AFTER INSERT ON voter_roll
REFERENCING NEW TABLE AS marked
FOR EACH STATEMENT EXECUTE FUNCTION voter_roll_merged();

CREATE TRIGGER voter_roll_merged_mark AFTER UPDATE ON voter_roll
REFERENCING NEW TABLE AS marked
FOR EACH STATEMENT EXECUTE FUNCTION voter_roll_merged();
