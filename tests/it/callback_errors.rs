//! Each way in which the provider can send a browser back without a code: its own words, its own
//! status, and the way on.

use std::collections::BTreeSet;

use demo_idp::knobs::AuthorizeError;

use crate::{
    sign_in::{at_provider, parameter},
    support::{
        app::TestApp,
        log,
        person::{Person, Reply},
    },
};

/// RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6.
const CODES: [(&str, u16); 14] = [
    ("access_denied", 403),
    ("invalid_request", 400),
    ("invalid_scope", 400),
    ("unauthorized_client", 400),
    ("unsupported_response_type", 400),
    ("server_error", 503),
    ("temporarily_unavailable", 503),
    ("interaction_required", 400),
    ("login_required", 400),
    ("account_selection_required", 400),
    ("consent_required", 400),
    ("invalid_request_uri", 400),
    ("request_not_supported", 400),
    ("registration_not_supported", 400),
];

/// The answer to a sign-in that the provider ends with this error.
async fn fail(app: &TestApp, error: AuthorizeError) -> (Person<'_>, Reply) {
    app.op().set(|k| k.authorize.error = Some(error));
    let mut person = app.anonymous();
    let start = person.get("/oidc/authenticate/?next=%2Fuser").await;
    let page = person.get(&at_provider(&start).await).await;
    (person, page)
}

/// A-3, D-7, M-20, S-8, N-5, E-12, E-46, E-110, SEC-20.
#[tokio::test]
async fn each_error_of_the_provider_has_its_own_words_status_and_way_on() {
    let app = TestApp::start().await;
    let mut sentences = BTreeSet::new();
    for (code, status) in CODES.into_iter().chain([("something_new", 400)]) {
        let (mut person, page) = fail(&app, AuthorizeError::new(code, "")).await;
        assert_eq!(page.status, status, "{code}");
        let sentence = page.text_of(".lede");
        assert!(sentences.insert(sentence), "{code} has its own sentence");
        assert_eq!(page.text_of("details code"), code);
        assert_eq!(
            page.attributes("main .actions a", "href"),
            [
                "/oidc/authenticate/?next=%2Fuser",
                "/oidc/authenticate/?next=%2Fuser&prompt=select_account",
                "/"
            ],
            "{code} keeps the target"
        );
        assert_eq!(
            page.header("retry-after").is_empty(),
            status != 503,
            "{code}"
        );
        assert!(!person.is_signed_in().await, "{code}");
    }
}

/// S-8, N-5: whoever is quoted the number finds the line.
#[tokio::test]
async fn an_unknown_error_is_found_in_the_log_by_the_number_on_its_page() {
    log::keep();
    let app = TestApp::start().await;
    let (_, page) = fail(&app, AuthorizeError::new("something_new", "for a reason")).await;
    let log = log::taken();
    let number = page.texts("details code").pop().expect("a number");
    assert_eq!(number, page.header("x-request-id"));
    let mut lines = log.lines().filter(|line| line.contains(&number));
    let line = lines.find(|line| line.contains("sign-in failed"));
    assert!(
        line.is_some_and(|line| line.contains("something_new")),
        "{log}"
    );
    assert!(
        !log.contains("for a reason"),
        "the provider's words stay on the page"
    );
}

/// S-8, SEC-20.
#[tokio::test]
async fn the_providers_own_words_are_escaped_and_short() {
    let app = TestApp::start().await;
    let description = format!("<script>alert(1)</script>{}", "x".repeat(1000));
    let (_, page) = fail(&app, AuthorizeError::new("access_denied", &description)).await;
    assert_eq!(page.status, 403);
    assert!(!page.text.contains("<script>"));
    let note = page.text_of(".note");
    assert!(note.contains("<script>alert(1)</script>xxx"));
    assert_eq!(
        note.matches('x').count(),
        200 - "<script>alert(1)</script>".len()
    );
}

/// S-8, E-11: nobody puts words on our pages with a link.
#[tokio::test]
async fn words_that_come_without_a_sign_in_are_not_shown() {
    let app = TestApp::start().await;
    let callback = app.anonymous().ask_provider("pick-uma", "/").await;
    let state = callback.split("state=").nth(1).expect("a state");
    let state = state.split('&').next().unwrap_or_default();
    for query in [
        "error=access_denied&error_description=SHOUT".to_owned(),
        "error=SHOUT&error_description=SHOUT&state=unknown".to_owned(),
        format!("error=SHOUT&error_description=SHOUT&state={state}"),
    ] {
        let page = app
            .anonymous()
            .get(&format!("/oidc/callback/?{query}"))
            .await;
        assert_eq!(page.status, 400, "{query}");
        assert!(!page.text.contains("SHOUT"), "{query}");
    }
}

/// N-5, D-9, M-33, E-26.
#[tokio::test]
async fn a_silent_sign_in_becomes_an_open_one_when_the_provider_has_to_ask() {
    let app = TestApp::start().await;
    for code in [
        "login_required",
        "interaction_required",
        "account_selection_required",
        "consent_required",
    ] {
        app.op().set(|k| k.authorize_error(code));
        let mut uma = app.anonymous();
        let start = uma
            .get("/oidc/authenticate/?next=%2Fuser&prompt=none")
            .await;
        assert_eq!(parameter(&start, "prompt"), "none");
        let back = uma.get(&at_provider(&start).await).await;
        assert_eq!(
            back.location(),
            "/oidc/authenticate/?next=%2Fuser",
            "{code}"
        );
        let start = uma.get(back.location()).await;
        assert_eq!(parameter(&start, "prompt"), "");
        let page = uma.get(&at_provider(&start).await).await;
        assert_eq!(page.status, 400, "{code}: it ends there");
    }
}
