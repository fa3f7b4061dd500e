//! `backup` and `restore`: a SQLite database as a file to be kept elsewhere, and put back.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use directive_tracker::config::DataSettings;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lock::{Hold, Lock};
use directive_tracker::db::whole_file::{WholeFile, real_path, with_suffix};
use directive_tracker::db::{Conn, Location, backup, file, lanes, migrate};
use directive_tracker::domain::Clock;
use directive_tracker::transfer::database::check::{self, Sound};

use super::check::judged;
use super::{print, require_file};

/// What `backup` takes.
#[derive(Args)]
pub struct Backup {
    /// The file to write, which is there whole or not at all. Without it, one beside the database, named after it and the
    /// instant.
    #[arg(long)]
    output: Option<PathBuf>,
    /// Put the file in the place of one of this name.
    #[arg(long, requires = "output")]
    overwrite: bool,
    #[command(flatten)]
    data: DataSettings,
}

/// What `restore` takes.
#[derive(Args)]
pub struct Restore {
    /// The file that `backup` has written.
    file: PathBuf,
    /// Do not keep what was there.
    #[arg(long)]
    discard: bool,
    #[command(flatten)]
    data: DataSettings,
}

/// Writes a copy of the database while others write to it, checks it, and prints its name.
pub fn run_backup(arguments: &Backup) -> Result<()> {
    let location = &arguments.data.database_url;
    let Some(database) = location.file() else {
        bail!("only a SQLite database is backed up so; for {location} use pg_dump, or `export`");
    };
    require_file(location)?;
    let _lock = Lock::take(location, Hold::Use)?;
    let begun = Instant::now();
    let target = arguments.output.clone().unwrap_or_else(|| named_after(database, ""));
    let copy = WholeFile::begin(&target, arguments.overwrite)?;
    let mut conn = Conn::connect(location, Purpose::Write)?;
    backup::copy_into(&mut conn, copy.path())?;
    drop(conn);
    let mut conn = file::open_unchanged(copy.path())?;
    let sound = judged(location, |found| check::everything(&mut conn, found))?;
    drop(conn);
    copy.finish()?;
    let Sound { proof, records } = sound;
    log::info!(
        "{location}: {} changes of {records} records are in {}, in {:.1} s; the last hash is {}",
        proof.rows,
        target.display(),
        begun.elapsed().as_secs_f64(),
        proof.last_hash
    );
    print(&target.display().to_string())
}

/// Puts a copy of a backup in the place of the database.
pub fn run_restore(arguments: &Restore) -> Result<()> {
    let location = &arguments.data.database_url;
    let Some(database) = location.file() else {
        bail!("only a SQLite database is restored so; for {location} use pg_restore, or `import`");
    };
    let (database, backup_file) = (real_path(database)?, real_path(&arguments.file)?);
    if database == backup_file {
        bail!("{} is the database itself", backup_file.display());
    }
    look_at(&backup_file)?;
    let _lock = Lock::take(location, Hold::Replace)?;
    let mut copy = WholeFile::begin(&database, true)?;
    let mut original = File::open(&backup_file).with_context(|| format!("cannot read {}", backup_file.display()))?;
    io::copy(&mut original, copy.file()).with_context(|| format!("cannot copy {}", backup_file.display()))?;
    let sound = proven(&copy, &backup_file)?;
    let aside = (!arguments.discard && database.exists()).then(|| named_after(&database, "-before-restore"));
    backup::replace(&database, copy, aside.as_deref())?;
    let kept = aside.map(|aside| format!("; what was there is {}", aside.display())).unwrap_or_default();
    log::info!("{location}: restored {} changes of {} records{kept}", sound.proof.rows, sound.records);
    Ok(())
}

/// Refuses what is no sound file of this program, or one of a newer one. It is not changed.
fn look_at(backup_file: &Path) -> Result<()> {
    if with_suffix(backup_file, "-wal").metadata().is_ok_and(|log| log.len() > 0) {
        bail!("{} is in use, or was copied while it was: make a backup of it with `backup`", backup_file.display());
    }
    let mut conn = file::open_unchanged(backup_file)?;
    let location = Location::Sqlite(backup_file.to_owned());
    judged(&location, |found| {
        let sound = check::file_is_sound(&mut conn, found)? && check::schema_is_known(&mut conn, true, found)?;
        Ok(sound.then_some(()))
    })
}

/// Brings the copy to the schema of this program and proves that it is what its log says.
fn proven(copy: &WholeFile, backup_file: &Path) -> Result<Sound> {
    let mut conn = Conn::open(&Location::Sqlite(copy.path().to_owned()), Purpose::Write)?;
    migrate::run(&mut conn).with_context(|| format!("cannot use {}", backup_file.display()))?;
    let location = Location::Sqlite(backup_file.to_owned());
    let sound =
        judged(&location, |found| lanes::snapshot(&mut conn, |conn| check::schema_and_log_are_sound(conn, found)))?;
    drop(conn);
    // The last connection to close takes the log in; were it left, the copy would go without what it has.
    let log = with_suffix(copy.path(), "-wal");
    if log.exists() {
        bail!("{} was not taken in", log.display());
    }
    Ok(sound)
}

/// A name beside a database, of the instant that it is: `tracker-20261121T030000Z.db`.
fn named_after(database: &Path, what: &str) -> PathBuf {
    let now = Clock::System.now().to_string();
    let seconds = now.split('.').next().unwrap_or_default().replace(['-', ':'], "");
    let stem = database.file_stem().unwrap_or_default().to_string_lossy();
    database.with_file_name(format!("{stem}{what}-{seconds}Z.db"))
}
