//! Who sees what: public and internal records, for callers without a token, readers and editors.

use directive_tracker::config::Settings;
use directive_tracker::resources;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Client, Service, given, small_settings};

fn ids(client: &Client, url: &str) -> Vec<i64> {
    let page = client.get(url).expect(200).json();
    page["data"].as_array().unwrap().iter().map(|record| record["id"].as_i64().unwrap()).collect()
}

fn statuses(service: &Service, url: &str) -> [u16; 3] {
    [service.public(), service.reader(), service.editor()].map(|client| client.get(url).status)
}

/// A public conference with an internal child, an internal one with a public child, both about one public document.
fn two_conferences(editor: &Client) {
    given::document(editor, json!({}));
    let link = |visibility| json!([{ "document": 1, "activity": "thematic", "visibility": visibility }]);
    let points = |visibility| json!([{ "name": "Huế", "visibility": visibility }, { "name": "Vinh" }]);
    given::conference(editor, json!({ "conference_documents": link("public"), "bridge_points": points("internal") }));
    let hidden = json!({
        "name": "Hội nghị kín", "visibility": "internal",
        "conference_documents": link("public"), "bridge_points": points("public"),
    });
    given::conference(editor, hidden);
}

on_both!(internal_record_is_not_there_for_the_public, |service| {
    let editor = service.editor();
    given::conference(&editor, json!({ "visibility": "internal" }));
    editor.put("/v1/people/by-key/partner/1", &json!({ "name": "An", "visibility": "internal" })).expect(201);
    let urls = [
        "/v1/conferences/1",
        "/v1/conferences/1/history",
        "/v1/conferences/1/bridge-points",
        "/v1/conferences/1?recorded_at=2026-11-21T03:00:00Z",
        "/v1/people/by-key/partner/1",
    ];
    for url in urls {
        assert_eq!(statuses(service, url), [404, 200, 200], "{url}");
    }
    assert_eq!(
        service.public().get("/v1/conferences/1").text().replace("/1", "/9"),
        service.public().get("/v1/conferences/9").text(),
        "it is told as if it never was"
    );
    editor.delete("/v1/conferences/1").expect(204);
    assert_eq!(statuses(service, "/v1/conferences/1"), [404, 410, 410]);
});

on_both!(internal_records_are_in_no_list_of_the_public, |service| {
    two_conferences(&service.editor());
    assert_eq!(
        (ids(&service.public(), "/v1/conferences"), ids(&service.reader(), "/v1/conferences")),
        (vec![1], vec![1, 2])
    );
    let count = |client: &Client, url: &str| client.get(url).expect(200).json()["page"]["count"].clone();
    for (url, public, all) in [
        ("/v1/conferences?count=exact", 1, 2),
        ("/v1/conferences?count=exact&q=hoi%20nghi", 1, 2),
        ("/v1/conferences?count=exact&document=1", 1, 2),
        ("/v1/bridge-points?count=exact", 1, 4),
        ("/v1/conference-documents?count=exact&document=1", 1, 2),
    ] {
        assert_eq!(
            (count(&service.public(), url), count(&service.reader(), url)),
            (json!(public), json!(all)),
            "{url}"
        );
    }
});

on_both!(child_is_as_visible_as_itself_and_its_parent, |service| {
    two_conferences(&service.editor());
    // 1: internal in a public conference; 2: public in a public one; 3 and 4: public in an internal one.
    assert_eq!(ids(&service.public(), "/v1/bridge-points"), [2]);
    assert_eq!(ids(&service.reader(), "/v1/bridge-points"), [1, 2, 3, 4]);
    assert_eq!(ids(&service.public(), "/v1/conferences/1/bridge-points"), [2]);
    for (id, expected) in [(1, [404, 200, 200]), (2, [200, 200, 200]), (3, [404, 200, 200])] {
        for url in [
            format!("/v1/bridge-points/{id}"),
            format!("/v1/bridge-points/{id}/history"),
            format!("/v1/bridge-points/{id}?recorded_at=2026-11-21T03:00:00Z"),
        ] {
            assert_eq!(statuses(service, &url), expected, "{url}");
        }
    }
    let changed = |client: &Client| {
        let page = client.get("/v1/changes?type=bridge_point").expect(200).json();
        page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["record"]["id"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!((changed(&service.public()), changed(&service.reader())), (vec![2], vec![1, 2, 3, 4]));
    service.editor().patch("/v1/conferences/1", &json!({ "visibility": "internal" })).expect(200);
    assert_eq!(ids(&service.public(), "/v1/bridge-points"), [0_i64; 0]);
});

on_both!(every_child_is_hidden_with_its_parent, |service| {
    let editor = service.editor();
    let organization = given::organization(&editor, json!({ "visibility": "internal" })).id();
    let person = given::person(&editor, json!({ "visibility": "internal" })).id();
    let document = given::document(&editor, json!({ "visibility": "internal" })).id();
    let conference = given::conference(&editor, json!({ "visibility": "internal" })).id();
    let source = given::source(&editor, json!({ "visibility": "internal" })).id();
    let task = given::task(&editor, json!({ "visibility": "internal" })).id();
    for collection in resources::ALL {
        let Some(parent) = collection.parent() else { continue };
        let (of, fields) = match collection.name() {
            "numbering-periods" => {
                (organization, json!({ "label": "XII", "kind": "term", "valid_from": "2016-01-27" }))
            }
            "committee-members" => (organization, json!({ "member_text": "Bí thư", "role": "head" })),
            "positions" => (person, json!({ "title": "Bí thư" })),
            "document-links" => {
                let other = given::document(&editor, json!({})).id();
                (document, json!({ "to": other, "kind": "implements" }))
            }
            "conference-documents" => (conference, json!({ "subject_text": "An ninh", "activity": "thematic" })),
            "bridge-points" => (conference, json!({ "name": "Huế" })),
            "participations" => (conference, json!({ "group_text": "Đại biểu", "roles": ["attendee"] })),
            "findings" => (conference, json!({ "kind": "achievement", "text": "Ổn định." })),
            "claims" => {
                (source, json!({ "about": { "type": "person", "id": person }, "field": "name", "value": "An" }))
            }
            "assignments" => (task, json!({ "role": "lead", "assignee_text": "các cấp" })),
            "task-updates" => (task, json!({ "reported_on": "2018-08-31", "text": "Đã rà soát." })),
            "extensions" => (task, json!({ "requested_on": "2018-09-20", "requested_due_on": "2018-10-31" })),
            "evidence-documents" => (task, json!({ "symbol": "125-BC/TU", "submitted_on": "2018-09-29" })),
            other => panic!("{other} needs a record here"),
        };
        let child = given::record(&editor, collection.name(), &given::with(fields, json!({ parent.field: of })));
        assert_eq!(child["visibility"], "public", "{}", collection.name());
        assert_eq!(statuses(service, &child.url()), [404, 200, 200], "{}", collection.name());
        let list = format!("/v1/{}?count=exact", collection.name());
        let page = service.public().get(&list).expect(200).json();
        assert_eq!((&page["data"], &page["page"]["count"]), (&json!([]), &json!(0)), "{}", collection.name());
    }
});

on_both!(title_of_what_is_internal_is_not_told, |service| {
    let editor = service.editor();
    let hidden = given::organization(&editor, json!({ "name": "Cơ quan kín", "visibility": "internal" })).id();
    given::conference(&editor, json!({ "convening_body": hidden, "managed_by": hidden }));
    let open = |client: &Client| client.get("/v1/conferences/1?expand=convening_body,managed_by").expect(200).json();
    let link = json!({ "id": null, "type": "organization", "url": null, "title": null, "undisclosed": true });
    let public = open(&service.public());
    assert_eq!((&public["convening_body"], &public["managed_by"]), (&link, &link));
    assert_eq!(open(&service.reader())["convening_body"]["name"], "Cơ quan kín");
    for url in ["/v1/conferences", "/v1/conferences?expand=convening_body", "/v1/changes", "/v1/conferences/1/history"]
    {
        assert!(!service.public().get(url).expect(200).text().contains("kín"), "{url}");
        assert_eq!(service.reader().get(url).expect(200).text().contains("kín"), !url.contains("history"), "{url}");
    }
});

on_both!(expansion_shows_the_public_nothing_that_is_internal, |service| {
    two_conferences(&service.editor());
    let shown = |client: &Client, url: &str, name: &str| {
        let record = client.get(url).expect(200).json();
        record[name]["data"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    let url = "/v1/conferences/1?expand=bridge_points";
    assert_eq!(shown(&service.public(), url, "bridge_points"), [2]);
    assert_eq!(shown(&service.reader(), url, "bridge_points"), [1, 2]);
    let url = "/v1/documents/1?expand=conference_documents.conference";
    assert_eq!(shown(&service.public(), url, "conference_documents"), [1]);
    assert_eq!(shown(&service.reader(), url, "conference_documents"), [1, 2]);
    assert!(!service.public().get(url).text().contains("kín"));
});

on_both!(shown_children_are_not_crowded_out_by_hidden_ones, |service| {
    let points = |visibility: &str, count: usize| {
        (0..count).map(|n| json!({ "name": format!("Điểm {n}"), "visibility": visibility })).collect::<Vec<_>>()
    };
    let all: Vec<Value> = [points("internal", 101), points("public", 2)].concat();
    given::conference(&service.editor(), json!({ "bridge_points": all }));
    let open = |client: &Client| client.get("/v1/conferences/1?expand=bridge_points").expect(200).json();
    let public = open(&service.public());
    let shown = public["bridge_points"]["data"].as_array().unwrap();
    assert_eq!(shown.iter().map(|point| &point["id"]).collect::<Vec<_>>(), [&json!(102), &json!(103)]);
    assert_eq!(open(&service.reader())["bridge_points"]["data"].as_array().unwrap().len(), 100);
});

on_both!(filter_by_what_is_internal_finds_nothing_for_the_public, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({})).id();
    let hidden = json!({ "person": person, "roles": ["chair"], "visibility": "internal" });
    given::conference(&editor, json!({ "participations": [hidden] }));
    given::document(&editor, json!({ "symbol": "05-CT/TW", "visibility": "internal" }));
    for url in [format!("/v1/conferences?person={person}"), "/v1/conferences?role=chair".to_owned()] {
        assert_eq!((ids(&service.public(), &url), ids(&service.reader(), &url)), (vec![], vec![1]), "{url}");
    }
    assert_eq!(service.public().get("/v1/conferences?document=05-CT/TW").status, 400, "there is no such document");
    assert_eq!(service.reader().get("/v1/conferences?document=05-CT/TW").status, 200);
});

on_both!(writing_is_for_editors_whatever_the_record, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({ "visibility": "internal" }));
    let writes = |client: &Client| {
        let body = json!({ "name": "An" });
        [
            client.post("/v1/people", &body),
            client.patch(&person.url(), &body),
            client.put("/v1/people/by-key/partner/1", &body),
            client.delete(&person.url()),
            client.delete("/v1/people/999"),
        ]
    };
    for answer in writes(&service.public()) {
        assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("unauthenticated")), "{answer}");
    }
    for answer in writes(&service.reader()) {
        assert_eq!((answer.status, &answer.json()["code"]), (403, &json!("forbidden")), "{answer}");
    }
    assert_eq!(editor.get("/v1/changes").json()["data"].as_array().unwrap().len(), 1);
});

on_both!(token_that_is_not_good_is_refused_for_reading_too, |service| {
    let expired = service.reader();
    service.set_clock("2026-11-21T04:00:06Z");
    assert_snapshot!(expired.get("/v1/people"), @r#"
    401
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding
    www-authenticate: Bearer realm="directive-tracker", error="invalid_token"

    {
      "type": "/problems#unauthenticated",
      "title": "A valid credential is needed",
      "status": 401,
      "code": "unauthenticated",
      "detail": "Send a valid token: Authorization: Bearer TOKEN.",
      "instance": "/v1/people"
    }
    "#);
    let token = service.reader().token.unwrap();
    let (head, tail) = token.rsplit_once('.').unwrap();
    let forged = format!("{head}.{}", tail.chars().rev().collect::<String>());
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", head.split_once('.').unwrap().1);
    for value in [
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "x",
        &format!("Bearer {forged}"),
        &format!("Bearer {unsigned}"),
        &format!("Bearer {token} x"),
    ] {
        let answer = service.public().request("GET", "/v1/people").header("Authorization", value).send();
        assert_eq!(answer.status, 401, "{value}");
        let challenge = "Bearer realm=\"directive-tracker\", error=\"invalid_token\"";
        assert_eq!(answer.header("www-authenticate"), Some(challenge), "{value}");
    }
    let twice = service.reader().request("GET", "/v1/people").header("Authorization", &format!("Bearer {token}"));
    assert_eq!(twice.send().status, 401, "two credentials");
    let lower = service.public().request("GET", "/v1/people").header("authorization", &format!("bearer {token}"));
    assert_eq!(lower.send().status, 200, "the scheme is in any case (RFC 9110 section 11.1)");
});

on_both!(caller_who_may_not_write_is_refused_before_the_body_is_read, |service| {
    // The body never comes; a server that waited for it would answer 408.
    let head = |token: Option<String>| {
        let credential = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        format!(
            "POST /v1/people HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{credential}Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
        )
    };
    let refused = |token| service.public().raw(head(token).as_bytes()).status;
    assert_eq!(refused(None), 401);
    assert_eq!(refused(Some("a.b.c".to_owned())), 401);
    assert_eq!(refused(service.reader().token), 403);
    assert_eq!(refused(service.editor().token), 408);
    assert_eq!(ids(&service.editor(), "/v1/people"), [0_i64; 0]);
});

on_both!(private_service_is_read_with_a_token_only, Settings { private: true, ..small_settings() }, |service| {
    given::person(&service.editor(), json!({}));
    assert_snapshot!(service.public().get("/v1/people/1"), @r#"
    401
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding
    www-authenticate: Bearer realm="directive-tracker", error="invalid_token"

    {
      "type": "/problems#unauthenticated",
      "title": "A valid credential is needed",
      "status": 401,
      "code": "unauthenticated",
      "detail": "Send a valid token: Authorization: Bearer TOKEN.",
      "instance": "/v1/people/1"
    }
    "#);
    for url in
        ["/v1/people", "/v1/people/1", "/v1/people/999", "/v1/changes", "/v1/people/1/history", "/v1/enumerations"]
    {
        assert_eq!(service.public().get(url).status, 401, "{url}");
        assert_eq!(service.reader().get(url).status, if url.ends_with("999") { 404 } else { 200 }, "{url}");
    }
    for url in ["/healthz", "/readyz", "/openapi.json", "/"] {
        assert_eq!(service.public().get(url).status, 200, "{url}");
    }
});

on_both!(answers_with_a_token_are_not_kept_by_caches, |service| {
    given::person(&service.editor(), json!({}));
    let cached = |client: &Client, url: &str| client.get(url).header("cache-control").map(str::to_owned);
    for url in ["/v1/people", "/v1/people/1", "/v1/changes", "/v1/people/1/history"] {
        assert_eq!(cached(&service.public(), url).as_deref(), Some("no-cache"), "{url}");
        assert_eq!(cached(&service.reader(), url).as_deref(), Some("no-store"), "{url}");
        assert!(service.public().get(url).header("vary").unwrap().contains("Authorization"), "{url}");
    }
});

on_both!(filter_by_unit_does_not_tell_the_unit_of_an_internal_body, |service| {
    let editor = service.editor();
    let unit =
        editor.post("/v1/admin-units", &json!({ "name": "Thái Bình", "unit_type": "province", "level": "province" }));
    let unit = unit.expect(201).json()["id"].clone();
    let body = json!({ "name": "Cơ quan kín", "visibility": "internal", "admin_unit": unit });
    let hidden = given::organization(&editor, body).id();
    given::document(&editor, json!({ "numbering_body": hidden, "number": null, "symbol": null }));
    let url = format!("/v1/documents?admin_unit={unit}");
    assert_eq!((ids(&service.public(), &url), ids(&service.reader(), &url)), (vec![], vec![1]));
    editor.patch(&format!("/v1/admin-units/{unit}"), &json!({ "visibility": "internal" })).expect(200);
    let url = format!("/v1/conferences?admin_unit={unit}");
    given::conference(&editor, json!({ "admin_unit": unit }));
    assert_eq!((ids(&service.public(), &url), ids(&service.reader(), &url)), (vec![], vec![1]));
});
