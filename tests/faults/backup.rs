//! Backups while eight callers write, some of them killed in the middle (R29).

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use directive_tracker::db::Location;
use tempfile::TempDir;

use crate::attempt::PATIENCE;
use crate::ledger::{Entry, Ledger, Log, Writers};
use crate::process::{Server, beside_others, program, run, url};
use crate::support::Engine;
use crate::support::service::Storage;

const WRITERS: usize = 8;

/// Whether a backup has begun to write a file in a folder.
fn has_begun(folder: &Path) -> bool {
    let mut names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.any(|name| name.ends_with(".directive-tracker-partial"))
}

/// Begins a backup and kills it once it has begun to write.
fn killed(location: &Location, target: &Path) {
    let mut command = program(&["backup", "--database-url", &url(location), "--output", target.to_str().unwrap()]);
    let mut backup = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !has_begun(target.parent().unwrap()) {
        assert!(begun.elapsed() < PATIENCE && backup.try_wait().unwrap().is_none(), "it has not begun");
    }
    backup.kill().unwrap();
    backup.wait().unwrap();
    assert!(!target.exists(), "a part of a backup has its name");
}

/// Everything that was acknowledged before the backup began is in it.
fn has_all(file: &Path, before: &[Entry]) {
    let location = Location::Sqlite(file.to_owned());
    for command in ["check", "verify"] {
        run(program(&[command, "--database-url", &url(&location)])).done();
    }
    let server = Server::start(&location, &["--read-only"]);
    let log = Log::of(&server.editor());
    let acknowledged = before.iter().filter(|entry| entry.is_acknowledged()).cloned().collect();
    Ledger { entries: acknowledged }.check(&server.editor(), &log);
}

#[test]
fn backup_under_writes_has_all_that_was_acknowledged_before_it_began() {
    let _busy = beside_others();
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &[]);
    let folder = TempDir::new().unwrap();
    let mut writers = Writers::begin(&server.editor(), "backup", WRITERS);
    let mut backups = Vec::new();
    for round in 0..10 {
        let target = folder.path().join(format!("{round}.db"));
        writers.until_acknowledged(10);
        let before = writers.so_far().len();
        if round % 3 == 2 {
            killed(&storage.location(), &target);
            continue;
        }
        let output = target.to_str().unwrap();
        run(program(&["backup", "--database-url", &url(&storage.location()), "--output", output])).done();
        backups.push((target, before));
    }
    let ledger = writers.end();
    assert_eq!(ledger.count(|entry| !entry.is_acknowledged()), 0, "a backup holds up no write");
    assert!(!has_begun(folder.path()), "what a killed backup left goes with the next one");
    // Not while they write: what is checked would grow faster than it is checked.
    for (backup, before) in backups {
        has_all(&backup, &ledger.entries[..before]);
    }
}
