//! A table in either of its forms.

use serde_json::Value;

use super::columns::Column;
use super::csv::{CsvTable, Dialect};
use super::labels::Labels;
use super::spool::Spool;
use super::xlsx::XlsxTable;
use crate::domain::Result;

/// A table that is being written, record by record, at constant memory.
pub enum Table {
    /// As CSV.
    Csv(Box<CsvTable>),
    /// As a workbook.
    Xlsx(Box<XlsxTable>),
}

impl Table {
    /// A table of CSV with its header.
    ///
    /// # Errors
    /// `Unavailable` if there is no room for it; so have all that follow.
    pub fn csv(columns: Vec<Column>, dialect: Dialect) -> Result<Self> {
        CsvTable::new(columns, dialect).map(|table| Self::Csv(Box::new(table)))
    }

    /// A workbook whose sheet has this name, with its header.
    pub fn xlsx(name: &str, columns: Vec<Column>, labels: Option<Labels>) -> Result<Self> {
        XlsxTable::new(name, columns, labels).map(|table| Self::Xlsx(Box::new(table)))
    }

    /// Adds a record, and says about how many bytes it has.
    pub fn add(&mut self, record: &Value) -> Result<usize> {
        match self {
            Self::Csv(table) => table.add(record),
            Self::Xlsx(table) => table.add(record),
        }
    }

    /// The whole table. It takes its time: a workbook is compressed now.
    pub fn finish(self) -> Result<Spool> {
        match self {
            Self::Csv(table) => Spool::of(table.finish()?),
            Self::Xlsx(table) => Spool::of(table.finish()?),
        }
    }
}
