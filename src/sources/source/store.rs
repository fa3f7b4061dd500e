//! How sources are kept.

use diesel::prelude::*;

use super::{Source, SourceFilter, Sources};
use crate::db::dialect::{contains, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::sources;
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::page::date_key;
use crate::domain::{Date, Error, Fault, Id, Line, LinkForm, Linker, Meta, Prose, Result, Title};
use crate::sources::claim;
use crate::sources::vocabulary::SourceKind;
use crate::text::{fold, sort_key};

record_table! {
    /// A row of `sources`.
    pub struct SourceRow in sources {
        title: (title) => |[title, ..]| title;
        sorts: [published_on_key, title_sort];
        columns: {
            title: Title,
            kind: SourceKind,
            web_url: Option<Line<2000>>,
            publisher: Option<Line>,
            publisher_organization_id: Option<Id>,
            published_on: Option<Date>,
            published_time: Option<String>,
            reprinted_from: Option<Line>,
            author: Option<Line>,
            retrieved_on: Option<Date>,
            raw_text: Option<Prose<200_000>>,
            note: Option<Prose>,
            title_folded: String,
            title_sort: String,
            published_on_key: chrono::NaiveDate,
        }
    }
}

impl Store for Sources {
    type Row = SourceRow;

    fn row(meta: &Meta, body: &Source<Id>) -> Result<SourceRow> {
        let body = body.clone();
        Ok(row_of!(SourceRow, meta, {
            title_folded: fold(&body.title),
            title_sort: sort_key(&body.title),
            published_on_key: date_key(body.published_on),
            title: body.title,
            kind: body.kind,
            web_url: body.web_url,
            publisher: body.publisher,
            publisher_organization_id: body.publisher_organization,
            published_on: body.published_on,
            published_time: body.published_time,
            reprinted_from: body.reprinted_from,
            author: body.author,
            retrieved_on: body.retrieved_on,
            raw_text: body.raw_text,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: SourceRow, links: &mut impl Linker<L>) -> Result<Source<L>> {
        Ok(Source {
            title: row.title,
            kind: row.kind,
            web_url: row.web_url,
            publisher: row.publisher,
            publisher_organization: row.publisher_organization_id.map(|id| links.to("publisher_organization", id)),
            published_on: row.published_on,
            published_time: row.published_time,
            reprinted_from: row.reprinted_from,
            author: row.author,
            retrieved_on: row.retrieved_on,
            raw_text: row.raw_text,
            note: row.note,
        })
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a SourceFilter, scope: Scope) -> Result<<SourceRow as Table>::Query<'a>> {
        let mut query = SourceRow::all();
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(sources::kind, &kinds.0));
        }
        if let Some(publisher) = &filter.publisher {
            query = query.filter(sources::publisher.eq(publisher.as_str()));
        }
        if let Some(day) = filter.published_from {
            query = query.filter(sources::published_on_key.ge(day.day()));
        }
        if let Some(day) = filter.published_to {
            query = query.filter(sources::published_on_key.le(day.day())).filter(sources::published_on.is_not_null());
        }
        if let Some(day) = filter.as_of {
            query = query.filter(sources::published_on_key.le(day.day())).filter(sources::published_on.is_not_null());
        }
        match (filter.about_type, filter.about_id) {
            (None, None) => {}
            (Some(kind), Some(id)) => {
                let telling = claim::store::sources_about(scope, kind, id.0);
                query = query.filter(in_selected(sources::id, telling));
            }
            (Some(_), None) => {
                return Err(Error::parameter(
                    "about_id",
                    Fault::new("missing", "is needed where there is an about_type"),
                ));
            }
            (None, Some(_)) => {
                return Err(Error::parameter(
                    "about_type",
                    Fault::new("missing", "is needed where there is an about_id"),
                ));
            }
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(sources::title_folded, text));
        }
        Ok(query)
    }
}
