//! Successions: what became of administrative units and organizations that ended, and what they came from.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::SuccessionKind;
use crate::domain::page::SortField;
use crate::domain::vocabulary::Provenance;
use crate::domain::{Date, Fault, Faults, Id, Line, LinkField, LinkForm, List, Prose, RecordId, Resource, ShortList};

/// One step from a unit or organization to the one that took its place; several together make a merger or a split.
///
/// It names either two administrative units or two organizations. What is established may come from nothing, what is
/// abolished may lead to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Succession<L> {
    /// What happened.
    #[schema(example = "merged")]
    pub kind: SuccessionKind,
    /// The administrative unit that ended or changed; null only for one that was established from nothing.
    #[serde(default)]
    pub from_admin_unit: Option<L>,
    /// The administrative unit that took its place; null only where there is none.
    #[serde(default)]
    pub to_admin_unit: Option<L>,
    /// The organization that ended or changed; null only for one that was established from nothing.
    #[serde(default)]
    pub from_organization: Option<L>,
    /// The organization that took its place; null only where there is none.
    #[serde(default)]
    pub to_organization: Option<L>,
    /// The first day of the new state.
    #[schema(example = "2025-07-01")]
    pub effective_on: Date,
    /// The document that ordered it.
    #[serde(default)]
    pub legal_basis: Option<L>,
    /// The document that ordered it, as printed.
    #[serde(default)]
    #[schema(example = "Nghị quyết số 202/2025/QH15")]
    pub legal_basis_text: Option<Line>,
    /// What supports the record.
    #[serde(default)]
    #[schema(example = "found")]
    pub provenance: Option<Provenance>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The day was not verified.")]
    pub note: Option<Prose>,
}

/// What a list of successions may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct SuccessionFilter {
    /// Any of these kinds.
    #[param(example = "merged,split")]
    pub kind: Option<List<SuccessionKind>>,
    /// From this administrative unit.
    #[param(example = 1)]
    pub from_admin_unit: Option<RecordId>,
    /// To this administrative unit.
    #[param(example = 1)]
    pub to_admin_unit: Option<RecordId>,
    /// From this organization.
    #[param(example = 1)]
    pub from_organization: Option<RecordId>,
    /// To this organization.
    #[param(example = 1)]
    pub to_organization: Option<RecordId>,
    /// From this administrative unit or to it.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// From this organization or to it.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// In effect from this day or a later one.
    #[param(example = "2025-01-01")]
    pub effective_from: Option<Date>,
    /// In effect from this day or an earlier one.
    #[param(example = "2025-12-31")]
    pub effective_to: Option<Date>,
    /// In effect on this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of successions.
pub enum Successions {}

impl Resource for Successions {
    const TYPE: &'static str = "succession";
    const COLLECTION: &'static str = "successions";
    const SCHEMA: &'static str = "Succession";
    const TAG: &'static str = "organizations";
    const ABOUT: &'static str = "What became of administrative units and organizations, many to many.";
    const LINKS: &'static [LinkField] = &[
        LinkField::one("from_admin_unit", "admin_unit"),
        LinkField::one("to_admin_unit", "admin_unit"),
        LinkField::one("from_organization", "organization"),
        LinkField::one("to_organization", "organization"),
        LinkField::one("legal_basis", "document"),
    ];
    const SORTS: &'static [SortField] = &[
        SortField { name: "effective_on", column: "effective_on" },
        SortField { name: "updated_at", column: "updated_at" },
    ];
    const SHORT: &'static [ShortList] = &[
        ShortList::few(&["from_admin_unit"]),
        ShortList::few(&["to_admin_unit"]),
        ShortList::few(&["from_organization"]),
        ShortList::few(&["to_organization"]),
    ];

    type Body<L: LinkForm> = Succession<L>;
    type Filter = SuccessionFilter;

    fn check(body: &Succession<Id>, faults: &mut Faults) {
        let of_units = body.from_admin_unit.is_some() || body.to_admin_unit.is_some();
        let of_organizations = body.from_organization.is_some() || body.to_organization.is_some();
        if of_units && of_organizations {
            let pointer = if body.to_organization.is_some() { "/to_organization" } else { "/from_organization" };
            faults.field(pointer, Fault::new("inconsistent", "must be null where an administrative unit is named"));
        } else if of_organizations {
            check_pair(body.kind, "organization", body.from_organization, body.to_organization, faults);
        } else {
            check_pair(body.kind, "admin_unit", body.from_admin_unit, body.to_admin_unit, faults);
        }
    }
}

/// Checks the two sides of a succession, whose fields are `from_{what}` and `to_{what}`.
fn check_pair(kind: SuccessionKind, what: &str, from: Option<Id>, to: Option<Id>, faults: &mut Faults) {
    if from.is_none() && (to.is_none() || kind != SuccessionKind::Established) {
        faults.field(format!("/from_{what}"), Fault::new("missing", "is needed unless the kind is established"));
    }
    if to.is_none() && (from.is_none() || kind != SuccessionKind::Abolished) {
        faults.field(format!("/to_{what}"), Fault::new("missing", "is needed unless the kind is abolished"));
    }
    if from.is_some() && from == to {
        faults.field(format!("/to_{what}"), Fault::new("inconsistent", format!("must not be the same as from_{what}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(kind: SuccessionKind, units: [Option<Id>; 2], organizations: [Option<Id>; 2]) -> Vec<String> {
        let body = Succession {
            kind,
            from_admin_unit: units[0],
            to_admin_unit: units[1],
            from_organization: organizations[0],
            to_organization: organizations[1],
            effective_on: "2025-07-01".parse().unwrap(),
            legal_basis: None,
            legal_basis_text: None,
            provenance: None,
            note: None,
        };
        let mut faults = Faults::default();
        Successions::check(&body, &mut faults);
        faults.0.into_iter().map(|(place, fault)| format!("{place:?} {}", fault.code)).collect()
    }

    const NONE: [Option<Id>; 2] = [None, None];

    #[test]
    fn a_succession_is_of_units_or_of_organizations() {
        let merged = SuccessionKind::Merged;
        assert!(faults_of(merged, [Some(1), Some(2)], NONE).is_empty());
        assert!(faults_of(merged, NONE, [Some(1), Some(2)]).is_empty());
        assert_eq!(
            faults_of(merged, [Some(1), Some(2)], [Some(1), None]),
            [r#"Pointer("/from_organization") inconsistent"#]
        );
        let nothing = [r#"Pointer("/from_admin_unit") missing"#, r#"Pointer("/to_admin_unit") missing"#];
        assert_eq!(faults_of(merged, NONE, NONE), nothing);
        assert_eq!(faults_of(SuccessionKind::Established, NONE, NONE), nothing);
    }

    #[test]
    fn only_what_is_established_comes_from_nothing() {
        assert!(faults_of(SuccessionKind::Established, [None, Some(2)], NONE).is_empty());
        assert_eq!(
            faults_of(SuccessionKind::Abolished, NONE, [None, Some(2)]),
            [r#"Pointer("/from_organization") missing"#]
        );
    }

    #[test]
    fn only_what_is_abolished_leads_to_nothing() {
        assert!(faults_of(SuccessionKind::Abolished, NONE, [Some(1), None]).is_empty());
        assert_eq!(faults_of(SuccessionKind::Renamed, [Some(1), None], NONE), [r#"Pointer("/to_admin_unit") missing"#]);
    }

    #[test]
    fn nothing_succeeds_itself() {
        assert_eq!(
            faults_of(SuccessionKind::Renamed, [Some(1), Some(1)], NONE),
            [r#"Pointer("/to_admin_unit") inconsistent"#]
        );
    }
}
