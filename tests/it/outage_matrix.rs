//! The provider fails at one step, in each way there is: whoever waits gets an answer in time,
//! whoever is signed in notices nothing, and an authorization code is sent once. A test per step.

use std::time::Duration;

use demo_idp::{Endpoint, Fault};
use futures_util::future::join_all;

use crate::support::{
    app::TestApp,
    database::Engine,
    person::{Person, Reply},
};

/// Longer than all calls together may take, whatever the provider does; a call without a limit never
/// ends.
const PATIENCE: Duration = Duration::from_mins(1);

const RECHECK: Duration = Duration::from_mins(15);

fn faults() -> [Fault; 11] {
    [
        Fault::Refuse,
        Fault::Hang,
        Fault::Status(500, "{}".to_owned()),
        Fault::Status(429, "{}".to_owned()),
        Fault::Html,
        Fault::HugeBody,
        Fault::EmptyBody,
        Fault::TruncatedJson,
        Fault::CutOff,
        Fault::Drip(Duration::from_secs(1)),
        Fault::Redirect("/elsewhere".to_owned()),
    ]
}

/// All faults at once, each at a provider and an application of its own.
async fn in_every_way(step: impl AsyncFn(TestApp, Fault)) {
    join_all(faults().map(|fault| async {
        let app = TestApp::start_with(Engine::of_this_run(), |config| {
            // Long enough for a healthy provider on a busy machine.
            config.oidc.timeout = Duration::from_secs(4);
            let scopes = &mut config.oidc.providers[0].scopes;
            scopes.push("offline_access".to_owned());
        });
        step(app.await, fault).await;
    }))
    .await;
}

/// The answer to a request that may not take longer than [`PATIENCE`].
async fn in_time(request: impl Future<Output = Reply>) -> Reply {
    let answer = tokio::time::timeout(PATIENCE, request).await;
    answer.expect("an answer in time")
}

fn break_down(app: &TestApp, endpoint: Endpoint, fault: Fault) {
    app.op().clear_requests();
    app.op().set(|k| k.fault(endpoint, fault));
}

async fn results(person: &mut Person<'_>) -> u16 {
    in_time(person.get("/polls/1/results/"))
        .await
        .status
        .as_u16()
}

/// Before anybody can be sent to the provider.
async fn sign_in_cannot_begin(endpoint: Endpoint, app: TestApp, fault: Fault) {
    let what = format!("{endpoint:?} {fault:?}");
    break_down(&app, endpoint, fault);
    let mut uma = app.anonymous();
    let page = in_time(uma.get("/oidc/authenticate/?next=%2Fuser")).await;
    assert_eq!(page.status, 503, "{what}");
    assert_ne!(page.header("retry-after"), "", "{what}");
    assert!(page.text.contains("next=%2Fuser"), "{what}");
    assert_eq!(uma.get("/polls/").await.status, 200, "{what}");
}

/// After the provider has sent somebody back.
async fn sign_in_cannot_end(endpoint: Endpoint, app: TestApp, fault: Fault) {
    let what = format!("{endpoint:?} {fault:?}");
    let mut stan = app.stan().await;
    break_down(&app, endpoint, fault);
    let mut uma = app.anonymous();
    let page = in_time(uma.sign_in("pick-uma", "/user")).await;
    assert_is_outage(&page, &what);
    assert_eq!(app.op().count(Endpoint::Token), 1, "{what}");
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 1, "{what}");
    assert_eq!(
        app.number("SELECT COUNT(*) FROM sessions").await,
        1,
        "{what}"
    );
    assert_eq!(results(&mut stan).await, 404, "{what}");
}

fn assert_is_outage(page: &Reply, what: &str) {
    let code = page.text_of("details code");
    assert!([502, 503].contains(&page.status.as_u16()), "{what}: {code}");
    assert!(page.text.contains("next=%2Fuser"), "{what}");
}

/// While somebody is signed in whose role is due to be confirmed.
async fn role_cannot_be_confirmed(endpoint: Endpoint, app: TestApp, fault: Fault) {
    let what = format!("{endpoint:?} {fault:?}");
    app.op().set(|k| k.access_token.lifetime_secs = 60);
    let mut stan = app.stan().await;
    break_down(&app, endpoint, fault.clone());
    app.advance(RECHECK).await;
    assert_eq!(results(&mut stan).await, 404, "{what}");
    let is_answered_badly = matches!(fault, Fault::TruncatedJson | Fault::CutOff | Fault::Drip(_));
    let spent = endpoint == Endpoint::Token && is_answered_badly;
    app.op().set(|k| k.fault(endpoint, Fault::None));
    app.advance(Duration::from_secs(10)).await;
    // The refresh token whose answer was lost is not taken again.
    let later = if spent { 303 } else { 404 };
    assert_eq!(results(&mut stan).await, later, "{what}: and later");
}

/// When somebody signs out.
async fn sign_out_ends_here(endpoint: Endpoint, app: TestApp, fault: Fault) {
    let what = format!("{endpoint:?} {fault:?}");
    let mut uma = app.uma().await;
    break_down(&app, endpoint, fault);
    let left = in_time(uma.post("/oidc/logout/", &[])).await;
    assert_eq!(left.status, 303, "{what}");
    assert_eq!(
        app.number("SELECT COUNT(*) FROM sessions").await,
        0,
        "{what}"
    );
    let landing = uma.get("/oidc/logout/?ended=here").await;
    assert_eq!(landing.text_of("h1"), "You are signed out", "{what}");
    let to_provider = left.location().starts_with(app.provider.issuer());
    assert_eq!(to_provider, endpoint == Endpoint::EndSession, "{what}");
}

/// FT-14, M-8, O-1, O-8, N-7.
#[tokio::test]
async fn discovery_fails_before_a_sign_in() {
    in_every_way(async |app, fault| {
        sign_in_cannot_begin(Endpoint::Discovery, app, fault).await;
    })
    .await;
}

/// FT-14, O-8.
#[tokio::test]
async fn the_keys_fail_before_a_sign_in() {
    in_every_way(async |app, fault| {
        sign_in_cannot_begin(Endpoint::Jwks, app, fault).await;
    })
    .await;
}

/// FT-14, M-8, O-3, O-8, E-35.
#[tokio::test]
async fn the_token_endpoint_fails_during_a_sign_in() {
    in_every_way(async |app, fault| {
        sign_in_cannot_end(Endpoint::Token, app, fault).await;
    })
    .await;
}

/// FT-14, O-8.
#[tokio::test]
async fn userinfo_fails_during_a_sign_in() {
    in_every_way(async |app, fault| {
        sign_in_cannot_end(Endpoint::UserInfo, app, fault).await;
    })
    .await;
}

/// FT-14, K-5.
#[tokio::test]
async fn the_token_endpoint_fails_during_a_recheck() {
    in_every_way(async |app, fault| {
        role_cannot_be_confirmed(Endpoint::Token, app, fault).await;
    })
    .await;
}

/// FT-14, K-5.
#[tokio::test]
async fn userinfo_fails_during_a_recheck() {
    in_every_way(async |app, fault| {
        role_cannot_be_confirmed(Endpoint::UserInfo, app, fault).await;
    })
    .await;
}

/// FT-14, K-5.
#[tokio::test]
async fn discovery_fails_during_a_recheck() {
    in_every_way(async |app, fault| {
        role_cannot_be_confirmed(Endpoint::Discovery, app, fault).await;
    })
    .await;
}

/// FT-14, L-2, N-10, SEC-32.
#[tokio::test]
async fn the_provider_fails_when_somebody_signs_out() {
    in_every_way(async |app, fault| {
        sign_out_ends_here(Endpoint::Discovery, app, fault).await;
    })
    .await;
}

/// FT-14, L-2, SEC-32. The browser is sent there, and shows what it gets.
#[tokio::test]
async fn end_session_fails_when_somebody_signs_out() {
    in_every_way(async |app, fault| {
        sign_out_ends_here(Endpoint::EndSession, app, fault).await;
    })
    .await;
}
