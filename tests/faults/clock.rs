//! The clock of the machine jumps (R11): by ten years, back by a day, to 2020, past 2038.
//!
//! A library stands between the program and the clock, and reads from a file by how much it is off.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;

use directive_tracker::accounts::token::Tokens;
use directive_tracker::domain::{Clock, Instant, Role};
use serde_json::json;
use tempfile::TempDir;

use crate::preload;
use crate::process::{SECRET, Server, program, run, url};
use crate::support::service::Storage;
use crate::support::{Client, Engine, Response};

const DAY: i64 = 24 * 3600;

/// How long a test may take, as far as times are compared.
const TOLERANCE: i64 = 300;

/// By how many seconds a clock is off, one after the other: right, back a day, back to 2020, ten years ahead, in 2039.
fn jumps() -> [i64; 6] {
    let until = |instant: &str| seconds(instant.parse().unwrap()) - seconds(Clock::System.now());
    [0, -DAY, until("2020-01-01T00:00:00Z"), 3652 * DAY, until("2039-01-01T00:00:00Z"), 0]
}

fn seconds(instant: Instant) -> i64 {
    instant.microseconds() / 1_000_000
}

/// A server whose clock is as much off as is wanted.
struct Clocked {
    server: Server,
    folder: TempDir,
    storage: Storage,
}

impl Clocked {
    /// `Err` says why there is none.
    fn start(engine: Engine, arguments: &[&str]) -> Result<Self, String> {
        let library = preload::library("faketime/libfaketimeMT.so.1", "libfaketime")?;
        let (storage, folder) = (Storage::migrated(engine), TempDir::new().unwrap());
        set(&folder, 0);
        let database = url(&storage.location());
        let serve = ["serve", "--listen", "127.0.0.1:0", "--database-url", &database];
        let mut command = program(&[&serve, arguments].concat());
        // It is told to leave alone the clock that only counts, which nobody can set.
        command.env("LD_PRELOAD", library).env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("DONT_FAKE_MONOTONIC", "1");
        command.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_TIMESTAMP_FILE", offset_in(&folder));
        Ok(Self { server: Server::of(command), folder, storage })
    }

    fn jump(&self, offset: i64) {
        set(&self.folder, offset);
    }

    /// Who may write at a time that is so much off.
    fn editor_at(&self, offset: i64) -> Client {
        let now = Instant::from_microseconds(Clock::System.now().microseconds() + offset * 1_000_000);
        let token = Tokens::new(SECRET.as_bytes()).issue("editor@test", Role::Editor, now, 3600).unwrap();
        Client { address: self.server.address, token: Some(token) }
    }
}

fn offset_in(folder: &TempDir) -> PathBuf {
    folder.path().join("offset")
}

/// Replaces the file at once, since the program reads it all the time.
fn set(folder: &TempDir, offset: i64) {
    let new = folder.path().join("new");
    fs::write(&new, format!("{offset:+}\n")).unwrap();
    fs::rename(new, offset_in(folder)).unwrap();
}

fn put_with_key(editor: &Client, name: &str) -> Response {
    let request = editor.request("POST", "/v1/people").header("Idempotency-Key", "once");
    request.json(&json!({ "name": name })).send()
}

/// Writes at each of the times, and asks what tells that nothing went back.
fn clock_jumps(engine: Engine) {
    let clocked = match Clocked::start(engine, &[]) {
        Ok(clocked) => clocked,
        Err(reason) => return println!("SKIPPED: {reason}"),
    };
    let from_the_start = clocked.editor_at(0);
    let mut kept = put_with_key(&from_the_start, "First").expect(201).json()["id"].clone();
    let mut names = vec!["First".to_owned()];
    for (number, offset) in jumps().into_iter().enumerate() {
        clocked.jump(offset);
        let editor = clocked.editor_at(offset);
        let name = format!("Jump {number}");
        let written = editor.post("/v1/people", &json!({ "name": name })).expect(201).json();
        names.push(name);
        let told: Instant = written["created_at"].as_str().unwrap().parse().unwrap();
        let off = seconds(told) - seconds(Clock::System.now());
        assert!((off - offset).abs() < TOLERANCE, "the clock is off by {off} s, and not by {offset}");
        assert_eq!(written["id"], names.len(), "ids go on");

        // A token is good at its time, and at no other.
        let status = if offset == 0 { 200 } else { 401 };
        from_the_start.get("/v1/people/1").expect(status);
        // A key is remembered for a day, however much longer a clock that went back makes that.
        let again = put_with_key(&editor, "First").expect(201);
        if offset <= 0 {
            assert_eq!((again.header("idempotent-replayed"), &again.json()["id"]), (Some("true"), &kept));
        } else {
            names.push("First".to_owned());
            kept = again.json()["id"].clone();
            assert_eq!(kept, names.len(), "after ten years it is a new one");
        }
        clocked.server.public().get("/readyz").expect(200);
    }
    let feed = from_the_start.get("/v1/changes?limit=100").expect(200).json();
    let feed: Vec<_> =
        feed["data"].as_array().unwrap().iter().map(|row| (&row["sequence"], &row["after"]["name"])).collect();
    let written: Vec<_> = (1..).zip(&names).map(|(sequence, name)| (json!(sequence), json!(name))).collect();
    assert_eq!(feed, written.iter().map(|(sequence, name)| (sequence, name)).collect::<Vec<_>>());
    run(program(&["verify", "--database-url", &url(&clocked.storage.location())])).done();
}

#[test]
fn clock_that_jumps_moves_nothing_back_on_sqlite() {
    clock_jumps(Engine::Sqlite);
}

#[test]
fn clock_that_jumps_moves_nothing_back_on_postgres() {
    clock_jumps(Engine::Postgres);
}

/// Has a request wait for its body, moves the clock, sends the rest, if any, and gives the answer.
fn waiting_while_it_jumps(clocked: &Clocked, editor: &Client, offset: i64, sends: bool) -> Response {
    let request = editor.request("POST", "/v1/people").header("Expect", "100-continue");
    let bytes = request.json(&json!({ "name": "An" })).bytes();
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let mut stream = editor.connect();
    stream.write_all(&bytes[..head]).unwrap();
    let mut going_on = [0_u8; 25];
    stream.read_exact(&mut going_on).unwrap();
    clocked.jump(offset);
    if sends {
        stream.write_all(&bytes[head..]).unwrap();
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    Response::parse(&answer, false)
}

#[test]
fn time_that_a_body_has_is_not_that_of_the_clock() {
    let clocked = match Clocked::start(Engine::Sqlite, &["--body-seconds", "2"]) {
        Ok(clocked) => clocked,
        Err(reason) => return println!("SKIPPED: {reason}"),
    };
    // Who calls is looked at before the body is read.
    assert_eq!(waiting_while_it_jumps(&clocked, &clocked.editor_at(0), 3652 * DAY, true).status, 201);
    assert_eq!(waiting_while_it_jumps(&clocked, &clocked.editor_at(3652 * DAY), -DAY, false).status, 408);
}
