//! The schemas that do not depend on the resource.

use serde_json::{Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::examples::{self, CURSOR};
use super::records::settled;
use super::{Named, codes, schema};
use crate::domain::link::{external_key_schema, typed_reference_schema};
use crate::domain::page::MAXIMUM_LIMIT;
use crate::domain::vocabulary::Visibility;
use crate::domain::{Date, DocumentChoice, Instant, Link, RecordId, Reference, SearchText};
use crate::http::code::CODES;
use crate::sources::vocabulary::RecordType;

/// A text with a description and an example.
pub fn text(description: &str, example: &str) -> Value {
    json!({ "type": "string", "description": description, "examples": [example] })
}

/// A whole number from `minimum`, with a description and an example.
fn number(minimum: u8, description: &str, example: i64) -> Value {
    json!({ "type": "integer", "format": "int64", "minimum": minimum, "maximum": i64::MAX, "description": description, "examples": [example] })
}

/// A reference with what it means where it stands.
pub fn described(name: &str, description: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}"), "description": description })
}

fn to_value(schema: &RefOr<Schema>) -> Value {
    settled(serde_json::to_value(schema).unwrap_or_default())
}

/// A link in output, whose type is one of those that records have.
fn link() -> Value {
    let mut link = to_value(&Link::schema());
    if let Some(kind) = link.pointer_mut("/properties/type") {
        *kind = described("RecordType", "The type of the record.");
    }
    if let Some(object) = link.as_object_mut() {
        object.insert("examples".to_owned(), json!([examples::link("organization")]));
    }
    link
}

/// The schemas that do not depend on the resource.
pub fn schemas() -> Named {
    let values = [
        ("Link", link()),
        ("Reference", to_value(&Reference::schema())),
        ("TypedReference", to_value(&typed_reference_schema())),
        ("ExternalKey", to_value(&external_key_schema())),
        ("RecordId", to_value(&RecordId::schema())),
        ("Date", to_value(&Date::schema())),
        ("Instant", to_value(&Instant::schema())),
        ("Visibility", to_value(&Visibility::schema())),
        ("RecordType", to_value(&RecordType::schema())),
        ("SearchText", to_value(&SearchText::schema())),
        ("DocumentChoice", to_value(&DocumentChoice::schema())),
    ];
    let objects = [
        ("Version", number(1, "How many times the record has been written.", 1)),
        ("PageInfo", page_info()),
        ("PageLinks", page_links()),
        ("Warning", warning()),
        ("Problem", problem()),
        ("ProblemError", problem_error()),
        ("Candidate", candidate()),
        ("Change", change()),
        ("ChangePage", page_of(&schema("Change"), "Changes of records.", &change_page())),
        ("EnumerationList", enumerations()),
        ("Status", status()),
    ];
    values.into_iter().chain(objects).map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// One page of records of this schema.
pub fn page_of(items: &Value, about: &str, example: &Value) -> Value {
    json!({
        "type": "object",
        "description": format!("One page. {about}"),
        "properties": {
            "data": { "type": "array", "description": "The records.", "items": items },
            "page": schema("PageInfo"),
            "links": schema("PageLinks"),
        },
        "required": ["data", "page", "links"],
        "examples": [example],
    })
}

/// A page of the feed, which always says where to go on.
fn change_page() -> Value {
    let next = format!("/v1/changes?cursor={CURSOR}");
    json!({
        "data": [examples::change()],
        "page": { "next": CURSOR, "limit": 100, "more": false },
        "links": { "next": next },
    })
}

fn page_info() -> Value {
    json!({
        "type": "object",
        "description": "Where a page is within its list.",
        "properties": {
            "next": { "type": ["string", "null"], "description": "The cursor of the next page; null on the last one.", "examples": [CURSOR] },
            "limit": { "type": "integer", "minimum": 1, "maximum": MAXIMUM_LIMIT, "description": "How many records a page has.", "examples": [50] },
            "count": number(0, "How many records there are on all pages, if that was asked.", 112),
            "more": { "type": "boolean", "description": "Whether there is more already; in the change feed only, whose `next` is never null.", "examples": [false] },
        },
        "required": ["next", "limit"],
        "examples": [{ "next": null, "limit": 50 }],
    })
}

fn page_links() -> Value {
    json!({
        "type": "object",
        "description": "The URLs of a list.",
        "properties": {
            "first": text("The first page.", "/v1/documents?kind=directive"),
            "next": { "type": ["string", "null"], "description": "The next page; null on the last one.", "examples": [format!("/v1/documents?kind=directive&cursor={CURSOR}")] },
            "record": text("The record, in a history.", "/v1/documents/5"),
        },
        "required": ["next"],
        "examples": [{ "first": "/v1/documents?kind=directive", "next": null }],
    })
}

/// A code with what each of the table means.
fn code(table: &[codes::Meaning], description: &str, example: &str) -> Value {
    let description = format!("{description}\n{}", codes::explained(table));
    json!({ "type": "string", "enum": codes::names(table), "description": description, "examples": [example] })
}

fn warning() -> Value {
    json!({
        "type": "object",
        "description": "Something odd that is stored all the same.",
        "properties": {
            "code": code(codes::WARNINGS, "The stable code.", "identity_incomplete"),
            "pointer": text("The field it is about (RFC 6901).", "/numbering_period"),
            "message": text("What is odd.", "The numbering period is not known."),
        },
        "required": ["code", "pointer", "message"],
        "examples": [{ "code": "identity_incomplete", "pointer": "/numbering_period", "message": "The numbering period is not known." }],
    })
}

fn problem() -> Value {
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
                "items": schema("ProblemError"),
                "examples": [[{ "pointer": "/issued_on", "code": "invalid_date", "message": "is not a date" }]],
            },
            "existing": described("Link", "With a conflict: the record that is there already."),
            "candidates": {
                "type": "array",
                "description": "With `ambiguous_document`: the documents that the symbol may mean, from the oldest, at most 50.",
                "items": schema("Candidate"),
            },
            "referrers": {
                "type": "array",
                "description": "With `still_referenced`: the URLs of records that point at the one to be deleted, one for each way of pointing.",
                "items": { "type": "string" },
                "examples": [["/v1/conferences/7"]],
            },
            "line": number(1, "With an import: the line that is at fault.", 17),
            "first_line": number(1, "With `repeated_key`: the earlier line that names the record.", 3),
            "did_you_mean": text("The parameter that was probably meant.", "issued_from"),
        },
        "required": ["type", "title", "status", "code", "detail"],
    })
}

fn candidate() -> Value {
    json!({
        "type": "object",
        "description": "A document that a symbol may mean.",
        "properties": {
            "id": schema("RecordId"),
            "type": described("RecordType", "The type of the record: `document`."),
            "url": text("Where the document is found.", "/v1/documents/7"),
            "title": text("Its symbol and its title.", "28-NQ/TW Về Chiến lược bảo vệ Tổ quốc trong tình hình mới"),
            "issued_on": { "type": ["string", "null"], "format": "date", "description": "The day on which it was issued, if that is known.", "examples": ["2013-10-25"] },
            "numbering_period": { "type": ["string", "null"], "description": "The label of its numbering period, if that is known.", "examples": ["XI"] },
        },
        "required": ["id", "type", "url", "title", "issued_on", "numbering_period"],
        "examples": [{ "id": 7, "type": "document", "url": "/v1/documents/7", "title": "28-NQ/TW Về Chiến lược bảo vệ Tổ quốc trong tình hình mới", "issued_on": "2013-10-25", "numbering_period": "XI" }],
    })
}

fn problem_error() -> Value {
    json!({
        "type": "object",
        "description": "One fault: its place, what is wrong, what would be accepted.",
        "properties": {
            "pointer": text("A place in the body (RFC 6901).", "/issued_on"),
            "parameter": text("A parameter of the path, the query or a header.", "limit"),
            "code": code(codes::FAULTS, "The stable code of the fault.", "invalid_date"),
            "message": text("What is wrong there.", "is not a date"),
            "allowed": { "type": "array", "description": "What would be accepted.", "items": { "type": "string" }, "examples": [["true", "false"]] },
        },
        "required": ["code", "message"],
    })
}

fn change() -> Value {
    let mut operation = to_value(&crate::changes::Operation::schema());
    if let Some(object) = operation.as_object_mut() {
        object.insert("description".to_owned(), "What it did.".into());
    }
    json!({
        "type": "object",
        "description": "One write of one record.",
        "properties": {
            "sequence": number(1, "Its place in the log; the order is that of commits.", 812),
            "operation": operation,
            "recorded_at": described("Instant", "When."),
            "request_id": text("The request; the rows of one request share it.", "0198f3c2a7d04c1e"),
            "record": {
                "type": "object",
                "description": "The record.",
                "properties": {
                    "id": schema("RecordId"),
                    "type": described("RecordType", "Its type."),
                    "url": text("Where it is found.", "/v1/documents/5"),
                },
                "required": ["id", "type", "url"],
                "examples": [{ "id": 5, "type": "document", "url": "/v1/documents/5" }],
            },
            "version": described("Version", "The version that it made."),
            "differences": { "type": "object", "description": "In a history: the fields that it changed, before and after.", "additionalProperties": true, "examples": [{ "status": { "from": "unknown", "to": "superseded" } }] },
            "after": { "type": ["object", "null"], "description": "The whole record afterwards, links as numbers; null without a token where the record was withdrawn.", "additionalProperties": true, "examples": [examples::change().get("after")] },
            "actor": text("Who made it; shown with a token only.", "lan"),
            "credential": { "type": ["string", "null"], "description": "With which token; shown with a token only.", "examples": ["4b2c"] },
            "visibility": { "type": "string", "enum": ["public", "internal"], "description": "Who may read the record since: a child of an internal record is internal, whatever it says; shown with a token only.", "examples": ["public"] },
            "hash": text("SHA-256 over this row and the hash of the row before; shown with a token only.", "9f2a..."),
            "previous_hash": text("The hash of the row before; shown with a token only.", "0000..."),
        },
        "required": ["sequence", "operation", "recorded_at", "request_id", "record", "version", "after"],
        "examples": [examples::change()],
    })
}

fn enumerations() -> Value {
    let labelled = json!({
        "type": "object",
        "properties": {
            "code": text("The code.", "final_review"),
            "label_vi": text("What it is called in Vietnamese.", "tổng kết"),
            "note": { "type": ["string", "null"], "description": "What to mind about it.", "examples": ["Needs a review period."] },
        },
        "required": ["code", "label_vi", "note"],
    });
    let code = json!({ "code": "final_review", "label_vi": "tổng kết", "note": null });
    let enumeration = json!({
        "type": "object",
        "properties": {
            "name": text("The name of the vocabulary.", "document_activity"),
            "values": { "type": "array", "description": "Its codes.", "items": labelled, "examples": [[code]] },
        },
        "required": ["name", "values"],
    });
    json!({
        "type": "object",
        "description": "The vocabularies with their Vietnamese labels.",
        "properties": {
            "data": { "type": "array", "description": "The vocabularies.", "items": enumeration, "examples": [[{ "name": "document_activity", "values": [code] }]] },
        },
        "required": ["data"],
    })
}

fn status() -> Value {
    json!({
        "type": "object",
        "description": "That all is well.",
        "properties": { "status": { "type": "string", "enum": ["ok"], "description": "That all is well.", "examples": ["ok"] } },
        "required": ["status"],
    })
}
