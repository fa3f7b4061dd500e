//! How initiatives are kept.

use diesel::prelude::*;

use super::{Initiative, InitiativeFilter, Initiatives};
use crate::db::chain::refuse_parent_cycle;
use crate::db::dialect::{contains, in_ids, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{initiative_partners, initiatives};
use crate::db::types::{list_column, read_list};
use crate::db::{Conn, Scope, Store, Table};
use crate::documents::document;
use crate::domain::fault::Warning;
use crate::domain::{Date, Id, LinkForm, Linker, Meta, Prose, Result, Stamp, Title};
use crate::organizations::admin_unit;
use crate::results::vocabulary::InitiativeKind;
use crate::text::{fold, sort_key};

record_table! {
    /// A row of `initiatives`.
    pub struct InitiativeRow in initiatives {
        title: (name) => |[name, ..]| name;
        sorts: [name_sort];
        columns: {
            kind: InitiativeKind,
            name: Title,
            organization_id: Option<Id>,
            partners: String,
            document_id: Option<Id>,
            admin_unit_id: Option<Id>,
            parent_id: Option<Id>,
            valid_from: Option<Date>,
            valid_to: Option<Date>,
            note: Option<Prose>,
            name_folded: String,
            name_sort: String,
        }
    }
}

impl Store for Initiatives {
    type Row = InitiativeRow;

    fn row(meta: &Meta, body: &Initiative<Id>) -> Result<InitiativeRow> {
        let body = body.clone();
        Ok(row_of!(InitiativeRow, meta, {
            name_folded: fold(&body.name),
            name_sort: sort_key(&body.name),
            kind: body.kind,
            name: body.name,
            organization_id: body.organization,
            partners: list_column(&body.partners),
            document_id: body.document,
            admin_unit_id: body.admin_unit,
            parent_id: body.parent,
            valid_from: body.valid_from,
            valid_to: body.valid_to,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: InitiativeRow, links: &mut impl Linker<L>) -> Result<Initiative<L>> {
        let partners: Vec<Id> = read_list(&row.partners, "initiatives", "partners", row.id)?;
        Ok(Initiative {
            kind: row.kind,
            name: row.name,
            organization: row.organization_id.map(|id| links.to("organization", id)),
            partners: partners.into_iter().map(|id| links.to("partners", id)).collect(),
            document: row.document_id.map(|id| links.to("document", id)),
            admin_unit: row.admin_unit_id.map(|id| links.to("admin_unit", id)),
            parent: row.parent_id.map(|id| links.to("parent", id)),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            note: row.note,
        })
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a InitiativeFilter,
        scope: Scope,
    ) -> Result<<InitiativeRow as Table>::Query<'a>> {
        let mut query = InitiativeRow::all();
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(initiatives::kind, &kinds.0));
        }
        if let Some(organization) = filter.organization {
            let takes_part = initiative_partners::table
                .filter(initiative_partners::organization_id.eq(organization.0))
                .select(initiative_partners::initiative_id);
            query = query.filter(
                initiatives::organization_id
                    .eq(organization.0)
                    .or(initiatives::id.nullable().eq_any(takes_part.nullable())),
            );
        }
        if let Some(choice) = &filter.document {
            let document = document::store::chosen(conn, scope, "document", choice)?;
            query = query.filter(initiatives::document_id.eq(document));
        }
        if let Some(unit) = filter.admin_unit {
            let units = admin_unit::store::at_or_below(conn, scope, unit.0)?;
            query = query.filter(in_ids(initiatives::admin_unit_id, &units));
        }
        if let Some(parent) = filter.parent {
            query = query.filter(initiatives::parent_id.eq(parent.0));
        }
        if let Some(day) = filter.as_of {
            query = query
                .filter(initiatives::valid_from.is_null().or(initiatives::valid_from.le(day)))
                .filter(initiatives::valid_to.is_null().or(initiatives::valid_to.ge(day)));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(initiatives::name_folded, text));
        }
        Ok(query)
    }

    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        _: Option<&Initiative<Id>>,
        body: &mut Initiative<Id>,
    ) -> Result<Vec<Warning>> {
        refuse_parent_cycle(meta.id, body.parent, |ids| {
            let parents = initiatives::table.filter(in_ids(initiatives::id, ids));
            Ok(parents.select((initiatives::id, initiatives::parent_id)).load(conn)?)
        })?;
        Ok(Vec::new())
    }
}
