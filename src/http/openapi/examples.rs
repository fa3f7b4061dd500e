//! Examples. Each is a record of the data sets as the service sends it, or a body that it accepts beside them.
//!
//! `examples.json` has one record for each collection, with the query of the list that holds it and nothing else; a body for
//! those collections of which no record of the data sets could be created a second time; and one change. A test asks the
//! service for all of them, and writes the file that would be right.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::resources;
use crate::service::collection::Collection;
use crate::transfer::load;

/// The longest text that serves as an example of a field that is null in the record.
const LONGEST: usize = 120;

/// A cursor as it looks; a real one is signed by the server that gave it.
pub const CURSOR: &str = "eyJ2IjoxLCJwIjo0Mn0f3q2-7wECAwQFBgc";

static EXAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

/// One member of the example of a collection.
fn part(collection: &str, name: &str) -> Option<&'static Value> {
    EXAMPLES.get(collection)?.get(name)
}

/// The record of a collection, as it is sent.
pub fn sent(collection: &str) -> &'static Value {
    part(collection, "record").unwrap_or(&Value::Null)
}

/// A change, as the feed sends it.
pub fn change() -> Value {
    let mut change = sent("changes").clone();
    if let Some(object) = change.as_object_mut() {
        object.shift_remove("differences");
    }
    change
}

/// The history of the record that the change is about.
pub fn history() -> Value {
    let change = sent("changes");
    json!({
        "data": [change],
        "page": { "next": null, "limit": 50 },
        "links": { "next": null, "record": change.pointer("/record/url") },
    })
}

/// A page that holds the record of a collection alone.
pub fn page(collection: &str) -> Value {
    let query = part(collection, "list").and_then(Value::as_str).unwrap_or_default();
    json!({
        "data": [sent(collection)],
        "page": { "next": null, "limit": 50 },
        "links": { "first": format!("/v1/{collection}?{query}"), "next": null },
    })
}

/// The records of a collection that point at one record, as they stand there once they are expanded: the one of the
/// collection, or none where it points at nothing.
pub fn expanded(target: &'static dyn Collection) -> Value {
    let record = sent(target.name());
    let pointing: Vec<_> = resources::ALL
        .iter()
        .flat_map(|other| other.to_many().iter().map(move |link| (other, link)))
        .filter(|(_, link)| link.target == target.kind())
        .collect();
    let all = |field: &str, id: &Value| json!({ "all": format!("/v1/{}?{field}={id}", target.name()) });
    let found = pointing.iter().find_map(|(_, link)| Some((link.field, record.get(link.field)?.get("id")?)));
    if let Some((field, id)) = found {
        return json!({ "data": [record], "links": all(field, id) });
    }
    let none = pointing.first().and_then(|(other, link)| Some(all(link.field, sent(other.name()).get("id")?)));
    json!({ "data": [], "links": none })
}

/// A body that creates a record in a collection.
pub fn input(collection: &str) -> Option<Map<String, Value>> {
    part(collection, "input").and_then(Value::as_object).cloned().or_else(|| records(collection).next())
}

/// A patch of the record of a collection.
pub fn patch(collection: &str) -> Value {
    part(collection, "patch").cloned().unwrap_or_else(|| json!({ "note": "Checked against the printed text." }))
}

fn records(collection: &str) -> impl Iterator<Item = Map<String, Value>> {
    load::lines(collection).filter_map(|(_, line)| {
        let mut record: Map<String, Value> = serde_json::from_str(line).ok()?;
        record.remove("key");
        Some(record)
    })
}

/// Whether a value shows what a field may hold.
fn telling(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

/// The value of a field in the record of a collection, if it has one there.
pub fn value_sent(collection: &str, field: &str) -> Option<Value> {
    sent(collection).get(field).filter(|value| telling(value)).cloned()
}

/// The value of a field in the body of a collection, if it has one there.
pub fn value_received(collection: &str, field: &str) -> Option<Value> {
    input(collection)?.remove(field).filter(telling)
}

/// The first short value that a record of the data sets has in a field.
pub fn value(collection: &str, field: &str) -> Option<Value> {
    let short = |value: &Value| telling(value) && value.to_string().chars().count() <= LONGEST;
    records(collection).find_map(|mut record| record.remove(field).filter(short))
}

/// A link in output to a record of this type, to the one of the examples if another of them has it; `*` for any.
pub fn link(kind: &str) -> Value {
    let kind = if kind == "*" { "conference" } else { kind };
    let target = resources::by_type(kind).map_or(&Value::Null, |target| sent(target.name()));
    let links = resources::ALL.iter().filter_map(|collection| sent(collection.name()).as_object()).flatten();
    let links: Vec<&Value> =
        links.map(|(_, link)| link).filter(|link| link.get("type") == target.get("type")).collect();
    let found = links.iter().find(|link| link.get("id") == target.get("id")).or(links.first());
    let part = |name: &str| target.get(name);
    let own = || json!({ "id": part("id"), "type": part("type"), "url": part("url"), "title": title(target) });
    found.map_or_else(own, |link| (*link).clone())
}

fn title(record: &Value) -> Option<&Value> {
    ["full_name", "name", "title", "label", "text"].iter().find_map(|field| record.get(*field))
}

/// A link in input to a record of this type, by its external key; `*` for any, which then has its type.
pub fn input_link(kind: &str) -> Value {
    let (system, key) = key(kind).unwrap_or_else(|| ("sample", "2017-05-15-chinh-phu-an-ninh-trat-tu".to_owned()));
    let mut link = json!({ "external_key": { "system": system, "key": key } });
    if let ("*", Some(object)) = (kind, link.as_object_mut()) {
        object.insert("type".to_owned(), "conference".into());
    }
    link
}

/// The external key of a record of this type.
pub fn key(kind: &str) -> Option<(&'static str, String)> {
    let (system, line) = load::lines(resources::by_type(kind)?.name()).next()?;
    let record: Map<String, Value> = serde_json::from_str(line).ok()?;
    Some((system, record.get("key")?.as_str()?.to_owned()))
}
