//! People who are forgotten, and people who are listed twice.

use rolecall::{
    audit::Actor,
    polls::{Cast, Selection, editing::PollDraft},
    users::{Identity, Profile, Role, SignIn, UserId, administration::Taken},
};

use super::{open, uma_votes};
use crate::support::{
    app::TestApp,
    database::Engine,
    person::Person,
    polls::{self, draft, paper, voter},
};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

async fn page_of(ada: &mut Person<'_>, name: &str) -> String {
    let list = ada.get(&format!("/admin/users/?q={name}")).await;
    let href = list.attributes("tbody th a", "href").remove(0);
    href.split('?').next().expect("a path").to_owned()
}

/// X10, SEC-77.
#[tokio::test]
async fn somebody_erased_leaves_no_name_and_their_vote_counts() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let poll = open(&mut ada, &[]).await;
        let mut uma = app.uma().await;
        uma_votes(&app, &poll).await;
        let path = page_of(&mut ada, "uma").await;
        let asked = ada.get(&format!("{path}erase/")).await;
        assert!(asked.text_of("dl").contains("who has voted in 1 poll"));
        let done = ada.post(&format!("{path}erase/"), &[]).await;
        assert_eq!(done.location(), path);
        let page = ada.get(&path).await;
        assert!(page.text_of("h1").starts_with("Former user "));
        assert_eq!(
            ada.get("/admin/users/?q=uma").await.texts("tbody th"),
            [""; 0]
        );
        assert!(!uma.is_signed_in().await);
        let again = app.anonymous().sign_in("pick-uma", "/").await;
        assert_eq!(again.status, 403, "{}", again.text);
        assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 1);
        for column in [
            "display_name",
            "email",
            "given_name",
            "family_name",
            "search_key",
        ] {
            assert!(!page.text.to_lowercase().contains("umbach"), "{column}");
        }
        let names = "SELECT COUNT(*) FROM users WHERE LOWER(display_name || search_key || sort_key
            || COALESCE(email, '') || COALESCE(family_name, '')) LIKE '%umbach%'";
        assert_eq!(app.number(names).await, 0);
        let again = ada.post(&format!("{path}erase/"), &[]).await;
        let said = ada.get(again.location()).await.text_of(".flash");
        assert!(said.contains("nothing left to erase"), "{said}");
    }
}

/// A27: the same protection as for deactivating.
#[tokio::test]
async fn nobody_erases_themselves_or_the_last_admin() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = page_of(&mut ada, "ada").await;
    ada.post(&format!("{path}erase/"), &[]).await;
    assert_eq!(ada.get(&path).await.text_of("h1"), "Ada Adler");
    let id = path
        .trim_matches(|c: char| !c.is_ascii_digit())
        .parse()
        .expect("a key");
    let erased = app
        .state
        .users
        .erase(UserId(id), Actor::CommandLine, app.clock.now())
        .await;
    assert_eq!(erased.expect("an answer"), Taken::LastAdmin);
    assert_eq!(ada.get(&path).await.text_of("h1"), "Ada Adler");
}

/// Somebody who signs in by another provider's identity.
async fn moved(app: &TestApp, subject: &str) -> UserId {
    let identity = Identity {
        issuer: "https://new.example".to_owned(),
        subject: subject.to_owned(),
    };
    let profile = Profile {
        display_name: "Uma Moved".to_owned(),
        ..Profile::default()
    };
    let role = Some(Role::User.into());
    let signed_in = app
        .state
        .users
        .sign_in(identity, profile, role, None, app.clock.now())
        .await;
    match signed_in.expect("an answer") {
        SignIn::Welcome(user) => user.id,
        other => panic!("{other:?}"),
    }
}

/// N-16.
#[tokio::test]
async fn two_identities_of_one_person_are_joined_and_every_vote_stays() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (store, now) = (&app.state.polls, app.clock.now());
        let mut ada = app.ada().await;
        let old = voter(&app.state.users, "old-uma", Role::User, now).await;
        let one = polls::open(store, draft("One?", &["a", "b"]), now).await;
        let other = polls::open(store, draft("Other?", &["a", "b"]), now).await;
        let pick = |paper: &[rolecall::polls::Choice]| {
            Selection::Choices([paper[0].id].into_iter().collect())
        };
        let first = pick(&paper(store, one).await);
        let second = pick(&paper(store, other).await);
        store
            .cast(one, old, first.clone(), now)
            .await
            .expect("a vote");
        let new = moved(&app, "new-uma").await;
        store
            .cast(other, new, second.clone(), now)
            .await
            .expect("a vote");

        let path = format!("/admin/users/{old}/");
        let search = ada.get(&format!("{path}merge/?q=moved")).await;
        let found = search.attributes("main a[href*=other]", "href").remove(0);
        let asked = ada.get(&found).await;
        assert_eq!(asked.texts("main tbody tr:last-child td"), ["1", "1"]);
        assert!(
            asked
                .text_of(".note")
                .contains("e-mail addresses are not the same")
        );
        let done = ada
            .post(&format!("{path}merge/"), &[("other", &new.to_string())])
            .await;
        assert_eq!(done.location(), path, "{}", done.text);

        assert_eq!(
            moved(&app, "new-uma").await,
            old,
            "the next sign-in is the one who stayed"
        );
        for (poll, selection) in [(one, first), (other, second)] {
            let again = store
                .cast(poll, old, selection, now)
                .await
                .expect("an answer");
            assert_eq!(again, Cast::Already, "{poll}");
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 2);
        let gone = ada.get(&format!("/admin/users/{new}/")).await;
        assert!(
            gone.text_of("dl")
                .contains("identity was given to somebody else")
        );
        let told = app
            .number("SELECT COUNT(*) FROM audit_log WHERE action = 'users_merged'")
            .await;
        assert_eq!(told, 1);
        let twice = ada
            .post(&format!("{path}merge/"), &[("other", &new.to_string())])
            .await;
        let said = ada.get(twice.location()).await.text_of(".flash");
        assert!(said.contains("already"), "{said}");
    }
}

/// N-16, V18: a list entry of the identity that was given up is not lost.
#[tokio::test]
async fn who_stood_on_a_list_under_the_other_identity_stands_on_it_after_the_merge() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let now = app.clock.now();
        let old = voter(&app.state.users, "old-uma", Role::User, now).await;
        let new = moved(&app, "new-uma").await;
        let listed = PollDraft {
            roll_mode: rolecall::polls::RollMode::List,
            ..draft("Listed?", &["a", "b"])
        };
        let poll = polls::create(&app.state.polls, listed, now).await;
        app.execute(
            "INSERT INTO voter_roll (poll_id, user_id, source) SELECT MAX(id), $1, 'list' FROM polls",
            new.0,
        )
        .await;
        let merged = app
            .state
            .users
            .merge(old, new, Actor::CommandLine, now)
            .await;
        assert!(matches!(merged.expect("an answer"), Taken::Done(_)));
        let on_it = app
            .state
            .polls
            .on_roll(poll, &[old, new])
            .await
            .expect("an answer");
        assert!(on_it.contains(&old) && !on_it.contains(&new), "{on_it:?}");
    }
}
