//! What can be set for a provider, and what it changes.

use std::time::Duration;

use demo_idp::{Endpoint, Knobs, Person as Account};
use rolecall::{
    clock::Clock,
    config::{LogoutUrl, ProviderConfig},
    users::{Identity, Profile, Role},
};
use serde_json::json;
use url::Url;

use super::{parameter, provider_like, start, start_set};
use crate::support::app::{MORNING, TestApp, provider_config};

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// A-11, E-42.
#[tokio::test]
async fn an_audience_is_asked_for_at_sign_in_and_at_sign_up() {
    let api = "https://api.example.org";
    let app = start_set(|provider| provider.audience = Some(api.to_owned())).await;
    for path in ["/oidc/authenticate/", "/oidc/authenticate/?signup=1"] {
        let start = app.anonymous().get(path).await;
        assert_eq!(parameter(&start, "audience"), api, "{path}");
    }
    let start = TestApp::start()
        .await
        .anonymous()
        .get("/oidc/authenticate/")
        .await;
    assert_eq!(parameter(&start, "audience"), "");
}

///
#[tokio::test]
async fn a_provider_may_have_its_own_way_of_asking_for_a_new_account() {
    let app =
        start_set(|provider| provider.signup_param = Some(pair("screen_hint", "signup"))).await;
    let sign_up = app.anonymous().get("/oidc/authenticate/?signup=1").await;
    assert_eq!(parameter(&sign_up, "screen_hint"), "signup");
    assert_eq!(parameter(&sign_up, "prompt"), "");
    for query in ["", "?prompt=login", "?signup=yes"] {
        let path = format!("/oidc/authenticate/{query}");
        let sign_in = app.anonymous().get(&path).await;
        assert_eq!(parameter(&sign_in, "screen_hint"), "", "{query}");
    }
}

/// M-18.
#[tokio::test]
async fn further_parameters_go_with_every_request_beside_those_of_the_protocol() {
    let app = start_set(|provider| {
        provider.extra_params = vec![pair("acr_values", "2"), pair("kc_idp_hint", "a b")];
    })
    .await;
    let start = app.anonymous().get("/oidc/authenticate/").await;
    assert_eq!(parameter(&start, "acr_values"), "2");
    assert_eq!(parameter(&start, "kc_idp_hint"), "a b");
    assert_eq!(parameter(&start, "state").len(), 43);
    let landed = app.anonymous().sign_in("pick-uma", "/user").await;
    assert_eq!(landed.location(), "/user");
}

/// P-1, S-10.
#[tokio::test]
async fn hints_of_the_link_reach_the_provider_and_nothing_else_does() {
    let app = TestApp::start().await;
    let link = "/oidc/authenticate/?login_hint=uma%40acme.example&ui_locales=de-CH%20en\
                &redirect_uri=https://evil.example/&acr_values=0&client_id=x&max_age=0";
    let start = app.anonymous().get(link).await;
    assert_eq!(parameter(&start, "login_hint"), "uma@acme.example");
    assert_eq!(parameter(&start, "ui_locales"), "de-CH en");
    assert_eq!(
        parameter(&start, "redirect_uri"),
        "http://localhost:8000/oidc/callback/"
    );
    assert_eq!(parameter(&start, "client_id"), app.op().clients()[0].id);
    for name in ["acr_values", "max_age"] {
        assert_eq!(parameter(&start, name), "", "{name}");
    }
}

/// S-7, N-14, SEC-07.
#[tokio::test]
async fn an_audience_without_azp_is_fine_when_it_is_trusted_and_azp_still_decides() {
    let app = start_set(|provider| provider.trusted_audiences = vec!["shop".to_owned()]).await;
    let client = app.op().clients()[0].id.clone();
    for (audience, azp, accepted) in [
        (json!([client, "shop"]), None, true),
        (json!([client, "shop", app.op().project_id()]), None, true),
        (json!([client, "other"]), None, false),
        (json!([client, "shop", "other"]), None, false),
        (json!(["shop"]), None, false),
        (json!([client, "shop"]), Some("shop"), false),
        (json!([client, "other"]), Some(client.as_str()), true),
    ] {
        app.op().set(|k| {
            k.id_token.claims.set("aud", audience.clone());
            match azp {
                Some(azp) => k.id_token.claims.set("azp", azp),
                None => k.id_token.claims.remove("azp"),
            }
        });
        let landed = app.anonymous().sign_in("pick-uma", "/user").await;
        assert_eq!(landed.status == 303, accepted, "{audience}, azp {azp:?}");
    }
}

///
#[tokio::test]
async fn a_provider_without_end_session_endpoint_may_have_a_sign_out_of_its_own() {
    let app = start_set(|provider| {
        let own = provider.op_base_url.join("v2/logout");
        let mut own: Url = own.expect("a URL");
        own.set_query(Some(
            "client_id={client_id}&returnTo={post_logout_redirect_uri}",
        ));
        provider.logout_url = LogoutUrl::new(own);
    })
    .await;
    app.op().set(|k| {
        k.paths.set(Endpoint::EndSession, "/v2/logout");
        k.logout.return_param = Some("returnTo".to_owned());
        k.discovery.remove("end_session_endpoint");
    });
    let mut uma = app.uma().await;
    let left = uma.post("/oidc/logout/", &[]).await;
    let address = left.location().to_owned();
    assert!(address.starts_with(&format!("{}/v2/logout?", app.provider.issuer())));
    assert_eq!(parameter(&left, "client_id"), app.op().clients()[0].id);
    assert_eq!(
        parameter(&left, "returnTo"),
        "http://localhost:8000/oidc/logout/"
    );
    assert!(!uma.is_signed_in().await);
    let back = crate::sign_in::at_provider(&left).await;
    let landing = uma.get(&back).await;
    assert!(
        landing
            .text_of(".lede")
            .contains("was asked to end its own"),
        "{}",
        landing.text
    );
}

#[tokio::test]
async fn an_end_session_endpoint_is_preferred_and_forms_may_lead_to_either() {
    let own = Url::parse("https://out.example.org/bye").expect("a URL");
    let app = start_set(|provider| provider.logout_url = LogoutUrl::new(own)).await;
    let mut uma = app.uma().await;
    let home = uma.get("/").await;
    let policy = home.header("content-security-policy");
    assert!(policy.contains("https://out.example.org"), "{policy}");
    let left = uma.post("/oidc/logout/", &[]).await;
    assert!(left.location().starts_with(app.provider.issuer()));
}

/// P-19, SEC-15.
#[tokio::test]
async fn discovery_may_be_had_elsewhere_but_belongs_to_the_issuer_that_is_configured() {
    let at_ip = |provider: &mut ProviderConfig| {
        let port = provider.op_base_url.port().expect("a port");
        let address = format!("http://127.0.0.1:{port}/.well-known/openid-configuration");
        provider.discovery_url = Some(Url::parse(&address).expect("a URL"));
    };
    let app = start_set(at_ip).await;
    let landed = app.anonymous().sign_in("pick-uma", "/user").await;
    assert_eq!(landed.location(), "/user");
    let asked = app.op().last(Endpoint::Discovery).expect("discovery");
    let host = asked.header("host").unwrap_or_default();
    assert!(host.starts_with("127.0.0.1:"), "{host}");
    let app = start_set(at_ip).await;
    app.op()
        .set(|k| k.discovery.set("issuer", "https://evil.example"));
    assert_eq!(app.anonymous().get("/oidc/authenticate/").await.status, 503);
}

/// M-11.
#[tokio::test]
async fn a_site_that_takes_nobody_new_lets_in_whom_it_knows() {
    let app = start_set(|provider| provider.create_user = false).await;
    // As if she had come before it was set.
    let uma = Identity {
        issuer: app.provider.issuer().to_owned(),
        subject: Account::uma().sub,
    };
    let (users, now) = (&app.state.users, app.clock.now());
    let known = users.sign_in(uma, Profile::default(), Some(Role::User.into()), None, now);
    known.await.expect("the database answers");
    let landed = app.anonymous().sign_in("pick-uma", "/user").await;
    assert_eq!(landed.location(), "/user");
    let mut stan = app.anonymous();
    let refused = stan.sign_in("pick-stan", "/user").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.text_of("h1"), "This site does not know you yet");
    assert_eq!(refused.text_of("details code"), "not_known");
    assert!(!stan.is_signed_in().await);
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 1);
}

///
#[tokio::test]
async fn a_verified_address_can_be_asked_for_and_is_not_by_default() {
    for required in [false, true] {
        let app = start_set(|provider| provider.require_verified_email = required).await;
        let mut uma = app.anonymous();
        assert_eq!(uma.sign_in("pick-uma", "/user").await.status, 303);
        let unverified = |person: &mut Account| person.email_verified = false;
        let changed = app.op().person(&Account::uma().sub, unverified);
        changed.expect("Uma is known");
        let landed = uma.sign_in("pick-uma", "/user").await;
        assert_eq!(landed.status == 303, !required, "{}", landed.text);
        assert_eq!(uma.is_signed_in().await, !required, "the earlier session");
        if required {
            assert_eq!(landed.text_of("details code"), "email_not_verified");
        }
        let without = |person: &mut Account| person.email = None;
        app.op()
            .person(&Account::stan().sub, without)
            .expect("Stan");
        let landed = app.anonymous().sign_in("pick-stan", "/user").await;
        assert_eq!(landed.status == 303, !required, "{}", landed.text);
    }
}

/// and not at sign-in only.
#[tokio::test]
async fn an_address_that_is_not_verified_any_more_ends_the_session_at_the_next_check() {
    for required in [false, true] {
        let app = start_set(|provider| provider.require_verified_email = required).await;
        let mut uma = app.uma().await;
        app.advance(Duration::from_mins(16)).await;
        assert!(uma.is_signed_in().await, "the address is verified");
        let unverified = |person: &mut Account| person.email_verified = false;
        let changed = app.op().person(&Account::uma().sub, unverified);
        changed.expect("Uma is known");
        app.advance(Duration::from_mins(16)).await;
        let page = uma.get("/polls/1/").await;
        if !required {
            assert_eq!(page.status, 404);
            continue;
        }
        // The provider knows her still, so she is told at once.
        let silent = uma.get(page.location()).await;
        let callback = uma.pass_provider(silent.location()).await;
        let told = uma.get(&callback).await;
        assert_eq!(told.status, 403, "{}", told.text);
        assert_eq!(told.text_of("details code"), "email_not_verified");
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
    }
}

/// what says nothing of an address takes none away.
#[tokio::test]
async fn userinfo_without_an_address_is_no_reason_to_end_a_session() {
    let app = start_set(|provider| provider.require_verified_email = true).await;
    let mut uma = app.uma().await;
    app.op().set(|k| {
        k.userinfo.claims.remove("email");
        k.userinfo.claims.remove("email_verified");
    });
    app.advance(Duration::from_mins(16)).await;
    assert!(uma.is_signed_in().await);
}

/// Z-6, D-2.
#[tokio::test]
async fn the_same_person_has_another_role_in_the_application_of_another_project() {
    let clock = Clock::fixed(MORNING);
    let op = provider_like(&clock, Knobs::default(), "", "/oidc/callback/").await;
    op.controls().set(|k| {
        let claim = "urn:zitadel:iam:org:project:999:roles";
        let roles = json!({ "admin": { "1": "acme.example" } });
        k.userinfo.claims.set(claim, roles);
    });
    for (project, role) in [(None, "Voter"), (Some("999"), "Admin")] {
        let app = start(|config| {
            let provider = provider_config(&op);
            config.oidc.providers = vec![match project {
                Some(project) => provider.of_project(project.to_owned()),
                None => provider,
            }];
        })
        .await;
        let mut uma = app.anonymous();
        uma.sign_in("pick-uma", "/user").await;
        let profile = uma.get("/user").await;
        let facts = profile.texts("dd").join(" ");
        assert!(facts.contains(role), "{project:?}: {facts}");
    }
}
