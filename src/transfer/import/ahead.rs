//! Reads rows on a thread of their own while the writer settles those before them: a few, so that memory holds no more.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::vec::IntoIter;

use super::row::{Parsed, Reader};
use super::rows::Rows;
use crate::domain::{Error, Result};

/// How many rows are handed over together.
const ROWS: usize = 64;
/// After how many bytes there are fewer of them.
const BYTES: u64 = 262_144;
/// How many times so many wait at most.
const BATCHES: usize = 2;

/// Some rows; none at the end.
type Batch = Result<Vec<Parsed>>;

/// The rows that are read.
pub struct Ahead {
    batches: Receiver<Batch>,
    batch: IntoIter<Parsed>,
    ended: bool,
}

impl Ahead {
    /// Begins to read. The thread ends with the rows, or when this is dropped.
    ///
    /// # Errors
    /// If there can be no thread.
    pub fn new(rows: Rows, reader: Arc<Reader>) -> Result<Self> {
        let (sender, batches) = sync_channel(BATCHES);
        thread::Builder::new()
            .name("import".to_owned())
            .spawn(move || read_all(rows, &reader, &sender))
            .map_err(|error| Error::Internal(format!("no thread to read rows: {error}")))?;
        Ok(Self { batches, batch: Vec::new().into_iter(), ended: false })
    }

    /// The next row.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&mut self) -> Result<Option<Parsed>> {
        if self.batch.as_slice().is_empty() && !self.ended {
            let lost = |_| Error::Internal("the thread that reads rows has ended before them".to_owned());
            let batch = self.batches.recv().map_err(lost)??;
            self.ended = batch.is_empty();
            self.batch = batch.into_iter();
        }
        Ok(self.batch.next())
    }
}

fn read_all(mut rows: Rows, reader: &Reader, batches: &SyncSender<Batch>) {
    loop {
        let batch = read_some(&mut rows, reader);
        let last = batch.as_ref().map_or(true, Vec::is_empty);
        if batches.send(batch).is_err() || last {
            return;
        }
    }
}

fn read_some(rows: &mut Rows, reader: &Reader) -> Batch {
    let (mut batch, mut bytes) = (Vec::new(), 0_u64);
    while batch.len() < ROWS && bytes < BYTES {
        let Some(row) = rows.read()? else { break };
        let parsed = reader.parse(&row);
        bytes = bytes.saturating_add(parsed.length);
        batch.push(parsed);
    }
    Ok(batch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources;
    use crate::service::upsert::Extent;
    use crate::transfer::import::{Format, Options};
    use crate::transfer::spool::Spool;

    fn ahead(text: &str) -> Ahead {
        let mut spool = Spool::new().unwrap();
        spool.append(text.as_bytes()).unwrap();
        let collection = resources::by_type("person");
        let options = Options {
            format: Format::Ndjson,
            extent: Extent::Whole,
            collection,
            longest_row: 500_000,
            differences: false,
        };
        let mut rows = Rows::new(&spool, options.format, spool.length(), options.longest_row);
        let reader = Arc::new(Reader::new(&mut rows, options).unwrap());
        Ahead::new(rows, reader).unwrap()
    }

    #[test]
    fn every_row_is_read_once_and_in_order() {
        let long = "x".repeat(300_000);
        let names = |at: u64| if at % 100 == 7 { long.clone() } else { at.to_string() };
        let text: Vec<String> = (1..=1_000).map(|at| format!("{{\"name\":\"{}\"}}", names(at))).collect();
        let mut ahead = ahead(&text.join("\n"));
        for at in 1..=1_000 {
            let row = ahead.read().unwrap().unwrap();
            let name = row.write.ok().map(|write| write.fields["name"].clone());
            assert_eq!((row.place.line, name), (at, Some(names(at).into())));
        }
        assert!(ahead.read().unwrap().is_none());
        assert!(ahead.read().unwrap().is_none());
    }

    #[test]
    fn a_row_that_cannot_be_read_is_one_of_them() {
        let mut ahead = ahead("{\"name\":\"a\"}\n{\n{\"name\":\"b\"}");
        let mut read = || ahead.read().unwrap().map(|row| (row.place.line, row.write.is_ok()));
        assert_eq!([read(), read(), read(), read()], [Some((1, true)), Some((2, false)), Some((3, true)), None]);
    }
}
