//! What is computed across documents, and about a person, takes a number of statements that does not grow with what is
//! found, and reads indexes; the checks of the records read each table that they check once.

use diesel::connection::SimpleConnection;
use directive_tracker::db::Conn;
use directive_tracker::db::lanes::alone;
use directive_tracker::domain::Result;
use directive_tracker::people::position::Positions;
use directive_tracker::results::award::Awards;
use directive_tracker::service::write;
use directive_tracker::tracking::award_report::AwardReport;
use directive_tracker::tracking::citations::Citations;
use directive_tracker::tracking::conference_report::ConferenceReport;
use directive_tracker::tracking::matrix::Matrix;
use directive_tracker::tracking::person_timeline::PersonTimeline;
use directive_tracker::tracking::quality::Quality;
use directive_tracker::tracking::quality::checks::{CHECKS, Check};
use serde_json::{Value, json};

use crate::support::Engine;
use crate::tracking::{loaded, much, plan, reads_all, stamp, statements};

/// Nguyễn Hồng Diên of the data.
const PERSON: i64 = 2;

/// Each answer, with how many statements it may take at most.
fn each(conn: &mut Conn) -> Vec<(&'static str, usize, Vec<String>, usize)> {
    let all = json!({ "documents": "1,2,3,4,5,6,7,8", "level": "province" });
    let mut answers = Vec::new();
    let mut note = |name, most, (statements, rows): (Vec<String>, usize)| answers.push((name, most, statements, rows));
    note("matrix", 21, statements::<Matrix>(conn, (), &all));
    note(
        "matrix by kind",
        20,
        statements::<Matrix>(conn, (), &json!({ "kind": "directive", "issued_from": "2015-01-01" })),
    );
    note("awards", 5, statements::<AwardReport>(conn, (), &json!({ "group_by": "giver,kind,year,document" })));
    note("awards for", 7, statements::<AwardReport>(conn, (), &json!({ "group_by": "giver", "document": "32-KL/TW" })));
    for by in ["convening_body", "province", "level", "mode", "year"] {
        let question = json!({ "group_by": by, "document": "32-KL/TW" });
        note("conferences", 6, statements::<ConferenceReport>(conn, (), &question));
    }
    note("person", 14, statements::<PersonTimeline>(conn, PERSON, &json!({})));
    let text = json!({ "text": "Kết luận 32-KL/TW; 28-NQ/TW; Chỉ thị số 48, 46, 12; Nghị quyết 51, 25" });
    note("citations", 5, statements::<Citations>(conn, (), &text));
    answers
}

/// Awards and posts of a person, besides what is much already.
fn more(conn: &mut Conn) -> Result<()> {
    much(conn)?;
    for at in 1..=60 {
        let award: Value = json!({
            "kind": "badge", "giver": 100 + at, "presenter": PERSON, "documents": [5], "awarded_on": "2018-08-01",
        });
        write::create::<Awards>(conn, &stamp(), award, None)?;
        let post = json!({ "person": PERSON, "title": format!("Chức vụ {at}"), "organization": 100 + at });
        write::create::<Positions>(conn, &stamp(), post, None)?;
    }
    Ok(())
}

on_both_engines!(an_answer_across_takes_a_handful_of_statements, |engine| {
    let (_storage, mut conn) = loaded(engine);
    let few = each(&mut conn);
    alone(&mut conn, more).unwrap();
    let many = each(&mut conn);
    for ((name, most, before, _), (_, _, after, rows)) in few.into_iter().zip(many) {
        assert!(after.len() <= most, "{name} takes {} statements", after.len());
        // A document that the question names may be called otherwise by what is found: that is looked up.
        assert!(after.len() <= before.len() + 2, "{name}: {}, then {} for {rows} rows", before.len(), after.len());
    }
});

on_both_engines!(eight_documents_take_as_many_statements_as_one, |engine| {
    let (_storage, mut conn) = loaded(engine);
    let question =
        |documents: &str| json!({ "documents": documents, "level": "province", "milestone": "disseminated" });
    let (one, _) = statements::<Matrix>(&mut conn, (), &question("5"));
    let (eight, _) = statements::<Matrix>(&mut conn, (), &question("5,1,2,3,4,6,7,8"));
    assert_eq!(eight.len(), one.len());
});

on_both_engines!(a_check_is_a_statement_for_its_count_and_one_for_its_rows, |engine| {
    let (_storage, mut conn) = loaded(engine);
    let (statements, rows) = statements::<Quality>(&mut conn, (), &json!({}));
    let checks: Vec<&String> = statements.iter().filter(|statement| statement.contains("AS found")).collect();
    assert!(rows > 100, "{rows}");
    assert!(checks.len() <= 2 * CHECKS.len(), "{}", checks.len());
    assert!(statements.len() <= checks.len() + 1, "titles take {}", statements.len() - checks.len());
});

on_both_engines!(an_answer_across_reads_indexes, |engine| {
    let (_storage, mut conn) = loaded(engine);
    alone(&mut conn, more).unwrap();
    if engine == Engine::Postgres {
        // The tables are so small that reading all of one is cheapest; with these the planner does so only if it must.
        conn.batch_execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;").unwrap();
    }
    let mut explained = 0;
    for (name, _, statements, _) in each(&mut conn) {
        // All awards are counted unless somebody narrows them.
        let counts = |statement: &&String| name == "awards" && statement.contains("COUNT");
        for statement in statements.iter().filter(|it| it.contains("SELECT") && !counts(it)) {
            let plan = plan(&mut conn, engine, statement);
            assert!(!plan.is_empty(), "{name}: {statement}");
            let faults: Vec<&String> = plan.iter().filter(|step| reads_all(step)).collect();
            assert!(faults.is_empty(), "{name}: {statement}\n{}", plan.join("\n"));
            explained += 1;
        }
    }
    assert!(explained > 30, "only {explained} statements were explained");
});

on_both_engines!(a_check_reads_no_table_once_for_each_record, |engine| {
    let (_storage, mut conn) = loaded(engine);
    if engine == Engine::Postgres {
        conn.batch_execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;").unwrap();
    }
    let asked = |check: &Check| statements::<Quality>(&mut conn, (), &json!({ "check": check.code })).0;
    // Explaining forgets the statements that are prepared, so all of them come first.
    let asked: Vec<Vec<String>> = CHECKS.iter().map(asked).collect();
    for (check, statements) in CHECKS.iter().zip(asked) {
        for statement in statements.iter().filter(|statement| statement.contains("AS found")) {
            let plan = plan(&mut conn, engine, statement);
            let of_table = |step: &&String| reads_all(step) && !step.trim().ends_with("SCAN found");
            let whole = plan.iter().filter(of_table).count();
            assert!(whole <= 1, "{}: {statement}\n{}", check.code, plan.join("\n"));
        }
    }
});
