//! The columns of a table of records, and what one record has in each.
//!
//! They follow from the declaration of the collection and never from the rows at hand, so that an empty list has the same
//! header, and stand in the order in which fields are sent. A link is flattened into its parts: `x_id`, `x_type` where it
//! leads to records of any type, `x_title`. `links` and `warnings` have no column: the one follows from the id, the other
//! stands with single records only.

use std::borrow::Cow;

use serde_json::Value;

use super::labels::Labels;
use crate::domain::vocabulary::Visibility;
use crate::domain::{Fault, LinkField};
use crate::service::collection::Collection;
use crate::service::fields::{Field, Kind, own_fields_of};
use crate::sources::vocabulary::RecordType;

/// The fields that no column shows.
const WITHOUT_COLUMN: &[&str] = &["links", "warnings"];

/// Which part of a field a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// One member of a link, or of each of several links.
    Member(&'static str),
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The field that it is about.
    pub field: String,
    part: Part,
    /// What its values are.
    pub kind: Kind,
}

impl Column {
    /// Its name: that of the field, or `x_id`, `x_type` and `x_title` of a link.
    #[must_use]
    pub fn name(&self) -> String {
        match self.part {
            Part::Whole => self.field.clone(),
            Part::Member(member) => format!("{}_{member}", self.field),
        }
    }

    /// What stands above it: its name, or what it is called.
    #[must_use]
    pub fn heading(&self, labels: Option<&Labels>) -> String {
        let Some(labels) = labels else { return self.name() };
        let label = labels.field(&self.field);
        match self.part {
            Part::Member("id") => format!("{label} (mã số)"),
            Part::Member("type") => format!("{label} (loại)"),
            _ => label.to_owned(),
        }
    }

    /// What a record has in this column, null if nothing.
    #[must_use]
    pub fn value<'a>(&self, record: &'a Value) -> Cow<'a, Value> {
        let value = record.get(&self.field).unwrap_or(&Value::Null);
        match (self.part, value) {
            (Part::Whole, value) => Cow::Borrowed(value),
            (Part::Member(member), Value::Array(links)) => {
                Cow::Owned(links.iter().map(|link| link.get(member).cloned().unwrap_or_default()).collect())
            }
            (Part::Member(member), link) => Cow::Borrowed(link.get(member).unwrap_or(&Value::Null)),
        }
    }
}

/// The columns of the records of a collection, in the order in which their fields are sent.
#[must_use]
pub fn of(collection: &dyn Collection) -> Vec<Column> {
    let shown = collection.fields().filter(|field| !WITHOUT_COLUMN.contains(field));
    let columns = shown.flat_map(|field| match collection.link(field) {
        Some(link) => of_link(link),
        None => vec![Column { field: field.to_owned(), part: Part::Whole, kind: kind_of(collection, field) }],
    });
    columns.collect()
}

/// What the values of a field are that is no link.
#[must_use]
pub fn kind_of(collection: &dyn Collection, field: &str) -> Kind {
    match field {
        "id" | "version" => Kind::Number,
        "type" => Kind::Code(RecordType::ENUMERATION.to_owned()),
        "created_at" | "updated_at" => Kind::Instant,
        "visibility" => Kind::Code(Visibility::ENUMERATION.to_owned()),
        own => {
            let declared = own_fields_of(collection.kind()).iter().find(|field| field.name == own);
            declared.map_or(Kind::Text, |field| field.kind.clone())
        }
    }
}

/// Those of the columns that show one of `fields`; number, type and address of the record always stay.
///
/// # Errors
/// `unknown_code` if a field has no column.
pub fn only(mut columns: Vec<Column>, fields: &[String]) -> Result<Vec<Column>, Fault> {
    if let Some(unknown) = fields.iter().find(|field| columns.iter().all(|column| column.field != **field)) {
        let mut known: Vec<String> = columns.into_iter().map(|column| column.field).collect();
        known.dedup();
        return Err(Fault::new("unknown_code", format!("cannot be {unknown:?}, which no column shows")).allowing(known));
    }
    columns.retain(|column| matches!(column.field.as_str(), "id" | "type" | "url") || fields.contains(&column.field));
    Ok(columns)
}

/// The columns of rows that are no records, of which `links` names the fields that hold links.
#[must_use]
pub fn of_fields(fields: &[Field], links: &[LinkField]) -> Vec<Column> {
    let columns = fields.iter().flat_map(|field| match links.iter().find(|link| link.field == field.name) {
        Some(link) => parts_of(*link, matches!(field.kind, Kind::List(_))),
        None => vec![Column { field: field.name.clone(), part: Part::Whole, kind: field.kind.clone() }],
    });
    columns.collect()
}

/// The columns of a field of a record that holds one link or several.
fn of_link(link: LinkField) -> Vec<Column> {
    parts_of(link, link.index.is_some())
}

fn parts_of(link: LinkField, several: bool) -> Vec<Column> {
    let column = |member: &'static str, kind: Kind| {
        let kind = if several { Kind::List(Box::new(kind)) } else { kind };
        Column { field: link.field.to_owned(), part: Part::Member(member), kind }
    };
    let of_any_type = (link.target == "*").then(|| column("type", Kind::Code(RecordType::ENUMERATION.to_owned())));
    let (id, title) = (column("id", Kind::Number), column("title", Kind::Text));
    [Some(id), of_any_type, Some(title)].into_iter().flatten().collect()
}

/// A value as a person reads it: several between semicolons, an object with the names of its members, a code as what it is
/// called.
#[must_use]
pub fn readable(value: &Value, kind: &Kind, labels: Option<&Labels>) -> String {
    match (value, kind) {
        (Value::Null, _) => String::new(),
        (Value::String(code), Kind::Code(enumeration)) => {
            labels.map_or(code.as_str(), |labels| labels.code(enumeration, code)).to_owned()
        }
        (Value::String(text), _) => text.clone(),
        (Value::Array(values), Kind::List(kind)) => {
            let values: Vec<String> = values.iter().map(|value| readable(value, kind, labels)).collect();
            values.join("; ")
        }
        (Value::Object(object), Kind::Object(members)) => {
            let member = |(name, kind): &(String, Kind)| {
                let value = object.get(name).filter(|value| !value.is_null())?;
                let name = labels.map_or(name.as_str(), |labels| labels.field(name));
                Some(format!("{name}: {}", readable(value, kind, labels)))
            };
            members.iter().filter_map(member).collect::<Vec<_>>().join(", ")
        }
        (other, _) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::documents::document::Documents;
    use crate::service::collection::Of;
    use crate::sources::claim::Claims;

    fn names(columns: &[Column]) -> Vec<String> {
        columns.iter().map(Column::name).collect()
    }

    #[test]
    fn a_link_has_a_column_for_each_part() {
        let columns = of(&Of::<Claims>::NEW);
        let common = ["id", "type", "url", "version", "created_at", "updated_at", "visibility"];
        let links =
            ["managed_by_id", "managed_by_title", "source_id", "source_title", "about_id", "about_type", "about_title"];
        let own = ["field", "value", "quote", "offset", "length", "note"];
        assert_eq!(names(&columns), [&common[..], &links, &own].concat());
        let record =
            json!({ "about": { "id": 5, "type": "person", "url": "/v1/people/5", "title": null }, "source": null });
        let value =
            |name: &str| columns.iter().find(|column| column.name() == name).unwrap().value(&record).into_owned();
        assert_eq!(
            ["about_id", "about_type", "about_title", "source_id"].map(value),
            [json!(5), json!("person"), json!(null), json!(null)]
        );
    }

    #[test]
    fn a_column_knows_what_it_holds() {
        let columns = of(&Of::<Documents>::NEW);
        let kind = |name: &str| columns.iter().find(|column| column.name() == name).unwrap().kind.clone();
        let code = |name: &str| Kind::Code(name.to_owned());
        assert_eq!(kind("issued_on"), Kind::Day);
        assert_eq!(kind("created_at"), Kind::Instant);
        assert_eq!(kind("number"), Kind::Number);
        assert_eq!(kind("identity_complete"), Kind::Truth);
        assert_eq!(kind("kind"), code("document_kind"));
        assert_eq!(kind("urgency"), code("urgency"));
        assert_eq!(kind("adopted_by_title"), Kind::List(Box::new(Kind::Text)));
        let due =
            Kind::Object(vec![("activity".to_owned(), code("document_activity")), ("years".to_owned(), Kind::Number)]);
        assert_eq!(kind("review_schedule"), Kind::List(Box::new(due)));
    }

    #[test]
    fn a_person_reads_lists_and_objects_without_brackets() {
        let kind = Kind::List(Box::new(Kind::Object(vec![
            ("activity".to_owned(), Kind::Code("document_activity".to_owned())),
            ("years".to_owned(), Kind::Number),
        ])));
        let value = json!([{ "activity": "popularization", "years": 5 }, { "activity": "other", "years": null }]);
        assert_eq!(readable(&value, &kind, None), "activity: popularization, years: 5; activity: other");
        let labels = Labels::of("documents").unwrap();
        assert_eq!(
            readable(&value, &kind, Some(&labels)),
            "Hoạt động đối với văn bản: phổ biến, Số năm: 5; Hoạt động đối với văn bản: khác"
        );
    }
}
