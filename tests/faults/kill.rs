//! The program is killed while eight callers write (R1).
//!
//! What was written lies in the memory of the kernel then, which outlives the process: a write that was never brought to
//! disk cannot be told from one that was. So these tests say nothing of a power cut. That every commit is brought to disk
//! first is what `PRAGMA synchronous = FULL` is for, which `tests/store` checks.

use std::time::Duration;

use directive_tracker::db::Location;

use crate::ledger::{Entry, Log, Writers};
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

/// What came of some rounds.
#[derive(Default)]
struct Found {
    /// Writes of which nobody knew.
    unknown: usize,
    /// How many of these were there.
    there: usize,
    /// How long it took each time until the program was ready.
    ready_after: Vec<Duration>,
}

/// Kills a program at work.
fn round(number: usize, location: &Location, log: &mut Log, found: &mut Found) {
    let server = Server::start(location, &[]);
    found.ready_after.push(server.ready_after);
    let mut writers = Writers::begin(&server.editor(), &format!("r{number}"), WRITERS);
    writers.until_acknowledged(writes_before(number));
    writers.at_most(delay(number));
    server.kill();
    let ledger = writers.end();
    run(program(&["check", "--database-url", &url(location)])).done();

    let server = Server::start(location, &[]);
    found.ready_after.push(server.ready_after);
    log.read_on(&server.editor());
    found.there += ledger.check(&server.editor(), log);
    found.unknown += ledger.count(Entry::is_unknown);
    ledger.replay(&server.editor());
    ledger.replay(&server.editor());
    log.read_on(&server.editor());
    ledger.check_replayed(log);
    run(program(&["verify", "--database-url", &url(location)])).done();
}

/// Kills it over and over, ten times on each of some databases: a longer log takes longer to verify and tells no more.
fn killed(engine: Engine, databases: usize) {
    let _busy = beside_others();
    let mut found = Found::default();
    for database in 0..databases {
        let storage = Storage::migrated(engine);
        let mut log = Log::default();
        for turn in 0..10 {
            round(database * 10 + turn, &storage.location(), &mut log, &mut found);
        }
    }
    let Found { unknown, there, mut ready_after } = found;
    ready_after.sort();
    // Once may fall together with whatever else keeps the machine busy.
    let typical = ready_after[ready_after.len() / 2];
    println!("{databases} times ten rounds: {unknown} unknown, {there} of them there; ready after {typical:?}");
    assert!(unknown > 0, "the program was never killed at work");
    assert!(typical < PROMPTLY, "ready after {ready_after:?}");
}

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed_on_sqlite() {
    killed(Engine::Sqlite, 6);
}

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed_on_postgres() {
    killed(Engine::Postgres, 1);
}
