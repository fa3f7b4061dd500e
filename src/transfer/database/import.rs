//! The whole database, read line by line into one that is empty: all of it, or nothing.
//!
//! The log and the keys are written as they come, while chain and digest are proven. Then the tables of records are built
//! from the log, in the order of [`resources::ALL`]; what a record points at may be built after it, so that foreign keys
//! are held against it at the end. All of this is one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use anyhow::{Result, anyhow, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::format::{Header, Line};
use super::lines::Lines;
use super::{Counts, Progress};
use crate::changes::verify::{PAGE, Proof};
use crate::changes::{self, Change, earlier_keys, records, store};
use crate::db::{Conn, lanes, references};
use crate::domain::{Error, Id};
use crate::keys::store::{self as keys, KeyRow};
use crate::resources;
use crate::service::collection::Collection;

/// A file of which the first line has been read, so that one which cannot be imported is refused before a database is made.
pub struct Import<I> {
    lines: Lines<I>,
    header: Header,
}

impl<I: BufRead> Import<I> {
    /// Reads the first line.
    ///
    /// # Errors
    /// If it is not that of an exported database with the schema of this program.
    pub fn begin(input: I) -> Result<Self> {
        let mut lines = Lines::new(input);
        let line = lines.read()?.to_vec();
        let header = lines.at_line(Header::read(&line))?;
        Ok(Self { lines, header })
    }

    /// Reads all other lines into a database whose schema is up to date and in which nothing was ever written.
    ///
    /// # Errors
    /// If it is not empty, or a line is not what it has to be; then nothing is written.
    pub fn into_database(self, conn: &mut Conn, told: &mut dyn FnMut(Progress)) -> Result<Counts> {
        conn.take_all_the_time_it_needs()?;
        lanes::alone(conn, |conn| {
            if store::last(conn)?.0 != 0 || keys::count(conn)? != 0 {
                bail!("it is not empty: import into a new one");
            }
            references::defer(conn)?;
            let Self { mut lines, header } = self;
            read_changes(conn, &mut lines, &header, told)?;
            read_keys(conn, &mut lines, &header, told)?;
            lines.end()?;
            require_logged_keys(conn)?;
            let records = build(conn, told)?;
            references::settle(conn)?;
            Ok(Counts { changes: header.changes, records, keys: header.external_keys, last_hash: header.last_hash })
        })
    }
}

/// The line of a row of the log: the first line is the header.
const fn line_of(change: &Change) -> i64 {
    change.sequence.saturating_add(1)
}

fn read_changes<I: BufRead>(
    conn: &mut Conn,
    lines: &mut Lines<I>,
    header: &Header,
    told: &mut dyn FnMut(Progress),
) -> Result<()> {
    let total = header.changes.saturating_add(header.external_keys);
    let mut proof = Proof::begin();
    for number in 1..=header.changes {
        let line = Line::read(lines.read()?);
        let Line::Change(change) = lines.at_line(line)? else {
            let what =
                anyhow!("is no change; the first line promises {}, and there are {}", header.changes, number - 1);
            return lines.at_line(Err(what));
        };
        lines.at_line(acceptable(&mut proof, &change))?;
        lines.at_line(store::append(conn, &change).map_err(plain))?;
        if number % PAGE.unsigned_abs() == 0 {
            told(Progress::Lines(number, total));
        }
    }
    if proof.last_hash != header.last_hash {
        bail!("line 1: says that the last hash is {}, and it is {}", header.last_hash, proof.last_hash);
    }
    Ok(())
}

/// Holds a row of the log against the row before and against itself.
fn acceptable(proof: &mut Proof, change: &Change) -> Result<()> {
    /// What names the record in its own text.
    #[derive(Deserialize)]
    struct Named {
        id: Id,
        version: i64,
    }
    proof.extend(change)?;
    if change.resource != earlier_keys::KIND && resources::by_type(&change.resource).is_none() {
        bail!("there are no records of the type {:?}", change.resource);
    }
    let named: Named = serde_json::from_str(&change.after).map_err(|_| anyhow!("after is no record"))?;
    if (named.id, named.version) != (change.record_id, change.version) {
        bail!("after is another record, or another version of it");
    }
    Ok(())
}

fn read_keys<I: BufRead>(
    conn: &mut Conn,
    lines: &mut Lines<I>,
    header: &Header,
    told: &mut dyn FnMut(Progress),
) -> Result<()> {
    let total = header.changes.saturating_add(header.external_keys);
    let mut page: Vec<KeyRow> = Vec::new();
    let mut last = None;
    for number in 1..=header.external_keys {
        let read = read_key(lines, header, number, last.as_ref());
        if read.is_err() || number % PAGE.unsigned_abs() == 0 {
            // What is wrong with an earlier line is told first.
            keep_keys(conn, lines.number(), &page)?;
            page.clear();
            told(Progress::Lines(header.changes.saturating_add(number), total));
        }
        let row = read?;
        last = Some(row.clone());
        page.push(row);
    }
    keep_keys(conn, lines.number().saturating_add(1), &page)
}

fn read_key<I: BufRead>(lines: &mut Lines<I>, header: &Header, number: u64, last: Option<&KeyRow>) -> Result<KeyRow> {
    let line = Line::read(lines.read()?);
    let Line::ExternalKey(row) = lines.at_line(line)? else {
        let (promised, found) = (header.external_keys, number - 1);
        let what = anyhow!("is no external key; the first line promises {promised}, and there are {found}");
        return lines.at_line(Err(what));
    };
    if last.is_some_and(|last| last.place() >= row.place()) {
        return lines.at_line(Err(anyhow!("does not stand in the order of external keys, or stands there twice")));
    }
    Ok(row)
}

/// Writes the keys of the lines before `next`, each of which must name a record of the log.
fn keep_keys(conn: &mut Conn, next: u64, page: &[KeyRow]) -> Result<()> {
    let nameless = changes::keys::nameless(conn, page)?.first().copied();
    let first = next.saturating_sub(u64::try_from(page.len())?);
    for (line, (at, row)) in (first..).zip(page.iter().enumerate()) {
        if nameless == Some(at) {
            bail!("line {line}: names {} {}, which the log does not have", row.resource, row.record_id);
        }
        keys::put_back(conn, row).map_err(|error| anyhow!("line {line}: {:#}", plain(error)))?;
    }
    Ok(())
}

/// Refuses keys that are not those of the log.
fn require_logged_keys(conn: &mut Conn) -> Result<()> {
    let mut wrong = None;
    changes::keys::compare(conn, &mut |finding| {
        wrong.get_or_insert(finding);
    })?;
    wrong.map_or(Ok(()), |finding| Err(anyhow!(finding)))
}

/// Builds the tables of records from the log, and says how many records there are.
fn build(conn: &mut Conn, told: &mut dyn FnMut(Progress)) -> Result<u64> {
    let mut records = 0_u64;
    for collection in resources::ALL.iter().copied() {
        records::each_page(conn, collection, |conn, page| {
            build_page(conn, collection, page)?;
            records = records.saturating_add(u64::try_from(page.len())?);
            told(Progress::Records(records));
            anyhow::Ok(())
        })?;
    }
    Ok(records)
}

fn build_page(conn: &mut Conn, collection: &'static dyn Collection, page: &[Change]) -> Result<()> {
    require_targets(conn, collection, page)?;
    if let Some([_, twice]) = page.windows(2).find(|pair| same_record(pair)) {
        let Change { version, resource, record_id, .. } = twice;
        bail!("line {}: version {version} of {resource} {record_id} stands there twice", line_of(twice));
    }
    for change in page {
        let built = collection.put_back(conn, change).map_err(plain);
        built.map_err(|error| anyhow!("line {}: {error:#}", line_of(change)))?;
    }
    Ok(())
}

fn same_record(pair: &[Change]) -> bool {
    matches!(pair, [one, other] if one.record_id == other.record_id)
}

/// Refuses a record that points at one that the log does not have, by one query for each type pointed at.
fn require_targets(conn: &mut Conn, collection: &'static dyn Collection, page: &[Change]) -> Result<()> {
    let mut targets: BTreeMap<String, BTreeMap<Id, (i64, String)>> = BTreeMap::new();
    for change in page {
        let record: Map<String, Value> = serde_json::from_str(&change.after).unwrap_or_default();
        for (field, value) in &record {
            for (kind, id) in links_in(collection, field, value) {
                targets.entry(kind).or_default().entry(id).or_insert_with(|| (line_of(change), field.clone()));
            }
        }
    }
    for (kind, wanted) in targets {
        let ids: Vec<Id> = wanted.keys().copied().collect();
        let there = store::logged(conn, &kind, &ids)?;
        let missing: BTreeSet<_> =
            wanted.iter().filter(|(id, _)| !there.contains(id)).map(|(id, at)| (at, id)).collect();
        if let Some(((line, field), id)) = missing.first() {
            bail!("line {line}: {field} points at {kind} {id}, which the log does not have");
        }
    }
    Ok(())
}

/// The records that a field of a record points at, each with its type.
fn links_in(collection: &'static dyn Collection, field: &str, value: &Value) -> Vec<(String, Id)> {
    let Some(link) = collection.link(field) else { return Vec::new() };
    let one = |value: &Value| match value {
        Value::Object(typed) => Some((typed.get("type")?.as_str()?.to_owned(), typed.get("id")?.as_i64()?)),
        value => Some((link.target.to_owned(), value.as_i64()?)),
    };
    match value {
        Value::Array(several) => several.iter().filter_map(one).collect(),
        value => one(value).into_iter().collect(),
    }
}

/// An error of the database in the words of a command line.
fn plain(error: Error) -> anyhow::Error {
    match error {
        Error::Internal(text) => anyhow!("cannot be kept: {}", text.lines().next().unwrap_or_default()),
        other => anyhow!(other),
    }
}
