//! The life of one record: create, read, patch, replace by key, delete; and every refusal on the way.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::given;

const KEY: &str = "/v1/documents/by-key/partner/kl-32";

on_both!(created_record_is_answered_whole_with_its_place, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let fields = given::with(given::document_fields(), json!({ "numbering_body": tw.id(), "number": 32 }));
    let created = editor.post("/v1/documents", &fields);
    assert_snapshot!(created, @r#"
    201
    cache-control: no-store
    content-type: application/json
    etag: "1-6d540342628047e1"
    location: /v1/documents/1

    {
      "id": 1,
      "type": "document",
      "url": "/v1/documents/1",
      "version": 1,
      "created_at": "2026-11-21T03:00:00.000000Z",
      "updated_at": "2026-11-21T03:00:00.000000Z",
      "visibility": "public",
      "managed_by": null,
      "system": "party",
      "kind": "conclusion",
      "numbering_body": {
        "id": 1,
        "type": "organization",
        "url": "/v1/organizations/1",
        "title": "Trung ương Đảng"
      },
      "adopted_by": [],
      "number": 32,
      "suffix": "",
      "numbering_period": {
        "id": 2,
        "type": "numbering_period",
        "url": "/v1/numbering-periods/2",
        "title": "XII"
      },
      "symbol": "32-KL/TW",
      "symbol_as_printed": null,
      "title": "Về tình hình an ninh trật tự nổi lên thời gian gần đây",
      "issued_on": "2018-07-05",
      "issued_on_precision": null,
      "issued_on_text": null,
      "adopted_on": null,
      "effective_on": null,
      "expires_on": null,
      "place": null,
      "signer": null,
      "signer_text": null,
      "status": "unknown",
      "confidentiality": "normal",
      "urgency": null,
      "review_schedule": [],
      "provenance": null,
      "note": null,
      "identity_complete": true,
      "links": {
        "document_links": "/v1/document-links?from=1",
        "linked_from": "/v1/document-links?to=1",
        "conference_documents": "/v1/conference-documents?document=1",
        "tasks": "/v1/tasks?origin_document=1",
        "expectations": "/v1/expectations?document=1",
        "initiatives": "/v1/initiatives?document=1",
        "statistics": "/v1/statistics?document=1",
        "history": "/v1/documents/1/history"
      }
    }
    "#);
    let read = editor.get(created.header("location").unwrap());
    assert_eq!((read.etag(), read.text()), (created.etag(), created.text()));
});

on_both!(public_record_is_read_without_a_token, |service| {
    let document = given::document(&service.editor(), json!({}));
    assert_snapshot!(service.public().get(&document.url()), @r#"
    200
    cache-control: no-cache
    content-type: application/json
    etag: "1-3e8b1874e0b619db"
    vary: Authorization, Accept, Accept-Encoding

    {
      "id": 1,
      "type": "document",
      "url": "/v1/documents/1",
      "version": 1,
      "created_at": "2026-11-21T03:00:00.000000Z",
      "updated_at": "2026-11-21T03:00:00.000000Z",
      "visibility": "public",
      "managed_by": null,
      "system": "party",
      "kind": "conclusion",
      "numbering_body": null,
      "adopted_by": [],
      "number": null,
      "suffix": "",
      "numbering_period": null,
      "symbol": null,
      "symbol_as_printed": null,
      "title": "Về tình hình an ninh trật tự nổi lên thời gian gần đây",
      "issued_on": "2018-07-05",
      "issued_on_precision": null,
      "issued_on_text": null,
      "adopted_on": null,
      "effective_on": null,
      "expires_on": null,
      "place": null,
      "signer": null,
      "signer_text": null,
      "status": "unknown",
      "confidentiality": "normal",
      "urgency": null,
      "review_schedule": [],
      "provenance": null,
      "note": null,
      "identity_complete": false,
      "links": {
        "document_links": "/v1/document-links?from=1",
        "linked_from": "/v1/document-links?to=1",
        "conference_documents": "/v1/conference-documents?document=1",
        "tasks": "/v1/tasks?origin_document=1",
        "expectations": "/v1/expectations?document=1",
        "initiatives": "/v1/initiatives?document=1",
        "statistics": "/v1/statistics?document=1",
        "history": "/v1/documents/1/history"
      }
    }
    "#);
});

on_both!(internal_record_is_not_there_without_a_token, |service| {
    let document = given::document(&service.editor(), json!({ "visibility": "internal" }));
    service.reader().get(&document.url()).expect(200);
    assert_snapshot!(service.public().get(&document.url()), @r#"
    404
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#not_found",
      "title": "There is no such thing here",
      "status": 404,
      "code": "not_found",
      "detail": "There is nothing at this address, or you may not see it.",
      "instance": "/v1/documents/1"
    }
    "#);
});

on_both!(known_body_is_not_sent_again, |service| {
    let document = given::document(&service.editor(), json!({}));
    let read = |tag: &str| service.public().request("GET", &document.url()).header("If-None-Match", tag).send();
    assert_snapshot!(read(&document.etag), @r#"
    304
    cache-control: no-cache
    etag: "1-3e8b1874e0b619db"
    vary: Authorization, Accept, Accept-Encoding
    "#);
    for tag in [format!("W/{}", document.etag), format!("\"other\", {}", document.etag), "*".to_owned()] {
        assert_eq!(read(&tag).status, 304, "{tag}");
    }
    assert_eq!(read("\"1-0000000000000000\"").status, 200);
});

on_both!(patch_changes_what_it_names_and_no_more, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({ "place": "Hà Nội" }));
    service.set_clock("2026-11-21T04:00:00Z");
    let patched = editor.patch(&document.url(), &json!({ "place": null, "note": "Checked." }));
    assert_snapshot!(patched, @r#"
    200
    cache-control: no-store
    content-type: application/json
    etag: "2-6ddefca1d5edfada"

    {
      "id": 1,
      "type": "document",
      "url": "/v1/documents/1",
      "version": 2,
      "created_at": "2026-11-21T03:00:00.000000Z",
      "updated_at": "2026-11-21T04:00:00.000000Z",
      "visibility": "public",
      "managed_by": null,
      "system": "party",
      "kind": "conclusion",
      "numbering_body": null,
      "adopted_by": [],
      "number": null,
      "suffix": "",
      "numbering_period": null,
      "symbol": null,
      "symbol_as_printed": null,
      "title": "Về tình hình an ninh trật tự nổi lên thời gian gần đây",
      "issued_on": "2018-07-05",
      "issued_on_precision": null,
      "issued_on_text": null,
      "adopted_on": null,
      "effective_on": null,
      "expires_on": null,
      "place": null,
      "signer": null,
      "signer_text": null,
      "status": "unknown",
      "confidentiality": "normal",
      "urgency": null,
      "review_schedule": [],
      "provenance": null,
      "note": "Checked.",
      "identity_complete": false,
      "links": {
        "document_links": "/v1/document-links?from=1",
        "linked_from": "/v1/document-links?to=1",
        "conference_documents": "/v1/conference-documents?document=1",
        "tasks": "/v1/tasks?origin_document=1",
        "expectations": "/v1/expectations?document=1",
        "initiatives": "/v1/initiatives?document=1",
        "statistics": "/v1/statistics?document=1",
        "history": "/v1/documents/1/history"
      }
    }
    "#);
    assert_eq!(editor.get(&document.url()).etag(), patched.etag());
});

on_both!(patch_that_changes_nothing_leaves_the_version, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({}));
    service.set_clock("2026-11-21T04:00:00Z");
    let patched = editor.patch(&document.url(), &json!({ "place": null, "kind": "conclusion" })).expect(200);
    assert_eq!((patched.json(), patched.etag()), (document.body.clone(), document.etag.as_str()));
});

on_both!(patch_of_a_version_that_is_gone_is_refused, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({}));
    let patch = |tag: &str, body| editor.request("PATCH", &document.url()).header("If-Match", tag).json(&body).send();
    patch(&document.etag, json!({ "place": "Hà Nội" })).expect(200);
    assert_snapshot!(patch(&document.etag, json!({ "place": "Huế" })), @r#"
    412
    cache-control: no-store
    content-type: application/problem+json
    etag: "2-37833c78d153337a"
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#precondition_failed",
      "title": "The record is not the one you know",
      "status": 412,
      "code": "precondition_failed",
      "detail": "The record has version 2 now; read it again before writing.",
      "instance": "/v1/documents/1"
    }
    "#);
    patch("*", json!({ "place": "Huế" })).expect(200);
    patch("\"3\"", json!({ "place": "Đà Nẵng" })).expect(200);
    assert_eq!(patch("W/\"4\"", json!({ "place": "Huế" })).status, 412);
});

on_both!(condition_that_cannot_be_read_is_refused, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({}));
    let patch = |name: &str, value: &str| {
        editor.request("PATCH", &document.url()).header(name, value).json(&json!({ "place": "Huế" })).send()
    };
    assert_snapshot!(patch("If-Match", "3"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter if-match is no list of entity tags.",
      "instance": "/v1/documents/1",
      "errors": [
        {
          "parameter": "if-match",
          "code": "invalid_value",
          "message": "is no list of entity tags",
          "allowed": [
            "*",
            "\"3-5f0c21d0a1b2c3d4\""
          ]
        }
      ]
    }
    "#);
    assert_snapshot!(patch("If-None-Match", "\"3\""), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter if-none-match may only be * on a write.",
      "instance": "/v1/documents/1",
      "errors": [
        {
          "parameter": "if-none-match",
          "code": "invalid_value",
          "message": "may only be * on a write",
          "allowed": [
            "*"
          ]
        }
      ]
    }
    "#);
});

on_both!(deleted_record_is_gone, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({}));
    service.set_clock("2026-11-21T04:00:00Z");
    assert_snapshot!(editor.delete(&document.url()), @"204");
    assert_snapshot!(editor.get(&document.url()), @r#"
    410
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#gone",
      "title": "The record was deleted",
      "status": 410,
      "code": "gone",
      "detail": "The record was deleted at 2026-11-21T04:00:00.000000Z.",
      "instance": "/v1/documents/1"
    }
    "#);
    for method in ["PATCH", "DELETE"] {
        assert_eq!(editor.request(method, &document.url()).json(&json!({})).send().status, 410, "{method}");
    }
    assert_eq!(editor.get("/v1/documents").json()["data"], json!([]));
});

on_both!(delete_of_a_version_that_is_gone_is_refused, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({}));
    let delete = |tag: &str| editor.request("DELETE", &document.url()).header("If-Match", tag).send();
    assert_eq!(delete("\"2\"").status, 412);
    assert_eq!(delete(&document.etag).status, 204);
});

on_both!(record_that_others_point_at_is_not_deleted, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    given::document(&editor, json!({ "numbering_body": tw.id(), "number": 32 }));
    assert_snapshot!(editor.delete(&tw.url()), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#still_referenced",
      "title": "Other records point at it",
      "status": 409,
      "code": "still_referenced",
      "detail": "The organization 1 cannot be deleted: other records point at it.",
      "instance": "/v1/organizations/1",
      "referrers": [
        "/v1/documents/1"
      ]
    }
    "#);
    editor.get(&tw.url()).expect(200);
});

on_both!(key_of_a_partner_creates_then_replaces, |service| {
    let editor = service.editor();
    let put = |name: &str, tag: &str, title: &str| {
        let fields = given::with(given::document_fields(), json!({ "title": title }));
        editor.request("PUT", KEY).header(name, tag).json(&fields).send()
    };
    let created = put("If-None-Match", "*", "Về an ninh").expect(201);
    assert_eq!(created.header("location"), Some("/v1/documents/1"));
    assert_eq!(editor.get(KEY).etag(), created.etag());
    assert_eq!(put("If-None-Match", "*", "Về an ninh").status, 412);
    assert_eq!(put("If-Match", "\"7\"", "Về an ninh").status, 412);
    let replaced = put("If-Match", created.etag(), "Về trật tự").expect(200);
    assert_eq!((&replaced.json()["id"], &replaced.json()["version"]), (&json!(1), &json!(2)));
    assert_eq!(replaced.header("location"), None);
});

on_both!(failed_condition_gives_the_tag_to_go_on_with, |service| {
    const KEY: &str = "/v1/people/by-key/partner/1";
    let editor = service.editor();
    let send = |method: &str, path: &str, header: &str, value: &str| {
        let body = json!({ "name": "An" });
        editor.request(method, path).header(header, value).json(&body).send()
    };
    let missing = send("PUT", KEY, "If-Match", "\"1\"").expect(412);
    assert_eq!(missing.header("etag"), None, "there is no record yet");
    let url = send("PUT", KEY, "If-None-Match", "*").expect(201).header("location").unwrap().to_owned();
    let current = editor.get(&url).etag().to_owned();
    for refused in [
        send("PATCH", &url, "If-Match", "\"7\"").expect(412),
        send("DELETE", &url, "If-Match", "\"7\"").expect(412),
        send("PUT", KEY, "If-Match", "\"7\"").expect(412),
        send("PUT", KEY, "If-None-Match", "*").expect(412),
        editor.put(KEY, &json!({ "name": "Bình" })).expect(428),
        editor.put(&format!("{KEY}?dry_run=true"), &json!({ "name": "Bình" })).expect(428),
    ] {
        assert_eq!(refused.etag(), current, "{refused}");
    }
    let known = editor.put(KEY, &json!({ "name": "Bình" })).expect(428).etag().to_owned();
    assert_eq!(service.public().put(KEY, &json!({})).expect(401).header("etag"), None);
    editor.request("PUT", KEY).header("If-Match", &known).json(&json!({ "name": "Bình" })).send().expect(200);
    editor.delete(&url).expect(204);
    let deleted = send("PUT", KEY, "If-Match", &known).expect(412);
    assert_eq!(deleted.header("etag"), None, "it was deleted");
});

on_both!(replacing_without_a_condition_is_refused, |service| {
    let editor = service.editor();
    editor.put(KEY, &given::document_fields()).expect(201);
    assert_snapshot!(editor.put(KEY, &given::document_fields()), @r#"
    428
    cache-control: no-store
    content-type: application/problem+json
    etag: "1-3e8b1874e0b619db"
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#precondition_required",
      "title": "A condition is needed",
      "status": 428,
      "code": "precondition_required",
      "detail": "The record exists: send If-Match with the ETag you last saw, or If-Match: * to write over any version.",
      "instance": "/v1/documents/by-key/partner/kl-32"
    }
    "#);
});

on_both!(replacing_what_is_not_there_is_refused, |service| {
    let put = service.editor().request("PUT", KEY).header("If-Match", "*").json(&given::document_fields()).send();
    assert_snapshot!(put, @r#"
    412
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#precondition_failed",
      "title": "The record is not the one you know",
      "status": 412,
      "code": "precondition_failed",
      "detail": "There is no living record to match.",
      "instance": "/v1/documents/by-key/partner/kl-32"
    }
    "#);
});

on_both!(deleted_key_revives_its_record, |service| {
    let editor = service.editor();
    editor.put(KEY, &given::document_fields()).expect(201);
    editor.delete("/v1/documents/1").expect(204);
    assert_eq!(editor.get(KEY).status, 410);
    let revived = editor.put(KEY, &given::document_fields()).expect(201).json();
    assert_eq!((&revived["id"], &revived["version"]), (&json!(1), &json!(3)));
});

on_both!(rehearsal_answers_and_writes_nothing, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({}));
    let rehearsed = editor.post("/v1/documents?dry_run=true", &given::document_fields()).expect(200);
    assert_eq!((rehearsed.header("location"), &rehearsed.json()["id"]), (None, &json!(2)));
    let url = format!("{}?dry_run=true", document.url());
    assert_eq!(editor.patch(&url, &json!({ "place": "Huế" })).expect(200).json()["version"], 2);
    assert_eq!(editor.put(&format!("{KEY}?dry_run=true"), &given::document_fields()).status, 200);
    assert_eq!(editor.delete(&url).status, 204);
    assert_eq!(editor.post("/v1/documents?dry_run=true", &json!({})).status, 422);
    assert_eq!(editor.get("/v1/documents").json()["data"], json!([document.body]));
    assert_eq!(editor.get("/v1/changes").json()["data"].as_array().unwrap().len(), 1);
    assert_snapshot!(editor.delete(&format!("{}?dry_run=maybe", document.url())), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter dry_run is neither true nor false.",
      "instance": "/v1/documents/1",
      "errors": [
        {
          "parameter": "dry_run",
          "code": "wrong_type",
          "message": "is neither true nor false",
          "allowed": [
            "true",
            "false"
          ]
        }
      ]
    }
    "#);
});

on_both!(head_is_get_without_its_body, |service| {
    let document = given::document(&service.editor(), json!({}));
    for path in [document.url().as_str(), "/v1/documents", "/v1/enumerations", "/healthz", "/openapi.json", "/"] {
        let (get, head) = (service.public().get(path), service.public().request("HEAD", path).send());
        let told = |answer: &crate::support::Response| {
            let each_time = ["date", "x-request-id"];
            let headers = answer.headers.iter().filter(|(name, _)| !each_time.contains(&name.as_str()));
            (answer.status, headers.cloned().collect::<Vec<_>>())
        };
        assert_eq!(told(&head), told(&get), "{path}");
        assert!(head.body.is_empty(), "{path}");
    }
});

on_both!(options_tells_the_methods, |service| {
    let options = |path: &str| service.public().request("OPTIONS", path).send();
    assert_snapshot!(options("/v1/documents"), @r"
    204
    allow: GET, POST, HEAD, OPTIONS
    ");
    assert_eq!(options("/v1/documents/1").header("allow"), Some("GET, PATCH, DELETE, HEAD, OPTIONS"));
    assert_eq!(options(KEY).header("allow"), Some("GET, PUT, HEAD, OPTIONS"));
});

on_both!(undeclared_method_is_refused_with_those_declared, |service| {
    assert_snapshot!(service.editor().delete("/v1/documents"), @r#"
    405
    allow: GET, POST, HEAD, OPTIONS
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#method_not_allowed",
      "title": "The method is not offered here",
      "status": 405,
      "code": "method_not_allowed",
      "detail": "DELETE is not offered here.",
      "instance": "/v1/documents"
    }
    "#);
    for method in ["PUT", "TRACE", "PROPFIND"] {
        let answer = service.editor().request(method, "/v1/documents").send();
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, POST, HEAD, OPTIONS")), "{method}");
    }
});

on_both!(record_that_never_was_is_not_there, |service| {
    assert_snapshot!(service.public().get("/v1/documents/1"), @r#"
    404
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#not_found",
      "title": "There is no such thing here",
      "status": 404,
      "code": "not_found",
      "detail": "There is nothing at this address, or you may not see it.",
      "instance": "/v1/documents/1"
    }
    "#);
    assert_eq!(service.public().get(KEY).status, 404);
    assert_eq!(service.editor().delete("/v1/documents/1").status, 404);
    assert_eq!(service.editor().patch("/v1/documents/1", &json!({})).status, 404);
});

on_both!(number_of_a_record_is_a_positive_whole_number, |service| {
    assert_snapshot!(service.public().get("/v1/documents/x"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter id is not a whole number from 1 to 9223372036854775807.",
      "instance": "/v1/documents/x",
      "errors": [
        {
          "parameter": "id",
          "code": "invalid_id",
          "message": "is not a whole number from 1 to 9223372036854775807"
        }
      ]
    }
    "#);
    for id in ["0", "-1", "1.5", "+1", "9223372036854775808", "99999999999999999999"] {
        assert_eq!(service.public().get(&format!("/v1/documents/{id}")).status, 400, "{id}");
    }
});

on_both!(address_with_nothing_at_it_is_told, |service| {
    assert_snapshot!(service.public().get("/v2/documents"), @r#"
    404
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#not_found",
      "title": "There is no such thing here",
      "status": 404,
      "code": "not_found",
      "detail": "There is nothing at this address; / lists what there is.",
      "instance": "/v2/documents"
    }
    "#);
});

on_both!(titles_of_problems_come_in_vietnamese_for_those_who_prefer_it, |service| {
    let refused = service.public().request("GET", "/v1/documents/1").header("Accept-Language", "vi-VN,vi;q=0.9");
    assert_snapshot!(refused.send(), @r#"
    404
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#not_found",
      "title": "Không tìm thấy",
      "status": 404,
      "code": "not_found",
      "detail": "There is nothing at this address, or you may not see it.",
      "instance": "/v1/documents/1"
    }
    "#);
});

on_both!(writing_needs_a_token_of_an_editor, |service| {
    assert_snapshot!(service.public().post("/v1/documents", &given::document_fields()), @r#"
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
      "instance": "/v1/documents"
    }
    "#);
    assert_snapshot!(service.reader().post("/v1/documents", &given::document_fields()), @r#"
    403
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#forbidden",
      "title": "The credential does not allow this",
      "status": 403,
      "code": "forbidden",
      "detail": "The role of this credential does not allow this.",
      "instance": "/v1/documents"
    }
    "#);
    let forged = service.public().request("POST", "/v1/documents").header("Authorization", "Bearer x.y.z");
    assert_eq!(forged.json(&given::document_fields()).send().status, 401);
});

on_both!(body_of_another_type_is_refused, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({}));
    assert_snapshot!(editor.request("POST", "/v1/documents").body("text/plain", "x").send(), @r#"
    415
    accept-post: application/json
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#unsupported_media_type",
      "title": "The content type is not supported",
      "status": 415,
      "code": "unsupported_media_type",
      "detail": "Send the body as Content-Type: application/json.",
      "instance": "/v1/documents"
    }
    "#);
    assert_snapshot!(editor.request("PATCH", &document.url()).body("application/json", "{}").send(), @r#"
    415
    accept-patch: application/merge-patch+json
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#unsupported_media_type",
      "title": "The content type is not supported",
      "status": 415,
      "code": "unsupported_media_type",
      "detail": "Send the body as Content-Type: application/merge-patch+json.",
      "instance": "/v1/documents/1"
    }
    "#);
});

on_both!(compressed_body_is_refused, |service| {
    let request = service.editor().request("POST", "/v1/documents").header("Content-Encoding", "gzip");
    assert_snapshot!(request.json(&given::document_fields()).send(), @r#"
    415
    accept-encoding: identity
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#unsupported_media_type",
      "title": "The content type is not supported",
      "status": 415,
      "code": "unsupported_media_type",
      "detail": "Send the body as it is, without a Content-Encoding.",
      "instance": "/v1/documents"
    }
    "#);
    let plain = service.editor().request("POST", "/v1/documents").header("Content-Encoding", "identity");
    plain.json(&given::document_fields()).send().expect(201);
});

on_both!(body_that_is_no_json_is_refused, |service| {
    let post = |body: &[u8]| service.editor().request("POST", "/v1/documents").body("application/json", body).send();
    assert_snapshot!(post(b"{\"title\": "), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#malformed_json",
      "title": "The body is not JSON",
      "status": 400,
      "code": "malformed_json",
      "detail": "The body is not JSON: EOF while parsing a value at line 1 column 10.",
      "instance": "/v1/documents"
    }
    "#);
    assert_snapshot!(post(b"{\"title\": \"a\", \"title\": \"b\"}"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#malformed_json",
      "title": "The body is not JSON",
      "status": 400,
      "code": "malformed_json",
      "detail": "The body is not JSON: the key \"title\" stands twice in one object at line 1 column 28.",
      "instance": "/v1/documents"
    }
    "#);
    assert_snapshot!(post(b"{\"title\": \"\xff\"}"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#malformed_json",
      "title": "The body is not JSON",
      "status": 400,
      "code": "malformed_json",
      "detail": "The body is not UTF-8: byte 11 does not fit.",
      "instance": "/v1/documents"
    }
    "#);
});

on_both!(every_fault_of_a_body_is_told_with_its_place, |service| {
    let editor = service.editor();
    assert_snapshot!(editor.post("/v1/documents", &json!({})), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/system is required.",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "/system",
          "code": "missing",
          "message": "is required"
        }
      ]
    }
    "#);
    let fields = json!({
        "id": 7, "visibility": "secret", "numbering_body": 99, "number": 0, "kind": "conclusion", "system": "party",
        "title": "Về an ninh", "expires_on": "2018-01-01", "issued_on": "2018-07-05",
    });
    assert_snapshot!(editor.post("/v1/documents", &fields), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/visibility is not a code of the enumeration visibility. /id is set by the service and may not be sent. /numbering_body points at organization 99, which does not exist.",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "/visibility",
          "code": "unknown_code",
          "message": "is not a code of the enumeration visibility",
          "allowed": [
            "public",
            "internal"
          ]
        },
        {
          "pointer": "/id",
          "code": "read_only",
          "message": "is set by the service and may not be sent"
        },
        {
          "pointer": "/numbering_body",
          "code": "does_not_exist",
          "message": "points at organization 99, which does not exist"
        },
        {
          "pointer": "/number",
          "code": "out_of_range",
          "message": "must be from 1 to 999999"
        }
      ]
    }
    "#);
    assert_snapshot!(editor.post("/v1/documents", &given::with(fields, json!({ "titel": "Về an ninh" }))), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/visibility is not a code of the enumeration visibility. /id is set by the service and may not be sent. /numbering_body points at organization 99, which does not exist.",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "/visibility",
          "code": "unknown_code",
          "message": "is not a code of the enumeration visibility",
          "allowed": [
            "public",
            "internal"
          ]
        },
        {
          "pointer": "/id",
          "code": "read_only",
          "message": "is set by the service and may not be sent"
        },
        {
          "pointer": "/numbering_body",
          "code": "does_not_exist",
          "message": "points at organization 99, which does not exist"
        },
        {
          "pointer": "/titel",
          "code": "unknown_field",
          "message": "is not a field of this record (did you mean title?)",
          "allowed": [
            "system",
            "kind",
            "numbering_body",
            "adopted_by",
            "number",
            "suffix",
            "numbering_period",
            "symbol",
            "symbol_as_printed",
            "title",
            "issued_on",
            "issued_on_precision",
            "issued_on_text",
            "adopted_on",
            "effective_on",
            "expires_on",
            "place",
            "signer",
            "signer_text",
            "status",
            "confidentiality",
            "urgency",
            "review_schedule",
            "provenance",
            "note",
            "visibility",
            "managed_by",
            "document_links"
          ]
        },
        {
          "pointer": "/number",
          "code": "out_of_range",
          "message": "must be from 1 to 999999"
        }
      ]
    }
    "#);
    assert_snapshot!(editor.post("/v1/documents", &json!([])), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "The body must be a JSON object.",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "",
          "code": "wrong_type",
          "message": "must be a JSON object"
        }
      ]
    }
    "#);
});

on_both!(document_that_is_already_there_is_refused, |service| {
    let editor = service.editor();
    let document = given::conclusion_32(&editor);
    let again = given::with(
        given::document_fields(),
        json!({ "numbering_body": document["numbering_body"]["id"], "number": 32, "title": "Khác" }),
    );
    assert_snapshot!(editor.post("/v1/documents", &again), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate_document",
      "title": "The document is already recorded",
      "status": 409,
      "code": "duplicate_document",
      "detail": "This numbering body has a document of this kind and number in this period already: 32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây.",
      "instance": "/v1/documents",
      "existing": {
        "id": 1,
        "type": "document",
        "url": "/v1/documents/1",
        "title": "32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây"
      }
    }
    "#);
});

on_both!(unknown_parameter_is_refused_with_the_likeliest, |service| {
    assert_snapshot!(service.public().get("/v1/people?organisation=1"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "There is no parameter organisation here.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "organisation",
          "code": "unknown_parameter",
          "message": "is not known here",
          "allowed": [
            "organization",
            "as_of",
            "q",
            "limit",
            "cursor",
            "sort",
            "fields",
            "expand",
            "count",
            "format",
            "csv",
            "labels",
            "updated_since",
            "managed_by"
          ]
        }
      ],
      "did_you_mean": "organization"
    }
    "#);
    assert_eq!(service.public().get("/v1/documents/1?expnd=signer").json()["did_you_mean"], "expand");
});

on_both!(record_that_points_at_itself_does_not_hide_the_others_that_point_at_it, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({})).id();
    editor.patch(&format!("/v1/organizations/{body}"), &json!({ "managed_by": body })).expect(200);
    let below = given::organization(&editor, json!({ "name": "Đảng ủy xã", "symbol": null, "managed_by": body })).id();
    let refused = editor.delete(&format!("/v1/organizations/{body}")).expect(409).json();
    assert_eq!(refused["referrers"], json!([format!("/v1/organizations/{below}")]));
    editor.delete(&format!("/v1/organizations/{below}")).expect(204);
    editor.delete(&format!("/v1/organizations/{body}")).expect(204);
});

on_both!(child_that_comes_back_belongs_to_whoever_owns_its_parent_now, |service| {
    let editor = service.editor();
    let (first, second) = (given::organization(&editor, json!({})).id(), given::organization(&editor, json!({})).id());
    let conference = given::conference(&editor, json!({ "managed_by": first })).id();
    let point = json!({ "conference": conference, "name": "Huế" });
    editor.put("/v1/bridge-points/by-key/partner/1", &point).expect(201);
    editor.delete("/v1/bridge-points/1").expect(204);
    editor.patch(&format!("/v1/conferences/{conference}"), &json!({ "managed_by": second })).expect(200);
    let back = editor.put("/v1/bridge-points/by-key/partner/1", &point).expect(201).json();
    assert_eq!(back["managed_by"]["id"], json!(second));
});
