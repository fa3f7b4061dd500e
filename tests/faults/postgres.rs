//! PostgreSQL goes away and comes back under eight writers, and the network to it breaks in several ways (R3, R4).
//!
//! The program is never restarted. While the database is away every answer is a refusal that says so, and comes in time;
//! five seconds after it is back at most, writes are acknowledged again; and the ledger holds.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::cluster::{Cluster, Stop};
use crate::ledger::{Ledger, Log, Writers};
use crate::process::{Server, beside_others, program, run, url};
use crate::proxy::{Fault, Proxy};

const WRITERS: usize = 8;

/// Within which time writes are acknowledged again.
const RECOVERY: Duration = Duration::from_secs(5);

/// How long an answer may take at most: a statement that gets no answer is given up after twelve seconds, and then a
/// connection is tried for two.
const LONGEST: Duration = Duration::from_secs(16);

/// Waits until a write is acknowledged that ends from now on.
#[track_caller]
fn recovers(writers: &mut Writers) {
    let back = Instant::now();
    writers.so_far();
    writers.until_acknowledged(1);
    assert!(back.elapsed() < RECOVERY, "back after {:?}", back.elapsed());
}

/// Every answer that was no success is a problem document that says that the database is away, and came in time.
#[track_caller]
fn refusals_are_told(ledger: &Ledger) {
    let mut refused = 0;
    for entry in &ledger.entries {
        assert!(entry.took < LONGEST, "{entry:?}");
        if entry.is_acknowledged() {
            continue;
        }
        let answer = entry.refusal().unwrap_or_else(|| panic!("no answer: {entry:?}"));
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        assert!(["database_unavailable", "overloaded", "outcome_unknown"].contains(&code.as_str()), "{entry:?}");
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{entry:?}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{entry:?}");
        refused += 1;
    }
    println!("{} writes, {refused} refused", ledger.entries.len());
    assert!(refused > 0, "nothing was refused: the database was never away");
}

/// Nothing acknowledged is lost, and what nobody knows of is there once when it is sent again.
#[track_caller]
fn nothing_is_lost(ledger: &Ledger, server: &Server, cluster: &Cluster) {
    let mut log = Log::of(&server.editor());
    ledger.check(&server.editor(), &log);
    ledger.replay(&server.editor());
    log.read_on(&server.editor());
    ledger.check_replayed(&log);
    run(program(&["verify", "--database-url", &url(&cluster.location())])).done();
}

#[test]
fn postgres_that_is_restarted_is_told_of_and_nothing_acknowledged_is_lost() {
    let _busy = beside_others();
    let cluster = Cluster::start();
    let server = Server::start(&cluster.location(), &[]);
    let mut writers = Writers::begin(&server.editor(), "restart", WRITERS);
    for stop in [Stop::Fast, Stop::Immediate, Stop::Backend, Stop::Fast, Stop::Immediate, Stop::Backend] {
        writers.until_acknowledged(20);
        cluster.restart(stop);
        recovers(&mut writers);
    }
    let ledger = writers.end();
    refusals_are_told(&ledger);
    nothing_is_lost(&ledger, &server, &cluster);
}

/// Breaks the network so, under load, and mends it again.
fn broken(fault: Fault) {
    let _busy = beside_others();
    let cluster = Cluster::start();
    let proxy = Proxy::before(cluster.port);
    let server = Server::start(&Cluster::location_through(proxy.port), &[]);
    let mut writers = Writers::begin(&server.editor(), "network", WRITERS);
    writers.until_acknowledged(20);
    proxy.set(fault);
    let mut left = 2 * WRITERS;
    writers.until(|entry| {
        left -= usize::from(!entry.is_acknowledged());
        left == 0
    });
    let begun = Instant::now();
    let read = server.public().get("/v1/people?limit=1");
    assert_eq!((read.status, &read.json()["code"]), (503, &json!("database_unavailable")));
    assert!(begun.elapsed() < LONGEST, "{:?}", begun.elapsed());
    server.public().get("/healthz").expect(200);
    server.public().get("/readyz").expect(503);
    proxy.set(Fault::None);
    recovers(&mut writers);
    let ledger = writers.end();
    refusals_are_told(&ledger);
    nothing_is_lost(&ledger, &server, &cluster);
}

#[test]
fn network_that_refuses_connections_is_told_of() {
    broken(Fault::Refuse);
}

#[test]
fn network_that_resets_connections_is_told_of() {
    broken(Fault::Reset);
}

#[test]
fn network_that_swallows_everything_is_told_of_and_holds_up_nothing_for_good() {
    broken(Fault::BlackHole);
}

#[test]
fn commit_whose_reply_is_lost_is_of_unknown_outcome_and_done_once() {
    let cluster = Cluster::start();
    let proxy = Proxy::before(cluster.port);
    let server = Server::start(&Cluster::location_through(proxy.port), &[]);
    let send = || {
        let request = server.editor().request("POST", "/v1/people").header("Idempotency-Key", "one");
        request.json(&json!({ "name": "An" })).send()
    };
    server.editor().post("/v1/people", &json!({ "name": "Bình" })).expect(201);
    proxy.set(Fault::LoseReplyToCommit);
    let lost = send();
    assert_eq!((lost.status, &lost.json()["code"]), (503, &json!("outcome_unknown")), "{lost}");
    assert_eq!(lost.header("retry-after"), Some("2"));
    let again = send().expect(201);
    assert_eq!(again.header("idempotent-replayed"), Some("true"), "it had happened");
    let people = server.public().get("/v1/people?q=an").expect(200).json();
    assert_eq!(people["data"].as_array().unwrap().len(), 1, "{people}");
}
