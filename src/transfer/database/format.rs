//! What the lines are, each a JSON object with its `type`:
//!
//! 1. `database`: the [`Header`].
//! 2. `change`: a row of the log with every column, in the order of the log. `after` is the text that was hashed.
//! 3. `external_key`: a row of that table, in the order of type, system and key.
//! 4. `export_end`: how many lines stand before it, and their digest, as at the end of a list in NDJSON.
//!
//! Nothing in it tells when, where or from which database it was made. Left out are what follows from the log (the
//! tables of records, and those that find records by one of several links) and the answers kept under idempotency keys,
//! which are good for a day and for the server that gave them.

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::changes::Change;
use crate::db::migrate;
use crate::domain::Fault;
use crate::keys::store::KeyRow;

/// The name of the format.
pub const FORMAT: &str = "directive-tracker";

/// The version of the format. A later one that older programs cannot read has another number.
pub const VERSION: u64 = 1;

/// The longest line that is read. A record has at most a few hundred kilobytes.
pub const LONGEST: u64 = 64 << 20;

/// What the first line says of all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u64,
    /// The last migration of the database that it was made from.
    pub schema: String,
    /// How many rows of the log follow.
    pub changes: u64,
    /// How many external keys follow.
    pub external_keys: u64,
    /// The hash of the last row of the log.
    pub last_hash: String,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Line {
    /// The first.
    Database(Header),
    /// A row of the log.
    Change(Change),
    /// An external key.
    ExternalKey(KeyRow),
    /// The last, read where another is wanted. It is written, and held against those before it, by
    /// [`ndjson`](mod@crate::transfer::ndjson).
    ExportEnd(End),
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// How many lines stand before it.
    pub count: u64,
}

impl Line {
    /// Reads a line.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn read(line: &[u8]) -> Result<Self> {
        serde_json::from_slice(line).map_err(|error| {
            let text = error.to_string();
            // Where in its one line serde_json found it would be taken for a line of the file.
            let said = text.split(" at line ").next().unwrap_or_default();
            let fault = Fault::decoded(&text).map_or_else(|| said.to_owned(), |fault| format!("a value {fault}"));
            anyhow::anyhow!("is no line of such a file: {fault}")
        })
    }
}

impl Header {
    /// Reads the first line. Who has made it is looked at before the rest of it, which may be of another time.
    ///
    /// # Errors
    /// If it is not of this format, or of a version or a schema that this program does not have.
    pub fn read(line: &[u8]) -> Result<Self> {
        let value: Value = serde_json::from_slice(line).unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        if (text("type"), text("format")) != ("database", FORMAT) {
            bail!("is not the first line of an exported database");
        }
        match value.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(version) => bail!("is of version {version} of the format; this program reads version {VERSION}"),
            None => bail!("has no version"),
        }
        let (schema, own) = (text("schema"), migrate::schema()?);
        if schema > own.as_str() {
            bail!("is of a newer program, with the schema {schema}: import it with that; this one has {own}");
        }
        if schema < own.as_str() {
            bail!(
                "is of an older program, with the schema {schema}: import it with that, and then bring the database to {own} with `migrate` of this one"
            );
        }
        match Line::read(line)? {
            Line::Database(header) => Ok(header),
            Line::Change(_) | Line::ExternalKey(_) | Line::ExportEnd(_) => {
                bail!("is not the first line of an exported database")
            }
        }
    }
}
