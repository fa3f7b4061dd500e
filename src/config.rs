//! Every setting of the server, its default and what it is for. Each is a flag and an environment variable.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};

use crate::db::Location;

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One readable line for each event.
    Text,
    /// One JSON object a line.
    Json,
}

/// Where the data are and with what secret tokens are signed: what every command needs.
#[derive(Debug, Clone, Args)]
pub struct DataSettings {
    /// The database: `sqlite:FILE` or `postgres://USER@HOST:PORT/NAME`.
    #[arg(
        long,
        env = "DIRECTIVE_TRACKER_DATABASE_URL",
        default_value = "sqlite:directive-tracker.db",
        hide_env_values = true
    )]
    pub database_url: Location,
}

/// The secret that signs tokens.
#[derive(Debug, Clone, Args)]
pub struct SecretSettings {
    /// The secret that signs tokens, at least 32 bytes. Without it, one is generated and kept in the secret file.
    #[arg(long, env = "DIRECTIVE_TRACKER_SECRET", hide_env_values = true)]
    pub secret: Option<String>,
    /// The file that keeps the generated secret.
    #[arg(long, env = "DIRECTIVE_TRACKER_SECRET_FILE", default_value = "directive-tracker.secret")]
    pub secret_file: PathBuf,
}

/// The settings of the server.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "DIRECTIVE_TRACKER_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Threads that serve requests.
    #[arg(long, env = "DIRECTIVE_TRACKER_WORKERS", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: u16,
    /// Threads that read from the database for long queries, each with its connection.
    #[arg(long, env = "DIRECTIVE_TRACKER_READERS", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub readers: u16,
    /// Reads and writes that may wait, each, before the service answers 503.
    #[arg(long, env = "DIRECTIVE_TRACKER_QUEUE", default_value_t = 1024, value_parser = clap::value_parser!(u16).range(1..))]
    pub queue: u16,
    /// The largest body that is read, in bytes.
    #[arg(long, env = "DIRECTIVE_TRACKER_BODY_LIMIT", default_value_t = 1_048_576)]
    pub body_limit: usize,
    /// Seconds within which a body must have come.
    #[arg(long, env = "DIRECTIVE_TRACKER_BODY_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub body_seconds: u64,
    /// Seconds that requests under way are given when the server is told to stop.
    #[arg(long, env = "DIRECTIVE_TRACKER_SHUTDOWN_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub shutdown_seconds: u64,
    /// Origins whose pages may call the service from a browser, between commas; `*` allows all.
    #[arg(long, env = "DIRECTIVE_TRACKER_CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,
    /// Whether reading needs a token too, public records included.
    #[arg(long, env = "DIRECTIVE_TRACKER_PRIVATE", value_parser = BoolishValueParser::new())]
    pub private: bool,
}

impl Settings {
    /// The time within which a body must have come.
    #[must_use]
    pub const fn body_deadline(&self) -> Duration {
        Duration::from_secs(self.body_seconds)
    }
}
