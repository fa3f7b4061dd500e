//! What cannot be served: the program ends within two seconds, with one line that says why and a status that says what to
//! do about it (R7, R8, R9). What can still be served in part is.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::{Conn, Location};
use insta::assert_snapshot;
use serde_json::json;
use tempfile::TempDir;

use crate::process::{PROMPTLY, Server, isolated, program, run, unprivileged, url};
use crate::support::service::Storage;
use crate::support::{Engine, given};

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("directive-tracker-").tempdir().unwrap()
}

fn serving(database: &str) -> Command {
    program(&["serve", "--listen", "127.0.0.1:0", "--database-url", database])
}

/// With which status a command ends that cannot be carried out, and its reason, with `hidden` left out.
#[track_caller]
fn refused(command: Command, hidden: &str) -> String {
    let ended = run(command);
    assert!(ended.took < PROMPTLY, "{ended:?}");
    assert_eq!(ended.lines.len(), 1, "{ended:?}");
    let reason = ended.lines[0].split_once("] ").unwrap().1.replace(hidden, "…");
    format!("{} {reason}", ended.status.code().unwrap())
}

/// A file of these bytes in a folder, and how `serve` refuses it, which changes nothing.
#[track_caller]
fn refused_file(folder: &TempDir, file: &Path) -> String {
    let before = fs::read(file).unwrap();
    let reason = refused(serving(&format!("sqlite:{}", file.display())), folder.path().to_str().unwrap());
    assert!(fs::read(file).unwrap() == before, "the file was changed");
    reason
}

#[test]
fn folder_that_cannot_be_written_to_is_refused() {
    let folder = folder();
    let command =
        |database: &str| unprivileged(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--database-url", database]);
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, std::os::unix::fs::PermissionsExt::from_mode(0o555)).unwrap();
    let database = format!("sqlite:{}/tracker.db", locked.display());
    assert_snapshot!(refused(command(&database), folder.path().to_str().unwrap()), @"74 cannot open …/locked/tracker.db-lock: Permission denied (os error 13)");
    let database = format!("sqlite:{}/missing/tracker.db", folder.path().display());
    assert_snapshot!(refused(command(&database), folder.path().to_str().unwrap()), @"74 cannot open sqlite:…/missing/tracker.db: there is no folder …/missing: No such file or directory (os error 2)");
}

#[test]
fn file_that_is_no_database_is_refused() {
    let folder = folder();
    let file = folder.path().join("noise.db");
    fs::write(&file, (0..20_480_u32).map(|number| (number * 31 % 251) as u8).collect::<Vec<_>>()).unwrap();
    assert_snapshot!(refused_file(&folder, &file), @"65 cannot open sqlite:…/noise.db: file is not a database");
}

/// A database that somebody else made.
fn made_by_another(folder: &TempDir, statements: &str) -> PathBuf {
    let file = folder.path().join("other.db");
    let mut other = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    other.batch_execute(statements).unwrap();
    file
}

#[test]
fn database_of_another_program_is_refused_by_its_application_id() {
    let folder = folder();
    let file = made_by_another(&folder, "PRAGMA application_id = 252006673; PRAGMA user_version = 1");
    assert_snapshot!(refused_file(&folder, &file), @"65 cannot open sqlite:…/other.db: it is no database of this program");
}

#[test]
fn database_of_another_program_is_refused_by_its_tables() {
    let folder = folder();
    let file = made_by_another(&folder, "CREATE TABLE invoices (id INTEGER PRIMARY KEY)");
    assert_snapshot!(refused_file(&folder, &file), @"65 cannot open sqlite:…/other.db: it is no database of this program");
}

#[test]
fn empty_file_becomes_a_database() {
    let folder = folder();
    let file = folder.path().join("empty.db");
    fs::write(&file, "").unwrap();
    let location = Location::Sqlite(file);
    given::person(&Server::start(&location, &[]).editor(), json!({}));
    run(program(&["check", "--database-url", &url(&location)])).done();
}

fn newer(engine: Engine) -> String {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')").unwrap();
    drop(conn);
    let address = storage.location().to_string();
    let reason = refused(serving(&url(&storage.location())), &address);
    let verified = refused(program(&["verify", "--database-url", &url(&storage.location())]), &address);
    assert_eq!(reason, verified);
    reason
}

#[test]
fn database_of_a_newer_program_is_refused() {
    assert_snapshot!(newer(Engine::Sqlite), @"65 cannot use …: the schema has 20991231000001, of a newer program: use that");
    assert_eq!(newer(Engine::Postgres), newer(Engine::Sqlite));
}

#[test]
fn second_server_of_one_file_is_refused() {
    let storage = Storage::migrated(Engine::Sqlite);
    let first = Server::start(&storage.location(), &[]);
    let second = refused(serving(&url(&storage.location())), &storage.location().to_string());
    assert_eq!(second, format!("75 … is served by another process already (process {})", first.id()));
}

#[test]
fn address_that_is_taken_is_refused() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let listener = TcpListener::bind(&taken).unwrap();
    let database = format!("sqlite:{}/tracker.db", folder.path().display());
    let command = program(&["serve", "--listen", &taken, "--database-url", &database]);
    assert_snapshot!(refused(command, &taken), @"75 cannot listen on …: Address already in use (os error 98)");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    drop(listener);
}

#[test]
fn server_of_postgres_that_is_not_there_is_told_of() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let database = format!("postgres://tracker:hidden@{free}/tracker");
    let port = free.port().to_string();
    assert_snapshot!(refused(serving(&database), &port), @r#"69 cannot open postgres://127.0.0.1:…/tracker: connection to server at "127.0.0.1", port … failed: Connection refused Is the server running on that host and accepting TCP/IP connections?"#);
    let verified = refused(program(&["verify", "--database-url", &database]), &port);
    assert_eq!(verified, refused(serving(&database), &port));
}

#[test]
fn setting_that_is_wrong_is_told_of() {
    let mut command = isolated(serving("sqlite:unused.db"));
    command.env("DIRECTIVE_TRACKER_SECRET", "short");
    assert_snapshot!(refused(command, "/none"), @"78 the secret in DIRECTIVE_TRACKER_SECRET has 5 bytes; at least 32 are needed");
    assert_snapshot!(refused(program(&["serve", "--cors-origins", "app.example"]), "/none"), @r#"78 "app.example" is no origin for --cors-origins: write http://host or https://host, with :port where it has one, or *"#);
}

#[derive(QueryableByName)]
struct Root {
    #[diesel(sql_type = Integer)]
    page: i32,
}

/// Overwrites the first page of a table.
fn damage(location: &Location, table: &str) {
    let mut conn = Conn::open(location, Purpose::Write).unwrap();
    // What the log of the database has would stand in for the page.
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let query = format!("SELECT rootpage AS page FROM sqlite_schema WHERE name = '{table}'");
    let Root { page } = diesel::sql_query(query).get_result(&mut conn).unwrap();
    drop(conn);
    let file = location.file().unwrap();
    let mut bytes = fs::read(file).unwrap();
    let begin = (usize::try_from(page).unwrap() - 1) * 4096;
    bytes[begin..begin + 4096].fill(0xaa);
    fs::write(file, bytes).unwrap();
}

#[test]
fn damaged_page_is_told_of_and_nothing_is_written_any_more() {
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &[]);
    given::person(&server.editor(), json!({}));
    given::organization(&server.editor(), json!({}));
    server.kill();
    damage(&storage.location(), "people");

    let server = Server::start(&storage.location(), &[]);
    server.public().get("/v1/organizations/1").expect(200);
    assert_snapshot!(server.public().get("/v1/people/1"), @r#"
    503
    cache-control: no-store
    content-type: application/problem+json
    retry-after: 60
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#storage_corrupt",
      "title": "The storage is damaged",
      "status": 503,
      "code": "storage_corrupt",
      "detail": "The storage is damaged.",
      "instance": "/v1/people/1"
    }
    "#);
    let ready = server.public().get("/readyz");
    assert_eq!((ready.status, &ready.json()["code"]), (503, &json!("storage_corrupt")));
    server.public().get("/healthz").expect(200);
    server.public().get("/v1/organizations/1").expect(200);
    let refused = server.editor().post("/v1/sources", &json!({ "title": "Báo cáo", "kind": "original" }));
    assert_eq!((refused.status, &refused.json()["code"]), (503, &json!("storage_corrupt")));
    for _ in 0..20 {
        server.public().get("/v1/people/1").expect(503);
    }
    server.terminate();
    let (_, lines) = server.ended_saying();
    let told = lines.iter().filter(|line| line.contains("malformed")).count();
    assert_eq!(told, 1, "once a minute: {lines:?}");
}
