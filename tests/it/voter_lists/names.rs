//! The lists in the order of names: an index that triggers keep, whatever happens to people.

use std::time::Duration;

use demo_idp::{Person as Account, RolesClaim};
use rolecall::{
    audit::Actor,
    polls::{PollId, editing::Edit},
    users::Role,
};

use super::{listed_poll, names, upload};
use crate::{
    console,
    support::{app::TestApp, database::Engine, polls::voter},
};

/// Entries that are on a list and not in its order, or the other way round.
const ASTRAY: &str = "
    SELECT (SELECT COUNT(*) FROM voter_roll JOIN users ON users.id = voter_roll.user_id
            WHERE source <> 'role' AND NOT EXISTS (
                SELECT 1 FROM roll_names
                WHERE roll_names.poll_id = voter_roll.poll_id AND roll_names.user_id = users.id
                  AND roll_names.sort_key = users.sort_key))
         + (SELECT COUNT(*) FROM roll_names WHERE NOT EXISTS (
                SELECT 1 FROM voter_roll
                WHERE voter_roll.poll_id = roll_names.poll_id AND source <> 'role'
                  AND voter_roll.user_id = roll_names.user_id))";

async fn number(app: &TestApp, in_order: i64) {
    assert_eq!(app.number(ASTRAY).await, 0);
    let listed = "SELECT COUNT(*) FROM roll_names";
    assert_eq!(app.number(listed).await, in_order);
}

/// V18, A4.
#[tokio::test]
async fn a_list_stays_in_the_order_of_names_whatever_happens_to_people() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        app.stan().await;
        let path = listed_poll(&mut ada, &[]).await;
        let other = listed_poll(&mut ada, &[]).await;
        for path in [&path, &other] {
            upload(
                &mut ada,
                path,
                "stan@acme.example\numa@acme.example\nz@acme.example\n",
            )
            .await;
        }
        number(&app, 2).await;
        // Uma signs in for the first time, then under another name.
        app.uma().await;
        number(&app, 4).await;
        let (stan, uma) = ("Stan Stark", "Uma Umbach");
        assert_eq!(names(&mut ada, &path).await, [stan, uma, "z@acme.example"]);
        let renamed = app.op().person(&Account::uma().sub, |uma| {
            uma.name = Some("Abby Umbach".to_owned());
        });
        renamed.expect("a person");
        app.advance(Duration::from_mins(1)).await;
        app.uma().await;
        number(&app, 4).await;
        let mut ada = app.ada().await;
        let found = names(&mut ada, &path).await;
        assert_eq!(found, ["Abby Umbach", stan, "z@acme.example"]);
        let list = ada.get(&format!("{path}voters/")).await;
        let entry = list.attributes("input[name=id]", "value").remove(0);
        ada.post(&format!("{path}voters/"), &[("entry", &entry)])
            .await;
        number(&app, 3).await;
        assert_eq!(names(&mut ada, &path).await, [stan, "z@acme.example"]);
        // Erased, Abby stands under another name where she is still listed.
        ada.post(&format!("/admin/users/{entry}/erase/"), &[]).await;
        number(&app, 3).await;
        assert_eq!(
            names(&mut ada, &other).await[0],
            format!("Former user {entry}")
        );
        let deleted = [("version", "1"), ("number", "2")];
        ada.post(&format!("{other}delete/"), &deleted).await;
        number(&app, 1).await;
    }
}

/// V17: who may vote by role stands in no list.
#[tokio::test]
async fn somebody_who_votes_by_role_is_in_no_list_of_names() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = console::add(&mut ada, &[]).await;
        console::take(&mut ada, &path, "open").await;
        app.op()
            .roles(&Account::uma().sub, RolesClaim::of(&["user"]))
            .expect("a person");
        console::uma_votes(&app, &path).await;
        number(&app, 0).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM voter_roll").await, 1);
    }
}

/// A10: page after page, people first, nobody twice and nobody left out; the same as sorted.
#[tokio::test]
async fn pages_of_people_and_invitations_join_without_a_gap() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = listed_poll(&mut ada, &[]).await;
        let (mut people, mut lines) = (Vec::new(), Vec::new());
        let (state, now) = (&app.state, app.clock.now());
        for number in 100..130 {
            let subject = format!("p{number}");
            people.push(voter(&state.users, &subject, Role::User, now).await);
            lines.push(format!("i{number}@acme.example"));
        }
        let added = state
            .polls
            .add_voters(PollId(1), people, Actor::CommandLine, now);
        assert_eq!(added.await.expect("an answer"), Edit::Done(PollId(1)));
        upload(&mut ada, &path, &lines.join("\n")).await;
        let mut walked = Vec::new();
        for page in 1..=3 {
            let page = format!("{path}voters/?size=25&page={page}");
            walked.push(ada.get(&page).await.texts("tbody th"));
        }
        assert_eq!(
            walked.iter().map(Vec::len).collect::<Vec<_>>(),
            [25, 25, 10]
        );
        let whole = format!("{path}voters/?size=all&sort=signed-in,name,added");
        let sorted = ada.get(&whole).await.texts("tbody th");
        assert_eq!(walked.concat(), sorted);
        let kind = format!("{path}voters/?size=25&page=2&kind=email");
        assert_eq!(ada.get(&kind).await.texts("tbody th").len(), 5);
        assert_eq!(app.number(ASTRAY).await, 0);
    }
}
