//! How numbering periods are kept.

use diesel::prelude::*;

use super::{Found, NumberingPeriod, NumberingPeriodFilter, NumberingPeriods};
use crate::changes;
use crate::db::dialect::in_texts;
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::numbering_periods;
use crate::db::{Conn, Scope, Store, Table};
use crate::documents::identity;
use crate::domain::error::Refusal;
use crate::domain::fault::Warning;
use crate::domain::vocabulary::{Provenance, Visibility};
use crate::domain::{Date, Error, Fault, Id, Line, LinkForm, Linker, Meta, Prose, Result, Stamp};
use crate::organizations::organization::store::OrganizationRow;
use crate::organizations::vocabulary::NumberingPeriodKind;

record_table! {
    /// A row of `numbering_periods`.
    pub struct NumberingPeriodRow in numbering_periods {
        parent: organization_id in "organizations";
        title: (label) => |[label, ..]| label;
        sorts: [valid_from];
        columns: {
            label: Line,
            kind: NumberingPeriodKind,
            valid_from: Date,
            valid_to: Option<Date>,
            provenance: Option<Provenance>,
            note: Option<Prose>,
        }
    }
}

impl Store for NumberingPeriods {
    type Row = NumberingPeriodRow;

    fn row(meta: &Meta, body: &NumberingPeriod) -> Result<NumberingPeriodRow> {
        let body = body.clone();
        Ok(row_of!(NumberingPeriodRow, meta, {
            organization_id: meta.parent_id()?,
            label: body.label,
            kind: body.kind,
            valid_from: body.valid_from,
            valid_to: body.valid_to,
            provenance: body.provenance,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: NumberingPeriodRow, _: &mut impl Linker<L>) -> Result<NumberingPeriod> {
        Ok(fields(row))
    }

    fn narrow<'a>(
        _: &mut Conn,
        filter: &'a NumberingPeriodFilter,
        _: Scope,
    ) -> Result<<NumberingPeriodRow as Table>::Query<'a>> {
        let mut query = NumberingPeriodRow::all();
        if let Some(organization) = filter.organization {
            query = query.filter(numbering_periods::organization_id.eq(organization.0));
        }
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(numbering_periods::kind, &kinds.0));
        }
        if let Some(label) = &filter.label {
            query = query.filter(numbering_periods::label.eq(label.as_str()));
        }
        if let Some(day) = filter.as_of {
            query = query
                .filter(numbering_periods::valid_from.le(day))
                .filter(numbering_periods::valid_to.is_null().or(numbering_periods::valid_to.ge(day)));
        }
        Ok(query)
    }

    /// Two periods of one kind and body must not share a day, for a day would then belong to two, and no two may have one
    /// label. What is dated within the period belongs to it, and must find room in it.
    fn prepare(
        conn: &mut Conn,
        stamp: &Stamp,
        meta: &Meta,
        old: Option<&NumberingPeriod>,
        body: &mut NumberingPeriod,
    ) -> Result<Vec<Warning>> {
        let organization = meta.parent_id()?;
        let (own, mut others): (Vec<Found>, Vec<Found>) =
            of_organization(conn, organization)?.into_iter().partition(|(id, _)| *id == meta.id);
        refuse_overlap(body, &others)?;
        refuse_same_label(body, &others)?;
        let days = |period: &NumberingPeriod| (period.kind, period.valid_from, period.valid_to);
        // One that comes back has its old days, and documents may have been written without it.
        let lives = !own.is_empty();
        if !lives || old.is_none_or(|old| days(old) != days(body)) {
            if lives {
                identity::store::refuse_left_out(conn, Scope::of(&stamp.actor), meta.id, body)?;
            }
            others.push((meta.id, body.clone()));
            identity::store::refuse_clash(conn, organization, meta.id, &others)?;
        }
        Ok(Vec::new())
    }

    /// Gives the period to the documents that were written before it.
    fn written(conn: &mut Conn, stamp: &Stamp, row: &NumberingPeriodRow) -> Result<()> {
        if row.deleted_at.is_some() {
            return Ok(());
        }
        let periods = of_organization(conn, row.organization_id)?;
        identity::store::take_in(conn, stamp, row.organization_id, row.id, &periods)
    }
}

fn refuse_overlap(body: &NumberingPeriod, others: &[Found]) -> Result<()> {
    let last = body.valid_to.unwrap_or(body.valid_from);
    let shares = |other: &NumberingPeriod| {
        other.kind == body.kind
            && (other.meets(body.valid_from, last) || body.meets(other.valid_from, other.valid_from))
    };
    match others.iter().find(|(_, other)| shares(other)) {
        None => Ok(()),
        Some((id, other)) => Err(Error::Conflict(
            Refusal::new("overlapping_period", format!("The body already has the period {}.", other.described()))
                .existing::<NumberingPeriods>(*id, &other.label),
        )),
    }
}

fn refuse_same_label(body: &NumberingPeriod, others: &[Found]) -> Result<()> {
    match others.iter().find(|(_, other)| other.label == body.label) {
        None => Ok(()),
        Some((id, other)) => Err(Error::Conflict(
            Refusal::new("duplicate", format!("The body already has a period of this label: {}.", other.described()))
                .at("/label", Fault::new("inconsistent", "is the label of another period of the body"))
                .existing::<NumberingPeriods>(*id, &other.label),
        )),
    }
}

fn fields(row: NumberingPeriodRow) -> NumberingPeriod {
    NumberingPeriod {
        label: row.label,
        kind: row.kind,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        provenance: row.provenance,
        note: row.note,
    }
}

/// All periods of a body.
///
/// # Errors
/// As the database has them.
pub fn of_organization(conn: &mut Conn, organization: Id) -> Result<Vec<Found>> {
    let rows: Vec<NumberingPeriodRow> = NumberingPeriodRow::all()
        .filter(numbering_periods::organization_id.eq(organization))
        .filter(numbering_periods::deleted_at.is_null())
        .order(numbering_periods::valid_from.asc())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, fields(row))).collect())
}

/// One living period, with the body that it belongs to.
///
/// # Errors
/// As the database has them.
pub fn get(conn: &mut Conn, id: Id) -> Result<Option<(Id, NumberingPeriod)>> {
    let rows = NumberingPeriodRow::by_ids(conn, Scope::All, &[id])?;
    Ok(rows.into_iter().next().map(|row| (row.organization_id, fields(row))))
}

/// The period of a State body for the year of `day`, made now if there is none yet.
///
/// # Errors
/// `Conflict` if a period of another kind has the year for its label.
pub fn ensure_year(conn: &mut Conn, stamp: &Stamp, organization: Id, day: Date) -> Result<Option<Id>> {
    let Some(period) = NumberingPeriod::of_year(day) else { return Ok(None) };
    let known = of_organization(conn, organization)?;
    if let Some((id, _)) = known.iter().find(|(_, known)| known.kind == period.kind && known.meets(day, day)) {
        return Ok(Some(*id));
    }
    refuse_same_label(&period, &known)?;
    let owner = OrganizationRow::by_ids(conn, Scope::All, &[organization])?.pop().and_then(|row| row.managed_by_id);
    let id = NumberingPeriodRow::next_id(conn)?;
    let meta = Meta::first(id, stamp.now, Visibility::Public, owner, Some(organization));
    changes::create::<NumberingPeriods>(conn, stamp, &meta, &period, None)?;
    Ok(Some(meta.id))
}
