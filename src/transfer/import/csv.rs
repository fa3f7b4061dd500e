//! Rows of CSV (RFC 4180): what the columns of the header mean to a record.
//!
//! A column is a field by its name. A link takes columns of its own: `document_id`, or `document_system` and
//! `document_key` for an external key, with `document_type` where it may lead to a record of any type; what else an export
//! tells of the record, such as `document_title`, is left out. Several links are a list in JSON, of numbers in
//! `adopted_by_id`, or of any links in `adopted_by`. `external_system` and `external_key` are the record's own
//! key.
//!
//! A file that begins with a byte order mark comes from a spreadsheet: there the apostrophe that [`crate::transfer::csv`]
//! sets before what might be a formula is taken off again.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::rows::{Cell, Row};
use crate::domain::error::Refusal;
use crate::domain::{Error, Fault, LinkField, Result};
use crate::service::collection::Collection;
use crate::service::fields::Kind;
use crate::service::input::pointer_to;
use crate::service::strict_json;
use crate::transfer::columns::kind_of;
use crate::transfer::csv::restored;

/// What is told of the record behind a link besides what names it.
const TOLD_OF_LINKS: &[&str] = &["title", "url"];

/// The names of the columns.
pub struct Header {
    names: Vec<String>,
    /// Whether the file is one of a spreadsheet, in which an apostrophe stands before what might be a formula.
    neutralized: bool,
}

/// The cells of a row with the names of their columns.
pub struct Cells<'a>(Vec<(&'a str, String)>);

impl Header {
    /// Reads the first row.
    ///
    /// # Errors
    /// `Invalid` if a column has no name or that of another, `Malformed` if it is no CSV.
    pub fn read(row: &Row, neutralized: bool) -> Result<Self> {
        let names: Vec<String> = record_of(row)?.into_iter().map(|name| name.trim().to_owned()).collect();
        if let [name] = names.as_slice()
            && name.contains([';', '\t'])
        {
            let what = "has one column, and no comma: cells stand between commas";
            return Err(Error::field("", Fault::new("inconsistent", what)));
        }
        let mut before = HashSet::new();
        for (at, name) in names.iter().enumerate() {
            if name.is_empty() {
                let what = format!("has no name for column {} of the header", at.saturating_add(1));
                return Err(Error::field("", Fault::new("empty", what)));
            }
            if !before.insert(name) {
                return Err(Error::field(pointer_to(name), Fault::new("inconsistent", "is the name of two columns")));
            }
        }
        Ok(Self { names, neutralized })
    }

    /// The cells of a row.
    ///
    /// # Errors
    /// `Invalid` if they are not as many as the columns, `Malformed` if it is no CSV.
    pub fn cells(&self, row: &Row) -> Result<Cells<'_>> {
        let mut cells = record_of(row)?;
        if cells.len() != self.names.len() {
            let what = format!("has {} cells where the header has {}", cells.len(), self.names.len());
            return Err(Error::field("", Fault::new("inconsistent", what)));
        }
        if self.neutralized {
            cells = cells.iter().map(|cell| restored(cell).to_owned()).collect();
        }
        Ok(Cells(self.names.iter().map(String::as_str).zip(cells).collect()))
    }
}

/// The texts of the one record that a row is.
fn record_of(row: &Row) -> Result<Vec<String>> {
    let malformed = |detail: &str| Error::Malformed(Refusal::new("malformed_csv", detail));
    let bytes = row.bytes.as_deref().unwrap_or_default();
    match bytes.iter().fold(Cell::Begin, |cell, byte| cell.after(*byte)) {
        Cell::Broken => {
            return Err(malformed(
                "The row has a quote within a cell that does not begin with one, or text behind the quote that ends one.",
            ));
        }
        Cell::Quoted => return Err(malformed("The row has a quote that is never closed.")),
        Cell::Begin | Cell::Plain | Cell::Closed => {}
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut records = reader.records();
    let record = records.next().and_then(Result::ok).ok_or_else(|| malformed("The row is not CSV in UTF-8."))?;
    if records.next().is_some() {
        return Err(malformed("The row has an end of line of its own: lines end with LF or CRLF."));
    }
    Ok(record.iter().map(str::to_owned).collect())
}

impl Cells<'_> {
    /// What a cell says; nothing if it is empty or not there.
    fn get(&self, column: &str) -> Option<&str> {
        let cell = self.0.iter().find(|(name, _)| *name == column)?;
        Some(cell.1.as_str()).filter(|text| !text.is_empty())
    }

    /// The type of the record, if the row names it.
    pub fn kind(&self) -> Option<Value> {
        self.get("type").map(Value::from)
    }

    /// The members of the object that the row stands for. An empty cell is null, or absent where a row says the whole
    /// record, so that the field has its default, and where it belongs to rows of other types.
    pub fn object(&self, collection: &'static dyn Collection, nulls: bool) -> Map<String, Value> {
        let mut object = Map::new();
        for (column, text) in &self.0 {
            let (name, value) = match link_column(collection, column) {
                _ if *column == "type" || *column == "external_system" => continue,
                _ if *column == "external_key" => ("external_key", self.own_key()),
                Some((_, part)) if TOLD_OF_LINKS.contains(&part) => continue,
                Some((link, _)) => (link.field, self.link(link)),
                None if collection.link(column).is_some() => (*column, json_of(text)),
                None => (*column, value_of(&kind_of(collection, column), text)),
            };
            let clears = || nulls && collection.fields().any(|field| field == name);
            if !value.is_null() || clears() {
                object.insert(name.to_owned(), value);
            }
        }
        object
    }

    fn own_key(&self) -> Value {
        key_of(self.get("external_system"), self.get("external_key"))
    }

    /// What the columns of a link say together.
    fn link(&self, link: LinkField) -> Value {
        let part = |part: &str| self.get(&format!("{}_{part}", link.field));
        let mut value = match (part("id"), part("system"), part("key")) {
            (None, None, None) => return Value::Null,
            (Some(ids), ..) if link.index.is_some() => return json_of(ids),
            (Some(id), None, None) => json!({ "id": value_of(&Kind::Number, id) }),
            // Which of the two is meant is not for us to say: it is refused where the record is read.
            (Some(id), system, key) => {
                json!({ "id": value_of(&Kind::Number, id), "external_key": key_of(system, key) })
            }
            (_, system, key) => json!({ "external_key": key_of(system, key) }),
        };
        if let (Some(kind), "*", Some(object)) = (part("type"), link.target, value.as_object_mut()) {
            object.insert("type".to_owned(), kind.into());
        }
        value
    }
}

fn key_of(system: Option<&str>, key: Option<&str>) -> Value {
    if system.is_none() && key.is_none() { Value::Null } else { json!({ "system": system, "key": key }) }
}

/// The link that a column belongs to, and which part of it the column is.
fn link_column<'a>(collection: &'static dyn Collection, column: &'a str) -> Option<(LinkField, &'a str)> {
    if collection.fields().any(|field| field == column) {
        return None;
    }
    let (field, part) = column.rsplit_once('_')?;
    let link = collection.link(field)?;
    // Several keys have no column; they stand in that of the field, as JSON.
    let parts: &[&str] = if link.index.is_some() { &["id"] } else { &["id", "type", "system", "key"] };
    (parts.contains(&part) || TOLD_OF_LINKS.contains(&part)).then_some((link, part))
}

/// The value of a cell. What is not of its kind stays a text, to be refused where the record is read.
fn value_of(kind: &Kind, text: &str) -> Value {
    let read = |text: &str| strict_json::parse(text).ok();
    match kind {
        _ if text.is_empty() => Value::Null,
        Kind::Text | Kind::Code(_) | Kind::Day | Kind::Instant => text.into(),
        Kind::Number => read(text).filter(Value::is_number).unwrap_or_else(|| text.into()),
        Kind::Truth => read(&text.to_ascii_lowercase()).filter(Value::is_boolean).unwrap_or_else(|| text.into()),
        Kind::List(_) | Kind::Object(_) => json_of(text),
    }
}

/// The list or the object that a cell says in JSON.
fn json_of(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { strict_json::parse(text).unwrap_or_else(|_| text.into()) }
}
