//! What conferences and their parts are found by.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::reading::{encoded, ids};
use crate::support::{Client, given};

/// Three conferences: 1 studies 46-CT/TW (document 1) and finally reviews 48-CT/TW (2), in a commune of the province
/// (unit 1); 2 reviews document 1 in between, online, with a bridge point in the province; 3 is of no document or day.
fn conferences(editor: &Client) {
    for symbol in ["46-CT/TW", "48-CT/TW"] {
        given::document(editor, json!({ "kind": "directive", "symbol": symbol }));
    }
    given::admin_unit(editor, json!({}));
    let commune =
        json!({ "name": "Đông Sơn", "code": "12688", "unit_type": "commune", "level": "commune", "parent": 1 });
    given::admin_unit(editor, commune);
    for name in ["Nguyễn Hồng Diên", "Đặng Trọng Thăng"] {
        given::person(editor, json!({ "name": name }));
    }
    given::organization(editor, json!({}));
    let studied = json!({ "document": 1, "activity": "study_dissemination", "citation_role": "disseminated" });
    let finally_reviewed = json!({ "document": 2, "activity": "final_review", "review_years": 10, "presenter": 2 });
    given::conference(
        editor,
        json!({
            "held_from": "2018-07-16", "admin_unit": 2, "convening_body": 1, "formats": ["extended", "regular"],
            "conference_documents": [studied, finally_reviewed],
            "participations": [
                { "person": 1, "roles": ["chair", "concluding_speaker"] },
                { "person": 2, "roles": ["presenter"] },
            ],
        }),
    );
    given::conference(
        editor,
        json!({
            "name": "Hội nghị trực tuyến", "held_from": "2020-11-11", "mode": "online", "level": "central",
            "formats": ["nationwide"],
            "conference_documents": [{ "document": 1, "activity": "interim_review", "review_years": 5 }],
            "bridge_points": [{ "admin_unit": 1, "main": false }],
            "participations": [{ "person": 1, "roles": ["attendee"] }, { "organization": 1, "roles": ["co_chair"] }],
        }),
    );
    let about_body = json!([{ "organization": 1, "activity": "annual_review", "review_from": "2023-01-01" }]);
    given::conference(editor, json!({ "held_from": null, "name": "Tổng kết", "conference_documents": about_body }));
}

on_both!(conferences_are_found_by_each_parameter, |service| {
    conferences(&service.editor());
    for (query, found) in [
        ("document=1", [1, 2].as_slice()),
        ("document=46-CT%2FTW", &[1, 2]),
        ("document=48%2FCT-T.%C6%AF", &[1]),
        ("activity=final_review,interim_review", &[1, 2]),
        ("document=1&activity=study_dissemination", &[1]),
        ("citation_role=disseminated", &[1]),
        ("person=1", &[1, 2]),
        ("person=2", &[1]),
        ("role=chair,co_chair", &[1, 2]),
        ("role=concluding_speaker", &[1]),
        ("role=speaker", &[]),
        ("person=1&role=chair", &[1]),
        ("organization=1", &[1, 2, 3]),
        ("convening_body=1", &[1]),
        ("admin_unit=1", &[1, 2]),
        ("admin_unit=2", &[1]),
        ("mode=online,hybrid", &[2]),
        ("mode=unknown", &[1, 3]),
        ("conference_format=extended", &[1]),
        ("conference_format=regular", &[1]),
        ("conference_format=nationwide", &[2]),
        ("level=province", &[1, 3]),
        ("held_from=2018-07-16&held_to=2018-07-16", &[1]),
        ("held_from=2018-07-17", &[2]),
        ("held_to=2020-11-10", &[1]),
        ("as_of=2020-11-10", &[1]),
        ("as_of=2020-11-11", &[1, 2]),
        ("q=truc+tuyen", &[2]),
    ] {
        assert_eq!(ids(&service.public().get(&format!("/v1/conferences?{query}&sort=id"))), found, "{query}");
    }
});

on_both!(document_and_activity_hold_of_one_and_the_same_row, |service| {
    conferences(&service.editor());
    // Conference 1 studied document 1 and finally reviewed document 2.
    for (query, found) in [
        ("document=1&activity=final_review", [].as_slice()),
        ("document=2&activity=final_review", &[1]),
        ("document=2&citation_role=disseminated", &[]),
        ("activity=final_review&citation_role=disseminated", &[]),
        ("person=2&role=chair", &[]),
    ] {
        assert_eq!(ids(&service.public().get(&format!("/v1/conferences?{query}"))), found, "{query}");
    }
});

on_both!(symbol_of_several_documents_is_answered_with_the_candidates, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    for (day, title) in [("2018-05-23", "Về cải cách bảo hiểm xã hội"), ("2013-10-25", "Về Chiến lược bảo vệ Tổ quốc")]
    {
        let fields =
            json!({ "kind": "resolution", "numbering_body": tw, "number": 28, "issued_on": day, "title": title });
        given::document(&editor, fields);
    }
    let of_no_day = json!({ "symbol": "28-NQ/TW", "issued_on": null, "visibility": "internal" });
    given::document(&editor, of_no_day);
    assert_snapshot!(service.public().get("/v1/conferences?document=28-NQ%2FTW"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#ambiguous_document",
      "title": "The symbol means several documents",
      "status": 400,
      "code": "ambiguous_document",
      "detail": "2 documents have the symbol 28-NQ/TW; give the id of one.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "parameter": "document",
          "code": "invalid_value",
          "message": "is ambiguous",
          "allowed": [
            "2",
            "1"
          ]
        }
      ],
      "candidates": [
        {
          "id": 2,
          "type": "document",
          "url": "/v1/documents/2",
          "title": "28-NQ/TW Về Chiến lược bảo vệ Tổ quốc",
          "issued_on": "2013-10-25",
          "numbering_period": "XI"
        },
        {
          "id": 1,
          "type": "document",
          "url": "/v1/documents/1",
          "title": "28-NQ/TW Về cải cách bảo hiểm xã hội",
          "issued_on": "2018-05-23",
          "numbering_period": "XII"
        }
      ]
    }
    "#);
    let lists = ["conferences", "conference-documents", "findings", "document-links"];
    for list in lists {
        let refused = service.reader().get(&format!("/v1/{list}?document=28%20nq%20tw")).expect(400).json();
        let candidates = refused["candidates"].as_array().unwrap();
        let candidates: Vec<&Value> = candidates.iter().map(|candidate| &candidate["id"]).collect();
        assert_eq!(
            (&refused["code"], candidates),
            (&json!("ambiguous_document"), vec![&json!(3), &json!(2), &json!(1)])
        );
        assert_eq!(ids(&service.public().get(&format!("/v1/{list}?document=2"))), Vec::<i64>::new());
    }
});

on_both!(candidates_of_one_day_stand_in_the_order_of_their_numbers, |service| {
    let editor = service.editor();
    for _ in 0..3 {
        given::document(&editor, json!({ "symbol": "46-CT/TW" }));
    }
    // PostgreSQL moves a row whose indexed columns change.
    service.set_clock("2026-11-21T04:00:00Z");
    editor.patch("/v1/documents/1", &json!({ "place": "Hà Nội" })).expect(200);
    let refused = service.public().get("/v1/conferences?document=46-CT%2FTW").expect(400).json();
    assert_eq!(refused["errors"][0]["allowed"], json!(["1", "2", "3"]));
});

on_both!(internal_document_is_no_candidate_for_the_public, |service| {
    let editor = service.editor();
    given::document(&editor, json!({ "symbol": "46-CT/TW" }));
    given::document(&editor, json!({ "symbol": "46-CT/TW", "visibility": "internal" }));
    let dealt = json!([{ "document": 1, "activity": "thematic" }]);
    given::conference(&editor, json!({ "conference_documents": dealt }));
    assert_eq!(ids(&service.public().get("/v1/conferences?document=46-CT%2FTW")), [1]);
    assert_eq!(service.reader().get("/v1/conferences?document=46-CT%2FTW").status, 400);
});

on_both!(internal_row_does_not_show_what_a_conference_did, |service| {
    let editor = service.editor();
    given::document(&editor, json!({}));
    let person = given::person(&editor, json!({})).id();
    let dealt = json!([{ "document": 1, "activity": "thematic", "visibility": "internal" }]);
    let took_part = json!([{ "person": person, "roles": ["chair"], "visibility": "internal" }]);
    given::conference(&editor, json!({ "conference_documents": dealt, "participations": took_part }));
    for query in ["document=1", "activity=thematic", "person=1", "role=chair"] {
        let path = format!("/v1/conferences?{query}");
        assert_eq!(
            (ids(&service.public().get(&path)), ids(&service.reader().get(&path))),
            (vec![], vec![1]),
            "{query}"
        );
    }
});

on_both!(parts_of_conferences_are_found_by_each_parameter, |service| {
    conferences(&service.editor());
    let finding = json!({ "kind": "limitation", "text": "Có nơi thiếu cảnh giác.", "document": 1 });
    service.editor().post("/v1/conferences/1/findings", &finding).expect(201);
    for (query, found) in [
        ("conference-documents?document=46-CT%2FTW", [1, 3].as_slice()),
        ("conference-documents?activity=interim_review,annual_review", &[3, 4]),
        ("conference-documents?citation_role=disseminated", &[1]),
        ("conference-documents?conference=1&document=2", &[2]),
        ("conference-documents?organization=1", &[4]),
        ("conference-documents?presenter=2", &[2]),
        ("conference-documents?admin_unit=1", &[1, 2]),
        ("conference-documents?held_from=2018-07-17", &[3]),
        ("conference-documents?held_to=2018-07-16", &[1, 2]),
        ("participations?person=1", &[1, 3]),
        ("participations?person=1&role=attendee", &[3]),
        ("participations?role=co_chair,presenter", &[2, 4]),
        ("participations?organization=1", &[4]),
        ("participations?conference=2", &[3, 4]),
        ("bridge-points?admin_unit=1", &[1]),
        ("bridge-points?admin_unit=2", &[]),
        ("bridge-points?main=true", &[]),
        ("bridge-points?conference=2&main=false", &[1]),
        ("findings?document=46-CT%2FTW", &[1]),
        ("findings?kind=achievement", &[]),
        (&format!("findings?q={}", encoded("CẢNH giac")), &[1]),
    ] {
        assert_eq!(ids(&service.public().get(&format!("/v1/{query}&sort=id"))), found, "{query}");
    }
});

on_both!(parts_of_conferences_are_listed_as_of_a_day, |service| {
    let editor = service.editor();
    let person = given::person(
        &editor,
        json!({ "positions": [{ "title": "Bí thư", "valid_from": "2018-01-01", "valid_to": "2019-12-31" }] }),
    )
    .id();
    let parts = json!({
        "held_from": "2018-07-16",
        "conference_documents": [{ "subject_text": "An ninh", "activity": "thematic" }],
        "bridge_points": [{ "name": "Huế" }],
        "participations": [{ "person": person, "roles": ["chair"] }],
        "findings": [{ "kind": "cause", "text": "Nguyên nhân." }],
    });
    given::conference(&editor, parts);
    let source = json!({ "title": "Bài báo", "kind": "original", "published_on": "2018-07-16", "claims": [
        { "about": { "type": "conference", "id": 1 }, "field": "held_from", "value": "2018-07-16" },
    ] });
    editor.post("/v1/sources", &source).expect(201);
    let found = |collection: &str, day: &str| {
        let page = service.public().get(&format!("/v1/{collection}?as_of={day}")).expect(200).json();
        page["data"].as_array().unwrap().len()
    };
    for collection in [
        "conference-documents",
        "bridge-points",
        "participations",
        "findings",
        "sources",
        "claims",
        "people",
        "conferences",
    ] {
        let before = if collection == "people" { "2017-12-31" } else { "2018-07-15" };
        assert_eq!((found(collection, before), found(collection, "2018-07-16")), (0, 1), "{collection}");
    }
    assert_eq!(found("people", "2020-01-01"), 0);
});
