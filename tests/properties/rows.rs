//! Rows of an import: any bytes are rows or refused, and what was written as CSV is read as it was.

use std::sync::Arc;

use directive_tracker::resources;
use directive_tracker::service::upsert::Extent;
use directive_tracker::transfer::import::ahead::Ahead;
use directive_tracker::transfer::import::csv::Header;
use directive_tracker::transfer::import::row::Reader;
use directive_tracker::transfer::import::rows::{Row, Rows};
use directive_tracker::transfer::import::trailer;
use directive_tracker::transfer::import::{Format, Options};
use directive_tracker::transfer::spool::Spool;
use proptest::prelude::*;

use crate::cases;

fn spooled(bytes: &[u8]) -> Spool {
    let mut spool = Spool::new().unwrap();
    spool.append(bytes).unwrap();
    spool
}

fn rows_of(bytes: &[u8], format: Format, longest: usize) -> Vec<Row> {
    let spool = spooled(bytes);
    let mut rows = Rows::new(&spool, format, bytes.len().try_into().unwrap(), longest);
    let read: Vec<Row> = std::iter::from_fn(|| rows.read().unwrap()).collect();
    let earlier = rows.earlier(spool);
    for row in &read {
        assert_eq!(earlier.read(row.place).unwrap(), *row, "a row that waits is read as it was");
    }
    read
}

/// Any bytes, and those that are nearly rows.
fn files() -> impl Strategy<Value = Vec<u8>> {
    let lines = r#"([\r\n",;=a-z0-9é{}\[\]:]|type|person|external_key|"name":"|\{"type":"person",){0,60}"#;
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), lines.prop_map(String::into_bytes)]
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_file_is_rows_or_refused(bytes in files(), longest in 1_usize..80) {
        for format in [Format::Ndjson, Format::Csv] {
            let read = rows_of(&bytes, format, longest);
            prop_assert!(read.iter().all(|row| row.bytes.as_ref().is_none_or(|bytes| bytes.len() <= longest)));
            let spool = spooled(&bytes);
            let _ = trailer::find(&spool);
            for collection in [None, resources::by_type("person")] {
                let options = Options { format, extent: Extent::Whole, collection, longest_row: longest, differences: false };
                let mut rows = Rows::new(&spool, format, bytes.len().try_into().unwrap(), longest);
                let Ok(reader) = Reader::new(&mut rows, options) else { continue };
                let mut one_by_one = Rows::new(&spool, format, bytes.len().try_into().unwrap(), longest);
                if format == Format::Csv {
                    one_by_one.read().unwrap();
                }
                let mut ahead = Ahead::new(rows, Arc::new(reader)).unwrap();
                while let Some(row) = ahead.read().unwrap() {
                    prop_assert_eq!(one_by_one.read().unwrap().map(|row| row.place), Some(row.place));
                }
                prop_assert_eq!(one_by_one.read().unwrap(), None);
            }
        }
    }

    #[test]
    fn a_table_is_read_as_it_was_written(cells in prop::collection::vec("[\\PC\r\n\"]{1,20}", 1..5), crlf: bool) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
        let names: Vec<String> = (1..cells.len()).map(|at| format!("column{at}")).chain(["type".to_owned()]).collect();
        writer.write_record(&names).unwrap();
        writer.write_record(&cells).unwrap();
        let read = rows_of(&writer.into_inner().unwrap(), Format::Csv, 10_000);
        prop_assert_eq!(read.len(), 2);
        let header = Header::read(&read[0], false).ok().unwrap();
        let kind = header.cells(&read[1]).ok().unwrap().kind();
        prop_assert_eq!(kind.as_ref().and_then(serde_json::Value::as_str), cells.last().map(String::as_str));
    }
}
