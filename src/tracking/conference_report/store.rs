//! How conferences are counted: by the database, however many there are.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::{Group, Key, MOST_GROUPS};
use crate::conferences::conference::{self, ConferenceFilter, Conferences};
use crate::db::dialect::{grouped, tallied, year_of};
use crate::db::schema::conferences;
use crate::db::{Conn, Scope};
use crate::domain::{Date, Id, Result};
use crate::organizations::admin_unit;
use crate::service::read::leads_nowhere;
use crate::tracking::vocabulary::ConferenceGrouping;

/// How many conferences of each group `filter` lets through; in no order, and at most one group more than there may be.
///
/// # Errors
/// As the filter has them, and the database.
pub fn counted(
    conn: &mut Conn,
    scope: Scope,
    filter: &ConferenceFilter,
    by: ConferenceGrouping,
) -> Result<Vec<(Key, Group)>> {
    if leads_nowhere::<Conferences>(conn, scope, filter, None)? {
        return Ok(Vec::new());
    }
    let found = conference::store::living(conn, filter, scope)?;
    let day = conferences::held_from;
    let most = MOST_GROUPS.saturating_add(1);
    macro_rules! by_column {
        ($kind:ty => $value:ty, $column:expr, $key:expr) => {{
            let key = grouped::<Nullable<$kind>, _>(true, $column);
            let rows: Vec<(Option<$value>, i64, Option<Date>, Option<Date>)> =
                tallied::<$kind, _>(found.select((key, day)), most).load(conn)?;
            rows.into_iter()
                .map(|(key, count, first_on, last_on)| {
                    (key.map_or(Key::None, $key), Group { count, first_on, last_on })
                })
                .collect::<Vec<(Key, Group)>>()
        }};
    }
    Ok(match by {
        ConferenceGrouping::ConveningBody => by_column!(BigInt => Id, conferences::convening_body_id, Key::Record),
        ConferenceGrouping::Level => by_column!(Text => String, conferences::level, Key::Code),
        ConferenceGrouping::Mode => by_column!(Text => String, conferences::mode.nullable(), Key::Code),
        ConferenceGrouping::Year => by_column!(Integer => i32, year_of(conferences::held_from), Key::Year),
        ConferenceGrouping::Province => {
            let by_unit = by_column!(BigInt => Id, conferences::admin_unit_id, Key::Record);
            by_province(conn, scope, by_unit)?
        }
    })
}

/// The groups of units put together to those of their provinces.
fn by_province(conn: &mut Conn, scope: Scope, by_unit: Vec<(Key, Group)>) -> Result<Vec<(Key, Group)>> {
    let unit = |key: &Key| if let Key::Record(unit) = key { Some(*unit) } else { None };
    let units: Vec<Id> = by_unit.iter().filter_map(|(key, _)| unit(key)).collect();
    let provinces = admin_unit::store::provinces_of(conn, scope, &units)?;
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    for (key, group) in by_unit {
        let province = unit(&key).and_then(|unit| provinces.get(&unit));
        groups.entry(province.map_or(Key::None, |province| Key::Record(*province))).or_default().add(&group);
    }
    Ok(groups.into_iter().collect())
}
