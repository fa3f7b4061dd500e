//! The tables, indexes and triggers of a database, held against those that the migrations make.
//!
//! SQLite keeps the statement that made each of them, which must be the same as in a database that was just made. On
//! PostgreSQL they are looked up by their names, which both databases share but for the triggers. Indexes and tables that
//! somebody added do no harm, and triggers may: those are told of.

use std::collections::BTreeMap;
use std::fmt;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{Conn, migrate};
use crate::domain::Result;

/// What is not as the migrations make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    kind: String,
    name: String,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Missing,
    Altered,
    Added,
}

impl Difference {
    /// Whether a table is missing or another, so that reading it would fail.
    #[must_use]
    pub fn is_of_table(&self) -> bool {
        self.kind == "table"
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, what } = self;
        match what {
            What::Missing => write!(out, "the {kind} {name} is missing"),
            What::Altered => write!(out, "the {kind} {name} is not as this program makes it"),
            What::Added => write!(out, "the {kind} {name} is none of this program"),
        }
    }
}

/// A table, an index or a trigger.
#[derive(QueryableByName)]
struct Part {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    /// The statement that made it; nothing where the database does not keep it.
    #[diesel(sql_type = Text)]
    statement: String,
}

/// The statements by kind and name.
type Parts = BTreeMap<(String, String), String>;

/// The list of the migrations, which diesel makes, is looked at by others. What SQLite makes by itself has no statement.
const OF_SQLITE: &str = "SELECT type AS kind, name, sql AS statement FROM sqlite_master \
     WHERE type IN ('table', 'index', 'trigger') AND sql IS NOT NULL \
     AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '__diesel_schema_migrations'";

/// A trigger that is turned off, or an index that cannot be used, is as good as none.
const OF_POSTGRES: &str = "SELECT 'table' AS kind, CAST(relname AS TEXT) AS name, '' AS statement FROM pg_class \
     WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace) \
     UNION ALL \
     SELECT 'index', CAST(relname AS TEXT), '' FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid \
     WHERE indisvalid AND relnamespace = CAST(current_schema() AS regnamespace) \
     UNION ALL \
     SELECT 'trigger', CAST(tgname AS TEXT), '' FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid \
     WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND relnamespace = CAST(current_schema() AS regnamespace)";

/// What is not as the migrations make it, in the order of kind and name.
///
/// # Errors
/// As the database has them.
pub fn differences(conn: &mut Conn) -> Result<Vec<Difference>> {
    let mut model = by_name(diesel::sql_query(OF_SQLITE).load(&mut migrate::model()?)?);
    let actual = match conn {
        Conn::Sqlite(sqlite) => by_name(diesel::sql_query(OF_SQLITE).load(sqlite)?),
        Conn::Pg(postgres) => {
            model.retain(|(kind, _), _| kind != "trigger");
            model.extend(
                migrate::postgres_triggers().map(|name| (("trigger".to_owned(), name.to_owned()), String::new())),
            );
            model.values_mut().for_each(String::clear);
            by_name(diesel::sql_query(OF_POSTGRES).load(postgres)?)
        }
    };
    Ok(compared(&model, &actual))
}

fn by_name(parts: Vec<Part>) -> Parts {
    parts.into_iter().map(|Part { kind, name, statement }| ((kind, name), statement)).collect()
}

fn compared(model: &Parts, actual: &Parts) -> Vec<Difference> {
    let difference =
        |(kind, name): &(String, String), what| Difference { kind: kind.clone(), name: name.clone(), what };
    let of_model = model.iter().filter_map(|(part, statement)| match actual.get(part) {
        None => Some(difference(part, What::Missing)),
        Some(found) if found != statement => Some(difference(part, What::Altered)),
        Some(_) => None,
    });
    let added = actual.keys().filter(|part| part.0 == "trigger" && !model.contains_key(*part));
    let mut differences: Vec<Difference> = of_model.chain(added.map(|part| difference(part, What::Added))).collect();
    differences.sort_by(|one, other| (&one.kind, &one.name).cmp(&(&other.kind, &other.name)));
    differences
}
