//! The identity of documents, as far as it needs the other records.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Numbered, days_of, is_placed_alike, is_same, period_of, read_number, within_period};
use crate::changes::{self, Operation};
use crate::db::schema::documents;
use crate::db::{Conn, Scope, Store, Table};
use crate::documents::document::store::{DocumentRow, title_of};
use crate::documents::document::{Document, Documents, rules};
use crate::documents::vocabulary::{DocumentKind, DocumentSystem};
use crate::domain::error::{Refusal, described};
use crate::domain::fault::Warning;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Error, Fault, Faults, Id, Line, Meta, Result, Stamp};
use crate::organizations::numbering_period::{Found, NumberingPeriod, store as periods};
use crate::organizations::organization::store::{Issuer, issuer};
use crate::text::{canonical_symbol, fold_symbol};

/// How many documents a refusal names.
const NAMED: usize = 3;
/// How many are looked for, to tell whether there are more.
const LIMIT: i64 = 4;

/// Finds what the caller leaves open of the identity of a document, and checks the rest. Where nothing of the identity
/// changes, nothing is found anew: a note must not be refused because of a period that has appeared since.
///
/// # Errors
/// `Invalid` if numbering body, period and date contradict each other.
pub fn settle(
    conn: &mut Conn,
    stamp: &Stamp,
    meta: &Meta,
    old: Option<&Document<Id>>,
    body: &mut Document<Id>,
) -> Result<Option<Issuer>> {
    if let Some(symbol) = &body.symbol {
        body.symbol = Some(Line::new(&canonical_symbol(symbol)).map_err(|fault| Error::field("/symbol", fault))?);
    }
    let issuer = issuer_of(conn, body)?;
    let unchanged = old.is_some_and(|old| is_same(old, body)) && !comes_back(conn, meta.id, body)?;
    if let (Some(old), false) = (old, unchanged) {
        renew_symbol(conn, old, body, issuer.as_ref())?;
        forget_period(conn, old, body)?;
    }
    if !unchanged {
        read_number(body, issuer.as_ref());
    }
    check_period(conn, body)?;
    if !unchanged {
        find_period(conn, stamp, body)?;
        if body.symbol.is_none() {
            body.symbol = issuer.as_ref().and_then(|issuer| composed(body, issuer));
        }
    }
    Ok(issuer)
}

fn issuer_of(conn: &mut Conn, body: &Document<Id>) -> Result<Option<Issuer>> {
    body.numbering_body.map_or(Ok(None), |id| issuer(conn, id))
}

fn composed(body: &Document<Id>, issuer: &Issuer) -> Option<Line> {
    rules::composed_symbol(body, issuer).and_then(|symbol| Line::new(&canonical_symbol(&symbol)).ok())
}

/// Whether a document without a period was deleted and is written again: periods may have been made in between.
fn comes_back(conn: &mut Conn, id: Id, body: &Document<Id>) -> Result<bool> {
    if body.numbering_period.is_some() {
        return Ok(false);
    }
    Ok(DocumentRow::by_ids(conn, Scope::All, &[id])?.pop().is_some_and(|row| row.deleted_at.is_some()))
}

/// Composes the symbol anew if it was the composed one and the caller leaves it. One that cannot be composed any more
/// stays, for the document is still called so.
fn renew_symbol(conn: &mut Conn, old: &Document<Id>, body: &mut Document<Id>, issuer: Option<&Issuer>) -> Result<()> {
    if body.symbol.is_none() || body.symbol != old.symbol {
        return Ok(());
    }
    let was_composed = match issuer {
        Some(issuer) if body.numbering_body == old.numbering_body => composed(old, issuer) == old.symbol,
        _ => issuer_of(conn, old)?.is_some_and(|issuer| composed(old, &issuer) == old.symbol),
    };
    if let (true, Some(symbol)) = (was_composed, issuer.and_then(|issuer| composed(body, issuer))) {
        body.symbol = Some(symbol);
    }
    Ok(())
}

/// Leaves the period open if it was the one that follows from the body and the date as they were, one of these changes
/// and the caller leaves the period.
fn forget_period(conn: &mut Conn, old: &Document<Id>, body: &mut Document<Id>) -> Result<()> {
    if body.numbering_period.is_none() || body.numbering_period != old.numbering_period || is_placed_alike(old, body) {
        return Ok(());
    }
    let (Some(issuer), Some(days)) = (old.numbering_body, days_of(old)) else { return Ok(()) };
    if period_of(old.system, days, &periods::of_organization(conn, issuer)?) == old.numbering_period {
        body.numbering_period = None;
    }
    Ok(())
}

/// Checks the numbering period, if there is one, against the body and the date.
fn check_period(conn: &mut Conn, body: &Document<Id>) -> Result<()> {
    let Some(id) = body.numbering_period else { return Ok(()) };
    let Some(issuer) = body.numbering_body else {
        let fault = Fault::new("missing", "is needed where there is a numbering_period");
        return Err(Error::field("/numbering_body", fault));
    };
    let Some((organization, period)) = periods::get(conn, id)? else { return Ok(()) };
    if organization != issuer {
        let fault = Fault::new("inconsistent", "is a numbering period of another body than numbering_body");
        return Err(Error::field("/numbering_period", fault));
    }
    within_period(body, &(id, period)).map_err(|fault| Error::field("/issued_on", fault))
}

/// Finds the numbering period of the body for the date, or makes the State's year.
fn find_period(conn: &mut Conn, stamp: &Stamp, body: &mut Document<Id>) -> Result<()> {
    let (Some(issuer), None, Some(day)) = (body.numbering_body, body.numbering_period, body.issued_on) else {
        return Ok(());
    };
    body.numbering_period = match body.system {
        DocumentSystem::State => periods::ensure_year(conn, stamp, issuer, day)?,
        DocumentSystem::Party => {
            let days = day.span(body.issued_on_precision);
            period_of(body.system, days, &periods::of_organization(conn, issuer)?)
        }
    };
    Ok(())
}

/// Refuses a second living document of one identity, and notes one that differs in nothing but the kind, as a decision
/// and a regulation do that share the series QĐ. It gives those that are noted.
///
/// # Errors
/// `Conflict` with the code `duplicate_document`, naming the other.
pub fn refuse_same(
    conn: &mut Conn,
    scope: Scope,
    id: Id,
    body: &Document<Id>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Id>> {
    let mut noted = Vec::new();
    let (Some(issuer), Some(number), Some(period)) = (body.numbering_body, body.number, body.numbering_period) else {
        return Ok(noted);
    };
    // Sorted here: for their order SQLite would go through all documents of the period.
    let mut same: Vec<(Id, DocumentKind, String, Option<String>, String)> = documents::table
        .filter(documents::numbering_body_id.eq(issuer))
        .filter(documents::number.eq(number))
        .filter(documents::numbering_period_id.eq(period))
        .filter(documents::deleted_at.is_null())
        .filter(documents::id.ne(id))
        .select((documents::id, documents::kind, documents::suffix, documents::symbol, documents::title))
        .load(conn)?;
    same.sort_unstable_by_key(|(other, ..)| *other);
    let suffix = body.suffix.to_lowercase();
    for (other, kind, _, symbol, title) in same.into_iter().filter(|(_, _, other, ..)| other.to_lowercase() == suffix) {
        let title = title_of(symbol.as_deref(), &title);
        if kind == body.kind {
            let detail =
                format!("This numbering body has a document of this kind and number in this period already: {title}.");
            return Err(Error::Conflict(
                Refusal::new("duplicate_document", detail).existing::<Documents>(other, &title),
            ));
        }
        let symbol = body.kind.symbol(body.system);
        if symbol.is_some() && kind.symbol(body.system) == symbol {
            noted.push(other);
            if DocumentRow::titles(conn, scope, &[other])?.is_empty() {
                continue;
            }
            let message = format!("{title} has the same number and symbol and another kind ({kind}).");
            warnings.push(Warning::new("same_symbol_other_kind", "/kind", message));
        }
    }
    Ok(noted)
}

/// Notes the living documents with the same symbol and the same date or period, but for those that are noted already and
/// those that another body has numbered: every province has its own 01-NQ/TU. As there are so many, those of the day and
/// those of the body are looked for apart, each by its index.
///
/// # Errors
/// As the database has them.
pub fn note_same_symbol(
    conn: &mut Conn,
    scope: Scope,
    id: Id,
    body: &Document<Id>,
    noted: &[Id],
    warnings: &mut Vec<Warning>,
) -> Result<()> {
    let Some(symbol) = body.symbol.as_deref().map(fold_symbol) else { return Ok(()) };
    let mut others = Vec::new();
    if let Some(day) = body.issued_on {
        let mut of_day = of_symbol(scope, &symbol, id).filter(documents::issued_on_key.eq(day));
        if let Some(issuer) = body.numbering_body {
            of_day = of_day.filter(documents::numbering_body_id.is_null().or(documents::numbering_body_id.eq(issuer)));
        }
        others.extend(of_day.load::<DocumentRow>(conn)?);
    }
    if let (Some(issuer), Some(period)) = (body.numbering_body, body.numbering_period) {
        let of_body = of_symbol(scope, &symbol, id).filter(documents::numbering_body_id.eq(issuer));
        others.extend(of_body.filter(documents::numbering_period_id.eq(period)).load::<DocumentRow>(conn)?);
    }
    others.sort_by_key(|other| other.id);
    others.dedup_by_key(|other| other.id);
    others.truncate(NAMED + 1);
    for other in others.iter().filter(|other| !noted.contains(&other.id)) {
        let title = title_of(other.symbol.as_deref(), &other.title);
        let message = format!("Document {} has this symbol and the same date or period: {title}.", other.id);
        warnings.push(Warning::new("same_symbol", "/symbol", message));
    }
    Ok(())
}

/// The first few living documents of a symbol that the caller may see, other than one.
fn of_symbol(scope: Scope, symbol: &str, id: Id) -> <DocumentRow as Table>::Query<'_> {
    DocumentRow::visible(scope)
        .filter(documents::symbol_folded.eq(symbol))
        .filter(documents::id.ne(id))
        .order(documents::id.asc())
        .limit(LIMIT)
}

/// Refuses new days of a period that leave out documents of it.
///
/// # Errors
/// `inconsistent` at the day that leaves them out, naming the first few.
pub fn refuse_left_out(conn: &mut Conn, scope: Scope, period_id: Id, period: &NumberingPeriod) -> Result<()> {
    let mut faults = Faults::default();
    let mut refuse = |pointer: &str, query: <DocumentRow as Table>::Query<'_>| -> Result<()> {
        let left_out: Vec<DocumentRow> = query
            .filter(documents::numbering_period_id.eq(period_id))
            .filter(documents::deleted_at.is_null())
            .order((documents::issued_on_key.asc(), documents::id.asc()))
            .limit(LIMIT)
            .load(conn)?;
        if !left_out.is_empty() {
            let ids: Vec<Id> = left_out.iter().map(|row| row.id).collect();
            let seen: Vec<Id> = DocumentRow::titles(conn, scope, &ids)?.into_iter().map(|row| row.id).collect();
            let shown: Vec<DocumentRow> = left_out.into_iter().filter(|row| seen.contains(&row.id)).collect();
            let message = match shown.as_slice() {
                [] => "leaves out documents of this period".to_owned(),
                shown => format!("leaves out documents of this period: {}", named(shown)),
            };
            faults.field(pointer, Fault::new("inconsistent", message));
        }
        Ok(())
    };
    refuse("/valid_from", dated_before(period.valid_from))?;
    if let Some(last) = period.valid_to {
        refuse("/valid_to", dated_after(last))?;
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

/// The first few of some documents, for a sentence: `12 (28-NQ/TW, 2018-05-23), 14 (29-NQ/TW, 2018-06-01) and more`.
fn named(rows: &[DocumentRow]) -> String {
    let one = |row: &DocumentRow| {
        let day = row.issued_on.map(|day| day.to_string()).unwrap_or_default();
        match &row.symbol {
            Some(symbol) => format!("{} ({symbol}, {day})", row.id),
            None => format!("{} ({day})", row.id),
        }
    };
    let few = rows.iter().take(NAMED).map(one).collect::<Vec<_>>().join(", ");
    if rows.len() > NAMED { format!("{few} and more") } else { few }
}

/// Documents whose whole date lies before a day; a year or a month does if its last day does.
fn dated_before<'a>(day: Date) -> <DocumentRow as Table>::Query<'a> {
    let first_of = |precision| day.span(Some(precision)).0;
    let precision = documents::issued_on_precision;
    DocumentRow::all().filter(documents::issued_on.lt(day)).filter(
        precision
            .is_null()
            .or(precision.eq(DatePrecision::Day))
            .or(documents::issued_on.lt(first_of(DatePrecision::Year)))
            .or(precision.eq(DatePrecision::Month).and(documents::issued_on.lt(first_of(DatePrecision::Month)))),
    )
}

/// Documents whose whole date lies after a day; a year or a month does if its first day does.
fn dated_after<'a>(day: Date) -> <DocumentRow as Table>::Query<'a> {
    let last_of = |precision| day.span(Some(precision)).1;
    let precision = documents::issued_on_precision;
    DocumentRow::all().filter(documents::issued_on.gt(day)).filter(
        precision
            .is_null()
            .or(precision.eq(DatePrecision::Day))
            .or(documents::issued_on.gt(last_of(DatePrecision::Year)))
            .or(precision.eq(DatePrecision::Month).and(documents::issued_on.gt(last_of(DatePrecision::Month)))),
    )
}

/// The documents that a period takes in, and what stands in the way of more.
struct Joining {
    /// The documents of its body that have no period and can belong to this one only.
    rows: Vec<DocumentRow>,
    /// The first two documents that would be one: what is there, and what would join.
    clash: Option<[(Id, String); 2]>,
}

/// Which documents of a body have no period yet and belong to this one, among all its periods.
fn joining(conn: &mut Conn, organization: Id, period_id: Id, periods: &[Found]) -> Result<Joining> {
    let Some((_, period)) = periods.iter().find(|(id, _)| *id == period_id) else {
        return Ok(Joining { rows: Vec::new(), clash: None });
    };
    let mut query = DocumentRow::all()
        .filter(documents::numbering_body_id.eq(organization))
        .filter(documents::numbering_period_id.is_null())
        .filter(documents::deleted_at.is_null())
        // A year has its first day up to a year before that of the period.
        .filter(documents::issued_on.ge(period.valid_from.span(Some(DatePrecision::Year)).0));
    if let Some(last) = period.valid_to {
        query = query.filter(documents::issued_on.le(last.span(Some(DatePrecision::Year)).1));
    }
    let mut rows: Vec<DocumentRow> = query.order(documents::id.asc()).load(conn)?;
    rows.retain(|row| {
        let days = row.issued_on.map(|day| day.span(row.issued_on_precision));
        days.and_then(|days| period_of(row.system, days, periods)) == Some(period_id)
    });
    let mut taken = numbered_in(conn, period_id, &rows)?;
    let mut clash = None;
    rows.retain(|row| {
        let Some(place) = Numbered::of(row.kind, row.number, &row.suffix) else { return true };
        let title = title_of(row.symbol.as_deref(), &row.title);
        let there = taken.entry(place).or_insert_with(|| (row.id, title.clone()));
        if there.0 != row.id && clash.is_none() {
            clash = Some([there.clone(), (row.id, title)]);
        }
        there.0 == row.id
    });
    Ok(Joining { rows, clash })
}

/// The documents of a period with numbers such as `rows` have, by their place in it.
fn numbered_in(conn: &mut Conn, period_id: Id, rows: &[DocumentRow]) -> Result<HashMap<Numbered, (Id, String)>> {
    let numbers = || rows.iter().filter_map(|row| row.number);
    let (Some(least), Some(most)) = (numbers().min(), numbers().max()) else { return Ok(HashMap::new()) };
    let found: Vec<DocumentRow> = DocumentRow::all()
        .filter(documents::numbering_period_id.eq(period_id))
        .filter(documents::number.between(least, most))
        .filter(documents::deleted_at.is_null())
        .load(conn)?;
    let placed = found.into_iter().filter_map(|row| {
        let title = title_of(row.symbol.as_deref(), &row.title);
        Some((Numbered::of(row.kind, row.number, &row.suffix)?, (row.id, title)))
    });
    Ok(placed.collect())
}

/// Refuses a period that would make two documents one.
///
/// # Errors
/// `Conflict` with the code `duplicate_document`, naming both.
pub fn refuse_clash(conn: &mut Conn, organization: Id, period_id: Id, periods: &[Found]) -> Result<()> {
    match joining(conn, organization, period_id, periods)?.clash {
        None => Ok(()),
        Some([(id, title), (other, other_title)]) => {
            let detail = format!(
                "Two documents of one kind and number would be within this period: {id} ({title}) and {other} \
                 ({other_title}). Delete one, or mend its number or its date."
            );
            let refusal = Refusal::new("duplicate_document", detail).existing::<Documents>(id, &title);
            Err(Error::Conflict(refusal.with("other", described::<Documents>(other, &other_title))))
        }
    }
}

/// Gives the period to the documents of its body that were written before it and belong to it.
///
/// # Errors
/// As the database has them.
pub fn take_in(conn: &mut Conn, stamp: &Stamp, organization: Id, period_id: Id, periods: &[Found]) -> Result<()> {
    for row in joining(conn, organization, period_id, periods)?.rows {
        let meta = row.meta().next(stamp.now);
        let mut body = Documents::stored(row)?;
        body.numbering_period = Some(period_id);
        changes::replace::<Documents>(conn, stamp, &meta, &body, Operation::Update)?;
    }
    Ok(())
}
