//! The change feed, the history of a record, and what was recorded of it at an instant.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Client, Service, given};

fn data(page: &Value) -> &[Value] {
    page["data"].as_array().unwrap()
}

/// What a page of changes tells: `1 create person`.
fn told(page: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |change: &Value| {
        format!("{} {} {}", change["sequence"], text(&change["operation"]), text(&change["record"]["type"]))
    };
    data(page).iter().map(line).collect()
}

/// The sequences of a page of changes.
fn sequences(page: &Value) -> Vec<i64> {
    data(page).iter().map(|change| change["sequence"].as_i64().unwrap()).collect()
}

fn get(client: &Client, url: &str) -> Value {
    client.get(url).expect(200).json()
}

fn next(page: &Value) -> &str {
    page["links"]["next"].as_str().unwrap()
}

on_both!(feed_tells_every_change_in_order, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({}));
    given::conference(&editor, json!({ "bridge_points": [{ "name": "Huế" }] }));
    editor.patch(&person.url(), &json!({ "note": "x" })).expect(200);
    editor.patch(&person.url(), &json!({ "note": "x" })).expect(200);
    editor.delete("/v1/conferences/1").expect(204);
    editor.put("/v1/people/by-key/partner/1", &json!({ "name": "An" })).expect(201);
    editor.delete("/v1/people/2").expect(204);
    editor.put("/v1/people/by-key/partner/1", &json!({ "name": "An" })).expect(201);
    let expected = [
        "1 create person",
        "2 create conference",
        "3 create bridge_point",
        "4 update person",
        "5 delete bridge_point",
        "6 delete conference",
        "7 create person",
        "8 delete person",
        "9 revive person",
    ];
    assert_eq!(told(&get(&service.public(), "/v1/changes")), expected);
    let mut found = Vec::new();
    let mut page = get(&service.public(), "/v1/changes?limit=2");
    while page["page"]["more"] == true {
        found.extend(told(&page));
        page = get(&service.public(), next(&page).to_owned().as_str());
    }
    found.extend(told(&page));
    assert_eq!(found, expected);
});

on_both!(feed_can_be_resumed_from_where_it_ended, |service| {
    let editor = service.editor();
    let empty = get(&editor, "/v1/changes");
    assert_eq!((data(&empty).len(), &empty["page"]["more"]), (0, &json!(false)));
    assert_eq!(get(&editor, next(&empty))["page"]["next"], empty["page"]["next"]);
    let person = given::person(&editor, json!({}));
    let page = get(&editor, next(&empty));
    assert_eq!(told(&page), ["1 create person"]);
    let cursor = page["page"]["next"].as_str().unwrap();
    let answer = editor.get(next(&page));
    assert_eq!(answer.header("link"), Some(format!("<{}>; rel=\"next\"", next(&page)).as_str()));
    assert_eq!(data(&answer.json()), [json!(null); 0]);
    editor.delete(&person.url()).expect(204);
    assert_eq!(told(&get(&editor, &format!("/v1/changes?cursor={cursor}&limit=7"))), ["2 delete person"]);
});

on_both!(feed_is_narrowed_by_type, |service| {
    let editor = service.editor();
    for _ in 0..2 {
        given::person(&editor, json!({}));
        given::conference(&editor, json!({}));
        given::document(&editor, json!({}));
    }
    let public = service.public();
    let people = get(&public, "/v1/changes?type=person,conference&limit=3");
    assert_eq!(told(&people), ["1 create person", "2 create conference", "4 create person"]);
    assert_eq!(told(&get(&public, next(&people))), ["5 create conference"]);
    let cursor = people["page"]["next"].as_str().unwrap();
    assert_eq!(public.get(&format!("/v1/changes?cursor={cursor}")).status, 400, "the cursor of another feed");
    assert_snapshot!(public.get("/v1/changes?type=people").json()["errors"][0]["message"], @r#""is not a type of record""#);
});

on_both!(change_is_told_with_the_whole_record, |service| {
    let editor = service.editor();
    let sent = editor.request("POST", "/v1/people").header("X-Request-Id", "order-66").json(&json!({ "name": "An" }));
    sent.send().expect(201);
    assert_snapshot!(service.public().get("/v1/changes?type=person").json()["data"][0].to_string(), @r#"{"sequence":1,"operation":"create","recorded_at":"2026-11-21T03:00:00.000000Z","request_id":"order-66","record":{"id":1,"type":"person","url":"/v1/people/1"},"version":1,"after":{"id":1,"version":1,"created_at":"2026-11-21T03:00:00.000000Z","updated_at":"2026-11-21T03:00:00.000000Z","deleted_at":null,"visibility":"public","managed_by":null,"name":"An","other_names":[],"note":null}}"#);
    let viewed = get(&service.reader(), "/v1/changes")["data"][0].clone();
    assert_eq!(viewed["actor"], "editor@test");
    for field in ["credential", "hash", "previous_hash"] {
        assert!(viewed[field].is_string(), "{field}");
    }
    assert_eq!(viewed["previous_hash"], "0".repeat(64));
});

on_both!(children_and_parent_of_one_request_share_its_id, |service| {
    let editor = service.editor();
    given::conference(&editor, json!({ "bridge_points": [{ "name": "Huế" }, { "name": "Vinh" }] }));
    let page = get(&service.public(), "/v1/changes");
    let ids: Vec<&Value> = data(&page).iter().map(|change| &change["request_id"]).collect();
    assert_eq!((ids.len(), ids[0]), (3, ids[2]));
    assert_eq!(ids[0], ids[1]);
});

on_both!(feed_of_the_public_has_nothing_of_what_is_internal_or_was, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({ "visibility": "internal" }));
    given::person(&editor, json!({}));
    let shown = |client: &Client| sequences(&get(client, "/v1/changes"));
    assert_eq!((shown(&service.public()), shown(&service.reader())), (vec![2], vec![1, 2]));
    editor.patch(&person.url(), &json!({ "visibility": "public" })).expect(200);
    assert_eq!(shown(&service.public()), [2, 3], "what it was before stays hidden");
    editor.patch(&person.url(), &json!({ "visibility": "internal" })).expect(200);
    assert_eq!(shown(&service.public()), [2, 4], "what was public is hidden, and its end is told");
    // A page of the public may be short, and its cursor goes on past what is hidden.
    let first = get(&service.public(), "/v1/changes?limit=1");
    let page = get(&service.public(), next(&first));
    assert_eq!((data(&page).len(), &page["page"]["more"]), (0, &json!(true)));
    assert_eq!(told(&get(&service.public(), next(&page))), ["4 withdraw person"]);
});

on_both!(history_tells_what_each_version_changed, |service| {
    let editor = service.editor();
    let conference = given::conference(&editor, json!({ "name": "Hội nghị", "level": null, "held_from": null }));
    service.set_clock("2026-11-21T03:10:00Z");
    editor.patch(&conference.url(), &json!({ "held_from": "2018-07-16", "formats": ["extended"] })).expect(200);
    service.set_clock("2026-11-21T03:20:00Z");
    editor.patch(&conference.url(), &json!({ "held_from": null, "name": "Hội nghị tỉnh" })).expect(200);
    let page = get(&service.public(), "/v1/conferences/1/history");
    assert_eq!(page["links"], json!({ "next": null, "record": "/v1/conferences/1" }));
    let versions: Vec<Value> = data(&page)
        .iter()
        .map(|change| json!([change["version"], change["operation"], change["recorded_at"], change["differences"]]))
        .collect();
    assert_eq!(
        versions[..2],
        [
            json!([3, "update", "2026-11-21T03:20:00.000000Z", {
                "name": { "from": "Hội nghị", "to": "Hội nghị tỉnh" },
                "held_from": { "from": "2018-07-16", "to": null },
            }]),
            json!([2, "update", "2026-11-21T03:10:00.000000Z", {
                "formats": { "from": [], "to": ["extended"] },
                "held_from": { "from": null, "to": "2018-07-16" },
            }]),
        ]
    );
    assert_eq!(versions[2][3]["name"], json!({ "from": null, "to": "Hội nghị" }));
    let first = get(&service.public(), "/v1/conferences/1/history?limit=1");
    let second = get(&service.public(), next(&first));
    assert_eq!(data(&second)[0], data(&page)[1], "the differences do not depend on the page");
    let third = get(&service.public(), next(&second));
    assert_eq!((&data(&third)[0], &third["page"]["next"]), (&data(&page)[2], &json!(null)));
});

on_both!(history_outlives_its_record, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({}));
    editor.delete(&person.url()).expect(204);
    let page = get(&service.public(), &format!("{}/history", person.url()));
    let deletion = &data(&page)[0];
    assert_eq!((&deletion["operation"], &deletion["version"]), (&json!("delete"), &json!(2)));
    assert_eq!(deletion["differences"], json!({ "deleted_at": { "from": null, "to": "2026-11-21T03:00:00.000000Z" } }));
    assert_eq!(service.public().get("/v1/people/2/history").status, 404);
    assert_eq!(service.public().get("/v1/people/x/history").status, 400);
});

on_both!(history_hides_the_versions_that_were_internal, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({ "visibility": "internal", "note": "secret" }));
    let url = format!("{}/history", person.url());
    assert_eq!(service.public().get(&url).status, 404);
    editor.patch(&person.url(), &json!({ "visibility": "public", "note": null })).expect(200);
    let page = get(&service.public(), &url);
    assert_eq!(data(&page).len(), 1);
    assert!(!page.to_string().contains("secret"), "{page}");
    assert_eq!(data(&get(&service.reader(), &url)).len(), 2);
});

on_both!(record_is_read_as_it_was_recorded_at_an_instant, |service| {
    let editor = service.editor();
    service.set_clock("2026-11-21T03:10:00Z");
    let person = given::person(&editor, json!({ "name": "An" }));
    service.set_clock("2026-11-21T03:20:00Z");
    editor.patch(&person.url(), &json!({ "name": "Ân" })).expect(200);
    service.set_clock("2026-11-21T03:30:00Z");
    editor.delete(&person.url()).expect(204);
    let at = |time: &str| service.public().get(&format!("{}?recorded_at=2026-11-21T{time}Z", person.url()));
    assert_eq!(at("03:09:59.999999").status, 404);
    for (time, name, version) in [("03:10:00", "An", 1), ("03:19:59.999999", "An", 1), ("03:20:00", "Ân", 2)] {
        let then = at(time).expect(200).json();
        assert_eq!((&then["name"], &then["version"]), (&json!(name), &json!(version)), "{time}");
    }
    assert_eq!(at("03:10:00").json(), person.body, "all of it is as it was");
    assert_snapshot!(at("03:30:00"), @r#"
    410
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#gone",
      "title": "The record was deleted",
      "status": 410,
      "code": "gone",
      "detail": "The record was deleted at 2026-11-21T03:30:00.000000Z.",
      "instance": "/v1/people/1"
    }
    "#);
    assert_eq!(at("23:00:00").status, 410, "later than now is as now");
    assert_eq!(editor.get(&format!("{}?recorded_at=2026-11-21", person.url())).status, 400);
    assert_eq!(editor.get("/v1/people?recorded_at=2026-11-21T03:10:00Z").status, 400, "single records only");
});

on_both!(record_by_key_is_read_as_it_was_recorded, |service| {
    let editor = service.editor();
    editor.put("/v1/people/by-key/partner/1", &json!({ "name": "An" })).expect(201);
    service.set_clock("2026-11-21T03:20:00Z");
    editor.patch("/v1/people/1", &json!({ "name": "Ân" })).expect(200);
    let then = get(&editor, "/v1/people/by-key/partner/1?recorded_at=2026-11-21T03:19:00Z&fields=name");
    assert_eq!(then, json!({ "id": 1, "type": "person", "url": "/v1/people/1", "name": "An" }));
});

on_both!(what_was_internal_then_is_not_recorded_for_the_public, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({ "visibility": "internal" }));
    service.set_clock("2026-11-21T03:20:00Z");
    editor.patch(&person.url(), &json!({ "visibility": "public" })).expect(200);
    let at =
        |client: &Client, time: &str| client.get(&format!("{}?recorded_at=2026-11-21T{time}Z", person.url())).status;
    assert_eq!((at(&service.public(), "03:10:00"), at(&service.reader(), "03:10:00")), (404, 200));
    assert_eq!(at(&service.public(), "03:20:00"), 200);
});

on_both!(feed_has_every_write_of_two_servers, |service| {
    let other = service.another();
    for _ in 0..3 {
        given::person(&service.editor(), json!({}));
        let (address, token) = (other.address, service.editor().token);
        given::person(&Client { address, token }, json!({}));
    }
    let page = get(&service.public(), "/v1/changes");
    assert_eq!(sequences(&page), [1, 2, 3, 4, 5, 6]);
    let records: Vec<&Value> = data(&page).iter().map(|change| &change["record"]["id"]).collect();
    assert_eq!(records, [1, 2, 3, 4, 5, 6].map(|id| json!(id)).iter().collect::<Vec<_>>());
    assert_eq!(get(&other.public(), "/v1/changes")["data"], page["data"]);
});

/// An internal conference with a finding of which one version said too much, published afterwards.
fn published_conference(service: &Service) {
    let editor = service.editor();
    given::conference(
        &editor,
        json!({ "visibility": "internal", "findings": [{ "kind": "limitation", "text": "Điều kín." }] }),
    );
    service.set_clock("2026-11-21T03:20:00Z");
    editor.patch("/v1/findings/1", &json!({ "text": "Điều mở." })).expect(200);
    editor.patch("/v1/conferences/1", &json!({ "visibility": "public" })).expect(200);
}

on_both!(what_a_child_of_an_internal_record_was_is_not_told_later, |service| {
    published_conference(service);
    let public = service.public();
    assert_eq!(get(&public, "/v1/findings/1")["text"], "Điều mở.");
    for url in ["/v1/changes", "/v1/findings/1/history", "/v1/conferences/1/history"] {
        assert!(!public.get(url).expect(200).text().contains("kín"), "{url}");
    }
    let versions = get(&public, "/v1/findings/1/history");
    assert_eq!(data(&versions).iter().map(|entry| &entry["version"]).collect::<Vec<_>>(), [3]);
    let first = get(&service.reader(), "/v1/findings/1/history")["data"][2]["recorded_at"].clone();
    let then = format!("/v1/findings/1?recorded_at={}", first.as_str().unwrap());
    assert_eq!((public.get(&then).status, service.reader().get(&then).status), (404, 200));
});

on_both!(follower_of_the_public_feed_is_told_what_becomes_public_with_its_parent, |service| {
    published_conference(service);
    let page = get(&service.public(), "/v1/changes");
    assert_eq!(told(&page), ["4 publish conference", "5 publish finding"]);
    assert_eq!(page["data"][1]["after"]["text"], "Điều mở.");
});

on_both!(follower_of_the_public_feed_is_told_what_is_withdrawn_and_nothing_of_it, |service| {
    let editor = service.editor();
    published_conference(service);
    editor.patch("/v1/conferences/1", &json!({ "visibility": "internal", "name": "Hội nghị kín" })).expect(200);
    let page = get(&service.public(), "/v1/changes");
    assert_eq!(told(&page), ["6 withdraw conference", "7 withdraw finding"]);
    assert!(data(&page).iter().all(|change| change["after"].is_null()), "{page}");
    assert_eq!(get(&service.reader(), "/v1/changes")["data"][5]["after"]["name"], "Hội nghị kín");
    editor.delete("/v1/conferences/1").expect(204);
    assert_eq!(told(&get(&service.public(), "/v1/changes")), ["6 withdraw conference", "7 withdraw finding"]);
});

on_both!(child_that_is_internal_itself_is_neither_published_nor_withdrawn_with_its_parent, |service| {
    let editor = service.editor();
    given::conference(&editor, json!({ "bridge_points": [{ "name": "Huế", "visibility": "internal" }] }));
    for visibility in ["internal", "public"] {
        editor.patch("/v1/conferences/1", &json!({ "visibility": visibility })).expect(200);
    }
    assert_eq!(get(&editor, "/v1/bridge-points/1")["version"], 1);
});

on_both!(version_is_never_recorded_before_the_one_that_precedes_it, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({}));
    service.set_clock("2026-11-21T04:00:00Z");
    editor.patch(&person.url(), &json!({ "note": "a" })).expect(200);
    service.set_clock("2026-11-21T03:30:00Z");
    editor.patch(&person.url(), &json!({ "note": "b" })).expect(200);
    let history = get(&editor, &format!("{}/history", person.url()));
    let times: Vec<&str> = data(&history).iter().map(|entry| entry["recorded_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "{times:?}");
    let recorded = get(&editor, &format!("{}?recorded_at=2026-11-21T03:45:00Z", person.url()));
    assert_eq!(recorded["note"], json!(null), "at that time on the clock nothing had been written");
});

on_both!(feed_begins_where_it_is_asked_to, |service| {
    let editor = service.editor();
    given::person(&editor, json!({}));
    service.set_clock("2026-11-21T03:20:00Z");
    given::person(&editor, json!({}));
    given::person(&editor, json!({}));
    let since = |instant: &str, rest: &str| get(&service.public(), &format!("/v1/changes?since={instant}{rest}"));
    assert_eq!(sequences(&since("2026-11-21T03:20:00Z", "")), [2, 3]);
    let page = since("2026-11-21T03:20:00Z", "&limit=1");
    assert_eq!(sequences(&page), [2]);
    assert_eq!(sequences(&get(&service.public(), next(&page))), [3], "the cursor goes on from there");
    let end = since("2026-11-21T03:30:00Z", "");
    assert_eq!(sequences(&end), [0; 0]);
    given::person(&editor, json!({}));
    assert_eq!(sequences(&get(&service.public(), next(&end))), [0; 0], "what was recorded before is not asked for");
    service.set_clock("2026-11-21T03:30:00Z");
    given::person(&editor, json!({}));
    let page = get(&service.public(), next(&end));
    assert_eq!(sequences(&page), [5], "what comes after the end is told");
    assert_eq!(sequences(&get(&service.public(), next(&page))), [0; 0], "once");
});

on_both!(feed_that_begins_later_does_not_tell_how_much_was_hidden_until_then, |service| {
    let editor = service.editor();
    let client = service.public();
    given::person(&editor, json!({}));
    let url = "/v1/changes?since=2026-11-21T03:30:00Z";
    let before = client.get(url).expect(200);
    service.set_clock("2026-11-21T03:25:00Z");
    given::person(&editor, json!({ "visibility": "internal" }));
    for at in ["2026-11-21T03:30:00Z", "2026-11-21T03:35:00Z"] {
        service.set_clock(at);
        given::person(&editor, json!({ "visibility": "internal" }));
        let after = client.get(url).expect(200);
        assert_eq!((after.text(), after.header("etag")), (before.text(), before.header("etag")));
    }
    let later = client.get("/v1/changes?since=2026-11-21T03:25:00Z").expect(200);
    assert_eq!(sequences(&later.json()), [0; 0]);
    given::person(&editor, json!({}));
    assert_eq!(sequences(&get(&client, next(&before.json()))), [5]);
});
