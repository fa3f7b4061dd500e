//! What an answer about one document costs where there is more of everything: `cargo bench --bench tracking`.
//!
//! It fills three SQLite files, the largest with 1,000,000 tasks, 300,000 conferences and 10,000 organizations, asks each
//! for all that is computed about one document over 63 provinces, and prints statements and time. It fails if the number
//! of statements grows with the size.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use directive_tracker::conferences::conference::Conferences;
use directive_tracker::conferences::conference_document::ConferenceDocuments;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::{Conn, Location, Scope, Store, Table, migrate};
use directive_tracker::documents::document::Documents;
use directive_tracker::domain::vocabulary::Visibility;
use directive_tracker::domain::{Actor, Id, Meta, Stamp};
use directive_tracker::organizations::admin_unit::AdminUnits;
use directive_tracker::organizations::organization::Organizations;
use directive_tracker::people::person::People;
use directive_tracker::results::award::Awards;
use directive_tracker::tasks::assignment::Assignments;
use directive_tracker::tasks::task::Tasks;
use directive_tracker::tracking::award_report::AwardReport;
use directive_tracker::tracking::cascade::Cascade;
use directive_tracker::tracking::citations::Citations;
use directive_tracker::tracking::implementation::Implementation;
use directive_tracker::tracking::implementation::gaps::Gaps;
use directive_tracker::tracking::lineage::Lineage;
use directive_tracker::tracking::matrix::Matrix;
use directive_tracker::tracking::person_timeline::PersonTimeline;
use directive_tracker::tracking::quality::Quality;
use directive_tracker::tracking::reviews::ReviewsDue;
use directive_tracker::tracking::task_report::TaskReport;
use directive_tracker::tracking::timeline::Timeline;
use directive_tracker::tracking::{Asked, Overview};
use serde_json::{Value, json};

/// How many provinces there are, whatever the size.
const PROVINCES: Id = 63;
/// How many times each answer is asked for; the fastest counts.
const TURNS: usize = 5;
/// When all records were written: 2026-01-02T03:04:05.678901Z.
const WRITTEN_AT: i64 = 1_767_323_045_678_901;

fn main() -> Result<()> {
    // What `cargo test --benches` asks is whether this runs, not what it says.
    let sizes: &[Id] = if std::env::args().any(|argument| argument == "--bench") { &[1, 10, 100] } else { &[] };
    let folder = tempfile::tempdir()?;
    let mut known: Option<Vec<usize>> = None;
    for size in sizes {
        let mut conn = made(&folder.path().join(format!("{size}.db")), *size)?;
        println!("{size}×: {} tasks, {} conferences, {} organizations", size * 10_000, size * 3000, size * 100);
        let statements = asked(&mut conn)?;
        let known = known.get_or_insert_with(|| statements.clone());
        ensure!(*known == statements, "the number of statements grew from {known:?} to {statements:?}");
    }
    Ok(())
}

/// Asks for all that is computed about the document 1 and across, and says how many statements each takes.
fn asked(conn: &mut Conn) -> Result<Vec<usize>> {
    let documents = (1..=50).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    let across = json!({ "documents": documents, "level": "province", "milestone": "disseminated" });
    Ok(vec![
        measured::<Implementation>(conn, 1, json!({ "level": "province" }))?,
        measured::<Gaps>(conn, 1, json!({ "level": "province", "milestone": "disseminated" }))?,
        measured::<Lineage>(conn, 1, json!({}))?,
        measured::<Cascade>(conn, 1, json!({}))?,
        measured::<Timeline>(conn, 1, json!({}))?,
        measured::<Matrix>(conn, (), across)?,
        measured::<Citations>(conn, (), json!({ "text": "Chỉ thị số 48, 46, 12; Nghị quyết 51; Kết luận 32-KL/TW" }))?,
        measured::<AwardReport>(conn, (), json!({ "group_by": "giver,kind,year" }))?,
        measured::<TaskReport>(conn, (), json!({ "group_by": "lead", "as_of": "2026-06-30" }))?,
        measured::<TaskReport>(conn, (), json!({ "group_by": "admin_unit", "as_of": "2026-06-30" }))?,
        measured::<ReviewsDue>(conn, (), json!({ "year": 2023, "document": "1", "level": "province" }))?,
        measured::<PersonTimeline>(conn, 1, json!({}))?,
        measured::<Quality>(conn, (), json!({ "check": "conference_before_document" }))?,
        measured::<Quality>(conn, (), json!({ "check": "task_without_lead" }))?,
        measured::<Quality>(conn, (), json!({}))?,
    ])
}

fn measured<O: Overview>(conn: &mut Conn, about: O::About, query: Value) -> Result<usize> {
    let counted = Arc::new(AtomicUsize::new(0));
    let tally = Arc::clone(&counted);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event {
            tally.fetch_add(1, Ordering::Relaxed);
        }
    });
    let query: O::Query = serde_json::from_value(query)?;
    let today = "2026-11-21".parse().ok().context("a day")?;
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..TURNS {
        let begun = Instant::now();
        rows = O::ask(conn, Scope::All, Asked { about, today }, &query)?.size();
        times.push(begun.elapsed());
    }
    let statements = counted.load(Ordering::Relaxed) / TURNS;
    let fastest = times.iter().min().context("a time")?.as_secs_f64() * 1000.0;
    println!("    {:<15} {rows:>5} rows  {statements:>3} statements  {fastest:>8.1} ms", O::NAME);
    Ok(statements)
}

/// A database of so many times 10,000 tasks, 3,000 conferences and 100 organizations.
fn made(file: &Path, size: Id) -> Result<Conn> {
    let mut conn = Conn::open(&Location::Sqlite(file.to_owned()), Purpose::Write)?;
    migrate::run(&mut conn)?;
    // Nothing is lost if this fails but a file that nobody else reads.
    conn.batch_execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN IMMEDIATE;")?;
    organizations(&mut conn, size * 100)?;
    let documents = size * 1000;
    for id in 1..=documents {
        let number = id % 500 + 1;
        let fields = json!({
            "system": "party", "kind": "directive", "number": number, "title": "Về", "issued_on": "2018-07-05",
        });
        insert::<Documents>(&mut conn, id, None, fields)?;
    }
    conferences(&mut conn, size * 3000, documents, size * 100)?;
    for id in 1..=size * 10_000 {
        let task = json!({
            "content": "Rà soát.", "origin_document": id % documents + 1, "issued_by": id % (size * 100) + 1,
            "issued_on": "2018-07-20", "deadline_kind": "fixed_date", "due_on": format!("2026-0{}-15", id % 9 + 1),
        });
        insert::<Tasks>(&mut conn, id, None, task)?;
        let lead = json!({ "role": "lead", "organization": id % (size * 100) + 1 });
        insert::<Assignments>(&mut conn, id, Some(id), lead)?;
    }
    people(&mut conn, size * 100)?;
    conn.batch_execute("COMMIT; ANALYZE;")?;
    Ok(conn)
}

/// The committees of the provinces, and below them those of communes.
fn organizations(conn: &mut Conn, count: Id) -> Result<()> {
    for id in 1..=count {
        let is_province = id <= PROVINCES;
        let (level, kind) = if is_province { ("province", "province") } else { ("commune", "commune") };
        let above = (!is_province).then_some(id % PROVINCES + 1);
        let unit = json!({ "name": format!("Đơn vị {id}"), "unit_type": kind, "level": level, "parent": above });
        insert::<AdminUnits>(conn, id, None, unit)?;
        let body = json!({
            "name": format!("Cấp ủy {id}"), "kind": "party_committee", "level": level, "admin_unit": id,
        });
        insert::<Organizations>(conn, id, None, body)?;
    }
    Ok(())
}

/// Conferences, each about one document; those of the provinces about the first.
fn conferences(conn: &mut Conn, count: Id, documents: Id, organizations: Id) -> Result<()> {
    for id in 1..=count {
        let of_province = id <= PROVINCES;
        let convening = if of_province { id } else { id % organizations + 1 };
        let conference = json!({ "name": "Hội nghị", "held_from": "2018-07-16", "convening_body": convening });
        insert::<Conferences>(conn, id, None, conference)?;
        let document = if of_province { 1 } else { id % documents + 1 };
        let about = json!({ "document": document, "activity": "study_dissemination" });
        insert::<ConferenceDocuments>(conn, id, Some(id), about)?;
    }
    Ok(())
}

/// A person, and awards that they handed over, each given by one of the organizations.
fn people(conn: &mut Conn, organizations: Id) -> Result<()> {
    insert::<People>(conn, 1, None, json!({ "name": "Nguyễn Văn A" }))?;
    for id in 1..=organizations * 5 {
        let day = format!("20{}-07-16", 10 + id % 15);
        let award = json!({ "kind": "badge", "giver": id % organizations + 1, "awarded_on": day, "presenter": 1 });
        insert::<Awards>(conn, id, None, award)?;
    }
    Ok(())
}

/// Writes a record with these fields and its defaults in the others.
fn insert<R: Store>(conn: &mut Conn, id: Id, parent: Option<Id>, fields: Value) -> Result<()> {
    let at = directive_tracker::domain::Instant::from_microseconds(WRITTEN_AT + id);
    let meta = Meta::first(id, at, Visibility::Public, None, parent);
    let stamp = Stamp { actor: Actor::system("bench"), request_id: "seed".to_owned(), now: at };
    let row = R::row(&meta, &serde_json::from_value(fields)?)?;
    row.insert(conn)?;
    Ok(R::written(conn, &stamp, &row)?)
}
