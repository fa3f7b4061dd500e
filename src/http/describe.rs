//! How the endpoints of a resource describe themselves in the OpenAPI document.

use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::Parameter;

use crate::db::Store;
use crate::domain::page::{DEFAULT_LIMIT, MAXIMUM_LIMIT};
use crate::resources;
use crate::service::expand;

/// The parameters of one request.
type Parameters = Vec<Value>;

fn schema_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn plural<R: Store>() -> String {
    R::COLLECTION.replace('-', "_")
}

fn words<R: Store>() -> String {
    R::TYPE.replace('_', " ")
}

/// One query parameter.
#[must_use]
pub fn query(name: &str, description: &str, schema: &Value, example: &Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema, "example": example })
}

fn path_parameter(name: &str, description: &str, schema: &Value, example: &Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema, "example": example })
}

fn id_parameter(what: &str) -> Value {
    let schema = json!({ "type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX });
    path_parameter("id", &format!("The number of the {what}."), &schema, &json!(1))
}

fn key_parameters() -> Parameters {
    let schema = json!({ "type": "string", "pattern": crate::domain::link::KeyPart::PATTERN });
    vec![
        path_parameter("system", "The system whose key it is.", &schema, &json!("reference")),
        path_parameter("key", "The key within that system.", &schema, &json!("tw")),
    ]
}

fn header(name: &str, description: &str, example: &str) -> Value {
    json!({ "name": name, "in": "header", "required": false, "description": description, "schema": { "type": "string" }, "example": example })
}

fn dry_run() -> Value {
    let description = "Check and answer as if it were written, and write nothing; a new record then gets 200.";
    query("dry_run", description, &json!({ "type": "boolean", "default": false }), &json!(true))
}

fn if_match() -> Value {
    header("If-Match", "Write only if the record still has the version in this ETag; `*` for any version.", "*")
}

fn if_none_match() -> Value {
    header("If-None-Match", "Answer 304 if the caller has this ETag already.", "\"1-5f0c21d0a1b2c3d4\"")
}

fn cursor() -> Value {
    query(
        "cursor",
        "Where the page begins: `page.next` of the page before, of the same list.",
        &json!({ "type": "string", "minLength": 1, "maxLength": 1000 }),
        &Value::Null,
    )
}

/// The parameter `limit`.
#[must_use]
pub fn limit(default: u16) -> Value {
    let schema = json!({ "type": "integer", "minimum": 1, "maximum": MAXIMUM_LIMIT, "default": default });
    query("limit", "How many records a page has.", &schema, &json!(20))
}

fn shape_parameters<R: Store>() -> Parameters {
    let Some(collection) = resources::by_type(R::TYPE) else { return Vec::new() };
    let fields = collection.fields();
    let fields_schema =
        json!({ "type": "array", "items": { "type": "string", "enum": fields }, "minItems": 1, "uniqueItems": true });
    let names = expand::names(collection);
    let expand_schema =
        json!({ "type": "array", "items": { "type": "string", "enum": names }, "minItems": 1, "uniqueItems": true });
    let description = format!(
        "The links to replace by the records behind them, at most two hops (`a.b`), of: {}. A to-many link becomes \
         `{{\"data\": [at most 100], \"links\"}}`.",
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    );
    let example = names.get(1).or_else(|| names.first()).copied().unwrap_or_default();
    vec![
        listed("fields", "The fields to send; `id`, `type` and `url` always are.", &fields_schema, &json!(["id"])),
        listed("expand", &description, &expand_schema, &json!([example])),
    ]
}

/// A parameter with values between commas.
fn listed(name: &str, description: &str, schema: &Value, example: &Value) -> Value {
    let mut parameter = query(name, description, schema, example);
    if let Some(object) = parameter.as_object_mut() {
        object.insert("style".to_owned(), "form".into());
        object.insert("explode".to_owned(), false.into());
    }
    parameter
}

/// The parameters of the filter, as utoipa has them, with values between commas and without nulls, which no query has.
fn filter_parameters<R: Store>(without: Option<&str>) -> Parameters {
    let parameters = R::Filter::into_params(|| Some(utoipa::openapi::path::ParameterIn::Query));
    parameters
        .into_iter()
        .filter(|parameter| Some(parameter.name.as_str()) != without)
        .map(|parameter| filter_parameter(&parameter))
        .collect()
}

fn filter_parameter(parameter: &Parameter) -> Value {
    let mut value = serde_json::to_value(parameter).unwrap_or_default();
    let Some(object) = value.as_object_mut() else { return value };
    object.insert("required".to_owned(), false.into());
    let mut schema = object.remove("schema").map(without_null).unwrap_or_default();
    if schema.get("type").and_then(Value::as_str) == Some("array") {
        object.insert("style".to_owned(), "form".into());
        object.insert("explode".to_owned(), false.into());
        if let Some(Value::String(text)) = object.get("example").cloned() {
            object.insert("example".to_owned(), text.split(',').collect());
        }
    }
    // An example belongs to the parameter here, not to the type of its values.
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("examples");
        schema.remove("description");
        if object.get("name").and_then(Value::as_str) == Some("number") {
            schema.insert("minimum".to_owned(), 1.into());
            schema.insert("maximum".to_owned(), 999_999.into());
        }
    }
    object.insert("schema".to_owned(), schema);
    value
}

/// The schema of a value that is there: `null` is how an absent parameter looks in Rust, not in a query.
fn without_null(schema: Value) -> Value {
    let Value::Object(mut object) = schema else { return schema };
    if let Some(Value::Array(choices)) = object.remove("oneOf") {
        let mut present: Vec<Value> =
            choices.into_iter().filter(|choice| choice.get("type").and_then(Value::as_str) != Some("null")).collect();
        if present.len() == 1 {
            return present.pop().unwrap_or_default();
        }
        object.insert("oneOf".to_owned(), Value::Array(present));
    }
    if let Some(Value::Array(types)) = object.get("type").cloned() {
        let present: Vec<Value> = types.into_iter().filter(|kind| kind != "null").collect();
        if let [only] = present.as_slice() {
            object.insert("type".to_owned(), only.clone());
        }
    }
    Value::Object(object)
}

fn list_parameters<R: Store>(without: Option<&str>) -> Parameters {
    let sorts: Vec<String> = R::SORTS
        .iter()
        .map(|field| field.name)
        .chain(["id"])
        .flat_map(|name| [name.to_owned(), format!("-{name}")])
        .collect();
    let sort = format!(
        "One of {}; `-` from the largest. `,id` or `,-id` may follow for rows that are equal in it.",
        sorts.iter().map(|sort| format!("`{sort}`")).collect::<Vec<_>>().join(", ")
    );
    let example = R::SORTS.first().map_or("-id".to_owned(), |field| format!("-{}", field.name));
    let pattern = format!("^-?({}|id)(,-?id)?$", R::SORTS.iter().map(|field| field.name).collect::<Vec<_>>().join("|"));
    let mut parameters = filter_parameters::<R>(without);
    parameters.extend([
        query(
            "updated_since",
            "Only records written at or after this instant.",
            &json!({ "type": "string", "format": "date-time" }),
            &json!("2026-11-01T00:00:00Z"),
        ),
        query(
            "managed_by",
            "Only records that this organization owns.",
            &json!({ "type": "integer", "format": "int64", "minimum": 1 }),
            &json!(1),
        ),
        query("sort", &sort, &json!({ "type": "string", "pattern": pattern, "default": "id" }), &json!(example)),
        limit(DEFAULT_LIMIT),
        cursor(),
        query(
            "count",
            "`exact` adds `page.count`, the number of records on all pages.",
            &json!({ "type": "string", "enum": ["exact"] }),
            &json!("exact"),
        ),
    ]);
    parameters.extend(shape_parameters::<R>());
    parameters
}

/// The problems that an operation may answer with, by status.
fn problems(statuses: &[u16]) -> Vec<(String, Value)> {
    statuses
        .iter()
        .map(|status| (status.to_string(), json!({ "$ref": format!("#/components/responses/Problem{status}") })))
        .collect()
}

fn responses(success: Vec<(&str, Value)>, failures: &[u16]) -> Value {
    let success = success.into_iter().map(|(status, response)| (status.to_owned(), response));
    Value::Object(success.chain(problems(failures)).collect())
}

fn json_response(description: &str, schema: &str, headers: &Value) -> Value {
    json!({ "description": description, "headers": headers, "content": { "application/json": { "schema": schema_ref(schema) } } })
}

fn etag_header() -> Value {
    json!({ "ETag": { "$ref": "#/components/headers/ETag" } })
}

fn list_headers() -> Value {
    json!({ "ETag": { "$ref": "#/components/headers/ETag" }, "Link": { "$ref": "#/components/headers/Link" } })
}

/// What an operation says of itself.
struct Description {
    id: String,
    tag: &'static str,
    summary: String,
    parameters: Parameters,
    responses: Value,
    security: Value,
}

impl Description {
    /// The Operation Object.
    fn object(self) -> Value {
        let members = [
            ("operationId", self.id.into()),
            ("tags", json!([self.tag])),
            ("summary", self.summary.into()),
            ("parameters", self.parameters.into()),
            ("responses", self.responses),
            ("security", self.security),
        ];
        Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The Operation Object of one that takes a body.
    fn with_body(self, content_type: &str, schema: &str, about: &str) -> Value {
        let mut operation = self.object();
        if let Some(object) = operation.as_object_mut() {
            let content = json!({ content_type: { "schema": schema_ref(schema) } });
            let body = json!({ "required": true, "description": about, "content": content });
            object.insert("requestBody".to_owned(), body);
        }
        operation
    }
}

/// Reading is open to all, and shows more with a token.
#[must_use]
pub fn reading() -> Value {
    json!([{}, { "bearer": [] }])
}

/// Writing needs a token.
fn writing() -> Value {
    json!([{ "bearer": [] }])
}

/// Statuses of reads and of writes besides their own.
const READ_FAILURES: &[u16] = &[400, 401, 404, 410, 500, 503];
const LIST_FAILURES: &[u16] = &[400, 401, 500, 503];
const WRITE_FAILURES: &[u16] = &[400, 401, 403, 404, 408, 409, 410, 412, 413, 415, 422, 500, 503];

fn not_modified() -> (&'static str, Value) {
    ("304", json!({ "description": "The caller has this already.", "headers": etag_header() }))
}

/// `GET /v1/{collection}`
#[must_use]
pub fn list<R: Store>() -> Value {
    let page = json_response("One page.", &format!("{}Page", R::SCHEMA), &list_headers());
    let mut parameters = list_parameters::<R>(None);
    parameters.push(if_none_match());
    let id = format!("list_{}", plural::<R>());
    Description {
        id,
        tag: R::TAG,
        summary: format!("List {}", plural::<R>().replace('_', " ")),
        parameters,
        responses: responses(vec![("200", page), not_modified()], LIST_FAILURES),
        security: reading(),
    }
    .object()
}

/// `GET /v1/{parents}/{id}/{collection}`
#[must_use]
pub fn list_of_parent<R: Store>() -> Value {
    let Some(parent) = R::PARENT else { return Value::Null };
    let page = json_response("One page.", &format!("{}Page", R::SCHEMA), &list_headers());
    let what = parent.target.replace('_', " ");
    let mut parameters = vec![id_parameter(&what)];
    parameters.extend(list_parameters::<R>(Some(parent.field)));
    parameters.push(if_none_match());
    let id = format!("list_{}_{}", parent.target, plural::<R>());
    let summary = format!("List the {} of one {what}", plural::<R>().replace('_', " "));
    Description {
        id,
        tag: R::TAG,
        summary,
        parameters,
        responses: responses(vec![("200", page), not_modified()], READ_FAILURES),
        security: reading(),
    }
    .object()
}

fn created<R: Store>() -> Value {
    let mut headers = etag_header();
    if let Some(object) = headers.as_object_mut() {
        object.insert("Location".to_owned(), json!({ "$ref": "#/components/headers/Location" }));
    }
    json_response("Created.", R::SCHEMA, &headers)
}

fn rehearsed<R: Store>() -> Value {
    json_response("What would be created, with `dry_run=true`.", R::SCHEMA, &etag_header())
}

/// `POST /v1/{collection}`
#[must_use]
pub fn create<R: Store>() -> Value {
    let id = format!("create_{}", R::TYPE);
    let answers = responses(vec![("200", rehearsed::<R>()), ("201", created::<R>())], WRITE_FAILURES);
    Description {
        id,
        tag: R::TAG,
        summary: format!("Create a {}", words::<R>()),
        parameters: vec![dry_run()],
        responses: answers,
        security: writing(),
    }
    .with_body(
        "application/json",
        &format!("{}Input", R::SCHEMA),
        "The record, its children nested where it has any.",
    )
}

/// `POST /v1/{parents}/{id}/{collection}`
#[must_use]
pub fn create_in_parent<R: Store>() -> Value {
    let Some(parent) = R::PARENT else { return Value::Null };
    let what = parent.target.replace('_', " ");
    let id = format!("create_{}_{}", parent.target, R::TYPE);
    let summary = format!("Create a {} of one {what}", words::<R>());
    let answers = responses(vec![("200", rehearsed::<R>()), ("201", created::<R>())], WRITE_FAILURES);
    Description {
        id,
        tag: R::TAG,
        summary,
        parameters: vec![id_parameter(&what), dry_run()],
        responses: answers,
        security: writing(),
    }
    .with_body(
        "application/json",
        &format!("{}Nested", R::SCHEMA),
        "The record, without its parent, which the path names.",
    )
}

fn record_response<R: Store>() -> Value {
    json_response("The record.", R::SCHEMA, &etag_header())
}

fn record_parameters<R: Store>() -> Parameters {
    let mut parameters = shape_parameters::<R>();
    let at = "The record as it was recorded at this instant, from the change log.";
    parameters.push(query(
        "recorded_at",
        at,
        &json!({ "type": "string", "format": "date-time" }),
        &json!("2026-11-21T03:00:00Z"),
    ));
    parameters.push(if_none_match());
    parameters
}

/// `GET /v1/{collection}/{id}`
#[must_use]
pub fn get<R: Store>() -> Value {
    let mut parameters = vec![id_parameter(&words::<R>())];
    parameters.extend(record_parameters::<R>());
    let answers = responses(vec![("200", record_response::<R>()), not_modified()], READ_FAILURES);
    Description {
        id: format!("get_{}", R::TYPE),
        tag: R::TAG,
        summary: format!("Read one {}", words::<R>()),
        parameters,
        responses: answers,
        security: reading(),
    }
    .object()
}

/// `GET /v1/{collection}/by-key/{system}/{key}`
#[must_use]
pub fn get_by_key<R: Store>() -> Value {
    let mut parameters = key_parameters();
    parameters.extend(record_parameters::<R>());
    let answers = responses(vec![("200", record_response::<R>()), not_modified()], READ_FAILURES);
    let summary = format!("Read one {} by a partner's key", words::<R>());
    Description {
        id: format!("get_{}_by_key", R::TYPE),
        tag: R::TAG,
        summary,
        parameters,
        responses: answers,
        security: reading(),
    }
    .object()
}

/// `PATCH /v1/{collection}/{id}`
#[must_use]
pub fn update<R: Store>() -> Value {
    let parameters = vec![id_parameter(&words::<R>()), dry_run(), if_match()];
    let answers = responses(vec![("200", record_response::<R>())], WRITE_FAILURES);
    let about = "A merge patch (RFC 7396): null clears a field, what is absent stays.";
    Description {
        id: format!("update_{}", R::TYPE),
        tag: R::TAG,
        summary: format!("Change a {}", words::<R>()),
        parameters,
        responses: answers,
        security: writing(),
    }
    .with_body("application/merge-patch+json", &format!("{}Patch", R::SCHEMA), about)
}

/// `PUT /v1/{collection}/by-key/{system}/{key}`
#[must_use]
pub fn replace<R: Store>() -> Value {
    let mut parameters = key_parameters();
    parameters.extend([
        dry_run(),
        if_match(),
        header("If-None-Match", "`*`: write only if there is no such record yet.", "*"),
    ]);
    let mut failures = WRITE_FAILURES.to_vec();
    failures.push(428);
    let answers = responses(vec![("200", record_response::<R>()), ("201", created::<R>())], &failures);
    let summary = format!("Create or replace a {} by a partner's key", words::<R>());
    Description {
        id: format!("replace_{}", R::TYPE),
        tag: R::TAG,
        summary,
        parameters,
        responses: answers,
        security: writing(),
    }
    .with_body(
        "application/json",
        &format!("{}Input", R::SCHEMA),
        "The whole record; children only where it is new.",
    )
}

/// `DELETE /v1/{collection}/{id}`
#[must_use]
pub fn delete<R: Store>() -> Value {
    let parameters = vec![id_parameter(&words::<R>()), dry_run(), if_match()];
    let done = json!({ "description": "Deleted, with its children." });
    let answers = responses(vec![("204", done)], &[400, 401, 403, 404, 409, 410, 412, 500, 503]);
    Description {
        id: format!("delete_{}", R::TYPE),
        tag: R::TAG,
        summary: format!("Delete a {}", words::<R>()),
        parameters,
        responses: answers,
        security: writing(),
    }
    .object()
}

/// `GET /v1/{collection}/{id}/history`
#[must_use]
pub fn history<R: Store>() -> Value {
    let parameters = vec![id_parameter(&words::<R>()), limit(50), cursor(), if_none_match()];
    let page = json_response("The versions of the record, from the newest.", "ChangePage", &list_headers());
    let answers = responses(vec![("200", page), not_modified()], &[400, 401, 404, 500, 503]);
    let summary = format!("List the versions of one {}", words::<R>());
    Description {
        id: format!("list_{}_history", R::TYPE),
        tag: R::TAG,
        summary,
        parameters,
        responses: answers,
        security: reading(),
    }
    .object()
}

/// `GET /v1/changes`
#[must_use]
pub fn changes() -> Value {
    let types: Vec<&str> = resources::ALL.iter().map(|collection| collection.kind()).collect();
    let schema = json!({ "type": "array", "items": { "type": "string", "enum": types }, "minItems": 1 });
    let parameters = vec![
        listed("type", "Only records of these types.", &schema, &json!(["document"])),
        limit(100),
        cursor(),
        if_none_match(),
    ];
    let page = json_response(
        "Changes in the order of their commits; `page.next` is always there to resume from.",
        "ChangePage",
        &list_headers(),
    );
    let answers = responses(vec![("200", page), not_modified()], LIST_FAILURES);
    Description {
        id: "list_changes".to_owned(),
        tag: "changes",
        summary: "List what changed".to_owned(),
        parameters,
        responses: answers,
        security: reading(),
    }
    .object()
}
