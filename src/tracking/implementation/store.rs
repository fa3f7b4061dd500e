//! How the facts of a grid are gathered.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;

use super::expected::{Expected, Whom};
use super::grid::Facts;
use crate::db::dialect::in_ids;
use crate::db::schema::expectations;
use crate::db::{Conn, Scope};
use crate::domain::{Date, Error, Id, Result};
use crate::organizations::class::OrganizationClass;
use crate::tasks::expectation::store::{ExpectationRow, said_by};
use crate::tracking::RecordRef;
use crate::tracking::acts;
use crate::tracking::force::store::{documents_of, forces_of};
use crate::tracking::register::Register;

/// What is known of a document by the end of a day.
///
/// # Errors
/// `NotFound` if the caller may not see the document, and as the database has them.
pub fn facts(conn: &mut Conn, scope: Scope, document: Id, day: Date, register: &Arc<Register>) -> Result<Facts> {
    facts_of(conn, scope, &[document], day, register)?.pop().ok_or(Error::NotFound)
}

/// What is known of each of these documents by the end of a day, in their order: a number of queries that grows neither
/// with them nor with what is found.
///
/// # Errors
/// `NotFound` if the caller may not see one of the documents, and as the database has them.
pub fn facts_of(conn: &mut Conn, scope: Scope, ids: &[Id], day: Date, register: &Arc<Register>) -> Result<Vec<Facts>> {
    let mut documents = documents_of(conn, scope, ids, day)?;
    let mut forces = forces_of(conn, scope, &documents, day)?;
    let mut acts = acts::store::load(conn, scope, ids, day, register)?;
    let mut expectations = expected(conn, scope, ids, day)?;
    let facts = |id: &Id| {
        Ok(Facts {
            document: documents.remove(id).ok_or(Error::NotFound)?,
            force: forces.remove(id).ok_or(Error::NotFound)?,
            register: Arc::clone(register),
            acts: acts.remove(id).unwrap_or_default(),
            expectations: expectations.remove(id).unwrap_or_default(),
        })
    };
    ids.iter().map(facts).collect()
}

/// What had been said by the end of a day to be expected about each of these documents.
fn expected(conn: &mut Conn, scope: Scope, documents: &[Id], day: Date) -> Result<BTreeMap<Id, Vec<Expected>>> {
    let query = ExpectationRow::visible(scope).filter(in_ids(expectations::document_id, documents));
    let rows: Vec<ExpectationRow> = query.order(expectations::id.asc()).load(conn)?;
    let mut expected: BTreeMap<Id, Vec<Expected>> = BTreeMap::new();
    for row in said_by(conn, rows, day)? {
        if let Some(document) = row.document_id {
            expected.entry(document).or_default().push(read(row));
        }
    }
    Ok(expected)
}

/// What a row says is expected.
#[must_use]
pub fn read(row: ExpectationRow) -> Expected {
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
