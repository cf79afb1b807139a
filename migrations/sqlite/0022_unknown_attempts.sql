-- Who was nobody's attempt is counted by an index: to find those that are too many, all attempts were
-- walked through while others waited to write. Its twin is migrations/postgres/0022_unknown_attempts.sql.
CREATE INDEX sign_in_attempts_of_nobody ON sign_in_attempts (id) WHERE subject IS NULL;
