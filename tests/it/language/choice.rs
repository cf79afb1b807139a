//! Who reads which language, and how they choose another.

use http::{Request, header};

use crate::support::{
    app::TestApp,
    person::{ACCEPT_LANGUAGE, Person},
};

/// The language of the page at `path`, as everything says it.
async fn language(person: &mut Person<'_>, path: &str) -> String {
    let page = person.get(path).await;
    let lang = page.attributes("html", "lang").remove(0);
    assert_eq!(page.header("content-language"), lang);
    lang
}

/// X5.
#[tokio::test]
async fn a_browser_is_answered_in_the_language_it_prefers() {
    let app = TestApp::start().await;
    let mut anonymous = app.anonymous();
    assert_eq!(language(&mut anonymous, "/").await, "en");
    for (accepts, heading) in [
        ("de-AT, en;q=0.5", "Abstimmungen"),
        ("en;q=0.9, de", "Abstimmungen"),
        ("fr", "Polls"),
        ("de;q=0", "Polls"),
    ] {
        let page = ACCEPT_LANGUAGE
            .scope(accepts, anonymous.get("/polls/"))
            .await;
        assert_eq!(page.text_of("h1"), heading, "{accepts}");
        assert!(page.header("vary").contains("Accept-Language"));
    }
}

/// X5.
#[tokio::test]
async fn whoever_is_not_signed_in_chooses_in_the_footer_and_comes_back_to_the_page() {
    let app = TestApp::start().await;
    let mut anonymous = app.anonymous();
    let page = anonymous.get("/polls/?page=1").await;
    assert_eq!(page.text_of("footer button"), "Deutsch");
    let next = page
        .attributes("footer input[name=next]", "value")
        .remove(0);
    let form = [("language", "de"), ("next", &next)];
    let chosen = anonymous.post_without_token("/preferences/", &form).await;
    assert_eq!(chosen.location(), "/polls/?page=1");
    assert_eq!(language(&mut anonymous, "/polls/").await, "de");
    let in_english = ACCEPT_LANGUAGE.scope("en", anonymous.get("/")).await;
    assert_eq!(
        in_english.attributes("html", "lang"),
        ["de"],
        "a choice counts for more"
    );
    let back = [("language", "")];
    anonymous.post_without_token("/preferences/", &back).await;
    assert_eq!(language(&mut anonymous, "/").await, "en");
}

/// X5.
#[tokio::test]
async fn a_persons_choice_goes_with_them_into_another_browser() {
    let app = TestApp::start().await;
    let (mut uma, mut elsewhere, mut stan) = (app.uma().await, app.uma().await, app.stan().await);
    let form = [
        ("language", "de"),
        ("zone", "Asia/Tokyo"),
        ("theme", "dark"),
    ];
    let chosen = uma.post("/preferences/", &form).await;
    assert_eq!((chosen.status.as_u16(), chosen.location()), (303, "/"));
    let page = elsewhere.get("/user").await;
    assert_eq!(page.attributes("html", "lang"), ["de"]);
    assert_eq!(page.attributes("html", "data-theme"), ["dark"]);
    assert!(page.text_of("footer").contains("Asia/Tokyo"));
    let times = page.texts("time");
    assert!(times[0].ends_with("Uhr (Asia/Tokyo, UTC+9)"), "{times:?}");
    assert_eq!(language(&mut stan, "/user").await, "en");
    uma.post("/preferences/", &[("zone", "")]).await;
    let page = elsewhere.get("/user").await;
    assert_eq!(
        page.attributes("html", "lang"),
        ["de"],
        "only the zone was given up"
    );
    assert!(page.text_of("footer").contains("UTC"));
}

/// X5, A25.
#[tokio::test]
async fn choices_that_do_not_exist_are_none() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let form = [
        ("language", "tlh"),
        ("zone", "Mars/Olympus"),
        ("theme", "pink"),
    ];
    assert_eq!(uma.post("/preferences/", &form).await.status, 303);
    let page = uma.get("/user").await;
    assert_eq!(page.attributes("html", "lang"), ["en"]);
    assert_eq!(page.attributes("html", "data-theme"), ["auto"]);
    let away = [("next", "https://evil.example.org/")];
    assert_eq!(uma.post("/preferences/", &away).await.location(), "/");
}

#[tokio::test]
async fn a_choice_needs_the_sessions_token_and_our_own_page() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let form = [("language", "de")];
    let refused = uma.post_without_token("/preferences/", &form).await;
    assert_eq!(refused.status, 403);
    let elsewhere = Request::post("/preferences/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    let mut anonymous = app.anonymous();
    let refused = anonymous.send(elsewhere, "language=de".into()).await;
    assert_eq!(refused.status, 403);
    assert_eq!(language(&mut anonymous, "/").await, "en");
    assert_eq!(language(&mut uma, "/").await, "en");
}

/// X9, X5.
#[tokio::test]
async fn errors_and_messages_are_in_the_readers_language() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    uma.post("/preferences/", &[("language", "de")]).await;
    let lost = uma.get("/nowhere/").await;
    assert_eq!(lost.text_of("h1"), "Seite nicht gefunden");
    assert_eq!(
        uma.get("/admin/").await.text_of("h1"),
        "Sie haben keinen Zugang zu dieser Seite"
    );
    uma.post("/user", &[("session", "others")]).await;
    let told = uma.get("/user").await;
    assert_eq!(told.text_of(".flash"), "Es gab keine andere Sitzung.");
    let request = Request::get("/nowhere/")
        .header(header::ACCEPT, "application/json")
        .header(header::ACCEPT_LANGUAGE, "de");
    let problem = app
        .anonymous()
        .send(request, axum::body::Body::empty())
        .await;
    assert!(
        problem
            .text
            .contains("Unter dieser Adresse gibt es nichts.")
    );
}
