//! The record that a claim is about, of whatever type.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use crate::domain::{Fault, LinkForm};
use crate::sources::vocabulary::RecordType;

/// A link whose type is not known from the field, so that it stands beside the link: `{"type": "conference", "id": 5}`.
#[derive(Debug, Clone, PartialEq)]
pub struct About<L> {
    /// The type of the record.
    pub kind: RecordType,
    /// Which record of that type.
    pub link: L,
}

impl<L: LinkForm> About<L> {
    /// Reads the type and then the rest.
    fn from_json(value: Value) -> Result<Self, Fault> {
        let shape = || {
            Fault::new("invalid_link", "is not a link with a type").allowing([
                r#"{"type": "conference", "id": 5}"#,
                r#"{"type": "conference", "external_key": {"system": "reference", "key": "tw"}}"#,
                r#"{"type": "conference", "pointer": "/bridge_points/0"} (within one request)"#,
            ])
        };
        let Value::Object(mut object) = value else { return Err(shape()) };
        let kind = object.remove("type").ok_or_else(shape)?;
        let kind: RecordType = kind.as_str().ok_or_else(shape)?.parse().map_err(|fault: Fault| {
            let message = format!("has a type that {}", fault.message);
            Fault { message, ..fault }
        })?;
        let link = L::from_untyped(&Value::Object(object))
            .map_err(|fault| if fault.code == "invalid_link" { shape() } else { fault })?;
        Ok(Self { kind, link })
    }
}

impl<L: LinkForm> Serialize for About<L> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.link.serialize_typed(self.kind.code(), serializer)
    }
}

impl<'de, L: LinkForm> Deserialize<'de> for About<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(deserializer)?).map_err(|fault| de::Error::custom(fault.encoded()))
    }
}

impl<L: LinkForm> PartialSchema for About<L> {
    fn schema() -> RefOr<Schema> {
        L::typed_schema()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{Id, Reference};

    fn read<L: LinkForm>(value: &Value) -> Result<About<L>, Fault> {
        serde_json::from_value(value.clone()).map_err(|error| Fault::decoded(&error.to_string()).unwrap())
    }

    #[test]
    fn a_link_keeps_its_type_through_every_form() {
        for value in [
            json!({ "type": "conference", "id": 5 }),
            json!({ "type": "person", "external_key": { "system": "reference", "key": "tw" } }),
            json!({ "type": "bridge_point", "pointer": "/bridge_points/0" }),
        ] {
            let about: About<Reference> = read(&value).unwrap();
            assert_eq!(serde_json::to_value(about).unwrap(), value);
        }
        let stored: About<Id> = read(&json!({ "type": "conference", "id": 5 })).unwrap();
        assert_eq!(stored, About { kind: RecordType::Conference, link: 5 });
        assert_eq!(serde_json::to_value(stored).unwrap(), json!({ "type": "conference", "id": 5 }));
    }

    #[test]
    fn what_is_no_link_with_a_type_is_refused() {
        for (value, code) in [
            (json!(5), "invalid_link"),
            (json!({ "id": 5 }), "invalid_link"),
            (json!({ "type": 5, "id": 5 }), "invalid_link"),
            (json!({ "type": "conference" }), "invalid_link"),
            (json!({ "type": "conference", "id": 5, "pointer": "/bridge_points/0" }), "invalid_link"),
            (json!({ "type": "meeting", "id": 5 }), "unknown_code"),
            (json!({ "type": "conference", "id": 0 }), "invalid_id"),
            (json!({ "type": "conference", "external_key": { "system": "", "key": "tw" } }), "invalid_key"),
        ] {
            assert_eq!(read::<Reference>(&value).unwrap_err().code, code, "{value}");
        }
        let unresolved = json!({ "type": "bridge_point", "pointer": "/bridge_points/0" });
        assert_eq!(read::<Id>(&unresolved).unwrap_err().code, "invalid_link");
    }

    #[test]
    fn a_subject_is_a_link_on_the_way_out_and_names_its_type_on_the_way_in() {
        let input = serde_json::to_value(About::<Reference>::schema()).unwrap();
        assert_eq!(input, json!({ "$ref": "#/components/schemas/TypedReference" }));
        let output = serde_json::to_value(About::<crate::domain::Link>::schema()).unwrap();
        assert_eq!(output, json!({ "$ref": "#/components/schemas/Link" }));
    }
}
