//! Compression: of what is the same for everybody, and of nothing else.

use axum::body::Body;
use http::{Request, header};
use rolecall::{assets, paths};

use crate::support::app::TestApp;

/// The encoding of the answer at `path` to a browser that takes gzip.
async fn encoding(app: &TestApp, path: &str, cookie: Option<&str>) -> Option<String> {
    let mut request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip, deflate, br");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let answer = app
        .send(request.body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(answer.status(), 200, "{path}");
    let encoding = answer.headers().get(header::CONTENT_ENCODING);
    encoding.map(|encoding| encoding.to_str().expect("a word").to_owned())
}

/// PF-11.
#[tokio::test]
async fn public_pages_and_files_are_compressed() {
    let app = TestApp::start().await;
    for path in [paths::POLLS, assets::APP_CSS.as_str()] {
        assert_eq!(encoding(&app, path, None).await.as_deref(), Some("gzip"));
    }
}

/// SEC-52: what a page's length says about the secrets on it, nobody can measure.
#[tokio::test]
async fn a_page_for_a_browser_with_cookies_is_not_compressed() {
    let app = TestApp::start().await;
    let encoding = encoding(&app, paths::POLLS, Some("rolecall_session=x")).await;
    assert_eq!(encoding, None);
}
