//! What became of an import, a line for each row: written to a file while the import goes on, and sent from there, so that
//! neither memory nor the writer waits for a caller who reads slowly.

use std::io::{self, BufRead, BufReader, Read};

use actix_web::web::{self, Bytes};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::NDJSON;
use crate::domain::fault::Warning;
use crate::domain::{Error, Link, Result};
use crate::http::conditional::json_bytes;
use crate::http::feed::differences_json;
use crate::http::problem::{Audience, Problem};
use crate::idempotency::Answer;
use crate::service::write::Outcome;
use crate::transfer::import::effect::Other;
use crate::transfer::import::{Done, Settled};
use crate::transfer::spool::{Spool, SpoolReader, unusable};

/// The longest report that is kept whole for a request with an idempotency key, in bytes.
const LONGEST_KEPT: u64 = 1_048_576;

/// How many bytes are sent at a time.
const PIECE: u64 = 65_536;

/// How many bytes go to the file at a time.
const GATHERED: usize = 65_536;

/// The lines so far. A clone goes on from where this one is, whatever the other adds.
#[derive(Clone)]
pub struct Report {
    spool: Spool,
    /// The lines that are not in the file yet.
    gathered: Vec<u8>,
    totals: Totals,
    end: String,
    request_id: String,
    audience: Audience,
}

/// How many rows have come to what.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Totals {
    lines: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    revived: u64,
    rolled_back: u64,
    failed: u64,
}

impl Totals {
    fn count(&mut self, outcome: Option<Outcome>) {
        let of_kind = match outcome {
            Some(Outcome::Created) => &mut self.created,
            Some(Outcome::Updated) => &mut self.updated,
            Some(Outcome::Unchanged) => &mut self.unchanged,
            Some(Outcome::Revived) => &mut self.revived,
            None => &mut self.failed,
        };
        *of_kind = of_kind.saturating_add(1);
        self.lines = self.lines.saturating_add(1);
    }

    /// Counts the line of an import that was taken back, and mends it: what it wrote is not there, nor what a line found
    /// that repeats it. A record that another line found as it is, is so still.
    fn count_again(&mut self, line: &mut Map<String, Value>) {
        let result = line.get("result").and_then(Value::as_str);
        let of_kind = match result {
            Some("failed") => &mut self.failed,
            Some("unchanged") if !line.contains_key("first_line") => &mut self.unchanged,
            _ => {
                line.insert("result".to_owned(), "rolled_back".into());
                line.shift_remove("id");
                line.shift_remove("url");
                &mut self.rolled_back
            }
        };
        *of_kind = of_kind.saturating_add(1);
        self.lines = self.lines.saturating_add(1);
    }
}

/// The fields of a line about a row that was done.
fn tell_done(told: &mut Map<String, Value>, collection: &str, done: &Done) {
    let mut put = |name: &str, value: Value| told.insert(name.to_owned(), value);
    put("id", done.id.into());
    put("url", Link::url(collection, done.id).into());
    if let Some(first) = done.first_line {
        put("first_line", first.into());
    }
    if !done.warnings.is_empty() {
        put("warnings", done.warnings.iter().map(Warning::to_json).collect());
    }
    let Some(effect) = &done.effect else { return };
    if let Some(differences) = &effect.own {
        put("differences", differences_json(differences));
    }
    if !effect.others.is_empty() {
        put("also", effect.others.iter().map(other_json).collect());
    }
}

/// A record that changes, or is found as it is, with that of a row.
fn other_json(other: &Other) -> Value {
    let Other { collection, id, outcome, pointer, differences } = other;
    let mut told = json!({
        "result": code_of(*outcome), "type": collection.kind(), "id": id, "url": Link::url(collection.name(), *id),
    });
    if let Some(object) = told.as_object_mut() {
        object.extend(pointer.iter().map(|pointer| ("pointer".to_owned(), pointer.as_str().into())));
        object.extend(differences.iter().map(|changed| ("differences".to_owned(), differences_json(changed))));
    }
    told
}

const fn code_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Updated => "updated",
        Outcome::Unchanged => "unchanged",
        Outcome::Revived => "revived",
    }
}

impl Report {
    /// A report without lines, to those who sent the request.
    ///
    /// # Errors
    /// If there is no room for it; so have all that follow.
    pub fn new(request_id: &str, audience: Audience) -> Result<Self> {
        let spool = Spool::new()?;
        let audience = audience.of_a_part();
        let (gathered, request_id) = (Vec::new(), request_id.to_owned());
        Ok(Self { spool, gathered, totals: Totals::default(), end: String::new(), request_id, audience })
    }

    /// Whether a row has failed.
    #[must_use]
    pub const fn has_failures(&self) -> bool {
        self.totals.failed > 0
    }

    /// Adds the line of a row.
    pub fn tell(&mut self, settled: Settled) -> Result<()> {
        let Settled { line, collection, result } = settled;
        self.totals.count(result.as_ref().ok().map(|done| done.outcome));
        let mut told = Map::new();
        told.insert("line".to_owned(), line.into());
        told.insert("result".to_owned(), result.as_ref().map_or("failed", |done| code_of(done.outcome)).into());
        if let Some(collection) = collection {
            told.insert("type".to_owned(), collection.kind().into());
        }
        match result {
            Ok(done) => tell_done(&mut told, collection.map_or("", |collection| collection.name()), &done),
            Err(error) => {
                let problem = Problem::from(error);
                if let Some(cause) = problem.cause() {
                    log::error!("request {}, line {line}: {cause}", self.request_id);
                }
                told.insert("problem".to_owned(), problem.to_json(&self.audience));
            }
        }
        self.add(&json_bytes(&told)?)
    }

    fn add(&mut self, line: &[u8]) -> Result<()> {
        self.gathered.extend_from_slice(line);
        if self.gathered.len() >= GATHERED { self.write_out() } else { Ok(()) }
    }

    /// Brings every line to the file, from which alone they are sent.
    pub fn write_out(&mut self) -> Result<()> {
        self.spool.append(&self.gathered)?;
        self.gathered.clear();
        Ok(())
    }

    /// Says of each row that was written that it was taken back: its record is not there, or is as it was before.
    pub fn take_back(&mut self) -> Result<()> {
        self.write_out()?;
        let told = BufReader::new(self.spool.reader(0, self.spool.length()));
        let mut taken = Self { spool: Spool::new()?, totals: Totals::default(), ..self.clone() };
        for line in told.lines() {
            let line = line.map_err(|error| unusable(&error))?;
            let mut line: Map<String, Value> =
                serde_json::from_str(&line).map_err(|error| Error::Internal(format!("a line of a report: {error}")))?;
            taken.totals.count_again(&mut line);
            taken.add(&json_bytes(&line)?)?;
        }
        *self = taken;
        Ok(())
    }

    /// Adds the last line: whether what the others say is so, and why there are no more of them if that is not their end.
    pub fn end(&mut self, committed: bool, problem: Option<&Problem>) -> Result<()> {
        let mut line = json!({ "type": "import_end" });
        if let (Some(line), Value::Object(totals)) = (line.as_object_mut(), json!(self.totals)) {
            line.extend(totals);
            line.insert("committed".to_owned(), committed.into());
            if let Some(problem) = problem {
                line.insert("problem".to_owned(), problem.to_json(&self.audience));
            }
        }
        self.end = format!("{line}\n");
        self.gathered.extend_from_slice(self.end.as_bytes());
        self.write_out()
    }

    /// What is kept of it for a request that comes again: all of it, or its last line if it is long.
    pub fn kept(&self) -> Result<Answer> {
        let length = self.spool.length();
        let mut body = String::new();
        if length > LONGEST_KEPT {
            body.clone_from(&self.end);
        } else {
            self.spool.reader(0, length).read_to_string(&mut body).map_err(|error| unusable(&error))?;
        }
        let status = actix_web::http::StatusCode::OK.as_u16();
        Ok(Answer { status, location: None, etag: None, content_type: NDJSON.to_owned(), body })
    }

    /// How far it may be sent.
    #[must_use]
    pub const fn progress(&self, ended: bool) -> Progress {
        Progress { committed: self.spool.length(), ended }
    }

    /// The lines as they are sent: each once what it says is committed.
    pub fn follow(&self, progress: watch::Receiver<Progress>) -> impl Stream<Item = io::Result<Bytes>> + use<> {
        unfold((self.spool.clone(), progress, 0), |(spool, mut progress, sent)| async move {
            loop {
                let Progress { committed, ended } = *progress.borrow_and_update();
                if sent < committed {
                    let until = committed.min(sent.saturating_add(PIECE));
                    return Some((piece(spool.reader(sent, until)).await, (spool, progress, until)));
                }
                if ended {
                    return None;
                }
                if progress.changed().await.is_err() {
                    // Whoever worked on it is gone, and the answer must not look whole.
                    return Some((Err(io::Error::other("the import was broken off")), (spool, progress, sent)));
                }
            }
        })
    }
}

/// What a reader has, read on a thread that may wait for the disk.
async fn piece(mut reader: SpoolReader) -> io::Result<Bytes> {
    let read = web::block(move || {
        let mut piece = Vec::new();
        reader.read_to_end(&mut piece).map(|_| piece.into())
    });
    read.await.map_err(io::Error::other)?
}

/// How far the lines of a report may be sent.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Up to which byte what they say is committed.
    committed: u64,
    /// Whether no more come.
    ended: bool,
}
