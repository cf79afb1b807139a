//! A provider that is down for a while, slow or strange. `outage_matrix` has every fault at
//! every step.

use std::time::Duration;

use demo_idp::{Endpoint, Fault};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::support::{app::TestApp, database::Engine, tls::self_signed_server};

/// O-1, O-5, N-7, FT-15.
#[tokio::test]
async fn the_site_starts_without_the_provider_and_finds_it_later() {
    let app = TestApp::start().await;
    app.op().set(|k| k.offline = true);
    let mut uma = app.anonymous();
    assert_eq!(uma.get("/").await.status, 200);
    assert!(uma.get("/healthz").await.text.contains("unreachable"));
    let page = uma.get("/oidc/authenticate/?next=%2Fuser").await;
    assert_eq!(page.status, 503);
    assert_eq!(page.text_of("h1"), "Sign-in is unavailable at the moment");
    assert_ne!(page.header("retry-after"), "");
    assert!(page.text.contains("next=%2Fuser"), "the target is kept");
    app.op().set(|k| k.offline = false);
    app.clock.advance(Duration::from_secs(30));
    assert_eq!(uma.sign_in("pick-uma", "/user").await.location(), "/user");
    assert!(uma.get("/healthz").await.text.contains("ok"));
}

/// O-1.
#[tokio::test]
async fn a_provider_that_is_down_is_not_asked_by_every_visitor() {
    let app = TestApp::start().await;
    app.op()
        .set(|k| k.fault(Endpoint::Discovery, Fault::Status(500, String::new())));
    for _ in 0..5 {
        assert_eq!(app.anonymous().get("/oidc/authenticate/").await.status, 503);
    }
    assert_eq!(app.op().count(Endpoint::Discovery), 1);
}

#[tokio::test]
async fn a_browser_is_not_sent_to_a_provider_that_went_down() {
    let app = TestApp::start().await;
    app.uma().await;
    app.op().set(|k| k.offline = true);
    let begun = app.anonymous().get("/oidc/authenticate/").await;
    assert_eq!(begun.status, 303, "it was there a moment ago");
    app.clock.advance(Duration::from_secs(15));
    let page = app
        .anonymous()
        .get("/oidc/authenticate/?next=%2Fuser")
        .await;
    assert_eq!(page.status, 503);
    assert_eq!(page.text_of("h1"), "Sign-in is unavailable at the moment");
    assert!(page.text.contains("next=%2Fuser"), "the target is kept");
    app.op().set(|k| k.offline = false);
    let page = app.anonymous().get("/oidc/authenticate/").await;
    assert_eq!(page.status, 503, "it is not asked for every visitor");
    app.clock.advance(Duration::from_secs(2));
    let begun = app.anonymous().get("/oidc/authenticate/").await;
    assert_eq!(begun.status, 303);
}

#[tokio::test]
async fn what_the_token_endpoint_refuses_has_its_own_page() {
    for (error, status, code) in [
        ("invalid_grant", 400, "invalid_grant"),
        ("invalid_client", 502, "invalid_client"),
        ("unauthorized_client", 502, "invalid_client"),
        ("server_error", 503, "provider_unreachable"),
    ] {
        let app = TestApp::start().await;
        let body = format!(r#"{{"error":"{error}","error_description":"SECRET-description"}}"#);
        app.op()
            .set(|k| k.fault(Endpoint::Token, Fault::Status(400, body)));
        let page = app.anonymous().sign_in("pick-uma", "/").await;
        assert_eq!(page.status, status, "{error}");
        assert_eq!(page.text_of("details code"), code, "{error}");
        assert!(!page.text.contains("SECRET"), "{error}");
    }
}

/// Z-19, M-1, E-29, E-30, SEC-15, oidcc-client-test-discovery-issuer-mismatch.
#[tokio::test]
async fn the_issuer_is_the_one_that_is_configured_give_or_take_a_slash() {
    for (issuer, accepted) in [
        (None, true),
        (Some("https://other.example".to_owned()), false),
    ] {
        let app = TestApp::start().await;
        app.op().set(|k| {
            if let Some(issuer) = &issuer {
                k.discovery.set("issuer", issuer.clone());
            }
        });
        let start = app.anonymous().get("/oidc/authenticate/").await;
        assert_eq!(start.status == 303, accepted, "{issuer:?}");
    }
    let app = TestApp::start().await;
    let with_slash = format!("{}/", app.provider.issuer());
    app.op().set(|k| {
        k.discovery.set("issuer", with_slash.clone());
        k.id_token.claims.set("iss", with_slash.clone());
    });
    assert_eq!(
        app.anonymous()
            .sign_in("pick-uma", "/user")
            .await
            .location(),
        "/user"
    );
}

/// SEC-15.
#[tokio::test]
async fn endpoints_elsewhere_are_https_or_not_used() {
    let app = TestApp::start().await;
    app.op().set(|k| {
        k.discovery
            .set("token_endpoint", "http://evil.example/token");
    });
    assert_eq!(app.anonymous().get("/oidc/authenticate/").await.status, 503);
}

/// O-7, SEC-15.
#[tokio::test]
async fn no_redirect_of_the_provider_is_followed() {
    let app = TestApp::start().await;
    let inside = format!("{}/oidc/v1/userinfo", app.provider.issuer());
    app.op()
        .set(|k| k.fault(Endpoint::Jwks, Fault::Redirect(inside)));
    assert_eq!(app.anonymous().get("/oidc/authenticate/").await.status, 503);
    assert_eq!(app.op().count(Endpoint::UserInfo), 0);
}

/// A socket that takes no connection: the kernel drops whatever knocks once one waits, as a
/// firewall does. It does so for as long as both are held.
async fn deaf_socket() -> (String, TcpListener, TcpStream) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind(([127, 0, 0, 1], 0).into())
        .expect("a free port");
    let deaf = socket.listen(0).expect("a listener");
    let address = deaf.local_addr().expect("a bound port");
    let waiting = TcpStream::connect(address)
        .await
        .expect("one may wait in line");
    (format!("http://{address}"), deaf, waiting)
}

/// Somebody tries to sign in while one endpoint after the other is at a server that can do nothing:
/// an answer each time, no code exchanged twice, and no session.
async fn assert_given_up(server: &str) {
    for (member, exchanges) in [
        ("jwks_uri", 0),
        ("token_endpoint", 0),
        ("userinfo_endpoint", 1),
    ] {
        let app = TestApp::start_with(Engine::of_this_run(), |config| {
            // Long enough for the endpoints that are in order, on a busy machine.
            config.oidc.timeout = Duration::from_secs(3);
        });
        let app = app.await;
        app.op()
            .set(|k| k.discovery.set(member, format!("{server}/{member}")));
        let mut uma = app.anonymous();
        let start = uma.get("/oidc/authenticate/?next=%2Fuser").await;
        let page = if member == "jwks_uri" {
            start
        } else {
            let callback = uma.pick_at_provider(start.location(), "pick-uma").await;
            uma.get(&callback).await
        };
        assert_eq!(page.status, 503, "{member}: {}", page.text);
        assert!(page.text.contains("next=%2Fuser"), "{member}");
        assert_eq!(app.op().count(Endpoint::Token), exchanges, "{member}");
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
        assert_eq!(uma.get("/polls/").await.status, 200, "{member}");
    }
}

/// FT-14: at the steps on the way in.
#[tokio::test]
async fn a_server_that_takes_no_connection_is_given_up_in_time() {
    let (deaf, _listener, _waiting) = deaf_socket().await;
    assert_given_up(&deaf).await;
}

/// FT-14, SEC-15: at the steps on the way in.
#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_is_told_nothing() {
    let (port, _) = self_signed_server();
    assert_given_up(&format!("https://localhost:{port}")).await;
}

/// FT-14, K-5, SEC-32: somebody is signed in, and the whole provider is such a server from now on.
#[tokio::test]
async fn a_certificate_that_goes_bad_signs_nobody_out() {
    let app = TestApp::start().await;
    let mut stan = app.stan().await;
    let (port, _) = self_signed_server();
    app.op().set(|k| {
        for member in ["userinfo_endpoint", "token_endpoint", "jwks_uri"] {
            let address = format!("https://localhost:{port}/{member}");
            k.discovery.set(member, address);
        }
    });
    app.advance(Duration::from_mins(15)).await;
    assert_eq!(stan.results().await, 404, "Stan stays signed in");
    assert_eq!(stan.post("/oidc/logout/", &[]).await.status, 303);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// FT-14: a second there, a second gone. Whoever signs in gets through or is told; whoever is
/// signed in notices nothing.
#[tokio::test]
async fn a_provider_that_comes_and_goes_is_used_while_it_is_there() {
    let app = TestApp::with_refresh_tokens().await;
    let mut stan = app.stan().await;
    let (mut through, mut told) = (0, 0);
    for second in 0..40 {
        let is_gone = second % 2 == 1;
        app.op().set(|k| k.offline = is_gone);
        app.advance(Duration::from_secs(31)).await;
        let mut uma = app.anonymous();
        let start = uma.get("/oidc/authenticate/?next=%2Fuser").await;
        match start.status.as_u16() {
            303 => {
                assert!(!is_gone, "nobody is sent to a provider that is gone");
                let callback = uma.pick_at_provider(start.location(), "pick-uma").await;
                assert_eq!(uma.get(&callback).await.location(), "/user");
                through += 1;
            }
            status => {
                assert_eq!(status, 503);
                assert!(start.text.contains("next=%2Fuser"));
                told += 1;
            }
        }
        assert_eq!(stan.results().await, 404, "Stan stays signed in");
    }
    assert_eq!((through, told), (20, 20));
}

/// O-1.
#[tokio::test]
async fn old_knowledge_of_the_provider_is_kept_while_it_is_down() {
    let app = TestApp::start().await;
    app.uma().await;
    let asked = app.op().count(Endpoint::Discovery);
    app.op()
        .set(|k| k.fault(Endpoint::Discovery, Fault::Status(500, String::new())));
    app.clock.advance(Duration::from_mins(5));
    app.stan().await;
    assert_eq!(app.op().count(Endpoint::Discovery), asked + 1);
}

/// O-1.
#[tokio::test]
async fn new_keys_do_not_make_the_rest_of_what_is_known_younger() {
    let app = TestApp::start().await;
    app.uma().await;
    let asked = app.op().count(Endpoint::Discovery);
    app.clock.advance(Duration::from_mins(4));
    app.op().rotate_keys().expect("a new key");
    app.uma().await;
    assert_eq!(app.op().count(Endpoint::Discovery), asked);
    app.clock.advance(Duration::from_mins(1));
    app.uma().await;
    assert_eq!(app.op().count(Endpoint::Discovery), asked + 1);
}

#[tokio::test]
async fn a_recheck_that_drags_on_counts_as_silence() {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.oidc.timeout = Duration::from_mins(1);
    })
    .await;
    let mut stan = app.stan().await;
    app.op().set(|k| k.fault(Endpoint::UserInfo, Fault::Hang));
    app.clock.advance(Duration::from_mins(15));
    let (op, asked) = (app.op(), app.op().count(Endpoint::UserInfo));
    let patience = async {
        while op.count(Endpoint::UserInfo) == asked {
            tokio::task::yield_now().await;
        }
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(9)).await;
        tokio::time::resume();
    };
    let (page, ()) = tokio::join!(stan.get("/polls/1/results/"), patience);
    assert_eq!(page.status, 404);
}
