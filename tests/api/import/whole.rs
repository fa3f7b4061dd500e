//! All or nothing, and nothing but what would become of it.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{body, import, key, lines, person, results, send, sums, told};
use crate::bad_input::writes;
use crate::support::given;

on_both!(one_row_that_fails_undoes_all_of_it, |service| {
    let editor = service.editor();
    let bad = json!({ "type": "person", "name": "" });
    let rows = [person("an"), body("low", Some("top")), bad.clone(), body("top", None)];
    assert_snapshot!(send(&editor, "?atomic=true", lines(&rows)), @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"created","type":"person","id":1,"url":"/v1/people/1"}
    {"line":3,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/name is empty.","errors":[{"pointer":"/name","code":"empty","message":"is empty"}]}}
    {"line":4,"result":"created","type":"organization","id":1,"url":"/v1/organizations/1"}
    {"line":2,"result":"created","type":"organization","id":2,"url":"/v1/organizations/2"}
    {"type":"import_end","lines":4,"created":3,"updated":0,"unchanged":0,"revived":0,"failed":1,"committed":false}
    "#);
    assert_eq!(writes(service), 0);
    let told = import(&editor, "?atomic=true", &[person("an"), body("low", Some("top")), body("top", None)]);
    assert_eq!(
        (results(&told), &sums(&told)["committed"]),
        (vec!["1 created".to_owned(), "3 created".to_owned(), "2 created".to_owned()], &json!(true))
    );
    assert_eq!(writes(service), 3);
    let told = import(&editor, "", &[person("binh"), bad]);
    assert_eq!((&sums(&told)["failed"], &sums(&told)["committed"]), (&json!(1), &json!(true)));
    assert_eq!(writes(service), 4);
});

on_both!(rehearsal_tells_the_differences_and_writes_nothing, |service| {
    let editor = service.editor();
    let an = given::person(&editor, json!({ "name": "An" }));
    let rows = [
        json!({ "type": "person", "id": an.id(), "name": "Ân", "note": "Sửa" }),
        person("binh"),
        given::with(person("binh"), json!({ "note": "Lần hai" })),
        json!({ "type": "position", "person": { "external_key": key("binh") }, "title": "Bí thư", "stated_on": "2018-07-16" }),
        json!({ "type": "person", "id": an.id(), "name": "Ân", "note": "Sửa" }),
        json!({ "type": "person", "name": "" }),
    ];
    let rehearsed = send(&editor, "?dry_run=true", lines(&rows));
    assert_snapshot!(rehearsed, @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"updated","type":"person","id":1,"url":"/v1/people/1","differences":{"name":{"from":"An","to":"Ân"},"note":{"from":null,"to":"Sửa"}}}
    {"line":2,"result":"created","type":"person","id":2,"url":"/v1/people/2","differences":{"name":{"from":null,"to":"BINH"},"other_names":{"from":null,"to":[]},"visibility":{"from":null,"to":"public"}}}
    {"line":3,"result":"updated","type":"person","id":2,"url":"/v1/people/2","differences":{"note":{"from":null,"to":"Lần hai"}}}
    {"line":4,"result":"created","type":"position","id":1,"url":"/v1/positions/1","differences":{"person":{"from":null,"to":2},"stated_on":{"from":null,"to":"2018-07-16"},"title":{"from":null,"to":"Bí thư"},"visibility":{"from":null,"to":"public"}}}
    {"line":5,"result":"unchanged","type":"person","id":1,"url":"/v1/people/1"}
    {"line":6,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/name is empty.","errors":[{"pointer":"/name","code":"empty","message":"is empty"}]}}
    {"type":"import_end","lines":6,"created":2,"updated":2,"unchanged":1,"revived":0,"failed":1,"committed":false}
    "#);
    assert_eq!(writes(service), 1);
    let shown = |line: &serde_json::Value| (line["result"].clone(), line["id"].clone());
    let would = told(&rehearsed);
    let told = import(&editor, "", &rows);
    assert!(told.iter().zip(&would).take(6).all(|(is, would)| shown(is) == shown(would)), "it came as it was told");
    assert_eq!(writes(service), 5);
});

on_both!(nothing_comes_to_nothing, |service| {
    let told = import(&service.editor(), "", &[]);
    assert_eq!(told.len(), 1);
    assert_eq!((&sums(&told)["lines"], writes(service)), (&json!(0), 0));
});

on_both!(row_that_names_a_record_by_its_number_knows_its_version_and_its_address, |service| {
    let editor = service.editor();
    let person = editor.post("/v1/people", &json!({ "name": "An" })).expect(201).json();
    editor.patch("/v1/people/1", &json!({ "note": "mới" })).expect(200);
    let fault = |row: Value| import(&editor, "", &[row])[0]["problem"].clone();
    let stale = given::with(person.clone(), json!({ "name": "Bình" }));
    assert_eq!(fault(stale)["code"], "precondition_failed");
    let same = given::with(person.clone(), json!({ "note": "mới" }));
    assert_eq!(results(&import(&editor, "", &[same])), ["1 unchanged"], "who says what is so has missed nothing");
    let foreign = given::with(person.clone(), json!({ "url": "https://khac.example/v1/people/1" }));
    assert_eq!(
        fault(foreign)["errors"][0],
        json!({ "pointer": "/url", "code": "inconsistent", "message": "is not the address of this record, which is /v1/people/1" })
    );
    assert_eq!(editor.get("/v1/people/1").json()["version"], 2);
    let now = given::with(person, json!({ "name": "Bình", "version": 2 }));
    assert_eq!(results(&import(&editor, "", &[now])), ["1 updated"]);
});
