//! A document is compared with the few that may be the same, however many have its symbol.

use diesel::connection::SimpleConnection;
use directive_tracker::db::lanes::alone;
use directive_tracker::documents::document::Documents;
use directive_tracker::service::write;
use serde_json::json;

use crate::support::Engine;
use crate::tracking::{loaded, plan, recorded, stamp};

on_both_engines!(document_is_compared_with_those_of_its_day_its_body_and_its_number, |engine| {
    let (_storage, mut conn) = loaded(engine);
    let document = json!({
        "title": "Quyết định", "kind": "decision", "system": "state", "number": 12, "symbol": "12/QĐ-UBND",
        "issued_on": "2021-01-04", "numbering_body": 100,
    });
    let create = |conn: &mut _| write::create::<Documents>(conn, &stamp(), document, None).map(drop);
    let ((), statements) = recorded(&mut conn, |conn| alone(conn, create).unwrap());
    if engine == Engine::Postgres {
        // The table is so small that reading all of it is cheapest, and nobody has counted what is in it.
        conn.batch_execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; ANALYZE;").unwrap();
    }
    let compared = |with: &[&str]| {
        let is_with = |statement: &&String| with.iter().all(|column| statement.contains(&format!("{column}\" = ")));
        statements.iter().map(|statement| statement.replace('`', "\"")).find(|statement| is_with(&statement)).unwrap()
    };
    for (with, index) in [
        (["symbol_folded", "issued_on_key"], "documents_symbol_folded_issued_on_key_id"),
        (["symbol_folded", "numbering_period_id"], "documents_symbol_folded_numbering_body_id_id"),
        (["number", "numbering_period_id"], "documents_identity"),
    ] {
        let plan = plan(&mut conn, engine, &compared(&with));
        assert!(plan.iter().any(|step| step.contains(index)), "{index}:\n{}", plan.join("\n"));
    }
});
