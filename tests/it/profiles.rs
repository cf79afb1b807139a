//! What the profile page shows of what the provider says.

use demo_idp::{Person as Account, patch::Patch};
use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    person::{Person, Reply},
};

/// Uma's profile page, when the provider says this of her as well; of `null` it says nothing.
async fn profile(app: &TestApp, claims: &[(&str, Value)]) -> Reply {
    let change = |account: &mut Account| {
        account.claims = Patch::default();
        for (name, value) in claims {
            match value {
                Value::Null => account.claims.remove(*name),
                value => account.claims.set(*name, value.clone()),
            }
        }
    };
    app.op()
        .person(&Account::uma().sub, change)
        .expect("Uma is known");
    let mut uma: Person<'_> = app.uma().await;
    uma.get("/user").await
}

fn img_src(reply: &Reply) -> String {
    let policy = reply.header("content-security-policy");
    let mut directives = policy.split(';').map(str::trim);
    let images = directives.find(|directive| directive.starts_with("img-src"));
    images.expect("a directive for images").to_owned()
}

///
#[tokio::test]
async fn a_picture_at_the_provider_is_shown_and_nothing_is_told_by_it() {
    let app = TestApp::start().await;
    let issuer = app.provider.issuer().to_owned();
    let picture = format!("{issuer}/assets/v1/uma?size=\"96\"");
    let page = profile(&app, &[("picture", json!(picture))]).await;
    let attribute = |name| page.attributes("main img", name).concat();
    assert_eq!(
        attribute("src"),
        format!("{issuer}/assets/v1/uma?size=%2296%22")
    );
    assert_eq!(attribute("referrerpolicy"), "no-referrer");
    assert_eq!(attribute("alt"), "");
    assert_eq!(img_src(&page), format!("img-src 'self' {issuer}"));
    let home = app.uma().await.get("/").await;
    assert_eq!(img_src(&home), "img-src 'self'");
}

///
#[tokio::test]
async fn a_picture_from_elsewhere_is_not_shown() {
    let app = TestApp::start().await;
    for picture in [
        json!("https://tracker.example/uma.png"),
        json!("http://127.0.0.1:1/uma.png"),
        json!("javascript:alert(1)"),
        json!("data:image/gif;base64,R0lGODdhAQABAIAAAP"),
        json!("/uma.png"),
        json!(null),
    ] {
        let page = profile(&app, &[("picture", picture.clone())]).await;
        assert_eq!(page.attributes("main img", "src"), [""; 0], "{picture}");
        assert_eq!(img_src(&page), "img-src 'self'", "{picture}");
    }
}

///
#[tokio::test]
async fn what_the_provider_leaves_out_is_left_out_here() {
    let app = TestApp::start().await;
    let names = ["name", "given_name", "family_name", "preferred_username"];
    let mut nothing = Vec::from(names.map(|name| (name, json!(null))));
    nothing.extend([("email", json!(null)), ("email_verified", json!(true))]);
    let page = profile(&app, &nothing).await;
    let facts = page.texts("main dt");
    assert_eq!(facts, ["Username", "Role"]);
    assert!(!page.text.contains("None"));
    let page = profile(&app, &[("preferred_username", json!("uma@acme"))]).await;
    assert!(
        page.texts(".facts div")
            .contains(&"Sign-in nameuma@acme".to_owned())
    );
    assert!(page.text_of("main").contains("uma@acme.example (verified)"));
}
