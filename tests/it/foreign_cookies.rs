//! Cookies that are not ours cost one look-up for each name of ours, however many there are.

use axum::body::Body;
use http::{HeaderValue, Request, header};

use crate::support::{
    app::TestApp,
    database::Engine,
    log,
    samples::{samples, texts},
};

/// Our names, values that look like ours, and what stands between.
const PIECES: [&str; 14] = [
    "rolecall=",
    "rolecall_login=",
    "rolecall_logout=",
    "rolecall_form=",
    "rolecall_unsent=",
    "other=",
    "; ",
    "; ",
    "; ",
    ";",
    "x",
    "1.1",
    "AAAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

/// What is looked up by the value of a cookie.
const TABLES: [&str; 3] = ["sessions", "pending_logins", "unsent_forms"];

/// How many statements a request with these cookies sends to the database for each table.
async fn statements(app: &TestApp, path: &str, cookies: &str) -> [usize; 3] {
    log::keep();
    let value = HeaderValue::from_bytes(cookies.as_bytes()).expect("a header");
    let request = Request::get(path)
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, value);
    app.send(request.body(Body::empty()).expect("a request"))
        .await;
    let log = log::taken();
    let statements: Vec<_> = log
        .lines()
        .filter(|line| line.contains("sqlx::query"))
        .collect();
    TABLES.map(|table| {
        let about = statements.iter().filter(|line| line.contains(table));
        about.count()
    })
}

/// SEC-37, FZ-03: counted where statements are logged by the task that sends them.
#[tokio::test]
async fn no_cookie_header_costs_more_than_one_look_up_for_each_name() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let mut headers = samples(&texts(&PIECES, 12), 150);
    let id = "A".repeat(22);
    headers.push(format!("rolecall={id}; ").repeat(500));
    headers.push(format!("rolecall={id}; rolecall_login={}", "A".repeat(43)).repeat(100));
    let mut most = [0; 3];
    for cookies in headers {
        for path in [
            "/",
            "/polls/1/",
            "/user",
            "/oidc/logout/",
            "/oidc/callback/?code=x&state=y",
        ] {
            let counted = statements(&app, path, &cookies).await;
            for (most, counted) in most.iter_mut().zip(counted) {
                assert!(counted <= 1, "{counted} on {path}: {cookies:?}");
                *most = counted.max(*most);
            }
        }
    }
    assert_eq!(most, [1, 1, 0], "the look-ups are seen");
}
