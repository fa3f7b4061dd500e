//! What makes a document one and the same: its numbering body, kind, number, suffix and numbering period.
//!
//! The rule: what is null the service finds from the rest where only one answer is possible, and finds it anew when what
//! it was found from changes; what the caller says otherwise stays. Here is what needs nothing but the records; the
//! queries are in `store.rs`.

pub mod store;

use super::document::Document;
use super::document::rules::{check_number, composed_symbol};
use super::vocabulary::{DocumentKind, DocumentSystem};
use crate::domain::fault::Warning;
use crate::domain::{Date, Fault, Id};
use crate::organizations::numbering_period::Found;
use crate::organizations::organization::store::Issuer;
use crate::organizations::vocabulary::NumberingPeriodKind;
use crate::text::{SymbolParts, fold, read_symbol};

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

/// Takes the number and the suffix that are not given from a symbol that is of this kind and issuer.
pub fn read_number(body: &mut Document<Id>, issuer: Option<&Issuer>) {
    let symbol = body.symbol.clone();
    let Some((symbol, parts)) = symbol.as_deref().and_then(|symbol| Some((symbol, read_symbol(symbol)?))) else {
        return;
    };
    let number = i32::try_from(parts.number).ok().filter(|number| check_number(*number).is_ok());
    let given = (body.number, body.suffix.clone());
    if body.number.is_none() {
        body.number = number;
    }
    if body.suffix.is_empty() && body.number == number {
        body.suffix = suffix_of(&parts, body.kind, body.system);
    }
    if contradicts(symbol, body, issuer) {
        (body.number, body.suffix) = given;
    }
}

/// The suffix that a symbol shows: the letter of its number, a series of its own, or a drafting unit with a number, such
/// as `X11`. One without a number may be a second issuer.
#[must_use]
pub fn suffix_of(parts: &SymbolParts<'_>, kind: DocumentKind, system: DocumentSystem) -> String {
    let series = parts.words.first().copied().unwrap_or_default();
    let extended = |of: &str| series.strip_prefix(of).is_some_and(|rest| rest.chars().all(char::is_lowercase));
    let is_kind = DocumentKind::ALL.iter().any(|kind| kind.symbol(system) == Some(series));
    let unit = match parts.words.as_slice() {
        [_, _, .., unit] => *unit,
        _ => "",
    };
    let letters = unit.trim_end_matches(|character: char| character.is_ascii_digit());
    let is_unit = letters.len() < unit.len() && (1..=3).contains(&letters.chars().count());
    if !parts.letter.is_empty() {
        parts.letter.clone()
    } else if kind.symbol(system).is_some_and(extended) && !is_kind {
        series.to_owned()
    } else if is_unit && letters.chars().all(char::is_uppercase) {
        unit.to_owned()
    } else {
        String::new()
    }
}

/// Whether a symbol cannot be of the number, kind, issuer and year that stand beside it.
#[must_use]
pub fn contradicts(symbol: &str, body: &Document<Id>, issuer: Option<&Issuer>) -> bool {
    let Some(parts) = read_symbol(symbol) else { return body.number.is_some() };
    let words: Vec<String> = parts.words.iter().map(|word| fold(word)).collect();
    let suffix: Vec<String> = body.suffix.split('-').filter(|word| !word.is_empty()).map(fold).collect();
    let has_suffix = if parts.letter.is_empty() {
        suffix.iter().all(|word| words.contains(word))
    } else {
        parts.letter == body.suffix
    };
    // A law shows no type, and a series of its own stands for the type.
    let shows_kind = !(parts.year.is_some() && words.len() == 1);
    let has_kind = body.kind.symbol(body.system).filter(|_| shows_kind).is_none_or(|kind| {
        words.first().is_some_and(|word| *word == fold(kind) || suffix.first().is_some_and(|suffix| suffix == word))
    });
    // The number of the legislature may follow its symbol: `QH15`.
    let is_issuer = |word: &String, symbol: &str| {
        word.strip_prefix(symbol).is_some_and(|rest| rest.chars().all(|digit| digit.is_ascii_digit()))
    };
    let has_issuer = issuer
        .and_then(|issuer| issuer.symbol.as_deref())
        .is_none_or(|symbol| fold(symbol).split(' ').all(|part| words.iter().any(|word| is_issuer(word, part))));
    let of_year = parts.year.zip(body.issued_on).is_none_or(|(year, day)| day.year() == year);
    let has_number = body.number.is_none_or(|number| i64::from(number) == i64::from(parts.number));
    !(has_number && has_suffix && has_kind && has_issuer && of_year)
}

/// What is odd about the symbol beside the other fields.
#[must_use]
pub fn symbol_warning(body: &Document<Id>, issuer: Option<&Issuer>) -> Option<Warning> {
    let symbol = body.symbol.as_deref().filter(|symbol| contradicts(symbol, body, issuer))?;
    let composed = issuer.and_then(|issuer| composed_symbol(body, issuer));
    let message = match composed {
        Some(composed) => format!("The symbol {symbol} is not that of the other fields, which make {composed}."),
        None => format!("The symbol {symbol} is not that of the other fields."),
    };
    Some(Warning::new("symbol_differs", "/symbol", message))
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
