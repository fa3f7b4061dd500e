//! A PostgreSQL server of the tests' own: one for each test process, with a database for each test.
//!
//! To make a database takes longer than most tests do. So one that a test is done with is emptied and kept for another,
//! unless its schema is no longer that of the template.
//!
//! It is Debian's PostgreSQL, on loopback and a free port, in a temporary folder. A small shell program keeps watch over
//! it: its standard input is a pipe that only the test process holds, so that it stops the server and removes the folder
//! when the test process ends, however it ends.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::{Conn, Location, migrate};

/// The user that owns the databases; the server trusts whoever comes over loopback.
pub const USER: &str = "directive_tracker";
/// The database that every test's is a copy of.
const TEMPLATE: &str = "template_migrated";
/// How often another free port is tried, should a stranger take the one that was found.
const PORTS: usize = 5;

/// Nothing here outlives the tests, so nothing need survive a power cut.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 400
shared_buffers = '64MB'
dynamic_shared_memory_type = posix
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
log_min_messages = error
timezone = 'UTC'
";

/// Starts the server, says `ready`, waits until nobody holds the pipe, and cleans up; or shows the log.
const WATCH: &str = r#"
trap '' HUP INT TERM
bin=$1 folder=$2 port=$3
if "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 -o "-p $port" start >/dev/null 2>&1 </dev/null
then
    echo ready
    read -r _
    "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1
    rm -rf "$folder"
else
    cat "$folder/log"
fi
"#;

/// Ends what is still connected, and takes every row out of every table. Triggers do not fire meanwhile: the log refuses to
/// be emptied.
const EMPTY: &str = "
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_diesel%' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END
$$";

/// What tells one schema from another.
const SCHEMA: &str = "
SELECT md5(string_agg(line, ';' ORDER BY line)) AS line FROM (
    SELECT concat_ws(' ', attrelid::regclass, attname, atttypid::regtype, attnotnull, attisdropped) AS line
        FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index
    UNION ALL SELECT version FROM __diesel_schema_migrations
) AS lines";

/// A database of one test. It goes with the test, or to another.
pub struct TestDatabase {
    name: String,
    /// Whether another test may have it.
    kept: bool,
}

impl TestDatabase {
    /// A copy of the migrated database.
    pub fn create() -> Self {
        let mut server = server();
        let name = server.free.pop().unwrap_or_else(|| server.make(TEMPLATE));
        Self { name, kept: true }
    }

    /// An empty database, without a schema.
    pub fn empty() -> Self {
        Self { name: server().make("template0"), kept: false }
    }

    /// Where it is.
    pub fn location(&self) -> Location {
        server().location(&self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let failed = std::thread::panicking();
        if self.kept && !failed && emptied(&self.location()) == server().schema {
            server().free.push(std::mem::take(&mut self.name));
            return;
        }
        let dropped = server().admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        if !failed {
            dropped.unwrap();
        }
    }
}

/// Empties a database, and gives its schema.
fn emptied(location: &Location) -> String {
    let mut conn = Conn::open(location, Purpose::Write).unwrap();
    conn.batch_execute(EMPTY).unwrap();
    schema(&mut conn)
}

fn schema(conn: &mut Conn) -> String {
    sql_query(SCHEMA).get_result::<Line>(conn).unwrap().line
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

struct Server {
    port: u16,
    admin: Conn,
    /// How databases are copied.
    strategy: &'static str,
    made: usize,
    /// Databases that are empty, with the schema of the template.
    free: Vec<String>,
    schema: String,
    /// The watch ends when its standard input is closed, which is when this process ends.
    _watch: Child,
}

fn server() -> MutexGuard<'static, Server> {
    static SERVER: OnceLock<Result<Mutex<Server>, String>> = OnceLock::new();
    match SERVER.get_or_init(|| Server::start().map(Mutex::new)) {
        // A test that failed while it held the lock left nothing half done.
        Ok(server) => server.lock().unwrap_or_else(PoisonError::into_inner),
        Err(reason) => panic!("{reason}"),
    }
}

impl Server {
    fn start() -> Result<Self, String> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("directive-tracker-postgres-").tempdir().unwrap();
        let owner = owner();
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        make_cluster(&programs, folder.path(), owner)?;
        let (port, watch) = listen(&programs, folder.path(), owner)?;
        // From here on the watch removes the folder.
        let _ = folder.keep();
        let admin = Conn::open(&location(port, "postgres"), Purpose::Write).unwrap();
        // From version 15 on a copy goes page by page through the log, which takes ten times as long.
        let strategy = if version(&programs) < 15 { "" } else { "STRATEGY FILE_COPY" };
        let mut server =
            Self { port, admin, strategy, made: 0, free: Vec::new(), schema: String::new(), _watch: watch };
        server.copy("template0", TEMPLATE);
        let mut template = Conn::open(&server.location(TEMPLATE), Purpose::Write).unwrap();
        migrate::run(&mut template).unwrap();
        server.schema = schema(&mut template);
        Ok(server)
    }

    fn location(&self, database: &str) -> Location {
        location(self.port, database)
    }

    fn make(&mut self, template: &str) -> String {
        self.made += 1;
        let name = format!("t_{}", self.made);
        self.copy(template, &name);
        name
    }

    fn copy(&mut self, template: &str, name: &str) {
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {template} {}", self.strategy));
    }

    fn execute(&mut self, statement: &str) {
        self.admin.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

fn location(port: u16, database: &str) -> Location {
    Location::Postgres(format!("postgres://{USER}@127.0.0.1:{port}/{database}"))
}

/// The user and the group under which the server runs, where that is not who runs the tests: it refuses to run as root.
pub fn owner() -> Option<(u32, u32)> {
    let number = |arguments: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    is_root().then(|| {
        let user = number(&["-u", "postgres"]).expect("the user postgres, which Debian's package makes");
        (user, number(&["-g", "postgres"]).expect("the group of the user postgres"))
    })
}

pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// A command that runs as the owner of the server.
pub fn as_owner(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command.current_dir("/").env("LC_ALL", "C.UTF-8");
    command
}

pub fn make_cluster(programs: &Path, folder: &Path, owner: Option<(u32, u32)>) -> Result<(), String> {
    let data = folder.join("data");
    let output = as_owner(&programs.join("initdb"), owner)
        .args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username", USER, "--pgdata"])
        .arg(&data)
        .output()
        .unwrap();
    if !output.status.success() {
        return Err(format!("initdb failed:\n{}", said(&output)));
    }
    let file = data.join("postgresql.conf");
    let mut configuration = std::fs::read_to_string(&file).unwrap();
    configuration.push_str(SETTINGS);
    std::fs::write(&file, configuration).unwrap();
    Ok(())
}

/// Starts the server under its watch, on a free port.
pub fn listen(programs: &Path, folder: &Path, owner: Option<(u32, u32)>) -> Result<(u16, Child), String> {
    let mut log = String::new();
    for _ in 0..PORTS {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut watch = as_owner(Path::new("/bin/sh"), owner)
            .args(["-c", WATCH, "watch"])
            .arg(programs)
            .arg(folder)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C ends the tests, and the end of the tests ends the watch.
            .process_group(0)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines().map_while(Result::ok);
        match lines.next() {
            Some(line) if line == "ready" => return Ok((port, watch)),
            first => log = first.into_iter().chain(lines).collect::<Vec<_>>().join("\n"),
        }
        watch.wait().unwrap();
    }
    Err(format!("PostgreSQL did not start:\n{log}"))
}

/// The folder of PostgreSQL's programs.
pub fn programs() -> Result<PathBuf, String> {
    if let Some(folder) = find_programs() {
        return Ok(folder);
    }
    install()?;
    find_programs().ok_or_else(|| "the package postgresql brought no programs".to_owned())
}

/// The number before the point in `pg_ctl (PostgreSQL) 15.19 (Debian 15.19-0+deb12u1)`.
fn version(programs: &Path) -> u32 {
    let output = Command::new(programs.join("pg_ctl")).arg("--version").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split([' ', '.']).find_map(|word| word.parse().ok()).unwrap()
}

/// The folder in the path, or the newest of those in which Debian keeps them, out of the path.
fn find_programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path)
        .filter_map(|folder| Some(folder.join("initdb").canonicalize().ok()?.parent()?.to_owned()))
        .find(complete);
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| complete(folder))
        .max();
    in_path.or(newest.map(|(_, folder)| folder))
}

/// Installs Debian's PostgreSQL, or says how to.
fn install() -> Result<(), String> {
    let wanted = "the tests need the programs of PostgreSQL: apt-get install postgresql";
    if !is_root() || !Path::new("/usr/bin/apt-get").is_file() {
        return Err(wanted.to_owned());
    }
    // The package would make a cluster of its own and start it; nothing is to be left running.
    let folder = Path::new("/etc/postgresql-common/createcluster.d");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("directive-tracker-tests.conf"), "create_main_cluster = false\n").unwrap();
    for arguments in [["update"].as_slice(), &["install", "-y", "--no-install-recommends", "postgresql"]] {
        let output = Command::new("apt-get")
            .args(["-q", "-o", "DPkg::Lock::Timeout=300"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if !output.status.success() {
            return Err(format!("{wanted}\napt-get {arguments:?} failed:\n{}", said(&output)));
        }
    }
    Ok(())
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
