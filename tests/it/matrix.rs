//! Every route × every role × every method, read off the router's own table: a route that
//! somebody adds is in here without being asked.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Method, Request, header};
use rolecall::{
    app::{Audience, Route, routes},
    seed,
};

use crate::support::{
    app::TestApp,
    person::{Person, Reply},
};

const METHODS: [Method; 8] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
];

/// How a request was met.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Met {
    /// The handler ran.
    Let,
    /// Sign in first.
    SignInFirst,
    /// Signed in, with too little role.
    Forbidden,
    /// Allowed, but for the token that the form lacked.
    TokenMissing,
    /// Not a method of this address.
    NotAllowed,
}

async fn four_people(app: &TestApp) -> [(Option<Audience>, Person<'_>); 4] {
    [
        (None, app.anonymous()),
        (Some(Audience::SignedIn), app.uma().await),
        (Some(Audience::Staff), app.stan().await),
        (Some(Audience::Admins), app.ada().await),
    ]
}

fn rank(audience: Audience) -> u8 {
    match audience {
        Audience::Everyone | Audience::Provider | Audience::Programs => 0,
        Audience::SignedIn => 1,
        Audience::Staff => 2,
        Audience::Admins => 3,
        // However strong the role: cookies open nothing here.
        Audience::Callers | Audience::StaffCallers | Audience::AdminCallers => u8::MAX,
    }
}

/// What must happen to somebody of rank `who`.
fn expected(table: &BTreeMap<&str, Vec<Route>>, path: &str, method: &Method, who: u8) -> Met {
    let wanted = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let Some(route) = table[path].iter().find(|route| route.method == wanted) else {
        return Met::NotAllowed;
    };
    match (rank(route.audience), who) {
        (1.., 0) | (u8::MAX, _) => Met::SignInFirst,
        (needed, who) if who < needed => Met::Forbidden,
        (_, 1..) if wanted == Method::POST && route.audience.is_people() => Met::TokenMissing,
        _ => Met::Let,
    }
}

fn met(reply: &Reply) -> Met {
    let code = serde_json::from_str::<serde_json::Value>(&reply.text).unwrap_or_default();
    match (
        reply.status.as_u16(),
        code["code"].as_str().unwrap_or_default(),
    ) {
        (401, _) => Met::SignInFirst,
        (403, "forbidden") => Met::Forbidden,
        (403, "csrf") => Met::TokenMissing,
        (405, _) => Met::NotAllowed,
        (404, _) => panic!("no such page: {reply:?}"),
        (status, _) if status < 500 => Met::Let,
        _ => panic!("{reply:?}"),
    }
}

/// A program's request: the answer to it says in words why it was refused.
async fn ask(person: &mut Person<'_>, method: &Method, path: &str) -> Reply {
    let request = Request::builder()
        .method(method.clone())
        .uri(path)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    person.send(request, Body::empty()).await
}

/// `HEAD` has no body to read a reason from, so it is held against what `GET` was met with.
fn same_status_as_get(met: Met) -> &'static [u16] {
    match met {
        Met::SignInFirst => &[401],
        Met::Forbidden => &[403],
        // 400: a callback without an answer in it.
        _ => &[200, 303, 400],
    }
}

fn fill(path: &str, poll: i64) -> String {
    path.replace("/users/{id}/{step}", "/users/{id}/deactivate")
        .replace("{id}", &poll.to_string())
        .replace("{step}", "close")
        .replace("{provider}", "partner")
        .replace("/static/{*file}", rolecall::assets::APP_CSS.as_str())
        .replace('{', "unfilled-")
}

/// Z-1, Z-2, Z-3, Z-28, Z-29, Z-31, Z-32, Z-33, A-7, R-1, R-2, E-9, E-40, E-48, E-50, E-105.
/// A1.
#[tokio::test]
async fn every_route_lets_in_whom_its_audience_names_and_nobody_else() {
    let app = TestApp::start().await;
    seed::seed(&app.state.polls, &app.state.users, app.clock.now())
        .await
        .expect("samples");
    let poll = app.number("SELECT MIN(id) FROM polls WHERE closed_at IS NULL AND opens_at <= (SELECT now FROM clock)").await;
    let mut table: BTreeMap<&str, Vec<Route>> = BTreeMap::new();
    for route in routes() {
        table.entry(route.path).or_default().push(route);
    }
    let mut wrong = Vec::new();
    for (who, (_, person)) in (0_u8..).zip(&mut four_people(&app).await) {
        for path in table.keys() {
            for method in METHODS {
                let should = expected(&table, path, &method, who);
                let mut once = person.clone();
                let reply = ask(&mut once, &method, &fill(path, poll)).await;
                let fits = if method == Method::HEAD && should != Met::NotAllowed {
                    same_status_as_get(should).contains(&reply.status.as_u16())
                } else {
                    met(&reply) == should
                };
                if !fits {
                    wrong.push(format!(
                        "{method} {path} for rank {who}: {} instead of {should:?}",
                        reply.status
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn other_spellings_of_a_guarded_address_open_nothing() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    for path in [
        "/ADMIN/",
        "//admin/",
        "/admin/%2e/",
        "/admin/..;/admin/",
        "/admin/%2fpolls/",
        "/polls/1/results/%2f",
        "/admin;x/",
    ] {
        let reply = uma.get(path).await;
        assert!(
            [404, 403, 308].contains(&reply.status.as_u16()),
            "{path}: {}",
            reply.status
        );
    }
}
