//! Claims: what a source says about a record, or about one of its fields.

mod about;
pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, PartialSchema, ToSchema};

pub use self::about::About;
use super::vocabulary::RecordType;
use crate::domain::page::SortField;
use crate::domain::{Date, Fault, Faults, Id, Line, LinkField, LinkForm, Parent, Prose, RecordId, Resource, ShortList};

/// What one source says about one record.
///
/// Claims about one field may disagree: a caption may name another giver of an award than the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
#[schema(bound = "L: LinkForm")]
pub struct Claim<L> {
    /// The record that it is about, of any type.
    #[schema(schema_with = About::<L>::schema)]
    pub about: About<L>,
    /// The field of that record; null where it is about the record as a whole.
    #[serde(default)]
    #[schema(example = "held_from")]
    pub field: Option<Line>,
    /// The value that the source gives the field, as text.
    #[serde(default)]
    #[schema(example = "2018-07-16")]
    pub value: Option<Prose<2000>>,
    /// The words of the source, where they may be kept.
    #[serde(default)]
    #[schema(example = "Chiều ngày 16/7")]
    pub quote: Option<Prose<2000>>,
    /// Where the words begin: how many characters of the text stand before them. It needs a length.
    #[serde(default)]
    #[schema(example = 73, minimum = 0)]
    pub offset: Option<i32>,
    /// How many characters they are. It needs an offset.
    #[serde(default)]
    #[schema(example = 15, minimum = 1)]
    pub length: Option<i32>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The caption of the photograph says otherwise.")]
    pub note: Option<Prose>,
}

/// What a list of claims may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimFilter {
    /// Of this source.
    #[param(example = 1)]
    pub source: Option<RecordId>,
    /// About a record of this type.
    #[param(example = "conference")]
    pub about_type: Option<RecordType>,
    /// About the record with this number; it needs `about_type`.
    #[param(example = 1)]
    pub about_id: Option<RecordId>,
    /// About this field.
    #[param(example = "held_from")]
    pub field: Option<Line>,
    /// Whose source was published by this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of claims.
pub enum Claims {}

impl Resource for Claims {
    const TYPE: &'static str = "claim";
    const COLLECTION: &'static str = "claims";
    const SCHEMA: &'static str = "Claim";
    const TAG: &'static str = "sources";
    const ABOUT: &'static str = "Which publication says what about which record, and where in its text.";
    const PARENT: Option<Parent> = Some(Parent { field: "source", target: "source" });
    const LINKS: &'static [LinkField] = &[LinkField::one("about", "*")];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[ShortList::few(&["source"]), ShortList::few(&["about_type", "about_id"])];

    type Body<L: LinkForm> = Claim<L>;
    type Filter = ClaimFilter;

    fn check(body: &Claim<Id>, faults: &mut Faults) {
        if body.offset.is_some_and(|offset| offset < 0) {
            faults.field("/offset", Fault::new("out_of_range", "must be 0 or more"));
        }
        if body.length.is_some_and(|length| length < 1) {
            faults.field("/length", Fault::new("out_of_range", "must be 1 or more"));
        }
        match (body.offset, body.length) {
            (Some(_), None) => faults.field("/length", Fault::new("missing", "is needed where there is an offset")),
            (None, Some(_)) => faults.field("/offset", Fault::new("missing", "is needed where there is a length")),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn found(fields: Value) -> Faults {
        let mut whole = json!({ "about": { "type": "conference", "id": 5 } });
        whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let mut faults = Faults::default();
        Claims::check(&serde_json::from_value(whole).unwrap(), &mut faults);
        faults
    }

    #[test]
    fn a_place_in_the_text_has_a_beginning_and_a_length() {
        assert!(found(json!({})).is_empty());
        assert!(found(json!({ "offset": 0, "length": 1 })).is_empty());
        let fault = Fault::new("missing", "is needed where there is an offset");
        assert_eq!(found(json!({ "offset": 73 })), Faults::at("/length", fault));
        let fault = Fault::new("missing", "is needed where there is a length");
        assert_eq!(found(json!({ "length": 15 })), Faults::at("/offset", fault));
    }

    #[test]
    fn a_place_in_the_text_is_neither_before_it_nor_empty() {
        let fault = Fault::new("out_of_range", "must be 0 or more");
        assert_eq!(found(json!({ "offset": -1, "length": 15 })), Faults::at("/offset", fault));
        let fault = Fault::new("out_of_range", "must be 1 or more");
        assert_eq!(found(json!({ "offset": 73, "length": 0 })), Faults::at("/length", fault));
    }
}
