//! How successions are kept.

use diesel::prelude::*;

use super::{Succession, SuccessionFilter, Successions};
use crate::changes;
use crate::db::chain::way;
use crate::db::dialect::{in_ids, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::successions;
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::error::Refusal;
use crate::domain::fault::Warning;
use crate::domain::vocabulary::Provenance;
use crate::domain::{Date, Error, Fault, Id, Line, LinkForm, Linker, Meta, Prose, Result, Stamp};
use crate::organizations::life::{Lived, warn_outside};
use crate::organizations::vocabulary::SuccessionKind;
use crate::rights::Place;
use crate::rights::area::store::settle_written;

record_table! {
    /// A row of `successions`.
    pub struct SuccessionRow in successions {
        title: (kind, effective_on) => |[kind, day, _]| Some(format!("{} on {}", kind?, day?).into());
        sorts: [effective_on];
        columns: {
            kind: SuccessionKind,
            from_admin_unit_id: Option<Id>,
            to_admin_unit_id: Option<Id>,
            from_organization_id: Option<Id>,
            to_organization_id: Option<Id>,
            effective_on: Date,
            legal_basis_id: Option<Id>,
            legal_basis_text: Option<Line>,
            provenance: Option<Provenance>,
            note: Option<Prose>,
        }
    }
}

impl Store for Successions {
    type Row = SuccessionRow;

    fn row(meta: &Meta, body: &Succession<Id>) -> Result<SuccessionRow> {
        let body = body.clone();
        Ok(row_of!(SuccessionRow, meta, {
            kind: body.kind,
            from_admin_unit_id: body.from_admin_unit,
            to_admin_unit_id: body.to_admin_unit,
            from_organization_id: body.from_organization,
            to_organization_id: body.to_organization,
            effective_on: body.effective_on,
            legal_basis_id: body.legal_basis,
            legal_basis_text: body.legal_basis_text,
            provenance: body.provenance,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: SuccessionRow, links: &mut impl Linker<L>) -> Result<Succession<L>> {
        Ok(Succession {
            kind: row.kind,
            from_admin_unit: row.from_admin_unit_id.map(|id| links.to("from_admin_unit", id)),
            to_admin_unit: row.to_admin_unit_id.map(|id| links.to("to_admin_unit", id)),
            from_organization: row.from_organization_id.map(|id| links.to("from_organization", id)),
            to_organization: row.to_organization_id.map(|id| links.to("to_organization", id)),
            effective_on: row.effective_on,
            legal_basis: row.legal_basis_id.map(|id| links.to("legal_basis", id)),
            legal_basis_text: row.legal_basis_text,
            provenance: row.provenance,
            note: row.note,
        })
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a SuccessionFilter, _: Scope) -> Result<<SuccessionRow as Table>::Query<'a>> {
        let mut query = SuccessionRow::all();
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(successions::kind, &kinds.0));
        }
        if let Some(unit) = filter.from_admin_unit {
            query = query.filter(successions::from_admin_unit_id.eq(unit.0));
        }
        if let Some(unit) = filter.to_admin_unit {
            query = query.filter(successions::to_admin_unit_id.eq(unit.0));
        }
        if let Some(organization) = filter.from_organization {
            query = query.filter(successions::from_organization_id.eq(organization.0));
        }
        if let Some(organization) = filter.to_organization {
            query = query.filter(successions::to_organization_id.eq(organization.0));
        }
        if let Some(unit) = filter.admin_unit {
            query =
                query.filter(successions::from_admin_unit_id.eq(unit.0).or(successions::to_admin_unit_id.eq(unit.0)));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(
                successions::from_organization_id
                    .eq(organization.0)
                    .or(successions::to_organization_id.eq(organization.0)),
            );
        }
        if let Some(day) = filter.effective_from {
            query = query.filter(successions::effective_on.ge(day));
        }
        if let Some(day) = filter.effective_to {
            query = query.filter(successions::effective_on.le(day));
        }
        if let Some(day) = filter.as_of {
            query = query.filter(successions::effective_on.le(day));
        }
        Ok(query)
    }

    /// A step is recorded once, and no chain of steps leads back to where it began: what comes back is a new unit or body,
    /// with a life span of its own.
    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        _: Option<&Succession<Id>>,
        body: &mut Succession<Id>,
    ) -> Result<Vec<Warning>> {
        refuse_same_step(conn, meta.id, body)?;
        refuse_cycle(conn, meta.id, body)?;
        let mut warnings = Vec::new();
        let from = side(["from_admin_unit", "from_organization"], body.from_admin_unit, body.from_organization);
        let to = side(["to_admin_unit", "to_organization"], body.to_admin_unit, body.to_organization);
        // The old one ends on the day before the new one begins.
        warn_outside(conn, from.0, from.1, body.effective_on.before(), &mut warnings)?;
        warn_outside(conn, to.0, to.1, Some(body.effective_on), &mut warnings)?;
        Ok(warnings)
    }

    /// What became part of another lies within its areas, and what did so by an earlier version no more.
    fn written(conn: &mut Conn, stamp: &Stamp, row: &SuccessionRow) -> Result<()> {
        let before = changes::before::<Self>(conn, row.id, row.version)?;
        let ends = |body: &Succession<Id>| {
            let units = (body.from_admin_unit, body.to_admin_unit);
            (units, (body.from_organization, body.to_organization), body.effective_on)
        };
        let now = Self::stored(row.clone())?;
        let moved = row.deleted_at.is_none() && before.as_ref().is_none_or(|before| ends(before) != ends(&now));
        for body in before.iter().chain([&now]) {
            let unit = body.from_admin_unit.map(Place::AdminUnit);
            if let Some(place) = body.from_organization.map(Place::Organization).or(unit) {
                settle_written(conn, stamp, place, moved)?;
            }
        }
        Ok(())
    }
}

/// The field that holds a unit or a body on the side of `fields`, and which it is.
fn side(fields: [&'static str; 2], unit: Option<Id>, organization: Option<Id>) -> (&'static str, Option<Lived>) {
    let [of_unit, of_organization] = fields;
    match unit {
        Some(unit) => (of_unit, Some(Lived::AdminUnit(unit))),
        None => (of_organization, organization.map(Lived::Organization)),
    }
}

/// Refuses a second living succession of one kind and day between the same two.
fn refuse_same_step(conn: &mut Conn, id: Id, body: &Succession<Id>) -> Result<()> {
    let mut query = SuccessionRow::visible(Scope::All)
        .filter(successions::kind.eq(body.kind))
        .filter(successions::effective_on.eq(body.effective_on))
        .filter(successions::id.ne(id));
    if let Some(unit) = body.from_admin_unit.or(body.to_admin_unit) {
        query = query.filter(successions::from_admin_unit_id.eq(unit).or(successions::to_admin_unit_id.eq(unit)));
    }
    if let Some(body) = body.from_organization.or(body.to_organization) {
        query = query.filter(successions::from_organization_id.eq(body).or(successions::to_organization_id.eq(body)));
    }
    let ends = [body.from_admin_unit, body.to_admin_unit, body.from_organization, body.to_organization];
    let candidates: Vec<SuccessionRow> = query.load(conn)?;
    let same = candidates.iter().find(|row| {
        [row.from_admin_unit_id, row.to_admin_unit_id, row.from_organization_id, row.to_organization_id] == ends
    });
    match same {
        None => Ok(()),
        Some(other) => {
            let title = other.title().unwrap_or_default();
            let detail = format!("This succession is recorded already: {title}.");
            Err(Error::Conflict(Refusal::new("duplicate_succession", detail).existing::<Successions>(other.id, &title)))
        }
    }
}

/// Refuses a succession from whose end others lead back to its beginning.
fn refuse_cycle(conn: &mut Conn, id: Id, body: &Succession<Id>) -> Result<()> {
    let others = || SuccessionRow::visible(Scope::All).filter(successions::id.ne(id));
    let both = |steps: Vec<(Option<Id>, Option<Id>)>| steps.into_iter().filter_map(|(from, to)| from.zip(to)).collect();
    let (field, way) =
        match (body.from_admin_unit.zip(body.to_admin_unit), body.from_organization.zip(body.to_organization)) {
            (Some((from, to)), _) => {
                let columns = (successions::from_admin_unit_id, successions::to_admin_unit_id);
                let found = way(to, from, |tier| {
                    Ok(both(others().filter(in_ids(successions::from_admin_unit_id, tier)).select(columns).load(conn)?))
                })?;
                ("/to_admin_unit", found)
            }
            (None, Some((from, to))) => {
                let columns = (successions::from_organization_id, successions::to_organization_id);
                let found = way(to, from, |tier| {
                    Ok(both(
                        others().filter(in_ids(successions::from_organization_id, tier)).select(columns).load(conn)?,
                    ))
                })?;
                ("/to_organization", found)
            }
            (None, None) => return Ok(()),
        };
    match way {
        None => Ok(()),
        Some(way) => {
            let way: Vec<String> = way.iter().map(ToString::to_string).collect();
            let message = format!("leads back to where the succession begins: {}", way.join(" → "));
            Err(Error::field(field, Fault::new("cycle", message)))
        }
    }
}
