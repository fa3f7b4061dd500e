//! The power fails while eight callers write (R2).
//!
//! The database lies on a disk of which what it was handed can be kept at any instant ([`Disk`]). The program is started on
//! what was kept, and the ledger is held against that: all that was acknowledged before the copy began is there.
//!
//! That a commit which is not brought to disk is lost here, unlike by killing the program, is shown by the control: there the
//! program runs with a library that makes `fsync` do nothing, and acknowledged writes must be lost.
//!
//! `POWER_CUTS=1000 cargo test --test faults power -- --nocapture` is the campaign: so many cuts instead of ten.

use std::path::{Path, PathBuf};
use std::time::Duration;

use directive_tracker::db::Location;

use crate::disk::{Disk, Mounted};
use crate::ledger::{Ledger, Log, Writers};
use crate::preload;
use crate::process::{Server, beside_others, program, run, url};

const WRITERS: usize = 8;

/// How often the power is cut on one disk: a longer ledger takes longer to check and tells no more.
const CUTS_OF_A_DISK: usize = 10;

/// What a disk held at an instant.
struct Cut {
    image: PathBuf,
    /// How many writes had ended when the copy began, and when it was there.
    before: usize,
    after: usize,
}

/// A number below another.
fn below(end: u32) -> u32 {
    getrandom::u32().unwrap() % end
}

/// Serves a new database on a disk, with these variables of the environment.
fn serving(disk: &Disk, environment: &[(&str, &Path)]) -> Server {
    let database = url(&database_on(disk.path()));
    let mut command = program(&["serve", "--listen", "127.0.0.1:0", "--database-url", &database]);
    Server::of({
        command.envs(environment.iter().copied());
        command
    })
}

fn database_on(folder: &Path) -> Location {
    Location::Sqlite(folder.join("tracker.db"))
}

/// Lets eight write, and keeps what the disk holds at instants that nobody chose.
fn cut(disk: &Disk, server: &Server, cuts: usize) -> (Ledger, Vec<Cut>) {
    let mut writers = Writers::begin(&server.editor(), "power", WRITERS);
    let cut = |number| {
        writers.until_acknowledged(1 + below(12) as usize);
        writers.at_most(Duration::from_micros(below(20_000).into()));
        let before = writers.so_far().len();
        let image = disk.keep(number);
        Cut { image, before, after: writers.so_far().len() }
    };
    let cuts = (0..cuts).map(cut).collect();
    (writers.end(), cuts)
}

/// What came of the writes of which nobody knew when the power failed.
#[derive(Default)]
struct Found {
    acknowledged: usize,
    unknown: usize,
    there: usize,
}

/// Starts the program on what a disk held, and holds the ledger against it.
fn check(cut: &Cut, ledger: &Ledger, found: &mut Found) {
    let disk = Mounted::image(&cut.image).unwrap();
    let location = database_on(disk.path());
    run(program(&["check", "--database-url", &url(&location)])).done();
    let server = Server::start(&location, &[]);
    let editor = server.editor();
    let known = ledger.as_of(cut.before);
    let mut log = Log::of(&editor);
    found.there += known.check(&editor, &log);
    found.acknowledged += cut.before;
    found.unknown += ledger.entries.len() - cut.before;

    // Those that were under way. Others had not been begun.
    let last = ledger.entries.len().min(cut.after + WRITERS);
    let in_doubt = Ledger { entries: known.entries[cut.before..last].to_vec() };
    in_doubt.replay(&editor);
    in_doubt.replay(&editor);
    log.read_on(&editor);
    in_doubt.check_replayed(&log);
    run(program(&["verify", "--database-url", &url(&location)])).done();
}

fn cuts_wanted() -> usize {
    std::env::var("POWER_CUTS").map_or(CUTS_OF_A_DISK, |count| count.parse().expect("POWER_CUTS is a number"))
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_fails() {
    let _busy = beside_others();
    let mut found = Found::default();
    let mut left = cuts_wanted();
    while left > 0 {
        let disk = match Disk::make() {
            Ok(disk) => disk,
            Err(reason) => return println!("SKIPPED: {reason}"),
        };
        let server = serving(&disk, &[]);
        let (ledger, cuts) = cut(&disk, &server, left.min(CUTS_OF_A_DISK));
        drop(server);
        assert_eq!(ledger.count(|entry| !entry.is_acknowledged()), 0, "a copy holds up no write");
        for cut in &cuts {
            check(cut, &ledger, &mut found);
        }
        left -= cuts.len();
        if left > 0 {
            println!("{left} cuts left");
        }
    }
    let Found { acknowledged, unknown, there } = found;
    println!("{} cuts: {acknowledged} acknowledged, none lost; {there} of {unknown} others there", cuts_wanted());
    assert!(there < unknown, "what was kept is what came of it in the end, and not what there was at an instant");
}

/// How many of the writes that were acknowledged are not in what a disk held.
fn lost(cut: &Cut, ledger: &Ledger) -> usize {
    let disk = Mounted::image(&cut.image).unwrap();
    let exported = run(program(&["export", "--database-url", &url(&database_on(disk.path()))]));
    // Where the file cannot even be read, all is lost.
    let lines = if exported.status.success() { exported.stdout } else { String::new() };
    let is_there = |name: &str| lines.contains(&format!(r#"\"name\":\"{name}\""#));
    ledger.entries[..cut.before].iter().filter(|entry| !is_there(&entry.name)).count()
}

#[test]
fn without_fsync_what_was_acknowledged_is_lost_when_the_power_fails() {
    let _busy = beside_others();
    let made = preload::library("libeatmydata.so.1", "libeatmydata1").and_then(|library| Ok((library, Disk::make()?)));
    let (library, disk) = match made {
        Ok(made) => made,
        Err(reason) => return println!("SKIPPED: {reason}"),
    };
    let server = serving(&disk, &[("LD_PRELOAD", &library)]);
    disk.flush();
    let (ledger, cuts) = cut(&disk, &server, CUTS_OF_A_DISK);
    drop(server);
    disk.flush();
    let end = Cut { image: disk.keep(cuts.len()), before: ledger.entries.len(), after: ledger.entries.len() };
    assert_eq!(lost(&end, &ledger), 0, "what was brought to disk in the end is there");
    let acknowledged: usize = cuts.iter().map(|cut| cut.before).sum();
    let lost: Vec<usize> = cuts.iter().map(|cut| lost(cut, &ledger)).collect();
    println!("without fsync {lost:?} of {acknowledged} in all were lost");
    assert!(lost.iter().any(|lost| *lost > 0), "a missing fsync is not seen: {acknowledged} acknowledged, none lost");
}
