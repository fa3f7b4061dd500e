//! The client: one connection that stays open, one request at a time.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// A connection that stays open.
pub struct Client {
    stream: BufReader<TcpStream>,
    token: String,
    line: String,
    body: Vec<u8>,
}

impl Client {
    /// Connects.
    pub fn connect(address: SocketAddr, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        // An import answers when all of it is done.
        stream.set_read_timeout(Some(Duration::from_secs(600)))?;
        let stream = BufReader::with_capacity(65_536, stream);
        Ok(Self { stream, token: token.to_owned(), line: String::new(), body: Vec::new() })
    }

    /// Asks for `path`, and gives the body of the answer.
    pub fn get(&mut self, path: &str) -> Result<&[u8]> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n\r\n");
        self.send(&head, &[])?;
        self.body.clear();
        let mut body = std::mem::take(&mut self.body);
        self.receive(path, &mut |part| body.extend_from_slice(part))?;
        self.body = body;
        Ok(&self.body)
    }

    /// The same as a JSON value.
    pub fn get_json(&mut self, path: &str) -> Result<Value> {
        serde_json::from_slice(self.get(path)?).with_context(|| format!("{path} is no JSON"))
    }

    /// Asks for `path`, and shows the body of the answer in the parts in which it comes.
    pub fn get_parts(&mut self, path: &str, mut show: impl FnMut(&[u8])) -> Result<()> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        self.send(&head, &[])?;
        self.receive(path, &mut show)
    }

    /// Sends a body, and gives that of the answer.
    pub fn post(&mut self, path: &str, content_type: &str, content: &[u8]) -> Result<&[u8]> {
        let authorization = format!("authorization: Bearer {}", self.token);
        self.post_with(path, &[&authorization, &format!("content-type: {content_type}")], content)
    }

    /// The same with these lines of its head alone.
    pub fn post_with(&mut self, path: &str, lines: &[&str], content: &[u8]) -> Result<&[u8]> {
        let (lines, length) = (lines.join("\r\n"), content.len());
        let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\n{lines}\r\ncontent-length: {length}\r\n\r\n");
        self.send(&head, content)?;
        self.body.clear();
        let mut body = std::mem::take(&mut self.body);
        self.receive(path, &mut |part| body.extend_from_slice(part))?;
        self.body = body;
        Ok(&self.body)
    }

    fn send(&mut self, head: &str, content: &[u8]) -> Result<()> {
        self.stream.get_mut().write_all(&[head.as_bytes(), content].concat())?;
        Ok(())
    }

    /// Reads an answer, which must be a success.
    fn receive(&mut self, path: &str, show: &mut dyn FnMut(&[u8])) -> Result<()> {
        self.next_line()?;
        let status = self.line.trim().to_owned();
        let (mut length, mut chunked) = (None, false);
        loop {
            self.next_line()?;
            let Some((name, value)) = self.line.trim_end().split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.trim().parse::<u64>()?),
                "transfer-encoding" => chunked = value.trim() == "chunked",
                _ => {}
            }
        }
        if !status.starts_with("HTTP/1.1 20") {
            let mut problem = Vec::new();
            self.part(length.unwrap_or(0), &mut |part| problem.extend_from_slice(part))?;
            bail!("{path}: {status}: {}", String::from_utf8_lossy(&problem));
        }
        if !chunked {
            return self.part(length.context("an answer without a length")?, show);
        }
        loop {
            self.next_line()?;
            let length = u64::from_str_radix(self.line.trim(), 16)?;
            self.part(length, show)?;
            self.next_line()?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// Shows the next `left` bytes.
    fn part(&mut self, mut left: u64, show: &mut dyn FnMut(&[u8])) -> Result<()> {
        while left > 0 {
            let buffer = self.stream.fill_buf()?;
            ensure!(!buffer.is_empty(), "the server closed the connection");
            let length = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            show(buffer.get(..length).unwrap_or_default());
            self.stream.consume(length);
            left = left.saturating_sub(u64::try_from(length)?);
        }
        Ok(())
    }

    fn next_line(&mut self) -> Result<()> {
        self.line.clear();
        let longest = u64::from(u16::MAX);
        ensure!(self.stream.by_ref().take(longest).read_line(&mut self.line)? > 0, "the server closed the connection");
        Ok(())
    }
}
