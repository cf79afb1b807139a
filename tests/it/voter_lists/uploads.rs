//! Files with voters: what is read, what the preview says, and that all of it is saved or nothing.

use std::fmt::Write as _;

use super::{listed_poll, names, send, send_with, upload};
use crate::support::{app::TestApp, database::Engine, person::Person};

/// What the preview says of each kind of line.
async fn counts(ada: &mut Person<'_>, path: &str) -> Vec<String> {
    let preview = ada.get(&format!("{path}voters/preview/")).await;
    let facts = preview.texts("dl.facts dd");
    let number = |fact: &String| fact.split(':').next().unwrap_or_default().to_owned();
    facts.iter().map(number).collect()
}

/// V18.
#[tokio::test]
async fn a_file_is_explained_before_it_is_saved_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        app.uma().await;
        let path = listed_poll(&mut ada, &[]).await;
        let file = "UMA@acme.example\nnew@acme.example\nnew@acme.example\n";
        assert_eq!(send(&mut ada, &path, file).await.status, 303);
        assert_eq!(counts(&mut ada, &path).await, ["1", "1", "1", "0"]);
        let preview = ada.get(&format!("{path}voters/preview/")).await;
        assert_eq!(
            preview.texts("tbody tr"),
            [
                "uma@acme.exampleUma Umbach, has signed in",
                "new@acme.exampleNot signed in yet"
            ]
        );
        assert_eq!(app.number("SELECT COUNT(*) FROM roll_invites").await, 0);
        ada.post(&format!("{path}voters/preview/"), &[]).await;
        assert_eq!(
            names(&mut ada, &path).await,
            ["Uma Umbach", "new@acme.example"]
        );
        assert_eq!(app.number("SELECT COUNT(*) FROM roll_uploads").await, 0);
        assert_eq!(send(&mut ada, &path, file).await.status, 303);
        assert_eq!(counts(&mut ada, &path).await, ["0", "0", "3", "0"]);
    }
}

/// V18.
#[tokio::test]
async fn a_file_with_a_line_that_names_nobody_saves_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    let file = "email;name\nnew@acme.example;New\nnobody;No Body\n";
    assert_eq!(send(&mut ada, &path, file).await.status, 303);
    assert_eq!(counts(&mut ada, &path).await, ["0", "1", "0", "1"]);
    let preview = ada.get(&format!("{path}voters/preview/")).await;
    let said = preview.texts(".note li");
    assert_eq!(
        said,
        ["Line 3: “nobody No Body” is neither an e-mail address nor a subject."]
    );
    assert_eq!(preview.texts("main .button").len(), 2);
    let forced = ada.post(&format!("{path}voters/preview/"), &[]).await;
    assert!(forced.location().ends_with("/voters/preview/"));
    assert_eq!(names(&mut ada, &path).await, [""; 0]);
}

#[tokio::test]
async fn an_address_of_several_people_has_to_be_told_apart_by_subject() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    app.uma().await;
    app.stan().await;
    app.execute(
        "UPDATE users SET email = 'both@acme.example' WHERE role <> 'admin' AND id > $1",
        0,
    )
    .await;
    let path = listed_poll(&mut ada, &[]).await;
    assert_eq!(
        send(&mut ada, &path, "both@acme.example\n").await.status,
        303
    );
    assert_eq!(counts(&mut ada, &path).await, ["0", "0", "0", "1"]);
    let preview = ada.get(&format!("{path}voters/preview/")).await;
    assert!(
        preview
            .text_of(".note li")
            .contains("Several people have signed in with both@acme.example")
    );
}

#[tokio::test]
async fn lines_can_be_written_instead_of_a_file_and_nothing_at_all_is_told() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    let token = ada.csrf_token().await;
    let empty = [
        ("csrf_token", token.as_str()),
        ("lines", " \r\n"),
        ("file", ""),
    ];
    let refused = send_with(&mut ada, &path, &empty).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text_of("#file-error").contains("Choose a file"));
    let typed = [
        ("csrf_token", token.as_str()),
        ("lines", "a@b.example\r\n4711\r\n"),
        ("file", ""),
    ];
    assert_eq!(send_with(&mut ada, &path, &typed).await.status, 303);
    assert_eq!(counts(&mut ada, &path).await, ["0", "2", "0", "0"]);
}

/// V18: a typing error in an issuer would keep people from voting.
#[tokio::test]
async fn a_file_that_names_an_issuer_where_nobody_signs_in_is_saved_after_a_warning() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    let issuer = app.provider.issuer().to_owned();
    let file = format!("sub,iss\n1,{issuer}\n2,\n3,https://elsewhere.example\n");
    send(&mut ada, &path, &file).await;
    let preview = ada.get(&format!("{path}voters/preview/")).await;
    let warned = preview.texts(".note.warn");
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert!(warned[0].contains("https://elsewhere.example"));
    upload(&mut ada, &path, &file).await;
    assert_eq!(names(&mut ada, &path).await.len(), 3);
}

/// SEC-52.
#[tokio::test]
async fn a_file_without_the_right_token_in_front_of_it_is_not_read() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    let token = ada.csrf_token().await;
    for fields in [
        vec![("file", "a@b.example")],
        vec![("csrf_token", "wrong"), ("file", "a@b.example")],
        vec![("file", "a@b.example"), ("csrf_token", token.as_str())],
        vec![],
    ] {
        let refused = send_with(&mut ada, &path, &fields).await;
        assert_eq!(refused.status, 403, "{fields:?}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM roll_uploads").await, 0);
}

#[tokio::test]
async fn another_admin_has_a_file_of_their_own_and_a_discarded_one_is_gone() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    send(&mut ada, &path, "a@b.example\n").await;
    app.stan().await;
    app.execute("UPDATE users SET role = 'admin' WHERE id > $1", 0)
        .await;
    let mut stan = app.ada().await;
    stan.sign_in("pick-stan", "/").await;
    app.execute("UPDATE users SET role = 'admin' WHERE id > $1", 0)
        .await;
    let preview = format!("{path}voters/preview/");
    assert_eq!(stan.get(&preview).await.status, 303, "Stan has sent none");
    let discarded = ada.post(&preview, &[("press", "discard")]).await;
    assert!(discarded.location().ends_with("/voters/"));
    let gone = ada.get(&preview).await;
    assert!(gone.location().ends_with("/voters/upload/"));
    let nothing = ada.post(&preview, &[]).await;
    assert!(nothing.location().ends_with("/voters/upload/"));
}

#[tokio::test]
async fn a_file_is_forgotten_after_an_hour() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    send(&mut ada, &path, "a@b.example\n").await;
    app.advance(std::time::Duration::from_secs(3601)).await;
    let mut ada = app.ada().await;
    assert_eq!(
        ada.post(&format!("{path}voters/preview/"), &[])
            .await
            .status,
        303
    );
    assert_eq!(names(&mut ada, &path).await, [""; 0]);
    let kept = "SELECT COUNT(*) FROM roll_uploads";
    assert_eq!(app.number(kept).await, 1);
    let swept = app.state.polls.sweep(app.clock.now()).await;
    assert_eq!((swept.expect("an answer"), app.number(kept).await), (1, 0));
}

/// V18, X7.
#[tokio::test]
async fn a_hundred_thousand_voters_fit_into_one_file() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    let mut lines = String::new();
    for number in 0..100_000 {
        writeln!(lines, "voter{number}@acme.example").expect("text");
    }
    upload(&mut ada, &path, &lines).await;
    let page = ada.get(&format!("{path}voters/?page=2000")).await;
    assert!(
        page.text_of("main")
            .contains("100,000 people, of whom 100,000 have not signed in yet")
    );
    assert_eq!(page.texts("tbody tr").len(), 50);
    let file = ada.get(&format!("{path}voters.csv")).await;
    assert_eq!(file.text.lines().count(), 100_001);
    let larger = "x".repeat(9 << 20);
    assert_eq!(send(&mut ada, &path, &larger).await.status, 413);
}

/// R13.
#[tokio::test]
async fn the_list_comes_as_a_file_that_can_be_sent_again() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    app.uma().await;
    let path = listed_poll(&mut ada, &[]).await;
    upload(&mut ada, &path, "uma@acme.example\n=new@acme.example\n").await;
    let file = ada.get(&format!("{path}voters.csv")).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; filename=\"poll-")
    );
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(
        lines[0],
        "\u{feff}name,email,sub,iss,source,signed_in,voted"
    );
    assert!(
        lines[1].starts_with("Uma Umbach,uma@acme.example,"),
        "{}",
        lines[1]
    );
    assert_eq!(lines[2], ",'=new@acme.example,,,list,no,no");
    send(&mut ada, &path, &file.text).await;
    assert_eq!(counts(&mut ada, &path).await, ["0", "0", "2", "0"]);
}
