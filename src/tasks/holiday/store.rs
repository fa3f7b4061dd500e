//! How holidays are kept.

use diesel::prelude::*;

use super::{Calendar, Holiday, HolidayFilter, Holidays};
use crate::db::dialect::{contains, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::holidays;
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::error::Refusal;
use crate::domain::fault::Warning;
use crate::domain::vocabulary::Provenance;
use crate::domain::{Date, Error, Fault, Id, Line, LinkForm, Linker, Meta, Prose, Result, Stamp};
use crate::tasks::vocabulary::HolidayKind;
use crate::text::fold;

record_table! {
    /// A row of `holidays`.
    pub struct HolidayRow in holidays {
        title: (name) => |[name, ..]| name;
        sorts: [day];
        columns: {
            day: Date,
            name: Line,
            kind: HolidayKind,
            legal_basis: Option<Line>,
            provenance: Option<Provenance>,
            note: Option<Prose>,
            name_folded: String,
        }
    }
}

impl Store for Holidays {
    type Row = HolidayRow;

    fn row(meta: &Meta, body: &Holiday) -> Result<HolidayRow> {
        let body = body.clone();
        Ok(row_of!(HolidayRow, meta, {
            name_folded: fold(&body.name),
            day: body.day,
            name: body.name,
            kind: body.kind,
            legal_basis: body.legal_basis,
            provenance: body.provenance,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: HolidayRow, _: &mut impl Linker<L>) -> Result<Holiday> {
        Ok(Holiday {
            day: row.day,
            name: row.name,
            kind: row.kind,
            legal_basis: row.legal_basis,
            provenance: row.provenance,
            note: row.note,
        })
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a HolidayFilter, _: Scope) -> Result<<HolidayRow as Table>::Query<'a>> {
        let mut query = HolidayRow::all();
        if let Some(day) = filter.day_from {
            query = query.filter(holidays::day.ge(day));
        }
        if let Some(day) = filter.day_to {
            query = query.filter(holidays::day.le(day));
        }
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(holidays::kind, &kinds.0));
        }
        if let Some(provenances) = &filter.provenance {
            query = query.filter(in_texts(holidays::provenance, &provenances.0));
        }
        if let Some(day) = filter.as_of {
            query = query.filter(holidays::day.le(day));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(holidays::name_folded, text));
        }
        Ok(query)
    }

    /// Offices cannot rest on a day and work on it: whoever records the one is told of the other.
    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        _: Option<&Holiday>,
        body: &mut Holiday,
    ) -> Result<Vec<Warning>> {
        let other: Option<(Id, Line)> = HolidayRow::visible(Scope::All)
            .filter(holidays::day.eq(body.day))
            .filter(holidays::kind.ne(body.kind))
            .filter(holidays::id.ne(meta.id))
            .order(holidays::id.asc())
            .select((holidays::id, holidays::name))
            .first(conn)
            .optional()?;
        let Some((id, name)) = other else { return Ok(Vec::new()) };
        let done = if body.kind == HolidayKind::Holiday { "work" } else { "rest" };
        let detail = format!("Another record says that offices {done} on {}.", body.day);
        let refusal = Refusal::new("contradicting_holiday", detail);
        let refusal = refusal.at("/kind", Fault::new("inconsistent", "is not the kind of the other record of the day"));
        Err(Error::Conflict(refusal.existing::<Holidays>(id, &name)))
    }
}

/// The calendar of the years from that of `first` to that of `last`, as far as the caller may see.
///
/// # Errors
/// As the database has them.
pub fn calendar(conn: &mut Conn, scope: Scope, first: Date, last: Date) -> Result<Calendar> {
    let from = Date::of_year(first.year()).map_or(first, |(from, _)| from);
    let to = Date::of_year(last.year()).map_or(last, |(_, to)| to);
    let query = HolidayRow::visible(scope).filter(holidays::day.ge(from)).filter(holidays::day.le(to));
    let days: Vec<(Date, HolidayKind)> = query.select((holidays::day, holidays::kind)).load(conn)?;
    Ok(Calendar::new(days))
}
