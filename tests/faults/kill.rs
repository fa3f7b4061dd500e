//! The program is killed while eight callers write (R1).
//!
//! What was written lies in the memory of the kernel then, which outlives the process: a write that was never brought to
//! disk cannot be told from one that was. So these tests say nothing of a power cut. That every commit is brought to disk
//! first is what `PRAGMA synchronous = FULL` is for, which `tests/store` checks.

use std::time::Duration;

use directive_tracker::db::Location;

use crate::ledger::{Log, Writers};
use crate::process::{PROMPTLY, Server, beside_others, program, run, url};
use crate::support::Engine;
use crate::support::service::Storage;

const WRITERS: usize = 8;

/// After how many acknowledged writes the program is killed: another number each round.
fn writes_before(round: usize) -> usize {
    1 + round * 7 % 24
}

/// How long after that at most: so that it is killed at any stage of the next writes.
fn delay(round: usize) -> Duration {
    Duration::from_micros((round * 389 % 6000) as u64)
}

/// Kills a program at work, and gives how many writes nobody knew of, and how many of these were there.
fn round(number: usize, location: &Location, log: &mut Log) -> (usize, usize) {
    let server = Server::start(location, &[]);
    assert!(server.ready_after < PROMPTLY, "ready after {:?}", server.ready_after);
    let mut writers = Writers::begin(&server.editor(), &format!("r{number}"), WRITERS);
    writers.until_acknowledged(writes_before(number));
    writers.at_most(delay(number));
    server.kill();
    let ledger = writers.end();
    run(program(&["check", "--database-url", &url(location)])).done();

    let server = Server::start(location, &[]);
    assert!(server.ready_after < PROMPTLY, "ready after {:?}", server.ready_after);
    log.read_on(&server.editor());
    let there = ledger.check(&server.editor(), log);
    ledger.replay(&server.editor());
    ledger.replay(&server.editor());
    log.read_on(&server.editor());
    ledger.check_replayed(log);
    run(program(&["verify", "--database-url", &url(location)])).done();
    (ledger.count(|entry| entry.is_unknown()), there)
}

/// Kills it over and over, ten times on each of some databases: a longer log takes longer to verify and tells no more.
fn killed(engine: Engine, databases: usize) {
    let _busy = beside_others();
    let (mut unknown, mut there) = (0, 0);
    for database in 0..databases {
        let storage = Storage::migrated(engine);
        let mut log = Log::default();
        for turn in 0..10 {
            let (more, of_these) = round(database * 10 + turn, &storage.location(), &mut log);
            unknown += more;
            there += of_these;
        }
    }
    println!("{databases} times ten rounds: {unknown} writes of which nobody knew, {there} of them there");
    assert!(unknown > 0, "the program was never killed at work");
}

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed_on_sqlite() {
    killed(Engine::Sqlite, 6);
}

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed_on_postgres() {
    killed(Engine::Postgres, 1);
}
