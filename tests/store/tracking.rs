//! What is computed about a document takes a number of statements that does not grow with what is found, and none of them
//! reads a whole table but the register of bodies.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use directive_tracker::conferences::conference::Conferences;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::dialect::plan_of;
use directive_tracker::db::lanes::alone;
use directive_tracker::db::{Conn, Scope};
use directive_tracker::domain::{Actor, Id, Result, Stamp};
use directive_tracker::service::write;
use directive_tracker::tasks::task::Tasks;
use directive_tracker::tracking::cascade::Cascade;
use directive_tracker::tracking::implementation::Implementation;
use directive_tracker::tracking::implementation::gaps::Gaps;
use directive_tracker::tracking::lineage::Lineage;
use directive_tracker::tracking::reviews::ReviewsDue;
use directive_tracker::tracking::task_report::TaskReport;
use directive_tracker::tracking::timeline::Timeline;
use directive_tracker::tracking::{About, Asked, Overview};
use directive_tracker::transfer::load::{self, DataSet};
use serde_json::{Value, json};

use crate::support::Engine;
use crate::support::service::{NOW, Storage};

/// The document 32-KL/TW of the data.
const DOCUMENT: Id = 5;

/// The tables that are read whole on purpose.
const REGISTER: [&str; 3] = ["organizations", "admin_units", "successions"];

/// Those that a report on all tasks reads whole besides, to count them, and what it makes of them.
const COUNTED: [&str; 10] = [
    "tasks",
    "task_documents",
    "task_updates",
    "extensions",
    "assignments",
    "extended",
    "reported",
    "leads",
    "found",
    "about",
];

pub fn stamp() -> Stamp {
    Stamp { actor: Actor::system("test"), request_id: "test".to_owned(), now: NOW.parse().unwrap() }
}

pub fn loaded(engine: Engine) -> (Storage, Conn) {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    for set in [DataSet::Reference, DataSet::Sample] {
        alone(&mut conn, |conn| load::load(conn, &stamp(), set)).unwrap();
    }
    (storage, conn)
}

/// A conference of each of many bodies about the document, and a task that each gave.
pub fn much(conn: &mut Conn) -> Result<()> {
    for body in 100..=160 {
        let about = json!([{ "document": DOCUMENT, "activity": "study_dissemination" }]);
        let conference = json!({
            "name": "Hội nghị", "held_from": "2018-08-01", "convening_body": body, "conference_documents": about,
        });
        write::create::<Conferences>(conn, &stamp(), conference, None)?;
        let task = json!({
            "content": "Rà soát.", "origin_document": DOCUMENT, "issued_by": body, "issued_on": "2018-08-01",
        });
        write::create::<Tasks>(conn, &stamp(), task, None)?;
    }
    Ok(())
}

/// What a piece of work gives, and the statements that it takes.
pub fn recorded<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> T) -> (T, Vec<String>) {
    let statements = Arc::new(Mutex::new(Vec::new()));
    let started = Arc::clone(&statements);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            started.lock().unwrap().push(query.to_string());
        }
    });
    let outcome = work(conn);
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    let statements = statements.lock().unwrap().clone();
    (outcome, statements)
}

/// The statements that an answer takes, and how many rows it has.
pub fn statements<O: Overview>(conn: &mut Conn, about: O::About, query: &Value) -> (Vec<String>, usize) {
    let asked = Asked { about, today: "2026-11-21".parse().unwrap() };
    let query: O::Query = serde_json::from_value(query.clone()).unwrap();
    let (answer, statements) = recorded(conn, |conn| O::ask(conn, Scope::Public, asked, &query).unwrap());
    (statements, answer.size())
}

/// All that is computed, with how many statements each may take at most.
fn each(conn: &mut Conn) -> Vec<(&'static str, usize, Vec<String>, usize)> {
    fn of<O: Overview>(conn: &mut Conn, most: usize, query: &Value) -> (&'static str, usize, Vec<String>, usize) {
        let (statements, rows) = statements::<O>(conn, O::About::read(|| Ok::<_, ()>(DOCUMENT)).unwrap(), query);
        (O::NAME, most, statements, rows)
    }
    vec![
        of::<Implementation>(conn, 20, &json!({ "level": "province" })),
        of::<Gaps>(conn, 20, &json!({ "level": "province", "milestone": "disseminated" })),
        of::<Lineage>(conn, 15, &json!({ "depth": 2 })),
        of::<Cascade>(conn, 12, &json!({ "depth": 3 })),
        of::<Timeline>(conn, 18, &json!({})),
        of::<ReviewsDue>(conn, 21, &json!({ "year": 2020, "level": "province" })),
        of::<TaskReport>(conn, 6, &json!({ "group_by": "lead" })),
        of::<TaskReport>(conn, 6, &json!({ "group_by": "admin_unit" })),
        of::<TaskReport>(conn, 6, &json!({ "group_by": "document" })),
        of::<TaskReport>(conn, 6, &json!({ "group_by": "month" })),
    ]
}

on_both_engines!(an_answer_takes_a_handful_of_statements, |engine| {
    let (_storage, mut conn) = loaded(engine);
    let few = each(&mut conn);
    alone(&mut conn, much).unwrap();
    let many = each(&mut conn);
    for ((name, most, before, _), (_, _, after, rows)) in few.into_iter().zip(many) {
        assert!(after.len() <= most, "{name} takes {} statements", after.len());
        assert_eq!(after.len(), before.len(), "{name}, {rows} rows");
    }
});

/// The plan of a statement whatever is bound to it.
pub fn plan(conn: &mut Conn, engine: Engine, statement: &str) -> Vec<String> {
    let statement = statement.split(" -- binds:").next().unwrap();
    if engine == Engine::Sqlite {
        return plan_of(conn, diesel::sql_query(statement)).unwrap();
    }
    conn.batch_execute(&format!("DEALLOCATE ALL; PREPARE explained AS {statement}")).unwrap();
    let binds = (1..=100).take_while(|number| statement.contains(&format!("${number}"))).count();
    let nulls = vec!["NULL"; binds].join(", ");
    let call = if binds == 0 { "EXECUTE explained".to_owned() } else { format!("EXECUTE explained({nulls})") };
    plan_of(conn, diesel::sql_query(call)).unwrap()
}

/// Whether a step of a plan reads a table from its beginning to its end, other than one of the register.
pub fn reads_all(step: &str) -> bool {
    let step = step.trim_start_matches([' ', '-', '>']);
    let of_register = REGISTER.iter().any(|table| step.contains(&format!(" {table}")) || step.ends_with(table));
    // An index of some rows has no more than those that are asked for.
    let of_some = step.contains(" documents_review_schedule");
    let whole = step.starts_with("Seq Scan") || (step.starts_with("SCAN ") && !step.contains("VIRTUAL TABLE"));
    whole && !of_some && !of_register && !step.contains("json_each")
}

on_both_engines!(an_answer_reads_indexes, |engine| {
    let (_storage, mut conn) = loaded(engine);
    alone(&mut conn, much).unwrap();
    if engine == Engine::Postgres {
        // The tables are so small that reading all of one is cheapest; with these the planner does so only if it must.
        let settings = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;";
        conn.batch_execute(settings).unwrap();
    }
    let mut explained = 0;
    for (name, _, statements, _) in each(&mut conn) {
        for statement in statements.iter().filter(|statement| statement.contains("SELECT")) {
            let plan = plan(&mut conn, engine, statement);
            assert!(!plan.is_empty(), "{name}: {statement}");
            let is_counted = |step: &str| name == TaskReport::NAME && COUNTED.iter().any(|table| step.contains(table));
            let faults: Vec<&String> = plan.iter().filter(|step| reads_all(step) && !is_counted(step)).collect();
            assert!(faults.is_empty(), "{name}: {statement}\n{}", plan.join("\n"));
            explained += 1;
        }
    }
    assert!(explained > 30, "only {explained} statements were explained");
});
