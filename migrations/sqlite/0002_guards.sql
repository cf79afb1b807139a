-- What the database itself refuses, for SQLite. Its twin is migrations/postgres/0002_guards.sql.
-- Every refusal is a word (poll_frozen, ballot_immutable, …) which the application maps to an
-- outcome; docs/schema.md lists them.

-- The one clock of all triggers. A test puts a table of the same name in its place.
CREATE VIEW clock AS SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER) AS now;

-------------------------------------------------------------------- rules of a poll

-- The window in which a ballot may enter or, in a named poll, be changed.
CREATE VIEW open_polls AS
SELECT polls.id, polls.secrecy, polls.allow_change
FROM polls, clock
WHERE polls.frozen_at IS NOT NULL AND polls.sealed_at IS NULL AND polls.archived_at IS NULL
  AND polls.published_at <= clock.now AND COALESCE(polls.opens_at, polls.published_at) <= clock.now
  AND (polls.closes_at IS NULL OR clock.now < polls.closes_at)
  AND (polls.closed_at IS NULL OR clock.now < polls.closed_at);

CREATE TRIGGER polls_begin AFTER INSERT ON polls BEGIN
    SELECT RAISE(ABORT, 'poll_not_ready')
    WHERE NEW.frozen_at IS NOT NULL OR NEW.sealed_at IS NOT NULL;
    INSERT INTO poll_counts (poll_id) VALUES (NEW.id);
END;

CREATE TRIGGER polls_freeze BEFORE UPDATE ON polls
WHEN OLD.frozen_at IS NULL AND NEW.frozen_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'poll_not_ready')
    FROM (SELECT COUNT(*) AS choices, MIN(position) AS lowest FROM choices WHERE poll_id = NEW.id)
    WHERE choices < 2 - NEW.allow_abstain OR choices < NEW.min_choices OR lowest < 1;
END;

CREATE TRIGGER polls_unfreeze BEFORE UPDATE ON polls
WHEN OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NULL BEGIN
    SELECT RAISE(ABORT, 'poll_has_ballots')
    WHERE EXISTS (SELECT 1 FROM ballots WHERE poll_id = NEW.id);
END;

CREATE TRIGGER polls_frozen BEFORE UPDATE ON polls
WHEN OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NOT NULL AND (
    NEW.id, NEW.frozen_at, NEW.question, NEW.method, NEW.ranked_rule, NEW.min_choices, NEW.max_choices,
    NEW.allow_abstain, NEW.allow_change, NEW.randomise, NEW.secrecy, NEW.quorum_bp, NEW.majority_rule,
    NEW.roll_mode, NEW.receipts
) IS NOT (
    OLD.id, OLD.frozen_at, OLD.question, OLD.method, OLD.ranked_rule, OLD.min_choices, OLD.max_choices,
    OLD.allow_abstain, OLD.allow_change, OLD.randomise, OLD.secrecy, OLD.quorum_bp, OLD.majority_rule,
    OLD.roll_mode, OLD.receipts
) BEGIN
    SELECT RAISE(ABORT, 'poll_frozen');
END;

-- Each list runs from open to strict; a frozen poll only moves to the right.
CREATE TRIGGER polls_promised BEFORE UPDATE ON polls
WHEN OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NOT NULL AND (
    instr('live,after_close,on_release', NEW.results) < instr('live,after_close,on_release', OLD.results)
    OR instr('after_close,on_release,never', NEW.voter_results)
        < instr('after_close,on_release,never', OLD.voter_results)
    OR NEW.min_show < OLD.min_show
) BEGIN
    SELECT RAISE(ABORT, 'results_promised');
END;

CREATE TRIGGER polls_seal BEFORE UPDATE ON polls
WHEN OLD.sealed_at IS NULL AND NEW.sealed_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'poll_still_open') FROM clock
    WHERE NEW.frozen_at IS NULL
       OR NOT COALESCE(NEW.closes_at <= clock.now OR NEW.closed_at <= clock.now, FALSE);
END;

CREATE TRIGGER polls_sealed BEFORE UPDATE ON polls
WHEN OLD.sealed_at IS NOT NULL AND OLD.secrecy = 'secret'
 AND (NEW.frozen_at, NEW.sealed_at, NEW.closed_at, NEW.closes_at)
     IS NOT (OLD.frozen_at, OLD.sealed_at, OLD.closed_at, OLD.closes_at) BEGIN
    SELECT RAISE(ABORT, 'poll_sealed');
END;

CREATE TRIGGER polls_delete BEFORE DELETE ON polls WHEN OLD.frozen_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'poll_frozen');
END;

CREATE TRIGGER choices_insert BEFORE INSERT ON choices BEGIN
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls WHERE id = NEW.poll_id AND frozen_at IS NOT NULL;
END;

CREATE TRIGGER choices_update BEFORE UPDATE ON choices BEGIN
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls
    WHERE id IN (OLD.poll_id, NEW.poll_id) AND frozen_at IS NOT NULL;
END;

CREATE TRIGGER choices_delete BEFORE DELETE ON choices BEGIN
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls WHERE id = OLD.poll_id AND frozen_at IS NOT NULL;
END;

-- Roles may be added to a frozen poll, as names may be added to its list; none is taken away.
CREATE TRIGGER poll_roles_update BEFORE UPDATE ON poll_roles BEGIN
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls
    WHERE id IN (OLD.poll_id, NEW.poll_id) AND frozen_at IS NOT NULL;
END;

CREATE TRIGGER poll_roles_delete BEFORE DELETE ON poll_roles BEGIN
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls WHERE id = OLD.poll_id AND frozen_at IS NOT NULL;
END;

------------------------------------------------------------------ rules of the roll

-- AFTER, so that an upsert which finds the voter on the list is not taken for an addition.
CREATE TRIGGER voter_roll_insert AFTER INSERT ON voter_roll BEGIN
    SELECT RAISE(ABORT, 'voter_not_listed') FROM polls
    WHERE id = NEW.poll_id AND (roll_mode = 'list') <> (NEW.source <> 'role');
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls
    WHERE id = NEW.poll_id AND frozen_at IS NOT NULL AND NEW.source = 'list';
    UPDATE poll_counts SET voted = voted + 1 WHERE poll_id = NEW.poll_id AND NEW.has_voted;
END;

CREATE TRIGGER voter_roll_kept BEFORE UPDATE ON voter_roll
WHEN NEW.has_voted < OLD.has_voted
  OR (NEW.poll_id, NEW.user_id, NEW.source) IS NOT (OLD.poll_id, OLD.user_id, OLD.source) BEGIN
    SELECT RAISE(ABORT, 'voter_kept');
END;

CREATE TRIGGER voter_roll_mark AFTER UPDATE ON voter_roll WHEN NEW.has_voted > OLD.has_voted BEGIN
    UPDATE poll_counts SET voted = voted + 1 WHERE poll_id = NEW.poll_id;
END;

CREATE TRIGGER voter_roll_delete BEFORE DELETE ON voter_roll BEGIN
    SELECT RAISE(ABORT, 'voter_kept') WHERE OLD.has_voted;
    SELECT RAISE(ABORT, 'poll_frozen') FROM polls
    WHERE id = OLD.poll_id AND frozen_at IS NOT NULL AND OLD.source <> 'role';
END;

CREATE TRIGGER poll_counts_delete BEFORE DELETE ON poll_counts WHEN OLD.voted > 0 OR OLD.ballots > 0 BEGIN
    SELECT RAISE(ABORT, 'counts_kept');
END;

------------------------------------------------------------------- rules of the box

CREATE TRIGGER ballots_cast BEFORE INSERT ON ballots BEGIN
    SELECT RAISE(ABORT, 'poll_not_open')
    WHERE NOT EXISTS (SELECT 1 FROM open_polls WHERE id = NEW.poll_id);
    SELECT RAISE(ABORT, 'voter_not_marked')
    WHERE NEW.user_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM voter_roll WHERE poll_id = NEW.poll_id AND user_id = NEW.user_id AND has_voted);
    SELECT RAISE(ABORT, 'ballot_out_of_limits')
    FROM polls, (
        SELECT COUNT(*) AS picked, COUNT(DISTINCT value) AS ranks, MIN(value) AS lowest, MAX(value) AS highest
        FROM ballot_choices WHERE poll_id = NEW.poll_id AND ballot_id = NEW.id)
    WHERE polls.id = NEW.poll_id AND NOT CASE
        WHEN NEW.abstained THEN allow_abstain AND picked = 0
        WHEN picked NOT BETWEEN min_choices AND max_choices THEN FALSE
        WHEN picked = 0 OR method = 'score' THEN TRUE
        WHEN method = 'ranked' THEN lowest = 1 AND highest = picked AND ranks = picked
        ELSE lowest = 1 AND highest = 1 END;
END;

CREATE TRIGGER ballots_count AFTER INSERT ON ballots BEGIN
    UPDATE poll_counts SET ballots = ballots + 1, revision = revision + 1 WHERE poll_id = NEW.poll_id;
END;

CREATE TRIGGER ballots_update BEFORE UPDATE ON ballots BEGIN
    SELECT RAISE(ABORT, 'ballot_immutable');
END;

-- Only to make room for the changed ballot of the same voter: the mark on the roll stays,
-- so a transaction that does not put one back cannot commit.
CREATE TRIGGER ballots_delete BEFORE DELETE ON ballots BEGIN
    SELECT RAISE(ABORT, 'ballot_immutable')
    WHERE NOT EXISTS (
        SELECT 1 FROM open_polls WHERE id = OLD.poll_id AND secrecy = 'named' AND allow_change);
END;

CREATE TRIGGER ballots_uncount AFTER DELETE ON ballots BEGIN
    UPDATE poll_counts SET ballots = ballots - 1, revision = revision + 1 WHERE poll_id = OLD.poll_id;
END;

CREATE TRIGGER ballot_choices_insert BEFORE INSERT ON ballot_choices BEGIN
    SELECT RAISE(ABORT, 'ballot_immutable') FROM ballots
    WHERE poll_id = NEW.poll_id AND id = NEW.ballot_id;
END;

CREATE TRIGGER ballot_choices_update BEFORE UPDATE ON ballot_choices BEGIN
    SELECT RAISE(ABORT, 'ballot_immutable');
END;

-- A cascade finds the ballot gone already; a direct DELETE finds it still there.
CREATE TRIGGER ballot_choices_delete BEFORE DELETE ON ballot_choices BEGIN
    SELECT RAISE(ABORT, 'ballot_immutable') FROM ballots
    WHERE poll_id = OLD.poll_id AND id = OLD.ballot_id;
END;

--------------------------------------------------------------- written once, kept

CREATE TRIGGER seals_insert BEFORE INSERT ON seals BEGIN
    SELECT RAISE(ABORT, 'poll_not_sealed')
    WHERE NOT EXISTS (SELECT 1 FROM polls WHERE id = NEW.poll_id AND sealed_at IS NOT NULL);
END;

CREATE TRIGGER seals_update BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'seal_immutable'); END;
CREATE TRIGGER seals_delete BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'seal_immutable'); END;

CREATE TRIGGER tallies_insert BEFORE INSERT ON tallies BEGIN
    SELECT RAISE(ABORT, 'seal_immutable') FROM seals
    WHERE poll_id = NEW.poll_id AND number = NEW.seal_number;
END;

CREATE TRIGGER tallies_update BEFORE UPDATE ON tallies BEGIN SELECT RAISE(ABORT, 'seal_immutable'); END;
CREATE TRIGGER tallies_delete BEFORE DELETE ON tallies BEGIN SELECT RAISE(ABORT, 'seal_immutable'); END;

CREATE TRIGGER audit_log_insert BEFORE INSERT ON audit_log BEGIN
    SELECT RAISE(ABORT, 'audit_out_of_order') FROM audit_head
    WHERE NEW.seq <> audit_head.seq + 1 OR NEW.prev_hash <> audit_head.hash;
    UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash;
END;

CREATE TRIGGER audit_log_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
CREATE TRIGGER audit_log_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
