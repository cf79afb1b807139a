//! Role claims: their shapes, and when they are sent.

use demo_idp::{Person, Placement, RolesClaim, people};
use serde_json::{Value, json};

use crate::support::{Bench, id_token, json};

const OWN: &str = "urn:zitadel:iam:org:project:roles";
const ROLES_SCOPE: &str = "urn:zitadel:iam:org:projects:roles";

/// ID token and UserInfo claims of a sign-in with these scopes.
async fn claims(bench: &mut Bench, person: &Person, scope: &str) -> (Value, Value) {
    let tokens = bench.sign_in(person, &format!("openid {scope}")).await;
    let userinfo = json(bench.userinfo(&tokens).await).await;
    (id_token(&tokens).1, userinfo)
}

fn both_scopes(project: &str) -> String {
    format!("{ROLES_SCOPE} urn:zitadel:iam:org:project:id:{project}:aud")
}

#[tokio::test]
async fn a_role_is_keyed_by_organisation_under_both_names() {
    let mut bench = Bench::new().await;
    let (id_token, userinfo) = claims(&mut bench, &Person::ada(), "").await;
    let (organisation, domain) = people::ORGANISATION;
    let expected = json!({"admin": {organisation: domain}});
    assert_eq!(userinfo[bench.controls().roles_claim()], expected);
    assert_eq!(userinfo[OWN], expected);
    assert!(
        id_token.get(OWN).is_none(),
        "roles were not asked for by scope"
    );
}

#[tokio::test]
async fn every_shape_of_the_claim_can_be_sent() {
    let mut bench = Bench::new().await;
    let uma = Person::uma();
    let own = bench.controls().roles_claim();
    let word_for_word = json!({"x": ["admin"]}).as_object().unwrap().clone();
    let other = "urn:zitadel:iam:org:project:999:roles";
    let (organisation, domain) = people::ORGANISATION;
    for (roles, name, expected) in [
        (RolesClaim::Absent, own.as_str(), None),
        (RolesClaim::empty(), own.as_str(), Some(json!({}))),
        (
            RolesClaim::array_of(&["user"]),
            own.as_str(),
            Some(json!([{"user": {organisation: domain}}])),
        ),
        (
            RolesClaim::OtherProject("999".to_owned(), people::grants(&["admin"])),
            other,
            Some(json!({"admin": {organisation: domain}})),
        ),
        (
            RolesClaim::Claims(word_for_word),
            "x",
            Some(json!(["admin"])),
        ),
    ] {
        bench.controls().roles(&uma.sub, roles.clone()).unwrap();
        let (_, userinfo) = claims(&mut bench, &uma, "").await;
        assert_eq!(userinfo.get(name), expected.as_ref(), "{roles:?}");
    }
}

#[tokio::test]
async fn with_the_project_switch_off_roles_need_both_scopes() {
    let mut bench = Bench::new().await;
    bench.controls().set(|k| k.roles.assert = false);
    let project = bench.controls().project_id().to_owned();
    let audience = format!("urn:zitadel:iam:org:project:id:{project}:aud");
    for scope in ["", ROLES_SCOPE, &audience] {
        let (id_token, userinfo) = claims(&mut bench, &Person::ada(), scope).await;
        assert!(
            userinfo.get(OWN).is_none() && id_token.get(OWN).is_none(),
            "{scope}"
        );
    }
    let (id_token, userinfo) = claims(&mut bench, &Person::ada(), &both_scopes(&project)).await;
    assert!(userinfo.get(OWN).is_some() && id_token.get(OWN).is_some());
}

#[tokio::test]
async fn roles_can_be_in_one_place_only_or_differ() {
    let mut bench = Bench::new().await;
    bench.controls().set(|k| {
        k.roles.in_id_token = Placement::Always;
        k.roles.in_userinfo = Placement::Never;
    });
    let (id_token, userinfo) = claims(&mut bench, &Person::ada(), "").await;
    assert!(id_token.get(OWN).is_some() && userinfo.get(OWN).is_none());
    bench.controls().set(|k| {
        k.userinfo.claims.set(OWN, json!({"user": {}}));
    });
    let (id_token, userinfo) = claims(&mut bench, &Person::ada(), "").await;
    assert_ne!(id_token[OWN], userinfo[OWN]);
}

#[tokio::test]
async fn a_single_role_scope_narrows_the_claim() {
    let mut bench = Bench::new().await;
    let ada = Person::ada();
    bench
        .controls()
        .roles(&ada.sub, RolesClaim::of(&["admin", "user"]))
        .unwrap();
    let scope = "urn:zitadel:iam:org:project:role:user";
    let (_, userinfo) = claims(&mut bench, &ada, scope).await;
    assert_eq!(
        userinfo[OWN]
            .as_object()
            .unwrap()
            .keys()
            .collect::<Vec<_>>(),
        ["user"]
    );
    let (_, userinfo) = claims(&mut bench, &Person::stan(), scope).await;
    assert!(userinfo.get(OWN).is_none());
}

#[tokio::test]
async fn another_project_has_other_roles_and_joins_the_audience() {
    let mut bench = Bench::new().await;
    let uma = Person::uma();
    bench
        .controls()
        .person(&uma.sub, |person| {
            person
                .other_projects
                .insert("777".to_owned(), people::grants(&["admin"]));
        })
        .unwrap();
    let (id_token, userinfo) = claims(&mut bench, &uma, &both_scopes("777")).await;
    assert!(userinfo["urn:zitadel:iam:org:project:777:roles"]["admin"].is_object());
    assert!(userinfo[OWN]["user"].is_object());
    assert!(id_token["aud"].as_array().unwrap().contains(&json!("777")));
}
