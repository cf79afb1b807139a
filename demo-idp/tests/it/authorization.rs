//! The authorization endpoint, the account picker and the remembered session.

use demo_idp::{Endpoint, Person};
use reqwest::{StatusCode, header};

use crate::support::{Bench, CALLBACK, error, location, param};

#[tokio::test]
async fn the_picker_offers_four_people_and_says_that_it_is_a_demo() {
    let bench = Bench::new().await;
    let response = bench.authorize(&[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("form-action 'self' http://localhost:1;"),
        "{policy}"
    );
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self';"),
        "{policy}"
    );
    let page = response.text().await.unwrap();
    assert!(page.contains("Nobody is really signing in."));
    for id in ["pick-ada", "pick-stan", "pick-uma", "pick-nora"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(!page.contains("style=") && !page.contains("<script"));
}

#[tokio::test]
async fn the_hinted_person_is_focused() {
    let bench = Bench::new().await;
    let page = bench
        .authorize(&[("login_hint", "uma@acme.example")])
        .await
        .text()
        .await
        .unwrap();
    assert!(page.contains("id=\"pick-uma\" autofocus"));
    assert_eq!(page.matches("autofocus").count(), 1);
}

#[tokio::test]
async fn a_pick_goes_back_with_code_and_state() {
    let mut bench = Bench::new().await;
    let response = bench.pick(&Person::uma().sub, &[]).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let back = location(&response);
    assert!(back.starts_with(CALLBACK));
    assert_eq!(param(&back, "state").as_deref(), Some("the-state"));
    assert!(param(&back, "code").is_some());
}

#[tokio::test]
async fn a_remembered_session_answers_at_once() {
    let mut bench = Bench::new().await;
    bench.pick(&Person::uma().sub, &[]).await;
    let response = bench.authorize(&[]).await;
    assert!(param(&location(&response), "code").is_some());
}

#[tokio::test]
async fn prompts_are_honoured_over_a_remembered_session() {
    let mut bench = Bench::new().await;
    bench.pick(&Person::uma().sub, &[]).await;
    for prompt in ["login", "select_account", "create"] {
        let response = bench.authorize(&[("prompt", prompt)]).await;
        assert_eq!(response.status(), StatusCode::OK, "{prompt}");
    }
    let silent = bench.authorize(&[("prompt", "none")]).await;
    assert!(param(&location(&silent), "code").is_some());
}

#[tokio::test]
async fn prompt_none_without_a_session_is_login_required() {
    let bench = Bench::new().await;
    let response = bench.authorize(&[("prompt", "none")]).await;
    assert_eq!(error(&response).as_deref(), Some("login_required"));
    assert_eq!(
        param(&location(&response), "state").as_deref(),
        Some("the-state")
    );
}

#[tokio::test]
async fn a_session_older_than_max_age_is_not_enough() {
    let mut bench = Bench::new().await;
    bench.pick(&Person::uma().sub, &[]).await;
    bench.later(61);
    assert_eq!(
        bench.authorize(&[("max_age", "60")]).await.status(),
        StatusCode::OK
    );
    let silent = bench
        .authorize(&[("max_age", "60"), ("prompt", "none")])
        .await;
    assert_eq!(error(&silent).as_deref(), Some("login_required"));
    bench.pick(&Person::uma().sub, &[("max_age", "60")]).await;
    let fresh = bench
        .authorize(&[("max_age", "60"), ("prompt", "none")])
        .await;
    assert_eq!(error(&fresh), None);
}

#[tokio::test]
async fn a_hint_at_somebody_else_is_login_required() {
    let mut bench = Bench::new().await;
    let ada = bench.sign_in(&Person::ada(), "openid").await;
    bench.pick(&Person::uma().sub, &[]).await;
    let hint = ada["id_token"].as_str().unwrap();
    let response = bench
        .authorize(&[("prompt", "none"), ("id_token_hint", hint)])
        .await;
    assert_eq!(error(&response).as_deref(), Some("login_required"));
}

#[tokio::test]
async fn an_unregistered_address_is_never_redirected_to() {
    let bench = Bench::new().await;
    for change in [
        ("client_id", "somebody"),
        ("redirect_uri", "http://localhost:1/oidc/callback"),
        ("redirect_uri", "http://localhost:1/oidc/callback/?x"),
        ("redirect_uri", ""),
    ] {
        let response = bench.authorize(&[change, ("prompt", "none")]).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{change:?}");
        assert!(
            !response.headers().contains_key(header::LOCATION),
            "{change:?}"
        );
    }
}

#[tokio::test]
async fn bad_requests_go_back_with_their_code() {
    let bench = Bench::new().await;
    for (change, code) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("prompt", "none login"), "invalid_request"),
    ] {
        assert_eq!(
            error(&bench.authorize(&[change]).await).as_deref(),
            Some(code),
            "{change:?}"
        );
    }
}

#[tokio::test]
async fn declining_is_access_denied() {
    let bench = Bench::new().await;
    let request = bench.authorization_query(&[]);
    let form = [("deny", "yes"), ("request", &request)];
    let response = bench
        .browse(bench.http.post(bench.url("/ui/login")).form(&form))
        .await;
    assert_eq!(error(&response).as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_pick_from_another_site_does_nothing() {
    let bench = Bench::new().await;
    let sub = Person::ada().sub;
    let request = bench.authorization_query(&[]);
    let form = [("sub", sub.as_str()), ("request", &request)];
    let post = bench.http.post(bench.url("/ui/login")).form(&form);
    let response = bench
        .browse(post.header("sec-fetch-site", "cross-site"))
        .await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(bench.controls().op_sessions(&sub).is_empty());
}

#[tokio::test]
async fn registration_makes_a_person_without_a_role() {
    let mut bench = Bench::new().await;
    let page = bench
        .authorize(&[("prompt", "create")])
        .await
        .text()
        .await
        .unwrap();
    assert!(page.contains("id=\"pick-new\""));
    let response = bench.pick("new", &[("prompt", "create")]).await;
    let code = param(&location(&response), "code").unwrap();
    let tokens = crate::support::json(bench.redeem(&code).await).await;
    let claims = crate::support::json(bench.userinfo(&tokens).await).await;
    assert_eq!(claims["given_name"], "Newcomer");
    assert!(claims.get(bench.controls().roles_claim()).is_none());
    let uninvited = bench.pick("new", &[]).await;
    assert_eq!(uninvited.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_error_code_can_be_sent() {
    let bench = Bench::new().await;
    for code in ["temporarily_unavailable", "consent_required", "made_up"] {
        bench.controls().set(|k| {
            k.authorize_error(code);
        });
        assert_eq!(error(&bench.authorize(&[]).await).as_deref(), Some(code));
    }
}

#[tokio::test]
async fn the_answer_can_be_bent_and_the_pick_automated() {
    let bench = Bench::new().await;
    bench.controls().set(|k| {
        k.authorize.pick = Some(Person::uma().sub);
        k.authorize.answer.set("state", "another");
        k.authorize.answer.set("iss", "http://evil");
    });
    let back = location(&bench.authorize(&[]).await);
    assert_eq!(param(&back, "state").as_deref(), Some("another"));
    assert_eq!(param(&back, "iss").as_deref(), Some("http://evil"));
}

#[tokio::test]
async fn requests_are_recorded_in_order() {
    let bench = Bench::new().await;
    bench
        .authorize(&[("prompt", "none"), ("ui_locales", "de en")])
        .await;
    let request = bench.last(Endpoint::Authorize);
    let names: Vec<_> = request
        .query
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names[..3], ["client_id", "redirect_uri", "response_type"]);
    assert_eq!(names[names.len() - 2..], ["prompt", "ui_locales"]);
    assert_eq!(request.param("ui_locales"), Some("de en"));
    assert_eq!(bench.controls().count(Endpoint::Authorize), 1);
    assert_eq!(bench.controls().count(Endpoint::Token), 0);
}
