//! What a request costs, as CPU time of the server against a floor: `cargo bench --bench requests`. Linux only, for CPU
//! time is read from `/proc`.
//!
//! One run makes a database of 100,000 documents and 200,000 conferences in a temporary folder, starts the service and
//! the floor (the same answers by hand-written SQL and JSON, [`floor`]) as processes with one worker each, checks that
//! both answer alike, and asks them in turn, each over one connection that stays open. CPU time is compared rather than time, since it hardly
//! depends on what else the machine does; the ratio rather than the time, since it hardly depends on the machine.
//!
//! It also counts the statements of each request, and fails if their number grows with the page.

mod client;
mod floor;
mod seed;

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::dev::Server;
use actix_web::web;
use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use directive_tracker::app::App;
use directive_tracker::config::Settings;
use directive_tracker::db::lanes::Capacity;
use directive_tracker::db::{Database, Location};
use directive_tracker::domain::Clock;
use directive_tracker::http::server;
use serde_json::Value;

use self::client::Client;

/// How often the two servers take turns in each case.
const ROUNDS: usize = 7;
/// The microseconds of one tick of CPU time in `/proc` (`USER_HZ`, 100 a second on every Linux of today).
const TICK: f64 = 10_000.0;

/// One kind of request.
struct Case {
    name: &'static str,
    /// How many requests one server gets in a row: enough for about half a second.
    requests: i64,
    path: fn(number: i64, limit: u8) -> String,
}

const CASES: &[Case] = &[
    Case {
        name: "a document by id",
        requests: 5000,
        path: |number, _| format!("/v1/documents/{}", number * 7919 % seed::DOCUMENTS + 1),
    },
    Case {
        name: "20 documents of a kind",
        requests: 1200,
        path: |number, limit| {
            let kinds = ["directive", "conclusion", "resolution", "plan", "decision"];
            let kind = usize::try_from(number).ok().and_then(|number| kinds.get(number % kinds.len()));
            format!("/v1/documents?kind={}&sort=-issued_on&limit={limit}", kind.unwrap_or(&"directive"))
        },
    },
    Case { name: "20 conferences of a body", requests: 1200, path: |number, limit| conferences(number, limit, "") },
    Case {
        name: "the same, documents expanded",
        requests: 400,
        path: |number, limit| conferences(number, limit, "&expand=conference_documents.document"),
    },
];

fn conferences(number: i64, limit: u8, rest: &str) -> String {
    let body = number * 37 % seed::ORGANIZATIONS + 1;
    format!("/v1/conferences?convening_body={body}&sort=-held_on&limit={limit}{rest}")
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "serve", role, file] => serve(role, Path::new(file)),
        [_, rest @ ..] if rest.contains(&"--bench") => compare(),
        // `cargo test --all-targets` runs this too, unoptimized, when nobody asked for figures.
        _ => Ok(()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

fn compare() -> Result<()> {
    ensure!(cfg!(target_os = "linux"), "CPU time is read from /proc, which only Linux has");
    let folder = Folder::make()?;
    let file = folder.0.join("requests.db");
    seed::make(&file)?;
    let (service, floor) = (Process::start("service", &file)?, Process::start("floor", &file)?);
    for case in CASES {
        check_same(case, &service, &floor).with_context(|| case.name)?;
    }
    let counted = count_statements(&file)?;
    println!("CPU time of the server for one request, the median (and the extremes) of {ROUNDS} rounds:\n");
    println!("| request | statements | service, µs | floor, µs | ratio |");
    println!("|---|---:|---:|---:|---:|");
    for (case, statements) in CASES.iter().zip(counted) {
        let rounds = (0..ROUNDS)
            .map(|round| Ok((service.cost(case, round)?, floor.cost(case, round)?)))
            .collect::<Result<Vec<_>>>()?;
        let ours = Spread::of(rounds.iter().map(|(service, _)| *service));
        let least = Spread::of(rounds.iter().map(|(_, floor)| *floor));
        let ratio = Spread::of(rounds.iter().map(|(service, floor)| service / floor));
        println!(
            "| {} | {statements} | {:.0} ({:.0} to {:.0}) | {:.0} ({:.0} to {:.0}) | {:.2} ({:.2} to {:.2}) |",
            case.name,
            ours.median,
            ours.least,
            ours.most,
            least.median,
            least.least,
            least.most,
            ratio.median,
            ratio.least,
            ratio.most,
        );
    }
    Ok(())
}

/// A folder that goes away with its value.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("directive-tracker-bench-{}", std::process::id()));
        std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} is left behind: {error}", self.0.display());
        }
    }
}

/// A server in a process of its own, which ends when its standard input does.
struct Process {
    child: Child,
    input: Option<ChildStdin>,
    address: SocketAddr,
}

impl Process {
    fn start(role: &str, file: &Path) -> Result<Self> {
        // The log goes where a service's log goes, into a file, so that writing it counts.
        let log = std::fs::File::create(file.with_extension(format!("{role}.log")))?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", role])
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let input = child.stdin.take();
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no standard output")?).read_line(&mut line)?;
        let address: SocketAddr = line.trim().parse().with_context(|| format!("the {role} did not start"))?;
        Ok(Self { child, input, address })
    }

    /// The microseconds of CPU time that one request costs.
    fn cost(&self, case: &Case, round: usize) -> Result<f64> {
        let first = i64::try_from(round)? * case.requests;
        let mut client = Client::connect(self.address)?;
        // The first few bring the caches back after the other server's turn.
        for number in first..first + 20 {
            client.get(&(case.path)(number, 20))?;
        }
        let before = self.ticks()?;
        for number in first..first + case.requests {
            client.get(&(case.path)(number, 20))?;
        }
        let ticks = u32::try_from(self.ticks()? - before)?;
        Ok(f64::from(ticks) * TICK / f64::from(i32::try_from(case.requests)?))
    }

    /// The user and system time of the process so far.
    fn ticks(&self) -> Result<u64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name of the program, in parentheses, may hold spaces; utime and stime are the 12th and 13th after it.
        let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat has another form")?;
        let times = fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        ensure!(times.len() == 2, "/proc/PID/stat is too short");
        Ok(times.iter().sum())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.input.take());
        // Nothing is left to be done for a process that is gone already.
        let _ = self.child.wait();
    }
}

/// The median of several numbers and the extremes.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let mut numbers: Vec<f64> = numbers.collect();
        numbers.sort_by(f64::total_cmp);
        let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
        Self { least: at(0), median: at(numbers.len() / 2), most: at(numbers.len().saturating_sub(1)) }
    }
}

/// Both servers answer the same, but for the cursors, which only the service signs.
fn check_same(case: &Case, service: &Process, floor: &Process) -> Result<()> {
    let (mut service, mut floor) = (Client::connect(service.address)?, Client::connect(floor.address)?);
    for number in 0..25 {
        let path = (case.path)(number * 11, 20);
        let (mut ours, mut theirs) = (service.get_json(&path)?, floor.get_json(&path)?);
        let filled = ours.get("data").is_none_or(|data| data.as_array().is_some_and(|data| data.len() == 20));
        ensure!(filled, "{path}: the page is not full");
        for answer in [&mut ours, &mut theirs] {
            for pointer in ["/page/next", "/links/next"] {
                if let Some(next) = answer.pointer_mut(pointer).filter(|next| next.is_string()) {
                    *next = Value::Bool(true);
                }
            }
        }
        ensure!(ours == theirs, "{path}: the service says\n{ours}\nand the floor\n{theirs}");
    }
    Ok(())
}

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements a request of each case runs, once all are prepared. Fails if a longer page runs more.
fn count_statements(file: &Path) -> Result<Vec<u64>> {
    set_default_instrumentation(|| {
        Some(Box::new(|event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                STATEMENTS.fetch_add(1, Ordering::Relaxed);
            }
        }))
    })?;
    let (listener, address) = listen()?;
    let file = file.to_owned();
    std::thread::spawn(move || {
        // If it fails, the client has nobody to talk to and says so.
        let _ = run(|| service(&file, listener));
    });
    let mut client = Client::connect(address)?;
    let mut counted = Vec::new();
    for case in CASES {
        let mut count = |limit| -> Result<u64> {
            // Each of the threads that may answer opens a connection first, and that runs statements too.
            for _ in 0..20 {
                client.get(&(case.path)(4, limit))?;
            }
            let before = STATEMENTS.load(Ordering::Relaxed);
            client.get(&(case.path)(4, limit))?;
            Ok(STATEMENTS.load(Ordering::Relaxed) - before)
        };
        let (short, long) = (count(20)?, count(200)?);
        ensure!(short == long, "{}: {short} statements for 20 rows and {long} for 200", case.name);
        counted.push(short);
    }
    Ok(counted)
}

/// Runs one of the servers until the standard input ends.
fn serve(role: &str, file: &Path) -> Result<()> {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info")).init();
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let (listener, address) = listen()?;
    println!("{address}");
    match role {
        "service" => run(|| service(file, listener)),
        "floor" => run(|| floor::start(file, listener)),
        _ => bail!("there is no {role}"),
    }
}

fn listen() -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn run(start: impl FnOnce() -> Result<Server>) -> Result<()> {
    actix_web::rt::System::new().block_on(async { Ok(start()?.await?) })
}

#[derive(Parser)]
struct Defaults {
    #[command(flatten)]
    settings: Settings,
}

/// The service as it is, with one worker.
fn service(file: &Path, listener: TcpListener) -> Result<Server> {
    let Defaults { settings } = Defaults::try_parse_from(["requests", "--workers=1"])?;
    let capacity = Capacity { readers: usize::from(settings.readers), queue: usize::from(settings.queue) };
    let database = Database::open(&Location::Sqlite(file.to_owned()), capacity)?;
    let app = App::new(settings, database, Clock::System, b"a secret of at least thirty-two bytes");
    Ok(server::start(web::Data::new(app), listener, server::StoppedBy::Handle)?)
}
