use proptest::prelude::*;
use serde_json::json;

use super::*;

const PROJECT: &str = "urn:zitadel:iam:org:project:42:roles";

#[expect(clippy::needless_pass_by_value, reason = "made for the call")]
fn claims(value: Value) -> Claims {
    value.as_object().cloned().unwrap_or_default()
}

fn zitadel(project: Option<&str>) -> RoleRules {
    RoleRules::new(&RolesConfig::default(), project)
}

/// What the claim called `name` comes to by the rules of `config`.
fn assigned(config: &RolesConfig, userinfo: Value) -> Option<RoleAssignment> {
    let userinfo = claims(userinfo);
    let documents = Documents {
        userinfo: Some(&userinfo),
        id_token: None,
    };
    RoleRules::new(config, Some("42")).read(documents).strongest
}

fn role_of(claim: &Value) -> Option<Role> {
    let assigned = assigned(&RolesConfig::default(), json!({ PROJECT: claim }));
    assigned.map(|assigned| assigned.role)
}

fn read(project: Option<&str>, userinfo: Value, id_token: Value) -> (Option<Role>, Option<Source>) {
    let (userinfo, id_token) = (claims(userinfo), claims(id_token));
    let roles = zitadel(project).read(Documents {
        userinfo: Some(&userinfo),
        id_token: Some(&id_token),
    });
    (roles.strongest.map(|assigned| assigned.role), roles.source)
}

/// Z-5.
#[test]
fn the_strongest_role_wins_in_any_order() {
    let organisation = json!({ "ORG": "acme.example" });
    for roles in [
        json!({ "admin": organisation, "staff": organisation, "user": organisation }),
        json!({ "user": organisation, "admin": organisation }),
    ] {
        assert_eq!(role_of(&roles), Some(Role::Admin));
    }
}

/// D-4.
#[test]
fn each_documented_shape_is_understood() {
    for roles in [
        json!({ "staff": { "ORG": "acme.example" } }),
        json!({ "staff": {} }),
        json!(["user", "staff"]),
        json!([{ "staff": { "ORG": "x" } }, { "user": { "ORG": "x" } }]),
    ] {
        assert_eq!(role_of(&roles), Some(Role::Staff), "{roles}");
    }
}

/// Z-4, D-4, SEC-17.
#[test]
fn whatever_else_stands_there_is_no_role() {
    for roles in [
        json!({}),
        json!([]),
        json!(null),
        json!("admin"),
        json!("admin staff"),
        json!("admin,staff"),
        json!(true),
        json!(1),
        json!({ "Admin": {} }),
        json!({ "admin ": {} }),
        json!({ "admin": null }),
        json!({ "admin": true }),
        json!({ "roles": { "admin": {} } }),
        json!(["Admin", "ADMIN", " admin", "admin staff"]),
        json!(["admin", null]),
        json!([["admin"]]),
        json!({ "superuser": { "ORG": "x" } }),
    ] {
        assert_eq!(role_of(&roles), None, "{roles}");
    }
}

/// SEC-17.
#[test]
fn ten_thousand_roles_are_read_like_one() {
    let mut roles: Claims = (0..10_000)
        .map(|n| (format!("role-{n}"), json!({})))
        .collect();
    roles.insert("user".into(), json!({}));
    assert_eq!(role_of(&Value::Object(roles)), Some(Role::User));
}

/// Z-6, Z-7.
#[test]
fn the_configured_project_decides_even_when_it_says_less() {
    let both = json!({ PROJECT: { "user": {} }, OWN_PROJECT: { "admin": {} } });
    assert_eq!(read(Some("42"), both, json!({})).0, Some(Role::User));
    let empty = json!({ PROJECT: {}, OWN_PROJECT: { "admin": {} } });
    assert_eq!(read(Some("42"), empty, json!({})).0, None);
}

/// Z-7.
#[test]
fn the_own_project_counts_when_the_configured_one_is_not_mentioned() {
    let own = json!({ OWN_PROJECT: { "staff": {} } });
    assert_eq!(
        read(Some("42"), own.clone(), json!({})).0,
        Some(Role::Staff)
    );
    assert_eq!(read(None, own, json!({})).0, Some(Role::Staff));
}

/// Z-6, SEC-17.
#[test]
fn another_project_never_counts() {
    let other = json!({ "urn:zitadel:iam:org:project:999:roles": { "admin": {} } });
    assert_eq!(read(Some("42"), other.clone(), other), (None, None));
}

/// Z-9.
#[test]
fn userinfo_is_newer_than_the_id_token() {
    let (user, admin) = (json!({ PROJECT: ["user"] }), json!({ PROJECT: ["admin"] }));
    let (role, source) = read(Some("42"), user, admin.clone());
    assert_eq!((role, source), (Some(Role::User), Some(Source::UserInfo)));
    let (role, source) = read(Some("42"), json!({}), admin);
    assert_eq!((role, source), (Some(Role::Admin), Some(Source::IdToken)));
}

fn named(claim: &str) -> RolesConfig {
    RolesConfig {
        claim: Some(claim.to_owned()),
        ..RolesConfig::default()
    }
}

/// D-4, P-17, P-25, R-4.
#[test]
fn only_the_configured_claim_is_looked_at() {
    let config = named("realm_access.roles");
    let keycloak = json!({ "realm_access": { "roles": ["offline_access", "staff"] } });
    let staff = assigned(&config, keycloak).unwrap();
    assert_eq!(staff.role, Role::Staff);
    assert_eq!(staff.source.as_deref(), Some("realm_access.roles"));
    for elsewhere in [
        json!({ "roles": ["admin"] }),
        json!({ "realm_access": ["admin"] }),
        json!({ "realm_access": { "groups": ["admin"], "more": { "roles": ["admin"] } } }),
        json!({ "resource_access": { "realm_access": { "roles": ["admin"] } } }),
        json!({ PROJECT: ["admin"], OWN_PROJECT: ["admin"], "groups": ["admin"] }),
    ] {
        assert_eq!(assigned(&config, elsewhere), None);
    }
}

/// D-4.
#[test]
fn a_namespaced_claim_has_dots_in_its_name() {
    let config = named("https://app.example/roles");
    let auth0 = json!({ "https://app.example/roles": ["admin"] });
    assert_eq!(assigned(&config, auth0).unwrap().role, Role::Admin);
    let path = json!({ "https://app": { "example/roles": ["staff"] } });
    assert_eq!(assigned(&config, path).unwrap().role, Role::Staff);
}

/// D-4, R-5.
#[test]
fn roles_may_have_other_names_at_the_provider() {
    let config = RolesConfig {
        admin: vec!["/polls/owners".to_owned(), "root".to_owned()],
        user: vec!["member".to_owned()],
        ..named("groups")
    };
    for (groups, role) in [
        (json!(["member", "/polls/owners"]), Some(Role::Admin)),
        (json!(["root"]), Some(Role::Admin)),
        (json!(["staff", "member"]), Some(Role::Staff)),
        (json!(["member"]), Some(Role::User)),
        (json!(["admin", "user", "owners", "/polls/owners/x"]), None),
    ] {
        let assigned = assigned(&config, json!({ "groups": groups }));
        assert_eq!(assigned.map(|assigned| assigned.role), role, "{groups}");
    }
}

/// N-8, R-3.
#[test]
fn admins_come_from_the_named_organisations_only() {
    let config = RolesConfig {
        admin_orgs: vec!["1".to_owned(), "3".to_owned()],
        ..RolesConfig::default()
    };
    for (roles, expected) in [
        (
            json!({ "admin": { "1": "acme.example" } }),
            Some("admin via acme.example"),
        ),
        (
            json!({ "admin": { "2": "evil.example", "3": "good.example" } }),
            Some("admin via good.example"),
        ),
        (json!({ "admin": { "2": "acme.example" } }), None),
        (json!({ "admin": { "2": "1" } }), None),
        (json!({ "admin": {} }), None),
        (json!(["admin"]), None),
        (
            json!({ "admin": { "2": "x" }, "staff": { "2": "evil.example" } }),
            Some("staff via evil.example"),
        ),
        (
            json!([{ "admin": { "2": "x" } }, { "admin": { "1": "acme.example" } }]),
            Some("admin via acme.example"),
        ),
        (json!(["staff", "admin"]), Some("staff")),
    ] {
        let told = assigned(&config, json!({ PROJECT: roles })).map(|assigned| {
            let source = assigned.source.unwrap().replace(PROJECT, "");
            format!("{}{source}", assigned.role.as_str())
        });
        assert_eq!(told.as_deref(), expected, "{roles}");
    }
}

/// N-8.
#[test]
fn an_organisation_is_called_by_its_domain_or_else_by_its_id() {
    for (organisations, source) in [
        (
            json!({ "1": "acme.example" }),
            format!("{PROJECT} via acme.example"),
        ),
        (json!({ "1": "a b" }), format!("{PROJECT} via 1")),
        (json!({ "1": null }), format!("{PROJECT} via 1")),
        (json!({ "1 2": "\u{7}" }), PROJECT.to_owned()),
        (json!({}), PROJECT.to_owned()),
    ] {
        let claim = json!({ PROJECT: { "staff": organisations } });
        let assigned = assigned(&RolesConfig::default(), claim).unwrap();
        assert_eq!(assigned.source, Some(source));
    }
}

/// Any JSON, with names in it that are almost those of roles.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "user|staff|admin|Admin|ADMIN|x| ".prop_map(Value::from),
    ];
    let key = "[b-zA-Z ]{0,6}|user|staff|admin";
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A name that is no role's: other letters, other case, blanks around it.
fn unknown_name() -> impl Strategy<Value = String> {
    let role = prop_oneof![Just("admin"), Just("staff"), Just("user")];
    let almost = role.prop_flat_map(|name| {
        prop_oneof![
            Just(name.to_uppercase()),
            Just(format!(" {name}")),
            Just(format!("{name}\t")),
            Just(format!("{name}s")),
            Just(format!("\u{feff}{name}")),
        ]
    });
    prop_oneof![almost, "\\PC{0,8}"].prop_filter("a role", |name| {
        !["admin", "staff", "user"].contains(&name.as_str())
    })
}

proptest! {
    /// FZ-05.
    #[test]
    fn any_claim_comes_to_a_known_role_that_stands_there_or_to_none(claim in json_value()) {
        if let Some(role) = role_of(&claim) {
            let quoted = format!("\"{}\"", role.as_str());
            prop_assert!(claim.to_string().contains(&quoted));
        }
    }

    /// FZ-05.
    #[test]
    fn further_names_give_no_further_rights(
        mut claim in json_value(),
        name in unknown_name(),
        value in json_value(),
    ) {
        let before = role_of(&claim);
        match &mut claim {
            Value::Object(roles) => {
                roles.insert(name, value);
            }
            Value::Array(items) if items.iter().all(Value::is_string) && !items.is_empty() => {
                items.push(name.into());
            }
            Value::Array(items) => items.push(json!({ name: value })),
            _ => {}
        }
        prop_assert!(role_of(&claim) <= before);
    }

    /// FZ-05, P-17.
    #[test]
    fn no_other_claim_counts(name in "[a-z:.]{0,12}", claim in json_value()) {
        prop_assume!(name != "groups");
        prop_assert_eq!(assigned(&named("groups"), json!({ name: claim })), None);
    }

    /// FZ-05.
    #[test]
    fn the_names_compared_are_exact(name in unknown_name()) {
        prop_assert_eq!(role_of(&json!([name.clone()])), None);
        prop_assert_eq!(role_of(&json!({ name: { "ORG": "x" } })), None);
    }
}
