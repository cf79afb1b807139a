//! The description of the API, held against the table of routes.

use std::collections::BTreeMap;

use rolecall::{
    api::v1::{openapi::DESCRIPTION, problem::KINDS},
    app::{Audience, routes},
    paths,
};

use super::*;

/// Every operation with the role that it asks for.
fn described() -> BTreeMap<(String, String), String> {
    let description = serde_json::to_value(&*DESCRIPTION).expect("JSON");
    let paths = description["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("operations").iter();
        methods.map(move |(method, operation)| {
            let role = operation["security"][0]["bearer"][0].as_str();
            let key = (method.to_uppercase(), path.clone());
            (key, role.expect("a role").to_owned())
        })
    });
    operations.collect()
}

/// X12.
#[test]
fn the_description_and_the_routes_name_the_same_addresses_methods_and_roles() {
    let own = routes().into_iter();
    let own = own.filter(|route| route.path.starts_with(paths::API_V1));
    let routed: BTreeMap<_, _> = own
        .filter(|route| route.path != paths::V1_OPENAPI)
        .map(|route| {
            let role = match route.audience {
                Audience::Callers => "user",
                Audience::StaffCallers => "staff",
                Audience::AdminCallers => "admin",
                other => panic!("{} is for {other:?}", route.path),
            };
            let key = (route.method.to_string(), route.path.to_owned());
            (key, role.to_owned())
        })
        .collect();
    assert!(routed.len() > 12);
    assert_eq!(described(), routed);
}

/// X12.
#[tokio::test]
async fn the_description_is_served_to_everybody_as_openapi_3_1() {
    let app = TestApp::start().await;
    let reply = app.program_without_token().get(paths::V1_OPENAPI).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/json");
    let description = reply.json();
    assert_eq!(description["openapi"], "3.1.0");
    let schemas = description["components"]["schemas"]
        .as_object()
        .expect("schemas");
    // Each reference leads somewhere.
    for part in reply.text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap_or_default();
        assert!(schemas.contains_key(name), "{name}");
    }
    for (_, item) in description["paths"].as_object().expect("paths") {
        for (_, operation) in item.as_object().expect("operations") {
            let refused = &operation["responses"]["default"]["content"];
            let problem = &refused["application/problem+json"]["schema"]["$ref"];
            assert_eq!(problem, "#/components/schemas/Problem", "{operation}");
        }
    }
}

/// X12: the words of the description are those that are sent.
#[test]
fn the_description_names_words_as_they_are_sent() {
    let description = serde_json::to_value(&*DESCRIPTION).expect("JSON");
    let words = |schema: &str| description["components"]["schemas"][schema]["enum"].clone();
    assert_eq!(words("Role"), json!(["user", "staff", "admin"]));
    assert_eq!(words("Secrecy"), json!(["named", "secret"]));
    assert_eq!(words("Outcome"), json!(["recorded", "changed", "repeated"]));
}

/// X12: what may be left out is left out, and never sent as nothing, which an address or a header
/// cannot say.
#[test]
fn no_parameter_may_be_null() {
    let description = serde_json::to_value(&*DESCRIPTION).expect("JSON");
    let paths = description["paths"].as_object().expect("paths").values();
    let operations = paths.flat_map(|item| item.as_object().expect("operations").values());
    let parameters = operations.filter_map(|operation| operation["parameters"].as_array());
    let parameters: Vec<_> = parameters.flatten().collect();
    assert!(parameters.len() > 12, "{}", parameters.len());
    for parameter in parameters {
        assert!(parameter["schema"]["type"].is_string(), "{parameter}");
    }
}

/// X12: for people, without a script.
#[tokio::test]
async fn the_page_explains_every_operation_document_and_problem() {
    let app = TestApp::start().await;
    let page = app.anonymous().get(paths::API).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let ids = page.attributes("[id]", "id");
    let description = serde_json::to_value(&*DESCRIPTION).expect("JSON");
    let schemas = description["components"]["schemas"]
        .as_object()
        .expect("schemas");
    let kinds = KINDS.iter().map(|kind| kind.code);
    for id in kinds.chain(schemas.keys().map(String::as_str)) {
        assert!(ids.iter().any(|known| known == id), "{id}");
    }
    let shown = page.texts("h3 + p code").join("\n");
    for (method, path) in described().into_keys() {
        assert!(
            shown.contains(&format!("{method} {path}")),
            "{method} {path}"
        );
    }
}
