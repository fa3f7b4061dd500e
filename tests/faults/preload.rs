//! Libraries that stand between the program and the kernel, by `LD_PRELOAD`.

use std::fs;
use std::path::{Path, PathBuf};

/// A library of the system, by its path below `/usr/lib` or a folder of that. `Err` says which package of Debian has it.
pub fn library(name: &str, package: &str) -> Result<PathBuf, String> {
    let all = Path::new("/usr/lib");
    let folders = fs::read_dir(all).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = folders.chain([all.to_owned()]).map(|folder| folder.join(name));
    files
        .into_iter()
        .find(|file| file.is_file())
        .ok_or_else(|| format!("there is no {name}: apt-get install {package}"))
}
