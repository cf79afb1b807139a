-- What programs call their votes, so that a vote which is sent again counts once. The twin is
-- migrations/postgres/0013_idempotency_keys.sql.

-- Neither person nor ballot nor time: the hash is over the person and a key that the program
-- alone knows. A row comes with its ballot and goes when the poll has closed.
CREATE TABLE idempotency_keys (
    poll_id  INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    key_hash BLOB    NOT NULL,  -- SHA-256
    PRIMARY KEY (poll_id, key_hash),
    CONSTRAINT idempotency_keys_hash_length CHECK (length(key_hash) = 32)
) STRICT, WITHOUT ROWID;
