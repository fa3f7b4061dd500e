//! The days on which a body or a unit existed, as others rest on them.

use super::{admin_unit, organization};
use crate::db::Conn;
use crate::domain::fault::Warning;
use crate::domain::{Date, Id, Result};

/// What has a life span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lived {
    /// An organization.
    Organization(Id),
    /// An administrative unit.
    AdminUnit(Id),
}

/// Its name, its first day and its last day, as far as they are known.
pub type Life = (String, Option<Date>, Option<Date>);

fn life_of(conn: &mut Conn, lived: Lived) -> Result<Option<Life>> {
    match lived {
        Lived::Organization(id) => organization::store::life_of(conn, id),
        Lived::AdminUnit(id) => admin_unit::store::life_of(conn, id),
    }
}

/// Notes that what `field` points at did not exist on `day`. It is a remark and no refusal, since a source may say so.
///
/// # Errors
/// As the database has them.
pub fn warn_outside(
    conn: &mut Conn,
    field: &str,
    lived: Option<Lived>,
    day: Option<Date>,
    warnings: &mut Vec<Warning>,
) -> Result<()> {
    let (Some(lived), Some(day)) = (lived, day) else { return Ok(()) };
    if let Some((name, from, to)) = life_of(conn, lived)? {
        let message = match (from, to) {
            (Some(from), _) if day < from => format!("{name} exists since {from}, after {day}."),
            (_, Some(to)) if to < day => format!("{name} existed until {to}, before {day}."),
            _ => return Ok(()),
        };
        warnings.push(Warning::new("outside_life_span", format!("/{field}"), message));
    }
    Ok(())
}
