//! The client: one connection that stays open, one request at a time.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// A connection that stays open.
pub struct Client {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Client {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream: BufReader::with_capacity(65_536, stream), line: String::new(), body: Vec::new() })
    }

    /// Asks for `path`, and gives the body of the answer, which must be a 200.
    pub fn get(&mut self, path: &str) -> Result<&[u8]> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.next_line()?;
        ensure!(self.line.starts_with("HTTP/1.1 200 "), "{path}: {}", self.line.trim());
        let mut length = None;
        loop {
            self.next_line()?;
            let Some((name, value)) = self.line.trim_end().split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.trim().parse::<usize>()?);
            }
        }
        self.body.resize(length.context("an answer without a length")?, 0);
        self.stream.read_exact(&mut self.body)?;
        Ok(&self.body)
    }

    /// The same as a JSON value.
    pub fn get_json(&mut self, path: &str) -> Result<Value> {
        serde_json::from_slice(self.get(path)?).with_context(|| format!("{path} is no JSON"))
    }

    fn next_line(&mut self) -> Result<()> {
        self.line.clear();
        ensure!(self.stream.read_line(&mut self.line)? > 0, "the server closed the connection");
        Ok(())
    }
}
