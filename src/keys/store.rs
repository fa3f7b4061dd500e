//! How external keys are kept.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::db::dialect::{in_ids, in_texts};
use crate::db::schema::external_keys;
use crate::domain::link::{ExternalKey, KeyPart};
use crate::domain::{Error, Fault, Id, Result};

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

/// The records of type `resource` that have these keys.
pub fn find_all(conn: &mut Conn, resource: &str, keys: &[&ExternalKey]) -> Result<HashMap<ExternalKey, Id>> {
    let mut wanted: BTreeMap<&str, BTreeMap<&str, &ExternalKey>> = BTreeMap::new();
    for key in keys {
        wanted.entry(key.system.as_str()).or_default().insert(key.key.as_str(), key);
    }
    let mut ids = HashMap::new();
    for (system, keys) in wanted {
        let names: Vec<&str> = keys.keys().copied().collect();
        let found: Vec<(String, Id)> = external_keys::table
            .filter(external_keys::resource.eq(resource))
            .filter(external_keys::system.eq(system))
            .filter(in_texts(external_keys::key, &names))
            .select((external_keys::key, external_keys::record_id))
            .load(conn)?;
        ids.extend(found.into_iter().filter_map(|(name, id)| Some(((*keys.get(name.as_str())?).clone(), id))));
    }
    Ok(ids)
}

/// The keys of these records of type `resource`, each record's in the order of system and key.
pub fn of_records(conn: &mut Conn, resource: &str, records: &[Id]) -> Result<HashMap<Id, Vec<ExternalKey>>> {
    let found: Vec<(Id, String, String)> = external_keys::table
        .filter(external_keys::resource.eq(resource))
        .filter(in_ids(external_keys::record_id, records))
        .order((external_keys::system.asc(), external_keys::key.asc()))
        .select((external_keys::record_id, external_keys::system, external_keys::key))
        .load(conn)?;
    let mut keys: HashMap<Id, Vec<ExternalKey>> = HashMap::new();
    for (id, system, key) in found {
        let unreadable = |fault: Fault| Error::Internal(format!("external_keys of {resource} {id}: {}", fault.message));
        let key = ExternalKey {
            system: KeyPart::new(&system).map_err(unreadable)?,
            key: KeyPart::new(&key).map_err(unreadable)?,
        };
        keys.entry(id).or_default().push(key);
    }
    Ok(keys)
}

/// Gives a record its key. The row of the log that says so is written by [`create`](crate::changes::create) alone.
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

/// One key of one record, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, Insertable, Serialize, Deserialize)]
#[diesel(table_name = external_keys)]
#[serde(deny_unknown_fields)]
pub struct KeyRow {
    /// The type of the record.
    pub resource: String,
    /// Whose key it is.
    pub system: String,
    /// The key.
    pub key: String,
    /// The number of the record.
    pub record_id: Id,
}

impl KeyRow {
    /// What it is found by, which no two have. They stand in the order of this.
    #[must_use]
    pub fn place(&self) -> (&str, &str, &str) {
        (&self.resource, &self.system, &self.key)
    }
}

/// How many keys there are.
pub fn count(conn: &mut Conn) -> Result<i64> {
    Ok(external_keys::table.count().get_result(conn)?)
}

/// The keys after `row`, in order, at most `limit`.
pub fn after(conn: &mut Conn, row: Option<&KeyRow>, limit: i64) -> Result<Vec<KeyRow>> {
    let mut query = external_keys::table.into_boxed();
    if let Some(KeyRow { resource, system, key, .. }) = row {
        let same_resource = external_keys::resource.eq(resource);
        let later_key = external_keys::system.eq(system).and(external_keys::key.gt(key));
        let later = external_keys::system.gt(system).or(later_key);
        query = query.filter(external_keys::resource.gt(resource).or(same_resource.and(later)));
    }
    let order = (external_keys::resource.asc(), external_keys::system.asc(), external_keys::key.asc());
    Ok(query.order(order).limit(limit).load(conn)?)
}

/// The keys after `row` that no row of the log gave to any record, in order, at most `limit`.
pub fn unlogged(conn: &mut Conn, row: Option<&KeyRow>, limit: i64) -> Result<Vec<KeyRow>> {
    let (resource, system, key) = row.map_or(("", "", ""), KeyRow::place);
    let query = "SELECT external_keys.* FROM external_keys \
         WHERE (resource, system, key) > ($1, $2, $3) \
         AND NOT EXISTS (SELECT 1 FROM changes WHERE changes.resource = external_keys.resource \
                         AND changes.key_system = external_keys.system AND changes.external_key = external_keys.key) \
         ORDER BY resource, system, key LIMIT $4";
    let query = diesel::sql_query(query).bind::<Text, _>(resource).bind::<Text, _>(system).bind::<Text, _>(key);
    Ok(query.bind::<BigInt, _>(limit).load(conn)?)
}

/// A key as the log gave it to a record, and the record that it names.
#[derive(QueryableByName)]
struct Strayed {
    #[diesel(embed)]
    logged: KeyRow,
    #[diesel(sql_type = Nullable<BigInt>)]
    names: Option<Id>,
}

/// The first keys that do not name the record to which the log gave them, in the order of the log, at most `limit`: each
/// as the log has it, with the record that it names instead, if it is there.
pub fn strayed(conn: &mut Conn, limit: i64) -> Result<Vec<(KeyRow, Option<Id>)>> {
    let query = "SELECT changes.resource, changes.key_system AS system, changes.external_key AS key, \
                changes.record_id, external_keys.record_id AS names \
         FROM changes LEFT JOIN external_keys ON external_keys.resource = changes.resource \
              AND external_keys.system = changes.key_system AND external_keys.key = changes.external_key \
         WHERE changes.external_key IS NOT NULL \
         AND (external_keys.record_id IS NULL OR external_keys.record_id <> changes.record_id) \
         ORDER BY changes.sequence LIMIT $1";
    let strayed: Vec<Strayed> = diesel::sql_query(query).bind::<BigInt, _>(limit).load(conn)?;
    Ok(strayed.into_iter().map(|Strayed { logged, names }| (logged, names)).collect())
}

/// Keeps a key as it is.
pub fn put_back(conn: &mut Conn, row: &KeyRow) -> Result<()> {
    diesel::insert_into(external_keys::table).values(row).execute(conn)?;
    Ok(())
}
