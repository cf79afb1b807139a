//! What operators do from the command line, beside a server that runs.

use std::time::Duration;

use rolecall::{audit, clock::Clock};
use serde_json::Value;
use tokio::process::Command;

use crate::support::{
    app::{MORNING, TestApp},
    database::Engine,
    person::Person,
};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// What a command answered.
#[derive(Debug)]
struct Said {
    out: String,
    err: String,
    status: i32,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// Runs `rolecall` with these arguments on the database of `app`.
async fn rolecall(app: &TestApp, arguments: &str) -> Said {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(arguments.split_whitespace())
        .current_dir(folder.path())
        .env_clear()
        .env("DATABASE_URL", app.config.database.url.expose())
        .env("ROLECALL_LOG", "warn")
        .kill_on_drop(true)
        .output();
    let output = output.await.expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("text").trim().to_owned();
    Said {
        out: text(output.stdout),
        err: text(output.stderr),
        status: output.status.code().unwrap_or(-1),
    }
}

/// The application at the time that the program will see.
async fn at_present(engine: Engine) -> TestApp {
    let app = TestApp::start_on(engine).await;
    app.advance(Clock::System.now().since(MORNING)).await;
    app
}

async fn is_signed_in(person: &mut Person<'_>) -> bool {
    person.get("/polls/4711/").await.status == 404
}

async fn id_of(app: &TestApp, name: &str) -> i64 {
    let listed = rolecall(app, &format!("user list --json --search {name}")).await;
    listed.json()[0]["id"].as_i64().expect("an id")
}

/// SEC-35.
#[tokio::test]
async fn people_are_listed_and_shown_for_people_and_for_programs() {
    for engine in ENGINES {
        let app = at_present(engine).await;
        let (_ada, _uma) = (app.ada().await, app.uma().await);
        let listed = rolecall(&app, "user list").await;
        assert_eq!(listed.status, 0, "{listed:?}");
        let lines: Vec<_> = listed.out.lines().collect();
        assert!(
            lines[0].starts_with("ID  NAME        ROLE   MAY SIGN IN  E-MAIL"),
            "{listed:?}"
        );
        assert!(lines[1].contains("Ada Adler   admin  yes"), "{listed:?}");
        assert_eq!(lines.len(), 3);
        let one = rolecall(&app, "user list --limit 1").await;
        assert!(one.out.ends_with("1 of 2; --limit shows more."), "{one:?}");

        let uma = id_of(&app, "uma").await;
        let shown = rolecall(&app, &format!("user show {uma} --json"))
            .await
            .json();
        assert_eq!(shown["name"], "Uma Umbach");
        assert_eq!(shown["role"], "user");
        assert_eq!(shown["is_active"], true);
        assert_eq!(shown["sessions"], 1);
        let shown = rolecall(&app, &format!("user show {uma}")).await;
        assert!(shown.out.contains("Name           Uma Umbach"), "{shown:?}");
    }
}

/// A server sees within a second what a command has changed; the patience is for a busy machine.
async fn assert_is_out(person: &mut Person<'_>) {
    let out = async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        while is_signed_in(person).await {
            look.tick().await;
        }
    };
    let out = tokio::time::timeout(Duration::from_mins(1), out).await;
    assert!(out.is_ok(), "still signed in");
}

/// SEC-35, A27.
#[tokio::test]
async fn deactivating_signs_out_of_a_running_server() {
    for engine in ENGINES {
        let app = at_present(engine).await;
        let mut uma = [app.uma().await, app.uma().await];
        let mut stan = app.stan().await;
        assert!(is_signed_in(&mut uma[0]).await);
        let id = id_of(&app, "uma").await;
        let done = rolecall(&app, &format!("user deactivate {id}")).await;
        assert_eq!(
            (done.out.as_str(), done.status),
            ("Uma Umbach is deactivated now. 2 sessions have ended.", 0)
        );
        for browser in &mut uma {
            assert_is_out(browser).await;
        }
        assert_eq!(app.anonymous().sign_in("pick-uma", "/").await.status, 403);
        assert!(is_signed_in(&mut stan).await);
        let again = rolecall(&app, &format!("user deactivate {id} --json")).await;
        assert_eq!(again.status, 0);
        assert_eq!(again.json()["changed"], false);
        let done = rolecall(&app, &format!("user activate {id} --json")).await;
        assert_eq!(done.json()["changed"], true);
        assert!(is_signed_in(&mut app.uma().await).await);
    }
}

/// SEC-35.
#[tokio::test]
async fn sessions_are_listed_and_end_by_person_or_for_everybody() {
    for engine in ENGINES {
        let app = at_present(engine).await;
        let (mut ada, mut stan, mut uma) = (app.ada().await, app.stan().await, app.uma().await);
        let stan_id = id_of(&app, "stan").await;
        let listed = rolecall(&app, "session list --json").await.json();
        assert_eq!(listed.as_array().map(Vec::len), Some(3));
        let listed = rolecall(&app, &format!("session list --user {stan_id} --json")).await;
        assert_eq!(listed.json()[0]["user"], stan_id);
        let listed = rolecall(&app, "session list").await;
        assert_eq!(listed.out.lines().count(), 4, "{listed:?}");

        let ended = rolecall(&app, &format!("session end --user {stan_id}")).await;
        assert_eq!(
            (ended.out.as_str(), ended.status),
            ("1 session has ended.", 0)
        );
        assert_is_out(&mut stan).await;
        assert!(is_signed_in(&mut uma).await);
        let ended = rolecall(&app, "session end --all --json").await;
        assert_eq!(ended.json()["sessions_ended"], 2);
        for person in [&mut uma, &mut ada] {
            assert_is_out(person).await;
        }
        let ended = rolecall(&app, "session end --all").await;
        assert_eq!(
            (ended.out.as_str(), ended.status),
            ("There was no session to end.", 0)
        );
    }
}

/// A27.
#[tokio::test]
async fn the_last_active_admin_and_people_who_do_not_exist_are_refused_with_status_1() {
    for engine in ENGINES {
        let app = at_present(engine).await;
        let mut ada = app.ada().await;
        let id = id_of(&app, "ada").await;
        let refused = rolecall(&app, &format!("user deactivate {id}")).await;
        assert_eq!(refused.status, 1);
        assert!(
            refused
                .err
                .starts_with("Ada Adler is the last active admin and stays active."),
            "{refused:?}"
        );
        assert!(is_signed_in(&mut ada).await);
        for command in [
            "user show 4711",
            "user deactivate 4711",
            "session end --user 4711",
        ] {
            let refused = rolecall(&app, command).await;
            assert_eq!(refused.status, 1, "{refused:?}");
            assert_eq!(refused.err, "There is no person with the id 4711.");
        }
    }
}

/// SEC-76.
#[tokio::test]
async fn the_history_says_that_it_was_done_from_the_command_line() {
    let app = at_present(Engine::of_this_run()).await;
    let (mut ada, _uma) = (app.ada().await, app.uma().await);
    let id = id_of(&app, "uma").await;
    rolecall(&app, &format!("session end --user {id}")).await;
    rolecall(&app, &format!("user deactivate {id}")).await;
    let index = ada.get("/admin/").await;
    assert_eq!(
        index.texts("table.data tbody tr td:nth-child(2)"),
        ["command line"; 2]
    );
    assert_eq!(
        index.texts("table.data tbody tr td:nth-child(3)"),
        ["Deactivated Uma Umbach", "Ended sessions of Uma Umbach"]
    );
    assert_eq!(audit::verify(&app.state.db).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_command_that_does_not_say_whose_sessions_end_ends_none() {
    let app = at_present(Engine::of_this_run()).await;
    let mut uma = app.uma().await;
    for command in [
        "session end",
        "session end --all --user 1",
        "user deactivate uma",
    ] {
        let refused = rolecall(&app, command).await;
        assert_eq!(refused.status, 2, "{refused:?}");
        assert!(refused.err.contains("--help"), "{refused:?}");
    }
    assert!(is_signed_in(&mut uma).await);
    let help = rolecall(&app, "session end --help").await;
    assert!(
        help.out.contains("--user <ID>") && help.out.contains("--all"),
        "{help:?}"
    );
}

#[tokio::test]
async fn a_name_cannot_steer_the_terminal() {
    let app = at_present(Engine::of_this_run()).await;
    app.uma().await;
    let rename = "UPDATE users SET display_name = 'Uma' || '\u{1b}[2J' || '\u{9b}2J' WHERE id > $1";
    app.execute(rename, 0).await;
    for command in ["user list", "user show 1"] {
        let said = rolecall(&app, command).await;
        assert!(said.out.contains("Uma[2J2J"), "{said:?}");
        assert!(!said.out.contains(['\u{1b}', '\u{9b}']), "{said:?}");
    }
}

/// The poll with this question, as the command lists it.
async fn poll_named(app: &TestApp, question: &str) -> Value {
    let listed = rolecall(app, &format!("poll list --json --search {question}")).await;
    listed.json()[0].clone()
}

/// A19, R2: the steps of a poll's life from the command line, in a server that runs.
#[tokio::test]
async fn an_operator_finds_polls_and_takes_the_steps_of_their_lives() {
    use crate::support::polls::{create, draft};
    for engine in ENGINES {
        let app = at_present(engine).await;
        let (store, now) = (&app.state.polls, app.clock.now());
        create(store, draft("Lunch?", &["Soup", "Salad"]), now).await;
        let bare = create(store, draft("Bare?", &["Soup"]), now).await;
        let id = poll_named(&app, "lunch").await["id"].to_string();
        let mut uma = app.uma().await;
        for (step, state, status) in [
            ("open", "open", 200),
            ("unfreeze", "draft", 404),
            ("open", "open", 200),
            ("close", "closed", 200),
            ("archive", "archived", 410),
            ("restore", "closed", 200),
        ] {
            let taken = rolecall(&app, &format!("poll {step} {id} --json")).await;
            assert_eq!(taken.status, 0, "{taken:?}");
            assert_eq!(taken.json()["state"], state);
            app.advance(Duration::from_secs(1)).await;
            let page = uma.get(&format!("/polls/{id}/")).await;
            assert_eq!(page.status, status, "{step}");
        }
        let again = rolecall(&app, &format!("poll close {id}")).await;
        assert_eq!(
            (again.status, again.err.contains("is closed")),
            (1, true),
            "{again:?}"
        );
        let blocked = rolecall(&app, &format!("poll open {bare}")).await;
        assert!(blocked.err.contains("needs 2 choices"), "{blocked:?}");
        let none = rolecall(&app, "poll show 4711").await;
        assert!(none.err.contains("no poll with the id"), "{none:?}");
        let shown = rolecall(&app, &format!("poll show {id}")).await;
        assert!(shown.out.contains("Choice     Soup"), "{shown:?}");
        let told = "SELECT COUNT(*) FROM audit_log WHERE actor_label = 'command line'";
        assert_eq!(app.number(told).await, 6);
    }
}

/// V10, A18.
#[tokio::test]
async fn an_operator_reopens_a_poll_and_deletes_a_draft() {
    use crate::support::polls::{create, draft, open};
    for engine in ENGINES {
        let app = at_present(engine).await;
        let (store, now) = (&app.state.polls, app.clock.now());
        let id = open(store, draft("Lunch?", &["Soup", "Salad"]), now).await;
        let bare = create(store, draft("Bare?", &["Soup"]), now).await;
        rolecall(&app, &format!("poll close {id}")).await;
        let reopen = format!("poll reopen {id} --reason Illness --json --closes-at");
        let early = rolecall(&app, &format!("{reopen} 2001-01-01T00:00:00Z")).await;
        assert!(early.err.contains("has passed"), "{early:?}");
        let open = rolecall(&app, &format!("{reopen} 2099-01-01T00:00:00Z")).await;
        assert_eq!(open.json()["state"], "open", "{open:?}");
        assert_eq!(open.json()["closes_at"], "2099-01-01T00:00:00Z");
        let kept = rolecall(&app, &format!("poll delete {id}")).await;
        assert_eq!(kept.status, 1);
        assert!(kept.err.contains("The poll is open."), "{kept:?}");
        let gone = rolecall(&app, &format!("poll delete {bare} --json")).await;
        assert_eq!(gone.json()["deleted"], true, "{gone:?}");
        assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 1);
    }
}

/// X10, N-16.
#[tokio::test]
async fn an_operator_merges_two_identities_and_erases_somebody() {
    for engine in ENGINES {
        let app = at_present(engine).await;
        let (_ada, _stan, mut uma) = (app.ada().await, app.stan().await, app.uma().await);
        let (stan, ada) = (id_of(&app, "stan").await, id_of(&app, "ada").await);
        let merge = format!("user merge {stan} {}", id_of(&app, "uma").await);
        let merged = rolecall(&app, &merge).await;
        assert_eq!(
            (merged.out.as_str(), merged.status),
            ("The two are one person now. All their votes stay.", 0)
        );
        assert!(!is_signed_in(&mut uma).await);
        assert_eq!(id_of(&app, "uma").await, stan);
        let again = rolecall(&app, &format!("{merge} --json")).await;
        assert_eq!(again.json()["changed"], false);
        let last = rolecall(&app, &format!("user erase {ada}")).await;
        assert!(last.err.contains("last active admin"), "{last:?}");
        let erased = rolecall(&app, &format!("user erase {stan} --json")).await;
        assert_eq!(erased.json()["changed"], true, "{erased:?}");
        let none = rolecall(&app, "user list --json --search uma").await;
        assert_eq!(none.json().as_array().map(Vec::len), Some(0));
    }
}

/// A21, T6.
#[tokio::test]
async fn an_operator_lists_exports_and_verifies_the_history() {
    use crate::support::polls::{create, draft};
    for engine in ENGINES {
        let app = at_present(engine).await;
        for question in ["One?", "Two?"] {
            create(
                &app.state.polls,
                draft(question, &["a", "b"]),
                app.clock.now(),
            )
            .await;
        }
        let listed = rolecall(&app, "audit list --json --search two").await;
        assert_eq!(listed.json()[0]["action"], "poll_created");
        let verified = rolecall(&app, "audit verify --json").await;
        assert_eq!(verified.json()["holds"], true);
        let exported = rolecall(&app, "audit export").await;
        let lines: Vec<Value> = exported
            .out
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0]["head"]["hash"], lines[1]["hash"]);
        if engine == Engine::Sqlite {
            crate::support::app::execute(&app.state.db, "DROP TRIGGER audit_log_update").await;
            let forged = "UPDATE audit_log SET actor_label = 'x' WHERE seq = 2";
            crate::support::app::execute(&app.state.db, forged).await;
            let broken = rolecall(&app, "audit verify").await;
            assert_eq!(
                (broken.status, broken.err.contains("broken at entry 2")),
                (1, true)
            );
        }
    }
}
