//! One record in several rows of one import: what is said of it stands in the first.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{NDJSON, body, import, key, lines, person, results, send, sums, to};
use crate::bad_input::writes;
use crate::support::{Service, given};

/// Sends rows twice, and gives what became of them the first time; the second time nothing is written.
#[track_caller]
fn sent_twice(service: &Service, query: &str, rows: &[Value]) -> Vec<Value> {
    let told = import(&service.editor(), query, rows);
    let before = writes(service);
    import(&service.editor(), query, rows);
    assert_eq!(writes(service), before, "{told:?}");
    told
}

on_both!(record_that_a_row_says_otherwise_again_is_told_with_the_first_line, |service| {
    let rows = [person("an"), person("binh"), given::with(person("an"), json!({ "note": "Khác" })), person("an")];
    let editor = service.editor();
    assert_snapshot!(send(&editor, "", lines(&rows)), @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"created","type":"person","id":1,"url":"/v1/people/1"}
    {"line":2,"result":"created","type":"person","id":2,"url":"/v1/people/2"}
    {"line":3,"result":"failed","type":"person","problem":{"type":"/problems#repeated_key","title":"An earlier row names the same record","status":409,"code":"repeated_key","detail":"Line 1 names this record too, and an import says what a record is in one row alone.","errors":[{"pointer":"/external_key","code":"inconsistent","message":"names the record that line 1 names"}],"first_line":1}}
    {"line":4,"result":"unchanged","type":"person","id":1,"url":"/v1/people/1","first_line":1}
    {"type":"import_end","lines":4,"created":2,"updated":0,"unchanged":1,"revived":0,"rolled_back":0,"failed":1,"committed":true}
    "#);
    assert_eq!(results(&import(&editor, "", &rows)), ["1 unchanged", "2 unchanged", "3 failed", "4 unchanged"]);
    assert_eq!(writes(service), 2);
});

on_both!(problem_of_a_repeated_row_is_told_in_vietnamese, |service| {
    let rows = lines(&[person("an"), given::with(person("an"), json!({ "note": "Khác" }))]);
    let request = service.editor().request("POST", "/v1/import").header("Accept-Language", "vi");
    assert!(request.body(NDJSON, rows).send().text().contains("Dòng trước đã nêu cùng bản ghi"));
});

on_both!(row_that_waits_stays_the_first_of_its_record, |service| {
    let later = given::with(body("low", None), json!({ "name": "Khác" }));
    let told = sent_twice(service, "", &[body("low", Some("top")), later, body("top", None)]);
    assert_eq!(results(&told), ["2 failed", "3 created", "1 created"]);
    assert_eq!(told[0]["problem"]["first_line"], 1);
    assert_eq!(service.editor().get("/v1/organizations/2").json()["name"], "low");
});

on_both!(record_is_one_by_its_key_and_by_its_number, |service| {
    let editor = service.editor();
    let put = |key: &str| editor.put(&format!("/v1/people/by-key/partner/{key}"), &json!({ "name": key })).expect(201);
    let id = |key: &str| put(key).json()["id"].clone();
    let (an, binh) = (id("an"), id("binh"));
    let by_id = |id: &Value, name: &str| json!({ "type": "person", "id": id, "name": name });
    let rows = [
        by_id(&an, "Ân"),
        person("an"),
        person("binh"),
        by_id(&binh, "Bính"),
        by_id(&binh, "BINH"),
        by_id(&json!(3), "Chi"),
        person("chi"),
    ];
    let told = sent_twice(service, "", &rows[..5]);
    assert_eq!(results(&told), ["1 updated", "2 failed", "3 updated", "4 failed", "5 unchanged"]);
    assert_eq!([&told[1]["problem"]["first_line"], &told[3]["problem"]["first_line"]], [&json!(1), &json!(3)]);
    assert_eq!(told[3]["problem"]["errors"][0]["pointer"], "/id");
    assert_eq!(told[4]["first_line"], 3);
    let told = import(&editor, "", &rows[5..]);
    assert_eq!(results(&told), ["1 failed", "2 created"], "the number named nothing");
});

on_both!(parts_of_a_record_stand_in_one_row, |service| {
    import(&service.editor(), "", &[person("an")]);
    let row = |fields: Value| given::with(json!({ "type": "person", "external_key": key("an") }), fields);
    let rows = [row(json!({ "note": "Một" })), row(json!({ "note": "Hai" })), row(json!({ "name": "AN" }))];
    assert_eq!(results(&sent_twice(service, "?mode=merge", &rows)), ["1 updated", "2 failed", "3 unchanged"]);
});

on_both!(row_is_the_first_of_its_record_even_if_it_fails, |service| {
    let rows = [given::with(person("an"), json!({ "name": "" })), person("an"), person("binh")];
    let told = sent_twice(service, "", &rows);
    assert_eq!(results(&told), ["1 failed", "2 failed", "3 created"]);
    assert_eq!(told[1]["problem"]["code"], "repeated_key");
});

on_both!(key_is_one_for_each_type, |service| {
    let told = sent_twice(service, "", &[person("an"), body("an", None)]);
    assert_eq!(results(&told), ["1 created", "2 created"]);
});

on_both!(rows_that_have_no_name_are_never_one, |service| {
    let nameless = json!({ "type": "person", "name": "An" });
    assert_eq!(sums(&import(&service.editor(), "", &[nameless.clone(), nameless]))["created"], 2);
});

on_both!(parent_may_be_repeated_by_its_children, |service| {
    let conference = json!({ "type": "conference", "external_key": key("c"), "name": "Hội nghị" });
    let finding = |at: usize| json!({ "type": "finding", "external_key": key(&format!("f-{at}")), "conference": to("c"), "kind": "achievement", "text": at.to_string() });
    let told = sent_twice(service, "", &[conference.clone(), finding(1), conference, finding(2)]);
    assert_eq!(results(&told), ["1 created", "2 created", "3 unchanged", "4 created"]);
});

on_both!(rows_before_one_that_is_taken_back_stay_as_they_were, |service| {
    let mut rows = Vec::new();
    for name in (1..=150).map(|number| number.to_string()) {
        rows.push(person(&name));
        // The record of such a row is written over before it is known that it must not be.
        if ["3", "4", "40", "120", "150"].contains(&name.as_str()) {
            rows.push(given::with(person(&name), json!({ "note": "Khác" })));
        }
    }
    let editor = service.editor();
    let told = import(&editor, "", &rows);
    let failed = |line: &&Value| line["result"] == "failed";
    assert_eq!(told.iter().filter(failed).map(|line| line["line"].clone()).collect::<Vec<_>>(), [4, 6, 43, 124, 155]);
    let created: Vec<_> =
        told.iter().filter(|line| line["result"] == "created").map(|line| line["id"].clone()).collect();
    assert_eq!(created, (1..=150).collect::<Vec<i64>>());
    for id in 1..=150 {
        let person = editor.get(&format!("/v1/people/{id}")).json();
        let found = [&person["name"], &person["note"], &person["version"]];
        assert_eq!(found, [&json!(id.to_string()), &Value::Null, &json!(1)]);
    }
    assert_eq!(writes(service), 150);
    let again = import(&editor, "", &rows);
    assert_eq!((&sums(&again)["unchanged"], &sums(&again)["failed"]), (&json!(150), &json!(5)));
    assert_eq!(writes(service), 150);
});
