//! Whose roles count, and what they are called: the settings of `OIDC_ROLES_CLAIM` and its
//! neighbours, from the provider's claims to what a person may open.

use std::time::Duration;

use demo_idp::{
    Person as Account, Placement, RolesClaim,
    knobs::{Knobs, RolesStyle},
    people::grants,
};
use rolecall::config::{Config, RolesConfig};
use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    database::Engine,
    person::{Person, Reply},
};

/// An application whose only provider has these role settings.
async fn app_with(roles: RolesConfig) -> TestApp {
    let change = |config: &mut Config| config.oidc.providers[0].roles = roles;
    TestApp::start_with(Engine::of_this_run(), change).await
}

fn claim(name: &str) -> RolesConfig {
    RolesConfig {
        claim: Some(name.to_owned()),
        ..RolesConfig::default()
    }
}

fn admin_orgs(ids: &[&str]) -> RolesConfig {
    RolesConfig {
        admin_orgs: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..RolesConfig::default()
    }
}

/// The same whatever Uma is granted: these claims and no others.
fn word_for_word(claims: Value) -> RolesClaim {
    match claims {
        Value::Object(claims) => RolesClaim::Claims(claims),
        _ => RolesClaim::Absent,
    }
}

async fn sign_in_as_uma(app: &TestApp, roles: RolesClaim) -> (Person<'_>, Reply) {
    app.op()
        .roles(&Account::uma().sub, roles)
        .expect("Uma is known");
    let mut uma = app.anonymous();
    let landed = uma.sign_in("pick-uma", "/").await;
    (uma, landed)
}

/// The role on the profile page, without when it was checked.
async fn role_shown(person: &mut Person<'_>) -> String {
    let facts = person.get("/user").await.texts(".facts div");
    let role = facts.into_iter().find(|fact| fact.starts_with("Role"));
    let role = role.unwrap_or_default();
    let role = role.split(" from your").next().unwrap_or_default();
    role.trim_start_matches("Role").trim().to_owned()
}

/// D-4, P-25: Keycloak with a mapper, Auth0 with an Action.
#[tokio::test]
async fn a_path_and_a_namespaced_name_lead_to_roles() {
    let set = |style: RolesStyle| {
        move |knobs: &mut Knobs| {
            knobs.roles.style = style;
            knobs.roles.in_userinfo = Placement::Always;
        }
    };
    let keycloak = app_with(claim("realm_access.roles")).await;
    keycloak.op().set(set(RolesStyle::Keycloak));
    assert_eq!(role_shown(&mut keycloak.stan().await).await, "Staff");
    let name = "https://app.example/roles";
    let auth0 = app_with(claim(name)).await;
    auth0.op().set(set(RolesStyle::Named(name.to_owned())));
    assert_eq!(role_shown(&mut auth0.ada().await).await, "Admin");
    assert_eq!(auth0.ada().await.get("/admin/").await.status, 200);
}

/// D-4, P-17, R-4, SEC-17.
#[tokio::test]
async fn roles_anywhere_but_in_the_configured_claim_sign_nobody_in() {
    let app = app_with(claim("realm_access.roles")).await;
    for claims in [
        json!({ "roles": ["admin"] }),
        json!({ "groups": ["admin"], "realm_access": {} }),
        json!({ "realm_access": { "roles": "admin staff user" } }),
        json!({ "realm_access": { "roles": "admin" } }),
        json!({ "realm_access": { "roles": { "admin": true } } }),
        json!({ "realm_access": { "roles": [["admin"]] } }),
        json!({ "resource_access": { "rolecall": { "roles": ["admin"] } } }),
        json!({ (app.op().roles_claim()): { "admin": { "1": "acme.example" } } }),
    ] {
        let what = claims.to_string();
        let (_, refused) = sign_in_as_uma(&app, word_for_word(claims)).await;
        assert_eq!(refused.status, 403, "{what}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
}

/// D-4, R-5.
#[tokio::test]
async fn the_provider_may_call_the_roles_what_it_likes() {
    let app = app_with(RolesConfig {
        admin: vec!["/polls/owners".to_owned()],
        staff: vec!["auditor".to_owned(), "clerk".to_owned()],
        ..claim("groups")
    })
    .await;
    for (groups, shown) in [
        (json!(["/polls/owners"]), "Admin"),
        (json!(["clerk", "user"]), "Staff"),
        (json!(["user", "admin"]), "Voter"),
    ] {
        let (mut uma, _) = sign_in_as_uma(&app, word_for_word(json!({ "groups": groups }))).await;
        assert_eq!(role_shown(&mut uma).await, shown, "{groups}");
    }
    let (_, refused) = sign_in_as_uma(&app, word_for_word(json!({ "groups": ["staff"] }))).await;
    assert_eq!(refused.status, 403);
}

/// N-8, R-3.
#[tokio::test]
async fn an_admin_of_an_organisation_that_is_not_named_is_none() {
    let app = app_with(admin_orgs(&["1"])).await;
    let through = RolesClaim::through;
    let (mut uma, _) = sign_in_as_uma(&app, through("admin", &[("1", "acme.example")])).await;
    assert_eq!(role_shown(&mut uma).await, "Admin (via acme.example)");
    assert_eq!(uma.get("/admin/").await.status, 200);
    let (_, refused) = sign_in_as_uma(&app, through("admin", &[("2", "acme.example")])).await;
    assert_eq!(refused.status, 403);
    let project = app.op().roles_claim();
    let both = json!({ project: {
        "admin": { "2": "evil.example" }, "staff": { "2": "evil.example" },
    } });
    let (mut uma, _) = sign_in_as_uma(&app, word_for_word(both)).await;
    assert_eq!(role_shown(&mut uma).await, "Staff (via evil.example)");
    assert_eq!(uma.get("/admin/").await.status, 403);
}

/// N-8: unless organisations are named, any will do.
#[tokio::test]
async fn the_organisation_that_gave_a_role_is_shown_and_remembered() {
    let app = TestApp::start().await;
    assert_eq!(
        role_shown(&mut app.ada().await).await,
        "Admin (via acme.example)"
    );
    let remembered = "SELECT COUNT(*) FROM users
        WHERE role_source LIKE 'urn:zitadel:iam:org:project:%:roles via acme.example'";
    assert_eq!(app.number(remembered).await, 1);
}

/// N-8: taken away or moved to another organisation between two checks.
#[tokio::test]
async fn a_recheck_minds_the_organisation_as_well() {
    let app = app_with(admin_orgs(&["1"])).await;
    let ada = Account::ada().sub;
    let through = |organisation| RolesClaim::through("admin", &[organisation]);
    let grant = |roles| app.op().roles(&ada, roles).expect("Ada is known");
    grant(through(("1", "acme.example")));
    let mut browser = app.ada().await;
    grant(through(("1", "renamed.example")));
    app.advance(Duration::from_mins(16)).await;
    assert_eq!(browser.get("/admin/").await.status, 200);
    assert_eq!(
        role_shown(&mut browser).await,
        "Admin (via renamed.example)"
    );
    grant(through(("2", "acme.example")));
    app.advance(Duration::from_mins(16)).await;
    assert_eq!(
        browser.get("/admin/").await.status,
        303,
        "she is signed out"
    );
}

/// N-8, Z-5.
#[tokio::test]
async fn an_array_of_roles_names_the_organisations_too() {
    let app = app_with(admin_orgs(&["259000000000000020"])).await;
    let roles = RolesClaim::Array(grants(&["admin", "user"]));
    let (mut uma, _) = sign_in_as_uma(&app, roles).await;
    assert_eq!(role_shown(&mut uma).await, "Admin (via acme.example)");
}

/// SEC-17, SEC-30: what roles somebody has stays out of the cookie.
#[tokio::test]
async fn ten_thousand_roles_sign_somebody_in_like_one() {
    let app = TestApp::start().await;
    let (mut few, _) = sign_in_as_uma(&app, RolesClaim::of(&["user"])).await;
    let mut roles = grants(&["user"]);
    let organisations = roles["user"].clone();
    roles.extend((0..10_000).map(|n| (format!("role-{n}"), organisations.clone())));
    let (mut many, landed) = sign_in_as_uma(&app, RolesClaim::Object(roles)).await;
    assert_eq!(landed.location(), "/");
    let length = |person: &mut Person<'_>| {
        let cookies = person.cookies().iter();
        cookies
            .map(|(name, value)| name.len() + value.len())
            .sum::<usize>()
    };
    assert_eq!(length(&mut few), length(&mut many));
    assert!(length(&mut many) < 4096);
}
