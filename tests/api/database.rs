//! A database with a past, moved to the other database: it answers as before, and goes on where it was.

use serde_json::{Value, json};

use crate::support::service::{Storage, exported, imported, small_settings};
use crate::support::{Client, Service, given};
use directive_tracker::db::conn::Purpose;
use directive_tracker::resources;
use directive_tracker::transfer::database::check::log_is_sound;

/// Records that were made, changed, hidden, shown, decided on, deleted and brought back, some of which point at later ones.
fn write_a_past(editor: &Client) {
    let conclusion = given::conclusion_32(editor);
    let province = given::organization(editor, json!({ "visibility": "internal" }));
    let owner = given::organization(editor, json!({ "name": "Ban Nội chính" }));
    // The first points at the last: who is built first has nothing to point at yet.
    let adopters = json!([owner.id(), province.id()]);
    editor.patch(&conclusion.url(), &json!({ "adopted_by": adopters, "managed_by": owner.id() })).expect(200);
    editor.patch("/v1/organizations/1", &json!({ "parent": owner.id() })).expect(200);
    let conference = given::conference(editor, json!({ "bridge_points": [{ "name": "Huế" }] }));
    editor.patch(&conference.url(), &json!({ "visibility": "internal" })).expect(200);
    editor.patch(&conference.url(), &json!({ "visibility": "public", "parent": null })).expect(200);
    let other = given::conference(editor, json!({ "name": "Hội nghị thứ hai" }));
    editor.patch(&conference.url(), &json!({ "parent": other.id() })).expect(200);
    let task =
        given::task(editor, json!({ "documents": [conclusion.id()], "conferences": [other.id(), conference.id()] }));
    let asked = json!({ "task": task.id(), "requested_on": "2018-09-01", "requested_due_on": "2018-12-31" });
    let extension = given::record(editor, "extensions", &asked);
    let decision = json!({ "status": "granted", "decided_on": "2018-09-10", "new_due_on": "2018-12-31" });
    editor
        .request("POST", &format!("{}/decision", extension.url()))
        .header("If-Match", &extension.etag)
        .json(&decision)
        .send()
        .expect(200);
    let source = given::source(editor, json!({}));
    let about = json!({ "type": "conference", "id": conference.id() });
    given::record(
        editor,
        "claims",
        &json!({ "source": source.id(), "about": about, "field": "held_from", "value": "2018-07-16" }),
    );
    let figure = json!({ "measure": "Vụ án đã khám phá", "numerator": 771, "denominator": 778, "stated_rate": 92.2 });
    given::record(editor, "statistics", &figure);
    for key in ["1", "2"] {
        let url = format!("/v1/people/by-key/partner/{key}");
        editor.put(&url, &json!({ "name": "An" })).expect(201);
        let person = editor.get(&url).expect(200).json()["id"].clone();
        editor.delete(&format!("/v1/people/{person}")).expect(204);
    }
    editor.put("/v1/people/by-key/partner/1", &json!({ "name": "Ân" })).expect(201);
}

/// Everything that a caller may read: all lists, the feed, what is gone, and who is found under which key.
fn all_that_is_said(client: &Client) -> Vec<(String, Value)> {
    let lists = resources::ALL.iter().map(|collection| format!("/v1/{}?limit=200&count=exact", collection.name()));
    let others = [
        "/v1/changes?limit=200",
        "/v1/documents?symbol=32-KL/TW&expand=adopted_by,tasks",
        "/v1/documents?q=an+ninh+trat+tu",
        "/v1/documents/1/history",
        "/v1/conferences/1/history",
        "/v1/organizations?sort=name",
        "/v1/tasks?document=1&due_to=2018-12-31",
        "/v1/people/1/history",
        "/v1/people/2",
        "/v1/people/by-key/partner/1?expand=external_keys",
        "/v1/people/by-key/partner/2",
    ];
    let paths = lists.chain(others.map(str::to_owned));
    paths.map(|path| (path.clone(), client.get(&path).json())).collect()
}

on_both!(database_with_a_past_answers_the_same_in_the_other_and_goes_on, |service| {
    write_a_past(&service.administrator());
    let bytes = exported(&service.storage);
    let other = Storage::migrated(service.engine.other());
    imported(&other, &bytes).unwrap();
    assert!(exported(&other) == bytes, "other bytes");
    let moved = Service::on(service.engine.other(), other, small_settings());
    for (here, there) in [(service.public(), moved.public()), (service.editor(), moved.editor())] {
        for ((path, here), (_, there)) in all_that_is_said(&here).into_iter().zip(all_that_is_said(&there)) {
            assert_eq!(here, there, "{path}");
        }
    }
    // What comes next has the same numbers in both, and the chain goes on.
    for editor in [service.editor(), moved.editor()] {
        let conference = given::conference(&editor, json!({ "convening_body": 2 }));
        assert_eq!((conference.id(), given::person(&editor, json!({})).id()), (3, 3));
    }
    let mut found = Vec::new();
    for storage in [&service.storage, &moved.storage] {
        log_is_sound(&mut storage.connect(Purpose::Read), &mut |line| found.push(line)).unwrap();
    }
    assert_eq!(found, Vec::<String>::new());
});
