-- An unsent form belongs to the person who sent it, not to whoever signs in next in the same
-- browser. Those that are kept tell no author and go; none is older than 20 minutes. The twin is
-- migrations/postgres/0008_unsent_authors_and_ended_tokens.sql.

DROP TABLE unsent_forms;

-- A form that was sent after its session had ended, until its author has signed in again.
CREATE TABLE unsent_forms (
    browser_hash BLOB    NOT NULL,  -- SHA-256 of the cookie that binds it to the browser
    action       TEXT    NOT NULL,  -- the path that it was sent to
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,  -- whose session served it
    fields       TEXT    NOT NULL,  -- sealed; never of a secret poll
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (browser_hash, action),
    CONSTRAINT unsent_forms_browser_hash CHECK (length(browser_hash) = 32)
) STRICT;

CREATE INDEX unsent_forms_by_age ON unsent_forms (created_at);
CREATE INDEX unsent_forms_by_user ON unsent_forms (user_id, created_at);

-- The tokens of sessions that have ended, however they did, until the provider was told so.
CREATE TABLE tokens_to_revoke (
    id     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    issuer TEXT    NOT NULL,
    sid    TEXT,
    tokens TEXT    NOT NULL  -- sealed
) STRICT;

CREATE TRIGGER sessions_leave_tokens AFTER DELETE ON sessions
WHEN OLD.tokens IS NOT NULL AND OLD.issuer IS NOT NULL
BEGIN
    INSERT INTO tokens_to_revoke (issuer, sid, tokens) VALUES (OLD.issuer, OLD.sid, OLD.tokens);
END;
