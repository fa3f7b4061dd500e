//! People: those in public office who sign documents, speak at conferences, sit on committees.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::page::SortField;
use crate::domain::{Date, Fault, Faults, Line, LinkForm, Prose, RecordId, Resource, SearchText, ToMany};

/// The largest number of other names.
const MOST_NAMES: usize = 20;

/// A person in public office: no more than the name; what was held, and when, are `positions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name, without titles and ranks.
    #[schema(example = "Nguyễn Hòa Bình")]
    pub name: Line,
    /// Other names and spellings in use; `q` finds them too.
    #[serde(default)]
    #[schema(example = json!(["Nguyễn Hoà Bình"]), max_items = 20)]
    pub other_names: Vec<Line>,
    /// Remarks, on public office only.
    #[serde(default)]
    #[schema(example = "Sources spell the name in two ways.")]
    pub note: Option<Prose>,
}

/// What a list of people may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct PersonFilter {
    /// Who has or had a position in this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Who has a position on this day, in the organization if one is given.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// One of whose names contains this, whatever the marks and the case.
    #[param(example = "hoa binh")]
    pub q: Option<SearchText>,
}

/// The collection of people.
pub enum People {}

impl Resource for People {
    const TYPE: &'static str = "person";
    const COLLECTION: &'static str = "people";
    const SCHEMA: &'static str = "Person";
    const TAG: &'static str = "people";
    const ABOUT: &'static str = "People in public office; no birth dates, telephone or card numbers.";
    const TO_MANY: &'static [ToMany] = &[
        ToMany::new("positions", "position", "person"),
        ToMany::new("participations", "participation", "person"),
        ToMany::new("committee_members", "committee_member", "person"),
        ToMany::new("presentations", "conference_document", "presenter"),
        ToMany::new("signed_documents", "document", "signer"),
        ToMany::new("assignments", "assignment", "person"),
        ToMany::new("tasks_issued", "task", "issued_by_person"),
    ];
    const SORTS: &'static [SortField] =
        &[SortField { name: "name", column: "name_sort" }, SortField { name: "updated_at", column: "updated_at" }];

    type Body<L: LinkForm> = Person;
    type Filter = PersonFilter;

    fn check(body: &Person, faults: &mut Faults) {
        if body.other_names.len() > MOST_NAMES {
            faults.field("/other_names", Fault::new("too_many", format!("takes at most {MOST_NAMES}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_twenty_other_names_at_most() {
        let named = |count: usize| {
            let name: Line = Line::new("Nguyễn Hồng Diên").unwrap();
            let mut faults = Faults::default();
            People::check(&Person { other_names: vec![name.clone(); count], name, note: None }, &mut faults);
            faults
        };
        assert!(named(20).is_empty());
        assert_eq!(named(21), Faults::at("/other_names", Fault::new("too_many", "takes at most 20")));
    }

    #[test]
    fn a_person_has_no_field_for_private_matters() {
        for field in ["birth_date", "born_on", "phone", "card_number"] {
            let body = serde_json::json!({ "name": "Nguyễn Hồng Diên", field: "1" });
            let refusal = serde_json::from_value::<Person>(body).unwrap_err().to_string();
            assert!(refusal.starts_with(&format!("unknown field `{field}`")), "{refusal}");
        }
    }
}
