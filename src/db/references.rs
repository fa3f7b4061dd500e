//! Which living records point at a record, whatever their table.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Conn;
use crate::domain::{Id, LinkIndex, Result};

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

/// One living record for each of `columns` that points at the record `id` of type `kind`, leaving out the records whose
/// parent (in the column given with the table) is `parent`.
///
/// # Errors
/// As the database has them.
pub fn referrers(
    conn: &mut Conn,
    columns: &[(Column, Option<&str>)],
    kind: &str,
    id: Id,
    parent: Id,
) -> Result<Vec<Referrer>> {
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    // $1 is the id, $2 the parent, $3 the type: SQLite numbers binds by first use, so all three are named first.
    let parts: Vec<String> = columns
        .iter()
        .map(|(column, parent_column)| {
            let (table, condition) = match column {
                Column::One { table, field } => (table, format!("{field}_id = given.id")),
                Column::Many { table, index: LinkIndex { table: index, from, to } } => {
                    (table, format!("id IN (SELECT {from} FROM {index} WHERE {to} = given.id)"))
                }
                Column::Any { table, field } => (table, format!("{field}_type = given.kind AND {field}_id = given.id")),
            };
            let outside = parent_column.map_or_else(String::new, |column| format!(" AND {column}_id <> given.parent"));
            format!(
                "SELECT '{table}' AS name, (SELECT MIN(pointing.id) FROM {table} AS pointing \
                 WHERE pointing.deleted_at IS NULL AND pointing.{condition}{outside}) AS id FROM given"
            )
        })
        .collect();
    let query = format!(
        "WITH given AS (SELECT CAST($1 AS BIGINT) AS id, CAST($2 AS BIGINT) AS parent, CAST($3 AS TEXT) AS kind) \
         SELECT name, id FROM ({}) AS found WHERE id IS NOT NULL",
        parts.join(" UNION ALL ")
    );
    Ok(diesel::sql_query(query).bind::<BigInt, _>(id).bind::<BigInt, _>(parent).bind::<Text, _>(kind).load(conn)?)
}
