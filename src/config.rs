//! Every setting of the server, its default and what it is for. Each is a flag and an environment variable.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Args, ValueEnum};
use ipnet::IpNet;

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
    /// The secret that signs tokens, at least 32 bytes. Without it, the one in the secret file is used, which `serve` makes
    /// where there is none.
    #[arg(long, env = "DIRECTIVE_TRACKER_SECRET", hide_env_values = true)]
    pub secret: Option<String>,
    /// The file that keeps the secret that was made.
    #[arg(long, env = "DIRECTIVE_TRACKER_SECRET_FILE", default_value = "directive-tracker.secret")]
    pub secret_file: PathBuf,
}

/// Makes a switch of each flag that takes nothing: `true` or `false` as a variable, and as a flag alone or with either.
#[must_use]
pub fn switch(argument: Arg) -> Arg {
    if !matches!(argument.get_action(), ArgAction::SetTrue) {
        return argument;
    }
    let argument = argument.action(ArgAction::Set).value_parser(BoolishValueParser::new());
    argument.num_args(0..=1).require_equals(true).default_value("false").default_missing_value("true")
}

/// The settings of the server.
#[derive(Debug, Clone, Args)]
#[command(mut_args(switch))]
pub struct Settings {
    /// The address or host name to listen on, and the port, 0 to 65535; port 0 takes a free one.
    #[arg(long, env = "DIRECTIVE_TRACKER_LISTEN", default_value = "127.0.0.1:8080", value_parser = socket_address)]
    pub listen: SocketAddr,
    /// Threads that serve requests, 1 to 256.
    #[arg(long, env = "DIRECTIVE_TRACKER_WORKERS", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: u16,
    /// Threads that read from the database, each with its connection, 1 to 256. On SQLite they have the long reads, and are
    /// as many as the machine has processors unless told otherwise, at least 2; on PostgreSQL they have all reads, and are
    /// twice as many.
    #[arg(long, env = "DIRECTIVE_TRACKER_READERS", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub readers: Option<u16>,
    /// Reads and writes that may wait, each, before the service answers 503: 1 to 65535.
    #[arg(long, env = "DIRECTIVE_TRACKER_QUEUE", default_value_t = 1024, value_parser = clap::value_parser!(u16).range(1..))]
    pub queue: u16,
    /// Requests under `/v1` that one caller may make in a minute, 0 to 1000000; 0 for as many as they like. Costly ones count
    /// tenfold.
    #[arg(long, env = "DIRECTIVE_TRACKER_REQUESTS_PER_MINUTE", default_value_t = 6000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub requests_per_minute: u32,
    /// The largest body that is read, in bytes, 1024 to 1073741824.
    #[arg(long, env = "DIRECTIVE_TRACKER_BODY_LIMIT", default_value_t = 1_048_576, value_parser = body_limit)]
    pub body_limit: usize,
    /// Seconds within which a body must have come, 1 to 3600.
    #[arg(long, env = "DIRECTIVE_TRACKER_BODY_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub body_seconds: u64,
    /// The largest body of an import, in bytes, 1024 to 1099511627776. It is kept in a temporary file.
    #[arg(long, env = "DIRECTIVE_TRACKER_IMPORT_LIMIT", default_value_t = 1_073_741_824, value_parser = clap::value_parser!(u64).range(1024..=1_099_511_627_776))]
    pub import_limit: u64,
    /// Seconds for which the body of an import may pause, 1 to 3600.
    #[arg(long, env = "DIRECTIVE_TRACKER_IMPORT_IDLE_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub import_idle_seconds: u64,
    /// Seconds for which a caller may leave an answer unread before the connection is closed, 1 to 3600 (on Linux).
    #[arg(long, env = "DIRECTIVE_TRACKER_UNREAD_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub unread_seconds: u64,
    /// Seconds that requests under way are given when the server is told to stop, 0 to 3600.
    #[arg(long, env = "DIRECTIVE_TRACKER_SHUTDOWN_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub shutdown_seconds: u64,
    /// Origins whose pages may call the service from a browser, written `scheme://host[:port]`, between commas; `*` allows
    /// all.
    #[arg(long, env = "DIRECTIVE_TRACKER_CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,
    /// The address by which others reach the service, written `scheme://host[:port]`: the records of linked data are
    /// identified by it. Without it, `http://` and the host that a request names.
    #[arg(long, env = "DIRECTIVE_TRACKER_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<String>,
    /// The proxies in front of the service, addresses or networks such as `10.0.0.0/8`, between commas: what they say in
    /// `X-Forwarded-For` is taken for where a request comes from. Nobody else is believed.
    #[arg(long, env = "DIRECTIVE_TRACKER_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// Whether reading needs a token too, public records included.
    #[arg(long, env = "DIRECTIVE_TRACKER_PRIVATE")]
    pub private: bool,
    /// Answer reads alone. Nothing is written to the database, not even by a migration, so that it may be one that cannot be
    /// written to.
    #[arg(long, env = "DIRECTIVE_TRACKER_READ_ONLY")]
    pub read_only: bool,
}

/// A fault of the settings, whatever shows it.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
pub struct Misconfigured(pub anyhow::Error);

impl Settings {
    /// The time within which a body must have come.
    #[must_use]
    pub const fn body_deadline(&self) -> Duration {
        Duration::from_secs(self.body_seconds)
    }
}

/// Reads an address and a port. A name stands for its first address, one of IPv4 if it has any.
///
/// # Errors
/// A sentence that says what is wanted.
pub fn socket_address(text: &str) -> Result<SocketAddr, String> {
    let found: Vec<SocketAddr> = text
        .to_socket_addrs()
        .map_err(|error| format!("{error}; write an address or a host name and a port, such as 127.0.0.1:8080"))?
        .collect();
    let first = found.iter().find(|address| address.is_ipv4()).or(found.first());
    first.copied().ok_or_else(|| "the name has no address".to_owned())
}

fn body_limit(text: &str) -> Result<usize, String> {
    let bytes = text.parse().ok().filter(|bytes| (1024..=1_073_741_824).contains(bytes));
    bytes.ok_or_else(|| "not a whole number from 1024 to 1073741824".to_owned())
}

/// The origins that are given, as browsers write them: in lower case, without the port that goes with the scheme and
/// without a slash at the end (RFC 6454 section 6.2).
///
/// # Errors
/// A sentence about the first that is none.
pub fn origins(given: &[String]) -> anyhow::Result<Vec<String>> {
    given.iter().map(|text| allowed_origin(text.trim())).collect()
}

fn allowed_origin(text: &str) -> anyhow::Result<String> {
    if text == "*" {
        return Ok(text.to_owned());
    }
    origin(text).with_context(|| {
        format!(
            "{text:?} is no origin for --cors-origins: write http://host or https://host, with :port where it has one, or *"
        )
    })
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let one = || text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    text.parse().or_else(|_| one()).map_err(|_| "write an address or a network, such as 10.0.0.0/8".to_owned())
}

fn public_url(text: &str) -> Result<String, String> {
    origin(text.trim()).ok_or_else(|| "write http://host or https://host, with :port where it has one".to_owned())
}

/// An origin as browsers write it; `None` if it is none.
#[must_use]
pub fn origin(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let parts = lower.split_once("://").and_then(|(scheme, rest)| {
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // The colons of an IPv6 address stand between brackets.
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, Some(port.parse::<u16>().ok().filter(|port| *port > 0)?))
            }
            _ => (rest, None),
        };
        let known = matches!(scheme, "http" | "https");
        let well_formed = if host.starts_with('[') {
            host.strip_prefix('[')?.strip_suffix(']')?.parse::<std::net::Ipv6Addr>().is_ok()
        } else {
            !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        };
        (known && well_formed).then_some((scheme, host, port))
    });
    match parts {
        Some(("http", host, Some(80) | None)) => Some(format!("http://{host}")),
        Some(("https", host, Some(443) | None)) => Some(format!("https://{host}")),
        Some((scheme, host, Some(port))) => Some(format!("{scheme}://{host}:{port}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> anyhow::Result<Vec<String>> {
        origins(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn an_origin_is_kept_as_browsers_write_it() {
        let given =
            ["https://App.Example", " http://a.example:8080 ", "https://a.example:443/", "http://[::1]:3000", "*"];
        let kept = ["https://app.example", "http://a.example:8080", "https://a.example", "http://[::1]:3000", "*"];
        assert_eq!(read(&given).unwrap(), kept);
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "a.example",
            "https://",
            "https://a.example/path",
            "https://a.example:0",
            "https://a.example:x",
            "ftp://a.example",
            "https://a b",
            "https://x@a.example",
            "null",
            "https://*.example",
        ] {
            assert!(read(&[text]).is_err(), "{text}");
        }
    }

    #[test]
    fn public_url_is_one_origin() {
        assert_eq!(public_url("https://Tracker.example/").as_deref(), Ok("https://tracker.example"));
        for text in ["*", "tracker.example", "https://tracker.example/v1"] {
            assert!(public_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_stands_for_its_address() {
        assert_eq!(socket_address("localhost:8080").unwrap().port(), 8080);
        assert!(socket_address("localhost:8080").unwrap().ip().is_loopback());
        assert_eq!(socket_address("[::1]:80").unwrap(), "[::1]:80".parse().unwrap());
        assert!(socket_address("8080").unwrap_err().ends_with("such as 127.0.0.1:8080"));
    }
}
