//! Files that are there whole or not at all, whenever the program or the machine stops.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

/// What a file that is not whole yet is called behind its name and six letters. No other program names a file so, and all
/// that are found so and that nobody holds were left behind.
const PARTIAL: &str = ".directive-tracker-partial";

/// A file that takes its name when all of it is on disk. Until then it stands beside, and only who runs the program may
/// read it; when this is dropped before, it goes. A program that is killed leaves it, without the lock that it held, and the
/// next one to begin a file in the folder removes it.
#[derive(Debug)]
pub struct WholeFile {
    file: NamedTempFile,
    target: PathBuf,
    overwrite: bool,
}

impl WholeFile {
    /// Begins a file that is to be called `target`.
    ///
    /// # Errors
    /// If there is such a file, which is not to be overwritten, or none can be made in its folder.
    pub fn begin(target: &Path, overwrite: bool) -> Result<Self> {
        if !overwrite && target.exists() {
            return Err(in_the_way(target));
        }
        remove_what_was_left(folder_of(target));
        let file = held(target).with_context(|| format!("cannot make {}", target.display()))?;
        Ok(Self { file, target: target.to_owned(), overwrite })
    }

    /// What it is called until it is whole.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The file, to be written to.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Gives the file its name, once it is on disk.
    ///
    /// # Errors
    /// If it cannot be brought to disk, or somebody else has made a file of this name meanwhile.
    pub fn finish(self) -> Result<()> {
        let Self { file, target, overwrite } = self;
        let unwritten = || format!("cannot write {}", target.display());
        // What SQLite wrote went to the same file by another hand: one `fsync` is for all.
        file.as_file().sync_all().with_context(unwritten)?;
        let named = if overwrite { file.persist(&target) } else { file.persist_noclobber(&target) };
        match named {
            Ok(_) => sync_folder(&target).with_context(unwritten),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(in_the_way(&target)),
            Err(error) => Err(error.error).with_context(unwritten),
        }
    }
}

/// A new file beside the target, whose lock this process holds until the file is closed.
fn held(target: &Path) -> io::Result<NamedTempFile> {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    loop {
        let file =
            tempfile::Builder::new().prefix(&format!(".{name}-")).suffix(PARTIAL).tempfile_in(folder_of(target))?;
        // Where files cannot be locked, nobody can take one for left behind either.
        let _ = file.as_file().lock();
        // Another program may have taken it for left behind before it was locked.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes what programs that were killed have left in a folder, and what SQLite had beside it. What cannot be removed does
/// no harm.
fn remove_what_was_left(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()).filter(|path| is_partial(path)) {
        let Ok(file) = File::open(&path) else { continue };
        if file.try_lock().is_ok() {
            for suffix in ["-wal", "-shm", "-journal", ""] {
                let _ = fs::remove_file(with_suffix(&path, suffix));
            }
        }
    }
}

fn is_partial(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    path.is_file() && name.is_some_and(|name| name.starts_with('.') && name.ends_with(PARTIAL))
}

fn in_the_way(target: &Path) -> anyhow::Error {
    anyhow::anyhow!("{} is there already; --overwrite puts the new one in its place", target.display())
}

/// The folder in which a file stands.
#[must_use]
pub fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Brings the names in the folder of a file to disk.
///
/// # Errors
/// As the folder has them.
pub fn sync_folder(file: &Path) -> io::Result<()> {
    File::open(folder_of(file))?.sync_all()
}

/// The name of a file with something behind it: `tracker.db` and `-wal` give `tracker.db-wal`.
#[must_use]
pub fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Where a file really is, whether it is there yet or not: through links, from the root.
///
/// # Errors
/// If its folder is not there.
pub fn real_path(file: &Path) -> Result<PathBuf> {
    if let Ok(real) = file.canonicalize() {
        return Ok(real);
    }
    let folder = folder_of(file);
    let Some(name) = file.file_name() else { bail!("{} is no name of a file", file.display()) };
    let folder = folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))?;
    Ok(folder.join(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names(folder: &Path) -> BTreeSet<String> {
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn what_was_left_behind_goes_and_what_is_being_written_or_is_of_others_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let left = [".a.db-Ab12cd", ".a.db-20261122T100000Z.db-Ab12cd"].map(|name| format!("{name}{PARTIAL}"));
        let beside = format!("{}-wal", left[0]);
        for name in left.iter().chain([&beside]) {
            fs::write(at(name), "x").unwrap();
        }
        let others = ["a.directive-tracker-partial", ".a.db-Ab12cd.partial", "a.db"];
        for name in others {
            fs::write(at(name), "x").unwrap();
        }
        let one = WholeFile::begin(&at("one"), false).unwrap();
        let two = WholeFile::begin(&at("one"), false).unwrap();
        let at_work = [&one, &two].map(|file| file.path().file_name().unwrap().to_str().unwrap().to_owned());
        assert_eq!(names(folder.path()), others.iter().map(|name| (*name).to_owned()).chain(at_work).collect());
        one.finish().unwrap();
        drop(two);
        assert_eq!(names(folder.path()), others.iter().chain(&["one"]).map(|name| (*name).to_owned()).collect());
    }
}
