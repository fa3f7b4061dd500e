//! How the program stops when it is asked to (R25): once, it finishes what is under way; twice, it does not.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use directive_tracker::domain::Role;
use serde_json::json;

use crate::attempt::PATIENCE;
use crate::process::{PROMPTLY, Server};
use crate::support::service::Storage;
use crate::support::{Engine, Response};

/// A write whose body is on its way: the server has said that it waits for it.
fn under_way(server: &Server) -> (TcpStream, Vec<u8>) {
    let request = server.editor().request("POST", "/v1/people").header("Expect", "100-continue");
    let bytes = request.json(&json!({ "name": "An" })).bytes();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let mut stream = server.public().connect();
    stream.write_all(&bytes[..end]).unwrap();
    let mut answer = [0_u8; 25];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
    (stream, bytes[end..].to_vec())
}

/// A connection that has been used and is kept.
fn idle(server: &Server) -> TcpStream {
    let mut stream = server.public().connect();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let mut byte = [0_u8; 1];
    while !answer.ends_with(b"}\n") {
        stream.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    stream
}

/// Waits until nobody takes connections any more.
fn nobody_new_is_let_in(server: &Server) {
    let begun = Instant::now();
    while TcpStream::connect(server.address).is_ok() {
        assert!(begun.elapsed() < PATIENCE, "new connections are taken");
    }
}

#[test]
fn request_under_way_is_finished_and_idle_connections_are_closed() {
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &["--body-seconds", "60", "--shutdown-seconds", "60"]);
    let (mut writing, body) = under_way(&server);
    let mut idle = idle(&server);
    server.terminate();
    let mut rest = Vec::new();
    let begun = Instant::now();
    assert_eq!(idle.read_to_end(&mut rest).unwrap_or(0), 0, "an idle connection is closed");
    assert!(begun.elapsed() < PROMPTLY, "{:?}", begun.elapsed());
    nobody_new_is_let_in(&server);
    writing.write_all(&body).unwrap();
    let mut answer = Vec::new();
    writing.read_to_end(&mut answer).unwrap();
    assert_eq!(Response::parse(&answer, false).status, 201);
    assert_eq!(server.ended().code(), Some(0));
    let server = Server::start(&storage.location(), &[]);
    assert_eq!(server.public().get("/v1/people/1").expect(200).json()["name"], "An");
}

#[test]
fn second_signal_breaks_off_what_is_under_way() {
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &["--body-seconds", "60", "--shutdown-seconds", "60"]);
    let (mut writing, _) = under_way(&server);
    server.terminate();
    nobody_new_is_let_in(&server);
    server.terminate();
    let begun = Instant::now();
    let mut answer = Vec::new();
    assert_eq!(writing.read_to_end(&mut answer).unwrap_or(0), 0);
    let (status, lines) = server.ended_saying();
    assert!(begun.elapsed() < PROMPTLY, "{:?}", begun.elapsed());
    let said = "told to stop a second time: requests under way were broken off";
    assert!(lines.iter().any(|line| line.ends_with(said)), "{lines:?}");
    assert_eq!(status.code(), Some(1));
}

#[test]
fn what_was_refused_last_is_told_before_the_end() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let storage = Storage::migrated(engine);
        let server = Server::start(&storage.location(), &[]);
        let reader = server.holder_of(Role::Reader, "reader@test");
        for _ in 0..3 {
            reader.post("/v1/people", &json!({ "name": "An" })).expect(403);
        }
        server.terminate();
        assert!(server.ended().success());
        let server = Server::start(&storage.location(), &[]);
        let administrator = server.holder_of(Role::Administrator, "administrator@test");
        let told = administrator.get("/v1/security-events?kind=access_denied").expect(200).json();
        let details = told["data"].as_array().unwrap().iter().map(|event| event["detail"].as_str().unwrap());
        assert_eq!(details.collect::<Vec<_>>(), ["2 more within a minute", "POST /v1/people"]);
    }
}
