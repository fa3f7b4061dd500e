//! File systems that a test mounts, which takes root. Each goes when it is dropped, after a test that failed too.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::support::postgres::is_root;

/// A file system in a folder of its own.
pub struct Mounted(TempDir);

impl Mounted {
    /// One of memory, that is as small as it is told. `Err` says why there is none.
    pub fn small(size: &str) -> Result<Self, String> {
        Self::mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
    }

    /// What a file has that stands for a disk. The kernel takes a loop device for it, and lets it go with the mount.
    pub fn image(file: &Path) -> Result<Self, String> {
        Self::mount(&["-o", "loop", file.to_str().unwrap()])
    }

    fn mount(arguments: &[&str]) -> Result<Self, String> {
        if !is_root() {
            return Err("mounting a file system takes root".to_owned());
        }
        let folder = tempfile::Builder::new().prefix("directive-tracker-disk-").tempdir().unwrap();
        done("mount", &[arguments, &[folder.path().to_str().unwrap()]].concat())?;
        Ok(Self(folder))
    }

    /// Makes one of memory larger.
    pub fn grow(&self, size: &str) {
        done("mount", &["-o", &format!("remount,size={size}"), self.path().to_str().unwrap()]).unwrap();
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

/// Runs a program to its end. `Err` has what it says of a failure.
pub fn done(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// A disk of which what it holds can be kept at any instant.
///
/// It is a file on a file system that shares blocks between copies (XFS), which the kernel takes for a device of its own. A
/// copy of that file, which it makes at one instant, is what the device was handed until then, and nothing of what still
/// waited in memory: what there is to read after a power cut.
pub struct Disk {
    // Unmounted in this order.
    files: Mounted,
    shelf: Mounted,
}

/// The least that XFS takes; the file is empty where nothing was written.
const SHELF: u64 = 512 << 20;
const DISK: u64 = 64 << 20;

impl Disk {
    /// `Err` says why there is none.
    pub fn make() -> Result<Self, String> {
        let folder = TempDir::new().unwrap();
        // It has a name until it is mounted.
        let shelf = formatted(&folder.path().join("shelf.img"), SHELF, "mkfs.xfs", &["-q", "-m", "reflink=1"])?;
        let at_once = ["-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"];
        let files = formatted(&shelf.path().join("disk.img"), DISK, "mkfs.ext4", &at_once)?;
        Ok(Self { files, shelf })
    }

    /// Where its files are.
    pub fn path(&self) -> &Path {
        self.files.path()
    }

    /// Brings to the disk what is in memory still.
    pub fn flush(&self) {
        done("sync", &["-f", self.path().to_str().unwrap()]).unwrap();
    }

    /// Keeps what it holds at this instant, as a file that can be mounted.
    pub fn keep(&self, number: usize) -> PathBuf {
        let kept = self.shelf.path().join(format!("{number}.img"));
        let disk = self.shelf.path().join("disk.img");
        done("cp", &["--reflink=always", disk.to_str().unwrap(), kept.to_str().unwrap()]).unwrap();
        kept
    }
}

/// A file of this many bytes, with a file system in it.
fn formatted(file: &Path, bytes: u64, program: &str, arguments: &[&str]) -> Result<Mounted, String> {
    File::create(file).and_then(|file| file.set_len(bytes)).map_err(|error| error.to_string())?;
    done(program, &[arguments, &[file.to_str().unwrap()]].concat())?;
    Mounted::image(file)
}
