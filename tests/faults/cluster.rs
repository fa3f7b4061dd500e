//! A PostgreSQL server of one test alone, to be stopped and killed.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use diesel::prelude::*;
use diesel::sql_types::Integer;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::{Conn, Location};

use crate::support::postgres::{USER, as_owner, listen, make_cluster, owner, programs};

/// The other tests' server forgets commits when it is stopped at once. This one does not: like theirs it never waits for a
/// disk, but what it hands to the kernel outlives it.
const DURABLE: &str = "synchronous_commit = on\n";

/// A server with its data. It goes when the test process ends.
pub struct Cluster {
    folder: std::path::PathBuf,
    pub port: u16,
    _watch: Child,
}

/// How it is stopped before it starts again.
#[derive(Debug, Clone, Copy)]
pub enum Stop {
    /// Connections are ended, and all is written down.
    Fast,
    /// All is dropped at once, and recovered from the log afterwards.
    Immediate,
    /// One process that serves a connection is killed, upon which the server ends all others and recovers.
    Backend,
}

impl Cluster {
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("directive-tracker-cluster-").tempdir().unwrap();
        let (programs, owner) = (programs().unwrap(), owner());
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        make_cluster(&programs, folder.path(), owner).unwrap();
        let settings = folder.path().join("data/postgresql.conf");
        let all = std::fs::read_to_string(&settings).unwrap() + DURABLE;
        std::fs::write(&settings, all).unwrap();
        let (port, watch) = listen(&programs, folder.path(), owner).unwrap();
        // From here on the watch removes the folder.
        Self { folder: folder.keep(), port, _watch: watch }
    }

    /// Its database, reached through this port.
    pub fn location_through(port: u16) -> Location {
        Location::Postgres(format!("postgres://{USER}@127.0.0.1:{port}/postgres"))
    }

    pub fn location(&self) -> Location {
        Self::location_through(self.port)
    }

    /// Stops it so, and starts it again.
    pub fn restart(&self, stop: Stop) {
        match stop {
            Stop::Fast => self.control(&["-m", "fast", "restart"]),
            Stop::Immediate => self.control(&["-m", "immediate", "restart"]),
            Stop::Backend => self.kill_backend(),
        }
    }

    fn control(&self, arguments: &[&str]) {
        let (program, log) = (programs().unwrap().join("pg_ctl"), self.folder.join("log"));
        let status = as_owner(Path::new(&program), owner())
            .args(["-w", "-t", "60", "-o", &format!("-p {}", self.port), "-D"])
            .arg(self.folder.join("data"))
            .arg("-l")
            .arg(log)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "pg_ctl {arguments:?}");
    }

    fn kill_backend(&self) {
        let mut conn = Conn::open(&self.location(), Purpose::Read).unwrap();
        let query = "SELECT pid AS number FROM pg_stat_activity \
                     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1";
        let Number { number } = diesel::sql_query(query).get_result(&mut conn).unwrap();
        assert!(Command::new("kill").args(["-KILL", &number.to_string()]).status().unwrap().success());
        // Until the server has seen to it, it serves the others as before.
        diesel::sql_query("SELECT pg_sleep(9)").execute(&mut conn).unwrap_err();
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Integer)]
    number: i32,
}
