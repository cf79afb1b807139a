-- What is seen of a sign-in beside the claims of the ID token, and the way to the newest of each
-- outcome. The twin is migrations/postgres/0004_attempts_and_unsent_forms.sql.

ALTER TABLE sign_in_attempts ADD COLUMN userinfo_claim_names TEXT NOT NULL DEFAULT '[]';
ALTER TABLE sign_in_attempts ADD COLUMN unmapped_roles TEXT NOT NULL DEFAULT '[]';

CREATE INDEX sign_in_attempts_by_outcome ON sign_in_attempts (outcome, id);

-- A form that was sent after its session had ended, until the person has signed in again.
CREATE TABLE unsent_forms (
    browser_hash BLOB    NOT NULL,  -- SHA-256 of the cookie that binds it to the browser
    action       TEXT    NOT NULL,  -- the path that it was sent to
    fields       TEXT    NOT NULL,  -- sealed; never of a secret poll
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (browser_hash, action),
    CONSTRAINT unsent_forms_browser_hash CHECK (length(browser_hash) = 32)
) STRICT;

CREATE INDEX unsent_forms_by_age ON unsent_forms (created_at);
