//! All or nothing.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{body, import, lines, person, results, send, sums, told};
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

    {"line":1,"result":"rolled_back","type":"person"}
    {"line":3,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/name is empty.","errors":[{"pointer":"/name","code":"empty","message":"is empty"}]}}
    {"line":4,"result":"rolled_back","type":"organization"}
    {"line":2,"result":"rolled_back","type":"organization"}
    {"type":"import_end","lines":4,"created":0,"updated":0,"unchanged":0,"revived":0,"rolled_back":3,"failed":1,"committed":false}
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

on_both!(row_that_was_so_before_is_so_although_the_rest_is_taken_back, |service| {
    let editor = service.editor();
    import(&editor, "", &[person("an"), person("binh")]);
    let changed = given::with(person("binh"), json!({ "note": "Khác" }));
    let rows =
        [person("an"), changed.clone(), changed, person("chi"), person("chi"), json!({ "type": "person", "name": "" })];
    let answer = send(&editor, "?atomic=true", lines(&rows));
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"unchanged","type":"person","id":1,"url":"/v1/people/1"}
    {"line":2,"result":"rolled_back","type":"person"}
    {"line":3,"result":"rolled_back","type":"person","first_line":2}
    {"line":4,"result":"rolled_back","type":"person"}
    {"line":5,"result":"rolled_back","type":"person","first_line":4}
    {"line":6,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/name is empty.","errors":[{"pointer":"/name","code":"empty","message":"is empty"}]}}
    {"type":"import_end","lines":6,"created":0,"updated":0,"unchanged":1,"revived":0,"rolled_back":4,"failed":1,"committed":false}
    "#);
    assert_eq!(writes(service), 2);
    assert_eq!(results(&import(&editor, "?atomic=true&dry_run=true", &rows)), results(&told(&answer)));
    let long: Vec<Value> =
        (0..3000).map(|at| person(&at.to_string())).chain([json!({ "type": "person", "name": "" })]).collect();
    let sums = sums(&import(&editor, "?atomic=true", &long));
    assert_eq!((&sums["lines"], &sums["rolled_back"], &sums["failed"]), (&json!(3001), &json!(3000), &json!(1)));
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
