-- What the console's lists sort and narrow by. Its twin is migrations/sqlite/0015_console_indexes.sql.
CREATE INDEX polls_by_question ON polls (search_key, id);
CREATE INDEX polls_by_publication ON polls (published_at, id);
CREATE INDEX polls_by_secrecy ON polls (secrecy, created_at, id);
CREATE INDEX users_by_subject ON users (subject, id);
CREATE INDEX users_by_deactivation ON users (deactivated_at, sort_key, id) WHERE deactivated_at IS NOT NULL;
CREATE INDEX users_by_lost_role ON users (role_lost_at, sort_key, id) WHERE role_lost_at IS NOT NULL;
CREATE INDEX sign_in_attempts_by_reason ON sign_in_attempts (reason, id);
