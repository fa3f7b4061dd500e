//! How documents are kept.

use diesel::dsl::exists;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Document, DocumentFilter, Documents, authority, rules};
use crate::db::dialect::{contains, in_ids, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{document_adopters, documents, numbering_periods, organizations};
use crate::db::types::{list_column, read_list};
use crate::db::{Conn, Scope, Store, Table};
use crate::documents::identity;
use crate::documents::vocabulary::{Confidentiality, DocumentKind, DocumentStatus, DocumentSystem, Urgency};
use crate::domain::error::{Refusal, described};
use crate::domain::fact::Fact;
use crate::domain::fault::Warning;
use crate::domain::page::date_key;
use crate::domain::vocabulary::{DatePrecision, Provenance};
use crate::domain::{
    Date, DocumentChoice, Error, Fault, Faults, Id, Line, LinkForm, Linker, Meta, Place, Prose, Result, Stamp, Title,
};
use crate::organizations::admin_unit;
use crate::organizations::life::{Lived, warn_outside};
use crate::organizations::numbering_period::store::NumberingPeriodRow;
use crate::organizations::organization::store::{Issuer, OrganizationRow};
use crate::text::{fold, fold_symbol, sort_key};

record_table! {
    /// A row of `documents`.
    pub struct DocumentRow in documents {
        title: (symbol, title) => |[symbol, title, _]| Some(title_of(symbol.as_deref(), &title?).into());
        sorts: [issued_on_key, number_key, symbol_folded, title_sort];
        columns: {
            system: DocumentSystem,
            kind: DocumentKind,
            numbering_body_id: Option<Id>,
            adopted_by: String,
            number: Option<i32>,
            suffix: String,
            numbering_period_id: Option<Id>,
            symbol: Option<Line>,
            symbol_as_printed: Option<Line>,
            title: Title,
            issued_on: Option<Date>,
            issued_on_precision: Option<DatePrecision>,
            issued_on_text: Option<Line>,
            adopted_on: Option<Date>,
            effective_on: Option<Date>,
            expires_on: Option<Date>,
            place: Option<Line>,
            signer_id: Option<Id>,
            signer_text: Option<Line>,
            status: DocumentStatus,
            urgency: Option<Urgency>,
            review_schedule: String,
            provenance: Option<Provenance>,
            note: Option<Prose>,
            symbol_folded: String,
            title_folded: String,
            title_sort: String,
            identity_complete: bool,
            issued_on_key: chrono::NaiveDate,
            number_key: i32,
        }
    }
}

/// What to call a document: its symbol and its title, `32-KL/TW Về tình hình an ninh trật tự`.
#[must_use]
pub fn title_of(symbol: Option<&str>, title: &str) -> String {
    symbol.map_or_else(|| title.to_owned(), |symbol| format!("{symbol} {title}"))
}

impl Store for Documents {
    type Row = DocumentRow;

    fn row(meta: &Meta, body: &Document<Id>) -> Result<DocumentRow> {
        let body = body.clone();
        let identity = [body.numbering_body.is_some(), body.number.is_some(), body.numbering_period.is_some()];
        Ok(row_of!(DocumentRow, meta, {
            symbol_folded: body.symbol.as_ref().map(|symbol| fold_symbol(symbol)).unwrap_or_default(),
            title_folded: fold(&body.title),
            title_sort: sort_key(&body.title),
            identity_complete: identity.into_iter().all(|known| known),
            issued_on_key: date_key(body.issued_on),
            number_key: body.number.unwrap_or(0),
            system: body.system,
            kind: body.kind,
            numbering_body_id: body.numbering_body,
            adopted_by: list_column(&body.adopted_by),
            number: body.number,
            suffix: body.suffix,
            numbering_period_id: body.numbering_period,
            symbol: body.symbol,
            symbol_as_printed: body.symbol_as_printed,
            title: body.title,
            issued_on: body.issued_on,
            issued_on_precision: body.issued_on_precision,
            issued_on_text: body.issued_on_text,
            adopted_on: body.adopted_on,
            effective_on: body.effective_on,
            expires_on: body.expires_on,
            place: body.place,
            signer_id: body.signer,
            signer_text: body.signer_text,
            status: body.status,
            urgency: body.urgency,
            review_schedule: list_column(&body.review_schedule),
            provenance: body.provenance,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: DocumentRow, links: &mut impl Linker<L>) -> Result<Document<L>> {
        let adopted_by: Vec<Id> = read_list(&row.adopted_by, "documents", "adopted_by", row.id)?;
        Ok(Document {
            system: row.system,
            kind: row.kind,
            numbering_body: row.numbering_body_id.map(|id| links.to("numbering_body", id)),
            adopted_by: adopted_by.into_iter().map(|id| links.to("adopted_by", id)).collect(),
            number: row.number,
            suffix: row.suffix,
            numbering_period: row.numbering_period_id.map(|id| links.to("numbering_period", id)),
            symbol: row.symbol,
            symbol_as_printed: row.symbol_as_printed,
            title: row.title,
            issued_on: row.issued_on,
            issued_on_precision: row.issued_on_precision,
            issued_on_text: row.issued_on_text,
            adopted_on: row.adopted_on,
            effective_on: row.effective_on,
            expires_on: row.expires_on,
            place: row.place,
            signer: row.signer_id.map(|id| links.to("signer", id)),
            signer_text: row.signer_text,
            status: row.status,
            confidentiality: Confidentiality::Normal,
            urgency: row.urgency,
            review_schedule: read_list(&row.review_schedule, "documents", "review_schedule", row.id)?,
            provenance: row.provenance,
            note: row.note,
            identity_complete: row.identity_complete,
        })
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a DocumentFilter,
        scope: Scope,
    ) -> Result<<DocumentRow as Table>::Query<'a>> {
        let mut query = DocumentRow::all();
        if let Some(symbol) = &filter.symbol {
            query = query.filter(documents::symbol_folded.eq(fold_symbol(symbol)));
        }
        if let Some(system) = filter.system {
            query = query.filter(documents::system.eq(system));
        }
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(documents::kind, &kinds.0));
        }
        if let Some(statuses) = &filter.status {
            query = query.filter(in_texts(documents::status, &statuses.0));
        }
        if let Some(organization) = filter.organization {
            let adopted = document_adopters::table
                .filter(document_adopters::organization_id.eq(organization.0))
                .select(document_adopters::document_id);
            query = query.filter(
                documents::numbering_body_id.eq(organization.0).or(documents::id.nullable().eq_any(adopted.nullable())),
            );
        }
        if let Some(body) = filter.numbering_body {
            query = query.filter(documents::numbering_body_id.eq(body.0));
        }
        if let Some(period) = filter.numbering_period {
            query = query.filter(documents::numbering_period_id.eq(period.0));
        }
        if let Some(unit) = filter.admin_unit {
            let units = admin_unit::store::at_or_below(conn, scope, unit.0)?;
            let bodies = OrganizationRow::visible(scope)
                .filter(in_ids(organizations::admin_unit_id, &units))
                .select(organizations::id);
            query = query.filter(in_selected(documents::numbering_body_id, bodies));
        }
        if let Some(signer) = filter.signer {
            query = query.filter(documents::signer_id.eq(signer.0));
        }
        if let Some(number) = filter.number {
            // Zero is how the column keeps an unknown number.
            rules::check_number(number).map_err(|fault| Error::parameter("number", fault))?;
            query = query.filter(documents::number_key.eq(number));
        }
        if let Some(day) = filter.issued_from {
            query = query.filter(documents::issued_on_key.ge(day.day()));
        }
        if let Some(day) = filter.issued_to {
            query = query.filter(documents::issued_on_key.le(day.day())).filter(documents::issued_on.is_not_null());
        }
        if let Some(complete) = filter.identity_complete {
            query = query.filter(documents::identity_complete.eq(complete));
        }
        if let Some(provenances) = &filter.provenance {
            query = query.filter(in_texts(documents::provenance, &provenances.0));
        }
        if let Some(day) = filter.as_of {
            query = begun_by(query, day).filter(documents::expires_on.is_null().or(documents::expires_on.ge(day)));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(documents::title_folded, text));
        }
        Ok(query)
    }

    fn prepare(
        conn: &mut Conn,
        stamp: &Stamp,
        meta: &Meta,
        old: Option<&Document<Id>>,
        body: &mut Document<Id>,
    ) -> Result<Vec<Warning>> {
        let issuer = identity::store::settle(conn, stamp, meta, old, body)?;
        let adopters = issuers(conn, &body.adopted_by)?;
        let mut warnings = authority::warnings(body, issuer.as_ref(), &adopters);
        warnings.extend(identity::symbol_warning(body, issuer.as_ref()));
        let scope = Scope::of(&stamp.actor);
        let noted = identity::store::refuse_same(conn, scope, meta.id, body, &mut warnings)?;
        identity::store::note_same_symbol(conn, scope, meta.id, body, &noted, &mut warnings)?;
        let numbering_body = body.numbering_body.map(Lived::Organization);
        let day = Date::whole(body.issued_on, body.issued_on_precision);
        warn_outside(conn, "numbering_body", numbering_body, day, &mut warnings)?;
        Ok(warnings)
    }

    fn facts(conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<Vec<(Fact, Id)>> {
        let found: Vec<(Id, DocumentStatus)> = DocumentRow::visible(scope)
            .filter(in_ids(documents::id, ids))
            .select((documents::id, documents::status))
            .load(conn)?;
        let adopted: Vec<_> = found.into_iter().filter(|(_, status)| *status != DocumentStatus::Draft).collect();
        let upheld = adopted.iter().filter(|(_, status)| *status != DocumentStatus::Repealed);
        let upheld = upheld.map(|(id, _)| (Fact::Upheld, *id));
        Ok(adopted.iter().map(|(id, _)| (Fact::Adopted, *id)).chain(upheld).collect())
    }
}

/// The bodies that adopted a document, in their order, as issuers.
fn issuers(conn: &mut Conn, ids: &[Id]) -> Result<Vec<Issuer>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = OrganizationRow::by_ids(conn, Scope::All, ids)?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    let issuer = |row: OrganizationRow| Issuer {
        name: row.name.to_string(),
        kind: row.kind,
        level: row.level,
        symbol: row.symbol.map(|symbol| symbol.to_string()),
    };
    Ok(rows.into_iter().map(issuer).collect())
}

/// Narrows a query to the documents there were at the end of a day. One without a date counts from the first day of its
/// numbering period; one whose month or year is known from the first day of that, if it is not before the period.
#[must_use]
pub fn begun_by(query: <DocumentRow as Table>::Query<'_>, day: Date) -> <DocumentRow as Table>::Query<'_> {
    let begun = || {
        let period = numbering_periods::id.nullable().eq(documents::numbering_period_id);
        exists(numbering_periods::table.filter(period.and(numbering_periods::valid_from.le(day))))
    };
    let last_of = |precision| day.span(Some(precision)).1;
    let precision = documents::issued_on_precision;
    let of_month = precision.eq(DatePrecision::Month).and(documents::issued_on.le(last_of(DatePrecision::Month)));
    let of_year = precision.eq(DatePrecision::Year).and(documents::issued_on.le(last_of(DatePrecision::Year)));
    let of_day = precision.is_null().or(precision.eq(DatePrecision::Day));
    query.filter(
        of_day
            .and(documents::issued_on.le(day))
            .or(of_month.or(of_year).and(documents::numbering_period_id.is_null().or(begun())))
            .or(documents::issued_on.is_null().and(begun())),
    )
}

/// How many of the documents that share a symbol are told.
const CANDIDATES: i64 = 50;

/// The one document that a parameter means.
///
/// # Errors
/// `Malformed` with the code `ambiguous_document` and the candidates if a symbol means several, or `does_not_exist`.
pub fn chosen(conn: &mut Conn, scope: Scope, parameter: &str, choice: &DocumentChoice) -> Result<Id> {
    let symbol = match choice {
        DocumentChoice::Id(id) => return Ok(*id),
        DocumentChoice::Symbol(symbol) => symbol,
    };
    let found: Vec<DocumentRow> = DocumentRow::visible(scope)
        .filter(documents::symbol_folded.eq(fold_symbol(symbol)))
        .order((documents::issued_on_key.asc(), documents::id.asc()))
        .limit(CANDIDATES + 1)
        .load(conn)?;
    match found.as_slice() {
        [only] => Ok(only.id),
        [] => {
            let fault =
                Fault::new("does_not_exist", format!("names no document: there is none with the symbol {symbol}"));
            Err(Error::parameter(parameter, fault))
        }
        several => Err(ambiguous(conn, scope, parameter, symbol, several)?),
    }
}

/// The refusal of a symbol that means several documents, with the first fifty, each with what tells it apart.
fn ambiguous(conn: &mut Conn, scope: Scope, parameter: &str, symbol: &str, found: &[DocumentRow]) -> Result<Error> {
    let shown: Vec<&DocumentRow> = found.iter().take(usize::try_from(CANDIDATES).unwrap_or(usize::MAX)).collect();
    let periods: Vec<Id> = shown.iter().filter_map(|row| row.numbering_period_id).collect();
    let periods = NumberingPeriodRow::titles(conn, scope, &periods)?;
    let candidates = shown.iter().map(|row| {
        let mut candidate = described::<Documents>(row.id, &title_of(row.symbol.as_deref(), &row.title));
        let period = periods.iter().find(|period| Some(period.id) == row.numbering_period_id);
        if let Value::Object(members) = &mut candidate {
            members.insert("issued_on".to_owned(), json!(row.issued_on));
            members.insert("numbering_period".to_owned(), json!(period.and_then(|period| period.title.as_deref())));
        }
        candidate
    });
    let candidates: Vec<Value> = candidates.collect();
    let detail = if found.len() > shown.len() {
        format!(
            "More than {CANDIDATES} documents have the symbol {symbol}, of which the first {CANDIDATES} are told; give the id of one."
        )
    } else {
        format!("{} documents have the symbol {symbol}; give the id of one.", found.len())
    };
    let fault = Fault::new("invalid_value", "is ambiguous").allowing(shown.iter().map(|row| row.id.to_string()));
    let faults = Faults(vec![(Place::Parameter(parameter.to_owned()), fault)]);
    let refusal = Refusal { code: "ambiguous_document", detail, faults, ..Refusal::default() };
    Ok(Error::Malformed(refusal.with("candidates", candidates.into())))
}
