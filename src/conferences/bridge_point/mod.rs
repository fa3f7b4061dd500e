//! Bridge points (điểm cầu): the places joined to an online conference.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::check::check_any;
use crate::domain::page::SortField;
use crate::domain::{
    Date, Faults, Id, Line, LinkField, LinkForm, Parent, Prose, RecordId, Resource, ShortList, ToMany,
};

/// A place from which people took part in a conference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct BridgePoint<L> {
    /// What the source calls it.
    #[serde(default)]
    #[schema(example = "Điểm cầu Thái Bình")]
    pub name: Option<Line>,
    /// The administrative unit that it served.
    #[serde(default)]
    pub admin_unit: Option<L>,
    /// The organization that it served.
    #[serde(default)]
    pub organization: Option<L>,
    /// Where it was.
    #[serde(default)]
    #[schema(example = "Hội trường Tỉnh ủy")]
    pub place: Option<Line>,
    /// Whether the conference was led from it.
    #[serde(default)]
    #[schema(example = false)]
    pub main: bool,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "One of an unknown number of bridge points.")]
    pub note: Option<Prose>,
}

/// What a list of bridge points may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct BridgePointFilter {
    /// Of this conference.
    #[param(example = 1)]
    pub conference: Option<RecordId>,
    /// Of this administrative unit or of one below it.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Of this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Only main sites, or only the others.
    #[param(example = true)]
    pub main: Option<bool>,
    /// Whose conference was held by this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

/// The collection of bridge points.
pub enum BridgePoints {}

impl Resource for BridgePoints {
    const TYPE: &'static str = "bridge_point";
    const COLLECTION: &'static str = "bridge-points";
    const SCHEMA: &'static str = "BridgePoint";
    const TAG: &'static str = "conferences";
    const ABOUT: &'static str = "The places (điểm cầu) that were joined to a conference by video.";
    const PARENT: Option<Parent> = Some(Parent { field: "conference", target: "conference" });
    const LINKS: &'static [LinkField] =
        &[LinkField::one("admin_unit", "admin_unit"), LinkField::one("organization", "organization")];
    const TO_MANY: &'static [ToMany] = &[ToMany::new("participations", "participation", "bridge_point")];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] =
        &[ShortList::few(&["conference"]), ShortList::sorted(&["organization"], &["id"])];

    type Body<L: LinkForm> = BridgePoint<L>;
    type Filter = BridgePointFilter;

    fn check(body: &BridgePoint<Id>, faults: &mut Faults) {
        let named = [
            ("name", body.name.is_some()),
            ("admin_unit", body.admin_unit.is_some()),
            ("organization", body.organization.is_some()),
        ];
        check_any(&named, faults);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Fault;

    #[test]
    fn a_place_alone_does_not_name_a_bridge_point() {
        let found = |fields| {
            let mut faults = Faults::default();
            BridgePoints::check(&serde_json::from_value(fields).unwrap(), &mut faults);
            faults
        };
        let fault = Fault::new("missing", "is needed where there is no admin_unit and no organization");
        assert_eq!(found(json!({ "place": "Hội trường Tỉnh ủy" })), Faults::at("/name", fault));
        assert!(found(json!({ "admin_unit": 34 })).is_empty());
    }
}
