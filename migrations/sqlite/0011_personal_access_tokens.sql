-- Tokens that people make for programs of theirs. The twin is
-- migrations/postgres/0011_personal_access_tokens.sql.

CREATE TABLE personal_access_tokens (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    token_hash   BLOB    NOT NULL,  -- SHA-256; the token itself is nowhere
    role         TEXT    NOT NULL,  -- the most that it may do
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER,           -- whole days: a precise time beside a secret vote is a side channel
    CONSTRAINT personal_access_tokens_hash UNIQUE (token_hash),
    CONSTRAINT personal_access_tokens_own_name UNIQUE (user_id, name),
    CONSTRAINT personal_access_tokens_hash_length CHECK (length(token_hash) = 32),
    CONSTRAINT personal_access_tokens_name CHECK (name <> ''),
    CONSTRAINT personal_access_tokens_role CHECK (role IN ('user', 'staff', 'admin')),
    CONSTRAINT personal_access_tokens_times CHECK (created_at < expires_at)
) STRICT;

CREATE INDEX personal_access_tokens_by_expiry ON personal_access_tokens (expires_at);
