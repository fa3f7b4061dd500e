//! Statistics: figures as sources state them, and whether they agree with themselves.

mod rules;
pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::{QuantityQualifier, StatisticCheck};
use crate::domain::page::SortField;
use crate::domain::{
    Date, DocumentChoice, Faults, Id, Line, LinkField, LinkForm, List, Number, Prose, RecordId, Resource, SearchText,
    ShortList, ToMany,
};

/// A figure as a source states it.
///
/// Numerator, denominator and rate stay what was stated, even where they contradict each other: 771 of 778 stated as
/// 92,2%. `computed_rate` and `check` stand beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Statistic<L> {
    /// What was counted or measured.
    #[schema(example = "Vụ án hình sự được khám phá")]
    pub measure: Line,
    /// Of whom or of what, where it is not the whole of a unit or body.
    #[serde(default)]
    #[schema(example = "Công an và Ban Dân vận cấp tỉnh")]
    pub subject: Option<Line>,
    /// The unit of the figures.
    #[serde(default)]
    #[schema(example = "vụ")]
    pub unit: Option<Line>,
    /// The first day of the period.
    #[serde(default)]
    #[schema(example = "2023-01-01")]
    pub period_from: Option<Date>,
    /// The last day of the period.
    #[serde(default)]
    #[schema(example = "2023-12-31")]
    pub period_to: Option<Date>,
    /// The period in the words of the source.
    #[serde(default)]
    #[schema(example = "năm 2023")]
    pub period_text: Option<Line>,
    /// The count, or the part of a whole.
    #[serde(default)]
    #[schema(example = 771)]
    pub numerator: Option<Number>,
    /// The whole. It is never 0.
    #[serde(default)]
    #[schema(schema_with = rules::denominator_schema)]
    pub denominator: Option<Number>,
    /// The rate in hundredths, as it was stated.
    #[serde(default)]
    #[schema(example = 92.2)]
    pub stated_rate: Option<Number>,
    /// How exactly it was stated.
    #[serde(default)]
    #[schema(example = "exact")]
    pub qualifier: QuantityQualifier,
    /// The figures as they were stated, and no more of the words than that.
    #[serde(default)]
    #[schema(example = "771/778 vụ (đạt 92,2%)")]
    pub raw_text: Option<Line>,
    /// How the publisher put it right later; what was stated at first stays.
    #[serde(default)]
    #[schema(example = "Đính chính: 717/778 vụ.")]
    pub correction_text: Option<Prose<2000>>,
    /// The conference that heard it.
    #[serde(default)]
    pub conference: Option<L>,
    /// The document whose carrying out it is about.
    #[serde(default)]
    pub document: Option<L>,
    /// The initiative that it is about.
    #[serde(default)]
    pub initiative: Option<L>,
    /// The organization whose figure it is.
    #[serde(default)]
    pub organization: Option<L>,
    /// The administrative unit that it is of.
    #[serde(default)]
    pub admin_unit: Option<L>,
    /// The figure of which this one is a part: of all cases, the grave ones.
    #[serde(default)]
    pub part_of: Option<L>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "One number for two measures.")]
    pub note: Option<Prose>,
    /// The rate that numerator and denominator come to, in hundredths, to two decimals.
    #[serde(default)]
    #[schema(example = 99.1)]
    pub computed_rate: Option<Number>,
    /// Whether the stated rate agrees with the computed one, to the last decimal that was stated.
    #[serde(default = "unchecked")]
    #[schema(example = "inconsistent")]
    pub check: StatisticCheck,
}

/// What stands in `check` until it is worked out.
const fn unchecked() -> StatisticCheck {
    StatisticCheck::NotCheckable
}

/// What a list of statistics may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct StatisticFilter {
    /// Heard at this conference.
    #[param(example = 1)]
    pub conference: Option<RecordId>,
    /// About this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// About this initiative.
    #[param(example = 1)]
    pub initiative: Option<RecordId>,
    /// Of this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Of this administrative unit or of one below it.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Part of this figure.
    #[param(example = 1)]
    pub part_of: Option<RecordId>,
    /// That came out so when they were checked.
    #[param(example = "inconsistent")]
    pub check: Option<List<StatisticCheck>>,
    /// Stated so exactly.
    #[param(example = "at_least,about")]
    pub qualifier: Option<List<QuantityQualifier>>,
    /// Whose conference was held by this day; one of no conference, whose period had ended by then.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// Whose measure contains this, whatever the marks and the case.
    #[param(example = "vu an")]
    pub q: Option<SearchText>,
}

/// The collection of statistics.
pub enum Statistics {}

impl Resource for Statistics {
    const TYPE: &'static str = "statistic";
    const COLLECTION: &'static str = "statistics";
    const SCHEMA: &'static str = "Statistic";
    const TAG: &'static str = "results";
    const ABOUT: &'static str = "Figures as sources state them, and whether they agree with themselves.";
    const READ_ONLY: &'static [&'static str] = &["computed_rate", "check"];
    const LINKS: &'static [LinkField] = &[
        LinkField::one("conference", "conference"),
        LinkField::one("document", "document"),
        LinkField::one("initiative", "initiative"),
        LinkField::one("organization", "organization"),
        LinkField::one("admin_unit", "admin_unit"),
        LinkField::one("part_of", "statistic"),
    ];
    const TO_MANY: &'static [ToMany] = &[ToMany::new("parts", "statistic", "part_of")];
    const SORTS: &'static [SortField] = &[SortField { name: "updated_at", column: "updated_at" }];
    const SHORT: &'static [ShortList] = &[
        ShortList::sorted(&["conference"], &["id"]),
        ShortList::sorted(&["document"], &["id"]),
        ShortList::sorted(&["initiative"], &["id"]),
        ShortList::sorted(&["organization"], &["id"]),
        ShortList::sorted(&["part_of"], &["id"]),
        ShortList::sorted(&["check"], &["id"]),
    ];

    type Body<L: LinkForm> = Statistic<L>;
    type Filter = StatisticFilter;

    fn check(body: &Statistic<Id>, faults: &mut Faults) {
        rules::check(body, faults);
    }
}
