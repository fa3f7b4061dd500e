//! Who has a SQLite database open, so that nobody replaces it under them and no two serve it.
//!
//! Every command that opens the file holds `FILE-lock` together with all others; `restore` and `import` hold it alone.
//! `serve` also holds `FILE-serve`, alone. The locks are those of the operating system, which go with the process however
//! it ends. The files are empty and stay: to remove one would let two hold the lock of the same name.
//!
//! PostgreSQL needs none of this: its servers know who is connected, and several processes may serve one database.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, Result};

use super::Location;
use super::whole_file::{real_path, with_suffix};

/// What a process does with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It uses it beside others.
    Use,
    /// It serves it, beside others that do not.
    Serve,
    /// It replaces it, or fills it, while nobody else has it open.
    Replace,
}

/// Another process has the database.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Held(String);

/// The locks of one process, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _files: Vec<File>,
}

impl Lock {
    /// Takes the locks, without waiting.
    ///
    /// # Errors
    /// If somebody holds one of them, or the file of a lock cannot be made.
    pub fn take(location: &Location, hold: Hold) -> Result<Self> {
        let Some(file) = location.file() else { return Ok(Self { _files: Vec::new() }) };
        let file = real_path(file).with_context(|| format!("cannot open {location}"))?;
        let everybody = opened(&with_suffix(&file, "-lock"))?;
        let alone = hold == Hold::Replace;
        let locked = if alone { everybody.try_lock() } else { everybody.try_lock_shared() };
        let taken = if alone {
            "is in use: stop the server, and whatever else of this program works on it, first"
        } else {
            "is being restored or imported"
        };
        free(locked, &everybody, location, taken)?;
        let mut files = vec![everybody];
        if hold == Hold::Serve {
            let serve = opened(&with_suffix(&file, "-serve"))?;
            free(serve.try_lock(), &serve, location, "is served by another process already")?;
            files.push(serve);
        }
        Ok(Self { _files: files })
    }

    /// The same as [`Lock::take`] of a user, for one who may not make a file: where nobody has made the lock yet, nobody
    /// holds it.
    ///
    /// # Errors
    /// If the database is being replaced.
    pub fn respect(location: &Location) -> Result<Self> {
        let path = location.file().and_then(|file| real_path(file).ok()).map(|file| with_suffix(&file, "-lock"));
        if path.is_none_or(|path| !path.exists()) {
            return Ok(Self { _files: Vec::new() });
        }
        Self::take(location, Hold::Use)
    }
}

fn free(locked: Result<(), TryLockError>, file: &File, location: &Location, taken: &str) -> Result<()> {
    match locked {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Held(format!("{location} {taken}{}", by_whom(file))).into()),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {location}")),
    }
}

/// Who holds the lock of a file, in brackets; nothing where the kernel does not say, as only Linux does, and not of a process
/// in another container.
fn by_whom(file: &File) -> String {
    let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
    let of = file.metadata().map(|about| name_in_locks(&about)).unwrap_or_default();
    let holders: Vec<&str> = locks.lines().filter_map(|line| holder(line, &of)).collect();
    match holders.as_slice() {
        [] => String::new(),
        [one] => format!(" (process {one})"),
        several => format!(" (processes {})", several.join(", ")),
    }
}

/// The number of the process in a line such as `3: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF`, if it is about this file.
/// One that waits has an arrow before its kind.
fn holder<'a>(line: &'a str, file: &str) -> Option<&'a str> {
    let mut words = line.split_whitespace().skip(1);
    let (kind, process) = (words.next()?, words.nth(2)?);
    let known = process.parse::<u32>().is_ok_and(|number| number > 0);
    (kind == "FLOCK" && known && words.next() == Some(file)).then_some(process)
}

/// What a file is called in `/proc/locks`: the two numbers of its device, and its own.
fn name_in_locks(about: &Metadata) -> String {
    let device = about.dev();
    let major = (device >> 8 & 0xfff) | (device >> 32 & !0xfff);
    let minor = (device & 0xff) | (device >> 12 & !0xff);
    format!("{major:02x}:{minor:02x}:{}", about.ino())
}

/// The file of a lock, made where it is missing. One that another user made need only be readable.
fn opened(path: &Path) -> Result<File> {
    let opened = File::open(path).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => OpenOptions::new().read(true).append(true).create(true).open(path),
        _ => Err(error),
    });
    opened.with_context(|| format!("cannot open {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of it, without who holds it, which is this process.
    fn said(taken: Result<Lock>) -> String {
        let said = taken.map_or_else(|error| format!("{error:#}"), |_| "taken".to_owned());
        said.split(" (process").next().unwrap().to_owned()
    }

    #[test]
    fn holder_is_read_from_the_line_of_the_file() {
        assert_eq!(holder("3: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF", "fe:00:131"), Some("4711"));
        for other in [
            "3: FLOCK  ADVISORY  WRITE 4711 fe:00:1310 0 EOF",
            "3: -> FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF",
            "3: POSIX  ADVISORY  WRITE 4711 fe:00:131 0 EOF",
            "3: FLOCK  ADVISORY  WRITE 0 fe:00:131 0 EOF",
            "",
        ] {
            assert_eq!(holder(other, "fe:00:131"), None, "{other}");
        }
    }

    #[test]
    fn one_serves_many_use_and_who_replaces_is_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let location = Location::Sqlite(file.clone());
        let take = |hold| Lock::take(&location, hold);
        let serving = take(Hold::Serve).unwrap();
        let using = take(Hold::Use).unwrap();
        assert_eq!(said(take(Hold::Serve)), format!("{location} is served by another process already"));
        drop(serving);
        let in_use =
            format!("{location} is in use: stop the server, and whatever else of this program works on it, first");
        assert_eq!(said(take(Hold::Replace)), in_use);
        drop(using);
        let replacing = take(Hold::Replace).unwrap();
        for hold in [Hold::Use, Hold::Serve] {
            assert_eq!(said(take(hold)), format!("{location} is being restored or imported"));
        }
        assert_eq!(said(Lock::respect(&location)), format!("{location} is being restored or imported"));
        drop(replacing);
        assert_eq!(said(take(Hold::Serve)), "taken");
    }

    #[test]
    fn a_link_to_a_database_has_the_lock_of_what_it_points_at() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["a.db", "b.db"].map(|name| folder.path().join(name));
        File::create(&file).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let _serving = Lock::take(&Location::Sqlite(file), Hold::Serve).unwrap();
        let other = Location::Sqlite(link);
        assert_eq!(said(Lock::take(&other, Hold::Serve)), format!("{other} is served by another process already"));
    }

    #[test]
    fn who_only_looks_makes_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        Lock::respect(&Location::Sqlite(folder.path().join("a.db"))).unwrap();
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
}
