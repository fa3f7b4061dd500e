//! What makes a document one and the same: its numbering body, kind, number, suffix and numbering period.
//!
//! The rule: what is null the service finds from the rest where only one answer is possible, and finds it anew when what
//! it was found from changes; what the caller says otherwise stays. Here is what needs nothing but the records; the
//! queries are in `store.rs`.

pub mod store;

use super::document::Document;
use super::vocabulary::{DocumentKind, DocumentSystem};
use crate::domain::{Date, Fault, Id};
use crate::organizations::numbering_period::Found;
use crate::organizations::vocabulary::NumberingPeriodKind;

/// Whether two states of a document say the same of its identity, so that nothing needs to be found anew.
#[must_use]
pub fn is_same(before: &Document<Id>, after: &Document<Id>) -> bool {
    let of = |body: &Document<Id>| (body.kind, body.number, body.suffix.clone(), body.numbering_period);
    of(before) == of(after) && before.symbol == after.symbol && is_placed_alike(before, after)
}

/// Whether two states of a document say the same of what its numbering period is found from.
#[must_use]
pub fn is_placed_alike(before: &Document<Id>, after: &Document<Id>) -> bool {
    let of = |body: &Document<Id>| (body.system, body.numbering_body, body.issued_on, body.issued_on_precision);
    of(before) == of(after)
}

/// The first and the last day that the date of a document can mean.
#[must_use]
pub fn days_of(body: &Document<Id>) -> Option<(Date, Date)> {
    body.issued_on.map(|day| day.span(body.issued_on_precision))
}

/// The one period that a document with these days can belong to, or `None` if there is none or there are several. The
/// Party numbers by term, the State by calendar year (Nghị định 30/2020/NĐ-CP).
#[must_use]
pub fn period_of(system: DocumentSystem, (first, last): (Date, Date), periods: &[Found]) -> Option<Id> {
    let by_year = system == DocumentSystem::State;
    let fits =
        |(_, period): &&Found| (period.kind == NumberingPeriodKind::Year) == by_year && period.meets(first, last);
    let mut fitting = periods.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some((id, _)), None) => Some(*id),
        _ => None,
    }
}

/// Checks that the days that the date of a document can mean have one in common with its numbering period.
///
/// # Errors
/// `outside_numbering_period`, naming the period.
pub fn within_period(body: &Document<Id>, period: &Found) -> Result<(), Fault> {
    let Some(((first, last), day)) = days_of(body).zip(body.issued_on) else { return Ok(()) };
    if period.1.meets(first, last) {
        return Ok(());
    }
    let message = format!("{day} is outside the numbering period {}", period.1.described());
    Err(Fault::new("outside_numbering_period", message))
}

/// What is unique within a numbering period. Suffixes that differ in case only are one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Numbered {
    kind: DocumentKind,
    number: i32,
    suffix: String,
}

impl Numbered {
    /// The place of a document among those of its period, if it has a number.
    #[must_use]
    pub fn of(kind: DocumentKind, number: Option<i32>, suffix: &str) -> Option<Self> {
        number.map(|number| Self { kind, number, suffix: suffix.to_lowercase() })
    }
}
