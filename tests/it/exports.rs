//! Results as files, and who sees which numbers when.

use std::time::Duration;

use rolecall::{
    paths,
    polls::{
        Method, PollId, RankedRule, ResultsRule, Secrecy, VoterResults,
        editing::{PollDraft, Step},
    },
};
use serde_json::Value;

use crate::support::{
    app::TestApp,
    person::{Person, Reply},
    polls::{cast_all, create, draft, open, take},
};

async fn closed(app: &TestApp, draft: PollDraft, ballots: &[&[usize]]) -> PollId {
    let id = open(&app.state.polls, draft, app.clock.now()).await;
    cast_all(&app.state, id, ballots).await;
    app.advance(Duration::from_mins(90)).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    id
}

async fn csv(app: &TestApp, id: PollId) -> Reply {
    let path = paths::with_id(paths::RESULTS_CSV, id);
    app.stan().await.get(&path).await
}

async fn json(app: &TestApp, id: PollId) -> Value {
    let path = paths::with_id(paths::RESULTS_JSON, id);
    let reply = app.stan().await.get(&path).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    serde_json::from_str(&reply.text).expect("JSON")
}

/// The cells of a row that begins with `name`.
fn row<'t>(csv: &'t str, name: &str) -> &'t str {
    let mut rows = csv.split("\r\n");
    let found = rows.find_map(|row| row.strip_prefix(name)?.strip_prefix(','));
    found.unwrap_or_else(|| panic!("no row {name} in {csv}"))
}

/// R13.
#[tokio::test]
async fn the_table_holds_question_rule_times_counts_turnout_and_seal() {
    let app = TestApp::start().await;
    let poll = PollDraft {
        zone: "Europe/Berlin".to_owned(),
        allow_abstain: true,
        ..draft("=HYPERLINK(\"x\")", &["@Tea, green", "Coffee"])
    };
    let id = closed(&app, poll, &[&[0], &[0], &[1], &[]]).await;
    let file = csv(&app, id).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let name = format!("attachment; filename=\"results-{id}.csv\"");
    assert_eq!(file.header("content-disposition"), name);
    let text = file
        .text
        .strip_prefix('\u{feff}')
        .expect("a byte order mark");
    assert_eq!(row(text, "Question"), "\"'=HYPERLINK(\"\"x\"\")\"");
    assert!(row(text, "Rule").starts_with("One choice on a ballot; the most votes lead."));
    assert_eq!(
        row(text, "Opened"),
        "\"2 March 2026, 10:00 (Europe/Berlin, UTC+1)\""
    );
    assert_eq!(
        row(text, "Closes"),
        "\"2 March 2026, 11:30 (Europe/Berlin, UTC+1)\""
    );
    for (name, cells) in [
        ("Ballots", "4"),
        ("Eligible", "4"),
        ("Abstentions", "1"),
        ("Base of the shares", "3"),
        ("Outcome", "'@Tea, green has the most votes: 2 of 3."),
        ("Choice", "Votes,Percent"),
        ("\"'@Tea, green\"", "2,66.7"),
        ("Coffee", "1,33.3"),
    ] {
        assert_eq!(row(text, name).trim_matches('"'), cells, "{name}");
    }
    let seal = app.state.polls.find_seal(id).await.expect("an answer");
    assert_eq!(row(text, "Seal (SHA-256)"), seal.expect("a seal").digest());
    assert_eq!(row(text, "History until then (SHA-256)").len(), 64);
}

/// R13, T6.
#[tokio::test]
async fn the_facts_for_programs_are_those_of_the_page() {
    let app = TestApp::start().await;
    let id = closed(&app, draft("Tea?", &["Yes", "No"]), &[&[0], &[1], &[0]]).await;
    let report = json(&app, id).await;
    assert_eq!(report["poll"]["question"], "Tea?");
    assert_eq!(report["poll"]["closed_at"], "2026-03-02T10:30:00Z");
    assert_eq!(report["is_final"], true);
    assert_eq!(report["turnout"]["ballots"], 3);
    assert_eq!(
        report["numbers"]["outcome"],
        "Yes has the most votes: 2 of 3."
    );
    assert_eq!(report["numbers"]["choices"][0]["percent"], "66.7");
    assert_eq!(report["seal"]["document"]["choices"][1]["votes"], 1);
    assert_eq!(
        report["seal"]["audit_hash"].as_str().map(str::len),
        Some(64)
    );
}

/// R13, V14.
#[tokio::test]
async fn rankings_are_exported_round_by_round_or_pair_by_pair() {
    let app = TestApp::start().await;
    let ranked = |rule| PollDraft {
        method: Method::Ranked,
        ranked_rule: Some(rule),
        max_choices: 3,
        ..draft("Where?", &["Alps", "Beach", "City"])
    };
    let ballots: &[&[usize]] = &[&[0], &[0], &[0, 1], &[1, 0], &[1], &[2, 1]];
    let id = closed(&app, ranked(RankedRule::InstantRunoff), ballots).await;
    let text = csv(&app, id).await.text;
    assert!(
        text.contains("Choice,Round 1,Round 2\r\nAlps,3,3\r\nBeach,2,3\r\nCity,1,\r\n"),
        "{text}"
    );
    let report = json(&app, id).await;
    assert_eq!(
        report["numbers"]["rounds"][1]["votes"],
        serde_json::json!([3, 3, null])
    );
    let id = closed(&app, ranked(RankedRule::Schulze), ballots).await;
    let text = csv(&app, id).await.text;
    assert!(
        text.contains("column,Place,Alps,Beach,City\r\nAlps,1,0,3,4\r\n"),
        "{text}"
    );
    let report = json(&app, id).await;
    assert_eq!(
        report["numbers"]["places"].as_array().map(Vec::len),
        Some(3)
    );
}

/// R11: of each number of ballots under each limit.
#[tokio::test]
async fn numbers_of_secret_polls_are_shown_and_exported_from_the_limit_on() {
    for (min_show, ballots, shown) in [
        (5, 4, false),
        (5, 5, true),
        (3, 2, false),
        (3, 3, true),
        (5, 1, false),
        (5, 0, true),
    ] {
        let app = TestApp::start().await;
        let secret = PollDraft {
            secrecy: Secrecy::Secret,
            min_show,
            voter_results: VoterResults::AfterClose,
            ..draft("Trust?", &["Certainly", "Never"])
        };
        let papers: Vec<&[usize]> = vec![&[0]; ballots];
        let id = closed(&app, secret, &papers).await;
        let case = format!("{ballots} ballots, shown from {min_show} on");
        let (mut ada, mut uma) = (app.ada().await, app.uma().await);
        for (person, path) in [(&mut ada, paths::RESULTS), (&mut uma, paths::POLL)] {
            let page = person.get(&paths::with_id(path, id)).await;
            let says_few = page.text_of(".outcome").starts_with("Fewer than");
            assert_eq!(says_few, !shown, "{case}");
            assert_eq!(
                page.texts("table").is_empty(),
                !shown || ballots == 0,
                "{case}"
            );
        }
        let report = json(&app, id).await;
        assert_eq!(report["numbers"].is_null(), !shown, "{case}");
        let text = csv(&app, id).await.text;
        assert_eq!(text.contains("Certainly"), shown, "{case}: {text}");
        assert_eq!(row(&text, "Ballots"), ballots.to_string(), "{case}");
    }
}

/// Whether the person finds numbers at the address: a page with them, or a file.
async fn finds_numbers(person: &mut Person<'_>, path: &str, id: PollId) -> bool {
    let reply = person.get(&paths::with_id(path, id)).await;
    assert!(!reply.status.is_server_error(), "{path}: {}", reply.text);
    reply.status == 200 && reply.text.contains("has the most votes")
        || reply.text.contains("leads with")
}

/// R2: every rule, state and role.
#[tokio::test]
async fn numbers_are_seen_by_whom_the_rules_name_and_nobody_else() {
    use ResultsRule::{AfterClose, Live, OnRelease};
    for rule in [Live, AfterClose, OnRelease] {
        for for_voters in [
            VoterResults::Never,
            VoterResults::AfterClose,
            VoterResults::OnRelease,
        ] {
            let app = TestApp::start().await;
            let id = ruled(&app, rule, for_voters).await;
            for state in ["open", "closed", "released"] {
                advance_to(&app, id, state).await;
                let staff = match state {
                    "open" => rule == Live,
                    "closed" => rule != OnRelease,
                    _ => true,
                };
                let voters = match state {
                    "open" => false,
                    "closed" => for_voters == VoterResults::AfterClose,
                    _ => for_voters != VoterResults::Never,
                };
                let case = format!("{rule:?}, {for_voters:?}, {state}");
                for (who, may) in [
                    ("pick-ada", staff),
                    ("pick-stan", staff),
                    ("pick-uma", false),
                ] {
                    let mut person = app.anonymous();
                    person.sign_in(who, "/").await;
                    for path in [paths::RESULTS, paths::RESULTS_CSV, paths::RESULTS_JSON] {
                        let finds = finds_numbers(&mut person, path, id).await;
                        assert_eq!(finds, may, "{who} at {path}: {case}");
                    }
                    let finds = finds_numbers(&mut person, paths::POLL, id).await;
                    assert_eq!(finds, voters, "{who} on the poll's page: {case}");
                }
            }
        }
    }
}

/// A poll with these rules and three ballots.
async fn ruled(app: &TestApp, rule: ResultsRule, for_voters: VoterResults) -> PollId {
    let poll = PollDraft {
        results: rule.min(ResultsRule::AfterClose),
        voter_results: VoterResults::AfterClose,
        ..draft("Tea?", &["Yes", "No"])
    };
    let id = open(&app.state.polls, poll, app.clock.now()).await;
    let staff = "UPDATE polls SET results = 'on_release' WHERE id = $1";
    if rule == ResultsRule::OnRelease {
        app.execute(staff, id.0).await;
    }
    let voters = match for_voters {
        VoterResults::Never => "UPDATE polls SET voter_results = 'never' WHERE id = $1",
        VoterResults::OnRelease => "UPDATE polls SET voter_results = 'on_release' WHERE id = $1",
        VoterResults::AfterClose => "UPDATE polls SET voter_results = 'after_close' WHERE id = $1",
    };
    app.execute(voters, id.0).await;
    cast_all(&app.state, id, &[&[0], &[0], &[1]]).await;
    id
}

async fn advance_to(app: &TestApp, id: PollId, state: &str) {
    match state {
        "closed" => {
            take(&app.state.polls, Step::Close, id, app.clock.now()).await;
        }
        "released" => {
            let release = "UPDATE polls SET released_at = closed_at WHERE id = $1";
            app.execute(release, id.0).await;
        }
        _ => {}
    }
}

/// R4, V3, A39: while a secret poll is open, no address tells anybody a number.
#[tokio::test]
async fn an_open_secret_poll_tells_nobody_anything() {
    let app = TestApp::start().await;
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        voter_results: VoterResults::AfterClose,
        ..draft("Trust?", &["Certainly", "Never"])
    };
    let id = open(&app.state.polls, secret, app.clock.now()).await;
    cast_all(&app.state, id, &[&[0][..]; 7]).await;
    let mut ada = app.ada().await;
    let results = paths::with_id(paths::RESULTS, id);
    let page = ada.get(&results).await;
    assert_eq!(
        page.text_of(".note"),
        "Nobody, including administrators, can see counts until the poll has closed."
    );
    assert!(!page.text.contains("So far"), "{}", page.text);
    for path in [
        paths::RESULTS_CSV,
        paths::RESULTS_JSON,
        paths::PARTICIPATION,
        paths::PARTICIPATION_CSV,
    ] {
        let reply = ada.get(&paths::with_id(path, id)).await;
        assert_eq!(reply.location(), results, "{path}");
    }
    for path in [paths::VOTES, paths::VOTES_CSV] {
        let reply = ada.get(&paths::with_id(path, id)).await;
        assert!(reply.location() == results || reply.status == 404, "{path}");
    }
    for path in [paths::RESULTS, paths::CHECK, paths::POLL, paths::ADMIN_POLL] {
        let page = ada.get(&paths::with_id(path, id)).await;
        assert_eq!(page.status, 200, "{path}");
        for number in ["7 votes", "7 ballots", "7 people", "<dd>7", ">7<"] {
            assert!(!page.text.contains(number), "{path}: {number}");
        }
    }
}

/// V3, R1.
#[tokio::test]
async fn what_is_not_published_or_put_away_has_no_files() {
    let app = TestApp::start().await;
    let hidden = create(
        &app.state.polls,
        draft("Later?", &["Yes", "No"]),
        app.clock.now(),
    )
    .await;
    let gone = closed(&app, draft("Earlier?", &["Yes", "No"]), &[&[0]]).await;
    take(&app.state.polls, Step::Archive, gone, app.clock.now()).await;
    let mut stan = app.stan().await;
    for path in [
        paths::RESULTS,
        paths::RESULTS_CSV,
        paths::RESULTS_JSON,
        paths::VOTES,
        paths::VOTES_CSV,
        paths::PARTICIPATION,
        paths::PARTICIPATION_CSV,
        paths::CHECK,
        paths::SEAL_JSON,
    ] {
        assert_eq!(
            stan.get(&paths::with_id(path, hidden)).await.status,
            404,
            "{path}"
        );
        assert_eq!(
            stan.get(&paths::with_id(path, gone)).await.status,
            410,
            "{path}"
        );
    }
}
