//! The two servers as processes, and what the system knows of them.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::client::Client;

/// The microseconds of one tick of CPU time in `/proc` (`USER_HZ`, 100 a second on every Linux of today).
const TICK: f64 = 10_000.0;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

const SECRET: &str = "a secret of at least thirty-two bytes, for the measurement alone";

/// The program that is measured.
pub struct Service {
    /// Where it is.
    pub binary: PathBuf,
}

impl Service {
    /// Serves a file of SQLite, which is made where there is none.
    pub fn serve(&self, file: &Path) -> Result<Server> {
        self.serve_url(&format!("sqlite:{}", file.display()), file.parent().context("a file without a folder")?)
    }

    /// Serves a database, and logs to a file in `folder`, so that writing the log counts.
    pub fn serve_url(&self, url: &str, folder: &Path) -> Result<Server> {
        let address = free_address()?;
        let mut command = Command::new(&self.binary);
        command.args(["serve", "--workers=1", "--listen", &address.to_string(), "--database-url", url]);
        command.env("DIRECTIVE_TRACKER_SECRET", SECRET);
        // All requests come from one caller, whose quota is counted and not used up. A variable, since older programs do
        // not know the flag.
        command.env("DIRECTIVE_TRACKER_REQUESTS_PER_MINUTE", "1000000");
        // Those who sign in come from addresses of their own.
        command.env("DIRECTIVE_TRACKER_TRUSTED_PROXIES", "127.0.0.0/8");
        let mut token = Command::new(&self.binary);
        token.args(["token", "--subject", "speed"]).env("DIRECTIVE_TRACKER_SECRET", SECRET);
        let token = String::from_utf8(token.output()?.stdout)?.trim().to_owned();
        Server::start(command, address, token, &folder.join("service.log"))
    }
}

/// A server in a process of its own.
pub struct Server {
    child: Child,
    address: SocketAddr,
    token: String,
}

impl Server {
    /// The floor.
    pub fn floor(binary: &Path, file: &Path) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(binary);
        command.arg(file).arg(address.to_string());
        let log = file.with_extension("log");
        Self::start(command, address, String::new(), &log)
    }

    fn start(mut command: Command, address: SocketAddr, token: String, log: &Path) -> Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(log)?).spawn();
        let mut server = Self { child: child.with_context(|| format!("cannot start {command:?}"))?, address, token };
        let begun = Instant::now();
        while server.connect().is_err() {
            ensure!(server.child.try_wait()?.is_none(), "{command:?} ended: {}", fs::read_to_string(log)?);
            ensure!(begun.elapsed() < PATIENCE, "{command:?} does not answer");
            sleep(Duration::from_millis(10));
        }
        Ok(server)
    }

    /// Connects to it.
    pub fn connect(&self) -> Result<Client> {
        Client::connect(self.address, &self.token)
    }

    /// The microseconds of user and system time of the process so far.
    pub fn cpu(&self) -> Result<f64> {
        let stat = fs::read_to_string(self.proc("stat"))?;
        // The name of the program, in parentheses, may hold spaces; utime and stime are the 12th and 13th after it.
        let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat has another form")?;
        let times = fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<Vec<u32>, _>>()?;
        Ok(times.into_iter().map(|ticks| f64::from(ticks) * TICK).sum())
    }

    /// Forgets the largest size that the process had so far.
    pub fn forget_peak(&self) -> Result<()> {
        Ok(fs::write(self.proc("clear_refs"), "5")?)
    }

    /// The largest size in memory that the process has had since, in megabytes.
    pub fn peak(&self) -> Result<f64> {
        let status = fs::read_to_string(self.proc("status"))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
        Ok(peak.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }

    fn proc(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.child.id())
    }
}

impl Drop for Server {
    /// Lets the server end by itself, so that nothing is left in the write-ahead log.
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// An address that nobody listens on.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
