//! What operations take in the path, the query and the header. Each stands once under `components/parameters`.

use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::records::settled;
use super::{Named, camel, examples, reference, schema};
use crate::db::Store;
use crate::domain::link::KeyPart;
use crate::domain::page::{DEFAULT_LIMIT, MAXIMUM_LIMIT};
use crate::http::idempotency;
use crate::http::negotiation::Format;
use crate::idempotency::Key;
use crate::resources;
use crate::service::collection::Collection;
use crate::service::expand;
use crate::transfer::columns::Column;

/// Entity tags as If-Match has them; none of ours holds a comma.
const ENTITY_TAGS: &str = r#"^(\*|(W/)?"[!#-+.-~-]*"( *, *(W/)?"[!#-+.-~-]*")*)$"#;

/// A reference to a parameter that stands under `components`.
pub fn parameter(name: &str) -> Value {
    reference("parameters", name)
}

/// One parameter of the query.
pub fn query(name: &str, description: &str, schema: &Value, example: &Value) -> Value {
    let schema = with_example(schema, example);
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

/// The same, of a parameter that may not be left out.
#[must_use]
pub fn required(name: &str, description: &str, schema: &Value, example: &Value) -> Value {
    json!({
        "name": name, "in": "query", "required": true, "description": description, "schema": schema, "example": example,
    })
}

/// The schema of a parameter that may be left out, with its example. Swagger UI fills in what stands in `example`, so that
/// a request with all of them at once would be refused; it leaves alone what stands in the `examples` of the schema.
fn with_example(schema: &Value, example: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(object) = schema.as_object_mut() {
        object.insert("examples".to_owned(), json!([example]));
    }
    schema
}

fn path(name: &str, description: &str, schema: &Value, example: &Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema, "example": example })
}

fn header(name: &str, description: &str, schema: &Value, example: &str) -> Value {
    let schema = with_example(schema, &example.into());
    json!({ "name": name, "in": "header", "description": description, "schema": schema })
}

/// A parameter with values between commas.
pub fn listed(name: &str, description: &str, items: &Value, most: Option<u8>, example: &Value) -> Value {
    let mut schema = json!({ "type": "array", "items": items, "minItems": 1 });
    if let (Some(most), Some(object)) = (most, schema.as_object_mut()) {
        object.insert("maxItems".to_owned(), most.into());
    }
    json!({
        "name": name,
        "in": "query",
        "description": description,
        "style": "form",
        "explode": false,
        "schema": with_example(&schema, example),
    })
}

/// The parameter `limit` of a list whose pages have `default` records unless told.
pub fn limit(default: u16) -> Value {
    let schema = json!({ "type": "integer", "minimum": 1, "maximum": MAXIMUM_LIMIT, "default": default });
    query("limit", "How many records a page has.", &schema, &json!(20))
}

/// The parameters that do not depend on the resource.
pub fn common() -> Named {
    path_parameters()
        .into_iter()
        .chain(list_parameters())
        .chain(form_parameters())
        .chain(headers())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn path_parameters() -> [(&'static str, Value); 1] {
    [("Id", path("id", "The number of the record.", &schema("RecordId"), &json!(1)))]
}

/// The parameters that are an external key of a record of the resource `R`, with the key of one of its records.
fn external_key<R: Store>() -> [(&'static str, Value); 2] {
    let part = json!({ "type": "string", "pattern": KeyPart::PATTERN });
    let (system, key) = examples::key(R::TYPE).unwrap_or_else(|| ("partner", "2018-125".to_owned()));
    [
        ("System", path("system", "The system whose key it is.", &part, &json!(system))),
        ("Key", path("key", "The key of the record within that system.", &part, &json!(key))),
    ]
}

fn list_parameters() -> [(&'static str, Value); 9] {
    let cursor = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 1000 });
    let about_cursor = "Where the page begins: `page.next` of the page before, of the same list.";
    let since = "Only records written at or after this instant.";
    let count = "`exact` adds `page.count`, the number of records on all pages.";
    let at = "The record as it was recorded at this instant, from the change log.";
    let from = "Begin with the first change recorded at this instant or later, by the clock of the service; the cursor goes on from there, and from this instant as long as nothing was found.";
    let day =
        "The record as of the end of this day, in what is worked out when it is read: with what was decided by then.";
    let rehearse = "Check and answer as if it were written, and write nothing; a new record then gets 200.";
    [
        ("Limit", limit(DEFAULT_LIMIT)),
        ("Cursor", query("cursor", about_cursor, &cursor, &json!(examples::CURSOR))),
        ("Count", query("count", count, &json!({ "type": "string", "enum": ["exact"] }), &json!("exact"))),
        ("UpdatedSince", query("updated_since", since, &schema("Instant"), &json!("2026-11-01T00:00:00Z"))),
        ("ManagedBy", query("managed_by", "Only records that this organization owns.", &schema("RecordId"), &json!(1))),
        ("Since", query("since", from, &schema("Instant"), &json!("2026-11-21T00:00:00Z"))),
        ("AsOf", query("as_of", day, &schema("Date"), &json!("2018-12-31"))),
        ("RecordedAt", query("recorded_at", at, &schema("Instant"), &json!("2026-11-21T03:00:00Z"))),
        ("DryRun", query("dry_run", rehearse, &json!({ "type": "boolean", "default": false }), &json!(true))),
    ]
}

/// The parameters that say in which form a list or a record is sent.
fn form_parameters() -> [(&'static str, Value); 6] {
    let format = "The form of the list, over what `Accept` says. Without `limit`, a form other than `json` and `jsonld` is the \
         whole list.";
    let format_of_record = "The form of the record, over what `Accept` says; `jsonld` is linked data.";
    let of_overview = "The form of the answer, over what `Accept` says: an object, or its rows.";
    let format_of_changes = "The form of the changes, over what `Accept` says. Without `limit`, `ndjson` is all of them from \
         `cursor` or the beginning on.";
    let csv = "How CSV is written: `excel`, for spreadsheets, has a byte order mark, lists between semicolons, and an \
               apostrophe before what looks like a formula; `raw` has each value as it is, lists and objects as JSON, and \
               null as an empty cell.";
    let labels = "`vi` gives XLSX, and CSV for spreadsheets, headings and labels of codes in Vietnamese.";
    let names = |formats: &[Format]| formats.iter().map(|format| format.name()).collect::<Value>();
    let one_of = |codes: &Value| json!({ "type": "string", "enum": codes });
    let dialect = json!({ "type": "string", "enum": ["excel", "raw"], "default": "excel" });
    [
        ("Format", query("format", format, &one_of(&names(Format::ALL)), &json!("csv"))),
        ("RecordFormat", query("format", format_of_record, &one_of(&names(Format::OF_RECORD)), &json!("jsonld"))),
        ("OverviewFormat", query("format", of_overview, &one_of(&names(Format::OF_OVERVIEW)), &json!("csv"))),
        ("ChangeFormat", query("format", format_of_changes, &one_of(&names(Format::OF_CHANGES)), &json!("ndjson"))),
        ("Csv", query("csv", csv, &dialect, &json!("raw"))),
        ("Labels", query("labels", labels, &one_of(&json!(["vi"])), &json!("vi"))),
    ]
}

fn headers() -> [(&'static str, Value); 4] {
    let matches = "Write only if the record still has the version in this ETag; `*` for any version.";
    let tags = json!({ "type": "string", "format": "entity-tags", "pattern": ENTITY_TAGS });
    let known = "Answer 304 if the caller has this ETag already.";
    let any = json!({ "type": "string", "enum": ["*"] });
    let text = json!({ "type": "string" });
    let once = "A name of the caller's own for this request, such as a UUID: sent again with it within 24 hours, the request \
                takes effect once and is answered as the first time.";
    let key = json!({ "type": "string", "pattern": Key::PATTERN });
    [
        ("IfMatch", header("If-Match", matches, &tags, "*")),
        ("IfNoneMatch", header("If-None-Match", known, &text, "\"1-5f0c21d0a1b2c3d4\"")),
        ("IfAbsent", header("If-None-Match", "Write only if there is no such record yet.", &any, "*")),
        ("IdempotencyKey", header(idempotency::KEY, once, &key, "3f2b9c1e-8d4a-4f6b-9a51-0c7e2d1f8b60")),
    ]
}

/// The names under `components/parameters` of the parameters of a list, in the order in which they are described.
pub fn of_list<R: Store>(without: &[&str]) -> Vec<Value> {
    let filter = filter::<R>().into_iter().filter(|parameter| !without.contains(&parameter.name.as_str()));
    let own = filter.map(|parameter| filter_name::<R>(&parameter.name));
    let common = ["UpdatedSince", "ManagedBy"].map(str::to_owned);
    let rest = ["Limit", "Cursor", "Count", "Format", "Csv", "Labels"].map(str::to_owned);
    let names = own.chain(common).chain([format!("{}Sort", R::SCHEMA)]).chain(rest);
    names.map(|name| parameter(&name)).chain(of_shape::<R>()).chain([parameter("IfNoneMatch")]).collect()
}

/// The parameters that narrow the list of the resource `R`, those that are wanted.
pub fn of_filter<R: Store>(is_wanted: impl Fn(&str) -> bool) -> Vec<Value> {
    let own = filter::<R>();
    own.iter().filter(|own| is_wanted(&own.name)).map(|own| parameter(&filter_name::<R>(&own.name))).collect()
}

/// The parameters that say what of a record to send.
pub fn of_shape<R: Store>() -> [Value; 2] {
    ["Fields", "Expand"].map(|name| parameter(&format!("{}{name}", R::SCHEMA)))
}

/// The parameters that name a record by an external key.
pub fn of_key<R: Store>() -> [Value; 2] {
    ["System", "Key"].map(|name| parameter(&format!("{}{name}", R::SCHEMA)))
}

fn filter<R: Store>() -> Vec<Parameter> {
    R::Filter::into_params(|| Some(ParameterIn::Query))
}

fn filter_name<R: Store>(name: &str) -> String {
    format!("{}Filter{}", R::SCHEMA, camel(name))
}

/// Adds the parameters of the lists of the resource `R`.
pub fn add<R: Store>(parameters: &mut Named) {
    for parameter in filter::<R>() {
        parameters.insert(filter_name::<R>(&parameter.name), filter_parameter(&parameter));
    }
    for (name, parameter) in external_key::<R>() {
        parameters.insert(format!("{}{name}", R::SCHEMA), parameter);
    }
    parameters.insert(format!("{}Sort", R::SCHEMA), sort::<R>());
    if let Some(collection) = resources::by_type(R::TYPE) {
        parameters.insert(format!("{}Fields", R::SCHEMA), fields(collection));
        parameters.insert(format!("{}Expand", R::SCHEMA), expansion(collection));
    }
}

fn sort<R: Store>() -> Value {
    let names: Vec<&str> = R::SORTS.iter().chain(R::MADE_SORTS).map(|field| field.name).collect();
    let shown = names.iter().map(|name| format!("`{name}`, ")).collect::<Vec<_>>().concat();
    let description = format!(
        "One of {shown}`id`; with `-` before it, from the largest. `,id` or `,-id` may follow for rows that are equal in it."
    );
    let pattern = format!("^(-?id|-?({})(,-?id)?)$", names.join("|"));
    let example = names.first().map_or("-id".to_owned(), |name| format!("-{name}"));
    query("sort", &description, &json!({ "type": "string", "pattern": pattern, "default": "id" }), &json!(example))
}

fn fields(collection: &'static dyn Collection) -> Value {
    let to_many = collection.to_many().iter().map(|link| link.name);
    let names: Vec<&str> = collection.fields().chain(to_many).collect();
    let items = json!({ "type": "string", "enum": names });
    listed("fields", "The fields to send; `id`, `type` and `url` always are.", &items, None, &json!(["updated_at"]))
}

/// The parameter that chooses the fields of the rows of an overview.
pub fn fields_of_rows(columns: &[Column]) -> Value {
    let mut names: Vec<&str> = columns.iter().map(|column| column.field.as_str()).collect();
    names.dedup();
    let about = "The fields to send of each row, in another form than JSON.";
    let example = json!(names.iter().take(2).collect::<Vec<_>>());
    listed("fields", about, &json!({ "type": "string", "enum": names }), None, &example)
}

fn expansion(collection: &'static dyn Collection) -> Value {
    let names = expand::names(collection);
    let hops = names.iter().map(|name| match expand::target(collection, name) {
        Some(target) => format!("{name}(\\.({}))?", expand::names(target).join("|")),
        None => (*name).to_owned(),
    });
    let pattern = format!("^({})$", hops.collect::<Vec<_>>().join("|"));
    let description = format!(
        "The links to replace by the records behind them, of: {}. A second hop may follow (`a.b`). A to-many link becomes \
         `{{\"data\": [at most {}], \"links\"}}`.",
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        expand::SHOWN
    );
    let example = names.get(1).or_else(|| names.first()).copied().unwrap_or_default();
    listed("expand", &description, &json!({ "type": "string", "pattern": pattern }), None, &json!([example]))
}

/// A parameter of the filter as utoipa has it, with values between commas and without nulls, which no query has.
pub fn filter_parameter(parameter: &Parameter) -> Value {
    let given = serde_json::to_value(parameter).unwrap_or_default();
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    let schema = settled(without_null(given.get("schema").cloned().unwrap_or_default()));
    let example = given.get("example").cloned().unwrap_or_default();
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next());
    if let Some(item) = target.and_then(|target| target.strip_prefix("List_")) {
        let example = example.as_str().map(|text| text.split(',').collect::<Value>()).unwrap_or(example);
        return listed(text("name"), text("description"), &super::schema(item), Some(50), &example);
    }
    query(text("name"), text("description"), &schema, &example)
}

/// The schema of a value that is there: `null` is how an absent parameter looks in Rust, not in a query.
fn without_null(schema: Value) -> Value {
    let Value::Object(mut object) = schema else { return schema };
    if let Some(Value::Array(choices)) = object.get("oneOf") {
        let there = choices.iter().find(|choice| choice.get("type").and_then(Value::as_str) != Some("null"));
        return there.cloned().unwrap_or_default();
    }
    if let Some(Value::Array(types)) = object.get("type") {
        let there = types.iter().find(|kind| *kind != "null").cloned().unwrap_or_default();
        object.insert("type".to_owned(), there);
    }
    Value::Object(object)
}
