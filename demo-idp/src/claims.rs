//! Who a person is to a client: profile, e-mail and role claims, and the audience.

use serde_json::{Map, Value, json};

use crate::{
    grants::Grant,
    knobs::{Audience, Placement, RolesStyle},
    patch::members,
    people::{Grants, Person, RolesClaim, array, object},
    provider::Call,
    scopes::{PROJECTS_ROLES, Scopes},
};

/// The unqualified role claim: the project of the requesting client.
const OWN_PROJECT_ROLES: &str = "urn:zitadel:iam:org:project:roles";

/// The name of a project's role claim.
#[must_use]
pub(crate) fn project_roles(project_id: &str) -> String {
    format!("urn:zitadel:iam:org:project:{project_id}:roles")
}

/// The claims of the `profile` and `email` scopes (OpenID Connect Core section 5.4).
pub(crate) fn profile(person: &Person, scopes: &Scopes) -> Map<String, Value> {
    let mut claims = Map::new();
    if scopes.has("profile") {
        claims.insert(
            "preferred_username".to_owned(),
            json!(person.preferred_username),
        );
        let names = [
            ("name", &person.name),
            ("given_name", &person.given_name),
            ("family_name", &person.family_name),
        ];
        for (claim, value) in names {
            claims.extend(value.as_ref().map(|value| (claim.to_owned(), json!(value))));
        }
    }
    if let (true, Some(email)) = (scopes.has("email"), &person.email) {
        claims.insert("email".to_owned(), json!(email));
        claims.insert("email_verified".to_owned(), json!(person.email_verified));
    }
    person.claims.apply(&mut claims);
    claims
}

/// Where role claims are wanted.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Place {
    IdToken,
    UserInfo,
    AccessToken,
}

/// The role claims of a person, as far as scopes and switches let them through.
pub(crate) fn roles(
    call: &Call,
    person: &Person,
    scopes: &Scopes,
    place: Place,
) -> Map<String, Value> {
    let knobs = &call.knobs.roles;
    let wanted = match place {
        Place::IdToken => match knobs.in_id_token {
            Placement::Auto => scopes.ask_for_roles(),
            placement => placement == Placement::Always,
        },
        Place::UserInfo => knobs.in_userinfo != Placement::Never,
        Place::AccessToken => true,
    };
    if !wanted {
        return Map::new();
    }
    let keys = person.roles.keys();
    match (&knobs.style, &person.roles) {
        (RolesStyle::None, _) => Map::new(),
        (_, RolesClaim::Claims(claims)) => claims.clone(),
        (RolesStyle::Zitadel, _) => zitadel(call, person, scopes),
        (_, RolesClaim::Absent) => Map::new(),
        (RolesStyle::Named(name), _) => Map::from_iter([(name.clone(), json!(keys))]),
        (RolesStyle::Keycloak, _) => members(json!({"realm_access": {"roles": keys}})),
    }
}

/// ZITADEL's rule: the own project's roles when the project asserts them, when a single role was
/// asked, or when **both** the roles scope and a project's audience were; other projects' roles in
/// the last case only.
fn zitadel(call: &Call, person: &Person, scopes: &Scopes) -> Map<String, Value> {
    let audiences = scopes.project_audiences();
    let by_audience = scopes.has(PROJECTS_ROLES) && !audiences.is_empty();
    let single_roles = scopes.single_roles();
    let mut claims = Map::new();
    if call.knobs.roles.assert || by_audience || !single_roles.is_empty() {
        claims.extend(own_project(
            &call.op.project_id,
            &person.roles,
            &single_roles,
        ));
    }
    if by_audience {
        let others = audiences
            .iter()
            .filter_map(|id| person.other_projects.get_key_value(*id));
        claims.extend(others.map(|(id, grants)| (project_roles(id), object(grants))));
    }
    claims
}

fn own_project(project_id: &str, roles: &RolesClaim, only: &[&str]) -> Map<String, Value> {
    let (id, value) = match roles {
        RolesClaim::Object(grants) if only.is_empty() => (project_id, object(grants)),
        RolesClaim::Object(grants) => match narrowed(grants, only) {
            narrow if narrow.is_empty() => return Map::new(),
            narrow => (project_id, object(&narrow)),
        },
        RolesClaim::Array(grants) => (project_id, array(grants)),
        RolesClaim::OtherProject(id, grants) => {
            return Map::from_iter([(project_roles(id), object(grants))]);
        }
        RolesClaim::Absent | RolesClaim::Claims(_) => return Map::new(),
    };
    Map::from_iter([
        (project_roles(id), value.clone()),
        (OWN_PROJECT_ROLES.to_owned(), value),
    ])
}

fn narrowed(grants: &Grants, only: &[&str]) -> Grants {
    let kept = grants
        .iter()
        .filter(|(role, _)| only.contains(&role.as_str()));
    kept.map(|(role, organisations)| (role.clone(), organisations.clone()))
        .collect()
}

/// `aud`: ZITADEL names every client of the project, the project, and the projects asked for.
pub(crate) fn audience(call: &Call, grant: &Grant) -> Value {
    if call.knobs.audience == Audience::Client {
        return json!(grant.client_id);
    }
    let clients = call.op.clients.iter().map(|client| client.id.as_str());
    let projects = [call.op.project_id.as_str()]
        .into_iter()
        .chain(grant.scopes.project_audiences());
    let mut audience = vec![grant.client_id.as_str()];
    for id in clients.chain(projects) {
        if !audience.contains(&id) {
            audience.push(id);
        }
    }
    json!(audience)
}
