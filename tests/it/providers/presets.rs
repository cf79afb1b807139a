//! The whole way in and out at providers with other makers' habits, set up as
//! `docs/providers.md` says.

use std::time::Duration;

use demo_idp::{Endpoint, Knobs, Person as Account, Placement, RolesClaim, Running, profile};
use http::StatusCode;
use rolecall::clock::Clock;
use serde_json::json;

use super::{documented, parameter, provider_like, start};
use crate::{
    sign_in::at_provider,
    support::app::{MORNING, TestApp, provider_config},
};

/// A provider and the application at which people sign in there.
struct SetUp {
    app: TestApp,
    op: Running,
    /// The provider's.
    clock: Clock,
}

/// A provider below `path` and the application, set up as the section `heading` says.
async fn set_up(heading: &str, knobs: Knobs, path: &str) -> SetUp {
    let clock = Clock::fixed(MORNING);
    let op = provider_like(&clock, knobs, path, "/oidc/callback/").await;
    let provider = documented::provider(heading, &provider_config(&op));
    let app = start(|config| config.oidc.providers = vec![provider]).await;
    SetUp { app, op, clock }
}

/// Stan signs in, reads results, is confirmed behind his back, and signs out on both sides.
async fn in_and_out(SetUp { app, op, clock }: &SetUp) {
    let mut stan = app.anonymous();
    let landed = stan.sign_in("pick-stan", "/user").await;
    assert_eq!(landed.location(), "/user", "{}", landed.text);
    let facts = stan.get("/user").await.texts("dd").join(" ");
    assert!(facts.contains("Staff"), "{facts}");
    app.advance(Duration::from_mins(16)).await;
    clock.advance(Duration::from_mins(16));
    let asked = op.controls().count(Endpoint::UserInfo);
    assert!(stan.is_signed_in().await, "still, after a re-check");
    assert!(op.controls().count(Endpoint::UserInfo) > asked);
    let left = stan.post("/oidc/logout/", &[]).await;
    assert!(left.location().starts_with(op.issuer()), "{left:?}");
    let back = at_provider(&left).await;
    let landing = stan.get(&back).await;
    assert!(
        landing
            .text_of(".lede")
            .contains("the one at the sign-in provider have ended"),
        "{}",
        landing.text
    );
    assert!(!stan.is_signed_in().await);
}

/// Nora makes an account: `name=value` asks for it, and she is told that a role is missing.
async fn sign_up(SetUp { app, op, .. }: &SetUp, name: &str, value: &str) {
    let mut nora = app.anonymous();
    let asked = nora.get("/oidc/authenticate/?signup=1").await;
    assert_eq!(parameter(&asked, name), value);
    op.controls()
        .set(|k| k.authorize.pick = Some(Account::nora().sub));
    let callback = at_provider(&asked).await;
    let refused = nora.get(&callback).await;
    op.controls().set(|k| k.authorize.pick = None);
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    assert!(refused.text_of(".lede").starts_with("Your account exists."));
}

/// Z-19, L-1.
#[tokio::test]
async fn zitadel_needs_its_four_values() {
    let set_up = set_up("ZITADEL", profile::zitadel(), "").await;
    sign_up(&set_up, "prompt", "create").await;
    in_and_out(&set_up).await;
}

const AUTH0_ROLES: &str = "https://polls.example.org/roles";

/// D-4.
#[tokio::test]
async fn auth0_signs_up_by_its_own_parameter_and_names_roles_as_its_action_does() {
    let set_up = set_up("Auth0", profile::auth0(AUTH0_ROLES), "").await;
    sign_up(&set_up, "screen_hint", "signup").await;
    in_and_out(&set_up).await;
}

///
#[tokio::test]
async fn auth0_without_an_end_session_endpoint_signs_out_at_its_own_address() {
    let mut knobs = profile::auth0(AUTH0_ROLES);
    knobs.paths.set(Endpoint::EndSession, "/v2/logout");
    knobs.discovery.remove("end_session_endpoint");
    let SetUp { app, op, .. } = set_up("Auth0", knobs, "").await;
    let mut uma = app.anonymous();
    uma.sign_in("pick-uma", "/user").await;
    let left = uma.post("/oidc/logout/", &[]).await;
    let address = format!("{}v2/logout?client_id=", op.issuer());
    assert!(left.location().starts_with(&address), "{left:?}");
    let landing = uma.get(&at_provider(&left).await).await;
    assert_eq!(landing.text_of("h1"), "You are signed out");
    assert!(!uma.is_signed_in().await);
}

///
#[tokio::test]
async fn subjects_that_differ_in_a_character_are_two_people() {
    let SetUp { app, op, .. } = set_up("Auth0", profile::auth0(AUTH0_ROLES), "").await;
    for sub in ["auth0|7", "auth0_7"] {
        op.controls().add_person(Account {
            sub: sub.to_owned(),
            preferred_username: sub.replace('|', "-"),
            ..Account::uma()
        });
        op.controls()
            .set(|k| k.authorize.pick = Some(sub.to_owned()));
        let mut person = app.anonymous();
        let start = person.get("/oidc/authenticate/").await;
        let landed = person.get(&at_provider(&start).await).await;
        assert_eq!(landed.status, 303, "{}", landed.text);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 2);
    let kept = "SELECT COUNT(*) FROM users WHERE subject = 'auth0|7'";
    assert_eq!(app.number(kept).await, 1);
}

/// D-4.
#[tokio::test]
async fn keycloak_refuses_no_scope_and_shows_roles_once_its_mapper_does() {
    let mut knobs = profile::keycloak();
    knobs.roles.in_userinfo = Placement::Always;
    let set_up = set_up("Keycloak", knobs, "/realms/demo").await;
    sign_up(&set_up, "prompt", "create").await;
    in_and_out(&set_up).await;
}

#[tokio::test]
async fn keycloak_without_the_mapper_lets_nobody_in() {
    let SetUp { app, op: _op, .. } = set_up("Keycloak", profile::keycloak(), "/realms/demo").await;
    let refused = app.anonymous().sign_in("pick-ada", "/").await;
    assert_eq!(refused.text_of("details code"), "role_claim_missing");
}

/// D-3, D-8.
#[tokio::test]
async fn django_oidc_provider_brings_roles_in_a_claim_of_its_own() {
    let mut knobs = profile::django_oidc_provider();
    knobs.userinfo.claims.set("roles", json!(["staff"]));
    let set_up = set_up("django-oidc-provider", knobs, "/openid").await;
    in_and_out(&set_up).await;
}

/// D-3.
#[tokio::test]
async fn django_oidc_provider_may_know_no_name() {
    let mut knobs = profile::django_oidc_provider();
    knobs.userinfo.claims.set("roles", json!(["user"]));
    for claim in ["name", "given_name", "family_name", "email"] {
        knobs.userinfo.claims.remove(claim);
    }
    let SetUp { app, op: _op, .. } = set_up("django-oidc-provider", knobs, "/openid").await;
    let mut uma = app.anonymous();
    assert_eq!(uma.sign_in("pick-uma", "/user").await.location(), "/user");
    assert_eq!(uma.get("/user").await.status, 200);
}

/// D-4, R-5.
#[tokio::test]
async fn any_other_provider_names_its_claim_and_its_roles() {
    let set_up = set_up("Any other", profile::zitadel(), "").await;
    let SetUp { app, op, .. } = &set_up;
    let grouped = |groups| {
        op.controls()
            .set(|k| k.userinfo.claims.set("groups", groups));
    };
    let admin = RolesClaim::of(&["admin"]);
    op.controls()
        .roles(&Account::uma().sub, admin)
        .expect("Uma");
    grouped(json!(["choir", "admin"]));
    let refused = app.anonymous().sign_in("pick-uma", "/").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    grouped(json!(["works-council"]));
    in_and_out(&set_up).await;
}
