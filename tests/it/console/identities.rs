//! People who are forgotten, and people who are listed twice.

use rolecall::{
    audit::Actor,
    polls::{Cast, RollMode, Secrecy, Selection, editing::PollDraft},
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
    match signs_in(app, identity).await {
        SignIn::Welcome(user) => user.id,
        other => panic!("{other:?}"),
    }
}

async fn signs_in(app: &TestApp, identity: Identity) -> SignIn {
    let profile = Profile {
        display_name: "Uma Moved".to_owned(),
        email: Some("uma.moved@acme.example".to_owned()),
        email_verified: true,
        ..Profile::default()
    };
    let role = Some(Role::User.into());
    let now = app.clock.now();
    let signed_in = app.state.users.sign_in(identity, profile, role, None, now);
    signed_in.await.expect("an answer")
}

/// The identity that [`voter`] gives to whom it calls so.
fn before_the_move(subject: &str) -> Identity {
    Identity {
        issuer: "https://op.example".to_owned(),
        subject: subject.to_owned(),
    }
}

/// Somebody under both identities, merged: who is kept, and who is given up.
async fn merged(app: &TestApp) -> (UserId, UserId) {
    let now = app.clock.now();
    let old = voter(&app.state.users, "old-uma", Role::User, now).await;
    let new = moved(app, "new-uma").await;
    merge(app, old, new).await;
    (old, new)
}

async fn merge(app: &TestApp, old: UserId, new: UserId) {
    let now = app.clock.now();
    let merged = app.state.users.merge(old, new, Actor::CommandLine, now);
    let merged = merged.await.expect("an answer");
    assert!(matches!(merged, Taken::Done(_)), "{merged:?}");
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
            roll_mode: RollMode::List,
            ..draft("Listed?", &["a", "b"])
        };
        let poll = polls::create(&app.state.polls, listed, now).await;
        app.execute(
            "INSERT INTO voter_roll (poll_id, user_id, source) SELECT MAX(id), $1, 'list' FROM polls",
            new.0,
        )
        .await;
        merge(&app, old, new).await;
        let on_it = app
            .state
            .polls
            .on_roll(poll, &[old, new])
            .await
            .expect("an answer");
        assert!(on_it.contains(&old) && !on_it.contains(&new), "{on_it:?}");
    }
}

/// N-16, T2: the identity that nobody has any more is not free for a second vote.
#[tokio::test]
async fn whoever_comes_back_with_the_identity_from_before_the_merge_is_turned_away() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (kept, _) = merged(&app).await;
        let people = "SELECT COUNT(*) FROM users";
        let known = app.number(people).await;
        let back = signs_in(&app, before_the_move("old-uma")).await;
        assert!(matches!(back, SignIn::Deactivated), "{back:?}");
        assert_eq!(app.number(people).await, known);
        assert_eq!(moved(&app, "new-uma").await, kept);
    }
}

/// N-16, V18.
#[tokio::test]
async fn after_a_merge_address_and_both_subjects_on_a_list_mean_the_one_who_stays() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        merged(&app).await;
        let path = super::add(&mut ada, &[("roll_mode", "list")]).await;
        let file = "email,sub,iss\numa.moved@acme.example,,\n,new-uma,https://new.example\n\
            ,old-uma,https://op.example\n";
        crate::voter_lists::upload(&mut ada, &path, file).await;
        let list = ada.get(&format!("{path}voters/")).await;
        assert_eq!(list.texts("tbody th"), ["Uma Moved"]);
        assert!(list.text_of("tbody").contains("new-uma"));
    }
}

/// N-16, R8: a quorum is of people, not of identities.
#[tokio::test]
async fn somebody_merged_while_a_poll_is_open_counts_once_in_its_electorate() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (store, now) = (&app.state.polls, app.clock.now());
        let old = voter(&app.state.users, "old-uma", Role::User, now).await;
        let new = moved(&app, "new-uma").await;
        let listed = PollDraft {
            roll_mode: RollMode::List,
            ..draft("Listed?", &["a", "b"])
        };
        let poll = polls::create(store, listed, now).await;
        let people = vec![old, new];
        let added = store.add_voters(poll, people, Actor::System, now).await;
        added.expect("an answer");
        polls::take(store, rolecall::polls::editing::Step::Open, poll, now).await;
        let electorate = store.electorate(poll).await.expect("an answer");
        assert_eq!((electorate.eligible, electorate.waiting), (2, 2));
        merge(&app, old, new).await;
        let electorate = store.electorate(poll).await.expect("an answer");
        assert_eq!((electorate.eligible, electorate.waiting), (1, 1));
        let tally = store.tally(poll, now).await.expect("an answer");
        assert_eq!(tally.eligible, 1);
    }
}

/// X10: somebody who was listed twice leaves no name behind either.
#[tokio::test]
async fn erasing_somebody_forgets_the_identity_that_was_merged_into_theirs() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (kept, _) = merged(&app).await;
        let erased = app
            .state
            .users
            .erase(kept, Actor::CommandLine, app.clock.now());
        assert!(matches!(erased.await.expect("an answer"), Taken::Done(_)));
        let names = "SELECT COUNT(*) FROM users WHERE LOWER(display_name || search_key || sort_key
            || COALESCE(email, '')) LIKE '%uma moved%'";
        assert_eq!(app.number(names).await, 0);
    }
}

/// X10: whoever is let in again is a person like any other.
#[tokio::test]
async fn somebody_erased_and_activated_again_can_be_erased_again() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        app.uma().await;
        let path = page_of(&mut ada, "uma").await;
        ada.post(&format!("{path}erase/"), &[]).await;
        ada.post(&format!("{path}activate/"), &[]).await;
        let mut uma = app.uma().await;
        assert!(uma.is_signed_in().await);
        assert_eq!(page_of(&mut ada, "uma").await, path);
        let list = ada.get("/admin/users/?q=uma").await;
        assert_eq!(list.text_of("td[data-label=Active]"), "Yes");
        ada.post(&format!("{path}erase/"), &[]).await;
        assert!(
            ada.get(&path)
                .await
                .text_of("h1")
                .starts_with("Former user ")
        );
        assert!(!uma.is_signed_in().await);
    }
}

/// R15: never while the poll is open, on no page.
#[tokio::test]
async fn the_pages_that_erase_and_merge_do_not_tell_who_has_voted_in_an_open_secret_poll() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let (store, now) = (&app.state.polls, app.clock.now());
        let mut ada = app.ada().await;
        let secret = PollDraft {
            secrecy: Secrecy::Secret,
            ..draft("Secret?", &["a", "b"])
        };
        let poll = polls::open(store, secret, now).await;
        let voters = ["one", "two", "three", "four", "five"];
        let mut ids = Vec::new();
        for name in voters {
            ids.push(voter(&app.state.users, name, Role::User, now).await);
        }
        let erase = format!("/admin/users/{}/erase/", ids[0]);
        let merge = format!("/admin/users/{}/merge/?other={}", ids[0], ids[1]);
        let before = [ada.get(&erase).await, ada.get(&merge).await];
        let choice = polls::pick(&paper(store, poll).await, &[0]);
        for id in ids {
            let cast = store.cast(poll, id, choice.clone(), now).await;
            assert_eq!(cast.expect("an answer"), Cast::Recorded);
        }
        let after = [ada.get(&erase).await, ada.get(&merge).await];
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before.text_of("main"), after.text_of("main"));
        }
        polls::take(store, rolecall::polls::editing::Step::Close, poll, now).await;
        let told = ada.get(&erase).await.text_of("dl");
        assert!(told.contains("who has voted in 1 poll"), "{told}");
    }
}
