//! How a check finds its records: the query of the table, over the rows that the caller may see.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Date as SqlDate, Nullable};

use super::checks::Check;
use crate::db::scope::push_text;
use crate::db::{Conn, MultiBackend, Scope};
use crate::domain::{Date, Id, Result};
use crate::resources;

/// A record that wants a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub record: Id,
    /// The number of the other record.
    pub other: Option<Id>,
    /// The two days that are compared.
    pub days: Option<(Date, Date)>,
}

/// Which of the records that a check finds are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Those after this one.
    pub after: Id,
    /// How many at most.
    pub most: i64,
}

type FoundColumns = (Id, Option<Id>, Option<Date>, Option<Date>);

/// The records that a check finds, by number.
///
/// # Errors
/// As the database has them.
pub fn found(conn: &mut Conn, scope: Scope, check: &Check, day: Date, part: Part) -> Result<Vec<Found>> {
    let rows: Vec<FoundColumns> = Rows { asked: Asked { sql: sql(check, scope), day, scope }, part }.load(conn)?;
    let found = |(record, other, first, last): FoundColumns| Found { record, other, days: first.zip(last) };
    Ok(rows.into_iter().map(found).collect())
}

/// How many records a check finds.
///
/// # Errors
/// As the database has them.
pub fn count(conn: &mut Conn, scope: Scope, check: &Check, day: Date) -> Result<i64> {
    Ok(Count(Asked { sql: sql(check, scope), day, scope }).get_result(conn)?)
}

/// The query of a check, with `:day` where the day stands.
fn sql(check: &Check, scope: Scope) -> String {
    let other = check.other.map_or("CAST(NULL AS BIGINT)", |(_, column)| column);
    let nothing = "CAST(NULL AS DATE)";
    let (first, last) = check.days.unwrap_or((nothing, nothing));
    let from = with_visible_tables(check.from, scope);
    format!("SELECT r.id AS record, {other} AS other, {first} AS first_day, {last} AS last_day FROM {from}")
}

/// The same with the visible rows of a table where it stands in braces.
fn with_visible_tables(from: &str, scope: Scope) -> String {
    let mut parts = from.split('{');
    let mut sql = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (table, rest) = part.split_once('}').unwrap_or((part, ""));
        sql.push_str(&visible(table, scope));
        sql.push_str(rest);
    }
    sql
}

/// The living rows of a table that the caller may see; of a child, whose parent the caller may see too.
fn visible(table: &str, scope: Scope) -> String {
    let living = format!("SELECT * FROM {table} WHERE {table}.deleted_at IS NULL");
    let collection = resources::ALL.iter().find(|collection| collection.table() == table);
    let parent = collection.and_then(|collection| collection.parent()).and_then(|parent| {
        let parents = resources::by_type(parent.target)?.table();
        let column = parent.field;
        Some(format!(
            " AND EXISTS (SELECT 1 FROM {parents} AS parent WHERE parent.id = {table}.{column}_id \
             AND parent.visibility = 'public')"
        ))
    });
    let public = format!("{table}.visibility = 'public'{}", parent.unwrap_or_default());
    let seen = scope.text(&format!("{table}."), &public);
    seen.map_or_else(|| format!("({living})"), |seen| format!("({living} AND {seen})"))
}

/// The query of a check, and the day that is asked about.
struct Asked {
    sql: String,
    day: Date,
    scope: Scope,
}

impl Asked {
    /// Pushes the query, with the day bound wherever it stands.
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        for (at, part) in self.sql.split(":day").enumerate() {
            if at > 0 {
                out.push_sql("CAST(");
                out.push_bind_param::<SqlDate, Date>(&self.day)?;
                // SQLite keeps a day as text, and would make a number of it.
                out.push_sql(match out.backend() {
                    MultiBackend::Pg(_) => " AS DATE)",
                    MultiBackend::Sqlite(_) => " AS TEXT)",
                });
            }
            push_text(out, part, &self.scope)?;
        }
        Ok(())
    }
}

/// Some of the records that a check finds.
struct Rows {
    asked: Asked,
    part: Part,
}

impl Query for Rows {
    type SqlType = (BigInt, Nullable<BigInt>, Nullable<SqlDate>, Nullable<SqlDate>);
}

impl QueryId for Rows {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Conn> for Rows {}

impl QueryFragment<MultiBackend> for Rows {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("SELECT record, other, first_day, last_day FROM (");
        self.asked.push(&mut out)?;
        out.push_sql(") AS found WHERE record > ");
        out.push_bind_param::<BigInt, Id>(&self.part.after)?;
        out.push_sql(" ORDER BY record LIMIT ");
        out.push_bind_param::<BigInt, i64>(&self.part.most)
    }
}

/// How many records a check finds.
struct Count(Asked);

impl Query for Count {
    type SqlType = BigInt;
}

impl QueryId for Count {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Conn> for Count {}

impl QueryFragment<MultiBackend> for Count {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.push(&mut out)?;
        out.push_sql(") AS found");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_in_braces_is_what_the_caller_may_see_of_it() {
        assert_eq!(
            with_visible_tables("{tasks} AS r WHERE 1 = 1", Scope::All),
            "(SELECT * FROM tasks WHERE tasks.deleted_at IS NULL) AS r WHERE 1 = 1"
        );
        assert_eq!(
            with_visible_tables("{positions} AS r", Scope::Public),
            "(SELECT * FROM positions WHERE positions.deleted_at IS NULL AND positions.visibility = 'public' \
             AND EXISTS (SELECT 1 FROM people AS parent WHERE parent.id = positions.person_id \
             AND parent.visibility = 'public')) AS r"
        );
    }
}
