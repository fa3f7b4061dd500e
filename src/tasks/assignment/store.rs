//! How assignments are kept.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Assignment, AssignmentFilter, Assignments};
use crate::db::dialect::{in_ids, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{assignments, organizations, tasks};
use crate::db::{Conn, MultiBackend, Scope, Store, Table};
use crate::domain::error::Refusal;
use crate::domain::fault::Warning;
use crate::domain::vocabulary::Level;
use crate::domain::{Error, Fault, Id, Line, LinkForm, Linker, List, Meta, Prose, Resource, Result, Stamp};
use crate::organizations::organization::Organizations;
use crate::organizations::organization::store::OrganizationRow;
use crate::organizations::vocabulary::OrganizationKind;
use crate::people::person::People;
use crate::tasks::vocabulary::AssignmentRole;

record_table! {
    /// A row of `assignments`.
    pub struct AssignmentRow in assignments {
        parent: task_id in "tasks";
        title: (assignee_text) => |[text, ..]| text;
        sorts: [];
        columns: {
            role: AssignmentRole,
            organization_id: Option<Id>,
            person_id: Option<Id>,
            class_kind: Option<OrganizationKind>,
            class_level: Option<Level>,
            class_admin_unit_id: Option<Id>,
            assignee_text: Option<Line>,
            note: Option<Prose>,
        }
    }
}

impl Store for Assignments {
    type Row = AssignmentRow;

    fn row(meta: &Meta, body: &Assignment<Id>) -> Result<AssignmentRow> {
        let body = body.clone();
        Ok(row_of!(AssignmentRow, meta, {
            task_id: meta.parent_id()?,
            role: body.role,
            organization_id: body.organization,
            person_id: body.person,
            class_kind: body.class_kind,
            class_level: body.class_level,
            class_admin_unit_id: body.class_admin_unit,
            assignee_text: body.assignee_text,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: AssignmentRow, links: &mut impl Linker<L>) -> Result<Assignment<L>> {
        Ok(Assignment {
            role: row.role,
            organization: row.organization_id.map(|id| links.to("organization", id)),
            person: row.person_id.map(|id| links.to("person", id)),
            class_kind: row.class_kind,
            class_level: row.class_level,
            class_admin_unit: row.class_admin_unit_id.map(|id| links.to("class_admin_unit", id)),
            assignee_text: row.assignee_text,
            note: row.note,
        })
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a AssignmentFilter, _: Scope) -> Result<<AssignmentRow as Table>::Query<'a>> {
        let mut query = AssignmentRow::all();
        if let Some(task) = filter.task {
            query = query.filter(assignments::task_id.eq(task.0));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(assignments::organization_id.eq(organization.0));
        }
        if let Some(person) = filter.person {
            query = query.filter(assignments::person_id.eq(person.0));
        }
        if let Some(roles) = &filter.role {
            query = query.filter(in_texts(assignments::role, &roles.0));
        }
        if let Some(kinds) = &filter.class_kind {
            query = query.filter(in_texts(assignments::class_kind, &kinds.0));
        }
        if let Some(day) = filter.as_of {
            // An assignment of a task that is hidden is hidden itself.
            let given = tasks::table.filter(tasks::issued_on_key.le(day.day())).select(tasks::id).into_boxed();
            query = query.filter(in_selected(assignments::task_id, given));
        }
        Ok(query)
    }

    /// One task, one lead.
    fn prepare(
        conn: &mut Conn,
        stamp: &Stamp,
        meta: &Meta,
        _: Option<&Assignment<Id>>,
        body: &mut Assignment<Id>,
    ) -> Result<Vec<Warning>> {
        if body.role != AssignmentRole::Lead {
            return Ok(Vec::new());
        }
        let lead: Option<AssignmentRow> = AssignmentRow::visible(Scope::All)
            .filter(assignments::task_id.eq(meta.parent_id()?))
            .filter(assignments::role.eq(AssignmentRole::Lead))
            .filter(assignments::id.ne(meta.id))
            .first(conn)
            .optional()?;
        let Some(lead) = lead else { return Ok(Vec::new()) };
        let title = match lead.organization_id {
            Some(id) => OrganizationRow::titles(conn, Scope::of(&stamp.actor), &[id])?.pop().and_then(|row| row.title),
            None => lead.title(),
        };
        let fault = Fault::new("inconsistent", "is the role of another assignment of this task already");
        let refusal = Refusal::new("second_lead", "The task has a lead already: at most one body answers for a task.");
        let refusal = refusal.existing::<Self>(lead.id, title.as_deref().unwrap_or_default()).at("/role", fault);
        Err(Error::Conflict(refusal))
    }
}

/// The tasks of the living assignments to `assignee`, in one of `roles`, to an organization of one of `units`, all of it in one
/// assignment: for a query of tasks that the caller may see.
#[must_use]
pub fn tasks_of<'a>(
    scope: Scope,
    assignee: Option<Id>,
    roles: Option<&List<AssignmentRole>>,
    units: Option<&[Id]>,
) -> assignments::BoxedQuery<'a, MultiBackend, BigInt> {
    let mut query = AssignmentRow::of_visible_parents(scope);
    if let Some(organization) = assignee {
        query = query.filter(assignments::organization_id.eq(organization));
    }
    if let Some(roles) = roles {
        query = query.filter(in_texts(assignments::role, &roles.0));
    }
    if let Some(units) = units {
        let bodies = OrganizationRow::visible(scope).filter(in_ids(organizations::admin_unit_id, units));
        query = query.filter(in_selected(assignments::organization_id, bodies.select(organizations::id)));
    }
    query.select(assignments::task_id)
}

/// The tasks that one of these bodies leads, for a query of tasks that the caller may see.
#[must_use]
pub fn tasks_led<'a>(scope: Scope, bodies: &[Id]) -> assignments::BoxedQuery<'a, MultiBackend, BigInt> {
    AssignmentRow::of_visible_parents(scope)
        .filter(assignments::role.eq(AssignmentRole::Lead))
        .filter(in_ids(assignments::organization_id, bodies))
        .select(assignments::task_id)
}

/// Who leads a task: a body or a person, or whom the words of a source name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The body.
    pub organization: Option<Id>,
    /// The person.
    pub person: Option<Id>,
    /// Who, in the words of the source.
    pub text: Option<Line>,
}

impl Lead {
    /// The type and the number of the body or the person.
    #[must_use]
    pub fn who(&self) -> Option<(&'static str, Id)> {
        let organization = self.organization.map(|id| (Organizations::TYPE, id));
        organization.or(self.person.map(|id| (People::TYPE, id)))
    }
}

type LeadColumns = (Id, Option<Id>, Option<Id>, Option<Line>);

/// Who leads each of these tasks, as far as the caller may see.
///
/// # Errors
/// As the database has them.
pub fn leads(conn: &mut Conn, scope: Scope, tasks: &[Id]) -> Result<BTreeMap<Id, Lead>> {
    let columns =
        (assignments::task_id, assignments::organization_id, assignments::person_id, assignments::assignee_text);
    let rows: Vec<LeadColumns> = AssignmentRow::visible(scope)
        .filter(assignments::role.eq(AssignmentRole::Lead))
        .filter(in_ids(assignments::task_id, tasks))
        .select(columns)
        .load(conn)?;
    let lead = |(task, organization, person, text): LeadColumns| (task, Lead { organization, person, text });
    Ok(rows.into_iter().map(lead).collect())
}
