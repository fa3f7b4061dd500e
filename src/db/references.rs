//! The links between records, whatever their tables: which living records point at a record, and the tables beside those
//! whose fields hold several links.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use super::Conn;
use crate::domain::{Error, Id, LinkIndex, Result};

/// A column through which records of a table may point at a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// `{field}_id` holds the number.
    One {
        /// The table.
        table: &'static str,
        /// The field.
        field: &'static str,
    },
    /// The rows of another table hold the numbers.
    Many {
        /// The table of the records that point.
        table: &'static str,
        /// The table with the numbers.
        index: LinkIndex,
    },
    /// `{field}_type` and `{field}_id` hold the type and the number.
    Any {
        /// The table.
        table: &'static str,
        /// The field.
        field: &'static str,
    },
}

/// A record that points at another.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Referrer {
    /// Its table.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: Id,
}

/// Who may point at records without holding them back.
#[derive(Debug, Clone, Copy)]
pub struct Exempt<'a> {
    /// The table of the records themselves: those of them that point at each other go together.
    pub own_table: &'a str,
    /// The record that they are part of, or the record itself: its parts go with it.
    pub root: Id,
}

/// One living record for each of `columns` that points at one of the records `ids` of type `kind`, leaving out those
/// records themselves, and the records whose parent (in the column given with the table) is the root.
///
/// # Errors
/// As the database has them.
pub fn referrers(
    conn: &mut Conn,
    columns: &[(Column, Option<&str>)],
    kind: &str,
    ids: &[Id],
    exempt: Exempt<'_>,
) -> Result<Vec<Referrer>> {
    if columns.is_empty() || ids.is_empty() {
        return Ok(Vec::new());
    }
    // $1 is the ids, $2 the root, $3 the type: SQLite numbers binds by first use, so all three are named first.
    let parts: Vec<String> = columns
        .iter()
        .map(|(column, parent_column)| {
            let given = "IN (SELECT id FROM given)";
            let (table, condition) = match column {
                Column::One { table, field } => (table, format!("pointing.{field}_id {given}")),
                Column::Many { table, index: LinkIndex { table: index, from, to } } => {
                    (table, format!("pointing.id IN (SELECT {from} FROM {index} WHERE {to} {given})"))
                }
                Column::Any { table, field } => {
                    (table, format!("pointing.{field}_type = fixed.kind AND pointing.{field}_id {given}"))
                }
            };
            let outside =
                parent_column.map_or_else(String::new, |column| format!(" AND pointing.{column}_id <> fixed.root"));
            let others =
                if *table == exempt.own_table { format!(" AND NOT pointing.id {given}") } else { String::new() };
            format!(
                "SELECT '{table}' AS name, (SELECT MIN(pointing.id) FROM {table} AS pointing \
                 WHERE pointing.deleted_at IS NULL AND {condition}{outside}{others}) AS id FROM fixed"
            )
        })
        .collect();
    let given = match conn {
        Conn::Sqlite(_) => "SELECT value AS id FROM json_each($1)",
        Conn::Pg(_) => {
            "SELECT CAST(value AS BIGINT) AS id FROM json_array_elements_text(CAST($1 AS JSON)) AS each(value)"
        }
    };
    let query = format!(
        "WITH given AS ({given}), fixed AS (SELECT CAST($2 AS BIGINT) AS root, CAST($3 AS TEXT) AS kind) \
         SELECT name, id FROM ({}) AS found WHERE id IS NOT NULL",
        parts.join(" UNION ALL ")
    );
    let ids = serde_json::to_string(ids).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(diesel::sql_query(query).bind::<Text, _>(ids).bind::<BigInt, _>(exempt.root).bind::<Text, _>(kind).load(conn)?)
}

/// Takes the links that a field of the record `from` held out of the table that finds records by one of them.
///
/// # Errors
/// As the database has them.
pub fn forget_links(conn: &mut Conn, index: LinkIndex, from: Id) -> Result<()> {
    let LinkIndex { table, from: from_column, .. } = index;
    let delete = format!("DELETE FROM {table} WHERE {from_column} = $1");
    diesel::sql_query(delete).bind::<BigInt, _>(from).execute(conn)?;
    Ok(())
}

/// Keeps the links that a field of the record `from` holds in the table that finds records by one of them, which has none
/// of it.
///
/// # Errors
/// As the database has them.
pub fn keep_links(conn: &mut Conn, index: LinkIndex, from: Id, links: &[Id]) -> Result<()> {
    let LinkIndex { table, from: from_column, to } = index;
    let insert = format!("INSERT INTO {table} ({from_column}, {to}, position) VALUES ($1, $2, $3)");
    for (position, link) in (1_i32..).zip(links) {
        let insert = diesel::sql_query(&insert).bind::<BigInt, _>(from).bind::<BigInt, _>(*link);
        insert.bind::<Integer, _>(position).execute(conn)?;
    }
    Ok(())
}

/// A row of a table that finds records by one of several links.
#[derive(QueryableByName)]
struct KeptLink {
    #[diesel(sql_type = BigInt)]
    record: Id,
    #[diesel(sql_type = Integer)]
    position: i32,
    #[diesel(sql_type = BigInt)]
    link: Id,
}

/// The links that such a table has of each record with a number between two, each with its position, in order.
///
/// # Errors
/// As the database has them.
pub fn kept_links(
    conn: &mut Conn,
    index: LinkIndex,
    records: RangeInclusive<Id>,
) -> Result<HashMap<Id, Vec<(i32, Id)>>> {
    let LinkIndex { table, from, to } = index;
    let query = format!(
        "SELECT {from} AS record, position, {to} AS link FROM {table} \
         WHERE {from} BETWEEN $1 AND $2 ORDER BY {from}, position, {to}"
    );
    let query = diesel::sql_query(query).bind::<BigInt, _>(*records.start()).bind::<BigInt, _>(*records.end());
    let mut kept: HashMap<Id, Vec<(i32, Id)>> = HashMap::new();
    for KeptLink { record, position, link } in query.load(conn)? {
        kept.entry(record).or_default().push((position, link));
    }
    Ok(kept)
}

/// The foreign keys of PostgreSQL's tables, each to be made to wait for the end of the transaction, or not.
const ALTER_FOREIGN_KEYS: &str = "
    DO $$
    DECLARE
        foreign_key record;
    BEGIN
        FOR foreign_key IN
            SELECT conrelid::regclass AS relation, conname AS name
            FROM pg_constraint
            WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
        LOOP
            EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I {}', foreign_key.relation, foreign_key.name);
        END LOOP;
    END
    $$";

/// Lets records be written before those that they point at, until [`settle`] in the same transaction.
///
/// The constraints cannot be deferred as they are declared, so that an ordinary write is refused at its place. On
/// PostgreSQL they are altered for the length of the transaction, which nobody else sees.
///
/// # Errors
/// As the database has them.
pub fn defer(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA defer_foreign_keys = ON")?,
        Conn::Pg(postgres) => {
            postgres.batch_execute(&ALTER_FOREIGN_KEYS.replace("{}", "DEFERRABLE INITIALLY DEFERRED"))?;
        }
    }
    Ok(())
}

/// Holds all that was written since [`defer`] against the foreign keys. SQLite does so by itself when it commits.
///
/// # Errors
/// As the database has them: `Internal` if a record points at nothing.
pub fn settle(conn: &mut Conn) -> Result<()> {
    if let Conn::Pg(postgres) = conn {
        postgres.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
        postgres.batch_execute(&ALTER_FOREIGN_KEYS.replace("{}", "NOT DEFERRABLE"))?;
    }
    Ok(())
}
