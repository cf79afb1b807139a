//! The device flow, from both ends.

use demo_idp::{Options, Person};
use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{Bench, id_token, json};

async fn begin(bench: &Bench) -> Value {
    let form = [("scope", "openid profile")];
    json(bench.post("/oauth/v2/device_authorization", &form).await).await
}

async fn poll(bench: &Bench, device: &Value) -> Value {
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", device["device_code"].as_str().unwrap()),
    ];
    json(bench.post("/oauth/v2/token", &form).await).await
}

async fn answer(bench: &mut Bench, form: &[(&str, &str)]) -> String {
    let response = bench
        .browse(bench.http.post(bench.url("/device")).form(form))
        .await;
    bench.keep_cookie(&response);
    response.text().await.unwrap()
}

#[tokio::test]
async fn a_device_gets_tokens_once_its_person_has_picked() {
    let mut bench = Bench::new().await;
    let device = begin(&bench).await;
    assert_eq!(
        poll(&bench, &device).await["error"],
        "authorization_pending"
    );
    let code = device["user_code"].as_str().unwrap().to_lowercase();
    let page = answer(&mut bench, &[("user_code", &code)]).await;
    assert!(page.contains("Whose device is it?") && page.contains("id=\"pick-uma\""));
    let page = answer(
        &mut bench,
        &[("user_code", &code), ("sub", &Person::uma().sub)],
    )
    .await;
    assert!(page.contains("Your device is signed in"));
    let tokens = poll(&bench, &device).await;
    assert_eq!(id_token(&tokens).1["sub"], Person::uma().sub);
    assert_eq!(poll(&bench, &device).await["error"], "invalid_grant");
}

#[tokio::test]
async fn a_hasty_device_is_slowed_down() {
    let bench = Bench::new().await;
    let device = begin(&bench).await;
    assert_eq!(device["interval"], 5);
    poll(&bench, &device).await;
    assert_eq!(poll(&bench, &device).await["error"], "slow_down");
    bench.later(9);
    assert_eq!(poll(&bench, &device).await["error"], "slow_down");
    bench.later(15);
    assert_eq!(
        poll(&bench, &device).await["error"],
        "authorization_pending"
    );
}

#[tokio::test]
async fn a_declined_device_is_told_so() {
    let mut bench = Bench::new().await;
    let device = begin(&bench).await;
    let code = device["user_code"].as_str().unwrap();
    let page = answer(&mut bench, &[("user_code", code), ("deny", "yes")]).await;
    assert!(page.contains("was not signed in"));
    assert_eq!(poll(&bench, &device).await["error"], "access_denied");
}

#[tokio::test]
async fn a_device_code_ends() {
    let mut bench = Bench::new().await;
    let device = begin(&bench).await;
    bench.later(300);
    assert_eq!(poll(&bench, &device).await["error"], "expired_token");
    let page = answer(
        &mut bench,
        &[("user_code", device["user_code"].as_str().unwrap())],
    )
    .await;
    assert!(page.contains("unknown or no longer valid"));
}

#[tokio::test]
async fn the_complete_address_fills_in_the_code() {
    let bench = Bench::with(demo_idp::Knobs::default(), |o: &mut Options| {
        o.demo_page = false;
    })
    .await;
    let device = begin(&bench).await;
    let page = bench
        .http
        .get(device["verification_uri_complete"].as_str().unwrap());
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let code = device["user_code"].as_str().unwrap();
    assert!(
        page.text()
            .await
            .unwrap()
            .contains(&format!("value=\"{code}\""))
    );
}

#[tokio::test]
async fn the_answer_can_lack_a_member() {
    let bench = Bench::new().await;
    bench
        .controls()
        .set(|k| k.device.answer.remove("verification_uri"));
    assert!(begin(&bench).await.get("verification_uri").is_none());
}
