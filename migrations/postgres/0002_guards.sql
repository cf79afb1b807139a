-- What the database itself refuses, for PostgreSQL. Its twin is migrations/sqlite/0002_guards.sql.
-- Every refusal is a word (poll_frozen, ballot_immutable, …) which the application maps to an
-- outcome; docs/schema.md lists them.
--
-- Where SQLite has one writer, several instances write here at once. The row of a poll in
-- poll_counts is their lock: who casts, opens, closes or seals holds it until commit, so a ballot
-- is either counted before the seal or refused. Functions look names up when they run. Those that
-- run with every batch never scan a table (a plan made for an empty box is kept while it fills)
-- and are never compiled (a scan that cannot be avoided would look dear enough for it).

-- The one clock of all triggers. A test puts a table of the same name in its place.
CREATE VIEW clock AS SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now;

-- Two functions that SQLite has built in, so that one query text casts a batch on both.
CREATE FUNCTION json_each(batch text) RETURNS TABLE (value jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100
AS $$ SELECT element FROM jsonb_array_elements(batch::jsonb) AS element $$;

CREATE FUNCTION unhex(digits text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT decode(digits, 'hex') $$;

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'P0001';
END $$;

-------------------------------------------------------------------- rules of a poll

-- The window in which a ballot may enter or, in a named poll, be changed.
CREATE FUNCTION poll_is_open(poll bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM polls, clock
        WHERE polls.id = poll
          AND polls.frozen_at IS NOT NULL AND polls.sealed_at IS NULL AND polls.archived_at IS NULL
          AND polls.published_at <= clock.now
          AND COALESCE(polls.opens_at, polls.published_at) <= clock.now
          AND (polls.closes_at IS NULL OR clock.now < polls.closes_at)
          AND (polls.closed_at IS NULL OR clock.now < polls.closed_at));
END $$;

CREATE FUNCTION polls_begin() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.frozen_at IS NOT NULL OR NEW.sealed_at IS NOT NULL THEN
        RAISE EXCEPTION 'poll_not_ready';
    END IF;
    INSERT INTO poll_counts (poll_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER polls_begin AFTER INSERT ON polls
FOR EACH ROW EXECUTE FUNCTION polls_begin();

-- Waits for the casts in flight. The name sorts before the other BEFORE triggers, so that they
-- see what those casts have committed.
CREATE FUNCTION polls_await_casts() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM 1 FROM poll_counts WHERE poll_id = OLD.id FOR UPDATE;
    RETURN NEW;
END $$;

CREATE TRIGGER polls_await_casts BEFORE UPDATE OF
    published_at, opens_at, closes_at, frozen_at, closed_at, sealed_at, archived_at ON polls
FOR EACH ROW EXECUTE FUNCTION polls_await_casts();

CREATE FUNCTION polls_freeze() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM (SELECT COUNT(*) AS choices, MIN(position) AS lowest FROM choices WHERE poll_id = NEW.id) AS paper
        WHERE choices < 2 - NEW.allow_abstain::int OR choices < NEW.min_choices OR lowest < 1
    ) THEN
        RAISE EXCEPTION 'poll_not_ready';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER polls_freeze BEFORE UPDATE ON polls
FOR EACH ROW WHEN (OLD.frozen_at IS NULL AND NEW.frozen_at IS NOT NULL)
EXECUTE FUNCTION polls_freeze();

CREATE FUNCTION polls_unfreeze() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ballots WHERE poll_id = NEW.id) THEN
        RAISE EXCEPTION 'poll_has_ballots';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER polls_unfreeze BEFORE UPDATE ON polls
FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NULL)
EXECUTE FUNCTION polls_unfreeze();

CREATE TRIGGER polls_frozen BEFORE UPDATE ON polls
FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NOT NULL AND (
    NEW.id, NEW.frozen_at, NEW.question, NEW.method, NEW.ranked_rule, NEW.min_choices, NEW.max_choices,
    NEW.allow_abstain, NEW.allow_change, NEW.randomise, NEW.secrecy, NEW.quorum_bp, NEW.majority_rule,
    NEW.roll_mode, NEW.receipts
) IS DISTINCT FROM (
    OLD.id, OLD.frozen_at, OLD.question, OLD.method, OLD.ranked_rule, OLD.min_choices, OLD.max_choices,
    OLD.allow_abstain, OLD.allow_change, OLD.randomise, OLD.secrecy, OLD.quorum_bp, OLD.majority_rule,
    OLD.roll_mode, OLD.receipts
))
EXECUTE FUNCTION refuse('poll_frozen');

-- Each list runs from open to strict; a frozen poll only moves to the right.
CREATE TRIGGER polls_promised BEFORE UPDATE ON polls
FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NOT NULL AND (
    strpos('live,after_close,on_release', NEW.results) < strpos('live,after_close,on_release', OLD.results)
    OR strpos('after_close,on_release,never', NEW.voter_results)
        < strpos('after_close,on_release,never', OLD.voter_results)
    OR NEW.min_show < OLD.min_show
))
EXECUTE FUNCTION refuse('results_promised');

CREATE FUNCTION polls_seal() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM clock
        WHERE NEW.frozen_at IS NULL
           OR NOT COALESCE(NEW.closes_at <= clock.now OR NEW.closed_at <= clock.now, FALSE)
    ) THEN
        RAISE EXCEPTION 'poll_still_open';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER polls_seal BEFORE UPDATE ON polls
FOR EACH ROW WHEN (OLD.sealed_at IS NULL AND NEW.sealed_at IS NOT NULL)
EXECUTE FUNCTION polls_seal();

CREATE TRIGGER polls_sealed BEFORE UPDATE ON polls
FOR EACH ROW WHEN (OLD.sealed_at IS NOT NULL AND OLD.secrecy = 'secret'
    AND (NEW.frozen_at, NEW.sealed_at, NEW.closed_at, NEW.closes_at)
        IS DISTINCT FROM (OLD.frozen_at, OLD.sealed_at, OLD.closed_at, OLD.closes_at))
EXECUTE FUNCTION refuse('poll_sealed');

CREATE TRIGGER polls_delete BEFORE DELETE ON polls
FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL)
EXECUTE FUNCTION refuse('poll_frozen');

CREATE FUNCTION refuse_when_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM polls WHERE id IN (OLD.poll_id, NEW.poll_id) AND frozen_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'poll_frozen';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER choices_frozen BEFORE INSERT OR UPDATE OR DELETE ON choices
FOR EACH ROW EXECUTE FUNCTION refuse_when_frozen();

-- Roles may be added to a frozen poll, as names may be added to its list; none is taken away.
CREATE TRIGGER poll_roles_frozen BEFORE UPDATE OR DELETE ON poll_roles
FOR EACH ROW EXECUTE FUNCTION refuse_when_frozen();

------------------------------------------------------------------ rules of the roll

CREATE FUNCTION voter_roll_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    PERFORM 1 FROM poll_counts
    WHERE poll_id IN (SELECT poll_id FROM added WHERE has_voted) ORDER BY poll_id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM added JOIN polls ON polls.id = added.poll_id
        WHERE (polls.roll_mode = 'list') <> (added.source <> 'role')
    ) THEN
        RAISE EXCEPTION 'voter_not_listed';
    END IF;
    IF EXISTS (
        SELECT 1 FROM added JOIN polls ON polls.id = added.poll_id
        WHERE polls.frozen_at IS NOT NULL AND added.source = 'list'
    ) THEN
        RAISE EXCEPTION 'poll_frozen';
    END IF;
    UPDATE poll_counts SET voted = voted + marks.made
    FROM (SELECT poll_id, COUNT(*) AS made FROM added WHERE has_voted GROUP BY poll_id) AS marks
    WHERE poll_counts.poll_id = marks.poll_id;
    RETURN NULL;
END $$;

CREATE TRIGGER voter_roll_insert AFTER INSERT ON voter_roll
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION voter_roll_insert();

CREATE TRIGGER voter_roll_kept BEFORE UPDATE ON voter_roll
FOR EACH ROW WHEN (NEW.has_voted < OLD.has_voted
    OR (NEW.poll_id, NEW.user_id, NEW.source) IS DISTINCT FROM (OLD.poll_id, OLD.user_id, OLD.source))
EXECUTE FUNCTION refuse('voter_kept');

CREATE FUNCTION voter_roll_mark() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    PERFORM 1 FROM poll_counts
    WHERE poll_id IN (SELECT poll_id FROM after_update WHERE has_voted) ORDER BY poll_id FOR UPDATE;
    UPDATE poll_counts SET voted = voted + marks.made
    FROM (
        SELECT after_update.poll_id, COUNT(*) AS made
        FROM after_update JOIN before_update USING (poll_id, user_id)
        WHERE after_update.has_voted AND NOT before_update.has_voted
        GROUP BY after_update.poll_id
    ) AS marks
    WHERE poll_counts.poll_id = marks.poll_id;
    RETURN NULL;
END $$;

CREATE TRIGGER voter_roll_mark AFTER UPDATE ON voter_roll
REFERENCING OLD TABLE AS before_update NEW TABLE AS after_update
FOR EACH STATEMENT EXECUTE FUNCTION voter_roll_mark();

CREATE FUNCTION voter_roll_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.has_voted THEN
        RAISE EXCEPTION 'voter_kept';
    END IF;
    IF OLD.source <> 'role' AND EXISTS (
        SELECT 1 FROM polls WHERE id = OLD.poll_id AND frozen_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'poll_frozen';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER voter_roll_delete BEFORE DELETE ON voter_roll
FOR EACH ROW EXECUTE FUNCTION voter_roll_delete();

CREATE TRIGGER poll_counts_delete BEFORE DELETE ON poll_counts
FOR EACH ROW WHEN (OLD.voted > 0 OR OLD.ballots > 0)
EXECUTE FUNCTION refuse('counts_kept');

------------------------------------------------------------------- rules of the box

-- Counting comes first: it takes the poll's lock, and what is read after that is current.
CREATE FUNCTION ballots_cast() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    PERFORM 1 FROM poll_counts
    WHERE poll_id IN (SELECT poll_id FROM added) ORDER BY poll_id FOR UPDATE;
    UPDATE poll_counts SET ballots = ballots + casts.made, revision = revision + casts.made
    FROM (SELECT poll_id, COUNT(*) AS made FROM added GROUP BY poll_id) AS casts
    WHERE poll_counts.poll_id = casts.poll_id;
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT poll_id FROM added) AS boxes WHERE NOT poll_is_open(poll_id)
    ) THEN
        RAISE EXCEPTION 'poll_not_open';
    END IF;
    IF EXISTS (
        SELECT 1 FROM added
        WHERE user_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM voter_roll
            WHERE voter_roll.poll_id = added.poll_id AND voter_roll.user_id = added.user_id AND has_voted)
    ) THEN
        RAISE EXCEPTION 'voter_not_marked';
    END IF;
    IF EXISTS (
        SELECT 1
        FROM added JOIN polls ON polls.id = added.poll_id CROSS JOIN LATERAL (
            SELECT COUNT(*) AS picked, COUNT(DISTINCT value) AS ranks, MIN(value) AS lowest, MAX(value) AS highest
            FROM ballot_choices
            WHERE ballot_choices.poll_id = added.poll_id AND ballot_choices.ballot_id = added.id) AS paper
        WHERE NOT CASE
            WHEN abstained THEN allow_abstain AND picked = 0
            WHEN picked NOT BETWEEN min_choices AND max_choices THEN FALSE
            WHEN picked = 0 OR method = 'score' THEN TRUE
            WHEN method = 'ranked' THEN lowest = 1 AND highest = picked AND ranks = picked
            ELSE lowest = 1 AND highest = 1 END
    ) THEN
        RAISE EXCEPTION 'ballot_out_of_limits';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ballots_cast AFTER INSERT ON ballots
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION ballots_cast();

-- An UPDATE that changes nothing passes: it is how a closed secret poll loses its xmin.
CREATE TRIGGER ballots_update BEFORE UPDATE ON ballots
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
EXECUTE FUNCTION refuse('ballot_immutable');

-- Only to make room for the changed ballot of the same voter: the mark on the roll stays,
-- so a transaction that does not put one back cannot commit.
CREATE FUNCTION ballots_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM polls WHERE id = OLD.poll_id AND secrecy = 'named' AND allow_change
    ) OR NOT poll_is_open(OLD.poll_id) THEN
        RAISE EXCEPTION 'ballot_immutable';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER ballots_delete BEFORE DELETE ON ballots
FOR EACH ROW EXECUTE FUNCTION ballots_delete();

CREATE FUNCTION ballots_uncount() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    PERFORM 1 FROM poll_counts
    WHERE poll_id IN (SELECT poll_id FROM removed) ORDER BY poll_id FOR UPDATE;
    UPDATE poll_counts SET ballots = ballots - takes.made, revision = revision + takes.made
    FROM (SELECT poll_id, COUNT(*) AS made FROM removed GROUP BY poll_id) AS takes
    WHERE poll_counts.poll_id = takes.poll_id;
    RETURN NULL;
END $$;

CREATE TRIGGER ballots_uncount AFTER DELETE ON ballots
REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION ballots_uncount();

CREATE FUNCTION ballot_choices_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added JOIN ballots ON ballots.poll_id = added.poll_id AND ballots.id = added.ballot_id
    ) THEN
        RAISE EXCEPTION 'ballot_immutable';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ballot_choices_insert AFTER INSERT ON ballot_choices
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION ballot_choices_insert();

CREATE TRIGGER ballot_choices_update BEFORE UPDATE ON ballot_choices
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
EXECUTE FUNCTION refuse('ballot_immutable');

-- A cascade finds the ballot gone already; a direct DELETE finds it still there.
CREATE FUNCTION ballot_choices_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ballots WHERE poll_id = OLD.poll_id AND id = OLD.ballot_id) THEN
        RAISE EXCEPTION 'ballot_immutable';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER ballot_choices_delete BEFORE DELETE ON ballot_choices
FOR EACH ROW EXECUTE FUNCTION ballot_choices_delete();

--------------------------------------------------------------- written once, kept

CREATE FUNCTION seals_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM polls WHERE id = NEW.poll_id AND sealed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'poll_not_sealed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER seals_insert BEFORE INSERT ON seals
FOR EACH ROW EXECUTE FUNCTION seals_insert();

CREATE TRIGGER seals_kept BEFORE UPDATE OR DELETE ON seals
FOR EACH ROW EXECUTE FUNCTION refuse('seal_immutable');

CREATE FUNCTION tallies_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM seals WHERE poll_id = NEW.poll_id AND number = NEW.seal_number) THEN
        RAISE EXCEPTION 'seal_immutable';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER tallies_insert BEFORE INSERT ON tallies
FOR EACH ROW EXECUTE FUNCTION tallies_insert();

CREATE TRIGGER tallies_kept BEFORE UPDATE OR DELETE ON tallies
FOR EACH ROW EXECUTE FUNCTION refuse('seal_immutable');

CREATE FUNCTION audit_log_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash
    WHERE seq = NEW.seq - 1 AND hash = NEW.prev_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'audit_out_of_order';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_log_insert BEFORE INSERT ON audit_log
FOR EACH ROW EXECUTE FUNCTION audit_log_insert();

CREATE TRIGGER audit_log_kept BEFORE UPDATE OR DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION refuse('audit_append_only');

CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head
FOR EACH ROW EXECUTE FUNCTION refuse('audit_append_only');

-- TRUNCATE passes row triggers by; SQLite has no such statement.
CREATE TRIGGER voter_roll_truncate BEFORE TRUNCATE ON voter_roll
FOR EACH STATEMENT EXECUTE FUNCTION refuse('voter_kept');
CREATE TRIGGER ballots_truncate BEFORE TRUNCATE ON ballots
FOR EACH STATEMENT EXECUTE FUNCTION refuse('ballot_immutable');
CREATE TRIGGER ballot_choices_truncate BEFORE TRUNCATE ON ballot_choices
FOR EACH STATEMENT EXECUTE FUNCTION refuse('ballot_immutable');
CREATE TRIGGER poll_counts_truncate BEFORE TRUNCATE ON poll_counts
FOR EACH STATEMENT EXECUTE FUNCTION refuse('counts_kept');
CREATE TRIGGER seals_truncate BEFORE TRUNCATE ON seals
FOR EACH STATEMENT EXECUTE FUNCTION refuse('seal_immutable');
CREATE TRIGGER tallies_truncate BEFORE TRUNCATE ON tallies
FOR EACH STATEMENT EXECUTE FUNCTION refuse('seal_immutable');
CREATE TRIGGER audit_log_truncate BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit_append_only');
CREATE TRIGGER audit_head_truncate BEFORE TRUNCATE ON audit_head
FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit_append_only');
