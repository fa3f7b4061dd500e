//! Committee members: who sits on a steering committee, a task force or any other committee, and as what.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::CommitteeRole;
use crate::domain::check::check_span;
use crate::domain::page::SortField;
use crate::domain::{
    Date, Fault, Faults, Id, Line, LinkField, LinkForm, List, Parent, Prose, RecordId, Resource, ShortList,
};

/// A seat on a committee, held by a person, by an organization, or by whom only the words of the source tell.
///
/// Many seats belong to an office: whoever holds it sits on the committee, which `ex_officio_title` keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct CommitteeMember<L> {
    /// The person who holds the seat.
    #[serde(default)]
    pub person: Option<L>,
    /// The organization that holds the seat.
    #[serde(default)]
    pub member_organization: Option<L>,
    /// Who holds the seat, in the words of the source.
    #[serde(default)]
    #[schema(example = "đại diện lãnh đạo Ban Dân vận Trung ương")]
    pub member_text: Option<Line>,
    /// What the member is on the committee.
    #[schema(example = "head")]
    pub role: CommitteeRole,
    /// The office that brings the seat with it.
    #[serde(default)]
    #[schema(example = "Thứ trưởng Bộ Công an")]
    pub ex_officio_title: Option<Line>,
    /// The first day on the committee; null if unknown.
    #[serde(default)]
    #[schema(example = "2017-02-20")]
    pub valid_from: Option<Date>,
    /// The last day on the committee; null if it lasts or that is unknown.
    #[serde(default)]
    #[schema(example = "2021-04-07")]
    pub valid_to: Option<Date>,
    /// The document that appointed the member.
    #[serde(default)]
    pub established_by: Option<L>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "Announced on 2017-02-20.")]
    pub note: Option<Prose>,
}

/// What a list of committee members may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct CommitteeMemberFilter {
    /// Of this committee.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Held by this person.
    #[param(example = 1)]
    pub person: Option<RecordId>,
    /// Held by this organization.
    #[param(example = 1)]
    pub member_organization: Option<RecordId>,
    /// With any of these roles.
    #[param(example = "head,deputy")]
    pub role: Option<List<CommitteeRole>>,
    /// Held at the end of this day.
    #[param(example = "2018-07-16")]
    pub as_of: Option<Date>,
}

/// The collection of committee members.
pub enum CommitteeMembers {}

impl Resource for CommitteeMembers {
    const TYPE: &'static str = "committee_member";
    const COLLECTION: &'static str = "committee-members";
    const SCHEMA: &'static str = "CommitteeMember";
    const TAG: &'static str = "organizations";
    const ABOUT: &'static str = "Who sits on a committee: people, organizations, holders of an office.";
    const PARENT: Option<Parent> = Some(Parent { field: "organization", target: "organization" });
    const LINKS: &'static [LinkField] = &[
        LinkField::one("person", "person"),
        LinkField::one("member_organization", "organization"),
        LinkField::one("established_by", "document"),
    ];
    const SORTS: &'static [SortField] = &[
        SortField { name: "valid_from", column: "valid_from_key" },
        SortField { name: "updated_at", column: "updated_at" },
    ];
    const SHORT: &'static [ShortList] = &[
        ShortList::few(&["organization"]),
        ShortList::few(&["organization", "as_of"]),
        ShortList::few(&["person"]),
        ShortList::few(&["person", "as_of"]),
        ShortList::few(&["member_organization"]),
        ShortList::few(&["member_organization", "as_of"]),
    ];

    type Body<L: LinkForm> = CommitteeMember<L>;
    type Filter = CommitteeMemberFilter;

    fn check(body: &CommitteeMember<Id>, faults: &mut Faults) {
        if body.person.is_none() && body.member_organization.is_none() && body.member_text.is_none() {
            let message = "is needed where there is neither member_organization nor member_text";
            faults.field("/person", Fault::new("missing", message));
        }
        check_span("/valid_to", body.valid_from, body.valid_to, faults);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(person: Option<Id>, member_text: Option<&str>) -> CommitteeMember<Id> {
        CommitteeMember {
            person,
            member_organization: None,
            member_text: member_text.map(|text| Line::new(text).unwrap()),
            role: CommitteeRole::Member,
            ex_officio_title: None,
            valid_from: "2017-02-20".parse().ok(),
            valid_to: None,
            established_by: None,
            note: None,
        }
    }

    fn faults_of(body: &CommitteeMember<Id>) -> Vec<String> {
        let mut faults = Faults::default();
        CommitteeMembers::check(body, &mut faults);
        faults.0.into_iter().map(|(place, fault)| format!("{place:?} {}", fault.code)).collect()
    }

    #[test]
    fn somebody_holds_the_seat() {
        assert!(faults_of(&member(Some(1), None)).is_empty());
        assert!(faults_of(&member(None, Some("đại diện Ban Dân vận Trung ương"))).is_empty());
        assert_eq!(faults_of(&member(None, None)), [r#"Pointer("/person") missing"#]);
    }

    #[test]
    fn a_seat_is_not_left_before_it_is_taken() {
        let body = CommitteeMember { valid_to: "2017-02-19".parse().ok(), ..member(Some(1), None) };
        assert_eq!(faults_of(&body), [r#"Pointer("/valid_to") inconsistent"#]);
    }
}
