//! Positions: the offices that people held, as far as the sources date them.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::check::check_span;
use crate::domain::page::SortField;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{
    Date, Fault, Faults, Id, Line, LinkField, LinkForm, Parent, Prose, RecordId, Resource, SearchText, ShortList,
};

/// An office that a person held. One person holds several at once, and they change over time.
///
/// An article rarely tells when an office began: then `stated_on` keeps the day on which it shows it held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Position<L> {
    /// What the office is called.
    #[schema(example = "Phó Bí thư Thường trực Tỉnh ủy")]
    pub title: Line,
    /// The organization that it is in.
    #[serde(default)]
    pub organization: Option<L>,
    /// The organization that it is in, in the words of the source.
    #[serde(default)]
    #[schema(example = "Tỉnh ủy")]
    pub organization_text: Option<Line>,
    /// The first day in office; null if unknown.
    #[serde(default)]
    #[schema(example = "2018-03-01")]
    pub valid_from: Option<Date>,
    /// How much of `valid_from` is known; null means the whole date.
    #[serde(default)]
    #[schema(example = "month")]
    pub valid_from_precision: Option<DatePrecision>,
    /// The last day in office; null if it is held or that is unknown.
    #[serde(default)]
    #[schema(example = "2020-05-08")]
    pub valid_to: Option<Date>,
    /// How much of `valid_to` is known; null means the whole date.
    #[serde(default)]
    #[schema(example = "day")]
    pub valid_to_precision: Option<DatePrecision>,
    /// A day on which a source shows it held.
    #[serde(default)]
    #[schema(example = "2018-07-16")]
    pub stated_on: Option<Date>,
    /// Remarks, on public office only.
    #[serde(default)]
    #[schema(example = "Also stated on 2018-07-16.")]
    pub note: Option<Prose>,
}

/// What a list of positions may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct PositionFilter {
    /// Of this person.
    #[param(example = 1)]
    pub person: Option<RecordId>,
    /// In this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// Held on this day, as far as is known: an unknown beginning or end excludes nothing, and a post ends with its body.
    #[param(example = "2018-07-16")]
    pub as_of: Option<Date>,
    /// Shown held on this day or a later one.
    #[param(example = "2018-01-01")]
    pub stated_from: Option<Date>,
    /// Shown held on this day or an earlier one.
    #[param(example = "2018-12-31")]
    pub stated_to: Option<Date>,
    /// Whose title contains this, whatever the marks and the case.
    #[param(example = "bi thu")]
    pub q: Option<SearchText>,
}

/// The collection of positions.
pub enum Positions {}

impl Resource for Positions {
    const TYPE: &'static str = "position";
    const COLLECTION: &'static str = "positions";
    const SCHEMA: &'static str = "Position";
    const TAG: &'static str = "people";
    const ABOUT: &'static str = "The offices that people held, as far as the sources date them.";
    const PARENT: Option<Parent> = Some(Parent { field: "person", target: "person" });
    const LINKS: &'static [LinkField] = &[LinkField::one("organization", "organization")];
    const SORTS: &'static [SortField] = &[
        SortField { name: "valid_from", column: "valid_from_key" },
        SortField { name: "updated_at", column: "updated_at" },
    ];
    const SHORT: &'static [ShortList] = &[ShortList::few(&["person"]), ShortList::sorted(&["organization"], &["id"])];

    type Body<L: LinkForm> = Position<L>;
    type Filter = PositionFilter;

    fn check(body: &Position<Id>, faults: &mut Faults) {
        let dates = [
            ("valid_from", body.valid_from, body.valid_from_precision),
            ("valid_to", body.valid_to, body.valid_to_precision),
        ];
        for (field, date, precision) in dates {
            if date.is_none() && precision.is_some() {
                let fault = Fault::new("inconsistent", format!("must be null where there is no {field}"));
                faults.field(format!("/{field}_precision"), fault);
            }
        }
        let last = body.valid_to.map(|date| date.span(body.valid_to_precision).1);
        check_span("/valid_to", body.valid_from, last, faults);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(from: Option<&str>, to: Option<&str>, to_precision: Option<DatePrecision>) -> Position<Id> {
        Position {
            title: Line::new("Bí thư Tỉnh ủy").unwrap(),
            organization: None,
            organization_text: None,
            valid_from: from.map(|day| day.parse().unwrap()),
            valid_from_precision: None,
            valid_to: to.map(|day| day.parse().unwrap()),
            valid_to_precision: to_precision,
            stated_on: None,
            note: None,
        }
    }

    fn faults_of(body: &Position<Id>) -> Vec<String> {
        let mut faults = Faults::default();
        Positions::check(body, &mut faults);
        faults.0.into_iter().map(|(place, fault)| format!("{place:?} {}", fault.code)).collect()
    }

    #[test]
    fn an_office_is_not_left_before_it_is_taken() {
        let body = held(Some("2018-03-10"), Some("2018-03-09"), None);
        assert_eq!(faults_of(&body), [r#"Pointer("/valid_to") inconsistent"#]);
    }

    #[test]
    fn an_end_known_to_the_month_may_stand_on_its_first_day() {
        assert!(faults_of(&held(Some("2018-03-10"), Some("2018-03-01"), Some(DatePrecision::Month))).is_empty());
        let body = held(Some("2018-03-10"), Some("2018-02-01"), Some(DatePrecision::Month));
        assert_eq!(faults_of(&body), [r#"Pointer("/valid_to") inconsistent"#]);
    }

    #[test]
    fn there_is_no_precision_without_a_date() {
        let body = held(Some("2018-03-10"), None, Some(DatePrecision::Year));
        assert_eq!(faults_of(&body), [r#"Pointer("/valid_to_precision") inconsistent"#]);
    }
}
