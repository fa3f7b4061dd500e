//! The program as a process, with what it says on standard error, and how it ends.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use directive_tracker::accounts::token::Tokens;
use directive_tracker::db::Location;
use directive_tracker::domain::{Clock, Role};

use crate::attempt::PATIENCE;
use crate::support::Client;
use crate::support::postgres::is_root;

/// Held by tests that keep the machine busy, and by the one that measures, alone.
static MACHINE: RwLock<()> = RwLock::new(());

/// What a test holds that keeps the machine busy.
pub fn beside_others() -> RwLockReadGuard<'static, ()> {
    MACHINE.read().unwrap_or_else(PoisonError::into_inner)
}

/// What a test holds that compares how long things take.
pub fn alone() -> RwLockWriteGuard<'static, ()> {
    MACHINE.write().unwrap_or_else(PoisonError::into_inner)
}

/// The user without rights, as every Linux has it.
const NOBODY: u32 = 65534;

pub const SECRET: &str = "a secret of the tests, of more than thirty-two bytes";

/// Within which time the program serves, or says why it cannot.
pub const PROMPTLY: Duration = Duration::from_secs(2);

/// The program with these arguments and nothing of the environment of the tests but what it needs.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_directive-tracker"));
    command.args(arguments);
    isolated(command)
}

/// The same for a program that runs this one, such as a shell.
pub fn isolated(mut command: Command) -> Command {
    let path: OsString = std::env::var_os("PATH").unwrap();
    command.env_clear().env("PATH", path).env("DIRECTIVE_TRACKER_SECRET", SECRET);
    // Faults are met under more requests than one caller has in a minute.
    command.env("DIRECTIVE_TRACKER_REQUESTS_PER_MINUTE", "0");
    command.stdin(Stdio::null()).current_dir("/");
    command
}

/// The program as a user without rights runs it, from a copy of its own in `folder`, which that user owns.
pub fn unprivileged(folder: &Path, arguments: &[&str]) -> Command {
    let copy = folder.join("program");
    std::fs::copy(env!("CARGO_BIN_EXE_directive-tracker"), &copy).unwrap();
    let mut command = Command::new(copy);
    command.args(arguments);
    if is_root() {
        chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    isolated(command)
}

/// How a database is named on the command line.
pub fn url(location: &Location) -> String {
    match location {
        Location::Sqlite(file) => format!("sqlite:{}", file.display()),
        Location::Postgres(url) => url.clone(),
    }
}

/// What a command came to that has ended.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    /// The lines of standard error.
    pub lines: Vec<String>,
    pub took: Duration,
}

impl Ended {
    /// What is printed by a command that has to succeed.
    #[track_caller]
    pub fn done(self) -> String {
        assert!(self.status.success(), "{self:?}");
        self.stdout
    }
}

/// Runs a command to its end, which must come.
pub fn run(mut command: Command) -> Ended {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = Lines::of(&mut child);
    let mut printed = child.stdout.take().unwrap();
    // Beside the log, since it waits for a reader of what is long.
    let reading = std::thread::spawn(move || {
        let mut stdout = String::new();
        printed.read_to_string(&mut stdout).unwrap();
        stdout
    });
    lines.wait_for_the_end(&mut child);
    let (status, took) = (child.wait().unwrap(), begun.elapsed());
    Ended { status, stdout: reading.join().unwrap(), lines: lines.so_far(), took }
}

/// What a process writes to standard error, read as it comes so that the process never waits for a reader.
struct Lines {
    read: Arc<Mutex<Vec<String>>>,
    news: Receiver<()>,
}

impl Lines {
    fn of(child: &mut Child) -> Self {
        let log = BufReader::new(child.stderr.take().unwrap());
        let (tell, news) = channel();
        let read = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&read);
        std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                lines.lock().unwrap().push(line);
                // Nobody may listen any more.
                let _ = tell.send(());
            }
        });
        Self { read, news }
    }

    fn so_far(&self) -> Vec<String> {
        self.read.lock().unwrap().clone()
    }

    /// Waits for a line that says something, and gives what that is; `None` if the process ends without.
    fn wait_for<T>(&self, wanted: impl Fn(&str) -> Option<T>) -> Option<T> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = self.so_far().iter().find_map(|line| wanted(line)) {
                return Some(found);
            }
            match self.news.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(()) => {}
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => {
                    return self.so_far().iter().find_map(|line| wanted(line));
                }
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => panic!("nothing was said: {:?}", self.so_far()),
            }
        }
    }

    /// Waits until the process has closed its log, which it does when it ends.
    fn wait_for_the_end(&self, child: &mut Child) {
        let until = Instant::now() + PATIENCE;
        while self.news.recv_timeout(until.saturating_duration_since(Instant::now())).is_ok() {}
        if Instant::now() >= until {
            let _ = child.kill();
            panic!("it does not end: {:?}", self.so_far());
        }
    }
}

/// A server in a process of its own. It is killed when this is dropped.
pub struct Server {
    child: Child,
    lines: Lines,
    pub address: SocketAddr,
    /// How long it took from its start until it answered that it is ready.
    pub ready_after: Duration,
}

impl Server {
    /// Serves a database, with these arguments besides, and waits until it is ready.
    pub fn start(location: &Location, arguments: &[&str]) -> Self {
        let url = url(location);
        let serve = ["serve", "--listen", "127.0.0.1:0", "--database-url", &url];
        Self::of(program(&[&serve, arguments].concat()))
    }

    /// The server that a command is, or becomes.
    pub fn of(command: Command) -> Self {
        let begun = Instant::now();
        let mut server = Self::listening(command);
        server.public().get("/readyz").expect(200);
        server.ready_after = begun.elapsed();
        server
    }

    /// The same before it is asked whether it is ready.
    pub fn listening(mut command: Command) -> Self {
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = Lines::of(&mut child);
        let address = lines.wait_for(|line| line.split_once(" on http://")?.1.parse().ok());
        let address = address.unwrap_or_else(|| panic!("the server ended: {:?}", lines.so_far()));
        Self { child, lines, address, ready_after: begun.elapsed() }
    }

    /// A caller without a credential.
    pub fn public(&self) -> Client {
        Client { address: self.address, token: None }
    }

    /// A caller who may read and write everything, of any run of the program.
    pub fn editor(&self) -> Client {
        self.holder_of(Role::Editor, "editor@test")
    }

    /// The holder of a token of any run of the program.
    pub fn holder_of(&self, role: Role, subject: &str) -> Client {
        let tokens = Tokens::new(SECRET.as_bytes());
        let token = tokens.issue(subject, role, Clock::System.now(), 3600).unwrap();
        Client { address: self.address, token: Some(token) }
    }

    /// Ends the process as a crash would: it learns nothing of it (SIGKILL).
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends the signal that asks it to stop (SIGTERM).
    pub fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended by itself, and says how.
    pub fn ended(self) -> ExitStatus {
        self.ended_saying().0
    }

    /// The same, with the lines of its log.
    pub fn ended_saying(mut self) -> (ExitStatus, Vec<String>) {
        self.lines.wait_for_the_end(&mut self.child);
        (self.child.wait().unwrap(), self.lines.so_far())
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
