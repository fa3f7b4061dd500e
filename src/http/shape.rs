//! How an answer is to be shaped: which fields it has, which links are expanded.

use serde::Serialize;
use serde_json::Value;

use super::query::Parameters;
use crate::domain::{Date, Error, Fault, Record, Result};
use crate::service::collection::Collection;
use crate::service::expand::Expansion;
use crate::service::read;

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

    /// The same, with what is computed worked out for a day.
    #[must_use]
    pub fn as_of(self, day: Option<Date>) -> Self {
        Self { expansion: self.expansion.as_of(day), ..self }
    }

    /// The fields that are asked for, if not all are.
    #[must_use]
    pub fn fields(&self) -> Option<&[String]> {
        self.fields.as_deref()
    }

    /// What to show behind links.
    #[must_use]
    pub fn expansion(&self) -> &Expansion {
        &self.expansion
    }

    /// A record with the fields that are asked for.
    ///
    /// # Errors
    /// `Internal` if it cannot be written as JSON.
    pub fn of<'a, B: Serialize>(&self, record: &'a Record<B>) -> Result<Shaped<'a, B>> {
        let Some(fields) = &self.fields else { return Ok(Shaped::Whole(record)) };
        let mut value = read::to_json(record)?;
        if let Some(object) = value.as_object_mut() {
            object.retain(|name, _| {
                matches!(name.as_str(), "id" | "type" | "url") || self.expansion.names(name) || fields.contains(name)
            });
        }
        Ok(Shaped::Selected(value))
    }
}

/// A record in the shape that was asked for.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Shaped<'a, B> {
    /// With every field.
    Whole(&'a Record<B>),
    /// With some of them.
    Selected(Value),
}

fn known_fields(text: &str, collection: &'static dyn Collection) -> Result<Vec<String>, Fault> {
    let known: Vec<&str> = collection.fields().collect();
    let fields: Vec<String> = text.split(',').map(str::to_owned).collect();
    let expanded = |field: &str| collection.to_many().iter().any(|link| link.name == field);
    match fields.iter().find(|field| !known.contains(&field.as_str()) && !expanded(field)) {
        None => Ok(fields),
        Some(unknown) => Err(Fault::new("unknown_code", format!("cannot be {unknown:?}")).allowing(known)),
    }
}
