//! How external keys are kept.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::external_keys;
use crate::domain::link::ExternalKey;
use crate::domain::{Id, Result};

/// The record of type `resource` that has this key.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn find(conn: &mut Conn, resource: &str, key: &ExternalKey) -> Result<Option<Id>> {
    Ok(external_keys::table
        .find((resource, key.system.as_str(), key.key.as_str()))
        .select(external_keys::record_id)
        .first(conn)
        .optional()?)
}

/// Gives a record its key.
pub fn insert(conn: &mut Conn, resource: &str, key: &ExternalKey, record: Id) -> Result<()> {
    let values = (
        external_keys::resource.eq(resource),
        external_keys::system.eq(key.system.as_str()),
        external_keys::key.eq(key.key.as_str()),
        external_keys::record_id.eq(record),
    );
    diesel::insert_into(external_keys::table).values(values).execute(conn)?;
    Ok(())
}
