//! Importing rows of mixed collections: what becomes of each, in any order, again, at once, as a whole or not at all.

mod again;
mod csv;
mod mistakes;
mod references;
mod rehearsal;
mod repeated;
mod whole;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::bad_input::writes;
use crate::support::{Client, Response, given};

const NDJSON: &str = "application/x-ndjson";

/// Sends lines.
fn send(client: &Client, query: &str, lines: impl Into<Vec<u8>>) -> Response {
    client.request("POST", &format!("/v1/import{query}")).body(NDJSON, lines).send()
}

/// Sends rows, and gives what became of them.
pub fn import(client: &Client, query: &str, rows: &[Value]) -> Vec<Value> {
    told(&send(client, query, lines(rows)).expect(200))
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// The lines of an answer.
pub fn told(answer: &Response) -> Vec<Value> {
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What became of each row, in short: `line result`.
pub fn results(told: &[Value]) -> Vec<String> {
    let rows = told.iter().filter(|line| line["type"] != "import_end");
    rows.map(|line| format!("{} {}", line["line"], line["result"].as_str().unwrap())).collect()
}

/// The last line, without its type.
pub fn sums(told: &[Value]) -> Value {
    let mut end = told.last().unwrap().clone();
    assert_eq!(end.as_object_mut().unwrap().remove("type"), Some(json!("import_end")));
    end
}

fn key(key: &str) -> Value {
    json!({ "system": "partner", "key": key })
}

fn to(name: &str) -> Value {
    json!({ "external_key": key(name) })
}

/// A row with a person under a key.
fn person(name: &str) -> Value {
    json!({ "type": "person", "external_key": key(name), "name": name.to_uppercase() })
}

/// A row with a body under a key, below another.
fn body(name: &str, parent: Option<&str>) -> Value {
    let fields = json!({ "type": "organization", "external_key": key(name), "name": name, "kind": "party_committee" });
    given::with(fields, json!({ "parent": parent.map(to) }))
}

on_both!(each_row_is_told_what_became_of_it, |service| {
    let editor = service.editor();
    let known = given::person(&editor, json!({ "name": "An" }));
    let put = |key: &str| editor.put(&format!("/v1/people/by-key/partner/{key}"), &json!({ "name": key })).expect(201);
    let [_, same, gone] = ["binh", "chi", "dung"].map(put);
    editor.delete(gone.json()["url"].as_str().unwrap()).expect(204);
    let rows = [
        json!({ "type": "person", "name": "Giang" }),
        json!({ "type": "person", "external_key": key("ha"), "name": "Hà" }),
        json!({ "type": "person", "id": known.id(), "name": "Ân" }),
        json!({ "type": "person", "external_key": key("binh"), "name": "Bình" }),
        json!({ "type": "person", "external_key": key("chi"), "name": "chi" }),
        json!({ "type": "person", "external_key": key("dung"), "name": "Dung" }),
        json!({ "type": "person", "external_key": key("hung"), "name": "" }),
        given::with(given::document_fields(), json!({ "type": "document" })),
    ];
    let before = writes(service);
    assert_snapshot!(send(&editor, "", lines(&rows)), @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"created","type":"person","id":5,"url":"/v1/people/5"}
    {"line":2,"result":"created","type":"person","id":6,"url":"/v1/people/6"}
    {"line":3,"result":"updated","type":"person","id":1,"url":"/v1/people/1"}
    {"line":4,"result":"updated","type":"person","id":2,"url":"/v1/people/2"}
    {"line":5,"result":"unchanged","type":"person","id":3,"url":"/v1/people/3"}
    {"line":6,"result":"revived","type":"person","id":4,"url":"/v1/people/4"}
    {"line":7,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/name is empty.","errors":[{"pointer":"/name","code":"empty","message":"is empty"}]}}
    {"line":8,"result":"created","type":"document","id":1,"url":"/v1/documents/1"}
    {"type":"import_end","lines":8,"created":3,"updated":2,"unchanged":1,"revived":1,"rolled_back":0,"failed":1,"committed":true}
    "#);
    assert_eq!(writes(service), before + 6);
    assert_eq!(editor.get(same.json()["url"].as_str().unwrap()).json()["version"], 1);
    let log = editor.get("/v1/changes?limit=200").json();
    let log = log["data"].as_array().unwrap();
    let requests: Vec<&Value> = log[before..].iter().map(|change| &change["request_id"]).collect();
    assert!(requests.windows(2).all(|two| two[0] == two[1]), "{requests:?}");
});

on_both!(rows_may_come_in_any_order, |service| {
    let editor = service.editor();
    let document = |name: &str, body: &str| {
        given::with(
            given::document_fields(),
            json!({ "type": "document", "external_key": key(name), "title": name, "numbering_body": to(body), "adopted_by": [to("top")] }),
        )
    };
    let link = json!({ "type": "document_link", "from": to("plan"), "to": to("directive"), "kind": "implements" });
    let rows = [
        link,
        document("plan", "low"),
        body("low", Some("mid")),
        body("mid", Some("top")),
        document("directive", "top"),
        body("top", None),
    ];
    let told = import(&editor, "", &rows);
    assert_eq!(results(&told), ["6 created", "4 created", "5 created", "3 created", "2 created", "1 created"]);
    let links = editor.get("/v1/document-links?expand=from,to").json();
    assert_eq!(
        (&links["data"][0]["from"]["title"], &links["data"][0]["to"]["title"]),
        (&json!("plan"), &json!("directive"))
    );
    let mut others = rows.clone();
    others.reverse();
    assert_eq!(sums(&import(&editor, "", &others[..5]))["unchanged"], 5);
});

on_both!(child_names_its_parent_and_stays_with_it, |service| {
    let editor = service.editor();
    let conference = |name: &str| json!({ "type": "conference", "external_key": key(name), "name": name });
    let finding = |conference: &str, text: &str| json!({ "type": "finding", "external_key": key("f"), "conference": to(conference), "kind": "achievement", "text": text });
    let told = import(&editor, "", &[finding("a", "Một"), conference("a"), conference("b")]);
    assert_eq!(results(&told), ["2 created", "1 created", "3 created"]);
    assert_eq!(results(&import(&editor, "", &[finding("a", "Hai")])), ["1 updated"]);
    let nested = given::with(conference("c"), json!({ "findings": [{ "kind": "achievement", "text": "Ba" }] }));
    let others = given::with(conference("c"), json!({ "findings": [{ "kind": "achievement", "text": "Năm" }] }));
    let told = import(&editor, "", &[finding("b", "Hai"), nested.clone(), nested]);
    assert_eq!(results(&told), ["1 failed", "2 created", "3 unchanged"]);
    assert_eq!(told[0]["problem"]["errors"][0]["pointer"], "/conference");
    let told = import(&editor, "", &[others]);
    assert_eq!(told[0]["problem"]["errors"][0]["code"], "children_not_patched");
    let change = json!({ "type": "finding", "external_key": key("f"), "text": "Bốn" });
    assert_eq!(results(&import(&editor, "?mode=merge", &[change])), ["1 updated"]);
    assert_eq!(editor.get("/v1/findings?conference=1").json()["data"][0]["text"], "Bốn");
});

on_both!(part_of_a_record_changes_what_it_names, |service| {
    let editor = service.editor();
    let row = |fields: Value| given::with(json!({ "type": "conference", "external_key": key("c") }), fields);
    let told = import(&editor, "", &[row(json!({ "name": "Hội nghị", "place": "Hà Nội", "mode": "online" }))]);
    assert_eq!(results(&told), ["1 created"]);
    let change = json!({ "type": "conference", "external_key": key("c"), "place": null, "participant_count": 40 });
    assert_eq!(results(&import(&editor, "?mode=merge", &[change.clone(), change])), ["1 updated", "2 unchanged"]);
    let read = || editor.get("/v1/conferences/1").json();
    assert_eq!(
        (&read()["place"], &read()["participant_count"], &read()["mode"]),
        (&json!(null), &json!(40), &json!("online"))
    );
    import(&editor, "?mode=replace", &[row(json!({ "name": "Hội nghị" }))]);
    assert_eq!((&read()["participant_count"], &read()["mode"]), (&json!(null), &json!("unknown")));
});

on_both!(collection_may_be_named_once_for_all_rows, |service| {
    let told = import(&service.editor(), "?collection=people", &[json!({ "name": "An" }), json!({ "name": "Bình" })]);
    assert_eq!(sums(&told)["created"], 2);
});

on_both!(only_editors_import, |service| {
    assert_eq!(send(&service.public(), "", "").status, 401);
    assert_eq!(send(&service.reader(), "", "").status, 403);
    assert_eq!(writes(service), 0);
});
