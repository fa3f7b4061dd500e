//! One request to a program that may be gone before it has answered.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::support::Response;

/// How long a caller waits before it calls the outcome unknown: longer than any answer may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What came of a request.
#[derive(Debug)]
pub enum Attempt {
    /// A whole answer.
    Answered(Response),
    /// Nobody took the connection, so that nothing was sent.
    NotTaken,
    /// The connection ended before there was a whole answer, or none came in time.
    BrokenOff,
}

/// Sends the bytes of a request that asks for the connection to be closed, and says how long that took.
pub fn attempt(address: SocketAddr, request: &[u8]) -> (Attempt, Duration) {
    let begun = Instant::now();
    let Ok(mut stream) = TcpStream::connect_timeout(&address, PATIENCE) else {
        return (Attempt::NotTaken, begun.elapsed());
    };
    let attempt = exchange(&mut stream, request).map_or(Attempt::BrokenOff, Attempt::Answered);
    (attempt, begun.elapsed())
}

fn exchange(stream: &mut TcpStream, request: &[u8]) -> io::Result<Response> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    if is_whole(&answer) { Ok(Response::parse(&answer, false)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// Whether an answer with a body has come to its end.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    match header("content-length:") {
        Some(length) => length == (answer.len() - end - 4).to_string(),
        None if header("transfer-encoding:").is_some() => answer.ends_with(b"0\r\n\r\n"),
        None => head.contains(" 204 ") || head.contains(" 304 "),
    }
}

#[test]
fn answer_that_was_cut_off_is_none() {
    let whole = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
    assert!(is_whole(whole));
    assert!((0..whole.len()).all(|length| !is_whole(&whole[..length])));
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    assert!(is_whole(chunked));
    assert!((0..chunked.len()).all(|length| !is_whole(&chunked[..length])));
}
