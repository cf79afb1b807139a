//! A new key for what the database holds sealed signs nobody out.

use std::time::Duration;

use rolecall::{
    random::Random,
    vault::{Keys, key_file},
};

use crate::support::{app::TestApp, database::Engine, person::Person};

const RECHECK: Duration = Duration::from_mins(15);

/// 404 for those who may, as there is no such poll. Asks the provider when it is time.
async fn results(person: &mut Person<'_>) -> u16 {
    person.get("/polls/1/results/").await.status.as_u16()
}

async fn with_refresh_tokens() -> TestApp {
    TestApp::start_with(Engine::of_this_run(), |config| {
        let provider = &mut config.oidc.providers[0];
        provider.scopes.push("offline_access".to_owned());
    })
    .await
}

/// The same person at another instance.
fn at<'a>(other: &'a TestApp, person: &mut Person<'_>) -> Person<'a> {
    let mut there = other.anonymous();
    there.cookies().clone_from(person.cookies());
    there
}

/// K-9, OP-09.
#[tokio::test]
async fn after_a_rotation_sessions_go_on_and_roles_are_still_confirmed() {
    let app = with_refresh_tokens().await;
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let mut stan = app.stan().await;
    key_file::rotate(&app.config.database.key_file, &Random::System).expect("a new key");
    let restarted = app.another_instance(|_| ()).await;
    let mut stan_there = at(&restarted, &mut stan);
    assert_eq!(results(&mut stan_there).await, 404);
    for _ in 0..2 {
        app.advance(RECHECK).await;
        assert_eq!(results(&mut stan_there).await, 404, "the tokens were read");
    }
    let mut newcomer = restarted.anonymous();
    newcomer.sign_in("pick-stan", "/").await;
    assert_eq!(results(&mut newcomer).await, 404);
}

/// OP-09.
#[tokio::test]
async fn what_was_written_since_is_sealed_with_the_new_key_alone() {
    let app = with_refresh_tokens().await;
    app.op().set(|k| k.access_token.lifetime_secs = 300);
    let mut stan = app.stan().await;
    let file = app.config.database.key_file.clone();
    key_file::rotate(&file, &Random::System).expect("a new key");
    let restarted = app.another_instance(|_| ()).await;
    let mut stan_there = at(&restarted, &mut stan);
    app.advance(RECHECK).await;
    assert_eq!(results(&mut stan_there).await, 404);

    let text = std::fs::read_to_string(&file).expect("the file");
    let newest = text.lines().next().and_then(Keys::parse);
    let without_old = app.another_instance(|config| config.database.keys = newest);
    let without_old = without_old.await;
    app.advance(RECHECK).await;
    assert_eq!(results(&mut at(&without_old, &mut stan)).await, 404);
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
    assert_eq!(
        results(&mut stan_there).await,
        404,
        "while the role is fresh"
    );
    app.advance(RECHECK).await;
    assert_eq!(results(&mut stan_there).await, 303);
}
