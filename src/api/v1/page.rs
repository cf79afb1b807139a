//! The description for people: the same document as `openapi.json`, laid out as a page. What comes
//! from the program is in English, whoever reads it.

use askama::Template;
use askama_web::WebTemplate;
use serde_json::Value;

use super::{
    openapi::DESCRIPTION,
    problem::{KINDS, Kind},
};
use crate::{error::Result, page::Page};

/// The page.
#[derive(Template, WebTemplate)]
#[template(path = "api/description.html")]
pub struct DescriptionPage {
    page: Page,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
    kinds: &'static [Kind],
}

/// What belongs together.
struct Group {
    description: String,
    operations: Vec<Operation>,
}

/// A method of an address.
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    /// The weakest role that will do.
    role: String,
    /// The parameters, and the body at last.
    parameters: Vec<Field>,
    answers: Vec<Answer>,
}

/// What comes back.
struct Answer {
    status: String,
    description: String,
    /// The name of the schema of the body.
    schema: Option<String>,
}

/// A document.
struct Schema {
    name: String,
    description: String,
    fields: Vec<Field>,
    /// The words that it can be, when it is a word.
    words: Vec<String>,
}

/// A parameter, or a member of a document.
struct Field {
    name: String,
    description: String,
    /// The name of its schema, if that has one.
    schema: Option<String>,
}

/// A text without the marks around code (`CommonMark`) that descriptions have.
fn text(value: &Value, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default().replace('`', "")
}

fn list<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.into_iter().flatten()
}

fn members<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    let members = value.pointer(pointer).and_then(Value::as_object);
    members.into_iter().flatten()
}

/// The name of the schema that `value` refers to, by itself, in a list, or as one of two.
fn schema_name(value: &Value) -> Option<String> {
    if let Some(reference) = value.pointer("/$ref").and_then(Value::as_str) {
        return reference.rsplit('/').next().map(str::to_owned);
    }
    let mut parts = list(value, "/oneOf").chain(value.get("items"));
    parts.find_map(schema_name)
}

/// The name of the schema of a body in JSON.
fn body_of(value: &Value) -> Option<String> {
    schema_name(value.pointer("/content/application~1json/schema")?)
}

impl Operation {
    fn new(method: &str, path: &str, value: &Value) -> Self {
        let answer = |(status, value): (&String, &Value)| Answer {
            status: status.clone(),
            description: text(value, "/description"),
            schema: body_of(value),
        };
        let body = value.get("requestBody").and_then(body_of).map(Field::body);
        let answers = members(value, "/responses").filter(|(status, _)| *status != "default");
        Self {
            id: text(value, "/operationId"),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(value, "/summary"),
            description: text(value, "/description"),
            role: text(value, "/security/0/bearer/0"),
            parameters: list(value, "/parameters")
                .map(Field::parameter)
                .chain(body)
                .collect(),
            answers: answers.map(answer).collect(),
        }
    }
}

impl Field {
    fn parameter(value: &Value) -> Self {
        Self {
            name: text(value, "/name"),
            description: text(value, "/description"),
            schema: None,
        }
    }

    fn body(schema: String) -> Self {
        Self {
            name: "body".to_owned(),
            description: String::new(),
            schema: Some(schema),
        }
    }

    fn member((name, value): (&String, &Value)) -> Self {
        Self {
            name: name.clone(),
            description: text(value, "/description"),
            schema: schema_name(value),
        }
    }
}

impl Schema {
    fn new((name, value): (&String, &Value)) -> Self {
        let parts = list(value, "/allOf").chain([value]);
        let fields = parts.flat_map(|part| members(part, "/properties").map(Field::member));
        let words = list(value, "/enum").filter_map(Value::as_str);
        Self {
            name: name.clone(),
            description: text(value, "/description"),
            fields: fields.collect(),
            words: words.map(str::to_owned).collect(),
        }
    }
}

fn groups(description: &Value) -> Vec<Group> {
    let operations = || {
        members(description, "/paths").flat_map(|(path, item)| {
            members(item, "").map(move |(method, value)| (method, path, value))
        })
    };
    let group = |tag: &Value| {
        let name = text(tag, "/name");
        let own = operations().filter(|(_, _, value)| text(value, "/tags/0") == name);
        Group {
            operations: own
                .map(|(method, path, value)| Operation::new(method, path, value))
                .collect(),
            description: text(tag, "/description"),
        }
    };
    list(description, "/tags").map(group).collect()
}

/// `GET /api/`: the description, for people.
///
/// # Errors
/// When it cannot be written.
pub async fn show(page: Page) -> Result<DescriptionPage> {
    let description = serde_json::to_value(&*DESCRIPTION)?;
    Ok(DescriptionPage {
        page,
        groups: groups(&description),
        schemas: members(&description, "/components/schemas")
            .map(Schema::new)
            .collect(),
        kinds: KINDS,
    })
}
