//! `serve --read-only`: what is there is answered, and nothing is written, not even where it could be.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::json;

use crate::process::{Server, program, run, unprivileged, url};
use crate::support::service::{Storage, exported};
use crate::support::{Client, Engine, given};

/// A database with one person, that nobody serves.
fn with_a_person(engine: Engine) -> Storage {
    let storage = Storage::migrated(engine);
    given::person(&Server::start(&storage.location(), &[]).editor(), json!({}));
    storage
}

/// Every way to write.
fn writes(editor: &Client) -> Vec<crate::support::Response> {
    let rows = "{\"type\": \"person\", \"name\": \"An\"}\n";
    vec![
        editor.post("/v1/people", &json!({ "name": "An" })),
        editor.patch("/v1/people/1", &json!({ "name": "An" })),
        editor.put("/v1/people/by-key/partner/1", &json!({ "name": "An" })),
        editor.delete("/v1/people/1"),
        editor.post("/v1/people?dry_run=true", &json!({ "name": "An" })),
        editor.request("POST", "/v1/import").body("application/x-ndjson", rows).send(),
    ]
}

fn reads_alone(engine: Engine) -> String {
    let storage = with_a_person(engine);
    let before = exported(&storage);
    let server = Server::start(&storage.location(), &["--read-only"]);
    server.public().get("/v1/people/1").expect(200);
    server.public().get("/v1/people?q=dien").expect(200);
    let refused = writes(&server.editor());
    assert!(refused.iter().all(|answer| (answer.status, &answer.json()["code"]) == (503, &json!("read_only"))));
    server.public().post("/v1/people", &json!({ "name": "An" })).expect(401);
    assert!(exported(&storage) == before, "something was written");
    refused[0].to_string()
}

#[test]
fn read_only_service_answers_reads_and_refuses_writes() {
    assert_snapshot!(reads_alone(Engine::Sqlite), @r#"
    503
    cache-control: no-store
    content-type: application/problem+json
    retry-after: 60
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#read_only",
      "title": "The storage is read-only",
      "status": 503,
      "code": "read_only",
      "detail": "The storage is read-only.",
      "instance": "/v1/people"
    }
    "#);
    assert_eq!(reads_alone(Engine::Postgres), reads_alone(Engine::Sqlite));
}

#[test]
fn read_only_service_reads_beside_one_that_writes() {
    let storage = Storage::migrated(Engine::Sqlite);
    let writing = Server::start(&storage.location(), &[]);
    let reading = Server::start(&storage.location(), &["--read-only"]);
    let person = given::person(&writing.editor(), json!({}));
    assert_eq!(reading.public().get(&person.url()).expect(200).json()["name"], person["name"]);
}

#[test]
fn read_only_service_makes_no_database_and_brings_none_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tracker.db");
    let database = format!("sqlite:{}", file.display());
    let serve = || program(&["serve", "--listen", "127.0.0.1:0", "--read-only", "--database-url", &database]);
    let missing = run(serve());
    assert_eq!((missing.status.code(), fs::read_dir(folder.path()).unwrap().count()), (Some(1), 0), "{missing:?}");
    fs::write(&file, "").unwrap();
    let empty = run(serve());
    assert_eq!((empty.status.code(), empty.lines.len()), (Some(65), 1), "{empty:?}");
    assert_eq!(fs::metadata(&file).unwrap().len(), 0);
}

/// Serves a file that nobody may write, in a folder where nobody may make one.
fn served_out_of_reach(storage: &Storage) {
    let location = storage.location();
    let file = location.file().unwrap();
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let folder = file.parent().unwrap();
    set_modes(folder, 0o444, 0o555);
    let serve = ["serve", "--listen", "127.0.0.1:0", "--database-url", &url(&location)];
    let written = run(unprivileged(home.path(), &serve));
    assert_eq!(written.status.code(), Some(74), "{written:?}");
    let server = Server::of(unprivileged(home.path(), &[&serve[..], &["--read-only"]].concat()));
    server.public().get("/v1/people/1").expect(200);
    server.public().get("/v1/people?q=dien").expect(200);
    assert!(writes(&server.editor()).iter().all(|answer| answer.status == 503));
    drop(server);
    set_modes(folder, 0o644, 0o755);
}

fn set_modes(folder: &Path, files: u32, itself: u32) {
    for entry in fs::read_dir(folder).unwrap() {
        fs::set_permissions(entry.unwrap().path(), PermissionsExt::from_mode(files)).unwrap();
    }
    fs::set_permissions(folder, PermissionsExt::from_mode(itself)).unwrap();
}

#[test]
fn read_only_service_reads_a_file_that_it_may_not_write() {
    served_out_of_reach(&with_a_person(Engine::Sqlite));
}

#[test]
fn read_only_service_reads_what_a_killed_one_has_left() {
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &[]);
    given::person(&server.editor(), json!({}));
    server.kill();
    assert!(storage.location().file().unwrap().with_extension("db-wal").metadata().unwrap().len() > 0);
    served_out_of_reach(&storage);
}
