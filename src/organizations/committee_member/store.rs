//! How committee members are kept.

use std::borrow::Cow;

use diesel::prelude::*;

use super::{CommitteeMember, CommitteeMemberFilter, CommitteeMembers};
use crate::db::dialect::in_texts;
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::committee_members;
use crate::db::titles::TitleTexts;
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::page::date_key;
use crate::domain::{Date, Id, Line, LinkForm, Linker, Meta, Prose, Result};
use crate::organizations::vocabulary::CommitteeRole;

record_table! {
    /// A row of `committee_members`.
    pub struct CommitteeMemberRow in committee_members {
        parent: organization_id in "organizations";
        title: (member_text, ex_officio_title, role) => title_of;
        sorts: [valid_from_key];
        columns: {
            person_id: Option<Id>,
            member_organization_id: Option<Id>,
            member_text: Option<Line>,
            role: CommitteeRole,
            ex_officio_title: Option<Line>,
            valid_from: Option<Date>,
            valid_to: Option<Date>,
            established_by_id: Option<Id>,
            note: Option<Prose>,
            valid_from_key: chrono::NaiveDate,
        }
    }
}

/// What to call a seat: its role, and whose it is where the seat itself says so, `head: Thứ trưởng Bộ Công an`.
#[allow(clippy::unnecessary_wraps, reason = "a table may have rows without a title")]
fn title_of([text, office, role]: TitleTexts<'_>) -> Option<Cow<'_, str>> {
    let role = role?;
    Some(match text.or(office) {
        Some(whose) => format!("{role}: {whose}").into(),
        None => role,
    })
}

impl Store for CommitteeMembers {
    type Row = CommitteeMemberRow;

    fn row(meta: &Meta, body: &CommitteeMember<Id>) -> Result<CommitteeMemberRow> {
        let body = body.clone();
        Ok(row_of!(CommitteeMemberRow, meta, {
            organization_id: meta.parent_id()?,
            person_id: body.person,
            member_organization_id: body.member_organization,
            member_text: body.member_text,
            role: body.role,
            ex_officio_title: body.ex_officio_title,
            valid_from: body.valid_from,
            valid_to: body.valid_to,
            established_by_id: body.established_by,
            note: body.note,
            valid_from_key: date_key(body.valid_from),
        }))
    }

    fn body<L: LinkForm>(row: CommitteeMemberRow, links: &mut impl Linker<L>) -> Result<CommitteeMember<L>> {
        Ok(CommitteeMember {
            person: row.person_id.map(|id| links.to("person", id)),
            member_organization: row.member_organization_id.map(|id| links.to("member_organization", id)),
            member_text: row.member_text,
            role: row.role,
            ex_officio_title: row.ex_officio_title,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            established_by: row.established_by_id.map(|id| links.to("established_by", id)),
            note: row.note,
        })
    }

    fn narrow<'a>(
        _: &mut Conn,
        filter: &'a CommitteeMemberFilter,
        _: Scope,
    ) -> Result<<CommitteeMemberRow as Table>::Query<'a>> {
        let mut query = CommitteeMemberRow::all();
        if let Some(organization) = filter.organization {
            query = query.filter(committee_members::organization_id.eq(organization.0));
        }
        if let Some(person) = filter.person {
            query = query.filter(committee_members::person_id.eq(person.0));
        }
        if let Some(organization) = filter.member_organization {
            query = query.filter(committee_members::member_organization_id.eq(organization.0));
        }
        if let Some(roles) = &filter.role {
            query = query.filter(in_texts(committee_members::role, &roles.0));
        }
        if let Some(day) = filter.as_of {
            query = query
                .filter(committee_members::valid_from.is_null().or(committee_members::valid_from.le(day)))
                .filter(committee_members::valid_to.is_null().or(committee_members::valid_to.ge(day)));
        }
        Ok(query)
    }
}
