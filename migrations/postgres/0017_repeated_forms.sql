-- A form that is sent twice makes one poll. Its twin is migrations/sqlite/0017_repeated_forms.sql.
ALTER TABLE polls ADD COLUMN form_key text COLLATE "C";  -- what the form that made it was called

CREATE UNIQUE INDEX polls_form_key ON polls (form_key) WHERE form_key IS NOT NULL;

-- The people with one role, and all of them, by their last sign-in; whoever has none comes last when
-- it falls, as on SQLite.
CREATE INDEX users_by_role_and_login ON users (role, last_login_at NULLS FIRST, id);
DROP INDEX users_by_login;
CREATE INDEX users_by_login ON users (last_login_at NULLS FIRST, id);
