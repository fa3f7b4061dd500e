//! How claims are kept.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{About, Claim, ClaimFilter, Claims};
use crate::db::dialect::in_selected;
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{claims, sources};
use crate::db::{Conn, MultiBackend, Scope, Store, Table};
use crate::domain::{Error, Fault, Id, Line, LinkForm, Linker, Meta, Prose, Result};
use crate::sources::vocabulary::RecordType;

record_table! {
    /// A row of `claims`.
    pub struct ClaimRow in claims {
        parent: source_id in "sources";
        title: (field) => |[field, ..]| field;
        sorts: [];
        columns: {
            about_type: RecordType,
            about_id: Id,
            field: Option<Line>,
            value: Option<Prose<2000>>,
            quote: Option<Prose<2000>>,
            char_offset: Option<i32>,
            char_length: Option<i32>,
            note: Option<Prose>,
        }
    }
}

impl Store for Claims {
    type Row = ClaimRow;

    fn row(meta: &Meta, body: &Claim<Id>) -> Result<ClaimRow> {
        let body = body.clone();
        Ok(row_of!(ClaimRow, meta, {
            source_id: meta.parent_id()?,
            about_type: body.about.kind,
            about_id: body.about.link,
            field: body.field,
            value: body.value,
            quote: body.quote,
            char_offset: body.offset,
            char_length: body.length,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: ClaimRow, links: &mut impl Linker<L>) -> Result<Claim<L>> {
        Ok(Claim {
            about: About { kind: row.about_type, link: links.to_any("about", row.about_type.code(), row.about_id) },
            field: row.field,
            value: row.value,
            quote: row.quote,
            offset: row.char_offset,
            length: row.char_length,
            note: row.note,
        })
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a ClaimFilter, _: Scope) -> Result<<ClaimRow as Table>::Query<'a>> {
        let mut query = ClaimRow::all();
        if let Some(source) = filter.source {
            query = query.filter(claims::source_id.eq(source.0));
        }
        if let Some(kind) = filter.about_type {
            query = query.filter(claims::about_type.eq(kind));
        }
        if let Some(id) = filter.about_id {
            if filter.about_type.is_none() {
                return Err(Error::parameter(
                    "about_type",
                    Fault::new("missing", "is needed where there is an about_id"),
                ));
            }
            query = query.filter(claims::about_id.eq(id.0));
        }
        if let Some(field) = &filter.field {
            query = query.filter(claims::field.eq(field.as_str()));
        }
        if let Some(day) = filter.as_of {
            // A claim of a source that is hidden is hidden itself.
            let published = sources::table
                .filter(sources::published_on_key.le(day.day()))
                .filter(sources::published_on.is_not_null())
                .select(sources::id)
                .into_boxed();
            query = query.filter(in_selected(claims::source_id, published));
        }
        Ok(query)
    }
}

/// The sources with a claim, of those the caller may see, about one record.
#[must_use]
pub fn sources_about<'a>(scope: Scope, kind: RecordType, id: Id) -> claims::BoxedQuery<'a, MultiBackend, BigInt> {
    ClaimRow::visible(scope)
        .filter(claims::about_type.eq(kind))
        .filter(claims::about_id.eq(id))
        .select(claims::source_id)
}
