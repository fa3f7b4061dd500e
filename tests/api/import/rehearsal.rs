//! What would become of an import, of which nothing is written: the exact differences of each row.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{import, key, lines, person, send, to, told};
use crate::bad_input::writes;
use crate::support::given;

on_both!(rehearsal_tells_the_differences_and_writes_nothing, |service| {
    let editor = service.editor();
    let an = given::person(&editor, json!({ "name": "An" }));
    let rows = [
        json!({ "type": "person", "id": an.id(), "name": "Ân", "note": "Sửa" }),
        person("binh"),
        person("binh"),
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
    {"line":3,"result":"unchanged","type":"person","id":2,"url":"/v1/people/2","first_line":2}
    {"line":4,"result":"created","type":"position","id":1,"url":"/v1/positions/1","differences":{"person":{"from":null,"to":2},"stated_on":{"from":null,"to":"2018-07-16"},"title":{"from":null,"to":"Bí thư"},"visibility":{"from":null,"to":"public"}}}
    {"line":5,"result":"unchanged","type":"person","id":1,"url":"/v1/people/1","first_line":1}
    {"line":6,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/name is empty.","errors":[{"pointer":"/name","code":"empty","message":"is empty"}]}}
    {"type":"import_end","lines":6,"created":2,"updated":1,"unchanged":2,"revived":0,"rolled_back":0,"failed":1,"committed":false}
    "#);
    assert_eq!(writes(service), 1);
    let shown = |line: &serde_json::Value| (line["result"].clone(), line["id"].clone());
    let would = told(&rehearsed);
    let told = import(&editor, "", &rows);
    assert!(told.iter().zip(&would).take(6).all(|(is, would)| shown(is) == shown(would)), "it came as it was told");
    assert_eq!(writes(service), 4);
});

/// A conference with a bridge point and findings.
fn conference(findings: &[&str]) -> Value {
    let finding = |text: &&str| json!({ "kind": "achievement", "text": text });
    json!({
        "type": "conference", "external_key": key("c"), "name": "Hội nghị",
        "bridge_points": [{ "name": "Huế" }],
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

on_both!(rehearsal_tells_of_the_records_within_a_row, |service| {
    let editor = service.editor();
    assert_snapshot!(send(&editor, "?dry_run=true", lines(&[conference(&["Một", "Hai"])])), @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"created","type":"conference","id":1,"url":"/v1/conferences/1","differences":{"formats":{"from":null,"to":[]},"mode":{"from":null,"to":"unknown"},"name":{"from":null,"to":"Hội nghị"},"visibility":{"from":null,"to":"public"},"year_inferred":{"from":null,"to":false}},"also":[{"result":"created","type":"bridge_point","id":1,"url":"/v1/bridge-points/1","pointer":"/bridge_points/0","differences":{"conference":{"from":null,"to":1},"main":{"from":null,"to":false},"name":{"from":null,"to":"Huế"},"visibility":{"from":null,"to":"public"}}},{"result":"created","type":"finding","id":1,"url":"/v1/findings/1","pointer":"/findings/0","differences":{"conference":{"from":null,"to":1},"kind":{"from":null,"to":"achievement"},"text":{"from":null,"to":"Một"},"visibility":{"from":null,"to":"public"}}},{"result":"created","type":"finding","id":2,"url":"/v1/findings/2","pointer":"/findings/1","differences":{"conference":{"from":null,"to":1},"kind":{"from":null,"to":"achievement"},"text":{"from":null,"to":"Hai"},"visibility":{"from":null,"to":"public"}}}]}
    {"type":"import_end","lines":1,"created":1,"updated":0,"unchanged":0,"revived":0,"rolled_back":0,"failed":0,"committed":false}
    "#);
    import(&editor, "", &[conference(&["Một", "Hai"])]);
    let changed = given::with(conference(&["Một", "Hai"]), json!({ "place": "Huế" }));
    assert_snapshot!(send(&editor, "?dry_run=true", lines(&[changed])), @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"updated","type":"conference","id":1,"url":"/v1/conferences/1","differences":{"place":{"from":null,"to":"Huế"}},"also":[{"result":"unchanged","type":"bridge_point","id":1,"url":"/v1/bridge-points/1","pointer":"/bridge_points/0"},{"result":"unchanged","type":"finding","id":1,"url":"/v1/findings/1","pointer":"/findings/0"},{"result":"unchanged","type":"finding","id":2,"url":"/v1/findings/2","pointer":"/findings/1"}]}
    {"type":"import_end","lines":1,"created":0,"updated":1,"unchanged":0,"revived":0,"rolled_back":0,"failed":0,"committed":false}
    "#);
    assert_snapshot!(send(&editor, "?dry_run=true", lines(&[conference(&["Một", "Hai"])])), @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"unchanged","type":"conference","id":1,"url":"/v1/conferences/1","also":[{"result":"unchanged","type":"bridge_point","id":1,"url":"/v1/bridge-points/1","pointer":"/bridge_points/0"},{"result":"unchanged","type":"finding","id":1,"url":"/v1/findings/1","pointer":"/findings/0"},{"result":"unchanged","type":"finding","id":2,"url":"/v1/findings/2","pointer":"/findings/1"}]}
    {"type":"import_end","lines":1,"created":0,"updated":0,"unchanged":1,"revived":0,"rolled_back":0,"failed":0,"committed":false}
    "#);
    editor.delete("/v1/conferences/1").expect(204);
    let told = import(&editor, "?dry_run=true", &[conference(&["Ba"])]);
    let also =
        |at: usize| (&told[0]["also"][at]["result"], &told[0]["also"][at]["url"], &told[0]["also"][at]["pointer"]);
    assert_eq!(told[0]["result"], "revived");
    assert_eq!(also(0), (&json!("created"), &json!("/v1/bridge-points/2"), &json!("/bridge_points/0")));
    assert_eq!(also(1), (&json!("created"), &json!("/v1/findings/3"), &json!("/findings/0")));
});

on_both!(rehearsal_tells_of_the_children_that_change_with_their_parent, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({}));
    import(&editor, "", &[conference(&["Một"])]);
    let handed_over =
        json!({ "type": "conference", "external_key": key("c"), "managed_by": body.id(), "visibility": "internal" });
    let rehearsed = send(&editor, "?dry_run=true&mode=merge", lines(std::slice::from_ref(&handed_over)));
    assert_snapshot!(rehearsed, @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"updated","type":"conference","id":1,"url":"/v1/conferences/1","differences":{"managed_by":{"from":null,"to":1},"visibility":{"from":"public","to":"internal"}},"also":[{"result":"updated","type":"bridge_point","id":1,"url":"/v1/bridge-points/1","differences":{"managed_by":{"from":null,"to":1}}},{"result":"updated","type":"finding","id":1,"url":"/v1/findings/1","differences":{"managed_by":{"from":null,"to":1}}}]}
    {"type":"import_end","lines":1,"created":0,"updated":1,"unchanged":0,"revived":0,"rolled_back":0,"failed":0,"committed":false}
    "#);
    let nested = given::with(conference(&["Một"]), json!({ "visibility": "internal" }));
    let also = &import(&editor, "?dry_run=true", &[nested])[0]["also"];
    assert_eq!(
        (&also[1]["pointer"], &also[1]["result"], also.as_array().unwrap().len()),
        (&json!("/findings/0"), &json!("updated"), 2)
    );
    let before = writes(service);
    import(&editor, "?mode=merge", &[handed_over]);
    let of_line = told(&rehearsed)[0].clone();
    assert_eq!(writes(service) - before, 1 + of_line["also"].as_array().unwrap().len(), "each row of the log was told");
});

on_both!(rehearsal_tells_of_the_period_that_a_document_brings, |service| {
    let editor = service.editor();
    let ubnd = json!({ "type": "organization", "external_key": key("ubnd"), "name": "Ủy ban nhân dân tỉnh", "kind": "peoples_committee", "symbol": "UBND" });
    import(&editor, "", &[ubnd]);
    let decision = json!({ "type": "document", "external_key": key("qd"), "system": "state", "kind": "decision", "title": "Quyết định", "numbering_body": to("ubnd"), "number": 7, "issued_on": "2018-07-05" });
    let told = import(&editor, "?dry_run=true", &[decision]);
    let also = &told[0]["also"][0];
    assert_eq!(
        (&also["result"], &also["type"], &also["differences"]["label"]["to"], also.get("pointer")),
        (&json!("created"), &json!("numbering_period"), &json!("2018"), None)
    );
});
