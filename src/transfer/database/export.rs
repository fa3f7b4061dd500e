//! The whole database, written line by line as it is at one moment, whoever writes to it meanwhile.

use std::io::Write;

use anyhow::{Context, Result, bail};

use super::format::{FORMAT, Header, Line, VERSION};
use super::{Counts, Progress};
use crate::changes::{store, verify};
use crate::db::{Conn, Scope, lanes, migrate};
use crate::keys;
use crate::transfer::ndjson;

/// Writes the whole database, and proves the chain of its log as it goes. Memory holds one page of it.
///
/// # Errors
/// If the chain is broken, something cannot be read, or `out` cannot be written to.
pub fn export(conn: &mut Conn, out: &mut impl Write, told: &mut dyn FnMut(Progress)) -> Result<Counts> {
    conn.take_all_the_time_it_needs()?;
    lanes::snapshot(conn, |conn| {
        let mut export = Export { out, lines: ndjson::Lines::default(), total: 0, told };
        let header = header(conn)?;
        export.total = header.changes.saturating_add(header.external_keys);
        export.write([Line::Database(header.clone())])?;
        export.changes(conn, &header)?;
        export.keys(conn)?;
        let Export { out, lines, .. } = export;
        out.write_all(&lines.end()).and_then(|()| out.flush()).context(UNWRITTEN)?;
        Ok(Counts { changes: header.changes, records: 0, keys: header.external_keys, last_hash: header.last_hash })
    })
}

const UNWRITTEN: &str = "cannot write";

fn header(conn: &mut Conn) -> Result<Header> {
    let (changes, last_hash) = store::last(conn)?;
    Ok(Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        schema: migrate::schema()?,
        changes: u64::try_from(changes)?,
        external_keys: u64::try_from(keys::store::count(conn)?)?,
        last_hash,
    })
}

struct Export<'a, O> {
    out: &'a mut O,
    lines: ndjson::Lines,
    total: u64,
    told: &'a mut dyn FnMut(Progress),
}

impl<O: Write> Export<'_, O> {
    fn write(&mut self, lines: impl IntoIterator<Item = Line>) -> Result<()> {
        let bytes = self.lines.of(lines.into_iter().map(Ok))?;
        self.out.write_all(&bytes).context(UNWRITTEN)?;
        (self.told)(Progress::Lines(self.lines.count().saturating_sub(1), self.total));
        Ok(())
    }

    fn changes(&mut self, conn: &mut Conn, header: &Header) -> Result<()> {
        let mut proof = verify::Proof::begin();
        loop {
            let page = store::after(conn, Scope::All, proof.rows, None, verify::PAGE)?;
            if page.is_empty() {
                break;
            }
            for change in &page {
                proof.extend(change)?;
            }
            self.write(page.into_iter().map(Line::Change))?;
        }
        if proof.last_hash != header.last_hash {
            bail!("the log is not what it was when the export began");
        }
        Ok(())
    }

    fn keys(&mut self, conn: &mut Conn) -> Result<()> {
        let mut last = None;
        loop {
            let page = keys::store::after(conn, last.as_ref(), verify::PAGE)?;
            if page.is_empty() {
                return Ok(());
            }
            last = page.last().cloned();
            self.write(page.into_iter().map(Line::ExternalKey))?;
        }
    }
}
