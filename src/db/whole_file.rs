//! Files that are there whole or not at all, whenever the program or the machine stops.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

/// A file that takes its name when all of it is on disk. Until then it stands beside, and only who runs the program may
/// read it; when this is dropped before, it goes.
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
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = tempfile::Builder::new()
            .prefix(&format!(".{name}-"))
            .suffix(".partial")
            .tempfile_in(folder_of(target))
            .with_context(|| format!("cannot make {}", target.display()))?;
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
