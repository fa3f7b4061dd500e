//! Numbering periods: the terms, years and legislatures within which a body counts its documents from 1.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::NumberingPeriodKind;
use crate::domain::check::check_span;
use crate::domain::page::SortField;
use crate::domain::vocabulary::Provenance;
use crate::domain::{
    Date, Fault, Faults, Id, Line, LinkForm, List, Parent, Prose, RecordId, Resource, ShortList, ToMany,
};

/// A period within which one body numbers its documents of each kind from 1.
///
/// A Party body's is its term (Quy định 399-QĐ/TW of 2026), a State body's the calendar year (Nghị định 30/2020/NĐ-CP);
/// the years of State bodies are made by the service when the first document of the year is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberingPeriod {
    /// What the period is called: the number of a term, or a year.
    #[schema(example = "XII")]
    pub label: Line,
    /// What it follows.
    #[schema(example = "term")]
    pub kind: NumberingPeriodKind,
    /// Its first day.
    #[schema(example = "2016-01-27")]
    pub valid_from: Date,
    /// Its last day; null while it runs.
    #[serde(default)]
    #[schema(example = "2021-01-30")]
    pub valid_to: Option<Date>,
    /// What supports the record.
    #[serde(default)]
    #[schema(example = "unverified")]
    pub provenance: Option<Provenance>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The first plenum met on the day the period begins.")]
    pub note: Option<Prose>,
}

/// What a list of numbering periods may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct NumberingPeriodFilter {
    /// Of this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Any of these kinds.
    #[param(example = "term")]
    pub kind: Option<List<NumberingPeriodKind>>,
    /// With this label.
    #[param(example = "XII")]
    pub label: Option<Line>,
    /// That hold this day.
    #[param(example = "2018-07-05")]
    pub as_of: Option<Date>,
}

/// The collection of numbering periods.
pub enum NumberingPeriods {}

impl Resource for NumberingPeriods {
    const TYPE: &'static str = "numbering_period";
    const COLLECTION: &'static str = "numbering-periods";
    const SCHEMA: &'static str = "NumberingPeriod";
    const TAG: &'static str = "organizations";
    const ABOUT: &'static str = "The terms, years and legislatures within which a body counts its documents from 1.";
    const PARENT: Option<Parent> = Some(Parent { field: "organization", target: "organization" });
    const TO_MANY: &'static [ToMany] = &[ToMany::new("documents", "document", "numbering_period")];
    const SORTS: &'static [SortField] = &[
        SortField { name: "valid_from", column: "valid_from" },
        SortField { name: "updated_at", column: "updated_at" },
    ];
    const SHORT: &'static [ShortList] =
        &[ShortList::few(&["organization"]), ShortList::few(&["organization", "as_of"])];

    type Body<L: LinkForm> = NumberingPeriod;
    type Filter = NumberingPeriodFilter;

    fn check(body: &NumberingPeriod, faults: &mut Faults) {
        check_span("/valid_to", Some(body.valid_from), body.valid_to, faults);
        body.check_year(faults);
    }
}

impl NumberingPeriod {
    /// A period of the kind `year` is a calendar year, with its label and its days.
    fn check_year(&self, faults: &mut Faults) {
        let Some(year) = Self::of_year(self.valid_from).filter(|_| self.kind == NumberingPeriodKind::Year) else {
            return;
        };
        let mut refuse = |pointer: &str, expected: String| {
            let message = format!("must be {expected} in a period of the kind year that begins on {}", self.valid_from);
            faults.field(pointer, Fault::new("inconsistent", message));
        };
        if self.label != year.label {
            refuse("/label", year.label.to_string());
        }
        if self.valid_from != year.valid_from {
            refuse("/valid_from", year.valid_from.to_string());
        }
        if let Some(last) = year.valid_to.filter(|_| self.valid_to != year.valid_to) {
            refuse("/valid_to", last.to_string());
        }
    }

    /// Whether the days from `first` to `last` and the period have a day in common.
    #[must_use]
    pub fn meets(&self, first: Date, last: Date) -> bool {
        self.valid_from <= last && self.valid_to.is_none_or(|end| first <= end)
    }

    /// The period for a sentence: `XII (2016-01-27 to 2021-01-30)`.
    #[must_use]
    pub fn described(&self) -> String {
        let end = self.valid_to.map_or_else(|| "now".to_owned(), |end| end.to_string());
        format!("{} ({} to {end})", self.label, self.valid_from)
    }

    /// The period of a State body for one calendar year (Nghị định 30/2020/NĐ-CP, numbering from 01/01 to 31/12).
    #[must_use]
    pub fn of_year(day: Date) -> Option<Self> {
        let on = |month, of_month| {
            chrono::NaiveDate::from_ymd_opt(day.year(), month, of_month).and_then(|day| Date::new(day).ok())
        };
        Some(Self {
            label: Line::new(&day.year().to_string()).ok()?,
            kind: NumberingPeriodKind::Year,
            valid_from: on(1, 1)?,
            valid_to: on(12, 31),
            provenance: None,
            note: None,
        })
    }
}

/// The id of the period and what it says.
pub type Found = (Id, NumberingPeriod);
