//! The disk is full, and then it is not (R5): writes are refused, reads are answered, nothing acknowledged is lost, and the
//! service goes on by itself.
//!
//! A file system of three megabytes takes root to mount. Without it, a limit on the length of a file stands in: what SQLite
//! says of that is another error, which is told as one of the database.

use std::process::Command;

use directive_tracker::db::Location;
use serde_json::json;

use crate::disk::Mounted;
use crate::ledger::{Entry, Log, Writers};
use crate::process::{Server, beside_others, isolated, program, run, url};

const WRITERS: usize = 4;

fn code(entry: &Entry) -> Option<String> {
    entry.refusal().map(|answer| answer.json()["code"].as_str().unwrap().to_owned())
}

/// Writes until there is no room, makes room, and holds the ledger against the database. Gives the codes of the refusals.
fn filled(server: &Server, location: &Location, make_room: impl FnOnce()) -> Vec<String> {
    let mut writers = Writers::begin(&server.editor(), "full", WRITERS);
    writers.until(|entry| !entry.is_acknowledged());
    let mut left = 2 * WRITERS;
    writers.until(|entry| {
        left -= usize::from(!entry.is_acknowledged());
        left == 0
    });
    server.public().get("/v1/people/1").expect(200);
    server.public().get("/v1/people?q=full&limit=5").expect(200);
    server.public().get("/readyz").expect(200);
    make_room();
    writers.so_far();
    writers.until_acknowledged(WRITERS);
    let ledger = writers.end();
    let refused = ledger.entries.iter().filter(|entry| !entry.is_acknowledged());
    for entry in refused {
        let answer = entry.refusal().unwrap_or_else(|| panic!("no answer: {entry:?}"));
        assert!(answer.status == 503 && answer.header("retry-after").is_some(), "{entry:?}");
    }
    let mut log = Log::of(&server.editor());
    ledger.check(&server.editor(), &log);
    ledger.replay(&server.editor());
    log.read_on(&server.editor());
    ledger.check_replayed(&log);
    run(program(&["verify", "--database-url", &url(location)])).done();
    run(program(&["check", "--database-url", &url(location)])).done();
    let mut codes: Vec<String> = ledger.entries.iter().filter_map(code).collect();
    println!("{} writes, {} refused", ledger.entries.len(), codes.len());
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn full_disk_refuses_writes_and_answers_reads_until_there_is_room() {
    let _busy = beside_others();
    let disk = match Mounted::small("3m") {
        Ok(disk) => disk,
        Err(reason) => return println!("SKIPPED: {reason}"),
    };
    let location = Location::Sqlite(disk.path().join("tracker.db"));
    let server = Server::start(&location, &[]);
    let codes = filled(&server, &location, || disk.grow("64m"));
    assert!(codes.contains(&"storage_full".to_owned()), "{codes:?}");
    assert!(codes.iter().all(|code| ["storage_full", "outcome_unknown"].contains(&code.as_str())), "{codes:?}");
    let written = server.editor().post("/v1/people", &json!({ "name": "An" }));
    assert_eq!(written.status, 201, "{written}");
}

#[test]
fn file_that_may_not_grow_refuses_writes_and_answers_reads_until_it_may() {
    let _busy = beside_others();
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("tracker.db"));
    drop(Server::start(&location, &[]));
    let url = url(&location);
    let mut shell = Command::new("sh");
    // The signal that goes with the limit would end the program.
    shell.args(["-c", "trap '' XFSZ; exec prlimit --fsize=1500000:unlimited \"$@\"", "sh"]);
    shell.arg(env!("CARGO_BIN_EXE_directive-tracker")).args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database-url",
        &url,
    ]);
    let server = Server::of(isolated(shell));
    let make_room = || {
        let limit = ["--fsize=unlimited", "--pid", &server.id().to_string()];
        assert!(Command::new("prlimit").args(limit).status().unwrap().success());
    };
    let codes = filled(&server, &location, make_room);
    let known = ["database_unavailable", "storage_full", "outcome_unknown"];
    assert!(codes.iter().all(|code| known.contains(&code.as_str())), "{codes:?}");
}
