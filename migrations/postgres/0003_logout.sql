-- A logout token is remembered with what it has ended: a sign-in that was on its way meanwhile
-- must not begin a session. Twin: migrations/sqlite/0003_logout.sql.

ALTER TABLE revoked_logout_tokens ADD COLUMN subject TEXT COLLATE "C";
ALTER TABLE revoked_logout_tokens ADD COLUMN sid TEXT COLLATE "C";
ALTER TABLE revoked_logout_tokens ADD COLUMN received_at BIGINT NOT NULL DEFAULT 0;

CREATE INDEX revoked_logout_tokens_by_subject ON revoked_logout_tokens (issuer, subject);
CREATE INDEX revoked_logout_tokens_by_sid ON revoked_logout_tokens (issuer, sid);

-- One row, which logout tokens that arrive and sign-ins that finish update in turn.
CREATE TABLE logout_turn (
    id BIGINT NOT NULL PRIMARY KEY,
    CONSTRAINT logout_turn_single CHECK (id = 1)
);

INSERT INTO logout_turn (id) VALUES (1);
