//! Pages and the change feed while others write (R22, R23): no row that was there throughout is skipped or told twice.
//!
//! Two thousand records and some hundred writes are what a debug build does within a minute; that pages go by key, whatever
//! their number, is shown by the plans of the lists in `tests/store`.
//! `PAGED_RECORDS=100000 cargo test --test faults pages_skip -- --nocapture` is the campaign: so many records instead.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use serde_json::{Value, json};

use crate::attempt::PATIENCE;
use crate::ledger::{Entry, Log, Writers};
use crate::process::{Server, beside_others};
use crate::support::service::Storage;
use crate::support::{Client, Engine};

const RECORDS: usize = 2000;
const WALKS: usize = 3;

/// How many records the pages are of.
fn records() -> usize {
    std::env::var("PAGED_RECORDS").map_or(RECORDS, |count| count.parse().expect("PAGED_RECORDS is a number"))
}

/// People whose order by name is not that of their numbers, some seven of each name: a page may end between two of them.
fn filled(editor: &Client, records: usize) {
    let mut rows = String::new();
    for number in 0..records {
        let name = format!("N{:06}", number * 7919 % (records / 7));
        writeln!(rows, "{}", json!({ "type": "person", "name": name })).unwrap();
    }
    let answer = editor.request("POST", "/v1/import").body("application/x-ndjson", rows).send().expect(200);
    assert!(answer.text().lines().last().unwrap().contains("\"committed\":true"), "{answer}");
}

/// Tells others to stop when it is dropped, in a test that fails too.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Changes and deletes every tenth of the people, again and again, until it is told to stop. The others stay as they are.
fn disturbs(editor: &Client, records: usize, stop: &AtomicBool) {
    for id in (1..=records).step_by(10).cycle() {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let path = format!("/v1/people/{id}");
        let name = format!("N{:06}", id * 31 % 10_000);
        // It was deleted in an earlier turn, perhaps.
        if editor.patch(&path, &json!({ "name": name })).status == 200 && id % 20 == 1 {
            editor.delete(&path).expect(204);
        }
    }
}

/// How often each number stands in the pages of a list.
fn walked(caller: &Client, first: &str) -> BTreeMap<usize, usize> {
    let mut seen = BTreeMap::new();
    let mut next = Some(first.to_owned());
    while let Some(page) = next {
        let page: Value = caller.get(&page).expect(200).json();
        for record in page["data"].as_array().unwrap() {
            *seen.entry(record["id"].as_u64().unwrap() as usize).or_default() += 1;
        }
        next = page["page"]["next"].as_str().map(|cursor| format!("{first}&cursor={cursor}"));
    }
    seen
}

fn pages_skip_nothing(engine: Engine) {
    let _busy = beside_others();
    let storage = Storage::migrated(engine);
    let server = Server::start(&storage.location(), &[]);
    let records = records();
    filled(&server.editor(), records);
    let mut writers = Writers::begin(&server.editor(), "N000000", 2);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let (editor, stop) = (server.editor(), &stop);
        scope.spawn(move || disturbs(&editor, records, stop));
        let _ending = Ending(stop);
        for walk in 0..WALKS {
            let seen = walked(&server.public(), "/v1/people?sort=name&limit=50");
            println!("walk {walk} over {} records", seen.len());
            for id in (1..=records).filter(|id| id % 10 != 1) {
                assert_eq!(seen.get(&id), Some(&1), "person {id}, walk {walk}");
            }
        }
    });
    writers.so_far();
    assert!(writers.end().count(Entry::is_acknowledged) > WALKS, "nobody wrote");
}

#[test]
fn pages_skip_and_repeat_nothing_that_stays_while_others_write_on_sqlite() {
    pages_skip_nothing(Engine::Sqlite);
}

#[test]
fn pages_skip_and_repeat_nothing_that_stays_while_others_write_on_postgres() {
    pages_skip_nothing(Engine::Postgres);
}

/// Follows the feed until it has so many rows, each the next one, and says whose they are.
fn followed(caller: &Client, total: usize) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut cursor, mut last, mut heard) = (String::new(), 0, Instant::now());
    while last < total as u64 {
        assert!(heard.elapsed() < PATIENCE, "nothing comes after {last}");
        let page = caller.get(&format!("/v1/changes?limit=7{cursor}")).expect(200).json();
        for change in page["data"].as_array().unwrap() {
            let sequence = change["sequence"].as_u64().unwrap();
            assert_eq!(sequence, last + 1, "a gap in the feed");
            (last, heard) = (sequence, Instant::now());
            names.extend(change["after"]["name"].as_str().map(str::to_owned));
        }
        if let Some(next) = page["page"]["next"].as_str() {
            cursor = format!("&cursor={next}");
        }
    }
    names
}

/// Sixteen writers through some servers of one database, while each server's feed is followed.
fn feed_skips_nothing(engine: Engine, servers: usize) {
    let _busy = beside_others();
    let storage = Storage::migrated(engine);
    let servers: Vec<Server> = (0..servers).map(|_| Server::start(&storage.location(), &[])).collect();
    thread::scope(|scope| {
        let editors = servers.iter().map(Server::editor);
        let followers: Vec<_> = editors.map(|editor| scope.spawn(move || followed(&editor, 400))).collect();
        let mut all: Vec<Writers> = (0..)
            .zip(&servers)
            .map(|(number, server)| Writers::begin(&server.editor(), &format!("f{number}"), 16 / servers.len()))
            .collect();
        // A person with two positions is three rows, one without is one: two on average.
        for writers in &mut all {
            writers.until_acknowledged(260 / servers.len());
        }
        let ledgers: Vec<_> = all.into_iter().map(Writers::end).collect();
        let feeds: Vec<_> = followers.into_iter().map(|follower| follower.join().unwrap()).collect();
        let log = Log::of(&servers[0].editor());
        for ledger in &ledgers {
            assert_eq!(ledger.count(|entry| !entry.is_acknowledged()), 0, "servers take turns");
            ledger.check(&servers[0].editor(), &log);
        }
        let written: BTreeSet<&String> =
            ledgers.iter().flat_map(|ledger| &ledger.entries).map(|entry| &entry.name).collect();
        assert!(feeds.iter().flatten().all(|name| written.contains(name)));
    });
}

#[test]
fn feed_skips_nothing_while_sixteen_write_on_sqlite() {
    feed_skips_nothing(Engine::Sqlite, 1);
}

#[test]
fn feed_skips_nothing_while_sixteen_write_through_two_servers_on_postgres() {
    feed_skips_nothing(Engine::Postgres, 2);
}
