-- A logout token is remembered with what it has ended: a sign-in that was on its way meanwhile
-- must not begin a session. Twin: migrations/postgres/0003_logout.sql.

ALTER TABLE revoked_logout_tokens ADD COLUMN subject TEXT;
ALTER TABLE revoked_logout_tokens ADD COLUMN sid TEXT;
ALTER TABLE revoked_logout_tokens ADD COLUMN received_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX revoked_logout_tokens_by_subject ON revoked_logout_tokens (issuer, subject);
CREATE INDEX revoked_logout_tokens_by_sid ON revoked_logout_tokens (issuer, sid);

-- One row, which logout tokens that arrive and sign-ins that finish update in turn.
CREATE TABLE logout_turn (
    id INTEGER NOT NULL PRIMARY KEY,
    CONSTRAINT logout_turn_single CHECK (id = 1)
) STRICT;

INSERT INTO logout_turn (id) VALUES (1);
