//! How the documents are found that citations may mean: by symbol, and by kind and number, however many citations there
//! are; and the bodies and terms of all of them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::bodies::Body;
use super::cited::Cited;
use super::evidence::{Found, Known};
use super::titles::Words;
use crate::db::dialect::{in_ids, in_texts};
use crate::db::schema::{documents, numbering_periods, organizations};
use crate::db::types::read_list;
use crate::db::{Conn, Scope, Table};
use crate::documents::document::store::{DocumentRow, begun_by};
use crate::documents::vocabulary::{DocumentKind, DocumentStatus};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id, Line, Result, Title};
use crate::organizations::numbering_period::store::NumberingPeriodRow;
use crate::organizations::organization::store::OrganizationRow;
use crate::organizations::vocabulary::NumberingPeriodKind;

/// How many documents each query loads at most, the latest.
const MOST: usize = 5_000;

/// The documents of a day that any of these citations may mean, among others with their kinds and numbers.
///
/// # Errors
/// As the database has them.
pub fn known(conn: &mut Conn, scope: Scope, cited: &[Cited], as_of: Date) -> Result<Found> {
    let keys: BTreeSet<&str> = cited.iter().filter_map(|cited| cited.symbol_key.as_deref()).collect();
    let short = || cited.iter().filter(|cited| cited.symbol_key.is_none());
    let numbers: BTreeSet<Id> = short().map(|cited| Id::from(cited.citation.number)).collect();
    let kinds: BTreeSet<DocumentKind> = short().filter_map(|cited| cited.kind).collect();
    let issued = || begun_by(DocumentRow::visible(scope), as_of).filter(documents::status.ne(DocumentStatus::Draft));
    let mut rows = BTreeMap::new();
    let mut is_cut = false;
    if !keys.is_empty() {
        let query = issued().filter(in_texts(documents::symbol_folded, &Vec::from_iter(keys)));
        is_cut |= load(conn, query, &mut rows)?;
    }
    if !numbers.is_empty() {
        let query = issued()
            .filter(in_ids(documents::number_key, &Vec::from_iter(numbers)))
            .filter(in_texts(documents::kind, &Vec::from_iter(kinds)));
        is_cut |= load(conn, query, &mut rows)?;
    }
    let mut documents = described(conn, scope, rows.into_values().collect())?;
    documents.sort_by_key(|known| std::cmp::Reverse((known.issued_on, known.id)));
    Ok(Found { documents, is_cut })
}

#[derive(Queryable)]
struct Row {
    id: Id,
    kind: DocumentKind,
    number: i32,
    suffix: String,
    symbol_folded: String,
    title: Title,
    issued_on: Option<Date>,
    precision: Option<DatePrecision>,
    period: Option<Id>,
    numbering_body: Option<Id>,
    adopted_by: String,
}

/// Loads the latest documents of a query; whether it has more.
fn load(conn: &mut Conn, query: <DocumentRow as Table>::Query<'_>, rows: &mut BTreeMap<Id, Row>) -> Result<bool> {
    let columns = (
        documents::id,
        documents::kind,
        documents::number_key,
        documents::suffix,
        documents::symbol_folded,
        documents::title,
        documents::issued_on,
        documents::issued_on_precision,
        documents::numbering_period_id,
        documents::numbering_body_id,
        documents::adopted_by,
    );
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX).saturating_add(1);
    let latest = query.order((documents::issued_on_key.desc(), documents::id.desc())).limit(limit);
    let mut found: Vec<Row> = latest.select(columns).load(conn)?;
    let is_cut = found.len() > MOST;
    found.truncate(MOST);
    rows.extend(found.into_iter().map(|row| (row.id, row)));
    Ok(is_cut)
}

/// What is on record of the documents, with what their bodies and terms are called.
fn described(conn: &mut Conn, scope: Scope, rows: Vec<Row>) -> Result<Vec<Known>> {
    let adopters = |row: &Row| read_list::<Id>(&row.adopted_by, "documents", "adopted_by", row.id);
    let mut with_adopters = Vec::with_capacity(rows.len());
    for row in rows {
        let adopters = adopters(&row)?;
        with_adopters.push((row, adopters));
    }
    let numbering = with_adopters.iter().filter_map(|(row, _)| row.numbering_body);
    let ids: BTreeSet<Id> = with_adopters.iter().flat_map(|(_, adopters)| adopters).copied().chain(numbering).collect();
    let bodies = bodies(conn, scope, &Vec::from_iter(ids))?;
    let periods: BTreeSet<Id> = with_adopters.iter().filter_map(|(row, _)| row.period).collect();
    let terms = terms(conn, scope, &Vec::from_iter(periods))?;
    let known = |(row, adopters): (Row, Vec<Id>)| {
        let of = |id: &Id| bodies.get(id).cloned();
        let named: Vec<Body> = adopters.iter().filter_map(of).collect();
        Known {
            id: row.id,
            kind: row.kind,
            number: u32::try_from(row.number).unwrap_or_default(),
            suffix: row.suffix,
            symbol_key: row.symbol_folded,
            title: Words::of(&row.title),
            issued_on: row.issued_on,
            precision: row.precision,
            period: row.period,
            term: row.period.and_then(|id| terms.get(&id).cloned()),
            has_all_adopters: named.len() == adopters.len(),
            adopters: named,
            numbering_body: row.numbering_body.as_ref().and_then(of),
        }
    };
    Ok(with_adopters.into_iter().map(known).collect())
}

type Named = (Id, Line, Option<Line>, Option<Line>);

fn bodies(conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<BTreeMap<Id, Body>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let columns = (organizations::id, organizations::name, organizations::short_name, organizations::symbol);
    let query = OrganizationRow::visible(scope).filter(in_ids(organizations::id, ids));
    let rows: Vec<Named> = query.select(columns).load(conn)?;
    let body = |(id, name, short, symbol): Named| (id, Body::of(&name, short.as_deref(), symbol.as_deref()));
    Ok(rows.into_iter().map(body).collect())
}

/// What the periods are called that are terms or legislatures: a year is none.
fn terms(conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<BTreeMap<Id, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let query = NumberingPeriodRow::visible(scope)
        .filter(in_ids(numbering_periods::id, ids))
        .filter(numbering_periods::kind.ne(NumberingPeriodKind::Year));
    let rows: Vec<(Id, Line)> = query.select((numbering_periods::id, numbering_periods::label)).load(conn)?;
    Ok(rows.into_iter().map(|(id, label)| (id, label.to_string())).collect())
}
