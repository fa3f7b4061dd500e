//! The disk fails now and then to take what it is told to keep (R6): `fsync` gives an error.

use std::path::Path;

use crate::disk::done;
use crate::ledger::{Entry, Log, Writers};
use crate::preload;
use crate::process::{Server, beside_others, program, run, url};
use crate::support::Engine;
use crate::support::service::Storage;

const WRITERS: usize = 8;

/// How many writes are not acknowledged before the disk is well again.
const FAILURES: usize = 24;

/// Tells the library that stands between a process and the kernel to begin or to end failing.
fn tell(process: u32, pipes: &Path, command: &str) {
    done("fiu-ctrl", &["-f", pipes.to_str().unwrap(), "-c", command, &process.to_string()]).unwrap();
}

#[test]
fn disk_that_fails_to_keep_what_was_written_loses_nothing_acknowledged() {
    let _busy = beside_others();
    let found = |name| preload::library(name, "fiu-utils");
    let libraries = found("fiu/fiu_run_preload.so").and_then(|run| Ok((run, found("fiu/fiu_posix_preload.so")?)));
    let (run_time, calls) = match libraries {
        Ok(libraries) => libraries,
        Err(reason) => return println!("SKIPPED: {reason}"),
    };
    let (storage, folder) = (Storage::migrated(Engine::Sqlite), tempfile::tempdir().unwrap());
    let (location, pipes) = (storage.location(), folder.path().join("fiu"));
    let mut command = program(&["serve", "--listen", "127.0.0.1:0", "--database-url", &url(&location)]);
    command.env("LD_PRELOAD", format!("{} {}", run_time.display(), calls.display())).env("FIU_CTRL_FIFO", &pipes);
    let server = Server::of(command);
    let mut writers = Writers::begin(&server.editor(), "fsync", WRITERS);
    writers.until_acknowledged(WRITERS);
    tell(server.id(), &pipes, "enable_random name=posix/io/sync/*,probability=0.2");
    let mut left = FAILURES;
    writers.until(|entry| {
        left = left.saturating_sub(usize::from(!entry.is_acknowledged()));
        left == 0
    });
    tell(server.id(), &pipes, "disable name=posix/io/sync/*");
    writers.so_far();
    writers.until_acknowledged(WRITERS);
    let ledger = writers.end();
    for (entry, answer) in ledger.refused() {
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{entry:?}");
    }
    let log = Log::of(&server.editor());
    ledger.check(&server.editor(), &log);
    server.kill();

    run(program(&["check", "--database-url", &url(&location)])).done();
    let server = Server::start(&location, &[]);
    let mut log = Log::of(&server.editor());
    let there = ledger.check(&server.editor(), &log);
    println!("{} writes; {there} of {} unknown there", ledger.entries.len(), ledger.count(Entry::is_unknown));
    ledger.replay(&server.editor());
    log.read_on(&server.editor());
    ledger.check_replayed(&log);
    run(program(&["verify", "--database-url", &url(&location)])).done();
}
