//! What callers were told of their writes, held against what the database has.
//!
//! A write has one of three outcomes: it was acknowledged (2xx), and is there; it was refused (any other whole answer, or
//! nobody took the connection), and is not; or nobody knows (the connection broke, or the answer says `outcome_unknown`),
//! and all of it is there or nothing. One that nobody knows of is sent again and is then there once.
//!
//! Each write has a name of its own, by which it is found in the change log. Half of them create a person with two
//! positions under an `Idempotency-Key`, the others put a person under an external key.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::attempt::{Attempt, PATIENCE, attempt};
use crate::support::{Client, Response};

/// What the caller of a write knows of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It has happened, and the record has this number.
    Acknowledged(i64),
    /// It has not happened: an answer, or none because nobody took the connection.
    Refused(Option<Response>),
    /// It has happened or not: an answer that says so, or none.
    Unknown(Option<Response>),
}

/// One write.
#[derive(Debug, Clone)]
pub struct Entry {
    pub name: String,
    pub outcome: Outcome,
    pub took: Duration,
    /// Whether the person has two positions, which are written with it.
    nested: bool,
}

impl Entry {
    pub fn is_acknowledged(&self) -> bool {
        matches!(self.outcome, Outcome::Acknowledged(_))
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self.outcome, Outcome::Unknown(_))
    }

    /// The answer that was no success.
    pub fn refusal(&self) -> Option<&Response> {
        match &self.outcome {
            Outcome::Acknowledged(_) => None,
            Outcome::Refused(answer) | Outcome::Unknown(answer) => answer.as_ref(),
        }
    }
}

fn positions() -> Value {
    json!([{ "title": "Chủ tịch", "stated_on": "2020-01-01" }, { "title": "Bí thư", "stated_on": "2020-01-02" }])
}

/// The bytes of the write of this name, which are the same each time it is sent.
fn request(caller: &Client, name: &str, nested: bool) -> Vec<u8> {
    if nested {
        let body = json!({ "name": name, "positions": positions() });
        return caller.request("POST", "/v1/people").header("Idempotency-Key", name).json(&body).bytes();
    }
    let request = caller.request("PUT", &format!("/v1/people/by-key/ledger/{name}"));
    request.header("If-None-Match", "*").json(&json!({ "name": name })).bytes()
}

/// Sends a write once.
fn write(caller: &Client, name: String, nested: bool) -> Entry {
    let (came, took) = attempt(caller.address, &request(caller, &name, nested));
    let outcome = match came {
        Attempt::Answered(answer) if answer.status == 201 => {
            Outcome::Acknowledged(answer.json()["id"].as_i64().unwrap())
        }
        Attempt::Answered(answer) if answer.json()["code"] == "outcome_unknown" => Outcome::Unknown(Some(answer)),
        Attempt::Answered(answer) => Outcome::Refused(Some(answer)),
        Attempt::NotTaken => Outcome::Refused(None),
        Attempt::BrokenOff => Outcome::Unknown(None),
    };
    Entry { name, outcome, took, nested }
}

/// Writers side by side, each with one write at a time, until they are told to stop or nobody takes their connections.
pub struct Writers {
    stop: Arc<AtomicBool>,
    told: Receiver<Entry>,
    threads: Vec<JoinHandle<()>>,
    entries: Vec<Entry>,
}

impl Writers {
    /// Begins to write. The names begin with `label`.
    pub fn begin(caller: &Client, label: &str, count: usize) -> Self {
        let (tell, told) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let threads = (0..count).map(|writer| {
            let (caller, tell, stop) = (caller.clone(), tell.clone(), Arc::clone(&stop));
            let label = format!("{label}-{writer}");
            std::thread::spawn(move || {
                for turn in 0.. {
                    let entry = write(&caller, format!("{label}-{turn}"), (writer + turn) % 2 == 0);
                    let gone = entry.outcome == Outcome::Refused(None);
                    if tell.send(entry).is_err() || gone || stop.load(Ordering::Relaxed) {
                        return;
                    }
                }
            })
        });
        Self { threads: threads.collect(), stop, told, entries: Vec::new() }
    }

    /// Waits until `enough` says so of a write, for which it is asked in the order in which they end.
    #[track_caller]
    pub fn until(&mut self, mut enough: impl FnMut(&Entry) -> bool) {
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < 4 * PATIENCE, "writes end, and never the one that is waited for");
            let entry = self.told.recv_timeout(PATIENCE).expect("a write ends");
            let done = enough(&entry);
            self.entries.push(entry);
            if done {
                return;
            }
        }
    }

    /// Waits until so many more are acknowledged.
    #[track_caller]
    pub fn until_acknowledged(&mut self, count: usize) {
        let mut left = count;
        self.until(|entry| {
            left -= usize::from(entry.is_acknowledged());
            left == 0
        });
    }

    /// Lets them go on until one more has ended, for so long at most.
    pub fn at_most(&mut self, time: Duration) {
        self.entries.extend(self.told.recv_timeout(time).ok());
    }

    /// The writes that have ended by now.
    pub fn so_far(&mut self) -> &[Entry] {
        self.entries.extend(self.told.try_iter());
        &self.entries
    }

    /// Waits until nobody writes any more, and gives all that was written.
    pub fn end(self) -> Ledger {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
        let mut entries = self.entries;
        entries.extend(self.told.try_iter());
        Ledger { entries }
    }
}

/// All writes of some writers.
#[derive(Debug)]
pub struct Ledger {
    pub entries: Vec<Entry>,
}

impl Ledger {
    pub fn count(&self, wanted: impl Fn(&Entry) -> bool) -> usize {
        self.entries.iter().filter(|entry| wanted(entry)).count()
    }

    /// What was known when so many of the writes had ended: nothing of the others.
    pub fn as_of(&self, ended: usize) -> Self {
        let mut entries = self.entries.clone();
        entries[ended..].iter_mut().for_each(|entry| entry.outcome = Outcome::Unknown(None));
        Self { entries }
    }

    /// Those that were not acknowledged, each with its answer: it was refused, and nobody is left in the dark.
    #[track_caller]
    pub fn refused(&self) -> Vec<(&Entry, &Response)> {
        let refused = self.entries.iter().filter(|entry| !entry.is_acknowledged());
        refused.map(|entry| (entry, entry.refusal().unwrap_or_else(|| panic!("no answer: {entry:?}")))).collect()
    }

    /// Holds every write against the change log and the records, and says how many of those that nobody knew of are there.
    #[track_caller]
    pub fn check(&self, caller: &Client, log: &Log) -> usize {
        let mut there = 0;
        for entry in &self.entries {
            let found = log.people.get(&entry.name).map_or(&[][..], Vec::as_slice);
            match entry.outcome {
                Outcome::Acknowledged(id) => {
                    assert_eq!(found, [id], "lost, doubled or another: {entry:?}");
                    entry.check_record(caller, id);
                }
                Outcome::Refused(_) => assert_eq!(found, [0_i64; 0], "refused and there: {entry:?}"),
                Outcome::Unknown(_) => assert!(found.len() <= 1, "doubled: {entry:?}"),
            }
            for id in found {
                let positions = log.positions.get(id).copied().unwrap_or_default();
                assert_eq!(positions, if entry.nested { 2 } else { 0 }, "half there: {entry:?}");
            }
            there += usize::from(entry.is_unknown()) * found.len();
        }
        there
    }

    /// Sends again what nobody knows of, as often as it is asked to; each is there afterwards.
    #[track_caller]
    pub fn replay(&self, caller: &Client) {
        for entry in self.entries.iter().filter(|entry| entry.is_unknown()) {
            let again = write(caller, entry.name.clone(), entry.nested);
            let there = match &again.outcome {
                Outcome::Acknowledged(_) => true,
                // It was there already, under its key.
                Outcome::Refused(Some(answer)) => !entry.nested && answer.status == 412,
                _ => false,
            };
            assert!(there, "{again:?}");
        }
    }

    /// Each write that is not refused is there once.
    #[track_caller]
    pub fn check_replayed(&self, log: &Log) {
        for entry in self.entries.iter().filter(|entry| !matches!(entry.outcome, Outcome::Refused(_))) {
            let found = log.people.get(&entry.name).map_or(0, Vec::len);
            assert_eq!(found, 1, "{entry:?}");
        }
    }
}

impl Entry {
    /// The record is what was sent.
    #[track_caller]
    fn check_record(&self, caller: &Client, id: i64) {
        let path =
            if self.nested { format!("/v1/people/{id}") } else { format!("/v1/people/by-key/ledger/{}", self.name) };
        let record = caller.get(&path).expect(200).json();
        assert_eq!((&record["id"], &record["name"]), (&json!(id), &json!(self.name)), "{self:?}");
    }
}

/// What the change log says from some place on: the people that were created, by name, and how many positions each has.
#[derive(Debug, Default)]
pub struct Log {
    people: HashMap<String, Vec<i64>>,
    positions: HashMap<i64, usize>,
    /// Where to go on reading.
    next: Option<String>,
}

impl Log {
    /// All of it.
    #[track_caller]
    pub fn of(caller: &Client) -> Self {
        let mut log = Self::default();
        log.read_on(caller);
        log
    }

    /// Reads on to the end.
    #[track_caller]
    pub fn read_on(&mut self, caller: &Client) {
        let from = self.next.as_ref().map(|next| format!("&cursor={next}")).unwrap_or_default();
        let answer = caller.get(&format!("/v1/changes?format=ndjson{from}")).expect(200);
        let mut end = None;
        for line in answer.text().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let (after, record) = (&line["after"], &line["record"]);
            match record["type"].as_str() {
                Some("person") => {
                    let name = after["name"].as_str().unwrap().to_owned();
                    self.people.entry(name).or_default().push(record["id"].as_i64().unwrap());
                }
                Some("position") => *self.positions.entry(after["person"].as_i64().unwrap()).or_default() += 1,
                _ => end = line["next"].as_str().map(str::to_owned),
            }
        }
        self.next = Some(end.expect("the last line"));
    }
}
