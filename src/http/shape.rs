//! How an answer is to be shaped: which fields it has, which links are expanded.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::query::Parameters;
use crate::db::{Conn, Scope, Store};
use crate::domain::{Error, Fault, Result};
use crate::resources;
use crate::service::collection::Collection;
use crate::service::expand::{self, Expansion};

/// The fields of the records of each type, for `fields=`.
static FIELDS: LazyLock<HashMap<&'static str, Vec<String>>> =
    LazyLock::new(|| resources::ALL.iter().map(|collection| (collection.kind(), collection.fields())).collect());

/// How an answer is to be shaped: which fields, which links expanded.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    fields: Option<Vec<String>>,
    expansion: Expansion,
}

impl Shape {
    /// Takes `fields` and `expand` from the parameters.
    pub fn take(parameters: &mut Parameters, collection: &'static dyn Collection) -> Result<Self> {
        let fields = parameters.take_text("fields").map(|text| known_fields(&text, collection)).transpose();
        let expansion = parameters.take_text("expand").map(|text| Expansion::parse(&text, collection)).transpose();
        Ok(Self {
            fields: fields.map_err(|fault| Error::parameter("fields", fault))?,
            expansion: expansion.map_err(|fault| Error::parameter("expand", fault))?.unwrap_or_default(),
        })
    }

    /// Whether links stay links, so that no more is read than the records themselves.
    #[must_use]
    pub fn expands_nothing(&self) -> bool {
        self.expansion.is_plain()
    }

    /// Whether the records are sent as they are.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.fields.is_none() && self.expansion.is_plain()
    }

    /// Expands and thins out records as they are sent.
    pub fn apply(
        &self,
        conn: &mut Conn,
        scope: Scope,
        collection: &'static dyn Collection,
        records: &mut [Value],
    ) -> Result<()> {
        let mut objects: Vec<&mut Map<String, Value>> = records.iter_mut().filter_map(Value::as_object_mut).collect();
        expand::apply(conn, scope, collection, &mut objects, &self.expansion)?;
        if let Some(fields) = &self.fields {
            for object in objects {
                object.retain(|name, _| {
                    matches!(name.as_str(), "id" | "type" | "url")
                        || self.expansion.names(name)
                        || fields.contains(name)
                });
            }
        }
        Ok(())
    }
}

fn known_fields(text: &str, collection: &'static dyn Collection) -> Result<Vec<String>, Fault> {
    let known = FIELDS.get(collection.kind()).map(Vec::as_slice).unwrap_or_default();
    let fields: Vec<String> = text.split(',').map(str::to_owned).collect();
    let expanded = |field: &str| collection.to_many().iter().any(|link| link.name == field);
    match fields.iter().find(|field| !known.contains(field) && !expanded(field)) {
        None => Ok(fields),
        Some(unknown) => {
            Err(Fault::new("unknown_code", format!("cannot be {unknown:?}")).allowing(known.iter().cloned()))
        }
    }
}

/// The collection of `R`, as others see it.
pub fn collection_of<R: Store>() -> Result<&'static dyn Collection> {
    resources::by_type(R::TYPE).ok_or_else(|| Error::Internal(format!("{} is not registered", R::TYPE)))
}
