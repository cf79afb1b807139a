//! Userinfo as a signed JWT (OpenID Connect Core 1.0, 5.3.2).

use demo_idp::{Knobs, Signing};

use crate::support::app::TestApp;

/// M-36.
#[tokio::test]
async fn signed_userinfo_is_read_like_any_other() {
    let app = TestApp::start().await;
    app.op().set(|k| k.userinfo_signed = true);
    let mut stan = app.anonymous();
    assert_eq!(stan.sign_in("pick-stan", "/user").await.location(), "/user");
    let facts = stan.get("/user").await.texts("dd").join(" ");
    assert!(
        facts.contains("Staff") && facts.contains("stan@"),
        "{facts}"
    );
}

#[tokio::test]
async fn signed_userinfo_is_read_after_the_keys_have_changed() {
    let app = TestApp::start().await;
    app.uma().await;
    app.op().set(|k| k.userinfo_signed = true);
    app.op().rotate_keys().expect("a new key");
    let landed = app.anonymous().sign_in("pick-stan", "/user").await;
    assert_eq!(landed.location(), "/user", "{}", landed.text);
}

/// M-36, SEC-11, SEC-13.
#[tokio::test]
async fn signed_userinfo_that_is_not_for_us_or_not_genuine_signs_nobody_in() {
    type Change = fn(&mut Knobs);
    let changes: [(&str, Change); 9] = [
        ("unsigned", |k| k.userinfo.signing = Signing::Unsigned),
        ("broken", |k| k.userinfo.signing = Signing::Broken),
        ("foreign key", |k| k.userinfo.signing = Signing::ForeignKey),
        ("our secret", |k| k.userinfo.signing = Signing::ClientSecret),
        ("public key as secret", |k| {
            k.userinfo.signing = Signing::PublicKeyAsSecret;
        }),
        ("another issuer", |k| {
            k.userinfo.claims.set("iss", "https://evil.example");
        }),
        ("another audience", |k| k.userinfo.claims.set("aud", "shop")),
        ("no audience", |k| k.userinfo.claims.remove("aud")),
        ("another subject", |k| k.userinfo.claims.set("sub", "1")),
    ];
    for (what, change) in changes {
        let app = TestApp::start().await;
        app.op().set(|k| {
            k.userinfo_signed = true;
            change(k);
        });
        let mut uma = app.anonymous();
        let refused = uma.sign_in("pick-uma", "/user").await;
        assert_eq!(refused.status, 400, "{what}");
        assert_eq!(
            refused.text_of("details code"),
            "userinfo_invalid",
            "{what}"
        );
        assert!(!uma.is_signed_in().await, "{what}");
        assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 0, "{what}");
    }
}
