//! What the log says of a request, under the id that its answer gives.

use std::sync::{Mutex, Once, PoisonError};

use diesel::connection::SimpleConnection;
use directive_tracker::config::Settings;
use directive_tracker::db::conn::Purpose;
use insta::assert_snapshot;
use log::{Level, LevelFilter, Log, Metadata, Record};

use serde_json::json;

use crate::support::{Client, Response, small_settings};

/// The log of this process, which all its tests write to.
static LINES: Lines = Lines(Mutex::new(Vec::new()));

struct Lines(Mutex<Vec<(Level, String)>>);

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.target().starts_with("directive_tracker")
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            let line = (record.level(), record.args().to_string());
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }

    fn flush(&self) {}
}

pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&LINES).unwrap();
        log::set_max_level(LevelFilter::Info);
    });
}

/// What the log says at this level under the id of a request.
pub fn said(level: Level, id: &str) -> Vec<String> {
    let lines = LINES.0.lock().unwrap_or_else(PoisonError::into_inner);
    let of_request = lines.iter().filter(|(at, line)| *at == level && line.starts_with(&format!("request {id}: ")));
    of_request.map(|(_, line)| line.clone()).collect()
}

on_both!(cause_of_a_fault_is_in_the_log_under_the_id_of_its_request_and_is_not_sent, |service| {
    listen();
    service.storage.connect(Purpose::Write).batch_execute("ALTER TABLE people RENAME TO lost_people").unwrap();
    let answer = service.public().get("/v1/people/1");
    let causes = said(Level::Error, answer.header("x-request-id").unwrap());
    assert_eq!(causes.len(), 1, "{causes:?}");
    // SQLite: no such table: people; PostgreSQL: relation "people" does not exist.
    assert!(causes[0].contains("people"), "{causes:?}");
    assert_snapshot!(answer, @r#"
    500
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#internal",
      "title": "A fault of the service",
      "status": 500,
      "code": "internal",
      "detail": "The fault is in the log under the id of this request.",
      "instance": "/v1/people/1"
    }
    "#);
});

on_both!(each_request_has_one_line_in_the_log, |service| {
    listen();
    for (method, path, status) in [("GET", "/v1/people", 200), ("GET", "/v1/people/1", 404), ("PUT", "/v1/people", 405)]
    {
        let answer = service.public().request(method, path).send().expect(status);
        let lines = said(Level::Info, answer.header("x-request-id").unwrap());
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(&format!(": {method} {path} {status} ")), "{lines:?}");
    }
});

on_both!(line_of_a_request_names_who_called_and_by_which_credential, |service| {
    listen();
    let line = |answer: &Response| said(Level::Info, answer.header("x-request-id").unwrap()).concat();
    let anonymous = line(&service.public().get("/v1/people").expect(200));
    assert!(anonymous.ends_with(" ms"), "{anonymous}");
    let editor = service.editor();
    let written = editor.post("/v1/people", &json!({ "name": "An" })).expect(201);
    let change = editor.get("/v1/people/1/history").expect(200).json();
    let (actor, credential) = (&change["data"][0]["actor"], &change["data"][0]["credential"]);
    assert!(actor.is_string() && credential.is_string(), "{change}");
    for (answer, status) in [
        (written, 201),
        (editor.get("/v1/people/2"), 404),
        (editor.get("/v1/users"), 403),
        (editor.post("/v1/people", &json!({ "name": "" })), 422),
    ] {
        let line = line(&answer.expect(status));
        let end = format!(" by {actor} ({})", credential.as_str().unwrap());
        assert!(line.contains(&format!(" {status} ")) && line.ends_with(&end), "{line} does not end with{end}");
    }
});

on_both!(reason_why_a_credential_is_refused_is_in_the_log_alone, |service| {
    listen();
    let other = Client { address: service.address, token: Some("dt_k7Qm2xYz_no_key".to_owned()) };
    let answer = other.get("/v1/people").expect(401);
    assert!(!answer.text().contains("no API key"), "{answer}");
    let lines = said(Level::Info, answer.header("x-request-id").unwrap());
    assert!(lines[0].ends_with(": a credential was refused: it is no API key"), "{lines:?}");
    assert!(!lines.concat().contains("no_key"), "{lines:?}");
});

fn with_an_origin() -> Settings {
    Settings { cors_origins: vec!["https://app.example".to_owned()], ..small_settings() }
}

on_both!(what_is_asked_beforehand_by_a_page_has_its_line_in_the_log, with_an_origin(), |service| {
    listen();
    for (origin, status) in [("https://app.example", 200), ("https://evil.example", 400)] {
        let request = service.public().request("OPTIONS", "/v1/people").header("Origin", origin);
        let answer = request.header("Access-Control-Request-Method", "GET").send().expect(status);
        let lines = said(Level::Info, answer.header("x-request-id").unwrap());
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(&format!(": OPTIONS /v1/people {status} ")), "{lines:?}");
    }
});
