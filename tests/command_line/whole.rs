//! `export`, `import`, `backup`, `restore` and `check`, as an administrator meets them: what they leave behind, what they
//! refuse and in which words.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::{SERVE, Server, folder, program};

const DATABASE: &str = "directive-tracker.db";

/// Runs a command that has to succeed, and gives what it prints.
fn done(folder: &TempDir, arguments: &[&str]) -> String {
    let output = program(folder, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The errors that a command logs, which has to fail, without the folder that it runs in.
fn refused(folder: &TempDir, arguments: &[&str]) -> Vec<String> {
    let output = program(folder, arguments).output().unwrap();
    // Which status goes with which reason is tested in `tests/faults`.
    assert!(matches!(output.status.code(), Some(1 | 65 | 74 | 75)), "{arguments:?}: {:?}", output.status);
    errors(folder, &output)
}

fn errors(folder: &TempDir, output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    let here = format!("{}/", folder.path().canonicalize().unwrap().display());
    let errors = text.lines().filter(|line| line.contains(" ERROR "));
    errors.map(|line| line.split_once("] ").unwrap().1.replace(&here, "")).collect()
}

/// The files of a folder with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

fn names(folder: &TempDir) -> Vec<String> {
    files(folder.path()).into_keys().collect()
}

/// The database that `restore` has put aside.
fn kept(folder: &TempDir) -> Option<String> {
    names(folder).into_iter().find(|name| name.contains("-before-restore-") && !name.contains(".db-"))
}

/// A folder with a database that has the reference data.
fn loaded() -> TempDir {
    let folder = folder();
    done(&folder, &["load", "reference"]);
    folder
}

fn sql(folder: &TempDir, file: &str, statements: &str) {
    let file = folder.path().join(file);
    SqliteConnection::establish(file.to_str().unwrap()).unwrap().batch_execute(statements).unwrap();
}

#[test]
fn whole_database_goes_through_a_pipe_and_a_file_alike() {
    let folder = loaded();
    done(&folder, &["export", "--output", "a.ndjson"]);
    let printed = done(&folder, &["export"]);
    assert!(printed.into_bytes() == fs::read(folder.path().join("a.ndjson")).unwrap());
    let output = program(&folder, &["import", "a.ndjson", "--database-url", "sqlite:b.db"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let last = said.lines().last().unwrap();
    assert!(last.contains("imported 990 changes of 990 records and 979 external keys in "), "{said}");
    assert!(last.contains(" a second; the last hash is "), "{said}");
    assert_eq!(said.lines().count(), 2, "no progress bar where nobody looks on: {said}");
    done(&folder, &["verify", "--database-url", "sqlite:b.db"]);
    let file = fs::File::open(folder.path().join("a.ndjson")).unwrap();
    let piped = program(&folder, &["import", "-", "--database-url", "sqlite:c.db"]).stdin(file).status().unwrap();
    assert!(piped.success());
    assert_eq!(done(&folder, &["verify"]), done(&folder, &["verify", "--database-url", "sqlite:c.db"]));
}

#[test]
fn file_is_exported_whole_and_over_another_only_when_told() {
    let folder = loaded();
    done(&folder, &["export", "--output", "a.ndjson"]);
    let before = files(folder.path());
    let in_the_way = "a.ndjson is there already; --overwrite puts the new one in its place";
    assert_eq!(refused(&folder, &["export", "--output", "a.ndjson"]), [in_the_way]);
    assert_eq!(refused(&folder, &["backup", "--output", "a.ndjson"]), [in_the_way]);
    assert_eq!(files(folder.path()), before);
    done(&folder, &["load", "sample"]);
    done(&folder, &["export", "--output", "a.ndjson", "--overwrite"]);
    assert!(fs::metadata(folder.path().join("a.ndjson")).unwrap().len() > 1_000_000);
    assert_eq!(names(&folder), ["a.ndjson", DATABASE, "directive-tracker.db-lock"]);
}

#[test]
fn what_cannot_be_exported_or_imported_is_told_in_one_line_and_makes_nothing() {
    let folder = folder();
    fs::write(folder.path().join("empty"), "").unwrap();
    fs::write(folder.path().join("other"), "{}\n").unwrap();
    let before = names(&folder);
    let cases: [(&[&str], &str); 7] = [
        (&["export"], "there is no database sqlite:directive-tracker.db"),
        (&["backup"], "there is no database sqlite:directive-tracker.db"),
        (&["import", "missing"], "cannot read missing: No such file or directory (os error 2)"),
        (&["import", "."], ". is a folder"),
        (&["import", "empty"], "cannot import empty: it is empty"),
        (&["import", "other"], "cannot import other: line 1: is not the first line of an exported database"),
        (&["restore", "missing"], "there is no file missing"),
    ];
    for (arguments, line) in cases {
        assert_eq!(refused(&folder, arguments), [line]);
        assert_eq!(names(&folder), before, "{arguments:?}");
    }
}

#[test]
fn postgresql_has_tools_of_its_own() {
    let folder = folder();
    let url = "postgres://an:secret@127.0.0.1:1/tracker";
    let named = |arguments: &[&str]| refused(&folder, &[arguments, &["--database-url", url]].concat());
    let backup = "only a SQLite database is backed up so; for postgres://127.0.0.1:1/tracker use pg_dump, or `export`";
    assert_eq!(named(&["backup"]), [backup]);
    let restore =
        "only a SQLite database is restored so; for postgres://127.0.0.1:1/tracker use pg_restore, or `import`";
    assert_eq!(named(&["restore", "a.db"]), [restore]);
}

#[test]
fn import_that_is_killed_leaves_the_database_empty() {
    let folder = loaded();
    let lines = done(&folder, &["export"]).into_bytes();
    let into = ["import", "-", "--database-url", "sqlite:b.db"];
    let mut child = program(&folder, &into).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    // A pipe holds 64 KiB: when so much is written, most of it was read, and rows of the log with it.
    let half = lines.len() / 2;
    assert!(half > 200_000);
    child.stdin.as_mut().unwrap().write_all(&lines[..half]).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(done(&folder, &["verify", "--database-url", "sqlite:b.db"]).starts_with("0 changes"));
    fs::write(folder.path().join("a.ndjson"), lines).unwrap();
    done(&folder, &["import", "a.ndjson", "--database-url", "sqlite:b.db"]);
}

#[test]
fn database_that_is_served_is_neither_served_again_nor_replaced() {
    let folder = loaded();
    done(&folder, &["backup", "--output", "backup.db"]);
    done(&folder, &["export", "--output", "a.ndjson"]);
    let server = Server::start(program(&folder, SERVE));
    let process = server.child.id();
    let second = format!("sqlite:directive-tracker.db is served by another process already (process {process})");
    assert_eq!(refused(&folder, SERVE), [second]);
    let in_use = format!(
        "sqlite:directive-tracker.db is in use: stop the server, and whatever else of this program works on it, first \
         (process {process})"
    );
    for arguments in [["restore", "backup.db"], ["import", "a.ndjson"]] {
        assert_eq!(refused(&folder, &arguments), [in_use.as_str()]);
    }
    assert_eq!(server.status_of("/v1/documents"), "HTTP/1.1 200 OK");
    // What only reads, or writes beside it, goes on.
    for arguments in [["verify"].as_slice(), &["check"], &["export"], &["migrate"], &["load", "reference"]] {
        done(&folder, arguments);
    }
    drop(server);
    done(&folder, &["restore", "backup.db"]);
}

#[test]
fn backup_made_while_others_write_has_all_that_was_answered_before_it() {
    let folder = loaded();
    let server = Server::start(program(&folder, SERVE));
    let token = done(&folder, &["token", "--subject", "an"]);
    for _ in 0..5 {
        assert_eq!(server.created(token.trim()), "HTTP/1.1 201 Created");
    }
    let mut backup = program(&folder, &["backup", "--output", "backup.db"]).stderr(Stdio::null()).spawn().unwrap();
    let mut meanwhile = 0;
    while backup.try_wait().unwrap().is_none() {
        assert_eq!(server.created(token.trim()), "HTTP/1.1 201 Created");
        meanwhile += 1;
    }
    assert!(backup.wait().unwrap().success());
    assert!(meanwhile > 0, "nobody wrote meanwhile");
    drop(server);
    let sound = done(&folder, &["check", "--database-url", "sqlite:backup.db"]);
    let changes: i32 = sound.split(' ').find_map(|word| word.parse().ok()).unwrap();
    assert!((995..=995 + meanwhile).contains(&changes), "{sound}");
}

#[test]
fn backup_is_named_after_the_instant_and_restored_with_what_was_there_kept() {
    let folder = loaded();
    let log = done(&folder, &["verify"]);
    let backup = done(&folder, &["backup"]).trim().to_owned();
    assert!(backup.starts_with("directive-tracker-20") && backup.ends_with("Z.db"), "{backup}");
    done(&folder, &["load", "sample"]);
    let later = done(&folder, &["verify"]);
    done(&folder, &["restore", &backup]);
    assert_eq!(done(&folder, &["verify"]), log);
    let aside = kept(&folder).unwrap();
    assert_eq!(done(&folder, &["verify", "--database-url", &format!("sqlite:{aside}")]), later);
    fs::remove_file(folder.path().join(&aside)).unwrap();
    done(&folder, &["restore", &backup, "--discard"]);
    assert_eq!(kept(&folder), None);
    let itself = "directive-tracker.db is the database itself";
    assert_eq!(refused(&folder, &["restore", DATABASE]), [itself]);
}

#[test]
fn database_that_another_program_has_open_is_not_restored_over() {
    let folder = loaded();
    done(&folder, &["backup", "--output", "backup.db"]);
    let mut other = SqliteConnection::establish(folder.path().join(DATABASE).to_str().unwrap()).unwrap();
    other.batch_execute("UPDATE people SET name = name").unwrap();
    let before = fs::read(folder.path().join(DATABASE)).unwrap();
    assert_eq!(refused(&folder, &["restore", "backup.db"]), ["another program has directive-tracker.db open"]);
    assert_eq!(kept(&folder), None);
    assert_eq!(fs::read(folder.path().join(DATABASE)).unwrap(), before);
    drop(other);
    done(&folder, &["restore", "backup.db"]);
}

#[test]
fn backup_is_restored_over_what_is_no_database_any_more() {
    let folder = loaded();
    let log = done(&folder, &["verify"]);
    done(&folder, &["backup", "--output", "backup.db"]);
    fs::write(folder.path().join(DATABASE), "noise").unwrap();
    done(&folder, &["restore", "backup.db"]);
    assert_eq!(done(&folder, &["verify"]), log);
    assert_eq!(fs::read(folder.path().join(kept(&folder).unwrap())).unwrap(), b"noise");
}

#[test]
fn backup_is_restored_where_there_is_no_database_yet() {
    let folder = loaded();
    done(&folder, &["backup", "--output", "backup.db"]);
    done(&folder, &["restore", "backup.db", "--database-url", "sqlite:new.db"]);
    assert_eq!(done(&folder, &["verify"]), done(&folder, &["verify", "--database-url", "sqlite:new.db"]));
}

#[test]
fn database_whose_process_was_killed_is_restored_over_with_its_log() {
    let folder = loaded();
    done(&folder, &["backup", "--output", "backup.db"]);
    let log = done(&folder, &["verify"]);
    let server = Server::start(program(&folder, SERVE));
    let token = done(&folder, &["token", "--subject", "an"]);
    assert_eq!(server.created(token.trim()), "HTTP/1.1 201 Created");
    drop(server);
    assert!(names(&folder).contains(&"directive-tracker.db-wal".to_owned()), "{:?}", names(&folder));
    done(&folder, &["restore", "backup.db"]);
    assert_eq!(done(&folder, &["verify"]), log);
    let aside = kept(&folder).unwrap();
    assert!(done(&folder, &["verify", "--database-url", &format!("sqlite:{aside}")]).starts_with("991 changes"));
}

/// Files that are no sound database, and what is said of each.
fn unsound(folder: &TempDir) -> [(&'static str, Vec<&'static str>); 7] {
    let path = |name: &str| folder.path().join(name);
    done(folder, &["backup", "--output", "whole.db"]);
    let whole = fs::read(path("whole.db")).unwrap();
    fs::write(path("empty.db"), "").unwrap();
    fs::write(path("noise.db"), "neither a database nor anything else").unwrap();
    fs::write(path("cut.db"), &whole[..50_000]).unwrap();
    fs::write(path("header.db"), &whole[..50]).unwrap();
    sql(folder, "foreign.db", "CREATE TABLE t (x)");
    for (name, statements) in [
        ("newer.db", "INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000000')"),
        (
            "altered.db",
            concat!(
                "DROP TRIGGER changes_no_update; UPDATE changes SET actor = 'x' WHERE sequence = 2;",
                "UPDATE documents SET title = 'x' WHERE id = 3;",
                include_str!("../../migrations/sqlite/triggers.sql")
            ),
        ),
    ] {
        fs::write(path(name), &whole).unwrap();
        sql(folder, name, statements);
    }
    fs::remove_file(path("whole.db")).unwrap();
    let altered = ["row 2 of the log was altered", "document 3 is not as the log has it: title", "for 2 reasons"];
    [
        ("empty.db", vec!["empty.db is empty"]),
        ("noise.db", vec!["noise.db is no SQLite database"]),
        ("cut.db", vec!["cut.db is cut off: it has 50000 bytes of"]),
        ("header.db", vec!["header.db is cut off: it has 50 bytes"]),
        ("foreign.db", vec!["it is no database of this program", "is not sound"]),
        ("newer.db", vec!["the schema has 20990101000000, of a newer program: use that", "is not sound"]),
        ("altered.db", altered.to_vec()),
    ]
}

#[test]
fn what_is_no_sound_database_is_told_so_and_left_as_it_is() {
    let folder = loaded();
    for (name, said) in unsound(&folder) {
        let before = files(folder.path());
        let lines = refused(&folder, &["check", "--database-url", &format!("sqlite:{name}")]);
        assert_eq!(lines.len(), said.len(), "{lines:?}");
        for (line, said) in lines.iter().zip(said) {
            assert!(line.contains(said), "{line}");
        }
        assert!(files(folder.path()) == before, "{name} or what is beside it was changed");
    }
    let missing = refused(&folder, &["check", "--database-url", "sqlite:missing.db"]);
    assert_eq!(missing, ["there is no file missing.db"]);
}

#[test]
fn what_is_no_sound_backup_changes_nothing() {
    let folder = loaded();
    for (name, said) in unsound(&folder) {
        let before = files(folder.path());
        let lines = refused(&folder, &["restore", name]);
        assert!(lines.iter().zip(&said).all(|(line, said)| line.contains(said)), "{lines:?}");
        assert!(files(folder.path()) == before, "{name}: something was changed");
    }
}

#[test]
fn external_key_that_was_moved_is_found_by_all_who_look() {
    let folder = loaded();
    done(&folder, &["backup", "--output", "backup.db"]);
    for file in [DATABASE, "backup.db"] {
        sql(&folder, file, "UPDATE external_keys SET record_id = 2 WHERE resource = 'document' AND record_id = 1");
    }
    let moved = |lines: &[String]| {
        assert!(lines[0].contains("the external key reference/"), "{lines:?}");
        assert!(lines[0].ends_with(" names document 2, and document 1 in the log"), "{lines:?}");
        assert_eq!(lines.len(), 2, "{lines:?}");
    };
    moved(&refused(&folder, &["verify"]));
    moved(&refused(&folder, &["check"]));
    moved(&refused(&folder, &["backup"]));
    moved(&refused(&folder, &["restore", "backup.db"]));
}

#[test]
fn index_that_was_dropped_is_missed_and_a_trigger_comes_back_with_the_next_start() {
    let folder = loaded();
    sql(&folder, DATABASE, "DROP TRIGGER changes_no_update");
    let lines = refused(&folder, &["check"]);
    assert!(lines[0].ends_with("the trigger changes_no_update is missing"), "{lines:?}");
    assert_eq!(lines.len(), 2, "{lines:?}");
    done(&folder, &["migrate"]);
    done(&folder, &["check"]);
    done(&folder, &["backup", "--output", "backup.db"]);
    sql(&folder, "backup.db", "DROP INDEX documents_updated_at_id");
    let lines = refused(&folder, &["restore", "backup.db"]);
    assert!(lines[0].ends_with("the index documents_updated_at_id is missing"), "{lines:?}");
}

/// The files in a folder that are not whole yet.
fn partial(folder: &TempDir) -> usize {
    let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".directive-tracker-partial")).count()
}

#[test]
fn what_a_killed_backup_leaves_goes_with_the_next_file_that_is_written() {
    let folder = loaded();
    // While somebody has the database alone, the backup waits for it with its file begun.
    let file = folder.path().join(DATABASE);
    let mut other = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    other.batch_execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    let mut backup = program(&folder, &["backup"]).stderr(Stdio::null()).spawn().unwrap();
    while partial(&folder) == 0 {
        assert_eq!(backup.try_wait().unwrap(), None, "it did not wait");
    }
    backup.kill().unwrap();
    backup.wait().unwrap();
    drop(other);
    assert_eq!(partial(&folder), 1);
    done(&folder, &["export", "--output", "a.ndjson"]);
    assert_eq!(partial(&folder), 0);
}

#[test]
fn damaged_page_is_found() {
    let folder = loaded();
    let path = folder.path().join(DATABASE);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xAA);
    fs::write(path, bytes).unwrap();
    let lines = refused(&folder, &["check"]);
    assert!(lines.last().unwrap().contains("is not sound"), "{lines:?}");
}

#[test]
fn check_changes_nothing_while_the_database_is_served_nor_when_its_process_was_killed() {
    let folder = loaded();
    let server = Server::start(program(&folder, SERVE));
    let token = done(&folder, &["token", "--subject", "an"]);
    assert_eq!(server.created(token.trim()), "HTTP/1.1 201 Created");
    let same_before_and_after = || {
        let before = files(folder.path());
        assert!(before.contains_key("directive-tracker.db-wal"));
        assert!(done(&folder, &["check"]).contains(" is sound: 991 changes of 991 records, "));
        assert!(files(folder.path()) == before, "something was changed");
    };
    same_before_and_after();
    drop(server);
    same_before_and_after();
}
