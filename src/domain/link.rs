//! How one record points at another: as it is sent, as it is received, as it is stored.

use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::{Fault, Id};

/// What stands where a record links to another. A record's fields are declared once, over this: with [`Reference`] they
/// are what a client sends, with [`Id`] what is stored and logged, with [`Link`] what a client receives.
///
/// A field that takes records of any type writes the type beside the link: `{"type": "conference", "id": 5}`. The three
/// functions are for such fields.
pub trait LinkForm: Serialize + DeserializeOwned + ToSchema + Clone + Send + Sync + 'static {
    /// Writes the link with its type.
    ///
    /// # Errors
    /// As the serializer has them.
    fn serialize_typed<S: Serializer>(&self, kind: &str, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads what is left of a link with its type once the type is taken off: `{"id": 5}`.
    ///
    /// # Errors
    /// `invalid_link`, `invalid_id` or `invalid_key`.
    fn from_untyped(rest: &Value) -> Result<Self, Fault>;

    /// The schema of a link to a record of any type.
    fn typed_schema() -> RefOr<Schema>;
}

impl LinkForm for Reference {
    fn serialize_typed<S: Serializer>(&self, kind: &str, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("type", kind)?;
        match self {
            Self::Id(id) => map.serialize_entry("id", id)?,
            Self::ExternalKey(key) => map.serialize_entry("external_key", key)?,
            Self::Pointer(pointer) => map.serialize_entry("pointer", pointer)?,
        }
        map.end()
    }

    fn from_untyped(rest: &Value) -> Result<Self, Fault> {
        Self::from_json(rest)
    }

    fn typed_schema() -> RefOr<Schema> {
        RefOr::Ref(Ref::from_schema_name("TypedReference"))
    }
}

impl LinkForm for Id {
    fn serialize_typed<S: Serializer>(&self, kind: &str, serializer: S) -> Result<S::Ok, S::Error> {
        Reference::Id(*self).serialize_typed(kind, serializer)
    }

    fn from_untyped(rest: &Value) -> Result<Self, Fault> {
        match Reference::from_json(rest)? {
            Reference::Id(id) => Ok(id),
            Reference::ExternalKey(_) | Reference::Pointer(_) => {
                Err(Fault::new("invalid_link", "is not resolved to the number of a record"))
            }
        }
    }

    fn typed_schema() -> RefOr<Schema> {
        typed().property("id", id_schema()).required("id").into()
    }
}

impl LinkForm for Link {
    /// A link in output has its type already.
    fn serialize_typed<S: Serializer>(&self, _: &str, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn from_untyped(_: &Value) -> Result<Self, Fault> {
        Err(Fault::new("invalid_link", "is a link in output, which is no input"))
    }

    fn typed_schema() -> RefOr<Schema> {
        link_ref()
    }
}

/// Makes the links of a record out of the ids that its row holds.
pub trait Linker<L> {
    /// The link of `field`, whose target [`Resource::LINKS`](super::Resource::LINKS) declares.
    fn to(&mut self, field: &'static str, id: Id) -> L;

    /// The link of `field`, which takes records of any type, to one of the type `kind`.
    fn to_any(&mut self, field: &'static str, kind: &'static str, id: Id) -> L;
}

/// Leaves the ids as they are.
#[derive(Debug)]
pub struct Ids;

impl Linker<Id> for Ids {
    fn to(&mut self, _: &'static str, id: Id) -> Id {
        id
    }

    fn to_any(&mut self, _: &'static str, _: &'static str, id: Id) -> Id {
        id
    }
}

/// A link as it is sent: enough to show it and to follow it, or the record itself.
#[derive(Debug, Clone)]
pub struct Link {
    /// The number of the record.
    pub id: Id,
    /// The type of the record, such as `organization`.
    pub kind: &'static str,
    /// The collection of the record, such as `organizations`.
    pub collection: &'static str,
    /// What is shown of the record; never set where the caller may not read it. All links of an answer that show the
    /// same of one record share it, so that it is filled in once, after one query for all records of a type.
    pub shown: Arc<OnceLock<Shown>>,
}

/// What a link shows of the record that it leads to.
#[derive(Debug)]
pub enum Shown {
    /// That it is there: nobody has given it a title.
    Untitled,
    /// What to call it.
    Title(String),
    /// The whole of it, with what to call it, as JSON.
    Record(Box<RawValue>),
}

impl Link {
    /// Where a record is found.
    #[must_use]
    pub fn url(collection: &str, id: Id) -> String {
        format!("/v1/{collection}/{id}")
    }
}

impl Link {
    /// That there is a link and of which type, to those who may not know where it leads.
    fn serialize_undisclosed<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("id", &None::<Id>)?;
        map.serialize_entry("type", self.kind)?;
        map.serialize_entry("url", &None::<&str>)?;
        map.serialize_entry("title", &None::<&str>)?;
        map.serialize_entry("undisclosed", &true)?;
        map.end()
    }
}

impl Serialize for Link {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let title = match self.shown.get() {
            Some(Shown::Record(record)) => return record.serialize(serializer),
            Some(Shown::Title(title)) => Some(title),
            Some(Shown::Untitled) => None,
            None => return self.serialize_undisclosed(serializer),
        };
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("type", self.kind)?;
        map.serialize_entry("url", &format_args!("/v1/{}/{}", self.collection, self.id))?;
        map.serialize_entry("title", &title)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Link {
    /// Links are never read back; this exists because a record's fields are declared once for all forms of link.
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(de::Error::custom("a link in output is not an input"))
    }
}

impl PartialSchema for Link {
    fn schema() -> RefOr<Schema> {
        let nullable = |kind: Type| utoipa::openapi::schema::SchemaType::from_iter([kind, Type::Null]);
        let text = |description: &str, example: &str| {
            ObjectBuilder::new().schema_type(nullable(Type::String)).description(Some(description)).examples([example])
        };
        ObjectBuilder::new()
            .description(Some(
                "A link to another record. With `expand` the other fields of that record follow. Of a record that the \
                 caller may not see only the type is told: `id`, `url` and `title` are null, and `undisclosed` is true.",
            ))
            .property(
                "id",
                OneOfBuilder::new()
                    .item(id_schema())
                    .item(ObjectBuilder::new().schema_type(Type::Null))
                    .description(Some("The number of the record.")),
            )
            .required("id")
            .property("type", text_schema("The type of the record.", "organization"))
            .required("type")
            .property("url", text("Where the record is found.", "/v1/organizations/12"))
            .required("url")
            .property("title", text("What to call the record; null where it has no title.", "Tỉnh ủy Thái Bình"))
            .required("title")
            .property(
                "undisclosed",
                ObjectBuilder::new()
                    .schema_type(Type::Boolean)
                    .enum_values(Some([true]))
                    .description(Some("That the caller may not see the record; not there otherwise."))
                    .examples([true]),
            )
            .examples([json!({ "id": 12, "type": "organization", "url": "/v1/organizations/12", "title": "Tỉnh ủy Thái Bình" })])
            .into()
    }
}

impl ToSchema for Link {
    fn name() -> std::borrow::Cow<'static, str> {
        "Link".into()
    }
}

/// A link as it is received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// The number of the record: `5` or `{"id": 5}`.
    Id(Id),
    /// The partner's own key: `{"external_key": {"system": "reference", "key": "tw"}}`.
    ExternalKey(ExternalKey),
    /// A sibling created by the same request, by JSON Pointer (RFC 6901): `{"pointer": "/bridge_points/0"}`.
    Pointer(String),
}

/// A partner's key of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalKey {
    /// The system whose key it is.
    pub system: KeyPart,
    /// The key within that system.
    pub key: KeyPart,
}

/// One part of an external key: 1 to 200 of the characters that need no escaping in a URL path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyPart(String);

impl KeyPart {
    /// The pattern that a part must match.
    pub const PATTERN: &'static str = "^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$";

    /// Checks one part of an external key.
    ///
    /// # Errors
    /// `invalid_key` if it does not match [`KeyPart::PATTERN`].
    pub fn new(text: &str) -> Result<Self, Fault> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._~:-".contains(&byte);
        let begins_well = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        if begins_well && text.len() <= 200 && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Fault::new("invalid_key", format!("does not match {}", Self::PATTERN)))
        }
    }

    /// The text of the part.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for KeyPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&std::borrow::Cow::<str>::deserialize(deserializer)?)
            .map_err(|fault| de::Error::custom(fault.encoded()))
    }
}

impl Reference {
    /// Reads a link in any of its three forms.
    ///
    /// # Errors
    /// `invalid_link` if it has none of them, `invalid_id` if the number is not between 1 and 2^63 - 1.
    pub fn from_json(value: &Value) -> Result<Self, Fault> {
        let shape = || {
            Fault::new("invalid_link", "is not a link").allowing([
                "5",
                r#"{"id": 5}"#,
                r#"{"external_key": {"system": "reference", "key": "tw"}}"#,
                r#"{"pointer": "/bridge_points/0"} (within one request)"#,
            ])
        };
        if value.is_number() {
            return id_from_json(value).map(Self::Id);
        }
        let object = value.as_object().filter(|object| object.len() == 1).ok_or_else(shape)?;
        if let Some(id) = object.get("id") {
            return id_from_json(id).map(Self::Id);
        }
        if let Some(key) = object.get("external_key") {
            return serde_json::from_value(key.clone())
                .map(Self::ExternalKey)
                .map_err(|error| Fault::decoded(&error.to_string()).unwrap_or_else(shape));
        }
        object.get("pointer").and_then(Value::as_str).map(|text| Self::Pointer(text.to_owned())).ok_or_else(shape)
    }
}

/// Reads the number of a record.
///
/// # Errors
/// `invalid_id` if it is not a whole number between 1 and 2^63 - 1.
pub fn id_from_json(value: &Value) -> Result<Id, Fault> {
    value
        .as_i64()
        .filter(|id| *id > 0)
        .ok_or_else(|| Fault::new("invalid_id", "is not a whole number from 1 to 9223372036854775807"))
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => serializer.serialize_i64(*id),
            Self::ExternalKey(key) => json!({ "external_key": key }).serialize(serializer),
            Self::Pointer(pointer) => json!({ "pointer": pointer }).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(&Value::deserialize(deserializer)?).map_err(|fault| de::Error::custom(fault.encoded()))
    }
}

fn id_schema() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name("RecordId"))
}

fn text_schema(description: &str, example: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description)).examples([example])
}

fn closed(object: ObjectBuilder) -> ObjectBuilder {
    object.additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

/// A closed object with the type of a record, to which the rest of the link is added.
fn typed() -> ObjectBuilder {
    let kind = RefOr::<Schema>::Ref(Ref::from_schema_name("RecordType"));
    closed(ObjectBuilder::new()).property("type", kind).required("type")
}

/// The schema of a link, as it is received, to a record of any type: `TypedReference` in the OpenAPI document.
#[must_use]
pub fn typed_reference_schema() -> RefOr<Schema> {
    OneOfBuilder::new()
        .item(typed().property("id", id_schema()).required("id"))
        .item(typed().property("external_key", key_schema()).required("external_key"))
        .item(typed().property("pointer", pointer_schema()).required("pointer"))
        .description(Some("A link to a record of any type: the type, and which record of that type."))
        .examples([
            json!({ "type": "conference", "id": 5 }),
            json!({ "type": "conference", "external_key": { "system": "reference", "key": "article-002" } }),
        ])
        .into()
}

fn key_schema() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name("ExternalKey"))
}

/// The schema of a partner's key: `ExternalKey` in the OpenAPI document.
#[must_use]
pub fn external_key_schema() -> RefOr<Schema> {
    let part = |description: &str, example: &str| text_schema(description, example).pattern(Some(KeyPart::PATTERN));
    closed(ObjectBuilder::new())
        .description(Some("A partner's own key of the record."))
        .property("system", part("The system whose key it is.", "reference"))
        .required("system")
        .property("key", part("The key within that system.", "tw"))
        .required("key")
        .examples([json!({ "system": "reference", "key": "tw" })])
        .into()
}

fn pointer_schema() -> ObjectBuilder {
    text_schema("JSON Pointer (RFC 6901) to a sibling created by the same request.", "/bridge_points/0")
        .pattern(Some("^(/[a-z_]+/(0|[1-9][0-9]*))+$"))
}

impl PartialSchema for Reference {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(id_schema())
            .item(closed(ObjectBuilder::new()).property("id", id_schema()).required("id"))
            .item(closed(ObjectBuilder::new()).property("external_key", key_schema()).required("external_key"))
            .item(closed(ObjectBuilder::new()).property("pointer", pointer_schema()).required("pointer"))
            .description(Some(
                "A link: the number of the record, or a partner's own key of it, or (within one request) a sibling.",
            ))
            .examples([json!(12), json!({ "external_key": { "system": "reference", "key": "tw" } })])
            .into()
    }
}

impl ToSchema for Reference {
    fn name() -> std::borrow::Cow<'static, str> {
        "Reference".into()
    }
}

/// The schema of a link to a record of a known collection.
#[must_use]
pub fn link_ref() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name("Link"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_key_has_at_most_200_characters() {
        assert!(KeyPart::new(&"k".repeat(200)).is_ok());
        let fault = KeyPart::new(&"k".repeat(201)).unwrap_err();
        assert_eq!(
            (fault.code, fault.message.as_ref()),
            ("invalid_key", "does not match ^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$")
        );
    }
}
