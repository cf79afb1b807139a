//! From the provider's claims to what a person may do here.

use std::time::Duration;

use demo_idp::{
    Person as Account, Placement, RolesClaim,
    people::{ORGANISATION, grants},
};
use rolecall::users::{Role, UserId};
use serde_json::{Map, Value, json};

use crate::support::{
    app::TestApp,
    database::Engine,
    person::{Person, Reply},
};

const OWN_PROJECT: &str = "urn:zitadel:iam:org:project:roles";

/// What the person at `/polls/1/results/` is: 404 for those who may, as there is no such poll.
async fn may_read_results(person: &mut Person<'_>) -> bool {
    person.get("/polls/1/results/").await.status == 404
}

fn uma() -> String {
    Account::uma().sub
}

/// Uma signs in while the provider claims these roles of her.
async fn sign_in_with(app: &TestApp, roles: RolesClaim) -> Reply {
    app.op().roles(&uma(), roles).expect("Uma is known");
    app.anonymous().sign_in("pick-uma", "/").await
}

async fn role_of_uma(app: &TestApp) -> (i64, i64, i64) {
    (
        app.number("SELECT CAST(MAX(CAST(is_active AS INTEGER)) AS BIGINT) FROM users")
            .await,
        app.number("SELECT CAST(MAX(CAST(is_staff AS INTEGER)) AS BIGINT) FROM users")
            .await,
        app.number("SELECT CAST(MAX(CAST(is_superuser AS INTEGER)) AS BIGINT) FROM users")
            .await,
    )
}

fn claims(value: Value) -> RolesClaim {
    match value {
        Value::Object(claims) => RolesClaim::Claims(claims),
        _ => RolesClaim::Claims(Map::new()),
    }
}

/// Z-1, Z-2, Z-3, Z-5.
#[tokio::test]
async fn the_strongest_role_of_the_project_counts() {
    let app = TestApp::start().await;
    for (roles, flags) in [
        (&["admin"][..], (1, 1, 1)),
        (&["staff"], (1, 1, 0)),
        (&["user"], (1, 0, 0)),
        (&["user", "staff", "admin"], (1, 1, 1)),
        (&["user", "something-else"], (1, 0, 0)),
    ] {
        for claim in [RolesClaim::of(roles), RolesClaim::array_of(roles)] {
            assert_eq!(sign_in_with(&app, claim).await.location(), "/");
            assert_eq!(role_of_uma(&app).await, flags, "{roles:?}");
        }
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 1);
}

/// Z-4, Z-6, D-2, N-3, E-3, E-4, SEC-17.
#[tokio::test]
async fn without_a_role_nobody_is_signed_in_and_nothing_is_stored() {
    let app = TestApp::start().await;
    for roles in [
        RolesClaim::Absent,
        RolesClaim::empty(),
        RolesClaim::of(&["guest"]),
        RolesClaim::of(&["Admin"]),
        RolesClaim::OtherProject("999".to_owned(), grants(&["admin"])),
        claims(json!({ (app.op().roles_claim()): "admin" })),
        claims(json!({ (app.op().roles_claim()): null })),
        claims(json!({ (app.op().roles_claim()): {}, OWN_PROJECT: ["admin"] })),
    ] {
        let what = format!("{roles:?}");
        let refused = sign_in_with(&app, roles).await;
        assert_eq!(refused.status, 403, "{what}");
        assert!(refused.text_of(".lede").contains("uma@acme.example"));
        assert!(refused.text_of(".lede").contains("admin, staff or user"));
        assert!(refused.text_of(".note").contains(app.op().project_id()));
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// Z-4, N-3, N-4, M-27.
#[tokio::test]
async fn a_refused_person_can_use_another_account_or_sign_out_at_the_provider() {
    let app = TestApp::start().await;
    let mut nora = app.anonymous();
    let refused = nora.sign_in("pick-nora", "/polls/?q=1").await;
    let links = refused.attributes("main .actions a", "href");
    assert_eq!(
        links[0],
        "/oidc/authenticate/?next=%2Fpolls%2F%3Fq%3D1&prompt=select_account"
    );
    assert!(links[1].starts_with(&format!("{}/oidc/v1/end_session?", app.provider.issuer())));
    assert!(!links[1].contains("id_token_hint"));
    let asked = nora.get("/polls/1/").await;
    assert_eq!(asked.status, 303, "she is anonymous afterwards");
}

/// M-27, SEC-19.
#[tokio::test]
async fn a_refused_sign_in_ends_the_session_that_the_browser_had() {
    let app = TestApp::start().await;
    let mut browser = app.uma().await;
    assert_eq!(browser.sign_in("pick-nora", "/").await.status, 403);
    assert!(!browser.is_signed_in().await);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// N-2, K-8, E-2.
#[tokio::test]
async fn a_role_that_is_gone_at_the_next_sign_in_ends_every_session() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let (mut laptop, mut phone) = (app.ada().await, app.ada().await);
    app.op()
        .roles(&Account::ada().sub, RolesClaim::Absent)
        .expect("Ada is known");
    assert_eq!(laptop.sign_in("pick-ada", "/").await.status, 403);
    assert!(!laptop.is_signed_in().await);
    assert!(!phone.is_signed_in().await);
    assert_eq!(
        app.number("SELECT COUNT(*) FROM users WHERE role_lost_at IS NOT NULL")
            .await,
        1
    );
    let noted = "SELECT COUNT(*) FROM audit_log WHERE action = 'role_lost'";
    assert_eq!(app.number(noted).await, 1);
}

/// Z-21.
#[tokio::test]
async fn somebody_whose_role_came_back_is_let_in_again() {
    let app = TestApp::start().await;
    sign_in_with(&app, RolesClaim::of(&["admin"])).await;
    assert_eq!(sign_in_with(&app, RolesClaim::Absent).await.status, 403);
    assert_eq!(
        sign_in_with(&app, RolesClaim::of(&["user"]))
            .await
            .location(),
        "/"
    );
    assert_eq!(role_of_uma(&app).await, (1, 0, 0));
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 1);
}

/// N-2, SEC-18.
#[tokio::test]
async fn a_weaker_role_reaches_the_other_sessions_at_once() {
    let app = TestApp::start().await;
    let (mut laptop, mut phone) = (app.stan().await, app.anonymous());
    assert!(may_read_results(&mut laptop).await);
    app.op()
        .roles(&Account::stan().sub, RolesClaim::of(&["user"]))
        .expect("Stan is known");
    phone.sign_in("pick-stan", "/").await;
    assert!(!may_read_results(&mut laptop).await);
    assert!(laptop.is_signed_in().await);
}

/// Z-9, E-36.
#[tokio::test]
async fn roles_count_wherever_the_provider_puts_them() {
    for (in_id_token, in_userinfo) in [
        (Placement::Always, Placement::Never),
        (Placement::Never, Placement::Always),
    ] {
        let app = TestApp::start().await;
        app.op().set(|k| {
            k.roles.in_id_token = in_id_token;
            k.roles.in_userinfo = in_userinfo;
        });
        assert!(
            may_read_results(&mut app.stan().await).await,
            "{in_id_token:?}"
        );
    }
}

/// Z-9.
#[tokio::test]
async fn userinfo_has_the_last_word_on_roles() {
    let app = TestApp::start().await;
    let claim = app.op().roles_claim();
    app.op().set(|k| {
        k.id_token.claims.set(claim.clone(), json!({ "admin": {} }));
        k.userinfo.claims.set(claim, json!({ "user": {} }));
    });
    app.uma().await;
    assert_eq!(role_of_uma(&app).await, (1, 0, 0));
}

/// Z-8, E-105.
#[tokio::test]
async fn roles_come_without_the_projects_switch_because_both_scopes_are_asked_for() {
    let app = TestApp::start().await;
    app.op().set(|k| k.roles.assert = false);
    assert!(may_read_results(&mut app.stan().await).await);
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.oidc.providers[0]
            .scopes
            .retain(|scope| !scope.ends_with(":aud"));
    })
    .await;
    app.op().set(|k| k.roles.assert = false);
    assert_eq!(app.anonymous().sign_in("pick-stan", "/").await.status, 403);
}

///
#[tokio::test]
async fn organisations_that_grant_a_role_are_no_roles() {
    let app = TestApp::start().await;
    let through = RolesClaim::through("user", &[("admin", "staff"), ORGANISATION]);
    assert_eq!(sign_in_with(&app, through).await.location(), "/");
    assert_eq!(role_of_uma(&app).await, (1, 0, 0));
}

/// M-12, M-13, N-16, E-5, SEC-16.
#[tokio::test]
async fn an_e_mail_address_makes_nobody_somebody_else() {
    let app = TestApp::start().await;
    app.ada().await;
    let address = |account: &mut Account| account.email = Some("ADA@acme.example".to_owned());
    app.op().person(&uma(), address).expect("Uma is known");
    let mut uma = app.uma().await;
    assert!(!may_read_results(&mut uma).await);
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 2);
}

/// A-13, E-47, SEC-16.
#[tokio::test]
async fn subjects_are_compared_byte_by_byte() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        for subject in [
            "auth0|a",
            "auth0|A",
            "auth0_a",
            "auth0|a ",
            "259",
            "caf\u{e9}",
            "cafe\u{301}",
        ] {
            app.op().set(|k| {
                k.id_token.claims.set("sub", subject);
                k.userinfo.claims.set("sub", subject);
            });
            app.uma().await;
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 7);
    }
}

/// Z-20, Z-21, Z-27, A-8, A-15, E-27, oidcc-client-test-scope-userinfo-claims.
#[tokio::test]
async fn a_profile_is_copied_at_every_sign_in() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let page = uma.get("/user").await;
    for text in [
        "Uma Umbach",
        "uma@acme.example (verified)",
        "259000000000000103",
        "Umbach",
    ] {
        assert!(page.text_of("main").contains(text), "{text}");
    }
    let change = |account: &mut Account| {
        account.name = Some("<b>Uma</b>".to_owned());
        account.email = Some("new@acme.example".to_owned());
        account.email_verified = false;
    };
    app.op()
        .person(&Account::uma().sub, change)
        .expect("Uma is known");
    uma.sign_in("pick-uma", "/").await;
    let page = uma.get("/user").await;
    assert_eq!(page.text_of("h1"), "<b>Uma</b>");
    assert!(
        page.text_of("main")
            .contains("new@acme.example (not verified)")
    );
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 1);
}

/// A-8, E-6, E-7.
#[tokio::test]
async fn somebody_without_names_or_address_can_sign_in() {
    let app = TestApp::start().await;
    let change = |account: &mut Account| {
        (account.name, account.given_name, account.family_name) = (None, None, None);
        account.email = None;
        account.claims.set("locale", Value::Null);
    };
    app.op().person(&uma(), change).expect("Uma is known");
    let page = app.uma().await.get("/user").await;
    assert_eq!(page.text_of("h1"), "uma");
    assert!(!page.text.contains("None"));
}

#[tokio::test]
async fn control_characters_in_a_profile_are_left_out_on_either_database() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let change = |account: &mut Account| {
            account.name = Some("U\0m\u{1b}a".to_owned());
            account.email = Some("uma\0@acme.example".to_owned());
        };
        app.op().person(&uma(), change).expect("Uma is known");
        app.op().set(|k| k.id_token.claims.set("sid", "a\0b"));
        let page = app.uma().await.get("/user").await;
        assert_eq!(page.text_of("h1"), "Uma");
        assert!(page.text_of("main").contains("uma@acme.example"));
        let with_sid = "SELECT COUNT(*) FROM sessions WHERE sid IS NOT NULL";
        assert_eq!(app.number(with_sid).await, 0);
    }
}

#[tokio::test]
async fn an_older_word_does_not_take_the_place_of_a_newer_one() {
    let app = TestApp::start().await;
    let asked_at = app.clock.now();
    app.clock.advance(Duration::from_secs(1));
    let mut stan = app.stan().await;
    let id = UserId(app.number("SELECT id FROM users").await);
    for word in [None, Some(Role::User.into())] {
        let users = &app.state.users;
        users
            .confirm_role(id, word, asked_at)
            .await
            .expect("the database answers");
        assert!(may_read_results(&mut stan).await);
    }
}

/// A-16, E-45.
#[tokio::test]
async fn a_deleted_user_is_signed_out_without_an_error() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.execute("DELETE FROM users WHERE id > $1", 0).await;
    assert!(!uma.is_signed_in().await);
    assert_eq!(uma.get("/user").await.text_of("h1"), "Your profile");
}

#[tokio::test]
async fn a_deactivated_person_is_refused() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.execute("UPDATE users SET deactivated_at = $1", 1).await;
    assert!(!uma.is_signed_in().await);
    let refused = uma.sign_in("pick-uma", "/").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.text_of("h1"), "This account was deactivated here");
}
