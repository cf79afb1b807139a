//! Seals of closed polls, what is shown when ballots do not fit them, and the check that anybody
//! can have made.

use std::{path::Path, time::Duration};

use rolecall::{
    audit::Actor,
    paths,
    polls::{
        Cast, Method, PollId, RankedRule, Receipts, Secrecy, VoterResults,
        editing::{Details, Edit, PollDraft, Step},
    },
    users::Role,
};
use tokio::process::Command;

use crate::support::{
    app::{self, TestApp},
    database::Engine,
    log,
    person::Reply,
    polls::{cast_all, draft, open, paper, pick, take, voter},
};

const BALLOTS: &[&[usize]] = &[&[0], &[0], &[1], &[0], &[1]];
const SEALS: &str = "SELECT COUNT(*) FROM seals";

fn tea() -> PollDraft {
    draft("Tea or coffee?", &["Tea", "Coffee"])
}

/// An open poll with five ballots.
async fn voted(app: &TestApp, draft: PollDraft) -> PollId {
    let id = open(&app.state.polls, draft, app.clock.now()).await;
    cast_all(&app.state, id, BALLOTS).await;
    id
}

async fn closed(app: &TestApp, draft: PollDraft) -> PollId {
    let id = voted(app, draft).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    id
}

/// One thing done behind the program's back; the two databases say it differently.
struct Tampering {
    sqlite: &'static [&'static str],
    postgres: &'static [&'static str],
}

async fn tamper(app: &TestApp, engine: Engine, tampering: &Tampering) {
    let statements = match engine {
        Engine::Sqlite => tampering.sqlite,
        Engine::Postgres => tampering.postgres,
    };
    for statement in statements {
        app::execute(&app.state.db, statement).await;
    }
}

const MOVE_A_VOTE: &str = "UPDATE ballot_choices SET choice_id = (SELECT MAX(id) FROM choices)
    WHERE choice_id = (SELECT MIN(id) FROM choices)
      AND ballot_id = (SELECT ballot_id FROM ballot_choices
                       WHERE choice_id = (SELECT MIN(id) FROM choices) ORDER BY ballot_id LIMIT 1)";
const A_VOTE_MOVED: Tampering = Tampering {
    sqlite: &["DROP TRIGGER ballot_choices_update", MOVE_A_VOTE],
    postgres: &[
        "DROP TRIGGER ballot_choices_update ON ballot_choices",
        MOVE_A_VOTE,
    ],
};

const MARK_SOMEBODY: &str = "INSERT INTO voter_roll (poll_id, user_id, has_voted, source)
    SELECT (SELECT MAX(id) FROM polls), MAX(id), TRUE, 'role' FROM users";
const A_MARK_ADDED: Tampering = Tampering {
    sqlite: &["DROP TRIGGER voter_roll_insert", MARK_SOMEBODY],
    postgres: &[
        "DROP TRIGGER voter_roll_insert ON voter_roll",
        MARK_SOMEBODY,
    ],
};

const EMPTY_A_BALLOT: &str =
    "DELETE FROM ballot_choices WHERE ballot_id = (SELECT id FROM ballots ORDER BY id LIMIT 1)";
const A_BALLOT_EMPTIED: Tampering = Tampering {
    sqlite: &["DROP TRIGGER ballot_choices_delete", EMPTY_A_BALLOT],
    postgres: &[
        "DROP TRIGGER ballot_choices_delete ON ballot_choices",
        EMPTY_A_BALLOT,
    ],
};

const REWRITE_THE_SEAL: &str = "UPDATE seals SET canonical_json = '{}'";
const A_SEAL_REWRITTEN: Tampering = Tampering {
    sqlite: &["DROP TRIGGER seals_update", REWRITE_THE_SEAL],
    postgres: &["DROP TRIGGER seals_kept ON seals", REWRITE_THE_SEAL],
};

const REWRITE_HISTORY: &str = "UPDATE audit_log SET object_label = 'x' WHERE seq = 1";
const HISTORY_REWRITTEN: Tampering = Tampering {
    sqlite: &["DROP TRIGGER audit_log_update", REWRITE_HISTORY],
    postgres: &["DROP TRIGGER audit_log_kept ON audit_log", REWRITE_HISTORY],
};

/// T4, T6.
#[tokio::test]
async fn closing_by_hand_seals_at_once_and_the_log_says_where_the_history_ends() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let id = voted(&app, tea()).await;
        log::keep();
        take(&app.state.polls, Step::Close, id, app.clock.now()).await;
        let log = log::taken();
        assert_eq!(app.number(SEALS).await, 1);
        let page = app
            .stan()
            .await
            .get(&paths::with_id(paths::RESULTS, id))
            .await;
        let seal = page.text_of("code");
        assert_eq!(seal.len(), 64, "{}", page.text);
        let line = log.lines().find(|line| line.contains(&seal));
        let line = line.expect("a line with the seal");
        let head = "SELECT seq FROM audit_head";
        let seq = app.number(head).await;
        assert!(line.contains(&format!("audit.seq={seq}")), "{line}");
        assert!(line.contains("audit.hash="), "{line}");
        let told = "SELECT COUNT(*) FROM audit_log WHERE action = 'poll_sealed'";
        assert_eq!(app.number(told).await, 1);
    }
}

/// T4.
#[tokio::test]
async fn a_poll_that_the_clock_closes_is_sealed_once_however_many_notice() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let an_hour = Duration::from_hours(1);
        let closing = PollDraft {
            closes_at: Some(app.clock.now().plus(an_hour)),
            ..tea()
        };
        voted(&app, closing).await;
        let other = app.another_instance(|_| ()).await;
        app.state
            .polls
            .seal_closed(app.clock.now())
            .await
            .expect("nothing to do");
        assert_eq!(app.number(SEALS).await, 0);
        app.advance(an_hour).await;
        let instances = [&app, &other, &app, &other, &app, &other];
        let sealing = instances.map(|app| {
            let (polls, now) = (app.state.polls.clone(), app.clock.now());
            tokio::spawn(async move { polls.seal_closed(now).await })
        });
        for sealed in sealing {
            sealed.await.expect("ran").expect("sealed");
        }
        assert_eq!(app.number(SEALS).await, 1);
    }
}

/// V10, T4: every seal is kept, and the last one counts.
#[tokio::test]
async fn a_poll_that_was_reopened_is_sealed_again() {
    let app = TestApp::start().await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    let id = closed(&app, tea()).await;
    let first = polls.find_seal(id).await.expect("an answer");
    let poll = polls.find(id).await.expect("an answer").expect("the poll");
    let why = Details {
        reason: "Two people were ill.".to_owned(),
        closes_at: None,
    };
    let seen = (id, poll.version);
    let reopened = polls.take_with(Step::Reopen, why, seen, Actor::System, now);
    assert_eq!(reopened.await.expect("an answer"), Edit::Done(id));
    assert_eq!(polls.find_seal(id).await.expect("an answer"), None);
    let late = voter(&app.state.users, "late", Role::User, now).await;
    let selection = pick(&paper(polls, id).await, &[1]);
    let cast = polls.cast(id, late, selection, now).await;
    assert_eq!(cast.expect("an answer"), Cast::Recorded);
    take(polls, Step::Close, id, now).await;
    let second = polls.find_seal(id).await.expect("an answer");
    let (first, second) = (first.expect("a seal"), second.expect("a seal"));
    assert_eq!((first.number, first.ballots), (1, 5));
    assert_eq!((second.number, second.ballots), (2, 6));
    assert_eq!(app.number(SEALS).await, 2);
    let page = app.uma().await.get(&paths::with_id(paths::CHECK, id)).await;
    assert!(
        page.text_of(".note").starts_with("Everything agrees."),
        "{}",
        page.text
    );
}

/// T4: with the program that people have.
#[tokio::test]
async fn the_seal_can_be_recomputed_as_the_readme_says() {
    let app = TestApp::start().await;
    let odd = PollDraft {
        receipts: Receipts::Counted,
        method: Method::Ranked,
        ranked_rule: Some(RankedRule::InstantRunoff),
        max_choices: 2,
        ..draft(
            "\"Tea\" \\ caf\u{e9} \u{1f375}?",
            &["<Tea>", "Kaffee & Kuchen"],
        )
    };
    let id = closed(&app, odd).await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut stan = app.stan().await;
    let json = stan.get(&paths::with_id(paths::RESULTS_JSON, id)).await;
    let report: serde_json::Value = serde_json::from_str(&json.text).expect("JSON");
    let seal = report["seal"]["sha256"].as_str().expect("a seal");
    save(folder.path(), "results-7.json", &json);
    let readme = std::fs::read_to_string("README.md").expect("a README");
    let lines = readme.lines().map(str::trim);
    let command = lines.clone().find(|line| line.starts_with("jq "));
    let said = shell(folder.path(), command.expect("a command")).await;
    assert_eq!(said.split_whitespace().next(), Some(seal), "{said}");

    let document = stan.get(&paths::with_id(paths::SEAL_JSON, id)).await;
    let name = format!("seal-{id}.json");
    assert!(document.header("content-disposition").contains(&name));
    save(folder.path(), &name, &document);
    let page = stan.get(&paths::with_id(paths::CHECK, id)).await;
    let said = shell(folder.path(), &page.text_of("pre code")).await;
    assert_eq!(said.split_whitespace().next(), Some(seal), "{said}");
    assert_eq!(
        report["seal"]["document"]["receipts"]
            .as_array()
            .map(Vec::len),
        Some(5)
    );
}

fn save(folder: &Path, name: &str, reply: &Reply) {
    std::fs::write(folder.join(name), &reply.text).expect("saved");
}

async fn shell(folder: &Path, command: &str) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-ec", command]).current_dir(folder);
    let output = shell.output().await.expect("a shell");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {complaint}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// R18: the red notice, status 500 and a line in the log, and no number anywhere.
#[tokio::test]
async fn ballots_that_do_not_fit_the_seal_show_no_number_to_anybody() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let for_all = PollDraft {
            voter_results: VoterResults::AfterClose,
            ..tea()
        };
        let id = closed(&app, for_all).await;
        let (mut stan, mut uma) = (app.stan().await, app.uma().await);
        let results = paths::with_id(paths::RESULTS, id);
        assert_eq!(stan.get(&results).await.status, 200);
        tamper(&app, engine, &A_VOTE_MOVED).await;
        // No count is believed longer than this.
        app.advance(Duration::from_secs(10)).await;
        log::keep();
        let page = stan.get(&results).await;
        let log = log::taken();
        assert_eq!(page.status, 500);
        assert!(
            page.text_of(".note.bad")
                .starts_with("These ballots are not the ones")
        );
        assert_eq!(page.texts("table").len(), 0);
        assert!(
            log.contains("ERROR") && log.contains("differ from what was sealed"),
            "{log}"
        );
        let detail = uma.get(&paths::poll(id)).await;
        assert_eq!(
            (detail.status.as_u16(), detail.texts("table").len()),
            (500, 0)
        );
        assert!(detail.text_of(".note.bad").contains("no number is shown"));
        for path in [
            paths::RESULTS_CSV,
            paths::RESULTS_JSON,
            paths::VOTES,
            paths::VOTES_CSV,
        ] {
            let refused = stan.get(&paths::with_id(path, id)).await;
            assert_eq!(refused.status, 500, "{path}");
            assert!(!refused.text.contains("Coffee"), "{path}");
        }
    }
}

/// R7, R8: whoever signs in after the closing changes neither turnout nor quorum.
#[tokio::test]
async fn the_electorate_is_sealed_with_the_numbers() {
    let app = TestApp::start().await;
    let id = closed(&app, tea()).await;
    let mut stan = app.stan().await;
    let path = paths::with_id(paths::RESULTS, id);
    let before = stan.get(&path).await.texts(".facts > div");
    voter(&app.state.users, "late", Role::User, app.clock.now()).await;
    assert_eq!(stan.get(&path).await.texts(".facts > div"), before);
    assert!(before[0].contains("5 votes; 5 people"), "{before:?}");
}

/// T7.
#[tokio::test]
async fn anybody_signed_in_can_check_a_closed_poll_and_reads_four_statements() {
    let app = TestApp::start().await;
    let id = voted(&app, tea()).await;
    let (mut uma, path) = (app.uma().await, paths::with_id(paths::CHECK, id));
    let early = uma.get(&path).await;
    assert!(
        early
            .text_of(".note")
            .starts_with("A poll can be checked after it has closed")
    );
    assert_eq!(app.anonymous().get(&path).await.status, 303);
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let page = uma.get(&path).await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.texts(".checks h2"),
        [
            "As many ballots as people who voted: passes",
            "Every ballot is whole: passes",
            "The numbers are the sealed ones: passes",
            "The history is whole: passes",
        ]
    );
    assert_eq!(
        page.text_of(".checks li p"),
        "5 people are marked as having voted, and 5 ballots are in the box."
    );
    // Results are for staff in this poll: Uma gets the seal and not the document.
    assert_eq!(page.text_of(".facts code").len(), 64);
    assert!(page.texts("pre").is_empty());
    let document = uma.get(&paths::with_id(paths::SEAL_JSON, id)).await;
    assert_eq!(document.location(), path);
    let detail = uma.get(&paths::poll(id)).await;
    assert!(
        detail.attributes("a.button", "href").contains(&path),
        "{}",
        detail.text
    );
}

/// T7: each statement fails for a reason of its own, on both databases.
#[tokio::test]
async fn whatever_is_changed_behind_the_programs_back_the_check_fails() {
    for (tampering, failing) in [
        (A_MARK_ADDED, "As many ballots as people who voted: fails"),
        (A_BALLOT_EMPTIED, "Every ballot is whole: fails"),
        (A_VOTE_MOVED, "The numbers are the sealed ones: fails"),
        (A_SEAL_REWRITTEN, "The numbers are the sealed ones: fails"),
        (HISTORY_REWRITTEN, "The history is whole: fails"),
    ] {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let app = TestApp::start_on(engine).await;
            let id = closed(&app, tea()).await;
            let mut uma = app.uma().await;
            tamper(&app, engine, &tampering).await;
            let page = uma.get(&paths::with_id(paths::CHECK, id)).await;
            let statements = page.texts(".checks h2");
            assert!(statements.contains(&failing.to_owned()), "{statements:?}");
            assert_eq!(page.status, 500, "{failing}");
            assert!(
                page.text_of(".note.bad")
                    .starts_with("Something does not agree.")
            );
        }
    }
}

/// R11, T4: the hash of so few possible tallies would tell them, without something random in it.
#[tokio::test]
async fn the_seal_of_withheld_numbers_tells_nothing_of_them() {
    let app = TestApp::start().await;
    let few = PollDraft {
        secrecy: Secrecy::Secret,
        voter_results: VoterResults::AfterClose,
        min_show: 6,
        ..tea()
    };
    let one = closed(&app, few.clone()).await;
    let mut stan = app.stan().await;
    let json = stan.get(&paths::with_id(paths::RESULTS_JSON, one)).await;
    let report: serde_json::Value = serde_json::from_str(&json.text).expect("JSON");
    assert_eq!(report["withheld_below"], 6);
    assert_eq!(report["numbers"], serde_json::Value::Null);
    assert_eq!(report["seal"]["document"], serde_json::Value::Null);
    let document = stan.get(&paths::with_id(paths::SEAL_JSON, one)).await;
    assert_eq!(document.location(), paths::with_id(paths::CHECK, one));

    let stored = app
        .state
        .polls
        .sealed_document(one)
        .await
        .expect("an answer");
    let stored: serde_json::Value =
        serde_json::from_str(&stored.expect("a document")).expect("JSON");
    let salt = stored["salt"].as_str().expect("a salt");
    assert_eq!(salt.len(), 32);
    let other = app.another_instance(|_| ()).await;
    let two = closed(&other, few).await;
    let again = app
        .state
        .polls
        .sealed_document(two)
        .await
        .expect("an answer");
    assert!(!again.expect("a document").contains(salt));
}
