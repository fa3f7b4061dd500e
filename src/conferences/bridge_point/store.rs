//! How bridge points are kept.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{BridgePoint, BridgePointFilter, BridgePoints};
use crate::conferences::conference;
use crate::db::dialect::{in_ids, in_selected};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::bridge_points;
use crate::db::{Conn, MultiBackend, Scope, Store, Table};
use crate::domain::{Id, Line, LinkForm, Linker, Meta, Prose, Result};
use crate::organizations::admin_unit;

record_table! {
    /// A row of `bridge_points`.
    pub struct BridgePointRow in bridge_points {
        parent: conference_id in "conferences";
        title: (name, place) => |[name, place, _]| name.or(place);
        sorts: [];
        columns: {
            name: Option<Line>,
            admin_unit_id: Option<Id>,
            organization_id: Option<Id>,
            place: Option<Line>,
            main: bool,
            note: Option<Prose>,
        }
    }
}

impl Store for BridgePoints {
    type Row = BridgePointRow;

    fn row(meta: &Meta, body: &BridgePoint<Id>) -> Result<BridgePointRow> {
        let body = body.clone();
        Ok(row_of!(BridgePointRow, meta, {
            conference_id: meta.parent_id()?,
            name: body.name,
            admin_unit_id: body.admin_unit,
            organization_id: body.organization,
            place: body.place,
            main: body.main,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: BridgePointRow, links: &mut impl Linker<L>) -> Result<BridgePoint<L>> {
        Ok(BridgePoint {
            name: row.name,
            admin_unit: row.admin_unit_id.map(|id| links.to("admin_unit", id)),
            organization: row.organization_id.map(|id| links.to("organization", id)),
            place: row.place,
            main: row.main,
            note: row.note,
        })
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a BridgePointFilter,
        scope: Scope,
    ) -> Result<<BridgePointRow as Table>::Query<'a>> {
        let mut query = BridgePointRow::all();
        if let Some(conference) = filter.conference {
            query = query.filter(bridge_points::conference_id.eq(conference.0));
        }
        if let Some(unit) = filter.admin_unit {
            let units = admin_unit::store::at_or_below(conn, scope, unit.0)?;
            query = query.filter(in_ids(bridge_points::admin_unit_id, &units));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(bridge_points::organization_id.eq(organization.0));
        }
        if let Some(main) = filter.main {
            query = query.filter(bridge_points::main.eq(main));
        }
        if let Some(day) = filter.as_of {
            query = query.filter(in_selected(bridge_points::conference_id, conference::store::held_by(scope, day)));
        }
        Ok(query)
    }
}

/// The conferences with a bridge point in one of these units, for a query of conferences that the caller may see.
#[must_use]
pub fn conferences_joined_from<'a>(scope: Scope, units: &[Id]) -> bridge_points::BoxedQuery<'a, MultiBackend, BigInt> {
    BridgePointRow::of_visible_parents(scope)
        .filter(in_ids(bridge_points::admin_unit_id, units))
        .select(bridge_points::conference_id)
}

/// Which of these conferences have a bridge point, as far as the caller may see.
///
/// # Errors
/// As the database has them.
pub fn conferences_with_any(conn: &mut Conn, scope: Scope, conferences: &[Id]) -> Result<Vec<Id>> {
    let joined = BridgePointRow::visible(scope).filter(in_ids(bridge_points::conference_id, conferences));
    Ok(joined.select(bridge_points::conference_id).load(conn)?)
}

/// The conference that a bridge point belongs to.
///
/// # Errors
/// As the database has them.
pub fn conference_of(conn: &mut Conn, id: Id) -> Result<Option<Id>> {
    Ok(bridge_points::table.find(id).select(bridge_points::conference_id).first(conn).optional()?)
}
