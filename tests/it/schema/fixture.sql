-- Four people and seven polls at the time 1000, the same text on both databases.
-- The clock is a table here, so that a case can choose the time.
DROP VIEW clock;
CREATE TABLE clock (now BIGINT NOT NULL);
INSERT INTO clock VALUES (500);

INSERT INTO users (id, issuer, subject, username, display_name, sort_key, search_key, role, role_checked_at, first_seen_at)
VALUES (1, 'https://op.example', 'uma', 'uma', 'Uma', 'uma', 'uma', 'user', 1, 1),
       (2, 'https://op.example', 'stan', 'stan', 'Stan', 'stan', 'stan', 'staff', 1, 1),
       (3, 'https://op.example', 'ada', 'ada', 'Ada', 'ada', 'ada', 'admin', 1, 1),
       (4, 'https://op.example', 'vera', 'vera', 'Vera', 'vera', 'vera', 'user', 1, 1);

INSERT INTO polls (id, question, search_key, method, ranked_rule, max_choices, allow_abstain, secrecy, allow_change,
                   voter_results, roll_mode, published_at, opens_at, closes_at, created_at, updated_at)
VALUES (1, 'A draft?',            'a draft?',            'single',   NULL,             1, FALSE, 'named',  FALSE, 'never',       'list', NULL, NULL, NULL, 1, 1),
       (2, 'Open, with change?',  'open, with change?',  'multiple', NULL,             2, TRUE,  'named',  TRUE,  'after_close', 'role', 100,  200,  2000, 1, 1),
       (3, 'Open and secret?',    'open and secret?',    'single',   NULL,             1, FALSE, 'secret', FALSE, 'never',       'role', 100,  200,  2000, 1, 1),
       (4, 'Open to a list?',     'open to a list?',     'single',   NULL,             1, FALSE, 'named',  FALSE, 'never',       'list', 100,  200,  2000, 1, 1),
       (5, 'Closed and named?',   'closed and named?',   'single',   NULL,             1, FALSE, 'named',  TRUE,  'never',       'role', 100,  200,  1000, 1, 1),
       (6, 'Sealed and secret?',  'sealed and secret?',  'single',   NULL,             1, FALSE, 'secret', FALSE, 'never',       'role', 100,  200,  900,  1, 1),
       (7, 'In which order?',     'in which order?',     'ranked',   'instant_runoff', 3, FALSE, 'named',  FALSE, 'never',       'role', 100,  NULL, NULL, 1, 1);

INSERT INTO choices (id, poll_id, position, text, text_key)
VALUES (11, 1, 1, 'Yes', 'yes'), (12, 1, 2, 'No', 'no'),
       (21, 2, 1, 'Yes', 'yes'), (22, 2, 2, 'No', 'no'), (23, 2, 3, 'Later', 'later'),
       (31, 3, 1, 'Yes', 'yes'), (32, 3, 2, 'No', 'no'),
       (41, 4, 1, 'Yes', 'yes'), (42, 4, 2, 'No', 'no'),
       (51, 5, 1, 'Yes', 'yes'), (52, 5, 2, 'No', 'no'),
       (61, 6, 1, 'Yes', 'yes'), (62, 6, 2, 'No', 'no'),
       (71, 7, 1, 'Red', 'red'), (72, 7, 2, 'Green', 'green'), (73, 7, 3, 'Blue', 'blue');

INSERT INTO poll_roles (poll_id, role)
VALUES (2, 'user'), (2, 'staff'), (3, 'user'), (5, 'user'), (6, 'user'), (7, 'user');
INSERT INTO voter_roll (poll_id, user_id, source) VALUES (1, 1, 'list'), (4, 1, 'list'), (4, 2, 'list');
UPDATE polls SET frozen_at = 300 WHERE id > 1;

-- Uma has voted in polls 2, 3, 5 and 6.
BEGIN;
INSERT INTO voter_roll (poll_id, user_id, has_voted, source)
VALUES (2, 1, TRUE, 'role'), (3, 1, TRUE, 'role'), (5, 1, TRUE, 'role'), (6, 1, TRUE, 'role');
INSERT INTO ballot_choices (poll_id, ballot_id, choice_id)
VALUES (2, unhex('00000000000000000000000000000021'), 21),
       (3, unhex('00000000000000000000000000000031'), 31),
       (5, unhex('00000000000000000000000000000051'), 51),
       (6, unhex('00000000000000000000000000000061'), 61);
INSERT INTO ballots (poll_id, id, secrecy, user_id, cast_at)
VALUES (2, unhex('00000000000000000000000000000021'), 'named', 1, 500),
       (3, unhex('00000000000000000000000000000031'), 'secret', NULL, NULL),
       (5, unhex('00000000000000000000000000000051'), 'named', 1, 500),
       (6, unhex('00000000000000000000000000000061'), 'secret', NULL, NULL);
COMMIT;

UPDATE clock SET now = 1000;
UPDATE polls SET sealed_at = 1000 WHERE id = 6;
BEGIN;
INSERT INTO tallies (poll_id, seal_number, choice_id, ballots) VALUES (6, 1, 61, 1), (6, 1, 62, 0);
INSERT INTO seals (poll_id, number, ballots, abstained, eligible, canonical_json, sha256, audit_seq, made_at)
VALUES (6, 1, 1, 0, 4, '{}', unhex('0606060606060606060606060606060606060606060606060606060606060606'), 1, 1000);
COMMIT;

INSERT INTO audit_log (seq, at, actor_label, action, object_type, prev_hash, hash)
VALUES (1, 1, 'Ada', 'poll.create', 'poll',
        unhex('0000000000000000000000000000000000000000000000000000000000000000'),
        unhex('0101010101010101010101010101010101010101010101010101010101010101'));
