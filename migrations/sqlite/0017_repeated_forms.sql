-- A form that is sent twice makes one poll. Its twin is migrations/postgres/0017_repeated_forms.sql.
ALTER TABLE polls ADD COLUMN form_key TEXT;  -- what the form that made it was called

CREATE UNIQUE INDEX polls_form_key ON polls (form_key) WHERE form_key IS NOT NULL;

-- The people with one role by their last sign-in.
CREATE INDEX users_by_role_and_login ON users (role, last_login_at, id);
