//! A new key for what the database holds sealed signs nobody out.

use std::time::Duration;

use rolecall::{
    random::Random,
    vault::{Keys, key_file},
};

use crate::support::{app::TestApp, person::Person};

const RECHECK: Duration = Duration::from_mins(15);

/// The same person at another instance.
fn at<'a>(other: &'a TestApp, person: &mut Person<'_>) -> Person<'a> {
    let mut there = other.anonymous();
    there.cookies().clone_from(person.cookies());
    there
}

/// OP-09.
#[tokio::test]
async fn after_a_rotation_sessions_go_on_and_roles_are_still_confirmed() {
    let app = TestApp::with_refresh_tokens().await;
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let mut stan = app.stan().await;
    key_file::rotate(&app.config.database.key_file, &Random::System).expect("a new key");
    let restarted = app.another_instance(|_| ()).await;
    let mut stan_there = at(&restarted, &mut stan);
    assert_eq!(stan_there.results().await, 404);
    for _ in 0..2 {
        app.advance(RECHECK).await;
        assert_eq!(stan_there.results().await, 404, "the tokens were read");
    }
    let mut newcomer = restarted.anonymous();
    newcomer.sign_in("pick-stan", "/").await;
    assert_eq!(newcomer.results().await, 404);
}

/// OP-09.
#[tokio::test]
async fn what_was_written_since_is_sealed_with_the_new_key_alone() {
    let app = TestApp::with_refresh_tokens().await;
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let mut stan = app.stan().await;
    let file = app.config.database.key_file.clone();
    key_file::rotate(&file, &Random::System).expect("a new key");
    let restarted = app.another_instance(|_| ()).await;
    let mut stan_there = at(&restarted, &mut stan);
    app.advance(RECHECK).await;
    assert_eq!(stan_there.results().await, 404);

    let text = std::fs::read_to_string(&file).expect("the file");
    let newest = text.lines().next().and_then(Keys::parse);
    let without_old = app.another_instance(|config| config.database.keys = newest);
    let without_old = without_old.await;
    app.advance(RECHECK).await;
    assert_eq!(at(&without_old, &mut stan).results().await, 404);
}

/// OP-09.
#[tokio::test]
async fn an_instance_with_other_keys_asks_to_sign_in_again() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let other = app.another_instance(|config| {
        config.database.keys = Some(Keys::generate(&Random::System).expect("a key"));
    });
    let other = other.await;
    let mut stan_there = at(&other, &mut stan);
    assert_eq!(stan_there.results().await, 404, "while the role is fresh");
    app.advance(RECHECK).await;
    assert_eq!(stan_there.results().await, 303);
}
