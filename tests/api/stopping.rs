//! How a server stops: what is under way is finished, what is idle is closed, nobody new is let in.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;

use actix_web::web;
use directive_tracker::app::App;
use directive_tracker::config::Settings;
use directive_tracker::db::Database;
use directive_tracker::db::lanes::Capacity;
use directive_tracker::domain::{Clock, Role};
use directive_tracker::http::server::{self, StoppedBy};
use serde_json::json;

use crate::support::service::{NOW, Storage};
use crate::support::{Client, Engine, Response, small_settings};

/// A body may take as long as it takes to stop the service.
fn patient() -> Settings {
    Settings { body_seconds: 20, shutdown_seconds: 20, ..small_settings() }
}

fn finishes_what_is_under_way(engine: Engine) {
    let storage = Storage::migrated(engine);
    let location = storage.location();
    let database = Database::open(&location, Capacity::of(&location, None, 64)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let clock = Clock::fixed(NOW.parse().unwrap());
    let app = web::Data::new(App::new(patient(), database, clock, b"a secret of more than thirty-two bytes"));
    let token = app.tokens.issue("editor", Role::Editor, app.clock.now(), 3600).unwrap();
    let (tell, told) = mpsc::channel();
    let serving = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = server::start(app, listener, StoppedBy::Handle).unwrap();
            tell.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    let handle = told.recv().unwrap();
    let editor = Client { address, token: Some(token) };
    let request = editor.request("POST", "/v1/people").json(&json!({ "name": "An" })).bytes();
    let (first, last) = request.split_at(request.len() - 3);
    let mut under_way = editor.connect();
    let mut idle = editor.connect();
    under_way.write_all(first).unwrap();
    // One worker takes connections in turn: those above are its own by now.
    assert_eq!(editor.get("/healthz").status, 200);
    // The command is sent by the call.
    drop(handle.stop(true));
    let mut rest = Vec::new();
    assert_eq!(idle.read_to_end(&mut rest).unwrap_or(0), 0, "an idle connection is closed");
    assert!(!serving.is_finished(), "it waits for what is under way");
    under_way.write_all(last).unwrap();
    let mut answer = Vec::new();
    under_way.read_to_end(&mut answer).unwrap();
    assert_eq!(Response::parse(&answer, false).status, 201);
    serving.join().unwrap();
    assert!(std::net::TcpStream::connect(address).is_err(), "nobody new is let in");
}

#[test]
fn request_under_way_is_finished_on_sqlite() {
    finishes_what_is_under_way(Engine::Sqlite);
}

#[test]
fn request_under_way_is_finished_on_postgres() {
    finishes_what_is_under_way(Engine::Postgres);
}
