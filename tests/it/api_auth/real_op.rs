//! A certified provider on the other side.

use std::time::Duration;

use super::*;
use crate::support::{
    app::BASE_URL,
    real_op::{AtProvider, RealOp, sub},
};

/// P-8, P-20: device sign-in, and a renewal that shows what the provider says by then.
#[tokio::test]
async fn a_provider_that_nobody_here_wrote_signs_a_program_in() {
    let mut op = RealOp::start().await;
    op.register(BASE_URL).await;
    let app = TestApp::start_at(&op.settings(), Duration::from_mins(2)).await;
    let device = device(&app, &[]).await;
    let waiting = poll(&app, &device).await;
    assert_error(&waiting, 400, "authorization_pending");
    let page = device["verification_uri_complete"].as_str();
    let mut person = AtProvider::open(page.expect("an address")).await;
    while !person.page.text.contains("Device connected") {
        person.submit(&[("sub", sub::STAN)]).await;
    }
    app.advance(Duration::from_secs(5)).await;
    let tokens = Tokens::of(&poll(&app, &device).await);
    assert_eq!(tokens.all["scope"], "user staff");
    op.set_roles(sub::STAN, &["user"]).await;
    let next = Tokens::of(&refresh(&app, &tokens.refresh).await);
    assert_eq!(next.all["scope"], "user");
    assert_eq!(opens(&app, &next.access).await, 200);
}
