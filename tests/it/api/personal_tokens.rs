//! Personal access tokens: made on the profile, used by programs, ended by many hands.

use std::time::Duration;

use rolecall::users::Role;

use crate::support::{
    app::TestApp,
    command::{rolecall, run},
    log,
    person::{Person, Reply},
};

const LIST: &str = "/user/tokens/";

async fn make(person: &mut Person<'_>, name: &str, role: &str, days: &str) -> Reply {
    let fields = [("name", name), ("role", role), ("days", days)];
    person.post("/user/tokens/make/", &fields).await
}

/// The token that the page shows.
async fn made(person: &mut Person<'_>, role: &str) -> String {
    let page = make(person, "my script", role, "30").await;
    assert_eq!(page.status, 200, "{}", page.text);
    page.text_of("#token")
}

async fn status(app: &TestApp, token: &str) -> (u16, String) {
    let reply = app.program(token).get("/api/private").await;
    let code = if reply.status == 200 {
        String::new()
    } else {
        reply.code()
    };
    (reply.status.as_u16(), code)
}

async fn role(app: &TestApp, token: &str) -> Option<Role> {
    let caller = app.state.verifiers.verify(token).await;
    caller.expect("a good token").role
}

fn refused(code: &str) -> (u16, String) {
    (401, code.to_owned())
}

const GOOD: (u16, String) = (200, String::new());

/// SEC-71: it opens the API and no page.
#[tokio::test]
async fn a_token_is_shown_once_and_opens_the_api_and_no_page() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let token = made(&mut stan, "staff").await;
    assert!(token.starts_with("rolecall_pat_"), "{token}");
    assert_eq!(status(&app, &token).await, GOOD);
    assert_eq!(role(&app, &token).await, Some(Role::Staff));
    let list = stan.get(LIST).await;
    assert_eq!(list.text_of("tbody th"), "my script");
    assert!(!list.text.contains(&token), "{}", list.text);
    let page = app.program(&*token).get("/polls/1/results/").await;
    assert_eq!(page.status, 303);
}

#[tokio::test]
async fn the_database_and_the_log_hold_no_token() {
    log::keep();
    let app = TestApp::start().await;
    let token = made(&mut app.uma().await, "user").await;
    status(&app, &token).await;
    let log = log::taken();
    assert!(!log.contains(&token), "{log}");
    let kept = "SELECT COUNT(*) FROM personal_access_tokens WHERE length(token_hash) = 32";
    assert_eq!(app.number(kept).await, 1);
    let told = "SELECT COUNT(*) FROM audit_log WHERE changes LIKE '%rolecall_pat%'";
    assert_eq!(app.number(told).await, 0);
    let told = "SELECT COUNT(*) FROM audit_log WHERE action = 'token_made'";
    assert_eq!(app.number(told).await, 1);
}

#[tokio::test]
async fn a_token_does_no_more_than_its_person_said_and_may() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let weak = made(&mut stan, "user").await;
    assert_eq!(role(&app, &weak).await, Some(Role::User));
    let refused = make(&mut stan, "too much", "admin", "30").await;
    assert_eq!(refused.status, 422);
    let strong = make(&mut stan, "strong", "staff", "30")
        .await
        .text_of("#token");
    app.execute("UPDATE users SET role = 'user' WHERE id > $1", 0)
        .await;
    assert_eq!(role(&app, &strong).await, Some(Role::User));
}

#[tokio::test]
async fn a_token_ends_when_its_time_is_over() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = make(&mut uma, "short", "user", "7").await.text_of("#token");
    app.advance(Duration::from_hours(7 * 24) - Duration::from_secs(1))
        .await;
    assert_eq!(status(&app, &token).await, GOOD);
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(status(&app, &token).await, refused("invalid_token_expired"));
}

#[tokio::test]
async fn a_person_ends_their_own_token_and_no_other() {
    let app = TestApp::start().await;
    let (mut uma, mut stan) = (app.uma().await, app.stan().await);
    let token = made(&mut uma, "user").await;
    let id = uma
        .get(LIST)
        .await
        .attributes("input[name=token]", "value")
        .remove(0);
    stan.post("/user/tokens/end/", &[("token", &id)]).await;
    assert_eq!(status(&app, &token).await, GOOD);
    let ended = uma.post("/user/tokens/end/", &[("token", &id)]).await;
    assert_eq!(ended.location(), LIST);
    assert_eq!(status(&app, &token).await, refused("invalid_token_revoked"));
    assert!(uma.get(LIST).await.text.contains("That token has ended."));
}

/// N-2: whoever may not sign in has no programs either.
#[tokio::test]
async fn a_token_is_dead_while_its_person_may_not_sign_in() {
    let app = TestApp::start().await;
    let token = made(&mut app.uma().await, "user").await;
    app.execute("UPDATE users SET role_lost_at = $1", 1).await;
    assert_eq!(status(&app, &token).await, refused("invalid_token_revoked"));
    app.execute("UPDATE users SET role_lost_at = NULL WHERE id > $1", 0)
        .await;
    assert_eq!(status(&app, &token).await, GOOD);
}

/// A token comes without a browser in which the provider could be asked about the role.
#[tokio::test]
async fn a_token_waits_for_its_person_when_the_role_was_not_confirmed_for_a_week() {
    let app = TestApp::start().await;
    let token = made(&mut app.uma().await, "user").await;
    app.advance(Duration::from_hours(7 * 24) + Duration::from_secs(1))
        .await;
    assert_eq!(status(&app, &token).await, refused("role_unconfirmed"));
    app.uma().await;
    assert_eq!(status(&app, &token).await, GOOD);
}

#[tokio::test]
async fn deactivating_somebody_ends_their_tokens_for_good() {
    let app = TestApp::start().await;
    let token = made(&mut app.uma().await, "user").await;
    let mut ada = app.ada().await;
    let list = ada.get("/admin/users/?q=uma").await;
    let page = list.attributes("tbody th a", "href").remove(0);
    let path = page.split('?').next().expect("a path").to_owned();
    for step in ["deactivate", "activate"] {
        let done = ada.post(&format!("{path}{step}/"), &[]).await;
        assert_eq!(done.status, 303, "{step}: {}", done.text);
    }
    assert_eq!(status(&app, &token).await, refused("invalid_token_revoked"));
}

#[tokio::test]
async fn an_admin_sees_and_ends_the_tokens_of_others() {
    let app = TestApp::start().await;
    let token = made(&mut app.uma().await, "user").await;
    let mut ada = app.ada().await;
    let list = ada.get("/admin/users/?q=uma").await;
    let address = list.attributes("tbody th a", "href").remove(0);
    let page = ada.get(&address).await;
    assert!(page.text.contains("my script"), "{}", page.text);
    let path = address.split('?').next().expect("a path");
    let ended = ada.post(&format!("{path}tokens/"), &[]).await;
    assert_eq!(ended.status, 303, "{}", ended.text);
    assert_eq!(status(&app, &token).await, refused("invalid_token_revoked"));
    let told =
        "SELECT COUNT(*) FROM audit_log WHERE action = 'token_ended' AND actor_role = 'admin'";
    assert_eq!(app.number(told).await, 1);
}

#[tokio::test]
async fn the_last_use_is_known_to_the_day() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let token = made(&mut uma, "user").await;
    assert!(uma.get(LIST).await.text.contains("Never"));
    status(&app, &token).await;
    app.advance(Duration::from_mins(5)).await;
    status(&app, &token).await;
    assert_eq!(
        uma.get(LIST)
            .await
            .text_of("td time[datetime='2026-03-02']"),
        "2 March 2026"
    );
    let exact = "SELECT COUNT(*) FROM personal_access_tokens WHERE last_used_at % 86400000 <> 0";
    assert_eq!(app.number(exact).await, 0);
}

#[tokio::test]
async fn what_is_wrong_with_a_wish_is_said_beside_it() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    made(&mut uma, "user").await;
    let long = "x".repeat(61);
    for (name, role, days, said) in [
        ("", "user", "30", "Give the token a name."),
        (" \u{7} ", "user", "30", "Give the token a name."),
        (&*long, "user", "30", "The name is too long."),
        (
            "my script",
            "user",
            "30",
            "You have a token of this name already.",
        ),
        ("other", "staff", "30", "from the lists"),
        ("other", "user", "8", "from the lists"),
    ] {
        let page = make(&mut uma, name, role, days).await;
        assert_eq!(page.status, 422, "{name}");
        assert!(
            page.text_of("#name-error").contains(said),
            "{name}: {}",
            page.text
        );
    }
}

#[tokio::test]
async fn a_person_has_twenty_tokens_at_most_even_when_all_are_made_at_once() {
    let app = TestApp::start().await;
    let uma = app.uma().await;
    let all = (0..24).map(|number| {
        let mut tab = uma.clone();
        async move {
            make(&mut tab, &format!("script {number}"), "user", "30")
                .await
                .status
        }
    });
    let answers = futures_util::future::join_all(all).await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 20);
    assert_eq!(
        app.number("SELECT COUNT(*) FROM personal_access_tokens")
            .await,
        20
    );
}

#[tokio::test]
async fn tokens_that_ended_long_ago_are_forgotten() {
    let app = TestApp::start().await;
    made(&mut app.uma().await, "user").await;
    let sweep = || app.state.users.sweep(app.clock.now());
    app.advance(Duration::from_hours(59 * 24)).await;
    assert_eq!(sweep().await.expect("a database"), 0);
    app.advance(Duration::from_hours(2 * 24)).await;
    assert_eq!(sweep().await.expect("a database"), 1);
}

/// A token that was made up costs nobody a question.
#[tokio::test]
async fn a_made_up_token_of_ours_is_not_shown_to_the_provider() {
    let app = TestApp::start().await;
    let made_up = format!("rolecall_pat_{}", "a".repeat(43));
    assert_eq!(
        status(&app, &made_up).await,
        refused("invalid_token_revoked")
    );
    assert_eq!(app.op().count(demo_idp::Endpoint::Introspection), 0);
}

/// What operators type beside a running server.
#[tokio::test]
async fn an_operator_lists_and_ends_tokens() {
    let app = TestApp::start().await;
    let token = made(&mut app.uma().await, "user").await;
    let id = app.number("SELECT id FROM users").await.to_string();
    let listed = operate(&app, &["list", "--user", &id]).await;
    assert!(listed.contains("my script"), "{listed}");
    assert!(!listed.contains(&token), "{listed}");
    let ended = operate(&app, &["end", "--user", &id]).await;
    assert!(ended.contains("1 token has ended."), "{ended}");
    assert_eq!(status(&app, &token).await, refused("invalid_token_revoked"));
}

/// `rolecall token` on the database of `app`.
async fn operate(app: &TestApp, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = [&["token"], arguments].concat();
    let mut command = rolecall(folder.path(), &arguments);
    command.env("DATABASE_URL", app.config.database.url.expose());
    let (said, status) = run(command).await;
    assert_eq!(status, 0, "{said}");
    said
}
