//! `health`: asks a running server whether it can answer requests.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use directive_tracker::config;

/// What `health` takes.
#[derive(Args)]
pub struct Health {
    /// The address or host name that the server listens on, and the port.
    #[arg(
        long,
        env = "DIRECTIVE_TRACKER_LISTEN",
        default_value = "127.0.0.1:8080",
        value_parser = config::socket_address
    )]
    listen: SocketAddr,
}

/// Asks `/readyz`, waiting two seconds at most.
pub fn run(arguments: &Health) -> Result<()> {
    let mut address = arguments.listen;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let wait = Duration::from_secs(2);
    let mut stream =
        TcpStream::connect_timeout(&address, wait).with_context(|| format!("nobody listens on {address}"))?;
    stream.set_read_timeout(Some(wait))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("the server does not answer")?;
    let status = answer.lines().next().unwrap_or_default();
    if status.starts_with("HTTP/1.1 200") { Ok(()) } else { bail!("the server is not ready: {status}") }
}
