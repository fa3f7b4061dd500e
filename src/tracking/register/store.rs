//! How the register is loaded: whole, by one query for each of its three tables, since an answer about all units of a tier
//! needs most of it, and it grows with the bodies there are and not with what they do.

use diesel::prelude::*;

use super::{Body, Life, Register, Step, Subject, Unit};
use crate::db::schema::{admin_units, organizations, successions};
use crate::db::{Conn, Scope};
use crate::domain::vocabulary::Level;
use crate::domain::{Date, Id, Result};
use crate::organizations::admin_unit::store::AdminUnitRow;
use crate::organizations::organization::store::OrganizationRow;
use crate::organizations::succession::store::SuccessionRow;
use crate::organizations::vocabulary::OrganizationKind;

/// The register that the caller may see.
///
/// # Errors
/// As the database has them.
pub fn load(conn: &mut Conn, scope: Scope) -> Result<Register> {
    Ok(Register::new(bodies(conn, scope)?, units(conn, scope)?, steps(conn, scope)?))
}

type BodyColumns = (Id, OrganizationKind, Option<Level>, Option<Id>, Option<Id>, Option<Date>, Option<Date>, String);

fn bodies(conn: &mut Conn, scope: Scope) -> Result<Vec<Body>> {
    let columns = (
        organizations::id,
        organizations::kind,
        organizations::level,
        organizations::admin_unit_id,
        organizations::parent_id,
        organizations::valid_from,
        organizations::valid_to,
        organizations::name_sort,
    );
    let rows: Vec<BodyColumns> = OrganizationRow::visible(scope).select(columns).load(conn)?;
    let body = |(id, kind, level, admin_unit, parent, from, to, name_sort): BodyColumns| Body {
        id,
        kind,
        level,
        admin_unit,
        parent,
        life: Life { from, to },
        name_sort,
    };
    Ok(rows.into_iter().map(body).collect())
}

type UnitColumns = (Id, Level, Option<Id>, Option<Date>, Option<Date>, String);

fn units(conn: &mut Conn, scope: Scope) -> Result<Vec<Unit>> {
    let columns = (
        admin_units::id,
        admin_units::level,
        admin_units::parent_id,
        admin_units::valid_from,
        admin_units::valid_to,
        admin_units::name_sort,
    );
    let rows: Vec<UnitColumns> = AdminUnitRow::visible(scope).select(columns).load(conn)?;
    let unit = |(id, level, parent, from, to, name_sort): UnitColumns| Unit {
        id,
        level,
        parent,
        life: Life { from, to },
        name_sort,
    };
    Ok(rows.into_iter().map(unit).collect())
}

type StepColumns = (Option<Id>, Option<Id>, Option<Id>, Option<Id>, Date);

fn steps(conn: &mut Conn, scope: Scope) -> Result<Vec<Step>> {
    let columns = (
        successions::from_admin_unit_id,
        successions::to_admin_unit_id,
        successions::from_organization_id,
        successions::to_organization_id,
        successions::effective_on,
    );
    let query = SuccessionRow::visible(scope).order(successions::id.asc()).select(columns);
    let rows: Vec<StepColumns> = query.load(conn)?;
    let step = |(from_unit, to_unit, from_body, to_body, on): StepColumns| Step {
        from: from_unit.map(Subject::Unit).or(from_body.map(Subject::Body)),
        to: to_unit.map(Subject::Unit).or(to_body.map(Subject::Body)),
        on,
    };
    Ok(rows.into_iter().map(step).collect())
}
