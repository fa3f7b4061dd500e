//! Quality: records that want a look, found by checks that stand in one table.
//!
//! The rule: a check finds what somebody should look at, and says why; it corrects nothing, and nothing is refused because
//! of it. [`checks`] is the table, [`store`] how a check is asked, [`code`] what names it.

pub mod checks;
pub mod code;
pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::checks::{CHECKS, Check};
use self::code::{CheckedCollection, QualityCheck};
use self::store::{Found, Part};
use super::shown::Links;
use super::{Asked, Overview, RecordRef, days_between};
use crate::db::{Conn, Scope};
use crate::domain::{Date, Error, Fault, Link, LinkField, List, RecordId, Result};
use crate::service::expand::Expansion;

/// How many records of a check are shown where nobody says how many.
const DEFAULT_LIMIT: i32 = 100;
/// How many records of a check are shown at most.
const MOST: i32 = 1000;

/// What may be asked of the quality of the records.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct QualityQuery {
    /// Any of these checks; all without it.
    #[param(example = "task_without_lead")]
    pub check: Option<List<QualityCheck>>,
    /// The checks of this collection.
    #[param(inline, example = "tasks")]
    pub collection: Option<CheckedCollection>,
    /// What was past its day at the end of this day; of today without it.
    #[param(example = "2026-11-21")]
    pub as_of: Option<Date>,
    /// With one check: the records after this one.
    #[param(example = 12)]
    pub after: Option<RecordId>,
    /// How many records of each check are shown.
    #[param(example = 100, minimum = 1, maximum = 1000)]
    pub limit: Option<i32>,
}

impl QualityQuery {
    /// The checks that are asked for, in their order.
    fn checks(&self) -> Vec<&'static Check> {
        let is_named = |check: &Check| {
            self.check.as_ref().is_none_or(|named| named.0.iter().any(|named| named.0.code == check.code))
        };
        let is_of = |check: &Check| self.collection.is_none_or(|collection| collection == CheckedCollection::of(check));
        CHECKS.iter().filter(|check| is_named(check) && is_of(check)).collect()
    }

    /// Which records of each check are shown.
    fn part(&self, checks: &[&Check]) -> Result<Part> {
        let most = self.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MOST).contains(&most) {
            let fault = Fault::new("out_of_range", format!("must be a whole number from 1 to {MOST}"));
            return Err(Error::parameter("limit", fault));
        }
        if self.after.is_some() && checks.len() != 1 {
            let fault = Fault::new("inconsistent", "goes with one check, whose records it continues");
            return Err(Error::parameter("after", fault));
        }
        Ok(Part { after: self.after.map_or(0, |after| after.0), most: most.into() })
    }

    /// Where the records of one check are found, after one of them if it is given.
    fn url(&self, check: &Check, after: Option<i64>) -> String {
        let with =
            |name: &str, value: Option<String>| value.map(|value| format!("&{name}={value}")).unwrap_or_default();
        let day = with("as_of", self.as_of.map(|day| day.to_string()));
        let limit = with("limit", self.limit.map(|limit| limit.to_string()));
        let after = with("after", after.map(|after| after.to_string()));
        format!("{}?check={}{day}{limit}{after}", Quality::PATH, check.code)
    }
}

/// Records that want a look.
#[derive(Debug, Serialize, ToSchema)]
pub struct Quality {
    /// The day whose end is told of.
    #[schema(example = "2026-11-21")]
    pub as_of: Date,
    /// The checks that were made, with how many records each found.
    pub summary: Vec<QualitySummary>,
    /// The records, check by check, by number.
    pub rows: Vec<QualityRow>,
}

/// A check, and how many records it found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "check": "task_without_lead", "title": "Tasks without a lead", "title_vi": "Nhiệm vụ chưa rõ cơ quan chủ trì",
    "why": "One task, one lead, one answerable point.", "collection": "tasks", "count": 2,
    "url": "/v1/quality?check=task_without_lead", "next": null
}))]
pub struct QualitySummary {
    /// The check.
    pub check: QualityCheck,
    /// What it finds.
    pub title: String,
    /// The same in Vietnamese.
    pub title_vi: String,
    /// Why that wants a look.
    pub why: String,
    /// Whose records it finds.
    pub collection: CheckedCollection,
    /// How many it found, all of them.
    pub count: i64,
    /// Where they are listed.
    pub url: String,
    /// Where the list goes on after those that are shown; null if it does not.
    pub next: Option<String>,
}

/// A record that wants a look.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "check": "conference_before_document",
    "record": { "id": 7, "type": "conference_document", "url": "/v1/conference-documents/7", "title": "Chỉ thị số 46" },
    "other": { "id": 5, "type": "document", "url": "/v1/documents/5", "title": "32-KL/TW" },
    "field": "document", "message": "is of a conference that ended 5 days before the date of the document", "days": 5
}))]
pub struct QualityRow {
    /// The check that found it.
    pub check: QualityCheck,
    /// The record.
    pub record: Link,
    /// The other record that it is about, if there is one.
    pub other: Option<Link>,
    /// The field to look at.
    pub field: String,
    /// What is wrong, as the end of a sentence that begins with the record.
    pub message: String,
    /// The days that it is about, where it is about days.
    pub days: Option<i64>,
}

impl Overview for Quality {
    const NAME: &'static str = "quality";
    const PATH: &'static str = "/v1/quality";
    const OPERATION: &'static str = "get_quality";
    const SUMMARY: &'static str = "Find records that want a look";
    const ABOUT: &'static str = "\
Records that may be wrong or lack something, found by checks. A check corrects nothing and refuses nothing: what a source \
states is kept, and some of what is found is as it should be. The schema of a check says what each finds and why.

`summary` counts what each check found; `rows` shows the first `limit` records of each, by number. With one check, `next` \
goes on where they end. Whatever the caller may not see is neither shown nor counted.

`format`, or `Accept`, asks for CSV, NDJSON or XLSX instead of JSON: a line for each record that is shown.";
    const LINKS: &'static [LinkField] = &[LinkField::one("record", "*"), LinkField::one("other", "*")];

    type About = ();
    type Query = QualityQuery;
    type Row = QualityRow;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<()>, query: &QualityQuery) -> Result<Self> {
        let as_of = query.as_of.unwrap_or(asked.today);
        let checks = query.checks();
        let part = query.part(&checks)?;
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let (mut summary, mut rows) = (Vec::new(), Vec::new());
        for check in checks {
            let count = store::count(conn, scope, check, as_of)?;
            let wanted = Part { most: part.most.saturating_add(1), ..part };
            let mut found = if count == 0 { Vec::new() } else { store::found(conn, scope, check, as_of, wanted)? };
            let most = usize::try_from(part.most).unwrap_or(usize::MAX);
            let goes_on = found.len() > most;
            found.truncate(most);
            let next = found.last().filter(|_| goes_on).map(|last| query.url(check, Some(last.record)));
            summary.push(summed(check, count, query.url(check, None), next));
            rows.extend(found.into_iter().map(|found| row(check, found, &mut links)));
        }
        links.0.fill(conn, scope)?;
        Ok(Self { as_of, summary, rows })
    }

    fn size(&self) -> usize {
        self.rows.len()
    }

    fn rows(&self) -> Vec<QualityRow> {
        self.rows.clone()
    }
}

fn summed(check: &'static Check, count: i64, url: String, next: Option<String>) -> QualitySummary {
    QualitySummary {
        check: QualityCheck(check),
        title: check.title.to_owned(),
        title_vi: check.title_vi.to_owned(),
        why: check.why.to_owned(),
        collection: CheckedCollection::of(check),
        count,
        url,
        next,
    }
}

fn row(check: &'static Check, found: Found, links: &mut Links<'_>) -> QualityRow {
    let other = check.other.zip(found.other).map(|((kind, _), id)| RecordRef { kind, id });
    let days = found.days.map(|(first, last)| days_between(first, last));
    let message = match days {
        Some(days) => check.message.replace("{days}", &days.to_string()),
        None => check.message.to_owned(),
    };
    QualityRow {
        check: QualityCheck(check),
        record: links.to(RecordRef { kind: check.record, id: found.record }),
        other: other.map(|other| links.to(other)),
        field: check.field.to_owned(),
        message,
        days,
    }
}
