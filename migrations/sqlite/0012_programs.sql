-- The authorization server for programs: a program's sign-in is a session without a cookie, which
-- its refresh tokens keep going. Twin: migrations/postgres/0012_programs.sql.

ALTER TABLE sessions ADD COLUMN client TEXT;  -- how a program signed in; NULL: a browser
ALTER TABLE sessions ADD COLUMN scope  TEXT;  -- what its tokens may do at most, by name

-- Each works once. A used one stays, so that it is known when it comes again.
CREATE TABLE refresh_tokens (
    token_hash   BLOB NOT NULL PRIMARY KEY,
    session_hash BLOB NOT NULL REFERENCES sessions (id_hash) ON DELETE CASCADE,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    successor    TEXT,  -- sealed, for the twin of a request, until it is used itself
    CONSTRAINT refresh_tokens_hash CHECK (length(token_hash) = 32),
    CONSTRAINT refresh_tokens_use CHECK (used_at IS NOT NULL OR successor IS NULL)
) STRICT;

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_hash);

CREATE TABLE authorization_codes (
    code_hash       BLOB NOT NULL PRIMARY KEY,
    session_hash    BLOB NOT NULL REFERENCES sessions (id_hash) ON DELETE CASCADE,
    redirect_uri    TEXT NOT NULL,
    code_challenge  TEXT NOT NULL,  -- S256
    session_ends_at INTEGER NOT NULL,  -- of the session, once the code is redeemed
    expires_at      INTEGER NOT NULL,
    used_at         INTEGER,
    CONSTRAINT authorization_codes_hash CHECK (length(code_hash) = 32)
) STRICT;

CREATE INDEX authorization_codes_by_session ON authorization_codes (session_hash);

-- Programs that wait for their person at a provider.
CREATE TABLE device_codes (
    code_hash        BLOB NOT NULL PRIMARY KEY,
    issuer           TEXT NOT NULL,
    device_code      TEXT NOT NULL,  -- the provider's, sealed
    scope            TEXT,
    user_agent       TEXT,
    interval_seconds INTEGER NOT NULL,
    next_poll_at     INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    CONSTRAINT device_codes_hash CHECK (length(code_hash) = 32)
) STRICT;

CREATE INDEX device_codes_by_expiry ON device_codes (expires_at);

-- What access tokens are signed with: the highest number signs, its predecessor is believed for
-- another hour.
CREATE TABLE signing_keys (
    number      INTEGER NOT NULL PRIMARY KEY,
    kid         TEXT NOT NULL UNIQUE,
    private_key TEXT NOT NULL,  -- PKCS #8, sealed
    created_at  INTEGER NOT NULL,
    CONSTRAINT signing_keys_number CHECK (number >= 1)
) STRICT;
