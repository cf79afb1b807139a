//! Cookies that are not ours cost one look-up for each name of ours, however many there are.

use axum::body::Body;
use http::{HeaderValue, Request, header};
use rolecall::paths;

use crate::support::{
    app::TestApp,
    cookies,
    database::Engine,
    log,
    polls::{draft, open},
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

/// How the statements begin that look for the value of a cookie. (A `state` that was not granted is
/// looked up once more, by itself.)
const LOOK_UPS: [&str; 3] = [
    "SELECT data, last_seen_at, expires_at",
    "UPDATE pending_logins SET used_at",
    "DELETE FROM unsent_forms WHERE",
];

/// How many look-ups of each kind a request with these cookies makes.
async fn look_ups(app: &TestApp, path: &str, cookies: &str) -> [usize; 3] {
    log::keep();
    let value = HeaderValue::from_bytes(cookies.as_bytes()).expect("a header");
    let request = Request::get(path)
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, value);
    app.send(request.body(Body::empty()).expect("a request"))
        .await;
    let log = log::taken();
    let summaries: Vec<_> = log.split("summary=").skip(1).collect();
    LOOK_UPS.map(|look_up| {
        let same = summaries
            .iter()
            .filter(|line| line.trim_start_matches('"').starts_with(look_up));
        same.count()
    })
}

/// SEC-37, FZ-03: counted where statements are logged by the task that sends them.
#[tokio::test]
async fn no_cookie_header_costs_more_than_one_look_up_for_each_name() {
    let app = TestApp::start_on(Engine::Postgres).await;
    let poll = draft("Tea?", &["Yes", "No"]);
    let page = paths::poll(open(&app.state.polls, poll, app.clock.now()).await);
    let mut headers = samples(&texts(&PIECES, 12), 150);
    let id = "A".repeat(22);
    headers.push(format!("rolecall={id}; ").repeat(500));
    headers.push(format!("rolecall={id}; rolecall_login={}", "A".repeat(43)).repeat(100));
    let mut most = [0; 3];
    let mut uma = app.uma().await;
    headers.push(format!(
        "{}; rolecall_form={}",
        cookies::line(uma.cookies()),
        "A".repeat(43)
    ));
    for cookies in headers {
        for path in [
            "/",
            page.as_str(),
            "/user",
            "/oidc/logout/",
            "/oidc/callback/?code=x&state=y",
        ] {
            let counted = look_ups(&app, path, &cookies).await;
            assert!(
                counted.iter().all(|counted| *counted <= 1),
                "{counted:?} on {path}: {cookies:?}"
            );
            for (most, counted) in most.iter_mut().zip(counted) {
                *most = counted.max(*most);
            }
        }
    }
    assert_eq!(most, [1, 1, 1], "the look-ups are seen");
}
