//! What operations answer: the records of a resource, and one problem for each status.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Named, examples, reference, schema};
use crate::db::Store;
use crate::http::code::{CODES, Code};
use crate::http::negotiation::Format;
use crate::http::problem::CONTENT_TYPE;

/// Statuses of reads, of lists and of writes besides their own.
pub const READ_FAILURES: &[u16] = &[400, 401, 404, 406, 410, 429, 500, 503];
/// A list is never gone, and is found empty.
pub const LIST_FAILURES: &[u16] = &[400, 401, 406, 429, 500, 503];
/// A history outlives its record.
pub const HISTORY_FAILURES: &[u16] = &[400, 401, 404, 406, 429, 500, 503];
/// Whatever can go wrong with a body.
pub const WRITE_FAILURES: &[u16] = &[400, 401, 403, 404, 406, 408, 409, 410, 412, 413, 415, 422, 429, 500, 503];
/// Replacing a record without a condition is refused besides.
pub const REPLACE_FAILURES: &[u16] = &[400, 401, 403, 404, 406, 408, 409, 410, 412, 413, 415, 422, 428, 429, 500, 503];
/// An import fails as a whole or a row at a time.
pub const IMPORT_FAILURES: &[u16] = &[400, 401, 403, 406, 408, 409, 413, 415, 422, 429, 500, 503];
/// Deleting takes no body.
pub const DELETE_FAILURES: &[u16] = &[400, 401, 403, 404, 406, 409, 410, 412, 429, 500, 503];

/// A reference to a response that stands under `components`.
pub fn response(name: &str) -> Value {
    reference("responses", name)
}

/// The responses of an operation: what it answers if all is well, and the problems it may answer with.
pub fn all(success: impl IntoIterator<Item = (&'static str, Value)>, failures: &[u16]) -> Value {
    let success = success.into_iter().map(|(status, response)| (status.to_owned(), response));
    let failures = failures.iter().map(|status| (status.to_string(), response(&format!("Problem{status}"))));
    Value::Object(success.chain(failures).collect())
}

/// A response with a JSON body.
pub fn json_body(description: &str, schema: &Value, headers: &[&str]) -> Value {
    json!({ "description": description, "headers": header_refs(headers), "content": { "application/json": { "schema": schema } } })
}

/// A response with a text of this type, such as this one.
pub fn text_body(description: &str, content_type: &str, example: &str, headers: &[&str]) -> Value {
    let text = json!({ "schema": { "type": "string" }, "example": example });
    json!({ "description": description, "headers": header_refs(headers), "content": { content_type: text } })
}

fn header_refs(names: &[&str]) -> Value {
    let all = names.iter().chain(&["RateLimit", "RateLimit-Policy", "X-Request-Id"]);
    Value::Object(all.map(|name| ((*name).to_owned(), reference("headers", name))).collect())
}

/// Adds the responses with records of the resource `R`.
pub fn add<R: Store>(responses: &mut Named) {
    let name = |what: &str| format!("{}{what}", R::SCHEMA);
    let whole = schema(R::SCHEMA);
    let read = json!({ "anyOf": [whole, schema(&name("Selection"))] });
    responses.insert(name("Read"), with_linked_data(json_body("The record.", &read, &["ETag", "Link"])));
    let page = schema(&name("Page"));
    responses.insert(name("Page"), list(&page));
    let written = "The record as it is now, or as it would be with `dry_run=true`.";
    responses.insert(name("Written"), json_body(written, &whole, &["ETag"]));
    responses.insert(
        name("Created"),
        json_body("The record, which is new.", &whole, &["ETag", "Location", "Idempotent-Replayed"]),
    );
}

/// A response with records, which are offered as linked data too.
fn with_linked_data(mut response: Value) -> Value {
    if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
        let schema = json!({ "type": "object", "description": LINKED_DATA });
        content.insert(Format::JsonLd.media_type().to_owned(), json!({ "schema": schema }));
    }
    response
}

/// The response with the context of linked data.
pub fn context_body() -> Value {
    let schema = json!({ "type": "object", "description": "A context of JSON-LD 1.1." });
    let example =
        json!({ "@context": { "@version": 1.1, "schema": "https://schema.org/", "type": "@type", "url": "@id" } });
    let content = json!({ Format::JsonLd.media_type(): { "schema": schema, "example": example } });
    json!({ "description": "The context.", "headers": header_refs(&["ETag"]), "content": content })
}

const LINKED_DATA: &str = "The same as JSON, with its context (JSON-LD 1.1) and what no context can say.";

/// A list: a page as JSON, or a page or all of it in another form.
fn list(page: &Value) -> Value {
    let about = "One page as JSON; in another form one page, if `limit` asks for it, or the whole list.";
    let headers = ["ETag", "Link", "Repr-Digest", "Content-Disposition"];
    let mut response = with_linked_data(json_body(about, page, &headers));
    let forms = [(Format::Csv, CSV), (Format::Ndjson, NDJSON), (Format::Xlsx, XLSX)];
    if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
        content.extend(forms.map(|(format, about)| {
            (format.media_type().to_owned(), json!({ "schema": { "type": "string", "description": about } }))
        }));
    }
    response
}

const CSV: &str = "A table with a header and CRLF (RFC 4180). A link is two columns, `x_id` and `x_title`; one to records of \
                   any type has `x_type` besides.";
const NDJSON: &str = "A record a line, as in `data`, and a last line \
                      `{\"type\": \"export_end\", \"count\": 112, \"digest\": \"sha-256=:...:\"}` with the digest of all \
                      bytes before it; a list that lacks it was broken off.";
const XLSX: &str =
    "A workbook with the same columns as CSV. A text of more than 32,767 characters is cut and ends with `[…]`.";

/// A response with changes, which are offered as lines too.
fn as_lines_too(mut response: Value) -> Value {
    if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
        let lines = json!({ "schema": { "type": "string", "description": CHANGE_LINES } });
        content.insert(Format::Ndjson.media_type().to_owned(), lines);
    }
    response
}

const CHANGE_LINES: &str = "A change a line, as in `data`, and a last line as lists have it; that of the feed has `next`, the \
                            cursor to go on from, and `more`, whether there is more already.";

/// The responses that do not depend on the resource.
pub fn common() -> Named {
    let page =
        |about: &str| as_lines_too(json_body(about, &schema("ChangePage"), &["ETag", "Link", "Content-Disposition"]));
    let mut history = page("The versions of the record, from the newest.");
    if let Some(media) = history.pointer_mut("/content/application~1json").and_then(Value::as_object_mut) {
        media.insert("example".to_owned(), examples::history());
    }
    let not_modified = json!({ "description": "The caller has this already.", "headers": header_refs(&["ETag"]) });
    let own = [
        ("NotModified", not_modified),
        ("History", history),
        ("Changes", page("Changes in the order of their commits; `page.next` is always there to resume from.")),
    ];
    own.into_iter().map(|(name, response)| (name.to_owned(), response)).chain(problems()).collect()
}

/// One response for each status that a problem may have.
fn problems() -> impl Iterator<Item = (String, Value)> {
    let mut statuses: BTreeMap<u16, Vec<&Code>> = BTreeMap::new();
    for row in CODES {
        statuses.entry(row.status).or_default().push(row);
    }
    // 405 comes from methods that the document does not have.
    let described = statuses.into_iter().filter(|(status, _)| *status != 405);
    described.map(|(status, rows)| (format!("Problem{status}"), problem(status, &rows)))
}

fn problem(status: u16, rows: &[&Code]) -> Value {
    let headers: &[&str] = match status {
        401 => &["WWW-Authenticate"],
        412 | 428 => &["ETag"],
        409 | 429 | 503 => &["Retry-After"],
        _ => &[],
    };
    let codes = rows.iter().map(|row| format!("`{}`", row.code)).collect::<Vec<_>>().join(", ");
    let example = example(status, rows);
    json!({
        "description": format!("A problem with the code {codes}."),
        "headers": header_refs(headers),
        "content": { CONTENT_TYPE: { "schema": schema("Problem"), "example": example } },
    })
}

/// A problem of this status, with what goes with its code.
fn example(status: u16, rows: &[&Code]) -> Map<String, Value> {
    let fault =
        |place: &str, name: &str, code: &str, message: &str| json!([{ place: name, "code": code, "message": message }]);
    let telling = match status {
        400 => Some((
            "invalid_parameter",
            "The parameter limit must be a whole number from 1 to 200.",
            ("errors", fault("parameter", "limit", "out_of_range", "must be a whole number from 1 to 200")),
        )),
        409 => Some((
            "duplicate_document",
            "This numbering body has a document of this kind and number in this period already.",
            ("existing", examples::link("document")),
        )),
        422 => Some((
            "validation_failed",
            "/title is required.",
            ("errors", fault("pointer", "/title", "missing", "is required")),
        )),
        _ => None,
    };
    let row = rows.iter().find(|row| telling.as_ref().is_none_or(|(code, ..)| row.code == *code));
    let Some(row) = row else { return Map::new() };
    let detail = telling.as_ref().map_or_else(|| format!("{}.", row.english), |(_, detail, _)| (*detail).to_owned());
    let members = [
        ("type", json!(format!("/problems#{}", row.code))),
        ("title", json!(row.english)),
        ("status", json!(row.status)),
        ("code", json!(row.code)),
        ("detail", json!(detail)),
        ("instance", json!("/v1/documents")),
    ];
    let more = telling.map(|(.., member)| member);
    members.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The headers of responses.
pub fn headers() -> Value {
    let header = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string" }, "example": example });
    json!({
        "ETag": header("The version of the record, if it is one, and a hash of the body; with a problem, of the record as it is now, if there is one.", "\"3-5f0c21d0a1b2c3d4\""),
        "Idempotent-Replayed": header("That this is the answer to the same request with the same `Idempotency-Key`, which took effect before; absent if it is not.", "true"),
        "Content-Disposition": header("In a form other than JSON: the name of the file to keep it in.", "attachment; filename=\"documents.csv\""),
        "Repr-Digest": header("With CSV and XLSX: the SHA-256 of the whole table (RFC 9530).", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
        "Link": header("The next page (RFC 8288), if there is one, the first page of a list, and with JSON the context that makes linked data of it.", "</v1/documents?limit=20&cursor=eyJ2Ijox>; rel=\"next\""),
        "Location": header("Where the new record is.", "/v1/documents/132"),
        "RateLimit": header("Under `/v1`, where there is a quota: how many requests the caller has left, and in how many seconds all of them (draft-ietf-httpapi-ratelimit-headers). A costly request counts tenfold.", "\"default\";r=5990;t=1"),
        "RateLimit-Policy": header("Under `/v1`, where there is a quota: how many requests a caller has in so many seconds.", "\"default\";q=6000;w=60"),
        "Retry-After": header("After how many seconds to try again; with 409 only where a request with the same key is under way.", "2"),
        "WWW-Authenticate": header("What credential is needed.", "Bearer realm=\"directive-tracker\", error=\"invalid_token\""),
        "X-Request-Id": header("The id of the request, the caller's if it sent one; the log has it too.", "5f0c21d0a1b2c3d4e5f60718"),
    })
}
