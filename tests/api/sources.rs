//! Publications, and what they say about which record, and where in their text.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::reading::{encoded, ids};
use crate::support::{Client, given};

/// Creates a source, and gives what makes a claim of it about the conference 1.
fn claim_fields(editor: &Client) -> Value {
    given::conference(editor, json!({}));
    let source = given::source(editor, json!({})).id();
    json!({ "source": source, "about": { "type": "conference", "id": 1 }, "field": "held_from", "value": "2018-07-16" })
}

on_both!(claim_is_about_any_record_by_number_or_by_key, |service| {
    let editor = service.editor();
    let source = given::source(&editor, json!({})).id();
    let person = json!({ "name": "Nguyễn Hồng Diên" });
    let person = editor.put("/v1/people/by-key/partner/dien", &person).expect(201).json();
    let key = json!({ "type": "person", "external_key": { "system": "partner", "key": "dien" } });
    let made = given::record(&editor, "claims", &json!({ "source": source, "about": key, "field": "name" }));
    let link = json!({ "id": 1, "type": "person", "url": person["url"], "title": "Nguyễn Hồng Diên" });
    assert_eq!(made["about"], link);
    let about_itself = json!({ "source": source, "about": { "type": "claim", "id": 1 } });
    assert_eq!(given::record(&editor, "claims", &about_itself)["about"]["url"], "/v1/claims/1");
    assert_eq!(editor.delete("/v1/people/1").expect(409).json()["referrers"], json!(["/v1/claims/1"]));
});

on_both!(claim_about_no_record_is_refused, |service| {
    let editor = service.editor();
    let fields = claim_fields(&editor);
    let post = |about: Value| editor.post("/v1/claims", &given::with(fields.clone(), json!({ "about": about })));
    assert_snapshot!(post(json!({ "type": "meeting", "id": 1 })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/about has a type that does not exist.",
      "instance": "/v1/claims",
      "errors": [
        {
          "pointer": "/about",
          "code": "unknown_code",
          "message": "has a type that does not exist",
          "allowed": [
            "organization",
            "admin_unit",
            "numbering_period",
            "committee_member",
            "succession",
            "document",
            "document_link",
            "person",
            "position",
            "initiative",
            "conference",
            "conference_document",
            "bridge_point",
            "participation",
            "finding",
            "task",
            "assignment",
            "task_update",
            "extension",
            "evidence_document",
            "expectation",
            "holiday",
            "statistic",
            "award",
            "source",
            "claim"
          ]
        }
      ]
    }
    "#);
    assert_snapshot!(post(json!({ "type": "person", "id": 1 })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/about points at person 1, which does not exist.",
      "instance": "/v1/claims",
      "errors": [
        {
          "pointer": "/about",
          "code": "does_not_exist",
          "message": "points at person 1, which does not exist"
        }
      ]
    }
    "#);
    for (about, code) in [
        (json!(1), "invalid_link"),
        (json!({ "id": 1 }), "invalid_link"),
        (json!({ "type": "conference" }), "invalid_link"),
        (json!({ "type": "conference", "id": 0 }), "invalid_id"),
        (json!({ "type": "conference", "external_key": { "system": "partner", "key": "1" } }), "does_not_exist"),
    ] {
        assert_eq!(post(about.clone()).expect(422).json()["errors"][0]["code"], code, "{about}");
    }
    let without = editor.post("/v1/claims", &given::with(fields.clone(), json!({ "about": null }))).expect(422).json();
    let expected = json!({ "pointer": "/about", "code": "missing", "message": "is required" });
    assert_eq!(without["errors"][0], expected);
});

on_both!(place_of_a_claim_has_a_beginning_and_a_length, |service| {
    let editor = service.editor();
    let fields = claim_fields(&editor);
    let post = |offset: Option<i64>, length: Option<i64>| {
        editor.post("/v1/claims", &given::with(fields.clone(), json!({ "offset": offset, "length": length })))
    };
    assert_snapshot!(post(Some(-1), Some(0)), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/offset must be 0 or more. /length must be 1 or more.",
      "instance": "/v1/claims",
      "errors": [
        {
          "pointer": "/offset",
          "code": "out_of_range",
          "message": "must be 0 or more"
        },
        {
          "pointer": "/length",
          "code": "out_of_range",
          "message": "must be 1 or more"
        }
      ]
    }
    "#);
    for (offset, length, status, pointer) in [
        (Some(0), Some(1), 201, Value::Null),
        (None, None, 201, Value::Null),
        (Some(73), None, 422, json!("/length")),
        (None, Some(15), 422, json!("/offset")),
        (Some(2_147_483_648), Some(1), 422, json!("/offset")),
    ] {
        let answer = post(offset, length);
        let told = answer.json()["errors"][0]["pointer"].clone();
        assert_eq!((answer.status, told), (status, pointer), "{offset:?} {length:?}");
    }
    assert_eq!(editor.patch("/v1/claims/1", &json!({ "length": null })).status, 422);
});

on_both!(patch_replaces_a_link_as_a_whole, |service| {
    let editor = service.editor();
    given::record(&editor, "claims", &claim_fields(&editor));
    let person = json!({ "name": "Nguyễn Hồng Diên" });
    editor.put("/v1/people/by-key/partner/dien", &person).expect(201);
    // Merged into the number that was there it would name two records.
    let by_key = json!({ "type": "person", "external_key": { "system": "partner", "key": "dien" } });
    let patched = editor.patch("/v1/claims/1", &json!({ "about": by_key, "field": "name" })).expect(200).json();
    assert_eq!((&patched["about"]["type"], &patched["about"]["id"]), (&json!("person"), &json!(1)));
    let untyped = editor.patch("/v1/claims/1", &json!({ "about": { "id": 1 } }));
    assert_eq!((untyped.status, &untyped.json()["errors"][0]["pointer"]), (422, &json!("/about")));
});

on_both!(claims_about_one_field_may_disagree, |service| {
    let editor = service.editor();
    let fields = claim_fields(&editor);
    for value in ["2018-07-16", "2018-07-17"] {
        given::record(&editor, "claims", &given::with(fields.clone(), json!({ "value": value })));
    }
    let listed = editor.get("/v1/claims?about_type=conference&about_id=1&field=held_from&sort=id");
    assert_eq!(ids(&listed), [1, 2]);
});

on_both!(claims_and_sources_are_found_by_what_they_are_about, |service| {
    let editor = service.editor();
    let fields = claim_fields(&editor);
    given::record(&editor, "claims", &fields);
    given::source(
        &editor,
        json!({ "kind": "reprint", "publisher": "THTG", "published_on": null, "title": "Quán triệt" }),
    );
    let person = given::person(&editor, json!({})).id();
    let about = json!({ "source": 2, "about": { "type": "person", "id": person }, "field": "name", "value": "Diên" });
    given::record(&editor, "claims", &given::with(fields, about));
    for (query, found) in [
        ("claims?source=2", [2].as_slice()),
        ("claims?about_type=conference", &[1]),
        ("claims?about_type=person&about_id=1", &[2]),
        ("claims?field=name", &[2]),
        ("sources?about_type=conference&about_id=1", &[1]),
        ("sources?about_type=conference&about_id=2", &[]),
        ("sources?kind=reprint,summary", &[2]),
        ("sources?publisher=THTG", &[2]),
        ("sources?published_from=2018-07-17", &[1]),
        ("sources?published_to=2018-07-16", &[]),
        (&format!("sources?q={}", encoded("quan TRIỆT")), &[2]),
    ] {
        assert_eq!(ids(&editor.get(&format!("/v1/{query}"))), found, "{query}");
    }
    assert_snapshot!(editor.get("/v1/claims?about_id=1"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter about_type is needed where there is an about_id.",
      "instance": "/v1/claims",
      "errors": [
        {
          "parameter": "about_type",
          "code": "missing",
          "message": "is needed where there is an about_id"
        }
      ]
    }
    "#);
    for (query, parameter) in [("about_id=1", "about_type"), ("about_type=conference", "about_id")] {
        let refused = editor.get(&format!("/v1/sources?{query}")).expect(400).json();
        assert_eq!(refused["errors"][0]["parameter"], parameter, "{query}");
    }
});

on_both!(address_of_a_source_is_on_the_web_and_names_a_host, |service| {
    let editor = service.editor();
    let post = |url: &str| editor.post("/v1/sources", &json!({ "title": "Bài", "kind": "original", "web_url": url }));
    assert_snapshot!(post("javascript:alert(1)"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/web_url must begin with http:// or https:// and name a host, without a user or spaces.",
      "instance": "/v1/sources",
      "errors": [
        {
          "pointer": "/web_url",
          "code": "invalid_value",
          "message": "must begin with http:// or https:// and name a host, without a user or spaces"
        }
      ]
    }
    "#);
    for url in
        ["https://baothaibinh.com.vn/tin-tuc/0/67821", "http://thaibinh.gov.vn?ItemID=37445", "https://báo.vn:8443/#a"]
    {
        assert_eq!(post(url).expect(201).json()["web_url"], url);
    }
    for url in [
        "baothaibinh.com.vn",
        "//baothaibinh.com.vn/",
        "ftp://baothaibinh.com.vn/",
        "data:text/html,x",
        "https://",
        "https:///tin-tuc",
        "https://user:secret@baothaibinh.com.vn/",
        "https://baothaibinh.com.vn\\@elsewhere.vn/",
        "https://bao thaibinh.vn/",
        "HTTPS://baothaibinh.com.vn/ \n",
    ] {
        assert_eq!(post(url).expect(422).json()["errors"][0]["pointer"], "/web_url", "{url}");
    }
    assert_eq!(post(&format!("https://a.vn/{}", "x".repeat(1987))).status, 201);
    assert_eq!(post(&format!("https://a.vn/{}", "x".repeat(1988))).status, 422);
});

on_both!(time_of_publication_is_a_time_of_its_day, |service| {
    let editor = service.editor();
    let post = |day: Option<&str>, time: &str| {
        let fields = json!({ "title": "Bài", "kind": "original", "published_on": day, "published_time": time });
        editor.post("/v1/sources", &fields)
    };
    post(Some("2017-02-20"), "19:09").expect(201);
    assert_snapshot!(post(None, "19h09"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/published_time is not a time between 00:00 and 23:59, written HH:MM. /published_time must be null where there is no published_on.",
      "instance": "/v1/sources",
      "errors": [
        {
          "pointer": "/published_time",
          "code": "invalid_value",
          "message": "is not a time between 00:00 and 23:59, written HH:MM"
        },
        {
          "pointer": "/published_time",
          "code": "inconsistent",
          "message": "must be null where there is no published_on"
        }
      ]
    }
    "#);
});

on_both!(source_with_its_claims_is_made_and_goes_at_once, |service| {
    let editor = service.editor();
    given::conference(&editor, json!({}));
    let claims =
        json!([{ "about": { "type": "conference", "id": 1 }, "quote": "Chiều ngày 16/7", "offset": 85, "length": 15 }]);
    let source = given::source(&editor, json!({ "claims": claims }));
    assert_eq!(ids(&editor.get(&format!("{}/claims", source.url()))), [1]);
    assert_eq!(editor.delete("/v1/conferences/1").status, 409);
    editor.delete(&source.url()).expect(204);
    assert_eq!(editor.get("/v1/claims/1").status, 410);
    editor.delete("/v1/conferences/1").expect(204);
});
