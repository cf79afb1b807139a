//! The program as a new user starts it: four values in `.env`, and an OpenID Provider that nobody
//! here wrote on the other side.

use crate::support::{
    browser::Browser,
    program::{self, Program},
    real_op::{RealOp, sub},
};

/// Registers an address at the provider, and starts the program there with four values.
async fn start(op: &mut RealOp) -> Program {
    let address = program::free_address();
    op.register(&program::base_url(address)).await;
    let settings = format!(
        "OIDC_OP_BASE_URL={issuer}\nOIDC_RP_CLIENT_ID={id}\nOIDC_RP_CLIENT_SECRET='{secret}'\n\
         ZITADEL_PROJECT={project}\n",
        issuer = op.issuer,
        id = RealOp::CLIENT_ID,
        secret = RealOp::CLIENT_SECRET,
        project = RealOp::PROJECT_ID,
    );
    Program::start(address, &settings).await
}

impl Program {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Signs in with the button of the provider's page that says `name`.
    async fn sign_in(&self, browser: &Browser, name: &str) {
        browser.goto(self.url("/")).await;
        browser.follow_text("Sign in").await;
        assert_eq!(browser.text("h1").await, "Who are you?");
        browser.follow_text(name).await;
    }

    /// Signs out here and, where it asks, at the provider.
    async fn sign_out(&self, browser: &Browser) {
        browser.follow_text("Sign out").await;
        if browser.has("button[name=logout]").await {
            browser.follow("button[name=logout]").await;
        }
        assert_eq!(
            browser.url().await.origin().ascii_serialization(),
            self.base_url
        );
    }
}

/// Z-35, D-1, A-4, L-1, oidcc-client-test.
#[tokio::test]
async fn four_values_in_a_file_are_enough_to_sign_in_and_to_sign_out_at_both_sides() {
    let mut op = RealOp::start().await;
    let program = start(&mut op).await;
    let browser = Browser::without_javascript().await;

    program.sign_in(&browser, "Uma").await;
    assert_eq!(browser.text("h1").await, "Hello, Uma");
    assert_eq!(browser.text(".person .muted").await, "Voter");

    program.sign_out(&browser).await;
    assert_eq!(browser.text("h1").await, "You are signed out");
    let complaints = browser.complaints().await;
    let ours = |text: &&String| text.starts_with(&program.base_url);
    assert_eq!(complaints.iter().find(ours), None);
    program.sign_in(&browser, "Stan").await;
    assert_eq!(browser.text("h1").await, "Hello, Stan");
}

#[tokio::test]
async fn a_role_that_changes_between_two_sign_ins_takes_effect_at_the_second() {
    let mut op = RealOp::start().await;
    let program = start(&mut op).await;
    let browser = Browser::without_javascript().await;

    program.sign_in(&browser, "Uma").await;
    browser.goto(program.url("/admin/")).await;
    assert_eq!(
        browser.text("h1").await,
        "You do not have access to this page"
    );
    program.sign_out(&browser).await;

    op.set_roles(sub::UMA, &["admin"]).await;
    program.sign_in(&browser, "Uma").await;
    browser.goto(program.url("/admin/")).await;
    assert_eq!(browser.text("h1").await, "Polls Administration");
    program.sign_out(&browser).await;

    op.set_roles(sub::UMA, &[]).await;
    program.sign_in(&browser, "Uma").await;
    assert_eq!(browser.text("h1").await, "You have no role here yet");
}

#[tokio::test]
async fn somebody_without_a_role_is_refused() {
    let mut op = RealOp::start().await;
    let program = start(&mut op).await;
    let browser = Browser::without_javascript().await;

    program.sign_in(&browser, "Nora").await;
    assert_eq!(browser.text("h1").await, "You have no role here yet");
    browser.goto(program.url("/polls/1/")).await;
    assert_eq!(browser.text("h1").await, "You have no role here yet");
}

/// Z-9, O-2.
#[tokio::test]
async fn roles_that_only_userinfo_tells_count_and_a_new_signing_key_is_found() {
    let mut op = RealOp::start().await;
    op.put_roles_in_id_token(false).await;
    let program = start(&mut op).await;
    let browser = Browser::without_javascript().await;

    program.sign_in(&browser, "Ada").await;
    assert_eq!(browser.text(".person .muted").await, "Admin");
    program.sign_out(&browser).await;
    op.rotate_keys().await;
    program.sign_in(&browser, "Ada").await;
    assert_eq!(browser.text("h1").await, "Hello, Ada");
}
