//! Who is on a list and who is not, when it comes to voting.

use std::time::Duration;

use demo_idp::Person as Account;
use rolecall::db::Db;
use sqlx::PgPool;

use super::{listed_poll, names, send, upload};
use crate::{
    console,
    sign_in::at_provider,
    support::{app::TestApp, database::Engine, person::Person},
};

/// The page that voters see of the poll at `path`.
fn public(path: &str) -> String {
    path.replace("/admin", "")
}

async fn vote(person: &mut Person<'_>, path: &str) -> u16 {
    let poll = public(path);
    let choices = person
        .get(&poll)
        .await
        .attributes("input[name=choice]", "value");
    let Some(choice) = choices.first() else {
        return person
            .post(&format!("{poll}vote/"), &[("choice", "1")])
            .await
            .status
            .as_u16();
    };
    let voted = person
        .post(&format!("{poll}vote/"), &[("choice", choice)])
        .await;
    voted.status.as_u16()
}

/// V17, V18, V32, R7.
#[tokio::test]
async fn only_those_on_the_list_vote_and_the_others_are_told_why_not() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (mut ada, mut uma, mut stan) = (app.ada().await, app.uma().await, app.stan().await);
        let path = listed_poll(&mut ada, &[]).await;
        upload(&mut ada, &path, "uma@acme.example\nnever@acme.example\n").await;
        let asked = ada.get(&format!("{path}open/")).await;
        assert!(
            asked
                .text_of("dl")
                .contains("2 people on the list of voters who may vote.")
        );
        console::take(&mut ada, &path, "open").await;
        let told = stan.get(&public(&path)).await;
        assert!(
            told.text_of(".note")
                .contains("This poll is for the people on a list, and you are not on it.")
        );
        assert_eq!(
            stan.get("/")
                .await
                .texts("[aria-labelledby=open] .card")
                .len(),
            0
        );
        assert_eq!(vote(&mut stan, &path).await, 403);
        assert_eq!(
            uma.get("/")
                .await
                .texts("[aria-labelledby=open] .card")
                .len(),
            1
        );
        assert_eq!(vote(&mut uma, &path).await, 303);
        console::take(&mut ada, &path, "close").await;
        let results = stan.get(&format!("{}results/", public(&path))).await;
        assert!(
            results
                .text_of("dl.facts")
                .contains("1 of 2 eligible (50.0 %)"),
            "{}",
            results.text_of("dl.facts")
        );
        let voters = ada.get(&format!("{path}voters/")).await;
        assert_eq!(voters.texts("tbody td:nth-child(6)"), ["Yes", "No"]);
    }
}

/// R4, T9.
#[tokio::test]
async fn the_list_of_a_secret_poll_does_not_tell_who_has_voted() {
    let app = TestApp::start().await;
    let (mut ada, mut uma) = (app.ada().await, app.uma().await);
    let path = listed_poll(&mut ada, &[("secrecy", "secret"), ("roles", "user")]).await;
    upload(&mut ada, &path, "uma@acme.example\n").await;
    console::take(&mut ada, &path, "open").await;
    let seen = async |ada: &mut Person<'_>| {
        let list = ada.get(&format!("{path}voters/")).await;
        let file = ada.get(&format!("{path}voters.csv")).await;
        (list.texts("thead th"), list.texts("tbody td"), file.text)
    };
    let before = seen(&mut ada).await;
    assert_eq!(vote(&mut uma, &path).await, 303);
    assert_eq!(seen(&mut ada).await, before);
    assert!(!before.0.contains(&"Voted".to_owned()) && !before.2.contains("voted"));
}

/// Waits until somebody waits for the table of people, or long enough.
async fn until_somebody_waits(pool: &PgPool) {
    let waiting =
        "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'users'::regclass";
    let wait = async {
        loop {
            let found: i64 = sqlx::query_scalar(waiting)
                .fetch_one(pool)
                .await
                .expect("a number");
            if found > 0 {
                return;
            }
        }
    };
    // Without anybody who waits the test fails by what it finds afterwards.
    let _ = tokio::time::timeout(Duration::from_mins(1), wait).await;
}

/// V18: somebody's first sign-in is on its way while the list is saved.
#[tokio::test]
async fn whoever_signs_in_for_the_first_time_while_a_list_is_saved_is_on_it() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let Db::Postgres { pool, .. } = app.state.db.clone() else {
        panic!("another engine");
    };
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    send(&mut ada, &path, "vera@acme.example\n").await;
    let mut arriving = pool.begin().await.expect("a transaction");
    let arrival =
        "INSERT INTO users (issuer, subject, username, email, email_verified, display_name,
                          sort_key, search_key, role, role_checked_at, first_seen_at)
        VALUES ('https://op.example', 'vera', 'vera', 'vera@acme.example', TRUE, 'Vera', 'vera',
                'vera', 'user', 1, 1)";
    let inserted = sqlx::query(arrival).execute(&mut *arriving).await;
    inserted.expect("Vera arrives");
    let preview = format!("{path}voters/preview/");
    let arrival = async {
        until_somebody_waits(&pool).await;
        arriving.commit().await.expect("Vera is there");
    };
    let (saved, ()) = tokio::join!(ada.post(&preview, &[]), arrival);
    assert_eq!(saved.status, 303, "{}", saved.text);
    assert_eq!(names(&mut ada, &path).await, ["Vera"]);
}

/// Somebody signs in, as `change` makes Uma at the provider.
async fn arrives(app: &TestApp, change: impl FnOnce(&mut Account)) -> Person<'_> {
    let mut account = Account::uma();
    change(&mut account);
    let sub = account.sub.clone();
    app.op()
        .set(|knobs| knobs.authorize.pick = Some(sub.clone()));
    app.op().remove_person(&sub);
    app.op().add_person(account);
    let mut person = app.anonymous();
    let callback = at_provider(&person.get("/oidc/authenticate/").await).await;
    let landed = person.get(&callback).await;
    assert_eq!(landed.status, 303, "{}", landed.text);
    app.op().set(|knobs| knobs.authorize.pick = None);
    person
}

/// V18, SEC-16.
#[tokio::test]
async fn an_invitation_becomes_an_entry_for_whom_the_provider_has_verified_and_for_nobody_else() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = listed_poll(&mut ada, &[]).await;
        let lines = format!("Uma@ACME.example\nsub-7\n{}\n", "other@acme.example");
        upload(&mut ada, &path, &lines).await;
        console::take(&mut ada, &path, "open").await;
        let mut unverified = arrives(&app, |account| {
            account.sub = "somebody-else".to_owned();
            account.email_verified = false;
        })
        .await;
        let told = unverified.get(&public(&path)).await;
        assert!(
            told.text_of(".note")
                .contains("has not verified uma@acme.example"),
            "{}",
            told.text
        );
        assert_eq!(vote(&mut unverified, &path).await, 403);
        let mut by_email = arrives(&app, |_| ()).await;
        assert_eq!(vote(&mut by_email, &path).await, 303);
        let mut by_subject = arrives(&app, |account| {
            account.sub = "sub-7".to_owned();
            account.email = None;
        })
        .await;
        assert_eq!(vote(&mut by_subject, &path).await, 303);
        let mut second = arrives(&app, |account| account.sub = "a-second-account".to_owned()).await;
        assert_eq!(vote(&mut second, &path).await, 403, "the address was used");
        assert_eq!(app.number("SELECT COUNT(*) FROM roll_invites").await, 1);
        assert_eq!(
            app.number("SELECT COUNT(*) FROM voter_roll WHERE source = 'list'")
                .await,
            2
        );
        assert_eq!(rolecall::audit::verify(&app.state.db).await.unwrap(), None);
    }
}

/// V18.
#[tokio::test]
async fn somebody_whose_address_is_verified_later_is_on_the_list_from_then_on() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = listed_poll(&mut ada, &[]).await;
    arrives(&app, |account| account.email_verified = false).await;
    upload(&mut ada, &path, "uma@acme.example\n").await;
    console::take(&mut ada, &path, "open").await;
    assert_eq!(app.number("SELECT COUNT(*) FROM voter_roll").await, 0);
    let mut uma = arrives(&app, |_| ()).await;
    assert_eq!(vote(&mut uma, &path).await, 303);
}
