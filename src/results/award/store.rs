//! How awards are kept.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{Award, AwardFilter, Awards};
use crate::db::dialect::{in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{award_documents, award_initiatives, awards};
use crate::db::types::{list_column, read_list};
use crate::db::{Conn, MultiBackend, Scope, Store, Table};
use crate::documents::document;
use crate::domain::fault::Warning;
use crate::domain::page::date_key;
use crate::domain::{Date, Id, Line, LinkForm, Linker, List, Meta, Prose, Result, Stamp};
use crate::organizations::life::{Lived, warn_outside};
use crate::results::vocabulary::{AwardGiver, AwardKind, AwardPresentation};

record_table! {
    /// A row of `awards`.
    pub struct AwardRow in awards {
        title: (kind, name) => |[kind, name, _]| name.or(kind);
        sorts: [awarded_on_key];
        columns: {
            kind: AwardKind,
            name: Option<Line>,
            giver_id: Option<Id>,
            giver_person_id: Option<Id>,
            giver_text: Option<Line>,
            presenter_id: Option<Id>,
            presenter_text: Option<Line>,
            presentation: Option<AwardPresentation>,
            collectives: Option<i32>,
            individuals: Option<i32>,
            undivided_count: Option<i32>,
            count_text: Option<Line>,
            recipient_text: Option<Line>,
            reason: Option<Prose<2000>>,
            documents: String,
            initiatives: String,
            conference_id: Option<Id>,
            decision_document_id: Option<Id>,
            awarded_on: Option<Date>,
            note: Option<Prose>,
            awarded_on_key: chrono::NaiveDate,
        }
    }
}

impl Store for Awards {
    type Row = AwardRow;

    fn row(meta: &Meta, body: &Award<Id>) -> Result<AwardRow> {
        let body = body.clone();
        Ok(row_of!(AwardRow, meta, {
            awarded_on_key: date_key(body.awarded_on),
            kind: body.kind,
            name: body.name,
            giver_id: body.giver,
            giver_person_id: body.giver_person,
            giver_text: body.giver_text,
            presenter_id: body.presenter,
            presenter_text: body.presenter_text,
            presentation: body.presentation,
            collectives: body.collectives,
            individuals: body.individuals,
            undivided_count: body.undivided_count,
            count_text: body.count_text,
            recipient_text: body.recipient_text,
            reason: body.reason,
            documents: list_column(&body.documents),
            initiatives: list_column(&body.initiatives),
            conference_id: body.conference,
            decision_document_id: body.decision_document,
            awarded_on: body.awarded_on,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: AwardRow, links: &mut impl Linker<L>) -> Result<Award<L>> {
        let documents: Vec<Id> = read_list(&row.documents, "awards", "documents", row.id)?;
        let initiatives: Vec<Id> = read_list(&row.initiatives, "awards", "initiatives", row.id)?;
        Ok(Award {
            kind: row.kind,
            name: row.name,
            giver: row.giver_id.map(|id| links.to("giver", id)),
            giver_person: row.giver_person_id.map(|id| links.to("giver_person", id)),
            giver_text: row.giver_text,
            presenter: row.presenter_id.map(|id| links.to("presenter", id)),
            presenter_text: row.presenter_text,
            presentation: row.presentation,
            collectives: row.collectives,
            individuals: row.individuals,
            undivided_count: row.undivided_count,
            count_text: row.count_text,
            recipient_text: row.recipient_text,
            reason: row.reason,
            documents: documents.into_iter().map(|id| links.to("documents", id)).collect(),
            initiatives: initiatives.into_iter().map(|id| links.to("initiatives", id)).collect(),
            conference: row.conference_id.map(|id| links.to("conference", id)),
            decision_document: row.decision_document_id.map(|id| links.to("decision_document", id)),
            awarded_on: row.awarded_on,
            note: row.note,
        })
    }

    fn narrow<'a>(conn: &mut Conn, filter: &'a AwardFilter, scope: Scope) -> Result<<AwardRow as Table>::Query<'a>> {
        let mut query = by_giver(by_subject(conn, filter, scope)?, filter);
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(awards::kind, &kinds.0));
        }
        if let Some(presenter) = filter.presenter {
            query = query.filter(awards::presenter_id.eq(presenter.0));
        }
        if let Some(presentations) = &filter.presentation {
            query = query.filter(in_texts(awards::presentation, &presentations.0));
        }
        if let Some(day) = filter.awarded_from {
            query = query.filter(awards::awarded_on_key.ge(day.day()));
        }
        if let Some(day) = filter.awarded_to.into_iter().chain(filter.as_of).min() {
            query = query.filter(awards::awarded_on_key.le(day.day())).filter(awards::awarded_on.is_not_null());
        }
        if let Some(dated) = filter.dated {
            query = query.filter(awards::awarded_on.is_not_null().eq(dated));
        }
        Ok(query)
    }

    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        _: &Meta,
        _: Option<&Award<Id>>,
        body: &mut Award<Id>,
    ) -> Result<Vec<Warning>> {
        let mut warnings = Vec::new();
        warn_outside(conn, "giver", body.giver.map(Lived::Organization), body.awarded_on, &mut warnings)?;
        Ok(warnings)
    }
}

/// Those of the awards whose giver is as `filter` says.
fn by_giver<'a>(mut query: <AwardRow as Table>::Query<'a>, filter: &'a AwardFilter) -> <AwardRow as Table>::Query<'a> {
    if let Some(giver) = filter.giver {
        query = query.filter(awards::giver_id.eq(giver.0));
    }
    if let Some(giver) = filter.giver_person {
        query = query.filter(awards::giver_person_id.eq(giver.0));
    }
    if let Some(text) = &filter.giver_text {
        query = query.filter(awards::giver_text.eq(text));
    }
    if let Some(condition) = filter.given_by.as_ref().and_then(in_any_way) {
        query = query.filter(condition);
    }
    query
}

/// A condition on rows of `awards`.
type Condition = Box<dyn BoxableExpression<awards::table, MultiBackend, SqlType = Bool>>;

/// The giver is known in one of these ways.
fn in_any_way(ways: &List<AwardGiver>) -> Option<Condition> {
    let known = |way: &AwardGiver| -> Condition {
        let nobody = awards::giver_id.is_null();
        let no_person = nobody.and(awards::giver_person_id.is_null());
        match way {
            AwardGiver::Organization => Box::new(awards::giver_id.is_not_null()),
            AwardGiver::Person => Box::new(nobody.and(awards::giver_person_id.is_not_null())),
            AwardGiver::Words => Box::new(no_person.and(awards::giver_text.is_not_null())),
            AwardGiver::Unknown => Box::new(no_person.and(awards::giver_text.is_null())),
        }
    };
    ways.0.iter().map(known).reduce(|any, next| Box::new(any.or(next)))
}

/// The awards for what `filter` says, and at which conference.
fn by_subject<'a>(conn: &mut Conn, filter: &AwardFilter, scope: Scope) -> Result<<AwardRow as Table>::Query<'a>> {
    let mut query = AwardRow::all();
    if let Some(choice) = &filter.document {
        let document = document::store::chosen(conn, scope, "document", choice)?;
        let named = award_documents::table.filter(award_documents::document_id.eq(document));
        query = query.filter(in_selected(awards::id, named.select(award_documents::award_id).into_boxed()));
    }
    if let Some(has_document) = filter.has_document {
        // How the column keeps an empty list.
        query = query.filter(awards::documents.ne("[]").eq(has_document));
    }
    if let Some(initiative) = filter.initiative {
        let named = award_initiatives::table.filter(award_initiatives::initiative_id.eq(initiative.0));
        query = query.filter(in_selected(awards::id, named.select(award_initiatives::award_id).into_boxed()));
    }
    if let Some(conference) = filter.conference {
        query = query.filter(awards::conference_id.eq(conference.0));
    }
    if let Some(choice) = &filter.decision_document {
        let document = document::store::chosen(conn, scope, "decision_document", choice)?;
        query = query.filter(awards::decision_document_id.eq(document));
    }
    Ok(query)
}
