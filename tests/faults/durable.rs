//! No answer leaves before what it acknowledges is on the disk (R2d): what the program asks of the kernel is traced, and
//! held against the order in which it must.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::process::{Server, beside_others, isolated, url};
use crate::support::Engine;
use crate::support::service::Storage;

const WRITES: usize = 200;

/// How many answers 201 a trace has, each of which left when all that had been written to the log of the database was on
/// the disk, and something had come there since the answer before; or the first that did not.
fn acknowledged(trace: &str) -> Result<usize, String> {
    let (mut answers, mut written, mut synced) = (0, false, false);
    // The threads whose call has begun, and is told of when it ends.
    let mut syncing = HashSet::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ').map(|(thread, call)| (thread, call.trim_start())) else {
            continue;
        };
        let of_log = call.split_once('>').is_some_and(|(file, _)| file.ends_with("-wal"));
        let syncs = call.starts_with("fsync(") || call.starts_with("fdatasync(");
        if call.starts_with("pwrite64(") && of_log {
            (written, synced) = (true, false);
        } else if syncs && of_log && call.ends_with("<unfinished ...>") {
            syncing.insert(thread);
        } else if (syncs && of_log) || (call.contains("sync resumed>") && syncing.remove(thread)) {
            if !call.ends_with("= 0") {
                return Err(format!("the disk did not take it: {line}"));
            }
            (written, synced) = (false, true);
        } else if call.contains("\"HTTP/1.1 201") {
            if written || !synced {
                return Err(format!("after {answers} answers one left too early: {line}"));
            }
            (answers, synced) = (answers + 1, false);
        }
    }
    Ok(answers)
}

#[test]
fn no_write_is_acknowledged_before_it_is_on_the_disk() {
    let _busy = beside_others();
    let (storage, folder) = (Storage::migrated(Engine::Sqlite), tempfile::tempdir().unwrap());
    let trace = folder.path().join("trace");
    let strace = |arguments: &[&OsStr]| {
        let mut command = Command::new("strace");
        command.args([
            "-D",
            "-f",
            "-y",
            "-s",
            "16",
            "-e",
            "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg",
            "-o",
        ]);
        command.arg(&trace).args(arguments);
        isolated(command)
    };
    let tried = strace(&["true".as_ref()]).stderr(Stdio::null()).status();
    if !tried.is_ok_and(|status| status.success()) {
        return println!("SKIPPED: no process can be traced: apt-get install strace");
    }
    let (program, url) = (env!("CARGO_BIN_EXE_directive-tracker"), url(&storage.location()));
    let arguments = [program, "serve", "--listen", "127.0.0.1:0", "--database-url", &url];
    let server = Server::of(strace(&arguments.map(OsStr::new)));
    let editor = server.editor();
    for number in 0..WRITES {
        editor.post("/v1/people", &json!({ "name": format!("Người {number}") })).expect(201);
    }
    server.terminate();
    assert!(server.ended().success());

    let trace = std::fs::read_to_string(&trace).unwrap();
    assert_eq!(acknowledged(&trace), Ok(WRITES));
    // The same without what keeps the promise.
    let unsynced: Vec<&str> = trace.lines().filter(|line| !line.contains("sync")).collect();
    assert!(acknowledged(&unsynced.join("\n")).is_err());
}

#[test]
fn answer_that_leaves_too_early_is_seen() {
    let (write, begin, end) = (
        "7 pwrite64(5</d/t.db-wal>, \"x\", 24, 0) = 24",
        "7 fsync(5</d/t.db-wal> <unfinished ...>",
        "7 <... fsync resumed>) = 0",
    );
    let (whole, answer) = ("7 fsync(5</d/t.db-wal>) = 0", "8 sendto(9<TCP:[1]>, \"HTTP/1.1 201 Crea\"..., 16, 0) = 16");
    let other = "6 fsync(4</d/t.db>) = 0";
    for (good, lines) in [
        (true, vec![write, whole, answer, write, begin, end, answer]),
        (false, vec![write, answer, whole]),
        (false, vec![write, begin, answer, end]),
        (false, vec![write, other, answer]),
        (false, vec![write, whole, write, answer]),
        (false, vec![write, whole, answer, answer]),
        (false, vec![write, "7 fsync(5</d/t.db-wal>) = -1 EIO (Input/output error)", answer]),
    ] {
        assert_eq!(acknowledged(&lines.join("\n")).is_ok(), good, "{lines:?}");
    }
}
