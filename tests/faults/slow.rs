//! Callers who send slowly or not at all (R13, R14), or do not read what they asked for (R15): they are let go, and nobody
//! else notices.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use serde_json::json;

use crate::attempt::PATIENCE;
use crate::process::Server;
use crate::support::service::Storage;
use crate::support::{Engine, Response, given};

/// How many connections hold still at once.
const CROWD: usize = 100;

/// What comes back on a connection until it is closed.
fn rest(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    bytes
}

/// Connections that have sent this much and then nothing, while others are served.
fn crowd(server: &Server, begun: &[u8]) -> Vec<Vec<u8>> {
    let connections: Vec<TcpStream> = (0..CROWD)
        .map(|_| {
            let mut stream = server.public().connect();
            stream.write_all(begun).unwrap();
            stream
        })
        .collect();
    let person = given::person(&server.editor(), json!({}));
    server.public().get(&person.url()).expect(200);
    server.public().get("/v1/people?q=dien").expect(200);
    connections.into_iter().map(rest).collect()
}

#[test]
fn head_that_does_not_come_is_answered_408_and_the_connection_closed() {
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &[]);
    for answer in crowd(&server, b"GET /v1/people HTTP/1.1\r\nHost: te") {
        assert_eq!(Response::parse(&answer, false).status, 408);
    }
}

#[test]
fn body_that_does_not_come_is_answered_408_and_the_connection_closed() {
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &["--body-seconds", "1"]);
    let request = server.editor().request("POST", "/v1/people").json(&json!({ "name": "An" })).bytes();
    for answer in crowd(&server, &request[..request.len() - 1]) {
        let answer = Response::parse(&answer, false);
        assert_eq!((answer.status, &answer.json()["code"]), (408, &json!("request_timeout")), "{answer}");
        assert_eq!(answer.header("connection"), Some("close"));
    }
}

/// Whether the server still holds its end of a connection (proc(5), `/proc/net/tcp`: 01 is an open one).
fn is_held(stream: &TcpStream) -> bool {
    let port = |address: SocketAddr| format!(":{:04X}", address.port());
    let (server, caller) = (port(stream.peer_addr().unwrap()), port(stream.local_addr().unwrap()));
    fs::read_to_string("/proc/net/tcp").unwrap().lines().any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        fields[1].ends_with(&server) && fields[2].ends_with(&caller) && fields[3] == "01"
    })
}

#[test]
fn answer_that_nobody_reads_is_broken_off_while_others_are_served() {
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &["--unread-seconds", "1"]);
    // More than the system keeps for a connection.
    let note = "Ghi chú. ".repeat(1000);
    let rows: Vec<String> = (0..2000).map(|at| json!({ "name": at.to_string(), "note": note }).to_string()).collect();
    let import =
        server.editor().request("POST", "/v1/import?collection=people").body("application/x-ndjson", rows.join("\n"));
    assert!(import.send().expect(200).text().contains("\"created\":2000"));
    let mut unread = server.public().connect();
    unread.write_all(b"GET /v1/people?format=ndjson HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
    let mut begun = [0_u8; 15];
    unread.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200 OK");
    let since = Instant::now();
    assert!(is_held(&unread));
    while is_held(&unread) {
        server.public().get("/healthz").expect(200);
        assert!(since.elapsed() < PATIENCE, "the answer is still held");
    }
    let mut rest = Vec::new();
    let whole = unread.read_to_end(&mut rest).is_ok() && String::from_utf8_lossy(&rest).contains("export_end");
    assert!(!whole, "it was all in the buffers of the system");
}
