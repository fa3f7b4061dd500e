//! The OpenAPI document, made from the endpoints that serve requests and the types that they read and write.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::endpoint::Endpoint;
use super::problem::{CODES, CONTENT_TYPE};
use crate::db::Store;
use crate::domain::vocabulary::Visibility;
use crate::domain::{Date, Instant, Link, Reference};
use crate::resources;

/// The schemas of one resource.
pub type Schemas = BTreeMap<String, Value>;

/// The OpenAPI document of these endpoints.
#[must_use]
pub fn document(endpoints: &[Endpoint], schemas: Schemas) -> Value {
    let paths: Map<String, Value> =
        endpoints.iter().map(|endpoint| (endpoint.path.clone(), endpoint.describe())).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Directive tracker",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Who has done what about which guiding document, when, how late, and by which evidence.",
            "description": include_str!("openapi.md"),
            "license": { "name": "MIT", "identifier": "MIT" },
            "contact": { "name": "The developers of Directive tracker", "url": "https://github.com/directive-tracker/directive-tracker" },
        },
        "servers": [{ "url": "/", "description": "This service." }],
        "tags": [
            { "name": "organizations", "description": "Bodies, their committees, administrative units, successions, numbering periods." },
            { "name": "documents", "description": "Guiding documents and how they bear on each other." },
            { "name": "people", "description": "People in public office and their posts." },
            { "name": "conferences", "description": "Conferences, what they did with which document, who took part, what they found." },
            { "name": "sources", "description": "Publications, and what each says of which record." },
            { "name": "changes", "description": "What changed, in the order of commits." },
            { "name": "system", "description": "Vocabularies, and whether the service is well." },
        ],
        "paths": paths,
        "components": {
            "schemas": all_schemas(schemas),
            "responses": problem_responses(),
            "headers": {
                "ETag": { "description": "The entity tag: the version of the record, if it is one, and a hash of the body.", "schema": { "type": "string" }, "example": "\"3-5f0c21d0a1b2c3d4\"" },
                "Link": { "description": "The next page (RFC 8288), if there is one.", "schema": { "type": "string" }, "example": "</v1/documents?limit=20&cursor=eyJ2Ijox>; rel=\"next\"" },
                "Location": { "description": "Where the new record is.", "schema": { "type": "string" }, "example": "/v1/documents/12" },
            },
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A token made by `directive-tracker token`." },
            },
        },
    })
}

/// Adds the schemas of the resource `R`.
pub fn add<R: Store>(schemas: &mut Schemas) {
    let mut nested = Vec::new();
    <R::Body<Link> as ToSchema>::schemas(&mut nested);
    <R::Body<Reference> as ToSchema>::schemas(&mut nested);
    for (name, schema) in nested {
        schemas.entry(name).or_insert_with(|| to_value(&schema));
    }
    schemas.insert(R::SCHEMA.to_owned(), output::<R>());
    schemas.insert(format!("{}Input", R::SCHEMA), input::<R>(InputFor::Create));
    schemas.insert(format!("{}Patch", R::SCHEMA), input::<R>(InputFor::Patch));
    if R::PARENT.is_some() {
        schemas.insert(format!("{}Nested", R::SCHEMA), input::<R>(InputFor::Nested));
    }
    schemas.insert(format!("{}Page", R::SCHEMA), page_of(R::SCHEMA, R::ABOUT));
}

fn to_value(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}

/// The properties of an object schema and the names of those that are required.
fn object_of(schema: &RefOr<Schema>) -> (Map<String, Value>, Vec<String>, String) {
    let value = to_value(schema);
    let properties = value.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let required = value.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let required = required.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
    (properties, required, value.get("description").and_then(Value::as_str).unwrap_or_default().to_owned())
}

fn reference(name: &str, description: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}"), "description": description })
}

fn nullable(name: &str, description: &str) -> Value {
    json!({ "oneOf": [{ "type": "null" }, { "$ref": format!("#/components/schemas/{name}") }], "description": description })
}

fn described(schema: &RefOr<Schema>, description: &str) -> Value {
    let mut value = to_value(schema);
    if let Some(object) = value.as_object_mut() {
        object.insert("description".to_owned(), description.into());
    }
    value
}

fn integer(description: &str, example: i64) -> Value {
    json!({ "type": "integer", "format": "int64", "minimum": 1, "description": description, "examples": [example] })
}

fn text(description: &str, example: &str) -> Value {
    json!({ "type": "string", "description": description, "examples": [example] })
}

/// Gives each property that has no example one: that of the type it refers to says enough for links.
fn exemplified(mut properties: Map<String, Value>, links: &Value) -> Map<String, Value> {
    for property in properties.values_mut() {
        let Some(object) = property.as_object_mut() else { continue };
        if let Some(example) = object.remove("example") {
            object.insert("examples".to_owned(), json!([example]));
        }
        let mentions_link = property.to_string().contains("#/components/schemas/Link")
            || property.to_string().contains("#/components/schemas/Reference");
        if let Some(object) = property.as_object_mut()
            && !object.contains_key("examples")
            && mentions_link
        {
            let many = object.get("type").is_some();
            object.insert("examples".to_owned(), if many { json!([[links]]) } else { json!([links]) });
        }
    }
    properties
}

fn output<R: Store>() -> Value {
    let (own, _, about) = object_of(&<R::Body<Link> as PartialSchema>::schema());
    let mut properties = Map::new();
    let mut put = |name: &str, value: Value| properties.insert(name.to_owned(), value);
    put("id", integer("The number of the record.", 12));
    put(
        "type",
        json!({ "type": "string", "const": R::TYPE, "description": "The type of the record.", "examples": [R::TYPE] }),
    );
    put("url", text("Where the record is found.", &format!("/v1/{}/12", R::COLLECTION)));
    put("version", integer("How many times the record has been written.", 1));
    put("created_at", described(&Instant::schema(), "When the record was created."));
    put("updated_at", described(&Instant::schema(), "When the record was last written."));
    put("visibility", described(&Visibility::schema(), "Who may read the record: everybody, or callers with a token."));
    put("managed_by", nullable("Link", "The organization that owns the record."));
    if let Some(parent) = R::PARENT {
        put(parent.field, reference("Link", &format!("The {} that it is part of.", parent.target.replace('_', " "))));
    }
    properties.extend(own);
    let links: Map<String, Value> = R::TO_MANY
        .iter()
        .filter_map(|link| Some((link, resources::by_type(link.target)?)))
        .map(|(link, target)| {
            (
                link.name.to_owned(),
                text(
                    &format!("The {} whose `{}` is this record.", target.json_name().replace('_', " "), link.field),
                    &format!("/v1/{}?{}=12", target.name(), link.field),
                ),
            )
        })
        .chain([(
            "history".to_owned(),
            text("The versions of the record.", &format!("/v1/{}/12/history", R::COLLECTION)),
        )])
        .collect();
    let names: Vec<String> = links.keys().cloned().collect();
    let example: Map<String, Value> = links
        .iter()
        .filter_map(|(name, schema)| Some((name.clone(), schema.pointer("/examples/0")?.clone())))
        .collect();
    properties.insert("links".to_owned(), json!({ "type": "object", "description": "Where what belongs to the record is found.", "properties": links, "required": names, "examples": [example] }));
    let mut required: Vec<String> = properties.keys().cloned().collect();
    required.sort_unstable();
    properties.insert("warnings".to_owned(), json!({ "type": "array", "description": "What is odd about the record; absent if nothing is.", "items": reference("Warning", "One remark."), "examples": [[{ "code": "identity_incomplete", "pointer": "/numbering_period", "message": "The numbering period is not known." }]] }));
    let link = json!({ "id": 12, "type": "organization", "url": "/v1/organizations/12", "title": "Tỉnh ủy Thái Bình" });
    json!({ "type": "object", "description": about, "properties": exemplified(properties, &link), "required": required })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum InputFor {
    Create,
    Nested,
    Patch,
}

fn input<R: Store>(purpose: InputFor) -> Value {
    let (mut properties, mut required, about) = object_of(&<R::Body<Reference> as PartialSchema>::schema());
    properties.retain(|name, _| !R::READ_ONLY.contains(&name.as_str()));
    required.retain(|name| !R::READ_ONLY.contains(&name.as_str()));
    properties.insert(
        "visibility".to_owned(),
        described(&Visibility::schema(), "Who may read the record; `public` if absent."),
    );
    if R::PARENT.is_none() {
        properties.insert("managed_by".to_owned(), nullable("Reference", "The organization that owns the record."));
    }
    if let (Some(parent), InputFor::Create) = (R::PARENT, purpose) {
        properties.insert(
            parent.field.to_owned(),
            reference("Reference", &format!("The {} that it is part of.", parent.target.replace('_', " "))),
        );
        required.push(parent.field.to_owned());
    }
    if purpose == InputFor::Create {
        for child in resources::children(R::TYPE) {
            let schema = child.schema();
            let items = json!({ "type": "array", "description": format!("The {} to create with it.", child.json_name().replace('_', " ")), "maxItems": 1000, "items": reference(&format!("{schema}Nested"), "One of them."), "examples": [[]] });
            properties.insert(child.json_name(), items);
        }
    }
    let properties = exemplified(properties, &json!({ "external_key": { "system": "reference", "key": "tw" } }));
    let mut schema =
        json!({ "type": "object", "description": about, "properties": properties, "additionalProperties": false });
    if let Some(object) = schema.as_object_mut()
        && purpose != InputFor::Patch
        && !required.is_empty()
    {
        object.insert("required".to_owned(), required.into());
    }
    schema
}

fn page_of(schema: &str, about: &str) -> Value {
    json!({
        "type": "object",
        "description": format!("One page. {about}"),
        "properties": {
            "data": { "type": "array", "description": "The records.", "items": reference(schema, "One record."), "examples": [[]] },
            "page": reference("PageInfo", "Where the next page begins."),
            "links": reference("PageLinks", "The URLs of this page's list and of the next page."),
        },
        "required": ["data", "page", "links"],
    })
}

fn all_schemas(mut schemas: Schemas) -> Schemas {
    schemas.insert("Link".to_owned(), to_value(&Link::schema()));
    schemas.insert("Reference".to_owned(), to_value(&Reference::schema()));
    schemas.insert("Date".to_owned(), to_value(&Date::schema()));
    schemas.insert("PageInfo".to_owned(), json!({
        "type": "object",
        "description": "Where a page is within its list.",
        "properties": {
            "next": { "type": ["string", "null"], "description": "The cursor of the next page; null on the last one.", "examples": ["eyJ2IjoxLCJwIjp7fX0"] },
            "limit": { "type": "integer", "minimum": 1, "maximum": 200, "description": "How many records a page has.", "examples": [50] },
            "count": { "type": "integer", "minimum": 0, "description": "How many records there are on all pages, if that was asked.", "examples": [112] },
            "more": { "type": "boolean", "description": "Whether there is more already; in the change feed only, whose `next` is never null.", "examples": [false] },
        },
        "required": ["next", "limit"],
    }));
    schemas.insert("PageLinks".to_owned(), json!({
        "type": "object",
        "description": "The URLs of a list.",
        "properties": {
            "first": text("The first page.", "/v1/documents?kind=directive"),
            "next": { "type": ["string", "null"], "description": "The next page; null on the last one.", "examples": ["/v1/documents?kind=directive&cursor=eyJ2Ijox"] },
            "record": text("The record, in a history.", "/v1/documents/12"),
        },
        "required": ["next"],
    }));
    schemas.insert(
        "Warning".to_owned(),
        json!({
            "type": "object",
            "description": "Something odd that is stored all the same.",
            "properties": {
                "code": text("The stable code.", "identity_incomplete"),
                "pointer": text("The field it is about (RFC 6901).", "/numbering_period"),
                "message": text("What is odd.", "The numbering period is not known."),
            },
            "required": ["code", "pointer", "message"],
        }),
    );
    schemas.insert("Problem".to_owned(), problem_schema());
    schemas.insert("Change".to_owned(), change_schema());
    schemas.insert("ChangePage".to_owned(), page_of("Change", "Changes of records."));
    schemas
}

fn problem_schema() -> Value {
    let codes: Vec<&str> = CODES.iter().map(|row| row.code).collect();
    json!({
        "type": "object",
        "description": "Why a request was not carried out (RFC 9457).",
        "properties": {
            "type": text("The URL of the description of the code.", "/problems#validation_failed"),
            "title": text("What the code means, in the language of the request.", "The body has faults"),
            "status": { "type": "integer", "minimum": 400, "maximum": 599, "description": "The status.", "examples": [422] },
            "code": { "type": "string", "enum": codes, "description": "The stable code.", "examples": ["validation_failed"] },
            "detail": text("What happened, for a person.", "/issued_on is not a date."),
            "instance": text("The path of the request.", "/v1/documents"),
            "errors": {
                "type": "array",
                "description": "The places of the faults.",
                "items": {
                    "type": "object",
                    "properties": {
                        "pointer": text("A place in the body (RFC 6901).", "/issued_on"),
                        "parameter": text("A parameter of the path, the query or a header.", "limit"),
                        "code": { "type": "string", "enum": crate::domain::error::FAULT_CODES, "description": "The stable code of the fault.", "examples": ["invalid_date"] },
                        "message": text("What is wrong there.", "is not a date"),
                        "allowed": { "type": "array", "description": "What would be accepted.", "items": { "type": "string" }, "examples": [["asc", "desc"]] },
                    },
                    "required": ["code", "message"],
                },
                "examples": [[{ "pointer": "/issued_on", "code": "invalid_date", "message": "is not a date" }]],
            },
            "existing": { "description": "The record that is there already.", "examples": ["/v1/documents/12"] },
            "candidates": { "type": "array", "description": "The records that a symbol may mean.", "items": { "type": "object" }, "examples": [[]] },
            "referrers": { "type": "array", "description": "Records that point at the one to be deleted.", "items": { "type": "string" }, "examples": [["/v1/conferences/7"]] },
            "did_you_mean": text("The parameter that was probably meant.", "issued_from"),
        },
        "required": ["type", "title", "status", "code", "detail"],
    })
}

fn change_schema() -> Value {
    let types: Vec<&str> = resources::ALL.iter().map(|collection| collection.kind()).collect();
    json!({
        "type": "object",
        "description": "One write of one record.",
        "properties": {
            "sequence": integer("Its place in the log; the order is that of commits.", 812),
            "operation": described(&crate::changes::Operation::schema(), "What it did."),
            "recorded_at": described(&Instant::schema(), "When."),
            "request_id": text("The request; the rows of one request share it.", "0198f3c2a7d04c1e"),
            "record": {
                "type": "object",
                "description": "The record.",
                "properties": {
                    "id": integer("Its number.", 12),
                    "type": { "type": "string", "enum": types, "description": "Its type.", "examples": ["document"] },
                    "url": text("Where it is found.", "/v1/documents/12"),
                },
                "required": ["id", "type", "url"],
                "examples": [{ "id": 12, "type": "document", "url": "/v1/documents/12" }],
            },
            "version": integer("The version that it made.", 3),
            "differences": { "type": "object", "description": "In a history: the fields that it changed, before and after.", "additionalProperties": true, "examples": [{ "status": { "from": "unknown", "to": "superseded" } }] },
            "after": { "type": "object", "description": "The whole record afterwards, links as numbers.", "additionalProperties": true, "examples": [{ "id": 12, "version": 3 }] },
            "actor": text("Who made it; shown with a token only.", "lan"),
            "credential": { "type": ["string", "null"], "description": "With which token; shown with a token only.", "examples": ["4b2c"] },
            "hash": text("SHA-256 over this row and the hash of the row before; shown with a token only.", "9f2a..."),
            "previous_hash": text("The hash of the row before; shown with a token only.", "0000..."),
        },
        "required": ["sequence", "operation", "recorded_at", "request_id", "record", "version", "after"],
    })
}

/// One response for each status that a problem may have, shared by all operations.
fn problem_responses() -> Map<String, Value> {
    let mut statuses: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for row in CODES {
        statuses.entry(row.status).or_default().push(row.code);
    }
    statuses
        .into_iter()
        .map(|(status, codes)| {
            let description = format!("A problem with one of the codes {}.", codes.join(", "));
            let response = json!({
                "description": description,
                "content": { CONTENT_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } } },
            });
            (format!("Problem{status}"), response)
        })
        .collect()
}
