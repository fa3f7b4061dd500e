//! Rows that point at rows which fail, and rows that point at each other: each says why, and where.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{body, import, key, lines, person, send, told};
use crate::bad_input::writes;
use crate::support::given;

fn conference(name: &str, fields: Value) -> Value {
    given::with(json!({ "type": "conference", "external_key": key(name), "name": name }), fields)
}

/// The faults of a line, as `line place code: message`.
fn faults(told: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of_line = |line: &Value| {
        let (number, errors) = (line["line"].clone(), line["problem"]["errors"].as_array().cloned());
        let one = move |fault: Value| {
            format!("{number} {} {}: {}", text(&fault["pointer"]), text(&fault["code"]), text(&fault["message"]))
        };
        errors.unwrap_or_default().into_iter().map(one).collect::<Vec<_>>()
    };
    told.iter().flat_map(of_line).collect()
}

on_both!(row_that_points_at_a_row_that_failed_names_its_line, |service| {
    let editor = service.editor();
    let rows = [
        body("low", Some("mid")),
        body("mid", Some("top")),
        given::with(body("top", None), json!({ "kind": "planet" })),
        body("other", Some("nowhere")),
        body("last", Some("other")),
        person("top"),
    ];
    assert_snapshot!(send(&editor, "", lines(&rows)), @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":3,"result":"failed","type":"organization","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/kind is not a code of the enumeration organization_kind.","errors":[{"pointer":"/kind","code":"unknown_code","message":"is not a code of the enumeration organization_kind","allowed":["congress","central_committee","politburo","secretariat","party_committee","standing_committee","standing_board","party_cell","advisory_body","inspection_body","steering_committee","task_force","legislature","government","ministry","ministry_department","peoples_council","peoples_committee","department","police","military","fatherland_front","mass_organization","press","enterprise","organization_class"]}]}}
    {"line":6,"result":"created","type":"person","id":1,"url":"/v1/people/1"}
    {"line":2,"result":"failed","type":"organization","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/parent points at no organization: partner/top is the key of line 3, which failed.","errors":[{"pointer":"/parent","code":"row_failed","message":"points at no organization: partner/top is the key of line 3, which failed"}]}}
    {"line":1,"result":"failed","type":"organization","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/parent points at no organization: partner/mid is the key of line 2, which failed.","errors":[{"pointer":"/parent","code":"row_failed","message":"points at no organization: partner/mid is the key of line 2, which failed"}]}}
    {"line":4,"result":"failed","type":"organization","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/parent points at no organization: there is no key partner/nowhere.","errors":[{"pointer":"/parent","code":"does_not_exist","message":"points at no organization: there is no key partner/nowhere"}]}}
    {"line":5,"result":"failed","type":"organization","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/parent points at no organization: partner/other is the key of line 4, which failed.","errors":[{"pointer":"/parent","code":"row_failed","message":"points at no organization: partner/other is the key of line 4, which failed"}]}}
    {"type":"import_end","lines":6,"created":1,"updated":0,"unchanged":0,"revived":0,"rolled_back":0,"failed":5,"committed":true}
    "#);
    assert_eq!(writes(service), 1);
});

on_both!(rows_that_wait_for_each_other_say_so, |service| {
    let rows = [
        body("one", Some("two")),
        body("two", Some("three")),
        body("three", Some("two")),
        body("self", Some("self")),
        body("free", None),
    ];
    assert_eq!(
        faults(&import(&service.editor(), "", &rows)),
        [
            "2 /parent cycle: points at no organization: partner/three is the key of line 3, and lines 2 and 3 wait for each other",
            "3 /parent cycle: points at no organization: partner/two is the key of line 2, and lines 2 and 3 wait for each other",
            "1 /parent row_failed: points at no organization: partner/two is the key of line 2, which failed",
            "4 /parent cycle: points at no organization: partner/self is the key of this row itself",
        ]
    );
    assert_eq!(writes(service), 1);
});

on_both!(link_within_a_row_is_told_where_it_stands, |service| {
    let bad = given::with(person("chair"), json!({ "name": "" }));
    let nested = json!({ "participations": [{ "group_text": "Đại biểu", "roles": ["attendee"] }, { "person": { "external_key": key("chair") }, "roles": ["chair"] }] });
    let claim = json!({ "type": "claim", "source": { "external_key": key("s") }, "about": { "type": "conference", "external_key": key("c") } });
    let source = json!({ "type": "source", "external_key": key("s"), "title": "Bài", "kind": "original" });
    let told = import(&service.editor(), "", &[conference("c", nested), bad, claim, source]);
    assert_eq!(
        faults(&told),
        [
            "2 /name empty: is empty",
            "1 /participations/1/person row_failed: points at no person: partner/chair is the key of line 2, which failed",
            "3 /about row_failed: points at no conference: partner/c is the key of line 1, which failed",
        ]
    );
    assert_eq!(writes(service), 1);
});

on_both!(key_that_stands_in_no_row_is_not_there, |service| {
    let rows = [body("low", Some("nobody")), person("somebody"), body("mid", Some("somebody"))];
    assert_eq!(
        faults(&import(&service.editor(), "", &rows)),
        [
            "1 /parent does_not_exist: points at no organization: there is no key partner/nobody",
            "3 /parent does_not_exist: points at no organization: there is no key partner/somebody",
        ]
    );
});

on_both!(long_chain_of_rows_that_fails_is_told_from_its_cause_on, |service| {
    let chain: Vec<Value> = (0..400).map(|at| body(&format!("b-{at}"), Some(&format!("b-{}", at + 1)))).collect();
    let told = told(&send(&service.editor(), "", lines(&chain)).expect(200));
    let lines: Vec<&Value> = told.iter().take(400).map(|line| &line["line"]).collect();
    assert_eq!((lines.first(), lines.last()), (Some(&&json!(400)), Some(&&json!(1))));
    assert_eq!(told[0]["problem"]["errors"][0]["code"], "does_not_exist");
    assert!(told[1..400].iter().all(|line| line["problem"]["errors"][0]["code"] == "row_failed"));
    assert_eq!(writes(service), 0);
});
