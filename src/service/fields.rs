//! What the fields of records hold, as their bodies declare it for the OpenAPI document. What reads or writes records as
//! texts or cells goes by this, so that nothing is declared twice.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::vocabulary::EXTENSION;
use crate::resources;

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Truth,
    /// A day.
    Day,
    /// A point in time.
    Instant,
    /// A code of the enumeration of this name.
    Code(String),
    /// Several of a kind.
    List(Box<Self>),
    /// An object with these members.
    Object(Vec<(String, Self)>),
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds, where it is not null.
    pub kind: Kind,
}

/// The own fields of the records of each type, which are read from their schemas and so gathered once.
static OWN: LazyLock<HashMap<&'static str, Vec<Field>>> =
    LazyLock::new(|| resources::ALL.iter().map(|collection| (collection.kind(), collection.declared())).collect());

/// The fields of the records of a type, besides those that all records have, in their order.
#[must_use]
pub fn own_fields_of(kind: &str) -> &'static [Field] {
    OWN.get(kind).map(Vec::as_slice).unwrap_or_default()
}

/// The fields that a schema declares.
#[must_use]
pub fn of<T: ToSchema>() -> Vec<Field> {
    let mut named = Vec::new();
    T::schemas(&mut named);
    let named = Named(named.into_iter().map(|(name, schema)| (name, to_value(&schema))).collect());
    let own = to_value(&T::schema());
    let properties = own.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.map(|(name, schema)| Field { name: name.clone(), kind: named.kind(schema) }).collect()
}

/// The schemas that others refer to by name.
struct Named(HashMap<String, Value>);

impl Named {
    /// The kind of what a schema describes, where it is not null.
    fn kind(&self, schema: &Value) -> Kind {
        let text = |name: &str| schema.get(name).and_then(Value::as_str);
        if let Some(target) = text("$ref").and_then(|target| target.rsplit('/').next()) {
            return self.0.get(target).map_or(Kind::Text, |schema| self.kind(schema));
        }
        if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
            let there = choices.iter().find(|choice| choice.get("type").and_then(Value::as_str) != Some("null"));
            return there.map_or(Kind::Text, |schema| self.kind(schema));
        }
        if let Some(enumeration) = text(EXTENSION) {
            return Kind::Code(enumeration.to_owned());
        }
        match (type_of(schema), text("format")) {
            (Some("array"), _) => {
                Kind::List(Box::new(schema.get("items").map_or(Kind::Text, |items| self.kind(items))))
            }
            (Some("object"), _) => {
                let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
                Kind::Object(members.map(|(name, schema)| (name.clone(), self.kind(schema))).collect())
            }
            (Some("integer" | "number"), _) => Kind::Number,
            (Some("boolean"), _) => Kind::Truth,
            (_, Some("date")) => Kind::Day,
            (_, Some("date-time")) => Kind::Instant,
            _ => Kind::Text,
        }
    }
}

fn to_value<T: serde::Serialize>(schema: &T) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}

/// The type in a schema besides null.
fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::Array(types) => types.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        one => one.as_str(),
    }
}
