//! A calendar takes a number of statements that does not grow with its entries, and reads no table whole for what was deleted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::{ExpressionMethods, QueryDsl};
use directive_tracker::calendar::{Asked, gather};
use directive_tracker::conferences::conference::{ConferenceFilter, Conferences};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::dialect::plan_of;
use directive_tracker::db::lanes::alone;
use directive_tracker::db::schema::{conferences, tasks};
use directive_tracker::db::{Conn, Scope};
use directive_tracker::domain::{Actor, Result, Stamp};
use directive_tracker::service::write;
use directive_tracker::tasks::task::{TaskFilter, Tasks};
use directive_tracker::transfer::load::{self, DataSet};
use directive_tracker::transfer::words::{Language, Words};
use serde_json::json;

use crate::support::Engine;
use crate::support::service::{NOW, Storage};

fn stamp() -> Stamp {
    Stamp { actor: Actor::system("test"), request_id: "test".to_owned(), now: NOW.parse().unwrap() }
}

/// A conference about the document 5 and a task, each of many bodies.
fn many(conn: &mut Conn, count: i64) -> Result<()> {
    for body in 100..100 + count {
        let about = json!([{ "document": 5, "activity": "study_dissemination" }]);
        let conference = json!({
            "name": "Hội nghị", "held_from": "2026-12-01", "convening_body": body, "conference_documents": about,
        });
        write::create::<Conferences>(conn, &stamp(), conference, None)?;
        let lead = json!([{ "role": "lead", "organization": body }]);
        let task = json!({
            "content": "Rà soát.", "issued_by": body, "deadline_kind": "fixed_date", "due_on": "2026-12-01",
            "assignments": lead,
        });
        write::create::<Tasks>(conn, &stamp(), task, None)?;
    }
    Ok(())
}

/// How many statements each calendar takes, and how many entries it has.
fn statements(conn: &mut Conn) -> [(usize, usize); 2] {
    let counted = Arc::new(AtomicUsize::new(0));
    let tally = Arc::clone(&counted);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event {
            tally.fetch_add(1, Ordering::Relaxed);
        }
    });
    let words = |table| Words::of(Language::Vietnamese, table).unwrap();
    let asked = |table| Asked {
        today: "2026-11-21".parse().unwrap(),
        alarm_days: Some(3),
        as_events: false,
        words: words(table),
    };
    let since = NOW.parse().unwrap();
    let filter = ConferenceFilter { held_from: "2026-01-01".parse().ok(), ..ConferenceFilter::default() };
    let held = gather::entries::<Conferences>(conn, Scope::All, &filter, &asked("conferences"), since).unwrap().len();
    let first = counted.swap(0, Ordering::Relaxed);
    let filter = TaskFilter { due_from: "2026-01-01".parse().ok(), ..TaskFilter::default() };
    let due = gather::entries::<Tasks>(conn, Scope::All, &filter, &asked("tasks"), since).unwrap().len();
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    [(first, held), (counted.load(Ordering::Relaxed), due)]
}

on_both_engines!(a_calendar_takes_a_handful_of_statements, |engine| {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    for set in [DataSet::Reference, DataSet::Sample] {
        alone(&mut conn, |conn| load::load(conn, &stamp(), set)).unwrap();
    }
    alone(&mut conn, |conn| many(conn, 1)).unwrap();
    let few = statements(&mut conn);
    alone(&mut conn, |conn| many(conn, 80)).unwrap();
    let more = statements(&mut conn);
    assert_eq!(few.map(|(_, entries)| entries), [1, 1]);
    assert_eq!(more.map(|(_, entries)| entries), [81, 81]);
    assert_eq!(few.map(|(count, _)| count), more.map(|(count, _)| count));
    assert!(more.iter().all(|(count, _)| *count <= 12), "{more:?}");
});

on_both_engines!(what_was_deleted_lately_is_found_by_an_index, |engine| {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    if engine == Engine::Postgres {
        // The tables are empty, so that reading all of one is cheapest; with this the planner does so only if it must.
        conn.batch_execute("SET enable_seqscan = off;").unwrap();
    }
    let since = stamp().now;
    let order = (conferences::deleted_at.asc(), conferences::id.asc());
    let of_conferences = conferences::table.filter(conferences::deleted_at.ge(since)).order(order).limit(5001);
    let order = (tasks::deleted_at.asc(), tasks::id.asc());
    let of_tasks = tasks::table.filter(tasks::deleted_at.ge(since)).order(order).limit(5001);
    for (plan, index) in [
        (plan_of(&mut conn, of_conferences.into_boxed()).unwrap(), "conferences_deleted_at_id"),
        (plan_of(&mut conn, of_tasks.into_boxed()).unwrap(), "tasks_deleted_at_id"),
    ] {
        assert!(plan.iter().any(|step| step.contains(index)), "{}", plan.join("\n"));
    }
});
