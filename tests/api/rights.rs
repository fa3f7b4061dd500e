//! Rights: who may see and write whose records. `rights/matrix.rs` goes through every operation.

mod hidden;
mod matrix;
mod places;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Client, Response, Service, given};

/// The holder of a key of a partner with these grants.
pub fn granted(service: &Service, grants: &Value) -> Client {
    let asked = json!({ "name": "test", "partner": "Văn phòng Tỉnh ủy", "grants": grants });
    let made = service.administrator().post("/v1/api-keys", &asked).expect(201).json();
    Client { address: service.address, token: Some(made["key"].as_str().unwrap().to_owned()) }
}

/// Two provinces, each with its committee, and a district of the first with its own.
pub struct Provinces {
    /// The committee of the first province.
    pub own: i64,
    /// That of its district.
    pub below: i64,
    /// That of the other province.
    pub other: i64,
}

impl Provinces {
    pub fn given(editor: &Client) -> Self {
        let body = |name: &str, unit: &given::Record, more: Value| {
            let fields = given::with(json!({ "name": name, "admin_unit": unit.id(), "symbol": null }), more);
            given::organization(editor, fields).id()
        };
        let province = given::admin_unit(editor, json!({}));
        let district = json!({ "name": "Vũ Thư", "code": "344", "unit_type": "district", "level": "district", "parent": province.id() });
        let district = given::admin_unit(editor, district);
        let elsewhere = given::admin_unit(editor, json!({ "name": "Nam Định", "code": "36" }));
        Self {
            own: body("Tỉnh ủy Thái Bình", &province, json!({})),
            below: body("Huyện ủy Vũ Thư", &district, json!({ "level": "district" })),
            other: body("Tỉnh ủy Nam Định", &elsewhere, json!({})),
        }
    }
}

/// The status and the code of a problem.
fn code(answer: &Response) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn ids(client: &Client, url: &str) -> Vec<i64> {
    let page = client.get(url).expect(200).json();
    page["data"].as_array().unwrap().iter().map(|record| record["id"].as_i64().unwrap()).collect()
}

/// Internal documents of the three bodies, and one that nobody owns: 1 to 4.
fn four_documents(editor: &Client, provinces: &Provinces) {
    for owner in [Some(provinces.own), Some(provinces.below), Some(provinces.other), None] {
        let fields = json!({ "visibility": "internal", "managed_by": owner.map_or(json!(null), |id| json!(id)) });
        given::document(editor, fields);
    }
}

on_both!(editor_of_a_province_writes_its_records_and_no_others, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    let editor = granted(service, &json!([{ "role": "editor", "admin_unit": 1 }]));
    let fields = |owner: Value| given::with(given::document_fields(), json!({ "managed_by": owner }));
    let created = editor.post("/v1/documents", &fields(json!(provinces.own))).expect(201).json();
    assert_eq!(created["managed_by"]["id"], provinces.own);
    editor.post("/v1/documents", &fields(json!(provinces.below))).expect(201);
    assert_snapshot!(editor.post("/v1/documents", &fields(json!(provinces.other))), @r#"
    403
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#forbidden",
      "title": "The credential does not allow this",
      "status": 403,
      "code": "forbidden",
      "detail": "It is granted for the records of other organizations than the one in managed_by.",
      "instance": "/v1/documents"
    }
    "#);
    let nobodys = editor.post("/v1/documents", &fields(json!(null))).expect(403).json();
    assert_eq!(nobodys["detail"], "It is granted for the records of some organizations, and managed_by names none.");
    let others = given::document(&office, json!({ "managed_by": provinces.other }));
    let note = json!({ "note": "Checked." });
    for refused in [
        editor.patch(&others.url(), &note),
        editor.delete(&others.url()),
        editor.patch("/v1/documents/1", &json!({ "managed_by": provinces.other })),
        editor.patch(&others.url(), &json!({ "managed_by": provinces.own })),
    ] {
        assert_eq!(code(&refused), (403, "forbidden".to_owned()));
    }
    assert_eq!(office.get(&others.url()).expect(200).json(), others.body, "nothing was written");
    editor.patch("/v1/documents/2", &note).expect(200);
    editor.patch("/v1/documents/2", &json!({ "managed_by": provinces.own })).expect(200);
    editor.delete("/v1/documents/2").expect(204);
});

on_both!(internal_records_are_for_those_whose_area_they_are_of, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    four_documents(&office, &provinces);
    let seen = |grants: Value| ids(&granted(service, &grants), "/v1/documents");
    assert_eq!(seen(json!([{ "role": "reader", "admin_unit": 1 }])), [1, 2]);
    assert_eq!(seen(json!([{ "role": "reader", "organization": provinces.own }])), [1]);
    assert_eq!(seen(json!([{ "role": "reader", "admin_unit": 2 }])), [2]);
    let two = json!([{ "role": "editor", "admin_unit": 2 }, { "role": "reviewer", "organization": provinces.other }]);
    assert_eq!(seen(two), [2, 3]);
    assert_eq!(seen(json!([{ "role": "reader" }])), [1, 2, 3, 4]);
    assert_eq!(ids(&service.public(), "/v1/documents"), Vec::<i64>::new());
    let reader = granted(service, &json!([{ "role": "reader", "admin_unit": 1 }]));
    let counted = reader.get("/v1/documents?count=exact&q=an%20ninh").expect(200).json();
    assert_eq!(counted["page"]["count"], 2);
    for (id, status) in [(1, 200), (2, 200), (3, 404), (4, 404), (5, 404)] {
        for url in ["", "/history", "/document-links", "/lineage", "?recorded_at=2026-11-21T03:00:00Z"] {
            assert_eq!(reader.get(&format!("/v1/documents/{id}{url}")).status, status, "{id}{url}");
        }
    }
    let lines = reader.get("/v1/documents?format=ndjson").expect(200).text().to_owned();
    assert_eq!(lines.lines().count(), 3, "two records and the last line");
});

on_both!(record_that_one_may_not_see_is_answered_as_if_it_never_was, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    four_documents(&office, &provinces);
    let key = "/v1/people/by-key/partner/1";
    office.put(key, &json!({ "name": "An", "visibility": "internal", "managed_by": provinces.other })).expect(201);
    let editor = granted(service, &json!([{ "role": "editor", "admin_unit": 1 }]));
    let note = json!({ "note": "Checked." });
    let unlike = |answer: Response| answer.text().replace("/3", "/9");
    assert_eq!(unlike(editor.patch("/v1/documents/3", &note)), editor.patch("/v1/documents/9", &note).text());
    assert_eq!(unlike(editor.delete("/v1/documents/3")), editor.delete("/v1/documents/9").text());
    assert_eq!(code(&editor.get(key)), (404, "not_found".to_owned()));
    assert_eq!(editor.put(key, &json!({ "name": "Bình", "managed_by": provinces.own })).status, 404);
    let linked = |to: Value| json!({ "from": 1, "to": to, "kind": "implements" });
    let refused = |to: Value| editor.post("/v1/document-links", &linked(to)).expect(422).json()["errors"][0].clone();
    assert_eq!(refused(json!(3))["message"], "points at document 3, which does not exist");
    assert_eq!(refused(json!(9))["message"], "points at document 9, which does not exist");
    let by_key = |key: &str| json!({ "external_key": { "system": "partner", "key": key } });
    let person = |key: &str| {
        let fields = json!({ "person": by_key(key), "title": "Bí thư" });
        editor.post("/v1/positions", &fields).expect(422).json()["errors"][0]["message"].clone()
    };
    assert_eq!(person("1"), "points at no person: there is no key partner/1");
    assert_eq!(person("2"), "points at no person: there is no key partner/2");
});

on_both!(link_to_what_one_may_not_see_is_undisclosed, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    let hidden = given::document(&office, json!({ "visibility": "internal", "managed_by": provinces.other }));
    let shown = given::document(&office, json!({ "managed_by": provinces.own }));
    let link = json!({ "from": shown.id(), "to": hidden.id(), "kind": "implements" });
    given::record(&office, "document-links", &link);
    let editor = granted(service, &json!([{ "role": "editor", "admin_unit": 1 }]));
    for client in [service.public(), editor.clone()] {
        let read = client.get("/v1/document-links/1").expect(200).json();
        assert_snapshot!(read["to"], @r#"{"id":null,"type":"document","url":null,"title":null,"undisclosed":true}"#);
        assert_eq!(client.get("/v1/document-links/1?expand=to").expect(200).json()["to"], read["to"]);
        assert_eq!(ids(&client, "/v1/document-links?to=1"), Vec::<i64>::new(), "a filter tells nothing of it");
        assert_eq!(ids(&client, "/v1/document-links?from=2"), [1]);
        let history = client.get("/v1/document-links/1/history").expect(200).json();
        assert_eq!(history["data"][0]["after"]["to"], json!({ "undisclosed": true }));
        assert_eq!(history["data"][0]["differences"]["to"]["to"], json!({ "undisclosed": true }));
        let changes = client.get("/v1/changes?type=document_link").expect(200).json();
        assert_eq!(changes["data"][0]["after"]["to"], json!({ "undisclosed": true }));
        let csv = client.get("/v1/document-links?format=csv&fields=from,to").expect(200).text().to_owned();
        assert!(csv.lines().nth(1).unwrap().ends_with(",,"), "{csv}");
        let node = client.get("/v1/document-links/1?format=jsonld").expect(200).json();
        assert_eq!(node["to"], json!(null));
    }
    let read = office.get("/v1/document-links/1").expect(200).json();
    assert_eq!((&read["to"]["id"], read["to"].get("undisclosed")), (&json!(1), None));
    // Who may not see it may leave it as it is.
    let patched = editor.patch("/v1/document-links/1", &json!({ "note": "Checked." })).expect(200).json();
    assert_eq!((&patched["to"]["undisclosed"], &patched["version"]), (&json!(true), &json!(2)));
    assert_eq!(office.get("/v1/document-links/1").expect(200).json()["to"]["id"], 1);
});

on_both!(conflict_with_what_one_may_not_see_names_nothing, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    let body = given::organization(
        &office,
        json!({ "name": "Ban Bí thư", "symbol": "TW", "numbering_periods": [
        { "label": "XII", "kind": "term", "valid_from": "2016-01-27", "valid_to": "2021-01-30" },
    ] }),
    );
    let numbered = |owner: i64, more: Value| {
        let fields = json!({ "numbering_body": body.id(), "number": 32, "managed_by": owner });
        given::with(given::with(given::document_fields(), fields), more)
    };
    let title = json!({ "title": "Bí mật", "visibility": "internal" });
    given::record(&office, "documents", &numbered(provinces.other, title));
    let editor = granted(service, &json!([{ "role": "editor", "admin_unit": 1 }]));
    assert_snapshot!(editor.post("/v1/documents", &numbered(provinces.own, json!({}))), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate_document",
      "title": "The document is already recorded",
      "status": 409,
      "code": "duplicate_document",
      "detail": "A record that you may not see is in the way.",
      "instance": "/v1/documents"
    }
    "#);
    let link = json!({ "from": 1, "to": 1, "kind": "implements" });
    assert_eq!(editor.post("/v1/document-links", &link).expect(422).json()["errors"][0]["code"], "does_not_exist");
    // What it points at cannot be deleted, and is not told why.
    let own = given::conference(&office, json!({ "managed_by": provinces.own }));
    let hidden = json!({ "name": "Kín", "visibility": "internal", "managed_by": provinces.other, "parent": own.id() });
    given::conference(&office, hidden);
    let refused = editor.delete(&own.url()).expect(409).json();
    assert_eq!((&refused["code"], &refused["referrers"]), (&json!("still_referenced"), &json!([])));
});

on_both!(feed_tells_whom_a_record_is_withdrawn_from, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    given::document(&office, json!({ "visibility": "internal", "managed_by": provinces.own }));
    let reader = |owner: i64| granted(service, &json!([{ "role": "reader", "organization": owner }]));
    let (own, other) = (reader(provinces.own), reader(provinces.other));
    office.patch("/v1/documents/1", &json!({ "managed_by": provinces.other })).expect(200);
    office.patch("/v1/documents/1", &json!({ "note": "Checked." })).expect(200);
    let told = |client: &Client| {
        let page = client.get("/v1/changes?type=document").expect(200).json();
        let entry = |entry: &Value| (entry["operation"].clone(), entry["version"].clone(), entry["after"].is_null());
        page["data"].as_array().unwrap().iter().map(entry).collect::<Vec<_>>()
    };
    assert_eq!(told(&own), [(json!("withdraw"), json!(2), true)]);
    assert_eq!(told(&other), [(json!("update"), json!(2), false), (json!("update"), json!(3), false)]);
    assert_eq!(told(&service.public()), []);
    let versions = |client: &Client| ids_of(&client.get("/v1/documents/1/history").expect(200).json());
    assert_eq!((versions(&office), versions(&other)), (vec![3, 2, 1], vec![3, 2]));
    assert_eq!(own.get("/v1/documents/1/history").status, 404);
    let page = other.get("/v1/documents/1/history?limit=1").expect(200).json();
    assert_eq!(ids_of(&page), [3]);
    let next = page["links"]["next"].as_str().unwrap();
    let last = other.get(next).expect(200).json();
    assert_eq!((ids_of(&last), &last["page"]["next"]), (vec![2], &json!(null)));
});

fn ids_of(page: &Value) -> Vec<i64> {
    page["data"].as_array().unwrap().iter().map(|entry| entry["version"].as_i64().unwrap()).collect()
}

on_both!(feed_does_not_move_with_what_one_may_not_see, |service| {
    let office = service.administrator();
    let provinces = Provinces::given(&office);
    let own = granted(service, &json!([{ "role": "reader", "organization": provinces.own }]));
    let write = |owner: i64| given::person(&office, json!({ "visibility": "internal", "managed_by": owner })).id();
    let page = |url: &str| own.get(url).expect(200);
    let next = |answer: &Response| answer.json()["links"]["next"].as_str().unwrap().to_owned();
    let first = write(provinces.own);
    let url = next(&page("/v1/changes?type=person&limit=2"));
    let before = page(&url);
    assert_eq!(before.json()["data"], json!([]));
    for _ in 0..3 {
        write(provinces.other);
    }
    let after = page(&url);
    assert_eq!((after.text(), after.header("etag")), (before.text(), before.header("etag")));
    // What one sees stands on the pages as if there were nothing in between.
    let last = write(provinces.own);
    let told = |answer: &Response| {
        let answer = answer.json();
        let records: Vec<i64> =
            answer["data"].as_array().unwrap().iter().map(|entry| entry["record"]["id"].as_i64().unwrap()).collect();
        (records, answer["page"]["more"].as_bool().unwrap())
    };
    assert_eq!(told(&page(&url)), (vec![last], false));
    let one = page("/v1/changes?type=person&limit=1");
    assert_eq!(told(&one), (vec![first], true));
    assert_eq!(told(&page(&next(&one))), (vec![last], false));
});

on_both!(feed_goes_on_beyond_what_one_may_not_see, |service| {
    let office = service.administrator();
    let provinces = Provinces::given(&office);
    let own = granted(service, &json!([{ "role": "reader", "organization": provinces.own }]));
    let hidden = |at| json!({ "type": "person", "name": format!("{at}"), "visibility": "internal", "managed_by": provinces.other });
    let rows: String = (0..5_200).map(|at| format!("{}\n", hidden(at))).collect();
    office.request("POST", "/v1/import").body("application/x-ndjson", rows).send().expect(200);
    let seen = given::person(&office, json!({ "visibility": "internal", "managed_by": provinces.own })).id();
    let record = |entry: &Value| entry["record"]["id"].as_i64();
    let first = own.get("/v1/changes?type=person").expect(200).json();
    assert_eq!((&first["data"], &first["page"]["more"]), (&json!([]), &json!(true)));
    let second = own.get(first["links"]["next"].as_str().unwrap()).expect(200).json();
    let told: Vec<_> = second["data"].as_array().unwrap().iter().map(record).collect();
    assert_eq!((told, &second["page"]["more"]), (vec![Some(seen)], &json!(false)));
    let answer = own.get("/v1/changes?type=person&format=ndjson").expect(200);
    let lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().filter_map(record).collect::<Vec<_>>(), [seen]);
    assert_eq!(lines.len(), 2, "the change and the last line: {lines:?}");
    // From wherever somebody goes on, all pages that look so far end at the same place.
    let end = |limit: u8| {
        let page = own.get(&format!("/v1/changes?type=organization&limit={limit}")).expect(200).json();
        let mut page = own.get(page["links"]["next"].as_str().unwrap()).expect(200).json();
        while page["data"] != json!([]) {
            page = own.get(page["links"]["next"].as_str().unwrap()).expect(200).json();
        }
        page["page"]["next"].clone()
    };
    assert_eq!(end(1), end(2));
});

on_both!(who_made_a_change_is_told_to_those_who_have_rights_to_the_record, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    given::document(&office, json!({ "managed_by": provinces.own }));
    let made_by = |client: &Client| {
        let entry = client.get("/v1/documents/1/history").expect(200).json()["data"][0].clone();
        (entry.get("actor").cloned(), entry.get("credential").is_some())
    };
    let reader = |unit: i64| granted(service, &json!([{ "role": "reader", "admin_unit": unit }]));
    assert_eq!(made_by(&reader(1)), (Some(json!("editor@test")), true));
    assert_eq!(made_by(&reader(3)), (None, false));
    assert_eq!(made_by(&service.public()), (None, false));
});

on_both!(import_writes_what_its_sender_may_and_refuses_the_rest_by_line, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    let editor = granted(service, &json!([{ "role": "editor", "admin_unit": 1 }]));
    let row = |name: &str, owner: i64| json!({ "type": "person", "name": name, "managed_by": owner }).to_string();
    let lines = format!("{}\n{}\n", row("An", provinces.own), row("Bình", provinces.other));
    let answer = editor.request("POST", "/v1/import").body("application/x-ndjson", lines).send().expect(200);
    let answer = answer.text();
    let told: Vec<Value> = answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&told[0]["result"], &told[1]["result"]), (&json!("created"), &json!("failed")));
    assert_eq!(told[1]["problem"]["code"], "forbidden");
    assert_eq!(ids(&office, "/v1/people"), [1]);
});

on_both!(reviewer_decides_and_editor_does_not, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    given::task(&office, json!({ "managed_by": provinces.own }));
    let asked = json!({ "requested_on": "2018-09-20", "requested_due_on": "2018-10-31" });
    office.post("/v1/tasks/1/extensions", &asked).expect(201);
    let decision = json!({ "status": "refused", "decided_on": "2018-09-25" });
    let decide = |client: &Client| client.post("/v1/extensions/1/decision", &decision);
    let role = |role: &str, unit: i64| granted(service, &json!([{ "role": role, "admin_unit": unit }]));
    for refused in [role("editor", 1), role("reader", 1), role("reviewer", 3), service.editor()] {
        assert_eq!(code(&decide(&refused)), (403, "forbidden".to_owned()));
    }
    assert_eq!(decide(&service.public()).status, 401);
    let reviewer = role("reviewer", 1);
    assert_eq!(reviewer.patch("/v1/tasks/1", &json!({ "note": "Checked." })).status, 403);
    decide(&reviewer).expect(200);
});

on_both!(nobody_accepts_their_own_evidence_in_whatever_roles, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    given::task(&office, json!({ "managed_by": provinces.own }));
    let both = json!([{ "role": "editor", "admin_unit": 1 }, { "role": "reviewer", "admin_unit": 1 }]);
    let clerk = granted(service, &both);
    let evidence = json!({ "symbol": "125-BC/TU", "submitted_on": "2018-09-29" });
    clerk.post("/v1/tasks/1/evidence-documents", &evidence).expect(201);
    let decision = json!({ "status": "accepted", "decided_on": "2018-10-02", "decided_by": provinces.own });
    let refused = clerk.post("/v1/evidence-documents/1/decision", &decision);
    assert_eq!(code(&refused), (409, "own_evidence".to_owned()));
    service.reviewer().post("/v1/evidence-documents/1/decision", &decision).expect(200);
});

on_both!(can_tells_what_is_allowed_and_by_which_grant, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    four_documents(&office, &provinces);
    given::document(&office, json!({ "managed_by": provinces.other }));
    let editor = granted(service, &json!([{ "role": "editor", "admin_unit": 1 }, { "role": "reader" }]));
    let can = |client: &Client, query: &str| client.get(&format!("/v1/me/can?{query}"));
    assert_snapshot!(can(&editor, "action=update&resource=documents/1"), @r#"
    200
    cache-control: no-store
    content-type: application/json
    etag: "ff17732916d98f7a"
    vary: Authorization, Accept-Encoding

    {
      "action": "update",
      "resource": "documents/1",
      "allowed": true,
      "reason": "granted_within",
      "detail": "It is granted for the records of the organization that owns this one.",
      "grant": {
        "role": "editor",
        "organization": null,
        "admin_unit": 1
      }
    }
    "#);
    let told = |query: &str| {
        let answer = can(&editor, query).expect(200).json();
        (answer["allowed"].as_bool().unwrap(), answer["reason"].as_str().unwrap().to_owned())
    };
    let no = |reason: &str| (false, reason.to_owned());
    let yes = |reason: &str| (true, reason.to_owned());
    assert_eq!(told("action=delete&resource=/v1/documents/2"), yes("granted_within"));
    assert_eq!(told("action=update&resource=documents/3"), no("granted_elsewhere"));
    assert_eq!(told("action=update&resource=documents/4"), no("no_owner"));
    assert_eq!(told("action=read&resource=documents/3"), yes("granted_everywhere"));
    assert_eq!(told("action=read&resource=documents/5"), yes("public"));
    assert_eq!(told("action=decide&resource=tasks"), no("not_granted"));
    assert_eq!(told("action=create&resource=documents"), no("no_owner"));
    let owner = provinces.below;
    assert_eq!(told(&format!("action=create&resource=documents&managed_by={owner}")), yes("granted_within"));
    let stranger = granted(service, &json!([{ "role": "editor", "admin_unit": 3 }]));
    assert_eq!(can(&stranger, "action=update&resource=documents/1").status, 404);
    assert_eq!(can(&service.public(), "action=read&resource=documents").status, 401);
    for (query, parameter) in [
        ("resource=documents", "action"),
        ("action=update", "resource"),
        ("action=burn&resource=documents", "action"),
        ("action=read&resource=ships", "resource"),
        ("action=read&resource=documents/x", "resource"),
        ("action=read&resource=documents/1&managed_by=1", "managed_by"),
    ] {
        let refused = can(&editor, query).expect(400).json();
        assert_eq!(refused["errors"][0]["parameter"], parameter, "{query}");
    }
});
