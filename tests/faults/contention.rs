//! Somebody else holds what writes need (R26): a transaction of SQLite that writes, a table of PostgreSQL. Reads go on, writes
//! are refused in time, and all goes on by itself afterwards.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use directive_tracker::db::conn::Purpose;
use serde_json::json;

use crate::ledger::{Log, Writers};
use crate::process::{Server, beside_others, program, run, url};
use crate::support::service::Storage;
use crate::support::{Engine, given};

const WRITERS: usize = 8;

/// How long a write may wait at most: both databases give up a lock after five seconds, and what came after the first write
/// of all waits for that one to be given up, and then for its own.
const LONGEST: Duration = Duration::from_secs(14);

fn held(engine: Engine, statement: &str) {
    let _busy = beside_others();
    let storage = Storage::migrated(engine);
    let server = Server::start(&storage.location(), &[]);
    given::person(&server.editor(), json!({}));
    // Before there are writers, among whom it would have to wait for its turn.
    let mut other = storage.connect(Purpose::Write);
    other.batch_execute(statement).unwrap();
    let mut writers = Writers::begin(&server.editor(), "held", WRITERS);
    let mut left = 2 * WRITERS;
    writers.until(|entry| {
        left -= usize::from(!entry.is_acknowledged());
        server.public().get("/v1/people/1").expect(200);
        server.public().get("/v1/people?q=held&limit=5").expect(200);
        left == 0
    });
    server.public().get("/readyz").expect(200);
    other.batch_execute("COMMIT").unwrap();
    writers.so_far();
    writers.until_acknowledged(WRITERS);
    let ledger = writers.end();
    for (entry, answer) in ledger.refused() {
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{entry:?}");
        assert_eq!(answer.json()["code"], "overloaded", "{entry:?}");
        assert!(entry.took < LONGEST, "{entry:?}");
    }
    let log = Log::of(&server.editor());
    ledger.check(&server.editor(), &log);
    run(program(&["verify", "--database-url", &url(&storage.location())])).done();
}

#[test]
fn file_that_another_writes_to_is_read_and_refuses_writes_in_time() {
    held(Engine::Sqlite, "BEGIN IMMEDIATE");
}

#[test]
fn table_that_another_holds_is_read_and_refuses_writes_in_time() {
    held(Engine::Postgres, "BEGIN; LOCK TABLE people IN EXCLUSIVE MODE");
}
