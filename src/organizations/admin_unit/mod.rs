//! Administrative units: provinces, cities, districts (until 2025-06-30), communes, wards.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::AdminUnitType;
use crate::domain::check::check_span;
use crate::domain::page::SortField;
use crate::domain::vocabulary::{Level, Provenance};
use crate::domain::{
    Date, Faults, Id, Line, LinkField, LinkForm, List, Prose, RecordId, Resource, SearchText, ShortList, ToMany,
};

/// An administrative unit of one life: a unit that is merged, renamed or reclassified is another record.
///
/// A code names a unit only together with a day: 82 was Tiền Giang until 2025-06-30 and is Đồng Tháp since
/// (Quyết định 19/2025/QĐ-TTg).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct AdminUnit<L> {
    /// Its code in the national list (Quyết định 19/2025/QĐ-TTg, before it 124/2004/QĐ-TTg).
    #[serde(default)]
    #[schema(example = "34")]
    pub code: Option<Line>,
    /// The first day on which the code meant this unit.
    #[serde(default)]
    #[schema(example = "2025-07-01")]
    pub code_valid_from: Option<Date>,
    /// The last day on which the code meant this unit.
    #[serde(default)]
    #[schema(example = "2025-06-30")]
    pub code_valid_to: Option<Date>,
    /// The name, without the type.
    #[schema(example = "Thái Bình")]
    pub name: Line,
    /// The name with the type.
    #[serde(default)]
    #[schema(example = "Tỉnh Thái Bình")]
    pub full_name: Option<Line>,
    /// Other spellings in use; `q` finds them too.
    #[serde(default)]
    #[schema(example = json!(["Hoà Bình"]))]
    pub name_variants: Vec<Line>,
    /// What sort of unit it is.
    #[schema(example = "province")]
    pub unit_type: AdminUnitType,
    /// Its tier.
    #[schema(example = "province")]
    pub level: Level,
    /// The unit that it is part of.
    #[serde(default)]
    pub parent: Option<L>,
    /// The region it is counted in.
    #[serde(default)]
    #[schema(example = "Đồng bằng sông Hồng")]
    pub region: Option<Line>,
    /// The code in the exchange of electronic documents (Quyết định 20/2020/QĐ-TTg).
    #[serde(default)]
    #[schema(example = "H54")]
    pub edoc_code: Option<Line>,
    /// The first day of its life; null if unknown.
    #[serde(default)]
    #[schema(example = "2025-07-01")]
    pub valid_from: Option<Date>,
    /// The last day of its life; null if it lives or that is unknown.
    #[serde(default)]
    #[schema(example = "2025-06-30")]
    pub valid_to: Option<Date>,
    /// What supports the record.
    #[serde(default)]
    #[schema(example = "found")]
    pub provenance: Option<Provenance>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "Became part of Hưng Yên.")]
    pub note: Option<Prose>,
}

/// What a list of administrative units may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct AdminUnitFilter {
    /// With this code; together with `as_of` it is one unit.
    #[param(example = "82")]
    pub code: Option<Line>,
    /// Any of these types.
    #[param(example = "province,municipality")]
    pub unit_type: Option<List<AdminUnitType>>,
    /// Any of these tiers.
    #[param(example = "province")]
    pub level: Option<List<Level>>,
    /// Directly below this unit.
    #[param(example = 1)]
    pub parent: Option<RecordId>,
    /// Alive at the end of this day.
    #[param(example = "2025-06-30")]
    pub as_of: Option<Date>,
    /// Whose name contains this, whatever the marks and the case.
    #[param(example = "hoa binh")]
    pub q: Option<SearchText>,
}

/// The collection of administrative units.
pub enum AdminUnits {}

impl Resource for AdminUnits {
    const TYPE: &'static str = "admin_unit";
    const COLLECTION: &'static str = "admin-units";
    const SCHEMA: &'static str = "AdminUnit";
    const TAG: &'static str = "organizations";
    const ABOUT: &'static str = "Provinces, cities, districts, communes and wards, each with its life span.";
    const LINKS: &'static [LinkField] = &[LinkField::one("parent", "admin_unit")];
    const TO_MANY: &'static [ToMany] = &[
        ToMany::new("admin_units", "admin_unit", "parent"),
        ToMany::new("organizations", "organization", "admin_unit"),
        ToMany::new("conferences", "conference", "admin_unit"),
        ToMany::new("predecessors", "succession", "to_admin_unit"),
        ToMany::new("successors", "succession", "from_admin_unit"),
    ];
    const SORTS: &'static [SortField] = &[
        SortField { name: "name", column: "name_sort" },
        SortField { name: "code", column: "code_key" },
        SortField { name: "valid_from", column: "valid_from_key" },
        SortField { name: "updated_at", column: "updated_at" },
    ];
    const SHORT: &'static [ShortList] = &[ShortList::few(&["parent"])];

    type Body<L: LinkForm> = AdminUnit<L>;
    type Filter = AdminUnitFilter;

    fn check(body: &AdminUnit<Id>, faults: &mut Faults) {
        check_span("/valid_to", body.valid_from, body.valid_to, faults);
        check_span("/code_valid_to", body.code_valid_from, body.code_valid_to, faults);
    }
}

/// The first and the last day of a span; null is open.
pub type Span = (Option<Date>, Option<Date>);

/// Whether two spans have a day in common.
#[must_use]
pub fn share_a_day(one: Span, other: Span) -> bool {
    let in_order = |from: Option<Date>, to: Option<Date>| from.zip(to).is_none_or(|(from, to)| from <= to);
    in_order(one.0, other.1) && in_order(other.0, one.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_passes_from_one_unit_to_another_from_one_day_to_the_next() {
        let day = |text: &str| text.parse::<Date>().ok();
        let until = (None, day("2025-06-30"));
        assert!(!share_a_day(until, (day("2025-07-01"), None)));
        assert!(!share_a_day((day("2025-07-01"), None), until));
        assert!(share_a_day(until, (day("2025-06-30"), day("2025-12-31"))));
        assert!(share_a_day(until, (None, None)));
        assert!(share_a_day((day("2025-07-01"), None), (day("2030-01-01"), None)));
    }
}
