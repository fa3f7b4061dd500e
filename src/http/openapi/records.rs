//! The records of a resource: as they are sent, and as they are received to create, to nest and to patch one.

use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::common::{described, page_of, text};
use super::{Named, examples, schema};
use crate::db::Store;
use crate::domain::resource::is_of_decision;
use crate::domain::{Link, LinkField, Reference};
use crate::resources;
use crate::service::expand::{EXTERNAL_KEYS, SHOWN};
use crate::service::input::MOST_CHILDREN;

/// Adds the schemas of the resource `R`.
pub fn add<R: Store>(schemas: &mut Named) {
    let mut nested = Vec::new();
    <R::Body<Link> as ToSchema>::schemas(&mut nested);
    <R::Body<Reference> as ToSchema>::schemas(&mut nested);
    for (name, schema) in nested {
        schemas.entry(name).or_insert_with(|| settled(serde_json::to_value(&schema).unwrap_or_default()));
    }
    let mut put = |suffix: &str, schema: Value| schemas.insert(format!("{}{suffix}", R::SCHEMA), schema);
    let selection = selection::<R>();
    put("", record::<R>(&selection));
    put(
        "Page",
        page_of(
            &json!({ "anyOf": [schema(R::SCHEMA), schema(&format!("{}Selection", R::SCHEMA))] }),
            R::ABOUT,
            &examples::page(R::COLLECTION),
        ),
    );
    put("Selection", selection);
    put("Links", links::<R>());
    put("Input", input::<R>(Purpose::Create));
    if !R::IMMUTABLE {
        put("Patch", input::<R>(Purpose::Patch));
    }
    if R::DECISION.is_some() {
        put("Decision", decision::<R>());
    }
    if R::PARENT.is_some() {
        put("Nested", input::<R>(Purpose::Nested));
    }
    if resources::ALL.iter().any(|other| other.to_many().iter().any(|link| link.target == R::TYPE)) {
        put("Expanded", expanded::<R>());
    }
}

/// The properties of a record's own fields, the names of those that are required, and what the record is.
fn fields_of(schema: &RefOr<Schema>) -> (Map<String, Value>, Vec<String>, String) {
    let mut value = settled(serde_json::to_value(schema).unwrap_or_default());
    let mut take = |name: &str| value.get_mut(name).map(Value::take).unwrap_or_default();
    let (properties, required, about) = (take("properties"), take("required"), take("description"));
    let Value::Object(properties) = properties else { return (Map::new(), Vec::new(), String::new()) };
    (properties, serde_json::from_value(required).unwrap_or_default(), about.as_str().unwrap_or_default().to_owned())
}

/// A record, or as much of it as `fields` asks for.
fn selection<R: Store>() -> Value {
    let (own, _, _) = fields_of(&<R::Body<Link> as PartialSchema>::schema());
    let mut properties = Map::new();
    let mut put = |name: &str, value: Value| properties.insert(name.to_owned(), value);
    put("id", described("RecordId", "The number of the record."));
    put(
        "type",
        json!({ "type": "string", "const": R::TYPE, "description": "The type of the record.", "examples": [R::TYPE] }),
    );
    put("url", text("Where the record is found.", &format!("/v1/{}/12", R::COLLECTION)));
    put("version", schema("Version"));
    put("created_at", described("Instant", "When the record was created."));
    put("updated_at", described("Instant", "When the record was last written."));
    put("visibility", described("Visibility", "Who may read the record: everybody, or callers with a token."));
    put("managed_by", nullable(described("Link", "The organization that owns the record.")));
    if let Some(parent) = R::PARENT {
        put(parent.field, described("Link", &format!("The {} that it is part of.", parent.target.replace('_', " "))));
    }
    properties.extend(own);
    properties.insert("links".to_owned(), schema(&format!("{}Links", R::SCHEMA)));
    let warnings = json!([{ "code": "identity_incomplete", "pointer": "/numbering_period", "message": "The numbering period is not known." }]);
    properties.insert("warnings".to_owned(), json!({ "type": "array", "description": "What is odd about the record; absent if nothing is.", "items": schema("Warning"), "examples": [warnings] }));
    let mut properties = exemplified::<R>(properties, examples::value_sent, examples::link);
    for link in R::TO_MANY {
        let Some(target) = resources::by_type(link.target) else { continue };
        let about = format!("With `expand={}`: the records that `links.{}` leads to.", link.name, link.name);
        properties.insert(link.name.to_owned(), described(&format!("{}Expanded", target.schema()), &about));
    }
    properties.insert(EXTERNAL_KEYS.to_owned(), json!({ "type": "array", "description": "With `expand=external_keys`: the keys by which partners know the record.", "items": schema("ExternalKey") }));
    let about =
        format!("The fields of a {} that `fields` asks for; without it, all of them.", R::TYPE.replace('_', " "));
    let example: Map<String, Value> =
        examples::sent(R::COLLECTION).as_object().into_iter().flatten().take(4).map(cloned).collect();
    json!({ "type": "object", "description": about, "properties": properties, "required": ["id", "type", "url"], "examples": [example] })
}

fn cloned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// A whole record: all fields that a selection may have, all but the warnings and what is expanded there.
///
/// The generator of Python clients takes a choice of one for an alias, hence the second, which asks for nothing.
fn record<R: Store>(selection: &Value) -> Value {
    let (_, _, about) = fields_of(&<R::Body<Link> as PartialSchema>::schema());
    let properties = selection.get("properties").and_then(Value::as_object);
    let optional =
        |name: &str| matches!(name, "warnings" | EXTERNAL_KEYS) || R::TO_MANY.iter().any(|link| link.name == name);
    let required: Vec<&String> = properties.into_iter().flat_map(Map::keys).filter(|name| !optional(name)).collect();
    json!({
        "description": about,
        "allOf": [schema(&format!("{}Selection", R::SCHEMA)), { "description": "With every field." }],
        "required": required,
        "examples": [examples::sent(R::COLLECTION)],
    })
}

/// Where what belongs to a record is found.
fn links<R: Store>() -> Value {
    let to_many = R::TO_MANY.iter().filter_map(|link| Some((link, resources::by_type(link.target)?)));
    let named = to_many.map(|(link, target)| {
        (link.name, format!("The {} whose `{}` is this record.", target.json_name().replace('_', " "), link.field))
    });
    let links: Vec<(&str, String)> = named.chain([("history", "The versions of the record.".to_owned())]).collect();
    let example = examples::sent(R::COLLECTION).get("links").cloned().unwrap_or_default();
    let url = |name: &str| example.get(name).and_then(Value::as_str).unwrap_or_default();
    let properties: Map<String, Value> =
        links.iter().map(|(name, about)| ((*name).to_owned(), text(about, url(name)))).collect();
    let required: Vec<&str> = links.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "description": "Where what belongs to the record is found.", "properties": properties, "required": required, "examples": [example] })
}

/// A to-many link, expanded to records of this resource.
fn expanded<R: Store>() -> Value {
    let example = resources::by_type(R::TYPE).map(examples::expanded).unwrap_or_default();
    let all = example.pointer("/links/all").and_then(Value::as_str).unwrap_or_default();
    json!({
        "type": "object",
        "description": format!("The records behind a link, at most {SHOWN} of them."),
        "properties": {
            "data": { "type": "array", "description": "The records.", "maxItems": SHOWN, "items": schema(R::SCHEMA) },
            "links": {
                "type": "object",
                "description": "Where all of them are found.",
                "properties": {
                    "all": text("The list of all of them.", all),
                    "more": { "type": "boolean", "description": "That there are more than are shown; absent if there are not.", "examples": [true] },
                },
                "required": ["all"],
                "examples": [{ "all": all }],
            },
        },
        "required": ["data", "links"],
        "examples": [example],
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Create,
    Nested,
    Patch,
}

fn input<R: Store>(purpose: Purpose) -> Value {
    let (own, mut required, about) = fields_of(&<R::Body<Reference> as PartialSchema>::schema());
    let mut properties = Map::new();
    if let (Some(parent), Purpose::Create) = (R::PARENT, purpose) {
        let about = format!("The {} that it is part of.", parent.target.replace('_', " "));
        properties.insert(parent.field.to_owned(), described("Reference", &about));
        required.insert(0, parent.field.to_owned());
    }
    properties.extend(own);
    let is_sent = |name: &str| !R::READ_ONLY.contains(&name) && !is_of_decision::<R>(name);
    properties.retain(|name, _| is_sent(name));
    required.retain(|name| is_sent(name));
    let visibility = nullable(described("Visibility", "Who may read the record; `public` if absent or null."));
    properties.insert("visibility".to_owned(), visibility);
    if R::PARENT.is_none() {
        let owner = nullable(described("Reference", "The organization that owns the record."));
        properties.insert("managed_by".to_owned(), owner);
    }
    if purpose == Purpose::Create {
        properties.extend(children::<R>());
    }
    if purpose == Purpose::Patch {
        // Null clears a field, even one that is never null afterwards since it has a default.
        for (_, property) in properties.iter_mut().filter(|(name, _)| !required.contains(name)) {
            *property = nullable(property.take());
        }
        required.clear();
    }
    // The others would repeat these, in a document that is long already.
    if purpose == Purpose::Create {
        properties = exemplified::<R>(properties, examples::value_received, examples::input_link);
    }
    let mut schema =
        json!({ "type": "object", "description": about, "properties": properties, "additionalProperties": false });
    if let (Some(object), false) = (schema.as_object_mut(), required.is_empty()) {
        object.insert("required".to_owned(), required.into());
    }
    let example = match purpose {
        Purpose::Create => examples::input(R::COLLECTION).map(Value::Object),
        Purpose::Nested => nested_example(R::COLLECTION, R::PARENT.map_or("", |parent| parent.field)),
        Purpose::Patch => Some(examples::patch(R::COLLECTION)),
    };
    if let (Some(object), Some(example)) = (schema.as_object_mut(), example) {
        object.insert("examples".to_owned(), json!([example]));
    }
    schema
}

/// The fields that a decision sets, the first of which says what it is.
fn decision<R: Store>() -> Value {
    let (mut properties, _, _) = fields_of(&<R::Body<Reference> as PartialSchema>::schema());
    properties.retain(|name, _| is_of_decision::<R>(name));
    let properties = exemplified::<R>(properties, |_, _| None, examples::input_link);
    let example: Map<String, Value> = properties.iter().filter_map(first_example).collect();
    json!({
        "type": "object",
        "description": format!("A decision on a {}.", R::TYPE.replace('_', " ")),
        "properties": properties,
        "required": R::DECISION.map(|fields| fields.status).into_iter().chain(["decided_on"]).collect::<Vec<_>>(),
        "additionalProperties": false,
        "examples": [example],
    })
}

fn first_example((name, property): (&String, &Value)) -> Option<(String, Value)> {
    Some((name.clone(), property.pointer("/examples/0")?.clone()))
}

/// The children that a record is created with.
fn children<R: Store>() -> impl Iterator<Item = (String, Value)> {
    resources::children(R::TYPE).map(|child| {
        let about = format!("The {} to create with it.", child.json_name().replace('_', " "));
        let parent = child.parent().map_or("", |parent| parent.field);
        let example = nested_example(child.name(), parent);
        let items = schema(&format!("{}Nested", child.schema()));
        let schema = json!({ "type": ["array", "null"], "description": about, "maxItems": MOST_CHILDREN, "items": items, "examples": [example.as_slice()] });
        (child.json_name(), schema)
    })
}

/// A body that creates a child within its parent, which the body does not name.
fn nested_example(collection: &str, parent: &str) -> Option<Value> {
    let mut record = examples::input(collection)?;
    record.shift_remove(parent);
    Some(Value::Object(record))
}

/// Gives each property the value that it has in the example of the whole. One that is empty there keeps what its
/// declaration says, or gets a link to the type it takes, or a value of the data sets.
fn exemplified<R: Store>(
    mut properties: Map<String, Value>,
    whole: fn(&str, &str) -> Option<Value>,
    link_to: fn(&str) -> Value,
) -> Map<String, Value> {
    let owner = LinkField::one("managed_by", "organization");
    let parent = R::PARENT.map(|parent| LinkField::one(parent.field, parent.target));
    let links: Vec<LinkField> =
        R::LINKS.iter().chain(R::COMPUTED_LINKS).copied().chain([owner]).chain(parent).collect();
    for (name, property) in &mut properties {
        let link = links.iter().find(|link| link.field == name);
        if let (Some(example), Some(object)) = (whole(R::COLLECTION, name), property.as_object_mut()) {
            object.insert("examples".to_owned(), json!([example]));
            continue;
        }
        let example = match link {
            Some(link) if link.index.is_some() => Some(json!([link_to(link.target)])),
            Some(link) => Some(link_to(link.target)),
            None => examples::value(R::COLLECTION, name),
        };
        if let (Some(example), Some(object)) = (example, property.as_object_mut())
            && !object.contains_key("examples")
        {
            object.insert("examples".to_owned(), json!([example]));
        }
    }
    properties
}

/// The schema of a value that may be null as well.
fn nullable(schema: Value) -> Value {
    let Value::Object(mut object) = schema else { return schema };
    if let Some(kind) = object.get("type").and_then(Value::as_str).map(str::to_owned) {
        object.insert("type".to_owned(), json!([kind, "null"]));
    } else if let Some(target) = object.shift_remove("$ref") {
        object.insert("oneOf".to_owned(), json!([{ "$ref": target }, { "type": "null" }]));
    }
    Value::Object(object)
}

/// A schema as the document has it: examples in a list, whole numbers bounded, what is said of a field beside the choice
/// between its type and null and not within it.
pub fn settled(schema: Value) -> Value {
    match schema {
        Value::Array(items) => Value::Array(items.into_iter().map(settled).collect()),
        Value::Object(object) => {
            let mut object: Map<String, Value> =
                object.into_iter().map(|(name, value)| (name, settled(value))).collect();
            if let Some(example) = object.shift_remove("example") {
                object.insert("examples".to_owned(), json!([example]));
            }
            let bounds = match object.get("format").and_then(Value::as_str) {
                Some("int64") => Some((i64::MIN, i64::MAX)),
                Some("int32") => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
                _ => None,
            };
            if let Some((least, most)) = bounds {
                object.entry("minimum").or_insert_with(|| least.into());
                object.entry("maximum").or_insert_with(|| most.into());
            }
            if let Some(description) = object.get_mut("oneOf").and_then(described_choice) {
                object.insert("description".to_owned(), description);
            }
            Value::Object(object)
        }
        other => other,
    }
}

/// Takes the description of the only choice that is not null.
fn described_choice(choices: &mut Value) -> Option<Value> {
    match choices.as_array_mut()?.as_mut_slice() {
        [choice, null] if null.get("type").and_then(Value::as_str) == Some("null") => {
            choice.as_object_mut()?.shift_remove("description")
        }
        _ => None,
    }
}
