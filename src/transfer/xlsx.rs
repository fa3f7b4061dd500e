//! Tables as workbooks of Excel: typed cells below a header that stays in sight.
//!
//! Rows go to disk as they come, so that memory does not grow with them. What looks like a formula or an address is text.
//! Excel has no cell of more than 32,767 UTF-16 code units; a longer text is cut, and ends with `[…]`. It keeps instants
//! to the millisecond, here in UTC.

use std::borrow::Cow;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::columns::{Column, readable};
use super::labels::Labels;
use super::spool;
use crate::domain::{Date, Error, Instant, Result};
use crate::service::fields::Kind;

/// How many records a sheet has room for, below its header.
const ROWS: u32 = 1_048_575;
/// How many UTF-16 code units a cell has room for.
const LONGEST: usize = 32_767;
/// What ends a text that was cut.
const CUT: &str = " […]";

/// A workbook that is being written.
pub struct XlsxTable {
    name: String,
    columns: Vec<Column>,
    labels: Option<Labels>,
    formats: Formats,
    workbook: Workbook,
    /// How many sheets there are.
    sheets: usize,
    /// How many records the last sheet has.
    rows: u32,
    /// How many it has room for.
    room: u32,
}

struct Formats {
    heading: Format,
    day: Format,
    instant: Format,
}

impl XlsxTable {
    /// A workbook whose first sheet has this name, with its header.
    ///
    /// # Errors
    /// `Unavailable` if there is no room for it; so have all that follow.
    pub fn new(name: &str, columns: Vec<Column>, labels: Option<Labels>) -> Result<Self> {
        Self::with_room(name, columns, labels, ROWS)
    }

    fn with_room(name: &str, columns: Vec<Column>, labels: Option<Labels>, room: u32) -> Result<Self> {
        let formats = Formats {
            heading: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        };
        let (name, workbook) = (name.to_owned(), Workbook::new());
        let mut table = Self { name, columns, labels, formats, workbook, sheets: 0, rows: 0, room };
        table.begin_sheet().map_err(failed)?;
        Ok(table)
    }

    /// Adds a record, and says about how many bytes it has.
    pub fn add(&mut self, record: &Value) -> Result<usize> {
        guarded(spool::require_room, || self.add_row(record))
    }

    /// The file, once all records are in it.
    pub fn finish(mut self) -> Result<File> {
        let file = spool::file()?;
        guarded(spool::require_room, || {
            self.end_sheet()?;
            self.workbook.save_to_writer(&file)
        })?;
        Ok(file)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        self.sheets = self.sheets.saturating_add(1);
        self.rows = 0;
        let name = if self.sheets > 1 { format!("{} {}", self.name, self.sheets) } else { self.name.clone() };
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        // On paper: A4 across, with the header on each page.
        sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;
        for (at, column) in (0_u16..).zip(&self.columns) {
            let heading = column.heading(self.labels.as_ref());
            sheet.set_column_width(at, width(column, &heading))?;
            sheet.write_string_with_format(0, at, heading, &self.formats.heading)?;
        }
        Ok(())
    }

    /// Lets the last sheet be filtered by its columns, now that its length is known.
    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let rows = self.rows;
        self.last_sheet()?.autofilter(0, 0, rows, last)?;
        Ok(())
    }

    fn last_sheet(&mut self) -> Result<&mut Worksheet, XlsxError> {
        self.workbook.worksheet_from_index(self.sheets.saturating_sub(1))
    }

    fn add_row(&mut self, record: &Value) -> Result<usize, XlsxError> {
        if self.rows >= self.room {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.rows = self.rows.saturating_add(1);
        let sheet = self.workbook.worksheet_from_index(self.sheets.saturating_sub(1))?;
        let mut bytes: usize = 0;
        for (at, column) in (0_u16..).zip(&self.columns) {
            match Cell::of(column, &column.value(record), self.labels.as_ref()) {
                Cell::Nothing => continue,
                Cell::Number(number) => sheet.write_number(self.rows, at, number)?,
                Cell::Truth(truth) => sheet.write_boolean(self.rows, at, truth)?,
                Cell::Day(day) => sheet.write_datetime_with_format(self.rows, at, day, &self.formats.day)?,
                Cell::Instant(instant) => {
                    sheet.write_datetime_with_format(self.rows, at, instant, &self.formats.instant)?
                }
                Cell::Text(text) => {
                    bytes = bytes.saturating_add(text.len());
                    sheet.write_string(self.rows, at, cut(&text))?
                }
            };
        }
        Ok(bytes)
    }
}

/// What stands in a cell.
enum Cell {
    Nothing,
    Number(f64),
    Truth(bool),
    Day(NaiveDate),
    Instant(NaiveDateTime),
    Text(String),
}

impl Cell {
    /// A value with its type; what has none of its own is text.
    fn of(column: &Column, value: &Value, labels: Option<&Labels>) -> Self {
        let typed = match (&column.kind, value) {
            (_, Value::Null) => Some(Self::Nothing),
            (Kind::Truth, Value::Bool(truth)) => Some(Self::Truth(*truth)),
            (Kind::Number, Value::Number(number)) => number.as_f64().map(Self::Number),
            (Kind::Day, Value::String(text)) => text.parse::<Date>().ok().map(|date| Self::Day(date.day())),
            (Kind::Instant, Value::String(text)) => instant(text).map(Self::Instant),
            _ => None,
        };
        typed.unwrap_or_else(|| Self::Text(readable(value, &column.kind, labels)))
    }
}

fn instant(text: &str) -> Option<NaiveDateTime> {
    let instant = text.parse::<Instant>().ok()?;
    Some(DateTime::<Utc>::from_timestamp_micros(instant.microseconds())?.naive_utc())
}

/// How wide a column is, in characters: enough for its heading and for most of what it holds.
fn width(column: &Column, heading: &str) -> f64 {
    let least = match &column.kind {
        Kind::Number | Kind::Truth => 10,
        Kind::Day => 12,
        Kind::Instant => 20,
        Kind::Code(_) => 24,
        Kind::Text | Kind::List(_) | Kind::Object(_) => 36,
    };
    // The button of the filter stands over the end of the heading.
    let heading = u8::try_from(heading.chars().count().saturating_add(4)).unwrap_or(u8::MAX);
    f64::from(heading.min(40).max(least))
}

/// A text that a cell has room for.
fn cut(text: &str) -> Cow<'_, str> {
    let length = |text: &str| text.encode_utf16().count();
    if text.len() <= LONGEST || length(text) <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut room = LONGEST.saturating_sub(length(CUT));
    let fits = |character: &char| room.checked_sub(character.len_utf16()).map(|rest| room = rest).is_some();
    let kept: String = text.chars().take_while(fits).collect();
    Cow::Owned(kept + CUT)
}

/// Writes to a workbook. Its rows go to temporary files, and the library panics where it cannot write to one, which is an
/// outage like any other: `room` says whether the disk is full, as long as the workbook is there and keeps it so.
fn guarded<T>(room: impl FnOnce() -> Result<()>, write: impl FnOnce() -> Result<T, XlsxError>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(written) => written.map_err(failed),
        Err(_) => Err(room().err().unwrap_or_else(|| Error::Internal("a workbook: a panic of its writer".to_owned()))),
    }
}

fn failed(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) => spool::unusable(&error),
        other => Error::Internal(format!("a workbook: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use calamine::{Data, Reader, Xlsx};
    use serde_json::json;

    use super::*;
    use crate::domain::error::Outage;
    use crate::people::person::People;
    use crate::service::collection::Of;
    use crate::transfer::columns;

    #[test]
    fn what_one_sheet_has_no_room_for_goes_on_on_the_next() {
        let columns = columns::only(columns::of(&Of::<People>::NEW), &["name".to_owned()]).unwrap();
        let mut table = XlsxTable::with_room("people", columns, None, 2).unwrap();
        for id in 1..=5 {
            table.add(&json!({ "id": id, "type": "person", "name": format!("Người {id}") })).unwrap();
        }
        let mut workbook = Xlsx::new(BufReader::new(table.finish().unwrap())).unwrap();
        assert_eq!(workbook.sheet_names(), ["people", "people 2", "people 3"]);
        let mut found = Vec::new();
        for name in workbook.sheet_names() {
            let sheet = workbook.worksheet_range(&name).unwrap();
            assert_eq!(sheet.get((0, 3)), Some(&Data::String("name".to_owned())), "each sheet has the header");
            found.extend(sheet.rows().skip(1).map(|row| row[0].to_string()));
        }
        assert_eq!(found, ["1", "2", "3", "4", "5"]);
    }

    #[test]
    fn a_row_for_which_the_disk_has_no_room_is_an_outage() {
        let full = || Err(Error::Unavailable(Outage::StorageFull));
        let panics = || -> Result<(), XlsxError> { panic!("Couldn't write to xml file") };
        assert!(matches!(guarded(full, panics), Err(Error::Unavailable(Outage::StorageFull))));
        assert!(
            matches!(guarded(|| Ok(()), panics), Err(Error::Internal(_))),
            "there is room, so it is something else"
        );
        assert!(matches!(guarded(full, || Ok(5)), Ok(5)), "nobody asks as long as all is well");
    }

    #[test]
    fn a_text_that_no_cell_has_room_for_is_cut() {
        assert_eq!(cut(&"ư".repeat(LONGEST)), "ư".repeat(LONGEST));
        let text = cut(&"ư".repeat(LONGEST + 1)).into_owned();
        assert_eq!((text.encode_utf16().count(), text.ends_with("ư […]")), (LONGEST, true));
        // Each of these takes two units, so that one unit stays free.
        let text = cut(&"𠀀".repeat(LONGEST)).into_owned();
        assert_eq!((text.encode_utf16().count(), text.ends_with("𠀀 […]")), (LONGEST - 1, true));
    }
}
