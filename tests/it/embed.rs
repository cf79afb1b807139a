//! `examples/embed.rs`: another application, with its own state and pages, behind this sign-in.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use rolecall::{app, config::Config, paths, random::Random};

use crate::support::{app::TestApp, database::Engine};

#[expect(dead_code, reason = "what starts the example as a program")]
#[path = "../../examples/embed.rs"]
mod example;

/// The shop of the example, in the place of the polls.
async fn shop() -> TestApp {
    let mut kept: Option<Config> = None;
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        kept = Some(config.clone());
    })
    .await;
    let config = kept.expect("a configuration");
    let shop = example::Shop::open(&config, app.clock.clone(), Random::System).await;
    app.answered_by(shop.expect("the shop opens").router())
}

/// Z-39, Z-33, P-27.
#[tokio::test]
async fn another_application_guards_a_page_with_this_sign_in() {
    let shop = shop().await;
    let mut anonymous = shop.anonymous();
    let turned_away = anonymous.get("/stock/").await;
    assert_eq!(turned_away.status, 303);
    assert_eq!(
        turned_away.location(),
        "/oidc/authenticate/?next=%2Fstock%2F"
    );

    let mut uma = shop.uma().await;
    let refused = uma.get("/stock/").await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("staff or admin"), "{}", refused.text);

    let mut stan = shop.anonymous();
    let landed = stan.sign_in("pick-stan", "/stock/").await;
    assert_eq!(landed.location(), "/stock/");
    let stock = stan.get("/stock/").await;
    assert_eq!(
        (stock.status.as_u16(), stock.text_of("p").as_str()),
        (200, "12 pears are left.")
    );
    assert!(stan.get("/").await.text.contains("Sign out"));
}

/// Z-39: a role that is taken away is gone in the other application as well.
#[tokio::test]
async fn a_role_taken_away_closes_the_page_of_the_other_application() {
    let shop = shop().await;
    let mut stan = shop.stan().await;
    assert_eq!(stan.get("/stock/").await.status, 200);
    let sub = demo_idp::Person::stan().sub;
    let none = demo_idp::RolesClaim::of(&["user"]);
    shop.op().roles(&sub, none).expect("Stan is known");
    shop.advance(std::time::Duration::from_mins(15)).await;
    assert_eq!(stan.get("/stock/").await.status, 403);
}

/// Z-39, L-1.
#[tokio::test]
async fn signing_out_works_in_the_other_application() {
    let shop = shop().await;
    let mut stan = shop.stan().await;
    let page = stan.get("/logout").await;
    let token = page.attributes("input[name=csrf_token]", "value").remove(0);
    let left = stan
        .post_without_token(paths::LOGOUT, &[("csrf_token", &token)])
        .await;
    assert_eq!(left.status, 303);
    assert!(
        left.location().starts_with(shop.provider.issuer()),
        "{}",
        left.location()
    );
    assert_eq!(stan.get("/stock/").await.status, 303);
}

/// Z-39: what this program knows of sign-in, another one gets.
#[tokio::test]
async fn the_mounted_routes_are_those_of_this_program() {
    let shop = shop().await;
    let is_sign_in = |path: &str| {
        path.starts_with("/oidc/")
            || [paths::LOGIN_SHORT, paths::SIGNUP, paths::LOGOUT_SHORT].contains(&path)
    };
    let routes = app::routes();
    let routes: Vec<_> = routes
        .iter()
        .filter(|route| is_sign_in(route.path))
        .collect();
    assert!(routes.len() >= 8);
    for route in routes {
        // Whatever is at an address, it takes no `DELETE` (405); where nothing is, that is 404.
        for (method, allowed) in [(Method::DELETE, false), (route.method.clone(), true)] {
            let request = Request::builder()
                .method(&method)
                .uri(route.path.replace(['{', '}'], ""));
            let request = request.body(Body::empty()).expect("a request");
            let status = shop.send(request).await.status();
            let is_refused = status == StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(is_refused, !allowed, "{method} {}: {status}", route.path);
        }
    }
}
