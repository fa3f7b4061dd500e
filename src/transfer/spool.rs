//! What is received is kept in a file until it is read, and what is answered until it is sent, so that neither takes
//! memory; of what is whole before it is sent, length and digest are known. The files have no name and go with the process.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::domain::error::Outage;
use crate::domain::{Error, Result};

/// A new file, which goes when it is closed.
///
/// # Errors
/// `Unavailable` if there is no room, `Internal` if it cannot be made.
pub fn file() -> Result<File> {
    tempfile::tempfile().map_err(|error| unusable(&error))
}

/// Makes sure that a file can still grow.
///
/// # Errors
/// As [`file()`].
pub fn require_room() -> Result<()> {
    file()?.write_all_at(&vec![0; 65_536], 0).map_err(|error| unusable(&error))
}

/// A file that grows at its end. A clone goes on where this one is, over what the other adds.
#[derive(Debug, Clone)]
pub struct Spool {
    file: Arc<File>,
    length: u64,
}

/// What reads a spool from some place on. It knows nothing of what comes to stand behind its end.
#[derive(Debug)]
pub struct SpoolReader {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Spool {
    /// An empty file.
    ///
    /// # Errors
    /// `Unavailable` if there is no room, `Internal` if it cannot be made; so have all that follow.
    pub fn new() -> Result<Self> {
        Ok(Self { file: Arc::new(file()?), length: 0 })
    }

    /// A file that somebody else has written.
    pub fn of(file: File) -> Result<Self> {
        let length = file.metadata().map_err(|error| unusable(&error))?.len();
        Ok(Self { file: Arc::new(file), length })
    }

    /// How many bytes it has.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes at the end.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all_at(bytes, self.length).map_err(|error| unusable(&error))?;
        self.length = self.length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    /// Another hand on the same file, which reads it from `at` to `end`.
    #[must_use]
    pub fn reader(&self, at: u64, end: u64) -> SpoolReader {
        SpoolReader { file: Arc::clone(&self.file), at, end }
    }

    /// The SHA-256 of the first `length` bytes.
    pub fn digest(&self, length: u64) -> Result<[u8; 32]> {
        let mut hasher = Sha256::new();
        let mut reader = self.reader(0, length);
        let mut buffer = vec![0; 65_536];
        loop {
            match reader.read(&mut buffer).map_err(|error| unusable(&error))? {
                0 => return Ok(hasher.finalize().into()),
                read => hasher.update(buffer.get(..read).unwrap_or_default()),
            }
        }
    }
}

impl SpoolReader {
    /// The next bytes, some 64 KiB; none at the end.
    pub fn chunk(&mut self) -> Result<Vec<u8>> {
        let mut chunk = vec![0; 65_536];
        let read = self.read(&mut chunk).map_err(|error| unusable(&error))?;
        chunk.truncate(read);
        Ok(chunk)
    }
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let read = self.file.read_at(buffer.get_mut(..wanted).unwrap_or_default(), self.at)?;
        self.at = self.at.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

/// What an error of such a file means.
#[must_use]
pub fn unusable(error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            log::error!("a temporary file: {error}");
            Error::Unavailable(Outage::StorageFull)
        }
        _ => Error::Internal(format!("a temporary file: {error}")),
    }
}
