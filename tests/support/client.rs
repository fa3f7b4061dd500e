//! A caller that blocks: one request, one connection, every header as it came.

use std::fmt::{self, Write as _};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// The headers that a snapshot shows; the others are the same everywhere, or differ each time.
const SHOWN: &[&str] = &[
    "accept-encoding",
    "accept-patch",
    "accept-post",
    "allow",
    "cache-control",
    "content-type",
    "etag",
    "link",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "vary",
    "www-authenticate",
];

/// The relation of the link to the context of linked data.
pub const CONTEXT_LINK: &str = "http://www.w3.org/ns/json-ld#context";

/// How long an answer may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A caller of a service, with or without a token.
#[derive(Debug, Clone)]
pub struct Client {
    pub address: SocketAddr,
    pub token: Option<String>,
}

impl Client {
    pub fn get(&self, path: &str) -> Response {
        self.request("GET", path).send()
    }

    pub fn delete(&self, path: &str) -> Response {
        self.request("DELETE", path).send()
    }

    pub fn post(&self, path: &str, body: &Value) -> Response {
        self.request("POST", path).json(body).send()
    }

    pub fn patch(&self, path: &str, body: &Value) -> Response {
        self.request("PATCH", path).json(body).send()
    }

    pub fn put(&self, path: &str, body: &Value) -> Response {
        self.request("PUT", path).json(body).send()
    }

    /// A request to be added to.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let mut headers = Vec::new();
        if let Some(token) = &self.token {
            headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
        }
        Request { address: self.address, method: method.to_owned(), path: path.to_owned(), headers, body: None }
    }

    /// Sends bytes as they are, and reads all that comes back until the server closes.
    pub fn raw(&self, bytes: &[u8]) -> Response {
        let mut stream = self.connect();
        // The server may refuse and close before it has read everything.
        let _ = stream.write_all(bytes);
        Response::read(stream, false)
    }

    /// A connection, for tests that speak byte by byte.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }
}

/// A request that is being put together.
#[derive(Debug, Clone)]
pub struct Request {
    address: SocketAddr,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// The same request with one more header; a second one of the same name is sent too.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with a body and its length.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("Content-Type", content_type)
    }

    /// The same request with a JSON body, which is a merge patch for PATCH.
    pub fn json(self, body: &Value) -> Self {
        let content_type = if self.method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        self.body(content_type, body.to_string())
    }

    /// The bytes that are sent.
    pub fn bytes(&self) -> Vec<u8> {
        let mut head =
            format!("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.method, self.path, self.address);
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        if let Some(body) = &self.body {
            write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(self.body.as_deref().unwrap_or_default());
        bytes
    }

    /// All that comes back until the server closes, as it came.
    pub fn received(self) -> Vec<u8> {
        let client = Client { address: self.address, token: None };
        let mut stream = client.connect();
        stream.write_all(&self.bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        bytes
    }

    pub fn send(self) -> Response {
        let client = Client { address: self.address, token: None };
        let mut stream = client.connect();
        // The server may refuse and close before it has read everything.
        let _ = stream.write_all(&self.bytes());
        Response::read(stream, self.method == "HEAD")
    }
}

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// The headers with their names in lower case, by name: the server sends them in no order.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    fn read(mut stream: TcpStream, of_head: bool) -> Self {
        let mut bytes = Vec::new();
        if let Err(error) = stream.read_to_end(&mut bytes) {
            let so_far = String::from_utf8_lossy(&bytes);
            assert!(error.kind() == std::io::ErrorKind::ConnectionReset, "no whole answer: {error}\n{so_far}");
        }
        Self::parse(&bytes, of_head)
    }

    /// Reads the bytes of one answer.
    pub fn parse(bytes: &[u8], of_head: bool) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(bytes)));
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap().parse().unwrap();
        let mut headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        headers.sort();
        let mut answer = Self { status, headers, body: bytes[end + 4..].to_vec() };
        if answer.header("transfer-encoding") == Some("chunked") && !of_head {
            answer.body = unchunked(&answer.body);
        } else if let Some(length) = answer.header("content-length").filter(|_| !of_head && status != 304) {
            assert_eq!(answer.body.len().to_string(), length, "the body is not as long as it says");
        }
        answer
    }

    /// The first header of this name, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The link of this relation, as it stands in its header.
    pub fn link(&self, relation: &str) -> Option<&str> {
        let relation = format!("; rel=\"{relation}\"");
        let mut links = self.headers.iter().filter(|(name, _)| name == "link").map(|(_, value)| value.as_str());
        links.find(|link| link.contains(&relation))
    }

    /// The entity tag.
    pub fn etag(&self) -> &str {
        self.header("etag").unwrap_or_else(|| panic!("no ETag\n{self}"))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// The same answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }
}

/// The form in which snapshots show an answer: status, headers that say something, body.
impl fmt::Display for Response {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.status)?;
        // Every answer with records has the same link to the context of linked data.
        let shown = |name: &str, value: &str| SHOWN.contains(&name) && !value.contains(CONTEXT_LINK);
        for (name, value) in self.headers.iter().filter(|(name, value)| shown(name, value)) {
            writeln!(out, "{name}: {value}")?;
        }
        if self.body.is_empty() {
            return Ok(());
        }
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(json) => write!(out, "\n{json:#}"),
            Err(_) => write!(out, "\n{}", String::from_utf8_lossy(&self.body)),
        }
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n").expect("the size of a chunk");
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}
