//! Holidays: the days on which offices rest, and those on which they work instead, kept as data.

mod calendar;
pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use self::calendar::Calendar;
use super::vocabulary::HolidayKind;
use crate::domain::page::SortField;
use crate::domain::vocabulary::Provenance;
use crate::domain::{Date, Line, LinkForm, List, Prose, Resource, SearchText, ShortList};

/// A day on which offices rest, or a day of rest on which they work instead.
///
/// Working days are counted by these. Public holidays follow from the Labour Code (Bộ luật 45/2019/QH14, article 112; before
/// 2021 Bộ luật 10/2012/QH13, article 115); which days are exchanged, and on which days before and after the lunar new year
/// offices rest, is decided each year. A Saturday and a Sunday need no record. A year of which fewer than five holidays are
/// recorded counts as unknown. No day is recorded as both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day.
    #[schema(example = "2025-05-02")]
    pub day: Date,
    /// What it is called.
    #[schema(example = "Nghỉ hoán đổi (làm bù ngày 26/4/2025)")]
    pub name: Line,
    /// Whether offices rest or work.
    #[serde(default)]
    #[schema(example = "holiday")]
    pub kind: HolidayKind,
    /// What it rests on.
    #[serde(default)]
    #[schema(example = "Bộ luật 45/2019/QH14, Điều 112")]
    pub legal_basis: Option<Line>,
    /// What supports the record.
    #[serde(default)]
    #[schema(example = "secondary")]
    pub provenance: Option<Provenance>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "Not announced yet.")]
    pub note: Option<Prose>,
}

/// What a list of holidays may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct HolidayFilter {
    /// On or after this day.
    #[param(example = "2025-01-01")]
    pub day_from: Option<Date>,
    /// On or before this day.
    #[param(example = "2025-12-31")]
    pub day_to: Option<Date>,
    /// Any of these kinds.
    #[param(example = "holiday")]
    pub kind: Option<List<HolidayKind>>,
    /// Supported by any of these.
    #[param(example = "unverified")]
    pub provenance: Option<List<Provenance>>,
    /// On or before this day.
    #[param(example = "2025-12-31")]
    pub as_of: Option<Date>,
    /// Whose name contains this, whatever the marks and the case.
    #[param(example = "tet")]
    pub q: Option<SearchText>,
}

/// The collection of holidays.
pub enum Holidays {}

impl Resource for Holidays {
    const TYPE: &'static str = "holiday";
    const COLLECTION: &'static str = "holidays";
    const SCHEMA: &'static str = "Holiday";
    const TAG: &'static str = "tasks";
    const ABOUT: &'static str = "The days on which offices rest, and those on which they work instead.";
    const SORTS: &'static [SortField] =
        &[SortField { name: "day", column: "day" }, SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[ShortList::sorted(&[], &["day"]).bounded(&["day_from", "day_to"])];

    type Body<L: LinkForm> = Holiday;
    type Filter = HolidayFilter;
}
