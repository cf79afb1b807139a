//! How often programs may ask: by address, and by whom their token speaks for.

use std::{net::SocketAddr, time::Duration};

use axum::{body::Body, extract::ConnectInfo};
use demo_idp::{Endpoint, Person as Account};
use http::Request;
use rolecall::config::RateLimitConfig;

use super::{app_with, robot};
use crate::support::{app::TestApp, bearer::Program, person::Reply};

async fn limited() -> TestApp {
    app_with(&[], |config| config.rate_limit = RateLimitConfig::default()).await
}

/// Asks from the `number`th of many addresses.
async fn ask(program: &Program<'_>, number: u8) -> Reply {
    let peer = SocketAddr::from(([198, 51, 100, number], 50_000));
    let request = Request::get("/api/private").extension(ConnectInfo(peer));
    program.send(request, Body::empty()).await
}

fn assert_limited(reply: &Reply) {
    assert_eq!(reply.status, 429, "{}", reply.text);
    assert_eq!(reply.code(), "too_many_requests");
    let wait: u64 = reply.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
}

/// SEC-66.
#[tokio::test]
async fn made_up_tokens_from_one_address_wear_nobody_out() {
    let app = limited().await;
    for number in 0..300 {
        let reply = ask(&app.program(format!("made-up-{number}")), 1).await;
        assert_eq!(reply.status, 401, "{number}");
    }
    let asked = app.op().count(Endpoint::Introspection);
    let good = app.program_of(&robot(&[]));
    assert_limited(&ask(&good, 1).await);
    assert_eq!(app.op().count(Endpoint::Introspection), asked);
    assert_eq!(ask(&good, 2).await.status, 200, "from elsewhere");
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(ask(&good, 1).await.status, 200, "a moment later");
}

/// SEC-66: a token that has got about is limited wherever it is used.
#[tokio::test]
async fn one_caller_is_limited_from_all_addresses_together_and_others_go_on() {
    let app = limited().await;
    app.uma().await;
    for account in [robot(&[]), Account::uma()] {
        let program = app.program_of(&account);
        for number in 0..120 {
            assert_eq!(ask(&program, number).await.status, 200, "{number}");
        }
        assert_limited(&ask(&program, 200).await);
    }
    let stan = app.program_of(&Account::stan());
    assert_eq!(ask(&stan, 200).await.status, 200);
}
