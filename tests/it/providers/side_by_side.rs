//! Two providers at once: who is who, whose answer is whose, and what one's failure means.

use std::time::Duration;

use demo_idp::{Endpoint, Person as Account, RolesClaim};
use http::StatusCode;

use super::{AT_DEFAULT, AT_PARTNER, parameter, partner, side_by_side, sign_in_from};
use crate::support::app::TestApp;

#[tokio::test]
async fn with_one_provider_nobody_is_asked_where() {
    let app = TestApp::start().await;
    for path in ["/oidc/authenticate/", AT_DEFAULT, AT_PARTNER] {
        let start = app.anonymous().get(path).await;
        assert!(
            start.location().starts_with(app.provider.issuer()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn with_several_a_sign_in_asks_where_and_forgets_nothing_of_what_was_asked() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    let asked = "next=%2Fpolls%2F1%2F&prompt=login&login_hint=uma%40acme.example&ui_locales=de+en";
    let mut uma = app.anonymous();
    for path in ["", "&provider=nobody"] {
        let page = uma.get(&format!("/oidc/authenticate/?{asked}{path}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.text_of("h1"), "Where do you have your account?");
        assert_eq!(page.texts("main li a"), ["localhost", "Our partner"]);
        let links = page.attributes("main li a", "href");
        for (link, provider) in links.iter().zip([&app.provider, &partner]) {
            let start = uma.get(link).await;
            assert!(start.location().starts_with(provider.issuer()), "{link}");
            assert_eq!(parameter(&start, "prompt"), "login");
            assert_eq!(parameter(&start, "login_hint"), "uma@acme.example");
            assert_eq!(parameter(&start, "ui_locales"), "de en");
        }
        let landed = sign_in_from(&mut uma, &links[1], "pick-uma").await;
        assert_eq!(landed.location(), "/polls/1/");
    }
    let page = uma.get("/signup").await;
    let page = uma.get(page.location()).await;
    assert_eq!(page.text_of("h1"), "Where do you want your account?");
}

/// D-5, SEC-16, N-16.
#[tokio::test]
async fn the_same_subject_and_address_at_two_providers_are_two_people() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    let staff = RolesClaim::of(&["staff"]);
    let changed = partner.controls().roles(&Account::uma().sub, staff);
    changed.expect("the partner knows Uma");
    let (mut here, mut there) = (app.anonymous(), app.anonymous());
    for _ in 0..2 {
        let landed = sign_in_from(&mut here, AT_DEFAULT, "pick-uma").await;
        assert_eq!(landed.location(), "/user");
        let landed = sign_in_from(&mut there, AT_PARTNER, "pick-uma").await;
        assert_eq!(landed.location(), "/user");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 2);
    assert_eq!(
        app.number("SELECT COUNT(DISTINCT subject) FROM users")
            .await,
        1
    );
    assert_eq!(
        app.number("SELECT COUNT(DISTINCT email) FROM users").await,
        1
    );
    let role = "dd";
    let seen_here = here.get("/user").await.texts(role).join(" ");
    let seen_there = there.get("/user").await.texts(role).join(" ");
    assert!(seen_here.contains("Voter"), "{seen_here}");
    assert!(seen_there.contains("Staff"), "{seen_there}");
}

/// RFC 9700, 4.4.2.
#[tokio::test]
async fn each_further_provider_has_a_redirect_uri_of_its_own() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    for (path, redirect_uri) in [
        (AT_DEFAULT, "http://localhost:8000/oidc/callback/"),
        (AT_PARTNER, "http://localhost:8000/oidc/callback/partner/"),
    ] {
        let start = app.anonymous().get(path).await;
        assert_eq!(parameter(&start, "redirect_uri"), redirect_uri);
    }
}

/// SEC-14. RFC 9700, 4.4.2.
#[tokio::test]
async fn an_answer_at_another_providers_callback_is_refused_and_its_code_goes_nowhere() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    let (plain, own) = ("/oidc/callback/?", "/oidc/callback/partner/?");
    for (start, right, wrong) in [(AT_DEFAULT, plain, own), (AT_PARTNER, own, plain)] {
        let mut uma = app.anonymous();
        let asked = uma.get(start).await;
        let callback = uma.pick_at_provider(asked.location(), "pick-uma").await;
        assert!(callback.starts_with(right), "{callback}");
        let refused = uma.get(&callback.replacen(right, wrong, 1)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.text_of("details code"), "issuer_mismatch");
        let again = refused.attributes("main .actions a", "href").remove(0);
        assert_eq!(again, "/oidc/authenticate/?next=%2Fuser", "asks where");
        assert!(!uma.is_signed_in().await);
    }
    for provider in [&app.provider, &partner] {
        assert_eq!(provider.controls().count(Endpoint::Token), 0);
    }
}

#[tokio::test]
async fn nobody_comes_back_to_the_callback_of_a_provider_that_is_not_there() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    let mut uma = app.anonymous();
    let callback = uma.ask_provider_at(AT_DEFAULT, "pick-uma").await;
    for name in ["nobody", "default"] {
        let elsewhere = callback.replacen("/callback/", &format!("/callback/{name}/"), 1);
        let refused = uma.get(&elsewhere).await;
        assert_eq!(refused.text_of("details code"), "not_a_callback", "{name}");
    }
    assert_eq!(uma.get(&callback).await.location(), "/user", "still good");
}

/// L-1.
#[tokio::test]
async fn signing_out_leads_to_the_provider_of_the_session() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    for (start, provider) in [(AT_PARTNER, &partner), (AT_DEFAULT, &app.provider)] {
        let mut uma = app.anonymous();
        sign_in_from(&mut uma, start, "pick-uma").await;
        let left = uma.post("/oidc/logout/", &[]).await;
        assert!(left.location().starts_with(provider.issuer()), "{start}");
        let client = &provider.controls().clients()[0].id;
        assert_eq!(&parameter(&left, "client_id"), client);
        assert!(!uma.is_signed_in().await);
    }
}

/// N-2.
#[tokio::test]
async fn a_role_is_confirmed_where_it_was_given_and_nowhere_else() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    let mut ada = app.anonymous();
    sign_in_from(&mut ada, AT_PARTNER, "pick-ada").await;
    let asked_before = partner.controls().count(Endpoint::UserInfo);
    let gone = |provider: &demo_idp::Running| {
        let gone = provider
            .controls()
            .roles(&Account::ada().sub, RolesClaim::Absent);
        gone.expect("Ada is known");
    };
    gone(&app.provider);
    app.advance(Duration::from_mins(16)).await;
    assert_eq!(ada.get("/admin/").await.status, 200);
    assert_eq!(
        partner.controls().count(Endpoint::UserInfo),
        asked_before + 1
    );
    assert_eq!(app.op().count(Endpoint::UserInfo), 0);
    gone(&partner);
    app.advance(Duration::from_mins(16)).await;
    assert_eq!(ada.get("/admin/").await.status, 303);
}

/// O-1, N-7.
#[tokio::test]
async fn with_one_provider_down_the_other_signs_people_in_and_the_operator_sees_which() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    partner.controls().set(|k| k.offline = true);
    let mut uma = app.anonymous();
    let refused = uma.get(AT_PARTNER).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    let again = refused.attributes("main .actions a", "href").remove(0);
    let choice = uma.get(&again).await;
    assert_eq!(choice.status, 200, "the person can choose the other");
    let landed = sign_in_from(&mut uma, AT_DEFAULT, "pick-uma").await;
    assert_eq!(landed.location(), "/user");
    for path in ["/healthz", "/readyz"] {
        let health: serde_json::Value =
            serde_json::from_str(&uma.get(path).await.text).expect("JSON");
        assert_eq!(health["status"], "ok");
        assert_eq!(health["oidc"], "unreachable");
        assert_eq!(health["providers"]["default"], "ok");
        assert_eq!(health["providers"]["partner"], "unreachable");
    }
}

#[tokio::test]
async fn forms_may_lead_to_every_provider() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    let home = app.anonymous().get("/").await;
    let policy = home.header("content-security-policy");
    for provider in [&app.provider, &partner] {
        assert!(policy.contains(provider.issuer()), "{policy}");
    }
}

/// N-4.
#[tokio::test]
async fn whoever_is_refused_stays_with_the_provider_they_chose() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    let mut nora = app.anonymous();
    let refused = sign_in_from(&mut nora, AT_PARTNER, "pick-nora").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let links = refused.attributes("main .actions a", "href");
    let other = nora.get(&links[0]).await;
    assert!(other.location().starts_with(partner.issuer()));
    assert_eq!(parameter(&other, "prompt"), "select_account");
    assert!(links[1].starts_with(partner.issuer()), "{links:?}");
}

#[tokio::test]
async fn a_sign_in_that_fails_starts_again_at_the_same_provider() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    partner
        .controls()
        .set(|k| k.authorize_error("access_denied"));
    let mut uma = app.anonymous();
    let start = uma.get(AT_PARTNER).await;
    let callback = crate::sign_in::at_provider(&start).await;
    let declined = uma.get(&callback).await;
    assert_eq!(declined.text_of("details code"), "access_denied");
    let again = declined.attributes("main .actions a", "href").remove(0);
    let again = uma.get(&again).await;
    assert!(again.location().starts_with(partner.issuer()));
}

/// D-9.
#[tokio::test]
async fn a_silent_sign_in_that_cannot_be_goes_on_at_the_same_provider() {
    let partner = partner().await;
    let app = side_by_side(&partner).await;
    let mut uma = app.anonymous();
    let start = uma.get(&format!("{AT_PARTNER}&prompt=none")).await;
    let callback = crate::sign_in::at_provider(&start).await;
    let again = uma.get(&callback).await;
    let again = uma.get(again.location()).await;
    assert!(again.location().starts_with(partner.issuer()));
    assert_eq!(parameter(&again, "prompt"), "");
}
