//! How the facts of a grid are gathered.

use diesel::prelude::*;

use super::expected::{Expected, Whom};
use super::grid::Facts;
use crate::db::schema::expectations;
use crate::db::{Conn, Scope};
use crate::domain::{Date, Error, Id, Result};
use crate::organizations::class::OrganizationClass;
use crate::tasks::expectation::store::{ExpectationRow, said_by};
use crate::tracking::RecordRef;
use crate::tracking::acts;
use crate::tracking::force::store::{documents_of, forces_of};
use crate::tracking::register;

/// What is known of a document by the end of a day: a number of queries that does not grow with what is found.
///
/// # Errors
/// `NotFound` if the caller may not see the document, and as the database has them.
pub fn facts(conn: &mut Conn, scope: Scope, document: Id, day: Date) -> Result<Facts> {
    let mut documents = documents_of(conn, scope, &[document], day)?;
    let force = forces_of(conn, scope, &documents, day)?.remove(&document).ok_or(Error::NotFound)?;
    let document = documents.remove(&document).ok_or(Error::NotFound)?;
    let register = register::store::load(conn, scope)?;
    let acts = acts::store::load(conn, scope, document.id, day, &register)?;
    let expectations = expected(conn, scope, document.id, day)?;
    Ok(Facts { document, force, register, acts, expectations })
}

/// What had been said by the end of a day to be expected about a document.
fn expected(conn: &mut Conn, scope: Scope, document: Id, day: Date) -> Result<Vec<Expected>> {
    let query = ExpectationRow::visible(scope).filter(expectations::document_id.eq(document));
    let rows: Vec<ExpectationRow> = query.order(expectations::id.asc()).load(conn)?;
    Ok(said_by(conn, rows, day)?.into_iter().map(read).collect())
}

fn read(row: ExpectationRow) -> Expected {
    let class = OrganizationClass { kind: row.class_kind, level: row.class_level, admin_unit: row.class_admin_unit_id };
    let whom = match row.organization_id {
        Some(id) => Whom::Body(id),
        None if class.is_named() => Whom::Class(class),
        None => Whom::Words(row.expected_text),
    };
    let origin = |kind: &'static str, id: Option<Id>| id.map(|id| RecordRef { kind, id });
    Expected {
        id: row.id,
        milestone: row.milestone,
        whom,
        due_on: row.due_on,
        origin: origin("conference", row.origin_conference_id).or(origin("document", row.origin_document_id)),
    }
}
