//! More connections than the program may have open (R27): it waits without spinning, and goes on once there are fewer.

use std::fs;
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::process::{Server, isolated, url};
use crate::support::service::Storage;
use crate::support::{Engine, given};

/// How many files it may have open, and how many connections there are that say nothing.
const LIMIT: usize = 256;
const IDLE: usize = 400;

/// How much of a processor a process has had.
fn processor_time(process: u32) -> Duration {
    let all = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // After its name, in brackets; user and system time are the 14th and 15th, in hundredths of a second.
    let fields: Vec<&str> = all.rsplit_once(") ").unwrap().1.split(' ').collect();
    let hundredths: u64 = fields[11..13].iter().map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(hundredths * 10)
}

#[test]
fn more_connections_than_may_be_open_are_waited_out_without_spinning() {
    let storage = Storage::migrated(Engine::Sqlite);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -n {LIMIT}; exec \"$@\""), "sh", env!("CARGO_BIN_EXE_directive-tracker")]);
    shell.args(["serve", "--listen", "127.0.0.1:0", "--database-url", &url(&storage.location())]);
    let server = Server::of(isolated(shell));
    let person = given::person(&server.editor(), json!({}));
    let (begun, before) = (Instant::now(), processor_time(server.id()));
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| server.public().connect()).collect();
    // It comes after all of them: those that say nothing are let go one after the other until it is its turn.
    server.public().get("/healthz").expect(200);
    let (took, used) = (begun.elapsed(), processor_time(server.id()).saturating_sub(before));
    println!("the next one was answered after {took:?}, of which the program worked for {used:?}");
    assert!(took > Duration::from_secs(1), "there was no want of descriptors: {took:?}");
    assert!(used < took / 4, "it worked for {used:?} of {took:?}");
    drop(idle);
    assert_eq!(server.public().get(&person.url()).expect(200).json()["name"], person["name"]);
    given::person(&server.editor(), json!({}));
}
