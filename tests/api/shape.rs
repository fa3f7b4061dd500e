//! The shape of an answer: which fields, and which links as the records behind them.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::Client;
use crate::support::given;

/// A conference with two documents, one of which a body with a unit numbered.
fn conference_with_documents(editor: &Client) -> given::Record {
    let tw = given::tw(editor);
    let document = given::document(editor, json!({ "numbering_body": tw.id(), "number": 32 }));
    let about = |fields: Value| given::with(json!({ "activity": "thematic" }), fields);
    let documents = [about(json!({ "document": document.id() })), about(json!({ "subject_text": "An ninh" }))];
    given::conference(editor, json!({ "convening_body": tw.id(), "conference_documents": documents }))
}

fn keys(record: &Value) -> Vec<&str> {
    record.as_object().unwrap().keys().map(String::as_str).collect()
}

on_both!(only_the_fields_that_are_asked_for_are_sent, |service| {
    let conference = conference_with_documents(&service.editor());
    let public = service.public();
    let one = public.get(&format!("{}?fields=name,held_from", conference.url())).expect(200);
    assert_eq!(keys(&one.json()), ["id", "type", "url", "name", "held_from"]);
    assert_ne!(one.etag(), public.get(&conference.url()).etag(), "the tag is that of the body that is sent");
    let page = public.get("/v1/conferences?fields=convening_body").expect(200).json();
    assert_eq!(keys(&page["data"][0]), ["id", "type", "url", "convening_body"]);
    let within = public.get("/v1/conferences/1/conference-documents?fields=activity").expect(200).json();
    assert_eq!(keys(&within["data"][0]), ["id", "type", "url", "activity"]);
    assert_snapshot!(public.get("/v1/people?fields=name,birth_date"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter fields cannot be \"birth_date\".",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "fields",
          "code": "unknown_code",
          "message": "cannot be \"birth_date\"",
          "allowed": [
            "id",
            "type",
            "url",
            "version",
            "created_at",
            "updated_at",
            "visibility",
            "managed_by",
            "name",
            "other_names",
            "note",
            "links",
            "warnings"
          ]
        }
      ]
    }
    "#);
});

on_both!(link_to_one_is_expanded_in_place, |service| {
    let conference = conference_with_documents(&service.editor());
    let get = |query: &str| service.public().get(&format!("{}?{query}", conference.url())).expect(200).json();
    let plain = get("fields=convening_body");
    let expanded = get("expand=convening_body&fields=convening_body");
    let (link, body) = (&plain["convening_body"], &expanded["convening_body"]);
    for (key, value) in link.as_object().unwrap() {
        assert_eq!(&body[key], value, "{key}");
    }
    assert_eq!((&body["name"], &body["symbol"]), (&json!("Trung ương Đảng"), &json!("TW")));
    assert_eq!(body["links"], service.public().get("/v1/organizations/1").json()["links"]);
});

on_both!(expanded_link_keeps_its_title_where_the_record_has_another, |service| {
    conference_with_documents(&service.editor());
    let get = |url: &str| service.public().get(url).expect(200).json();
    let link = &get("/v1/conference-documents/1")["document"];
    let expanded = &get("/v1/conference-documents/1?expand=document")["document"];
    let document = get("/v1/documents/1");
    assert_ne!(link["title"], document["title"]);
    assert_eq!(expanded["title"], link["title"]);
    let mut with_own_title = expanded.clone();
    with_own_title["title"] = document["title"].clone();
    assert_eq!(with_own_title, document);
});

on_both!(link_to_many_is_expanded_to_its_records, |service| {
    conference_with_documents(&service.editor());
    let get = |url: &str| service.public().get(url).expect(200).json();
    let one = get("/v1/conferences/1?expand=conference_documents&fields=id");
    let own = get("/v1/conference-documents?conference=1");
    let expected = json!({ "data": own["data"], "links": { "all": "/v1/conference-documents?conference=1" } });
    assert_eq!(one["conference_documents"], expected);
    let page = get("/v1/conferences?expand=conference_documents,findings&fields=id");
    assert_eq!(page["data"][0]["conference_documents"], expected);
    assert_eq!(page["data"][0]["findings"]["data"], json!([]));
});

on_both!(expansion_goes_two_hops, |service| {
    conference_with_documents(&service.editor());
    let get = |url: &str| service.public().get(url).expect(200).json();
    let down = get("/v1/conferences?expand=conference_documents.document");
    let records = &down["data"][0]["conference_documents"]["data"];
    assert_eq!((&records[0]["document"]["symbol"], &records[1]["document"]), (&json!("32-KL/TW"), &json!(null)));
    let up = get("/v1/conference-documents/1?expand=document.numbering_body,conference");
    assert_eq!(up["document"]["numbering_body"]["symbol"], "TW");
    assert_eq!(up["conference"]["name"], "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng");
    let back = get("/v1/documents/1?expand=conference_documents.conference");
    assert_eq!(back["conference_documents"]["data"][0]["conference"]["held_from"], "2018-07-16");
    assert_snapshot!(service.public().get("/v1/conferences?expand=conference_documents.document.signer"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter expand takes paths of at most two hops.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "parameter": "expand",
          "code": "too_many",
          "message": "takes paths of at most two hops"
        }
      ]
    }
    "#);
    assert_snapshot!(service.public().get("/v1/people?expand=birthplace"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter expand cannot be \"birthplace\".",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "expand",
          "code": "unknown_code",
          "message": "cannot be \"birthplace\"",
          "allowed": [
            "managed_by",
            "positions",
            "participations",
            "committee_members",
            "presentations",
            "signed_documents",
            "assignments",
            "tasks_issued",
            "external_keys"
          ]
        }
      ]
    }
    "#);
});

on_both!(no_more_than_a_hundred_records_are_shown_behind_a_link, |service| {
    let editor = service.editor();
    let points = |count: usize| (0..count).map(|n| json!({ "name": format!("Điểm {n}") })).collect::<Vec<_>>();
    given::conference(&editor, json!({ "bridge_points": points(101) }));
    given::conference(&editor, json!({ "bridge_points": points(100) }));
    let page = service.public().get("/v1/conferences?expand=bridge_points").expect(200).json();
    let shown = |at: usize| &page["data"][at]["bridge_points"];
    let numbers = |at: usize| -> Vec<i64> {
        shown(at)["data"].as_array().unwrap().iter().map(|point| point["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(numbers(0), (1..=100).collect::<Vec<_>>());
    assert_eq!(shown(0)["links"], json!({ "all": "/v1/bridge-points?conference=1", "more": true }));
    assert_eq!(numbers(1), (102..=201).collect::<Vec<_>>());
    assert_eq!(shown(1)["links"], json!({ "all": "/v1/bridge-points?conference=2" }));
    let all = service.public().get("/v1/bridge-points?conference=1&count=exact").json();
    assert_eq!(all["page"]["count"], 101);
});

on_both!(deleted_records_are_not_shown_behind_a_link_to_many, |service| {
    let editor = service.editor();
    conference_with_documents(&editor);
    editor.delete("/v1/conference-documents/1").expect(204);
    let one = editor.get("/v1/conferences/1?expand=conference_documents").expect(200).json();
    let left = one["conference_documents"]["data"].as_array().unwrap();
    assert_eq!(left.iter().map(|record| &record["id"]).collect::<Vec<_>>(), [&json!(2)]);
});

on_both!(keys_of_partners_are_shown_where_they_are_asked_for, |service| {
    let editor = service.editor();
    editor.put("/v1/people/by-key/partner/1", &json!({ "name": "An" })).expect(201);
    given::person(&editor, json!({}));
    let get = |url: &str| service.public().get(url).expect(200).json();
    let keys = json!([{ "system": "partner", "key": "1" }]);
    assert_eq!(get("/v1/people/1?expand=external_keys")["external_keys"], keys);
    assert_eq!(get("/v1/people/1")["external_keys"], json!(null));
    let page = get("/v1/people?expand=external_keys&fields=name");
    assert_eq!((&page["data"][0]["external_keys"], &page["data"][1]["external_keys"]), (&keys, &json!([])));
    given::conference(&editor, json!({ "participations": [{ "person": 1, "roles": ["chair"] }] }));
    assert_eq!(get("/v1/participations/1?expand=person.external_keys")["person"]["external_keys"], keys);
});
