//! Who took part in conferences: people, organizations, groups without names.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::ParticipationRole;
use crate::domain::check::{check_any, check_codes, check_range};
use crate::domain::page::SortField;
use crate::domain::{
    Date, Fault, Faults, Id, Line, LinkField, LinkForm, List, Parent, Prose, RecordId, Resource, ShortList,
};

/// Somebody's part in a conference.
///
/// The offices are kept as the source stated them on the day, beside the person's `positions`, which may come to be
/// dated better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Participation<L> {
    /// The person.
    #[serde(default)]
    pub person: Option<L>,
    /// The organization; with a person, the one that the person stood for.
    #[serde(default)]
    pub organization: Option<L>,
    /// A group in the words of the source.
    #[serde(default)]
    #[schema(example = "thủ trưởng các sở, ban, ngành, đoàn thể của tỉnh")]
    pub group_text: Option<Line>,
    /// What they did: one role or several.
    #[schema(example = json!(["chair", "concluding_speaker"]), min_items = 1, max_items = 12)]
    pub roles: Vec<ParticipationRole>,
    /// The bridge point, of the same conference, at which they sat.
    #[serde(default)]
    pub bridge_point: Option<L>,
    /// The offices that the source states.
    #[serde(default = "Vec::new")]
    #[schema(example = json!(["Phó Bí thư Tỉnh ủy", "Chủ tịch UBND tỉnh"]), max_items = 20)]
    pub positions_as_stated: Vec<Line>,
    /// A military or police rank, which is no office.
    #[serde(default)]
    #[schema(example = "Trung tướng")]
    pub rank_title: Option<Line>,
    /// The form of address.
    #[serde(default)]
    #[schema(example = "đồng chí")]
    pub honorific: Option<Line>,
    /// How many they were, as the source says.
    #[serde(default)]
    #[schema(example = 340, minimum = 1, maximum = 10_000_000)]
    pub head_count: Option<i32>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The source names no office.")]
    pub note: Option<Prose>,
}

/// What a list of participations may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ParticipationFilter {
    /// In this conference.
    #[param(example = 1)]
    pub conference: Option<RecordId>,
    /// Of this person.
    #[param(example = 7)]
    pub person: Option<RecordId>,
    /// Of this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// At this bridge point.
    #[param(example = 1)]
    pub bridge_point: Option<RecordId>,
    /// In any of these roles.
    #[param(example = "chair,co_chair")]
    pub role: Option<List<ParticipationRole>>,
    /// Whose conference was held by this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of participations.
pub enum Participations {}

impl Resource for Participations {
    const TYPE: &'static str = "participation";
    const COLLECTION: &'static str = "participations";
    const SCHEMA: &'static str = "Participation";
    const TAG: &'static str = "conferences";
    const ABOUT: &'static str = "Who took part in a conference, in which roles, and from which bridge point.";
    const PARENT: Option<Parent> = Some(Parent { field: "conference", target: "conference" });
    const LINKS: &'static [LinkField] = &[
        LinkField::one("person", "person"),
        LinkField::one("organization", "organization"),
        LinkField::one("bridge_point", "bridge_point"),
    ];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[
        ShortList::few(&["conference"]),
        ShortList::few(&["bridge_point"]),
        ShortList::sorted(&["person"], &["id"]),
        ShortList::sorted(&["organization"], &["id"]),
    ];

    type Body<L: LinkForm> = Participation<L>;
    type Filter = ParticipationFilter;

    fn check(body: &Participation<Id>, faults: &mut Faults) {
        let named = [
            ("person", body.person.is_some()),
            ("organization", body.organization.is_some()),
            ("group_text", body.group_text.is_some()),
        ];
        check_any(&named, faults);
        if body.roles.is_empty() {
            faults.field("/roles", Fault::new("empty", "must name at least one role"));
        }
        check_codes("/roles", &body.roles, 12, faults);
        if body.positions_as_stated.len() > 20 {
            faults.field("/positions_as_stated", Fault::new("too_many", "takes at most 20"));
        }
        check_range("/head_count", body.head_count, 1, 10_000_000, faults);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn found(fields: Value) -> Faults {
        let mut faults = Faults::default();
        Participations::check(&serde_json::from_value(fields).unwrap(), &mut faults);
        faults
    }

    #[test]
    fn a_person_an_organization_or_a_group_took_part() {
        let fault = Fault::new("missing", "is needed where there is no organization and no group_text");
        assert_eq!(found(json!({ "roles": ["attendee"] })), Faults::at("/person", fault));
        assert!(found(json!({ "roles": ["attendee"], "group_text": "nhiều địa phương" })).is_empty());
    }

    #[test]
    fn somebody_who_took_part_did_something() {
        let fault = Fault::new("empty", "must name at least one role");
        assert_eq!(found(json!({ "person": 1, "roles": [] })), Faults::at("/roles", fault));
        let fault = Fault::new("inconsistent", "names a code twice");
        assert_eq!(found(json!({ "person": 1, "roles": ["chair", "chair"] })), Faults::at("/roles/1", fault));
    }

    #[test]
    fn a_group_has_at_least_one_head() {
        let fault = Fault::new("out_of_range", "must be from 1 to 10000000");
        let fields = json!({ "group_text": "đại biểu", "roles": ["attendee"], "head_count": 0 });
        assert_eq!(found(fields), Faults::at("/head_count", fault));
    }

    #[test]
    fn more_than_20_offices_are_refused() {
        let fields = json!({ "person": 1, "roles": ["chair"], "positions_as_stated": vec!["Bí thư"; 21] });
        assert_eq!(found(fields), Faults::at("/positions_as_stated", Fault::new("too_many", "takes at most 20")));
    }
}
