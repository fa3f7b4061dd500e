//! What the service costs, against the least that somebody would write by hand for the same requests.
//!
//! ```sh
//! cargo run --release --manifest-path benches/speed/Cargo.toml
//! ```
//!
//! One run builds the service, fills a database through its import, starts the service and the floor (`bin/floor`) on
//! it, makes sure that both answer alike, and asks them in turn. CPU time is compared rather than time, since it hardly
//! depends on what else the machine does; the ratio within a round rather than the time, since it hardly depends on the
//! machine. Linux only: CPU time and memory are read from `/proc`.
//!
//! Start with [`workloads`], which has what is asked; [`data`] has the records, [`server`] the processes, [`client`] the
//! connections, [`figures`] what becomes of the measurements.

mod client;
mod data;
mod figures;
mod server;
mod workloads;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Parser;

use self::data::Size;
use self::figures::Figures;
use self::server::{Server, Service};
use self::workloads::{Bulk, Read, Round};

/// Measures the service against the floor and prints a table.
#[derive(Parser)]
struct Settings {
    /// How often each is asked; medians are shown.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Also reads while two hundred sign in, which all together may do six hundred times a minute: it waits for the next
    /// minute each time.
    #[arg(long)]
    logins: bool,
    /// Also reads from a database with so many times the records.
    #[arg(long)]
    times: Option<u32>,
    /// Also serves an empty PostgreSQL database at this URL.
    #[arg(long)]
    postgres: Option<String>,
    /// The service, if it is not to be built from this source.
    #[arg(long)]
    service: Option<PathBuf>,
    /// Where the databases are made, and found again by the next run.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Only what is read.
    #[arg(long)]
    reads: bool,
}

fn main() -> Result<()> {
    ensure!(cfg!(target_os = "linux"), "CPU time is read from /proc, which only Linux has");
    let settings = Settings::parse();
    let service = Service { binary: settings.service.clone().map_or_else(built, Ok)? };
    let floor = std::env::current_exe()?.with_file_name("floor");
    let temporary = tempfile::tempdir()?;
    let folder = settings.keep.as_deref().unwrap_or(temporary.path());
    let size = Size::of(1);
    let base = data::base(&service, folder, size)?;
    let full = data::full(&service, folder, &base, size)?;
    let mut figures = Figures::default();
    read(&settings, &service, &floor, folder, &full, &mut figures)?;
    if !settings.reads {
        write(&settings, &service, &floor, temporary.path(), &base, &mut figures)?;
    }
    println!("{figures}");
    Ok(())
}

/// Builds the service as it is released.
fn built() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let built = Command::new("cargo").args(["build", "--release", "--locked"]).current_dir(&root).status()?;
    ensure!(built.success(), "the service cannot be built");
    Ok(root.join("target/release/directive-tracker"))
}

/// What is read, from one database that nobody writes to.
fn read(
    settings: &Settings,
    service: &Service,
    floor: &Path,
    folder: &Path,
    full: &Path,
    figures: &mut Figures,
) -> Result<()> {
    let (ours, floor) = (service.serve(full)?, Server::floor(floor, full)?);
    for read in Read::ALL {
        workloads::check_alike(*read, &ours, &floor).with_context(|| read.name())?;
    }
    let mut servers = vec![("service", ours), ("floor", floor)];
    let mut files = vec![full.to_owned()];
    if let Some(times) = settings.times {
        let size = Size::of(times);
        let more = data::full(service, folder, &data::base(service, folder, size)?, size)?;
        servers.push(("more", service.serve(&more)?));
        files.push(more);
    }
    if let Some(url) = &settings.postgres {
        let server = service.serve_url(url, folder)?;
        data::fill(&server, Size::of(1))?;
        servers.push(("postgres", server));
    }
    for round in 0..settings.rounds {
        for file in &files {
            data::hold(file)?;
        }
        for read in Read::ALL {
            for (name, server) in in_turn(&servers, round) {
                let size = if *name == "more" { settings.times.unwrap_or(1) } else { 1 };
                figures.add(read.name(), name, workloads::read(*read, server, Round { number: round, size })?);
            }
        }
        for (name, server) in servers.iter().filter(|(name, _)| ["service", "postgres"].contains(name)) {
            let round = Round { number: round, size: 1 };
            figures.add(workloads::BESIDE, name, workloads::read_beside(server, round)?);
            if settings.logins {
                read_beside_logins(figures, name, server, round)?;
            }
        }
    }
    Ok(())
}

/// Reads while others sign in: without a pause, and with rests, which is measured alone as well.
fn read_beside_logins(figures: &mut Figures, name: &'static str, server: &Server, round: Round) -> Result<()> {
    let first = u32::try_from(round.number)?.saturating_mul(2);
    workloads::await_next_minute()?;
    let hurried = || workloads::read(Read::Document, server, round);
    figures.add(workloads::BESIDE_LOGINS, name, workloads::beside_logins(server, first, hurried)?);
    let unhurried = || workloads::read_unhurried(server, round);
    figures.add(workloads::UNHURRIED, name, unhurried()?);
    workloads::await_next_minute()?;
    let measured = workloads::beside_logins(server, first.saturating_add(1), unhurried)?;
    figures.add(workloads::UNHURRIED_BESIDE_LOGINS, name, measured);
    Ok(())
}

/// What is written, each round into new copies of a database, and then read back as a whole.
fn write(
    settings: &Settings,
    service: &Service,
    floor: &Path,
    folder: &Path,
    base: &Path,
    figures: &mut Figures,
) -> Result<()> {
    for round in 0..settings.rounds {
        let servers = [
            ("service", service.serve(&data::copied(base, folder, "service")?)?),
            ("floor", Server::floor(floor, &data::copied(base, folder, "floor")?)?),
        ];
        for clients in workloads::CLIENTS {
            for (name, server) in in_turn(&servers, round) {
                figures.add(&format!("w: {clients} clients that create"), name, workloads::create(server, *clients)?);
            }
        }
        drop(servers);
        let servers = [
            ("service", service.serve(&data::copied(base, folder, "service")?)?),
            ("floor", Server::floor(floor, &data::copied(base, folder, "floor")?)?),
            ("unlogged", Server::floor(floor, &data::copied(base, folder, "unlogged")?)?),
        ];
        for bulk in Bulk::ALL {
            for (name, server) in in_turn(&servers, round) {
                if *bulk == Bulk::Import || *name != "unlogged" {
                    figures.add(bulk.name(), name, workloads::bulk(*bulk, server, *name == "unlogged")?);
                }
            }
        }
    }
    Ok(())
}

/// The servers, in another order each round.
fn in_turn<T>(servers: &[T], round: usize) -> impl Iterator<Item = &T> {
    servers.iter().cycle().skip(round % servers.len().max(1)).take(servers.len())
}
