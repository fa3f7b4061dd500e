//! The change feed and histories as lines: every change once, an end that says where to go on, and what is refused.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::connection::SimpleConnection;
use directive_tracker::db::conn::Purpose;
use insta::assert_snapshot;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::log_lines::listen;
use crate::support::{Client, Response, given};

/// The changes of lines, and the last line, which must have their count and digest.
#[track_caller]
fn whole(answer: &Response) -> (Vec<Value>, Value) {
    let text = answer.text().strip_suffix('\n').unwrap();
    let last = text.rsplit('\n').next().unwrap();
    let before = &answer.text()[..text.len() - last.len()];
    let changes: Vec<Value> = before.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let end: Value = serde_json::from_str(last).unwrap();
    let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(before)));
    assert_eq!(
        (&end["type"], &end["count"], &end["digest"]),
        (&json!("export_end"), &json!(changes.len()), &json!(digest))
    );
    (changes, end)
}

#[track_caller]
fn lines(client: &Client, query: &str) -> (Vec<Value>, Value) {
    whole(&client.get(&format!("/v1/changes?format=ndjson{query}")).expect(200))
}

fn sequences(changes: &[Value]) -> Vec<i64> {
    changes.iter().map(|change| change["sequence"].as_i64().unwrap()).collect()
}

/// A conference with so many bridge points, more than any page of lines has.
fn conference_with(editor: &Client, many: usize) {
    let points: Vec<Value> = (1..=many).map(|number| json!({ "name": format!("{number:04}") })).collect();
    given::conference(editor, json!({ "bridge_points": points }));
}

on_both!(lines_of_the_feed_are_its_changes_and_end_with_where_to_go_on, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({ "note": "Một\nhai" }));
    editor.patch(&person.url(), &json!({ "note": "x" })).expect(200);
    let answer = editor.get("/v1/changes?format=ndjson").expect(200);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"changes.ndjson\""));
    assert_eq!(answer.header("vary"), Some("Authorization, Accept, Accept-Encoding"));
    let (changes, end) = whole(&answer);
    let page = editor.get("/v1/changes").expect(200);
    assert_eq!(page.header("vary"), answer.header("vary"));
    let page = page.json();
    assert_eq!(json!(changes), page["data"]);
    assert_eq!((&end["next"], &end["more"]), (&page["page"]["next"], &json!(false)));
    let accepted = editor.request("GET", "/v1/changes").header("Accept", "application/x-ndjson").send().expect(200);
    assert_eq!(accepted.body, answer.body);
    let (none, still) = lines(&editor, &format!("&cursor={}", end["next"].as_str().unwrap()));
    assert_eq!((none.len(), &still["next"]), (0, &end["next"]));
});

on_both!(no_change_is_skipped_or_sent_twice_however_long_the_feed_is, |service| {
    let editor = service.editor();
    conference_with(&editor, 700);
    let (all, mut end) = lines(&service.public(), "");
    assert_eq!(sequences(&all), (1..=701).collect::<Vec<i64>>());
    let mut followed = Vec::new();
    for round in 0..4 {
        for _ in 0..round {
            given::person(&editor, json!({}));
        }
        let (changes, then) = lines(&service.public(), &format!("&cursor={}", end["next"].as_str().unwrap()));
        followed.extend(sequences(&changes));
        end = then;
    }
    assert_eq!(followed, (702..=707).collect::<Vec<i64>>());
});

on_both!(cursor_of_either_form_goes_on_in_the_other, |service| {
    let editor = service.editor();
    for _ in 0..5 {
        given::person(&editor, json!({}));
    }
    let public = service.public();
    let answer = public.get("/v1/changes?format=ndjson&limit=2").expect(200);
    let (first, end) = whole(&answer);
    assert_eq!((sequences(&first), &end["more"]), (vec![1, 2], &json!(true)));
    let cursor = end["next"].as_str().unwrap();
    let next = format!("</v1/changes?format=ndjson&limit=2&cursor={cursor}>; rel=\"next\"");
    assert_eq!(answer.header("link"), Some(next.as_str()));
    let page = public.get(&format!("/v1/changes?limit=2&cursor={cursor}")).expect(200).json();
    assert_eq!(sequences(page["data"].as_array().unwrap()), [3, 4]);
    let (rest, end) = lines(&public, &format!("&cursor={}", page["page"]["next"].as_str().unwrap()));
    assert_eq!((sequences(&rest), &end["more"]), (vec![5], &json!(false)));
});

on_both!(lines_of_the_feed_are_narrowed_as_its_pages_are, |service| {
    let editor = service.editor();
    given::person(&editor, json!({}));
    given::conference(&editor, json!({}));
    service.set_clock("2026-11-21T03:30:00Z");
    given::person(&editor, json!({ "visibility": "internal" }));
    given::person(&editor, json!({}));
    assert_eq!(sequences(&lines(&editor, "&type=person").0), [1, 3, 4]);
    assert_eq!(sequences(&lines(&editor, "&since=2026-11-21T03:30:00Z").0), [3, 4]);
    let public = lines(&service.public(), "").0;
    assert_eq!(sequences(&public), [1, 2, 4]);
    assert!(public.iter().all(|change| change.get("hash").is_none()));
    let cursor = lines(&editor, "&type=person").1["next"].as_str().unwrap().to_owned();
    assert_eq!(editor.get(&format!("/v1/changes?format=ndjson&cursor={cursor}")).status, 400, "of another feed");
});

on_both!(feed_that_cannot_be_read_to_its_end_is_broken_off, |service| {
    listen();
    let editor = service.editor();
    for _ in 0..55 {
        given::person(&editor, json!({ "note": "a".repeat(1000) }));
    }
    // No record: the row cannot be read, which is beyond the first page.
    let damage = "INSERT INTO changes \
         SELECT 56, resource, record_id, 2, operation, actor, credential, request_id, recorded_at, visibility, 'damaged', \
                hash, hash || 'x', key_system, external_key \
         FROM changes WHERE sequence = 55";
    service.storage.connect(Purpose::Write).batch_execute(damage).unwrap();
    let bytes = service.public().request("GET", "/v1/changes?format=ndjson").received();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    assert!(text.contains("\"sequence\":50,"), "the first page is there");
    assert!(!text.contains("export_end") && !text.ends_with("0\r\n\r\n"), "nothing says that it is whole: {text}");
});

on_both!(history_is_sent_as_lines_too, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({ "visibility": "internal" }));
    editor.patch(&person.url(), &json!({ "visibility": "public" })).expect(200);
    for number in 0..60 {
        editor.patch(&person.url(), &json!({ "note": format!("Lần {number}") })).expect(200);
    }
    let path = format!("{}/history", person.url());
    let versions =
        |changes: &[Value]| -> Vec<i64> { changes.iter().map(|change| change["version"].as_i64().unwrap()).collect() };
    let answer = editor.get(&format!("{path}?format=ndjson")).expect(200);
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"history.ndjson\""));
    let (all, _) = whole(&answer);
    assert_eq!(versions(&all), (1..=62).rev().collect::<Vec<i64>>());
    assert_eq!(json!(all), editor.get(&format!("{path}?limit=62")).expect(200).json()["data"]);
    let shown = whole(&service.public().get(&format!("{path}?format=ndjson")).expect(200)).0;
    assert_eq!(versions(&shown), (2..=62).rev().collect::<Vec<i64>>(), "what was internal is hidden");
    let page = editor.get(&format!("{path}?format=ndjson&limit=2")).expect(200);
    assert_eq!(versions(&whole(&page).0), [62, 61]);
    let cursor = editor.get(&format!("{path}?limit=2")).expect(200).json()["page"]["next"].clone();
    let cursor = cursor.as_str().unwrap();
    let next = format!("<{path}?format=ndjson&limit=2&cursor={cursor}>; rel=\"next\"");
    assert_eq!(page.header("link"), Some(next.as_str()));
    let rest = whole(&editor.get(&format!("{path}?format=ndjson&cursor={cursor}")).expect(200)).0;
    assert_eq!(versions(&rest), (1..=60).rev().collect::<Vec<i64>>());
    assert_eq!(editor.get("/v1/people/9/history?format=ndjson").status, 404);
});

on_both!(head_of_the_whole_feed_does_not_read_it, |service| {
    given::person(&service.editor(), json!({}));
    // What is read fails now.
    service.storage.connect(Purpose::Write).batch_execute("ALTER TABLE changes RENAME TO lost_changes").unwrap();
    let path = "/v1/changes?format=ndjson";
    assert_eq!(service.public().get(path).status, 500);
    let head = service.public().request("HEAD", path).send().expect(200);
    assert_eq!((head.body.len(), head.header("content-type")), (0, Some("application/x-ndjson")));
});

on_both!(changes_are_no_table, |service| {
    let public = service.public();
    assert_snapshot!(public.get("/v1/changes?format=csv"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter format is not a form that changes are sent in.",
      "instance": "/v1/changes",
      "errors": [
        {
          "parameter": "format",
          "code": "unknown_code",
          "message": "is not a form that changes are sent in",
          "allowed": [
            "json",
            "ndjson"
          ]
        }
      ]
    }
    "#);
    assert_snapshot!(public.request("GET", "/v1/changes").header("Accept", "text/csv").send(), @r#"
    406
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#not_acceptable",
      "title": "No acceptable representation is offered",
      "status": 406,
      "code": "not_acceptable",
      "detail": "Changes are sent as application/json or application/x-ndjson.",
      "instance": "/v1/changes"
    }
    "#);
    given::person(&service.editor(), json!({}));
    assert_eq!(public.get("/v1/people/1/history?format=xlsx").status, 400);
    assert_eq!(public.get("/v1/changes?format=ndjson&limit=0").status, 400);
    assert_eq!(public.get("/v1/changes?format=ndjson&csv=raw").status, 400);
});
