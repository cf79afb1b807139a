-- Receipts as the poll promises them, and the moment from which a closed secret poll holds no
-- trace of the order of its casting. Twin: migrations/sqlite/0007_ballots.sql.

-- When the rows of a closed secret poll were written anew; absent before.
ALTER TABLE polls ADD COLUMN unlinked_at BIGINT
    CONSTRAINT polls_unlinked CHECK (unlinked_at IS NULL OR secrecy = 'secret');

CREATE INDEX polls_to_unlink ON polls (closes_at, closed_at) WHERE secrecy = 'secret' AND unlinked_at IS NULL;

CREATE TRIGGER polls_unlink BEFORE UPDATE ON polls
FOR EACH ROW WHEN (OLD.unlinked_at IS NULL AND NEW.unlinked_at IS NOT NULL)
EXECUTE FUNCTION polls_seal();

CREATE TRIGGER polls_unlinked BEFORE UPDATE ON polls
FOR EACH ROW WHEN (OLD.unlinked_at IS NOT NULL
    AND (NEW.frozen_at, NEW.unlinked_at, NEW.closed_at, NEW.closes_at)
        IS DISTINCT FROM (OLD.frozen_at, OLD.unlinked_at, OLD.closed_at, OLD.closes_at))
EXECUTE FUNCTION refuse('poll_unlinked');

CREATE FUNCTION ballots_receipt() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added JOIN polls ON polls.id = added.poll_id
        WHERE (polls.receipts = 'counted') <> (added.receipt_hash IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'receipt_not_as_promised';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ballots_receipt AFTER INSERT ON ballots
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION ballots_receipt();
