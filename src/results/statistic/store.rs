//! How statistics are kept.

use diesel::prelude::*;

use super::rules::{checked, computed_rate};
use super::{Statistic, StatisticFilter, Statistics};
use crate::conferences::conference;
use crate::db::chain::refuse_cycle;
use crate::db::dialect::{contains, in_ids, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::statistics;
use crate::db::{Conn, Scope, Store, Table};
use crate::documents::document;
use crate::domain::fault::Warning;
use crate::domain::{Date, Id, Line, LinkForm, Linker, Meta, Number, Prose, Result, Stamp};
use crate::organizations::admin_unit;
use crate::results::vocabulary::{QuantityQualifier, StatisticCheck};
use crate::text::fold;

record_table! {
    /// A row of `statistics`.
    pub struct StatisticRow in statistics {
        title: (measure) => |[measure, ..]| measure;
        sorts: [];
        columns: {
            measure: Line,
            subject: Option<Line>,
            unit: Option<Line>,
            period_from: Option<Date>,
            period_to: Option<Date>,
            period_text: Option<Line>,
            numerator: Option<Number>,
            denominator: Option<Number>,
            stated_rate: Option<Number>,
            qualifier: QuantityQualifier,
            raw_text: Option<Line>,
            correction_text: Option<Prose<2000>>,
            conference_id: Option<Id>,
            document_id: Option<Id>,
            initiative_id: Option<Id>,
            organization_id: Option<Id>,
            admin_unit_id: Option<Id>,
            part_of_id: Option<Id>,
            note: Option<Prose>,
            check_result: StatisticCheck,
            measure_folded: String,
        }
    }
}

impl Store for Statistics {
    type Row = StatisticRow;

    fn row(meta: &Meta, body: &Statistic<Id>) -> Result<StatisticRow> {
        let check_result = checked(body);
        let body = body.clone();
        Ok(row_of!(StatisticRow, meta, {
            check_result,
            measure_folded: fold(&body.measure),
            measure: body.measure,
            subject: body.subject,
            unit: body.unit,
            period_from: body.period_from,
            period_to: body.period_to,
            period_text: body.period_text,
            numerator: body.numerator,
            denominator: body.denominator,
            stated_rate: body.stated_rate,
            qualifier: body.qualifier,
            raw_text: body.raw_text,
            correction_text: body.correction_text,
            conference_id: body.conference,
            document_id: body.document,
            initiative_id: body.initiative,
            organization_id: body.organization,
            admin_unit_id: body.admin_unit,
            part_of_id: body.part_of,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: StatisticRow, links: &mut impl Linker<L>) -> Result<Statistic<L>> {
        let mut statistic = Statistic {
            measure: row.measure,
            subject: row.subject,
            unit: row.unit,
            period_from: row.period_from,
            period_to: row.period_to,
            period_text: row.period_text,
            numerator: row.numerator,
            denominator: row.denominator,
            stated_rate: row.stated_rate,
            qualifier: row.qualifier,
            raw_text: row.raw_text,
            correction_text: row.correction_text,
            conference: row.conference_id.map(|id| links.to("conference", id)),
            document: row.document_id.map(|id| links.to("document", id)),
            initiative: row.initiative_id.map(|id| links.to("initiative", id)),
            organization: row.organization_id.map(|id| links.to("organization", id)),
            admin_unit: row.admin_unit_id.map(|id| links.to("admin_unit", id)),
            part_of: row.part_of_id.map(|id| links.to("part_of", id)),
            note: row.note,
            computed_rate: None,
            check: row.check_result,
        };
        statistic.computed_rate = computed_rate(&statistic);
        Ok(statistic)
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a StatisticFilter,
        scope: Scope,
    ) -> Result<<StatisticRow as Table>::Query<'a>> {
        let mut query = StatisticRow::all();
        if let Some(conference) = filter.conference {
            query = query.filter(statistics::conference_id.eq(conference.0));
        }
        if let Some(choice) = &filter.document {
            let document = document::store::chosen(conn, scope, "document", choice)?;
            query = query.filter(statistics::document_id.eq(document));
        }
        if let Some(initiative) = filter.initiative {
            query = query.filter(statistics::initiative_id.eq(initiative.0));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(statistics::organization_id.eq(organization.0));
        }
        if let Some(unit) = filter.admin_unit {
            let units = admin_unit::store::at_or_below(conn, scope, unit.0)?;
            query = query.filter(in_ids(statistics::admin_unit_id, &units));
        }
        if let Some(whole) = filter.part_of {
            query = query.filter(statistics::part_of_id.eq(whole.0));
        }
        if let Some(checks) = &filter.check {
            query = query.filter(in_texts(statistics::check_result, &checks.0));
        }
        if let Some(qualifiers) = &filter.qualifier {
            query = query.filter(in_texts(statistics::qualifier, &qualifiers.0));
        }
        if let Some(day) = filter.as_of {
            let held = in_selected(statistics::conference_id, conference::store::held_by(scope, day));
            let ended = statistics::conference_id.is_null().and(statistics::period_to.le(day));
            query = query.filter(held.or(ended));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(statistics::measure_folded, text));
        }
        Ok(query)
    }

    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        _: Option<&Statistic<Id>>,
        body: &mut Statistic<Id>,
    ) -> Result<Vec<Warning>> {
        refuse_cycle("part_of", meta.id, body.part_of, |ids| {
            let wholes = statistics::table.filter(in_ids(statistics::id, ids));
            Ok(wholes.select((statistics::id, statistics::part_of_id)).load(conn)?)
        })?;
        Ok(Vec::new())
    }
}
