//! A running service: its own server on a free port, its own database, a clock that stands still.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{OnceLock, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web;
use directive_tracker::app::App;
use directive_tracker::config::Settings;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::{Capacity, alone};
use directive_tracker::db::{Conn, Database, Location, migrate};
use directive_tracker::domain::{Clock, Role};
use directive_tracker::http::server::{self, StoppedBy};
use directive_tracker::rights::area;
use directive_tracker::transfer::database::Counts;
use directive_tracker::transfer::database::export::export;
use directive_tracker::transfer::database::import::Import;
use tempfile::TempDir;

use super::client::Client;
use super::postgres::TestDatabase;

/// What time it is in every test that does not set it: the 21st of November 2026, 10 in the morning in Vietnam.
pub const NOW: &str = "2026-11-21T03:00:00Z";

const SECRET: &[u8] = b"a secret of the tests, of more than thirty-two bytes";

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The one that it is not.
    pub fn other(self) -> Self {
        match self {
            Self::Sqlite => Self::Postgres,
            Self::Postgres => Self::Sqlite,
        }
    }
}

/// A database of one test. It goes when this is dropped.
pub enum Storage {
    Sqlite(TempDir),
    Postgres(TestDatabase),
}

impl Storage {
    /// A migrated database without records.
    pub fn migrated(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::Builder::new().prefix("directive-tracker-").tempdir().unwrap();
                std::fs::write(file_in(&folder), migrated_file()).unwrap();
                Self::Sqlite(folder)
            }
            Engine::Postgres => Self::Postgres(TestDatabase::create()),
        }
    }

    /// Where it is.
    pub fn location(&self) -> Location {
        match self {
            Self::Sqlite(folder) => Location::Sqlite(file_in(folder)),
            Self::Postgres(database) => database.location(),
        }
    }

    /// A connection to it, beside those of the service.
    pub fn connect(&self, purpose: Purpose) -> Conn {
        Conn::open(&self.location(), purpose).unwrap()
    }
}

/// The whole of a database, as `export` writes it.
pub fn exported(storage: &Storage) -> Vec<u8> {
    let mut bytes = Vec::new();
    export(&mut storage.connect(Purpose::Read), &mut bytes, &mut |_| {}).unwrap();
    bytes
}

/// Reads what `export` has written, as `import` does.
pub fn imported(storage: &Storage, bytes: &[u8]) -> anyhow::Result<Counts> {
    Import::begin(bytes)?.into_database(&mut storage.connect(Purpose::Write), &mut |_| {})
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("tracker.db")
}

/// The bytes of a SQLite database with the schema and no records, made once.
fn migrated_file() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = Conn::open(&Location::Sqlite(file_in(&folder)), Purpose::Write).unwrap();
        migrate::run(&mut conn).unwrap();
        // The last connection to close moves the log into the file.
        drop(conn);
        std::fs::read(file_in(&folder)).unwrap()
    })
}

/// Settings for a service with one caller at a time.
pub fn small_settings() -> Settings {
    Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        workers: 1,
        readers: Some(2),
        requests_per_minute: 0,
        trusted_proxies: Vec::new(),
        queue: 1024,
        body_limit: 65_536,
        body_seconds: 1,
        import_limit: 4_194_304,
        import_idle_seconds: 1,
        unread_seconds: 30,
        shutdown_seconds: 1,
        cors_origins: Vec::new(),
        public_url: None,
        private: false,
        read_only: false,
    }
}

/// A running service. It stops, and its database goes, when this is dropped.
pub struct Service {
    server: RunningServer,
    /// Dropped after the server.
    pub storage: Storage,
    pub engine: Engine,
}

impl Service {
    /// A service with a database of its own.
    pub fn start(engine: Engine, settings: Settings) -> Self {
        Self::on(engine, Storage::migrated(engine), settings)
    }

    /// A service on a database that is there.
    pub fn on(engine: Engine, storage: Storage, settings: Settings) -> Self {
        Self { server: RunningServer::start(&storage.location(), settings), storage, engine }
    }

    /// A second server on the same database.
    pub fn another(&self) -> RunningServer {
        RunningServer::start(&self.storage.location(), small_settings())
    }
}

impl std::ops::Deref for Service {
    type Target = RunningServer;

    fn deref(&self) -> &RunningServer {
        &self.server
    }
}

/// A server in a thread of this process.
pub struct RunningServer {
    pub address: SocketAddr,
    app: web::Data<App>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl RunningServer {
    fn start(location: &Location, settings: Settings) -> Self {
        let capacity = Capacity::of(location, settings.readers, settings.queue);
        let database = Database::open(location, capacity).unwrap();
        let listener = TcpListener::bind(settings.listen).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let clock = Clock::fixed(NOW.parse().unwrap());
        let app = web::Data::new(App::new(settings, database, clock, SECRET));
        let (tell, told) = mpsc::channel();
        let served = web::Data::clone(&app);
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let running = server::start(served, listener, StoppedBy::Handle).unwrap();
                tell.send(running.handle()).unwrap();
                running.await.unwrap();
            });
        });
        Self { address, app, handle: told.recv().unwrap(), thread: Some(thread) }
    }

    /// Sets the clock of the service.
    pub fn set_clock(&self, instant: &str) {
        self.app.clock.set(instant.parse().unwrap());
    }

    /// A caller without a credential.
    pub fn public(&self) -> Client {
        Client { address: self.address, token: None }
    }

    /// A caller who may read everything.
    pub fn reader(&self) -> Client {
        self.holder_of(Role::Reader, "reader@test")
    }

    /// A caller who may read and write everything.
    pub fn editor(&self) -> Client {
        self.holder_of(Role::Editor, "editor@test")
    }

    /// A caller who may read everything and decide on it.
    pub fn reviewer(&self) -> Client {
        self.holder_of(Role::Reviewer, "reviewer@test")
    }

    /// A caller who may keep accounts besides.
    pub fn administrator(&self) -> Client {
        self.holder_of(Role::Administrator, "administrator@test")
    }

    /// Has the service look whether another process has changed accounts, which it does every few seconds by itself.
    pub fn keep_up(&self, storage: &Storage) {
        self.app.accounts.read(&mut storage.connect(Purpose::Read), self.app.clock.now()).unwrap();
    }

    /// Has the service add what it refused to the list of events, which it does every few seconds by itself.
    pub fn tell_refusals(&self) {
        let told = self.app.accounts.tell_refusals(&self.app.database, self.app.clock.now(), false);
        actix_web::rt::Runtime::new().unwrap().block_on(told).unwrap();
    }

    /// Has the service begin the day of its clock, which it does every few seconds by itself.
    pub fn begin_day(&self, storage: &Storage) {
        let today = self.app.clock.today().unwrap();
        alone(&mut storage.connect(Purpose::Write), |conn| area::store::begin_day(conn, today)).unwrap();
    }

    /// The holder of a token that is good for an hour of the service's clock.
    pub fn holder_of(&self, role: Role, subject: &str) -> Client {
        let token = self.app.tokens.issue(subject, role, self.app.clock.now(), 3600).unwrap();
        Client { address: self.address, token: Some(token) }
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // The command is sent by the call; what it returns would wait for the answer, as joining the thread does.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let stopped = thread.join();
            assert!(stopped.is_ok() || std::thread::panicking(), "the server panicked");
        }
    }
}
