//! `export` and `import`: the whole database as one file, out of either database and into either.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use directive_tracker::config::DataSettings;
use directive_tracker::db::Conn;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lock::{Hold, Lock};
use directive_tracker::db::whole_file::WholeFile;
use directive_tracker::transfer::database::export::export;
use directive_tracker::transfer::database::import::Import as Reading;
use directive_tracker::transfer::database::{Counts, Progress};

use super::check::up_to_date;
use super::data::migrated;
use super::progress::Bar;
use super::require_file;

/// What `export` takes.
#[derive(Args)]
pub struct Export {
    /// The file to write, which is there whole or not at all. Without it the lines go to the standard output.
    #[arg(long)]
    output: Option<PathBuf>,
    /// Put the file in the place of one of this name.
    #[arg(long, requires = "output")]
    overwrite: bool,
    #[command(flatten)]
    data: DataSettings,
}

/// What `import` takes.
#[derive(Args)]
pub struct Import {
    /// The file that `export` has written, or `-` for the standard input.
    file: PathBuf,
    #[command(flatten)]
    data: DataSettings,
}

/// Writes the whole database.
pub fn run_export(arguments: &Export) -> Result<()> {
    let location = &arguments.data.database_url;
    require_file(location)?;
    let _lock = Lock::take(location, Hold::Use)?;
    let mut conn = Conn::connect(location, Purpose::Read)?;
    up_to_date(location, &mut conn)?;
    let bar = Bar::begin();
    let told = &mut |progress: Progress| bar.show(progress);
    let failed = || format!("cannot export {location}");
    let counts = match &arguments.output {
        Some(file) => {
            let mut whole = WholeFile::begin(file, arguments.overwrite)?;
            let counts = export(&mut conn, &mut BufWriter::new(whole.file()), told).with_context(failed)?;
            whole.finish()?;
            counts
        }
        None => export(&mut conn, &mut BufWriter::new(io::stdout().lock()), told).with_context(failed)?,
    };
    let Counts { changes, keys, last_hash, .. } = counts;
    let took = bar.finish(changes.saturating_add(keys));
    log::info!("{location}: exported {changes} changes and {keys} external keys {took}; the last hash is {last_hash}");
    Ok(())
}

/// Reads the whole database.
pub fn run_import(arguments: &Import) -> Result<()> {
    let Import { file, data } = arguments;
    if file == Path::new("-") {
        read(io::stdin().lock(), "the standard input", data)
    } else {
        let opened = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
        if opened.metadata().is_ok_and(|about| about.is_dir()) {
            bail!("{} is a folder", file.display());
        }
        read(BufReader::with_capacity(1 << 20, opened), &file.display().to_string(), data)
    }
}

fn read(input: impl BufRead, name: &str, data: &DataSettings) -> Result<()> {
    let location = &data.database_url;
    let reading = Reading::begin(input).with_context(|| format!("cannot import {name}"))?;
    let _lock = Lock::take(location, Hold::Replace)?;
    let mut conn = migrated(location)?;
    let bar = Bar::begin();
    let counts = reading.into_database(&mut conn, &mut |progress| bar.show(progress));
    let counts = counts.with_context(|| format!("cannot import {name} into {location}"))?;
    let Counts { changes, records, keys, last_hash } = counts;
    let took = bar.finish(changes.saturating_add(keys));
    log::info!(
        "{location}: imported {changes} changes of {records} records and {keys} external keys {took}; the last hash is {last_hash}"
    );
    Ok(())
}
