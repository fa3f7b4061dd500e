//! What names checks and collections in questions and answers: a code of the table, and nothing else.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::checks::{CHECKS, Check};
use crate::domain::Fault;
use crate::resources;

/// A check, by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QualityCheck(pub &'static Check);

impl FromStr for QualityCheck {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let unknown = || Fault::new("unknown_code", "is no check").allowing(CHECKS.iter().map(|check| check.code));
        CHECKS.iter().find(|check| check.code == text).map(Self).ok_or_else(unknown)
    }
}

impl fmt::Display for QualityCheck {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.code)
    }
}

impl Serialize for QualityCheck {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code)
    }
}

impl PartialSchema for QualityCheck {
    fn schema() -> RefOr<Schema> {
        let each = CHECKS.iter().map(|check| format!("- `{}`: {}. {}", check.code, check.title, check.why));
        let about = format!("A check of the records.\n\n{}", each.collect::<Vec<_>>().join("\n"));
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(CHECKS.iter().map(|check| check.code)))
            .description(Some(about))
            .examples(CHECKS.first().map(|check| check.code))
            .into()
    }
}

impl ToSchema for QualityCheck {}

/// A collection that is checked, by its name in paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedCollection(pub &'static str);

impl CheckedCollection {
    /// The collection whose records a check finds.
    #[must_use]
    pub fn of(check: &Check) -> Self {
        Self(resources::by_type(check.record).map_or("", |collection| collection.name()))
    }

    /// Those that are checked, each once.
    fn all() -> Vec<&'static str> {
        let names: Vec<&str> = CHECKS.iter().map(|check| Self::of(check).0).collect();
        resources::ALL.iter().map(|collection| collection.name()).filter(|name| names.contains(name)).collect()
    }
}

impl FromStr for CheckedCollection {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let all = Self::all();
        let found = all.iter().find(|name| **name == text).map(|name| Self(name));
        found.ok_or_else(|| Fault::new("unknown_code", "is no collection that is checked").allowing(all))
    }
}

impl Serialize for CheckedCollection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for CheckedCollection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(|fault: Fault| de::Error::custom(fault.encoded()))
    }
}

impl PartialSchema for CheckedCollection {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(Self::all()))
            .description(Some("A collection that is checked."))
            .examples(["tasks"])
            .into()
    }
}

impl ToSchema for CheckedCollection {}
