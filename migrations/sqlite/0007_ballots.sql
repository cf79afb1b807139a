-- Receipts as the poll promises them, and the moment from which a closed secret poll holds no
-- trace of the order of its casting. Twin: migrations/postgres/0007_ballots.sql.

-- When the rows of a closed secret poll were written anew; absent before.
ALTER TABLE polls ADD COLUMN unlinked_at INTEGER
    CONSTRAINT polls_unlinked CHECK (unlinked_at IS NULL OR secrecy = 'secret');

CREATE INDEX polls_to_unlink ON polls (closes_at, closed_at) WHERE secrecy = 'secret' AND unlinked_at IS NULL;

CREATE TRIGGER polls_unlink BEFORE UPDATE ON polls
WHEN OLD.unlinked_at IS NULL AND NEW.unlinked_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'poll_still_open') FROM clock
    WHERE NEW.frozen_at IS NULL
       OR NOT COALESCE(NEW.closes_at <= clock.now OR NEW.closed_at <= clock.now, FALSE);
END;

CREATE TRIGGER polls_unlinked BEFORE UPDATE ON polls
WHEN OLD.unlinked_at IS NOT NULL
 AND (NEW.frozen_at, NEW.unlinked_at, NEW.closed_at, NEW.closes_at)
     IS NOT (OLD.frozen_at, OLD.unlinked_at, OLD.closed_at, OLD.closes_at) BEGIN
    SELECT RAISE(ABORT, 'poll_unlinked');
END;

CREATE TRIGGER ballots_receipt BEFORE INSERT ON ballots BEGIN
    SELECT RAISE(ABORT, 'receipt_not_as_promised') FROM polls
    WHERE id = NEW.poll_id AND (receipts = 'counted') <> (NEW.receipt_hash IS NOT NULL);
END;
