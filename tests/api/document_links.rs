//! How documents bear on one another: what may lead back to where it began, and what may not.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::reading::ids;
use crate::support::{Client, Response, given};

/// Documents 1 to `count`, without number; the first is 32-KL/TW.
fn documents(editor: &Client, count: usize) {
    given::document(editor, json!({ "symbol": "32-KL/TW" }));
    for _ in 1..count {
        given::document(editor, json!({}));
    }
}

fn link(editor: &Client, from: i64, kind: &str, to: i64) -> Response {
    editor.post("/v1/document-links", &json!({ "from": from, "to": to, "kind": kind }))
}

on_both!(replacing_does_not_lead_back, |service| {
    let editor = service.editor();
    documents(&editor, 3);
    link(&editor, 1, "replaces", 2).expect(201);
    link(&editor, 2, "replaces", 3).expect(201);
    assert_snapshot!(link(&editor, 3, "replaces", 1), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/to leads back to the document itself: 1 (32-KL/TW) → 2 → 3.",
      "instance": "/v1/document-links",
      "errors": [
        {
          "pointer": "/to",
          "code": "cycle",
          "message": "leads back to the document itself: 1 (32-KL/TW) → 2 → 3"
        }
      ]
    }
    "#);
    assert_eq!(link(&editor, 2, "replaces", 1).status, 422);
    // Another way to the same document is none back.
    link(&editor, 1, "replaces", 3).expect(201);
});

on_both!(implementing_and_its_programs_are_one_chain, |service| {
    let editor = service.editor();
    documents(&editor, 3);
    link(&editor, 1, "implements", 2).expect(201);
    link(&editor, 2, "action_program_of", 3).expect(201);
    assert_snapshot!(link(&editor, 3, "implements", 1), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/to leads back to the document itself: 1 (32-KL/TW) → 2 → 3.",
      "instance": "/v1/document-links",
      "errors": [
        {
          "pointer": "/to",
          "code": "cycle",
          "message": "leads back to the document itself: 1 (32-KL/TW) → 2 → 3"
        }
      ]
    }
    "#);
    assert_eq!(link(&editor, 3, "action_program_of", 1).status, 422);
    // What replaces is another chain.
    link(&editor, 3, "replaces", 1).expect(201);
});

on_both!(links_of_other_kinds_may_lead_back, |service| {
    let editor = service.editor();
    documents(&editor, 2);
    for kind in ["continues", "follows", "cites", "same_as", "guides"] {
        link(&editor, 1, kind, 2).expect(201);
        link(&editor, 2, kind, 1).expect(201);
    }
});

on_both!(deleted_link_closes_no_circle, |service| {
    let editor = service.editor();
    documents(&editor, 2);
    link(&editor, 1, "replaces", 2).expect(201);
    editor.delete("/v1/document-links/1").expect(204);
    link(&editor, 2, "replaces", 1).expect(201);
});

on_both!(patch_closes_no_circle, |service| {
    let editor = service.editor();
    documents(&editor, 3);
    link(&editor, 1, "replaces", 2).expect(201);
    link(&editor, 2, "continues", 1).expect(201);
    link(&editor, 3, "replaces", 2).expect(201);
    let refused = editor.patch("/v1/document-links/2", &json!({ "kind": "replaces" })).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "cycle");
    editor.patch("/v1/document-links/3", &json!({ "to": 1 })).expect(200);
    // A link is no way back for itself.
    editor.patch("/v1/document-links/1", &json!({ "note": "Checked." })).expect(200);
});

on_both!(second_link_within_one_request_writes_nothing, |service| {
    let editor = service.editor();
    documents(&editor, 1);
    let links = json!([{ "to": 1, "kind": "replaces" }, { "to": 1, "kind": "replaces" }]);
    let fields = given::with(given::document_fields(), json!({ "document_links": links }));
    assert_snapshot!(editor.post("/v1/documents", &fields), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate_document_link",
      "title": "The link is already recorded",
      "status": 409,
      "code": "duplicate_document_link",
      "detail": "A link replaces joins these documents already.",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "/document_links/1",
          "code": "inconsistent",
          "message": "is in conflict with /document_links/0"
        }
      ]
    }
    "#);
    assert_eq!(ids(&editor.get("/v1/documents")), [1]);
    assert_eq!(ids(&editor.get("/v1/document-links")), Vec::<i64>::new());
});

on_both!(second_link_of_one_kind_is_refused, |service| {
    let editor = service.editor();
    documents(&editor, 2);
    link(&editor, 1, "replaces", 2).expect(201);
    assert_snapshot!(link(&editor, 1, "replaces", 2), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate_document_link",
      "title": "The link is already recorded",
      "status": 409,
      "code": "duplicate_document_link",
      "detail": "A link replaces joins these documents already.",
      "instance": "/v1/document-links",
      "existing": {
        "id": 1,
        "type": "document_link",
        "url": "/v1/document-links/1",
        "title": "document 1 replaces document 2"
      }
    }
    "#);
    link(&editor, 1, "amends", 2).expect(201);
    assert_eq!(editor.patch("/v1/document-links/2", &json!({ "kind": "replaces" })).status, 409);
});

on_both!(document_has_no_link_to_itself, |service| {
    let editor = service.editor();
    documents(&editor, 1);
    assert_snapshot!(link(&editor, 1, "cites", 1), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/to must not be the document itself.",
      "instance": "/v1/document-links",
      "errors": [
        {
          "pointer": "/to",
          "code": "cycle",
          "message": "must not be the document itself"
        }
      ]
    }
    "#);
});

on_both!(link_to_no_document_is_refused, |service| {
    let editor = service.editor();
    documents(&editor, 2);
    editor.delete("/v1/documents/2").expect(204);
    let messages = |to: i64| link(&editor, 1, "cites", to).expect(422).json()["errors"][0]["message"].clone();
    assert_eq!(messages(2), "points at document 2, which was deleted");
    assert_eq!(messages(3), "points at document 3, which does not exist");
});

on_both!(links_are_found_from_either_side_by_number_or_symbol, |service| {
    let editor = service.editor();
    documents(&editor, 3);
    link(&editor, 2, "continues", 1).expect(201);
    link(&editor, 1, "replaces", 3).expect(201);
    for (query, found) in [
        ("from=1", [2].as_slice()),
        ("to=1", &[1]),
        ("to=32-KL%2FTW", &[1]),
        ("document=32-KL%2FT.%C6%AF", &[1, 2]),
        ("document=3", &[2]),
        ("document=1&kind=continues", &[1]),
        ("kind=replaces,continues", &[1, 2]),
        ("from=2&to=1", &[1]),
    ] {
        assert_eq!(ids(&editor.get(&format!("/v1/document-links?{query}&sort=id"))), found, "{query}");
    }
    assert_snapshot!(editor.get("/v1/document-links?document=33-KL%2FTW"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter document names no document: there is none with the symbol 33-KL/TW.",
      "instance": "/v1/document-links",
      "errors": [
        {
          "parameter": "document",
          "code": "does_not_exist",
          "message": "names no document: there is none with the symbol 33-KL/TW"
        }
      ]
    }
    "#);
});

on_both!(document_with_links_to_it_is_not_deleted, |service| {
    let editor = service.editor();
    documents(&editor, 2);
    link(&editor, 1, "cites", 2).expect(201);
    let refused = editor.delete("/v1/documents/2").expect(409).json();
    assert_eq!(refused["referrers"], json!(["/v1/document-links/1"]));
    // Its own links go with it.
    editor.delete("/v1/documents/1").expect(204);
    assert_eq!(editor.get("/v1/document-links/1").status, 410);
    let operations: Vec<Value> = editor.get("/v1/changes").json()["data"].as_array().unwrap()[3..]
        .iter()
        .map(|change| json!([change["operation"], change["record"]["type"]]))
        .collect();
    assert_eq!(operations, [json!(["delete", "document_link"]), json!(["delete", "document"])]);
});

on_both!(links_are_listed_as_of_the_day_of_the_document_that_they_begin_at, |service| {
    let editor = service.editor();
    let to = given::document(&editor, json!({})).id();
    let links = json!([{ "kind": "implements", "to": to }]);
    let plan = json!({ "system": "party", "kind": "plan", "title": "Kế hoạch", "issued_on": "2018-08-10", "document_links": links });
    editor.post("/v1/documents", &plan).expect(201);
    let found = |day: &str| ids(&service.public().get(&format!("/v1/document-links?as_of={day}")));
    assert_eq!((found("2018-08-09"), found("2018-08-10")), (vec![], vec![1]));
});
