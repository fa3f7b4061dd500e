//! Examples from the data sets that the program carries, so that each is a value that the service accepts.

use serde_json::{Map, Value, json};

use crate::resources;
use crate::service::collection::Collection;
use crate::transfer::load;

/// The longest text that serves as an example.
const LONGEST: usize = 120;

/// The first record of the data sets in a collection, as a client would send it.
pub fn record(collection: &str) -> Option<Map<String, Value>> {
    records(collection).next()
}

fn records(collection: &str) -> impl Iterator<Item = Map<String, Value>> {
    load::lines(collection).filter_map(|(_, line)| {
        let mut record: Map<String, Value> = serde_json::from_str(line).ok()?;
        record.remove("key");
        Some(record)
    })
}

/// The first short value that a record of the collection has in a field.
pub fn value(collection: &str, field: &str) -> Option<Value> {
    let telling = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty() && value.to_string().chars().count() <= LONGEST,
        value => value.to_string().chars().count() <= LONGEST,
    };
    records(collection).find_map(|mut record| record.remove(field).filter(telling))
}

/// A link in output to a record of this type; `*` for any.
pub fn link(kind: &str) -> Value {
    let target = resources::by_type(kind).or_else(|| resources::by_type("conference"));
    let (name, kind) = target.map_or(("", kind), |target| (target.name(), target.kind()));
    json!({ "id": 12, "type": kind, "url": format!("/v1/{name}/12"), "title": target.and_then(title) })
}

fn title(target: &'static dyn Collection) -> Option<Value> {
    let first = if target.kind() == "document" { "symbol" } else { "name" };
    [first, "full_name", "title", "label", "text"].iter().find_map(|field| value(target.name(), field))
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
