//! The description of the polls API (OpenAPI 3.1), made from the handlers and the documents that
//! they take and give. A test holds it against the table of routes.

use std::sync::LazyLock;

use axum::response::Response;
use http::HeaderMap;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        Content, OpenApi as Description, PathItem, Ref, Response as Answer, ResponseBuilder,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{admin, answer, ballots, polls, results};
use crate::{error::Result, problem_json::ProblemDetails};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rolecall polls API",
        version = "1",
        description = "What the pages do, for programs with a person's token. Times are RFC 3339 \
            in UTC. Errors are problem details (RFC 9457)."
    ),
    paths(
        polls::list, polls::read, ballots::own, ballots::cast, ballots::look_up,
        results::results, results::results_csv, results::votes_csv, results::participation_csv,
        admin::list, admin::create, admin::read, admin::replace, admin::delete, admin::take,
    ),
    components(schemas(ProblemDetails)),
    tags(
        (name = "polls", description = "The published polls"),
        (name = "ballots", description = "Casting a ballot, and what its voter finds again"),
        (name = "results", description = "The results, for staff"),
        (name = "administration", description = "Running polls, for admins"),
    ),
    modifiers(&Everywhere),
)]
struct Api;

/// What is the same everywhere: the token, and how errors are told.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, description: &mut Description) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A personal access token, an access token of this site or one of the provider. \
                 The words are the roles that will do at the least.",
            ))
            .build();
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(token));
        for item in description.paths.paths.values_mut() {
            for operation in operations(item) {
                let refused = operation.responses.responses.entry("default".to_owned());
                refused.or_insert_with(|| refusal().into());
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem {
        get,
        put,
        post,
        delete,
        ..
    } = item;
    [get, put, post, delete].into_iter().flatten()
}

fn refusal() -> Answer {
    let problem = Ref::from_schema_name(ProblemDetails::name());
    ResponseBuilder::new()
        .description("Problem details (RFC 9457)")
        .content("application/problem+json", Content::new(Some(problem)))
        .build()
}

/// The description.
pub static DESCRIPTION: LazyLock<Description> = LazyLock::new(Api::openapi);

/// `GET /api/v1/openapi.json`: the description of all this.
///
/// # Errors
/// When it cannot be written.
pub async fn document(headers: HeaderMap) -> Result<Response> {
    answer::document(&headers, &*DESCRIPTION)
}
