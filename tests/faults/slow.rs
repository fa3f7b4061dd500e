//! Callers who send slowly or not at all (R13, R14): they are told so and let go, and nobody else notices.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

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
