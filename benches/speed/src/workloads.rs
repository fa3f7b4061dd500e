//! What is asked of the servers, and how each answer is measured.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::client::Client;
use crate::data::{self, Size};
use crate::figures::Measured;
use crate::server::Server;

/// How many clients read at once.
const READERS: u32 = 4;
/// How many clients create at once.
pub const CLIENTS: &[u32] = &[1, 16, 64];
/// How many conferences are imported.
const IMPORTED: u32 = 100_000;

/// Which round it is, and from how many times the records.
#[derive(Clone, Copy)]
pub struct Round {
    pub number: usize,
    pub size: u32,
}

/// What is read again and again.
#[derive(Clone, Copy)]
pub enum Read {
    Document,
    Conferences,
    Expanded,
    Counted,
}

impl Read {
    pub const ALL: &[Self] = &[Self::Document, Self::Conferences, Self::Expanded, Self::Counted];

    /// What the table calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "a: a document",
            Self::Conferences => "b: 20 conferences of a body in two years",
            Self::Expanded => "c: the same, documents expanded",
            Self::Counted => "e: conferences per province for a document",
        }
    }

    /// How many requests a server gets in a row: enough for a second or so.
    const fn requests(self) -> u32 {
        match self {
            Self::Document => 12_000,
            Self::Conferences => 4_000,
            Self::Expanded => 1_600,
            Self::Counted => 800,
        }
    }

    fn path(self, number: u32, size: Size) -> String {
        let body = data::scattered(number, size.organizations);
        let list = format!(
            "/v1/conferences?convening_body={body}&held_from=2023-12-22&held_to=2025-12-21&sort=-held_on&limit=20"
        );
        match self {
            Self::Document => format!("/v1/documents/{}", data::scattered(number, size.documents)),
            Self::Conferences => list,
            Self::Expanded => format!("{list}&expand=conference_documents.document"),
            Self::Counted => {
                let document = data::scattered(number, data::CENTRAL);
                format!("/v1/reports/conferences?group_by=province&document={document}")
            }
        }
    }
}

/// What is read or written once, as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Bulk {
    Import,
    Export,
}

impl Bulk {
    pub const ALL: &[Self] = &[Self::Import, Self::Export];

    /// What the table calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Import => "i: import of 100,000 conferences, each",
            Self::Export => "x: export of them, each",
        }
    }
}

/// Both servers answer the same, but for the cursors, which only the service signs.
pub fn check_alike(read: Read, service: &Server, floor: &Server) -> Result<()> {
    let (mut service, mut floor) = (service.connect()?, floor.connect()?);
    for number in 0..50 {
        let path = read.path(number, Size::of(1));
        let (ours, theirs) = (without_cursors(service.get_json(&path)?), without_cursors(floor.get_json(&path)?));
        let data = ours.get("data").and_then(Value::as_array);
        ensure!(data.is_none_or(|data| data.len() == 20), "{path}: the page is not full");
        ensure!(ours == theirs, "{path}: the service says\n{ours}\nand the floor\n{theirs}");
    }
    Ok(())
}

fn without_cursors(mut answer: Value) -> Value {
    for pointer in ["/page/next", "/links/next"] {
        if let Some(next) = answer.pointer_mut(pointer).filter(|next| next.is_string()) {
            *next = Value::Bool(true);
        }
    }
    answer
}

/// Reads with a few clients.
pub fn read(read: Read, server: &Server, Round { number, size }: Round) -> Result<Measured> {
    let size = Size::of(size);
    let first = u32::try_from(number)? * read.requests();
    // The first few bring the caches back after another server's turn.
    load(server, READERS, 200, &|client, number| client.get(&read.path(first + number, size)).map(drop))?;
    load(server, READERS, read.requests(), &|client, number| client.get(&read.path(first + number, size)).map(drop))
}

/// What the table calls reading documents with a rest before each, so that the processors have time for other work.
pub const UNHURRIED: &str = "a, unhurried: a document";
/// The same while others sign in.
pub const UNHURRIED_BESIDE_LOGINS: &str = "a, unhurried, beside 200 logins";

/// How long a client rests that is in no hurry.
const REST: Duration = Duration::from_millis(2);
/// How many requests it takes for less time than the logins do.
const UNHURRIED_REQUESTS: u32 = 4_000;

/// Reads documents with a few clients that rest before each request.
pub fn read_unhurried(server: &Server, Round { number, size }: Round) -> Result<Measured> {
    let size = Size::of(size);
    let first = u32::try_from(number)? * UNHURRIED_REQUESTS;
    let path = |number| Read::Document.path(first + number, size);
    load_with(server, READERS, UNHURRIED_REQUESTS, REST, &|client, number| client.get(&path(number)).map(drop))
}

/// What the table calls reading documents while others ask for what takes long.
pub const BESIDE: &str = "a, beside searches, counts and an export";

/// What takes long: searches that count, in documents and in conferences, and the export of all documents.
const HEAVY: &[&str] = &[
    "/v1/documents?q=phong%20chay%20chua%20chay&count=exact&limit=20",
    "/v1/conferences?q=ma%20tuy&count=exact&sort=name&limit=100",
    "/v1/documents?format=ndjson",
];

/// Reads documents while as many others, each with a connection of its own, ask for one heavy thing after the other.
pub fn read_beside(server: &Server, round: Round) -> Result<Measured> {
    let enough = AtomicBool::new(false);
    thread::scope(|scope| {
        let ask = |path: &'static str| {
            let mut client = server.connect()?;
            while !enough.load(Ordering::Relaxed) {
                client.get_parts(path, |_| {})?;
            }
            anyhow::Ok(())
        };
        let heavy: Vec<_> = HEAVY.iter().map(|path| scope.spawn(move || ask(path))).collect();
        let measured = read(Read::Document, server, round);
        enough.store(true, Ordering::Relaxed);
        for thread in heavy {
            thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
        }
        measured
    })
}

/// What the table calls reading documents while others sign in.
pub const BESIDE_LOGINS: &str = "a, beside 200 logins";

/// How many sign in at once.
const LOGINS: u32 = 200;

/// Reads while others sign in, from where nobody has yet.
pub fn beside_logins(server: &Server, run: u32, read: impl FnOnce() -> Result<Measured>) -> Result<Measured> {
    thread::scope(|scope| {
        let logins: Vec<_> = (0..LOGINS).map(|number| scope.spawn(move || refused_login(server, run, number))).collect();
        let measured = read();
        for thread in logins {
            thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
        }
        measured
    })
}

/// Waits until the service begins to count anew who signs in.
pub fn await_next_minute() -> Result<()> {
    let second = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() % 60;
    thread::sleep(Duration::from_secs(60 - second));
    Ok(())
}

/// Signs in as nobody, which takes as long as it does for somebody.
fn refused_login(server: &Server, run: u32, number: u32) -> Result<()> {
    let login = json!({ "grant_type": "password", "username": format!("nobody-{run}-{number}"), "password": "wrong" });
    let from = format!("x-forwarded-for: 2001:db8:{run:x}:{number:x}::1");
    let lines = ["content-type: application/json", &from];
    let mut client = server.connect()?;
    match client.post_with("/v1/auth/token", &lines, login.to_string().as_bytes()) {
        Err(refused) if refused.to_string().contains("HTTP/1.1 401 ") => Ok(()),
        Err(error) => Err(error),
        Ok(_) => bail!("nobody has signed in"),
    }
}

/// Creates conferences with so many clients, each durable when it is acknowledged.
pub fn create(server: &Server, clients: u32) -> Result<Measured> {
    let bodies: Vec<Vec<u8>> = data::conferences(Size::of(1), 1_000).map(|row| body(row).into_bytes()).collect();
    let create = |client: &mut Client, number: u32| {
        let body = bodies.iter().cycle().nth(usize::try_from(number)? % bodies.len()).context("no body")?;
        let answer = client.post("/v1/conferences", "application/json", body)?;
        let created: Value = serde_json::from_slice(answer)?;
        let title = created.pointer("/convening_body/title").is_some_and(Value::is_string);
        ensure!(title, "the answer is not the whole record: {created}");
        Ok(())
    };
    load(server, clients, 100, &create)?;
    load(server, clients, 400 + 40 * clients, &create)
}

/// A row as a body of one conference: without its type, and part of none, since there is none yet.
fn body(mut row: Value) -> String {
    if let Some(fields) = row.as_object_mut() {
        fields.retain(|name, _| !["type", "parent"].contains(&name.as_str()));
    }
    row.to_string()
}

/// Sends so many requests, each client the next one when it has its answer.
fn load(
    server: &Server,
    clients: u32,
    requests: u32,
    request: &(impl Fn(&mut Client, u32) -> Result<()> + Sync),
) -> Result<Measured> {
    load_with(server, clients, requests, Duration::ZERO, request)
}

/// The same, with a rest before each request.
fn load_with(
    server: &Server,
    clients: u32,
    requests: u32,
    rest: Duration,
    request: &(impl Fn(&mut Client, u32) -> Result<()> + Sync),
) -> Result<Measured> {
    let connections = (0..clients).map(|_| server.connect()).collect::<Result<Vec<_>>>()?;
    let run = |(mut client, first): (Client, u32)| -> Result<Vec<Duration>> {
        let ask = |number| {
            if !rest.is_zero() {
                thread::sleep(rest);
            }
            let begun = Instant::now();
            request(&mut client, number)?;
            Ok(begun.elapsed())
        };
        (first..requests).step_by(usize::try_from(clients)?).map(ask).collect()
    };
    measured(server, requests, || {
        thread::scope(|scope| {
            let threads: Vec<_> =
                connections.into_iter().zip(0..).map(|client| scope.spawn(move || run(client))).collect();
            let mut times = Vec::new();
            for thread in threads {
                times.extend(thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??);
            }
            Ok(times)
        })
    })
}

/// Imports conferences, or exports all that there are.
pub fn bulk(bulk: Bulk, server: &Server, unlogged: bool) -> Result<Measured> {
    let rows = data::lines(data::conferences(Size::of(1), IMPORTED));
    let mut client = server.connect()?;
    measured(server, IMPORTED, || {
        let begun = Instant::now();
        match bulk {
            Bulk::Import => {
                let path = if unlogged { "/v1/import?unlogged=true" } else { "/v1/import" };
                let answer = client.post(path, "application/x-ndjson", &rows)?;
                let end: Value = serde_json::from_slice(data::last_line(answer))?;
                let created = end.get("created").and_then(Value::as_u64);
                ensure!(created == Some(IMPORTED.into()), "not all were imported: {end}");
            }
            Bulk::Export => {
                let mut lines = 0_u32;
                let count = |part: &[u8]| lines += part.iter().map(|byte| u32::from(*byte == b'\n')).sum::<u32>();
                client.get_parts("/v1/conferences?format=ndjson", count)?;
                // The service ends with a line about all others.
                if !(IMPORTED..=IMPORTED + 1).contains(&lines) {
                    bail!("{lines} lines were exported");
                }
            }
        }
        Ok(vec![begun.elapsed()])
    })
}

/// What the work of so many requests costs a server.
fn measured(server: &Server, requests: u32, work: impl FnOnce() -> Result<Vec<Duration>>) -> Result<Measured> {
    server.forget_peak()?;
    let (cpu, begun) = (server.cpu()?, Instant::now());
    let times = work()?;
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Measured::of((server.cpu()? - cpu) / f64::from(requests), f64::from(requests) / seconds, times, server.peak()?))
}
