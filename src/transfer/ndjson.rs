//! Records as lines, one JSON text each, and a last line by which a reader knows that it has all of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::domain::{Error, Result};

/// The `type` of the last line.
pub const END: &str = "export_end";

/// What has been written so far.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    count: u64,
    digest: Sha256,
}

impl Lines {
    /// The lines of some more records.
    ///
    /// # Errors
    /// `Internal` if a record cannot be written as JSON.
    pub fn of<T: Serialize>(&mut self, records: impl IntoIterator<Item = Result<T>>) -> Result<Vec<u8>> {
        let mut lines = Vec::new();
        for record in records {
            serde_json::to_writer(&mut lines, &record?).map_err(|error| Error::Internal(error.to_string()))?;
            lines.push(b'\n');
            self.count = self.count.saturating_add(1);
        }
        self.digest.update(&lines);
        Ok(lines)
    }

    /// One line that somebody else wrote, with its end.
    pub fn pass(&mut self, line: &[u8]) {
        self.digest.update(line);
        self.count = self.count.saturating_add(1);
    }

    /// How many lines there were.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The last line: how many lines there were, and the digest of all bytes before it, written as in RFC 9530.
    #[must_use]
    pub fn end(self) -> Vec<u8> {
        self.end_with(Map::new())
    }

    /// The last line with more to say.
    #[must_use]
    pub fn end_with(self, more: Map<String, Value>) -> Vec<u8> {
        let digest = digest_field(&self.digest.finalize());
        let end = [("type", END.into()), ("count", self.count.into()), ("digest", digest.into())];
        let end = end.into_iter().map(|(name, value): (&str, Value)| (name.to_owned(), value)).chain(more);
        format!("{}\n", Value::Object(end.collect())).into_bytes()
    }
}

/// A SHA-256 as the digest fields of RFC 9530 have it.
#[must_use]
pub fn digest_field(digest: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest))
}
