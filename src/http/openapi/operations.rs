//! How the endpoints describe themselves in the OpenAPI document.

use serde_json::{Value, json};

use super::parameters::{self, listed, parameter};
use super::responses::{
    self, DELETE_FAILURES, HISTORY_FAILURES, LIST_FAILURES, READ_FAILURES, REPLACE_FAILURES, WRITE_FAILURES, response,
};
use super::{descriptions, schema};
use crate::db::Store;
use crate::http::crud::{JSON, MERGE_PATCH};
use crate::http::feed::CHANGES_LIMIT;
use crate::resources;

fn plural<R: Store>() -> String {
    R::COLLECTION.replace('-', "_")
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// `a document`, `an organization`.
fn one(name: &str) -> String {
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {}", words(name))
}

/// What an operation says of itself.
pub struct Operation {
    id: String,
    tag: &'static str,
    summary: String,
    description: String,
    parameters: Vec<Value>,
    responses: Value,
    security: Value,
    body: Option<Value>,
}

impl Operation {
    /// One that only reads: open to all, showing more to those with a token.
    #[must_use]
    pub fn reading(tag: &'static str, id: impl Into<String>, summary: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            tag,
            summary: summary.into(),
            description: String::new(),
            parameters: Vec::new(),
            responses: Value::Null,
            security: json!([{}, { "bearer": [] }]),
            body: None,
        }
    }

    /// One that writes, for which a token is needed.
    #[must_use]
    pub fn writing(tag: &'static str, id: impl Into<String>, summary: impl Into<String>) -> Self {
        Self { security: json!([{ "bearer": [] }]), ..Self::reading(tag, id, summary) }
    }

    /// One that no token changes.
    #[must_use]
    pub fn open(tag: &'static str, id: impl Into<String>, summary: impl Into<String>) -> Self {
        Self { security: json!([]), ..Self::reading(tag, id, summary) }
    }

    /// The same operation with what there is to know of it.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The same operation taking these parameters.
    #[must_use]
    pub fn taking(mut self, parameters: impl IntoIterator<Item = Value>) -> Self {
        self.parameters.extend(parameters);
        self
    }

    /// The same operation taking a body of this schema.
    #[must_use]
    pub fn with_body(mut self, content_type: &str, name: &str, about: &str) -> Self {
        let content = json!({ content_type: { "schema": schema(name) } });
        self.body = Some(json!({ "description": about, "required": true, "content": content }));
        self
    }

    /// The same operation taking a text of one of these types, each with an example.
    #[must_use]
    pub fn with_text(mut self, texts: &[(&str, &str)], about: &str) -> Self {
        // Generators of clients take what is binary as it is, so that a file can be sent without being read first.
        let text = |example: &str| json!({ "schema": { "type": "string", "format": "binary" }, "example": example });
        let content = texts.iter().map(|(content_type, example)| ((*content_type).to_owned(), text(example)));
        let content = Value::Object(content.collect());
        self.body = Some(json!({ "description": about, "required": true, "content": content }));
        self
    }

    /// The Operation Object of one that answers this, or one of these problems.
    #[must_use]
    pub fn answering(mut self, success: impl IntoIterator<Item = (&'static str, Value)>, failures: &[u16]) -> Value {
        self.responses = responses::all(success, failures);
        let members = [
            ("operationId", Some(self.id.into())),
            ("tags", Some(json!([self.tag]))),
            ("summary", Some(self.summary.into())),
            ("description", Some(self.description.into())),
            ("security", Some(self.security)),
            ("parameters", (!self.parameters.is_empty()).then_some(self.parameters.into())),
            ("requestBody", self.body),
            ("responses", Some(self.responses)),
        ];
        Value::Object(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
    }
}

/// The parameter by which a caller says what it has already.
#[must_use]
pub fn if_none_match() -> Value {
    parameter("IfNoneMatch")
}

/// A response with a body of the schema of this name.
#[must_use]
pub fn json_body(description: &str, name: &str, headers: &[&str]) -> Value {
    responses::json_body(description, &schema(name), headers)
}

/// A response with the context of linked data.
#[must_use]
pub fn context_body() -> Value {
    responses::context_body()
}

/// The answer to those who have the body already.
#[must_use]
pub fn not_modified() -> (&'static str, Value) {
    ("304", response("NotModified"))
}

fn named<R: Store>(what: &str) -> Value {
    response(&format!("{}{what}", R::SCHEMA))
}

/// `GET /v1/{collection}`
#[must_use]
pub fn list<R: Store>() -> Value {
    Operation::reading(R::TAG, format!("list_{}", plural::<R>()), format!("List {}", words(&plural::<R>())))
        .described(descriptions::LIST)
        .taking(parameters::of_list::<R>(&[]))
        .answering([("200", named::<R>("Page")), not_modified()], LIST_FAILURES)
}

/// `GET /v1/{parents}/{id}/{collection}`
#[must_use]
pub fn list_of_parent<R: Store>() -> Value {
    let Some(parent) = R::PARENT else { return Value::Null };
    let id = format!("list_{}_{}", parent.target, plural::<R>());
    let summary = format!("List the {} of {}", words(&plural::<R>()), one(parent.target));
    Operation::reading(R::TAG, id, summary)
        .described(descriptions::LIST)
        .taking([parameter("Id")])
        .taking(parameters::of_list::<R>(&[parent.field]))
        .answering([("200", named::<R>("Page")), not_modified()], READ_FAILURES)
}

/// `GET /v1/{collection}/{id}/organizations`, of a record that names a class of organizations.
#[must_use]
pub fn list_of_class<R: Store>() -> Value {
    type Target = crate::organizations::organization::Organizations;
    let summary = format!("List the organizations that {} means", one(R::TYPE));
    let preset = ["kind", "level", "admin_unit"];
    Operation::reading(R::TAG, format!("list_{}_organizations", R::TYPE), summary)
        .described(descriptions::LIST_OF_CLASS)
        .taking([parameter("Id")])
        .taking(parameters::of_list::<Target>(&preset))
        .answering([("200", named::<Target>("Page")), not_modified()], READ_FAILURES)
}

/// `POST /v1/{collection}`
#[must_use]
pub fn create<R: Store>() -> Value {
    let about = "The record, its children nested where it has any.";
    Operation::writing(R::TAG, format!("create_{}", R::TYPE), format!("Create {}", one(R::TYPE)))
        .described(descriptions::create::<R>())
        .taking(["DryRun", "IdempotencyKey"].map(parameter))
        .with_body(JSON, &format!("{}Input", R::SCHEMA), about)
        .answering([("200", named::<R>("Written")), ("201", named::<R>("Created"))], WRITE_FAILURES)
}

/// `POST /v1/{parents}/{id}/{collection}`
#[must_use]
pub fn create_in_parent<R: Store>() -> Value {
    let Some(parent) = R::PARENT else { return Value::Null };
    let about = "The record, without its parent, which the path names.";
    let id = format!("create_{}_{}", parent.target, R::TYPE);
    Operation::writing(R::TAG, id, format!("Create {} of {}", one(R::TYPE), one(parent.target)))
        .described(descriptions::create::<R>())
        .taking(["Id", "DryRun", "IdempotencyKey"].map(parameter))
        .with_body(JSON, &format!("{}Nested", R::SCHEMA), about)
        .answering([("200", named::<R>("Written")), ("201", named::<R>("Created"))], WRITE_FAILURES)
}

/// What reading one record takes, besides what names it.
fn of_record<R: Store>() -> impl Iterator<Item = Value> {
    let common = ["RecordedAt", "RecordFormat", "IfNoneMatch"].map(parameter);
    let dated = R::DATED.then(|| parameter("AsOf"));
    parameters::of_shape::<R>().into_iter().chain(dated).chain(common)
}

/// `GET /v1/{collection}/{id}`
#[must_use]
pub fn get<R: Store>() -> Value {
    Operation::reading(R::TAG, format!("get_{}", R::TYPE), format!("Read {}", one(R::TYPE)))
        .described(descriptions::GET)
        .taking([parameter("Id")])
        .taking(of_record::<R>())
        .answering([("200", named::<R>("Read")), not_modified()], READ_FAILURES)
}

/// `GET /v1/{collection}/by-key/{system}/{key}`
#[must_use]
pub fn get_by_key<R: Store>() -> Value {
    let summary = format!("Read {} by a partner's key", one(R::TYPE));
    Operation::reading(R::TAG, format!("get_{}_by_key", R::TYPE), summary)
        .described(descriptions::GET_BY_KEY)
        .taking(parameters::of_key::<R>())
        .taking(of_record::<R>())
        .answering([("200", named::<R>("Read")), not_modified()], READ_FAILURES)
}

/// `PATCH /v1/{collection}/{id}`
#[must_use]
pub fn update<R: Store>() -> Value {
    let about = "A merge patch (RFC 7396): null clears a field, what is absent stays.";
    Operation::writing(R::TAG, format!("update_{}", R::TYPE), format!("Change {}", one(R::TYPE)))
        .described(descriptions::UPDATE)
        .taking([parameter("Id"), parameter("DryRun"), parameter("IfMatch")])
        .with_body(MERGE_PATCH, &format!("{}Patch", R::SCHEMA), about)
        .answering([("200", named::<R>("Written"))], WRITE_FAILURES)
}

/// `POST /v1/{collection}/{id}/decision`
#[must_use]
pub fn decide<R: Store>() -> Value {
    Operation::writing(R::TAG, format!("decide_{}", R::TYPE), format!("Decide on {}", one(R::TYPE)))
        .described(descriptions::DECIDE)
        .taking(["Id", "DryRun", "IfMatch", "IdempotencyKey"].map(parameter))
        .with_body(JSON, &format!("{}Decision", R::SCHEMA), "The decision.")
        .answering([("200", named::<R>("Written"))], WRITE_FAILURES)
}

/// `PUT /v1/{collection}/by-key/{system}/{key}`
#[must_use]
pub fn replace<R: Store>() -> Value {
    let about = "The whole record; children only where it is new.";
    let summary = format!("Create or replace {} by a partner's key", one(R::TYPE));
    let description = if R::IMMUTABLE { descriptions::REPLACE_IMMUTABLE } else { descriptions::REPLACE };
    let failures = if R::IMMUTABLE { WRITE_FAILURES } else { REPLACE_FAILURES };
    Operation::writing(R::TAG, format!("replace_{}", R::TYPE), summary)
        .described(description)
        .taking(parameters::of_key::<R>())
        .taking(["DryRun", "IfMatch", "IfAbsent"].map(parameter))
        .with_body(JSON, &format!("{}Input", R::SCHEMA), about)
        .answering([("200", named::<R>("Written")), ("201", named::<R>("Created"))], failures)
}

/// `DELETE /v1/{collection}/{id}`
#[must_use]
pub fn delete<R: Store>() -> Value {
    let done = json!({ "description": "Deleted, with its children." });
    Operation::writing(R::TAG, format!("delete_{}", R::TYPE), format!("Delete {}", one(R::TYPE)))
        .described(descriptions::DELETE)
        .taking([parameter("Id"), parameter("DryRun"), parameter("IfMatch")])
        .answering([("204", done)], DELETE_FAILURES)
}

/// `GET /v1/{collection}/{id}/history`
#[must_use]
pub fn history<R: Store>() -> Value {
    Operation::reading(R::TAG, format!("list_{}_history", R::TYPE), format!("List the versions of {}", one(R::TYPE)))
        .described(descriptions::HISTORY)
        .taking(["Id", "Limit", "Cursor", "ChangeFormat", "IfNoneMatch"].map(parameter))
        .answering([("200", response("History")), not_modified()], HISTORY_FAILURES)
}

/// `GET /v1/changes`
#[must_use]
pub fn changes() -> Value {
    let types: Vec<&str> = resources::ALL.iter().map(|collection| collection.kind()).collect();
    let items = json!({ "type": "string", "enum": types });
    Operation::reading("changes", "list_changes", "List what changed")
        .described(descriptions::CHANGES)
        .taking([
            listed("type", "Only records of these types.", &items, Some(50), &json!(["document"])),
            parameter("Since"),
            parameters::limit(CHANGES_LIMIT),
            parameter("Cursor"),
            parameter("ChangeFormat"),
            parameter("IfNoneMatch"),
        ])
        .answering([("200", response("Changes")), not_modified()], LIST_FAILURES)
}
