//! Fields that are worked out when a record is read, and never stored.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

/// What is worked out from other records when this one is read. It stands in answers and nowhere else: not in the row,
/// not in the log, not in what a client sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Computed<T> {
    /// Not worked out, as in the log.
    #[default]
    Absent,
    /// Worked out; there may be nothing.
    Known(Option<T>),
}

impl<T> Computed<T> {
    /// Whether it was not worked out, so that the field is left out.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// What was worked out, if there is anything.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Known(Some(value)) => Some(value),
            Self::Known(None) | Self::Absent => None,
        }
    }
}

impl<T: Serialize> Serialize for Computed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Known(None) => serializer.serialize_none(),
            Self::Known(Some(value)) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Computed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Known)
    }
}

impl<T: PartialSchema> PartialSchema for Computed<T> {
    fn schema() -> RefOr<Schema> {
        T::schema()
    }
}

impl<T: ToSchema> ToSchema for Computed<T> {}
