//! Addresses and methods that nobody uses in earnest open nothing.

use axum::body::Body;
use http::{Method, Request, header};

use crate::support::{app::TestApp, person::Reply};

/// SEC-43: whoever may not see a page may not see it under another spelling either.
#[tokio::test]
async fn no_spelling_of_a_guarded_address_opens_more_than_the_address() {
    let app = TestApp::start().await;
    let mut people = [app.anonymous(), app.uma().await, app.stan().await];
    for (who, person) in people.iter_mut().enumerate() {
        for path in [
            "/admin",
            "/ADMIN/",
            "/Admin/",
            "//admin/",
            "/admin//",
            "/./admin/",
            "/x/../admin/",
            "/admin/%2e/",
            "/admin/%2E%2E/admin/",
            "/%61dmin/",
            "/admin%2f",
            "/admin/;x",
            "/admin;x/",
            "/admin/..;/admin/",
            "/admin/.json",
            "/admin/x.css",
            "/admin/%00",
            "/admin/%20",
            "/polls/1/results",
            "/polls/1/results/%2f",
            "/polls/1/RESULTS/",
            "/polls/01/results/",
            "/polls/+1/results/",
            "/polls/1%2fresults/",
            "/polls/1/results/.png",
        ] {
            for method in [Method::GET, Method::HEAD, Method::POST] {
                let request = Request::builder()
                    .method(method.clone())
                    .uri(path)
                    .header(header::ACCEPT, "text/html")
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                let reply = person.send(request, Body::empty()).await;
                let leads_on = reply.status == 308 || reply.status == 303;
                assert!(
                    leads_on
                        || [400, 403, 404, 405].contains(&reply.status.as_u16())
                        || who == 2 && path.contains("results"),
                    "{method} {path} for {who}: {}",
                    reply.status
                );
            }
        }
    }
}

/// SEC-45.
#[tokio::test]
async fn who_claims_to_be_a_health_check_is_nobody() {
    let app = TestApp::start().await;
    for agent in ["kube-probe/1.30", "GoogleHC/1.0", "ELB-HealthChecker/2.0"] {
        for path in ["/admin/", "/polls/1/", "/user/tokens/"] {
            let ask = async |agent: &str| {
                let request = Request::get(path)
                    .header(header::ACCEPT, "text/html")
                    .header(header::USER_AGENT, agent);
                app.anonymous().send(request, Body::empty()).await
            };
            let (probe, anybody) = (ask(agent).await, ask("Mozilla/5.0").await);
            assert_eq!(probe.status, 303, "{path}");
            assert_eq!(probe.status, anybody.status, "{path}");
            assert_eq!(probe.location(), anybody.location(), "{path}");
        }
    }
}

/// SEC-57: what a cache takes for a picture is no page of a person.
#[tokio::test]
async fn no_page_of_a_person_stands_under_the_name_of_a_file() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for path in [
        "/user/x.css",
        "/user.css",
        "/user/.css",
        "/polls/1/results/.png",
        "/polls/1/x.js",
        "/admin/x.svg",
        "/user%2fx.css",
        "/user;x.css",
        "/user/tokens/x.css",
    ] {
        let reply = ada.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
    }
}

/// SEC-67.
#[tokio::test]
async fn nothing_but_the_files_of_the_site_is_served_below_static() {
    let app = TestApp::start().await;
    for name in [
        "",
        ".",
        "..",
        "../Cargo.toml",
        "..%2fCargo.toml",
        "%2e%2e/Cargo.toml",
        "%2e%2e%2fCargo.toml",
        "..%5cCargo.toml",
        "../../etc/passwd",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        ".env",
        ".git/config",
        "app.css",
        "app.css/",
        "app.css%00",
        "APP.CSS",
        "app.scss",
        "icon.svg~",
    ] {
        let reply = app.anonymous().get(&format!("/static/{name}")).await;
        assert!(
            [404, 400].contains(&reply.status.as_u16()),
            "{name}: {}",
            reply.status
        );
        assert!(
            !reply.text.contains("[package]") && !reply.text.contains("root:"),
            "{name}"
        );
    }
    let css = rolecall::assets::APP_CSS.as_str();
    let served = app.anonymous().get(css).await;
    assert_eq!(served.status, 200);
    assert!(served.header("cache-control").contains("immutable"));
}

/// SEC-64.
#[tokio::test]
async fn methods_that_no_page_has_are_refused_everywhere() {
    let app = TestApp::start().await;
    for method in ["TRACE", "CONNECT", "PROPFIND", "TRACK", "DEBUG", "get"] {
        let method = Method::from_bytes(method.as_bytes()).expect("a token");
        for path in [
            "/",
            "/polls/",
            "/user",
            "/healthz",
            "/admin/",
            "/api/v1/polls",
        ] {
            let request = Request::builder().method(method.clone()).uri(path);
            let request = request.body(Body::empty()).expect("a request");
            let reply = Reply::read(app.send(request).await).await;
            assert_eq!(reply.status, 405, "{method} {path}");
        }
    }
}
