//! How successions are kept.

use diesel::prelude::*;

use super::{Succession, SuccessionFilter, Successions};
use crate::db::dialect::in_texts;
use crate::db::schema::successions;
use crate::db::table::{record_table, row_of};
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::vocabulary::Provenance;
use crate::domain::{Date, Id, Line, LinkForm, Linker, Meta, Prose, Result};
use crate::organizations::vocabulary::SuccessionKind;

record_table! {
    /// A row of `successions`.
    pub struct SuccessionRow in successions {
        title: (kind: SuccessionKind, effective_on: Date) => |(kind, day): (SuccessionKind, Date)| Some(format!("{kind} on {day}"));
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
        Ok(query)
    }
}
