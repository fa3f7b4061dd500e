//! The rules of one document that need nothing but the document and who issued it.

use super::Document;
use crate::conferences::vocabulary::DocumentActivity;
use crate::documents::vocabulary::{Confidentiality, DocumentKind, DocumentSystem};
use crate::domain::check::check_list;
use crate::domain::fault::Warning;
use crate::domain::{Fault, Faults, Id, Line};
use crate::organizations::organization::store::Issuer;
use crate::text::{NumberingStyle, canonical_symbol, compose_symbol, fold, read_symbol};

/// The largest number of a document.
const LARGEST_NUMBER: i32 = 999_999;

/// Checks one document by itself.
pub fn check(body: &Document<Id>, faults: &mut Faults) {
    if body.confidentiality != Confidentiality::Normal {
        let fault =
            Fault::new("above_normal_confidentiality", "must be normal: this service keeps nothing that is secret");
        faults.field("/confidentiality", fault.allowing(["normal"]));
    }
    if let Some(Err(fault)) = body.number.map(check_number) {
        faults.field("/number", fault);
    }
    if body.symbol.as_deref().is_some_and(|symbol| fold(symbol).is_empty()) {
        faults.field("/symbol", Fault::new("invalid_value", "has neither a letter nor a digit"));
    }
    if let Some(Err(fault)) = (!body.suffix.is_empty()).then(|| check_suffix(&body.suffix)) {
        faults.field("/suffix", fault);
    }
    let symbol = body.symbol.as_deref().map(canonical_symbol);
    let is_told = body.number.is_some() || symbol.is_some_and(|symbol| read_symbol(&symbol).is_some());
    if !is_told && !body.suffix.is_empty() {
        faults.field("/suffix", Fault::new("inconsistent", "must be empty where there is no number"));
    }
    if body.issued_on.is_none() && body.issued_on_precision.is_some() {
        faults.field("/issued_on_precision", Fault::new("inconsistent", "must be null where there is no issued_on"));
    }
    check_list("/adopted_by", &body.adopted_by, 20, "an organization", faults);
    check_list("/review_schedule", &body.review_schedule, 20, "a review", faults);
    for (at, review) in body.review_schedule.iter().enumerate() {
        if !(1..=100).contains(&review.years) {
            faults.field(format!("/review_schedule/{at}/years"), Fault::new("out_of_range", "must be from 1 to 100"));
        }
        if !matches!(review.activity, DocumentActivity::InterimReview | DocumentActivity::FinalReview) {
            let fault = Fault::new("invalid_value", "must be a review").allowing(["interim_review", "final_review"]);
            faults.field(format!("/review_schedule/{at}/activity"), fault);
        }
    }
    if let (Some(adopted), Some(issued)) = (body.adopted_on, body.issued_on)
        && adopted > issued.span(body.issued_on_precision).1
    {
        faults.field("/adopted_on", Fault::new("inconsistent", format!("must not be after issued_on ({issued})")));
    }
    if let (Some(effective), Some(expires)) = (body.effective_on.or(body.issued_on), body.expires_on)
        && expires < effective
    {
        faults.field("/expires_on", Fault::new("inconsistent", format!("must not be before {effective}")));
    }
}

/// Checks the number of a document, in a body or in a filter.
///
/// # Errors
/// `out_of_range` if it is not from 1 to 999999.
pub fn check_number(number: i32) -> Result<(), Fault> {
    if (1..=LARGEST_NUMBER).contains(&number) {
        Ok(())
    } else {
        Err(Fault::new("out_of_range", format!("must be from 1 to {LARGEST_NUMBER}")))
    }
}

/// Checks that a suffix has the one form in which it is kept, so that `a` and `A` are not two.
fn check_suffix(suffix: &str) -> Result<(), Fault> {
    const VOWELS: &str = "ăâêôơưđ";
    Line::<50>::new(suffix)?;
    let is_small = |letter: char| letter.is_ascii_lowercase() || VOWELS.contains(letter);
    let is_capital = |letter: char| letter.is_ascii_uppercase() || VOWELS.to_uppercase().contains(letter);
    let is_any = |letter: char| is_small(letter) || is_capital(letter) || letter.is_ascii_digit();
    let length = suffix.chars().count();
    let is_letter = length <= 3 && suffix.chars().all(is_small);
    let is_unit = length >= 2
        && suffix.starts_with(is_capital)
        && suffix.split('-').all(|word| !word.is_empty() && word.chars().all(is_any));
    if is_letter || is_unit {
        return Ok(());
    }
    let message =
        "must be up to three small letters (a, bis), or letters and digits that begin with a capital (X11, QĐi)";
    Err(Fault::new("invalid_value", message))
}

/// What is odd about one document by itself.
#[must_use]
pub fn warnings<L>(body: &Document<L>) -> Vec<Warning> {
    if body.symbol.is_none() && body.number.is_none() {
        return Vec::new();
    }
    let parts = [
        ("/numbering_body", "numbering body", body.numbering_body.is_none()),
        ("/number", "number", body.number.is_none()),
        ("/numbering_period", "numbering period", body.numbering_period.is_none()),
    ];
    let missing: Vec<_> = parts.into_iter().filter(|(.., missing)| *missing).collect();
    let Some((pointer, ..)) = missing.first() else { return Vec::new() };
    let names = missing.iter().map(|(_, name, _)| *name).collect::<Vec<_>>().join(" and the ");
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let message =
        format!("The {names} {verb} not known, so that another record of the same document would not be noticed.");
    vec![Warning::new("identity_incomplete", *pointer, message)]
}

/// The symbol that a document has by its number and issuer, or `None` where its kind or its issuer has no symbol.
#[must_use]
pub fn composed_symbol(body: &Document<Id>, issuer: &Issuer) -> Option<String> {
    let number = u32::try_from(body.number?).ok()?;
    let (style, kind) = match body.system {
        DocumentSystem::Party => (NumberingStyle::Party, body.kind.party_symbol()?),
        DocumentSystem::State
            if matches!(body.kind, DocumentKind::Decree | DocumentKind::Circular | DocumentKind::JointCircular) =>
        {
            (NumberingStyle::StateLegal { year: body.issued_on?.year() }, body.kind.state_symbol()?)
        }
        DocumentSystem::State => (NumberingStyle::StateAdministrative, body.kind.state_symbol()?),
    };
    Some(compose_symbol(style, number, &body.suffix, kind, issuer.symbol.as_deref()?))
}
