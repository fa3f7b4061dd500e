//! The program is killed while it brings a database up to date (R10): the schema is that of before or that of after, never
//! between, and the next start does it. Two that do it at once take turns.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::{Conn, Location, migrate};
use serde_json::json;

use crate::attempt::PATIENCE;
use crate::process::{Server, beside_others, program, run, url};
use crate::support::postgres::TestDatabase;
use crate::support::service::Storage;
use crate::support::{Engine, given};

/// At how many instants it is killed, from its start to a little after it would be done.
const INSTANTS: u32 = 16;

/// How many migrations an older program did not have.
const LACKING: usize = 6;

/// All that is in a database, as far as a migration changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Schema {
    migrations: Vec<String>,
    objects: String,
}

const OF_SQLITE: &str = "SELECT coalesce(group_concat(coalesce(sql, name), ';' ORDER BY name), '') AS objects
    FROM sqlite_schema";

const OF_POSTGRES: &str = "SELECT coalesce(string_agg(line, ';' ORDER BY line), '') AS objects FROM (
        SELECT concat_ws(' ', attrelid::regclass, attname, atttypid::regtype, attnotnull) AS line FROM pg_attribute
            WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) AND NOT attisdropped
        UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS lines";

#[derive(QueryableByName)]
struct Objects {
    #[diesel(sql_type = Text)]
    objects: String,
}

impl Schema {
    fn of(location: &Location) -> Self {
        let mut conn = Conn::open(location, Purpose::Read).unwrap();
        let migrations = migrate::applied(&mut conn).unwrap();
        let query = if matches!(conn, Conn::Pg(_)) { OF_POSTGRES } else { OF_SQLITE };
        let Objects { objects } = diesel::sql_query(query).get_result(&mut conn).unwrap();
        Self { migrations, objects }
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(conn: &mut Conn, query: &str) -> i64 {
    diesel::sql_query(query).get_result::<Count>(conn).unwrap().count
}

/// A database from which a migration starts. It can be had any number of times.
#[derive(Debug, Clone, Copy)]
enum Origin {
    Nothing,
    /// One of an older program, with a person.
    Older,
}

fn made(engine: Engine, from: Origin) -> Storage {
    let storage = match (from, engine) {
        (Origin::Nothing, Engine::Sqlite) => Storage::Sqlite(tempfile::tempdir().unwrap()),
        (Origin::Nothing, Engine::Postgres) => Storage::Postgres(TestDatabase::empty()),
        (Origin::Older, _) => Storage::migrated(engine),
    };
    if matches!(from, Origin::Older) {
        given::person(&Server::start(&storage.location(), &[]).editor(), json!({ "name": "An" }));
        let mut conn = storage.connect(Purpose::Write);
        for _ in 0..LACKING {
            migrate::revert_last(&mut conn).unwrap();
        }
    }
    storage
}

fn migrating(location: &Location) -> Child {
    let mut command = program(&["migrate", "--database-url", &url(location)]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits so long, or until what is waited for has come.
fn wait(time: Duration, mut until: impl FnMut() -> bool) {
    let (_never, clock) = channel::<()>();
    let end = Instant::now() + time;
    while !until() && Instant::now() < end {
        let _ = clock.recv_timeout(Duration::from_micros(200));
    }
}

/// What a file of SQLite has beside it while a transaction is brought to disk.
fn log_has_begun(file: &Path) -> bool {
    file.with_extension("db-wal").metadata().is_ok_and(|log| log.len() > 0)
}

/// Waits until PostgreSQL has done what it was told before the program was killed.
fn wait_for_postgres(location: &Location) {
    let mut conn = Conn::open(location, Purpose::Read).unwrap();
    let query = "SELECT count(*) AS count FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()";
    wait(PATIENCE, || count(&mut conn, query) == 0);
}

/// Kills the program while it migrates, and says whether that left the schema of before.
fn killed(location: &Location, when: impl FnOnce(&mut Child), before: &Schema, after: &Schema) -> bool {
    let mut migrating = migrating(location);
    when(&mut migrating);
    let _ = migrating.kill();
    migrating.wait().unwrap();
    if let Location::Postgres(_) = location {
        wait_for_postgres(location);
    }
    let found = Schema::of(location);
    assert!(found == *before || found == *after, "neither the schema of before nor that of after: {found:?}");
    found == *before
}

/// It does what was broken off, and all is as if nothing had happened.
fn done_by_the_next(location: &Location, from: Origin, after: &Schema) {
    let server = Server::start(location, &[]);
    assert!(Schema::of(location) == *after);
    if matches!(from, Origin::Older) {
        assert_eq!(server.public().get("/v1/people/1").expect(200).json()["name"], "An");
    }
    drop(server);
    for command in ["check", "verify"] {
        run(program(&[command, "--database-url", &url(location)])).done();
    }
}

fn interrupted(engine: Engine, from: Origin) {
    let _busy = beside_others();
    let whole = made(engine, from);
    let before = Schema::of(&whole.location());
    let took = run(program(&["migrate", "--database-url", &url(&whole.location())])).took;
    let after = Schema::of(&whole.location());
    assert!(before != after);

    let (mut storage, mut left_as_before) = (made(engine, from), 0);
    for instant in 0..INSTANTS {
        let location = storage.location();
        let when = |migrating: &mut Child| match location.file() {
            // The end takes least, and is where most could go wrong: every other time it is killed in that.
            Some(file) if instant % 2 == 0 => wait(PATIENCE, || log_has_begun(file)),
            _ => wait(took * instant * 5 / INSTANTS / 4, || migrating.try_wait().unwrap().is_some()),
        };
        if killed(&location, when, &before, &after) {
            left_as_before += 1;
        } else {
            done_by_the_next(&location, from, &after);
            storage = made(engine, from);
        }
    }
    println!("killed at {INSTANTS} instants of {took:?}: {left_as_before} times nothing was done");
    assert!(left_as_before > 0, "it was never killed in the middle");
    done_by_the_next(&storage.location(), from, &after);
}

#[test]
fn migration_of_an_empty_file_that_is_killed_is_done_or_not_begun() {
    interrupted(Engine::Sqlite, Origin::Nothing);
}

#[test]
fn migration_of_an_older_file_that_is_killed_is_done_or_not_begun() {
    interrupted(Engine::Sqlite, Origin::Older);
}

#[test]
fn migration_of_an_empty_postgres_that_is_killed_is_done_or_not_begun() {
    interrupted(Engine::Postgres, Origin::Nothing);
}

#[test]
fn migration_of_an_older_postgres_that_is_killed_is_done_or_not_begun() {
    interrupted(Engine::Postgres, Origin::Older);
}

/// Four that bring up to date the same database at once.
fn at_once(engine: Engine) {
    let _busy = beside_others();
    let storage = made(engine, Origin::Older);
    let location = storage.location();
    let migrate = || run(program(&["migrate", "--database-url", &url(&location)]));
    let ended = std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(migrate)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(ended.iter().all(|ended| ended.status.success()), "{ended:?}");
    let done = format!("applied {LACKING} migrations");
    let lines = ended.iter().flat_map(|ended| &ended.lines);
    assert_eq!(lines.filter(|line| line.ends_with(&done)).count(), 1, "one did it, all of it: {ended:?}");
}

#[test]
fn migrations_at_once_take_turns_on_sqlite() {
    at_once(Engine::Sqlite);
}

#[test]
fn migrations_at_once_take_turns_on_postgres() {
    at_once(Engine::Postgres);
}

#[test]
fn server_waits_for_another_that_migrates_on_postgres() {
    let storage = made(Engine::Postgres, Origin::Older);
    let mut other = storage.connect(Purpose::Write);
    other.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(7310868735423665748)").unwrap();
    let lacking = Schema::of(&storage.location());
    let location = storage.location();
    std::thread::scope(|scope| {
        let server = scope.spawn(|| Server::start(&location, &[]));
        let mut seen = storage.connect(Purpose::Read);
        let query = "SELECT count(*) AS count FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        wait(PATIENCE, || count(&mut seen, query) == 1);
        assert!(Schema::of(&location) == lacking, "it did not wait");
        other.batch_execute("COMMIT").unwrap();
        server.join().unwrap().public().get("/v1/people/1").expect(200);
    });
    assert!(Schema::of(&location) != lacking);
}

#[test]
fn one_of_two_servers_that_begin_on_one_empty_file_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("tracker.db"));
    fs::write(location.file().unwrap(), "").unwrap();
    let serve = || program(&["serve", "--listen", "127.0.0.1:0", "--database-url", &url(&location)]);
    let mut both = [(); 2].map(|()| serve().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let mut ended = Vec::new();
    wait(PATIENCE, || {
        ended = both.iter_mut().filter_map(|server| server.try_wait().unwrap()).collect();
        !ended.is_empty()
    });
    let codes: Vec<_> = ended.iter().map(std::process::ExitStatus::code).collect();
    for server in &mut both {
        let _ = (server.kill(), server.wait());
    }
    assert_eq!(codes, [Some(75)]);
}
