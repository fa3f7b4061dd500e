//! Conferences with all that belongs to them: made in one request or not at all, each part with its rules.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::reading::{ids, rows};
use crate::support::{Client, Response, given};

/// The collections of what a conference is made of.
const PARTS: [&str; 4] = ["conference-documents", "bridge-points", "participations", "findings"];

/// A conference that deals with a document, with two bridge points and somebody at the second.
fn whole_conference(document: i64, person: i64) -> Value {
    json!({
        "name": "Hội nghị trực tuyến toàn quốc về tình hình an ninh trật tự",
        "mode": "online",
        "held_from": "2017-05-15",
        "conference_documents": [
            { "document": document, "activity": "study_dissemination", "citation_role": "disseminated" },
            { "subject_text": "Tình hình an ninh trật tự", "activity": "thematic" },
        ],
        "bridge_points": [{ "name": "Hà Nội", "main": true }, { "name": "Thái Bình" }],
        "participations": [
            { "person": person, "roles": ["attendee"], "bridge_point": { "pointer": "/bridge_points/1" } },
            { "group_text": "nhiều địa phương, bộ, ngành", "roles": ["speaker"] },
        ],
        "findings": [{ "kind": "limitation", "text": "Có nơi thiếu cảnh giác.", "document": document }],
    })
}

/// `parts` in a conference, sent as one request.
fn conference_with(editor: &Client, parts: Value) -> Response {
    editor.post("/v1/conferences", &given::with(json!({ "name": "Hội nghị", "held_from": "2018-07-16" }), parts))
}

on_both!(conference_is_made_with_all_its_parts, |service| {
    let editor = service.editor();
    let (document, person) = (given::document(&editor, json!({})).id(), given::person(&editor, json!({})).id());
    let made = editor.post("/v1/conferences", &whole_conference(document, person)).expect(201).json();
    let of_conference: Vec<Vec<i64>> = PARTS
        .iter()
        .map(|part| ids(&editor.get(&format!("{}/{part}?sort=id", made["url"].as_str().unwrap()))))
        .collect();
    assert_eq!(of_conference, [vec![1, 2], vec![1, 2], vec![1, 2], vec![1]]);
    let participation = editor.get("/v1/participations/1").json();
    assert_eq!(participation["bridge_point"]["title"], "Thái Bình");
    assert_eq!(participation["conference"]["url"], made["url"]);
});

on_both!(conference_and_its_parts_are_logged_under_one_request, |service| {
    let editor = service.editor();
    let (document, person) = (given::document(&editor, json!({})).id(), given::person(&editor, json!({})).id());
    editor.post("/v1/conferences", &whole_conference(document, person)).expect(201);
    let changes = rows(&editor.get("/v1/changes"))[2..].to_vec();
    let types: Vec<&str> = changes.iter().map(|change| change["record"]["type"].as_str().unwrap()).collect();
    let expected = [
        "conference",
        "conference_document",
        "conference_document",
        "bridge_point",
        "bridge_point",
        "participation",
        "participation",
        "finding",
    ];
    assert_eq!(types, expected);
    assert!(changes.iter().all(|change| change["request_id"] == changes[0]["request_id"]));
});

on_both!(fault_in_the_last_part_writes_nothing_at_all, |service| {
    let editor = service.editor();
    let (document, person) = (given::document(&editor, json!({})).id(), given::person(&editor, json!({})).id());
    let wrong = json!([{ "kind": "achievement", "text": "Ổn định." }, { "kind": "praise", "text": "Tốt." }]);
    let fields = given::with(whole_conference(document, person), json!({ "findings": wrong }));
    assert_snapshot!(editor.post("/v1/conferences", &fields), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/findings/1/kind is not a code of the enumeration finding_kind.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/findings/1/kind",
          "code": "unknown_code",
          "message": "is not a code of the enumeration finding_kind",
          "allowed": [
            "achievement",
            "limitation",
            "cause",
            "forecast",
            "proposal"
          ]
        }
      ]
    }
    "#);
    for collection in PARTS.iter().chain(&["conferences"]) {
        assert_eq!(ids(&editor.get(&format!("/v1/{collection}"))), Vec::<i64>::new(), "{collection}");
    }
    assert_eq!(rows(&editor.get("/v1/changes")).len(), 2);
    // The numbers that the refused request would have had are free.
    let made = editor.post("/v1/conferences", &whole_conference(document, person)).expect(201).json();
    assert_eq!(made["id"], 1);
});

on_both!(request_takes_at_most_a_thousand_parts_of_a_kind, |service| {
    let editor = service.editor();
    let with = |count: usize| {
        let findings = vec![json!({ "kind": "achievement", "text": "đã phổ biến" }); count];
        json!({ "name": "Hội nghị", "held_from": "2018-07-05", "findings": findings })
    };
    let refused = editor.post("/v1/conferences", &with(1001));
    let fault = json!([{ "pointer": "/findings", "code": "too_many", "message": "takes at most 1000" }]);
    assert_eq!((refused.status, &refused.json()["errors"]), (422, &fault));
    editor.post("/v1/conferences", &with(1000)).expect(201);
    assert_eq!(editor.get("/v1/findings?count=exact&limit=1").json()["page"]["count"], 1000);
});

on_both!(rehearsed_conference_writes_nothing_at_all, |service| {
    let editor = service.editor();
    let (document, person) = (given::document(&editor, json!({})).id(), given::person(&editor, json!({})).id());
    editor.post("/v1/conferences?dry_run=true", &whole_conference(document, person)).expect(200);
    assert_eq!(rows(&editor.get("/v1/changes")).len(), 2);
});

on_both!(pointer_names_a_part_that_comes_before_it, |service| {
    let editor = service.editor();
    let seated = |pointer: &str| {
        let points = json!([{ "name": "Thái Bình" }]);
        let seats =
            json!([{ "group_text": "đại biểu", "roles": ["attendee"], "bridge_point": { "pointer": pointer } }]);
        conference_with(&editor, json!({ "bridge_points": points, "participations": seats }))
    };
    assert_snapshot!(seated("/bridge_points/1"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/participations/0/bridge_point points at no record created before it in this request.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/participations/0/bridge_point",
          "code": "does_not_exist",
          "message": "points at no record created before it in this request"
        }
      ]
    }
    "#);
    for pointer in ["/participations/0", "bridge_points/0", "", "/bridge_points/00", "/"] {
        assert_eq!(seated(pointer).status, 422, "{pointer}");
    }
    seated("/bridge_points/0").expect(201);
    let another_type = json!({
        "bridge_points": [{ "name": "Thái Bình" }],
        "participations": [{ "person": { "pointer": "/bridge_points/0" }, "roles": ["attendee"] }],
    });
    let refused = conference_with(&editor, another_type).expect(422).json();
    assert_eq!(refused["errors"][0]["message"], "points at a bridge_point, not at a person");
});

on_both!(faults_of_all_children_of_a_kind_are_told, |service| {
    let editor = service.editor();
    let nested = json!({
        "findings": [{ "kind": "achievement", "text": "đã phổ biến" }, { "kind": "luck", "text": "" }, { "text": "x" }],
    });
    let refused = conference_with(&editor, nested).expect(422).json();
    let places: Vec<(&str, &str)> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    let expected =
        [("/findings/1/kind", "unknown_code"), ("/findings/1/text", "empty"), ("/findings/2/kind", "missing")];
    assert_eq!(places, expected);
    assert_eq!(ids(&editor.get("/v1/conferences")), Vec::<i64>::new());
});

on_both!(bridge_point_of_another_conference_is_refused, |service| {
    let editor = service.editor();
    conference_with(&editor, json!({ "bridge_points": [{ "name": "Thái Bình" }] })).expect(201);
    let seat = json!([{ "group_text": "đại biểu", "roles": ["attendee"], "bridge_point": 1 }]);
    assert_snapshot!(conference_with(&editor, json!({ "participations": seat })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/participations/0/bridge_point is a bridge point of another conference.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/participations/0/bridge_point",
          "code": "inconsistent",
          "message": "is a bridge point of another conference"
        }
      ]
    }
    "#);
    editor.post("/v1/conferences/1/participations", &seat[0]).expect(201);
});

on_both!(one_conference_does_different_things_to_different_documents, |service| {
    let editor = service.editor();
    for _ in 0..4 {
        given::document(&editor, json!({}));
    }
    let dealt = json!([
        { "document": 1, "activity": "final_review", "review_years": 10 },
        { "document": 2, "activity": "interim_review", "review_years": 5 },
        { "document": 3, "activity": "interim_review", "review_years": 3 },
        { "document": 4, "activity": "implementation", "citation_role": "implemented_together" },
    ]);
    conference_with(&editor, json!({ "conference_documents": dealt })).expect(201);
    let told: Vec<Value> = rows(&editor.get("/v1/conferences/1/conference-documents?sort=id"))
        .iter()
        .map(|row| json!([row["document"]["id"], row["activity"], row["review_years"]]))
        .collect();
    let expected = [
        json!([1, "final_review", 10]),
        json!([2, "interim_review", 5]),
        json!([3, "interim_review", 3]),
        json!([4, "implementation", null]),
    ];
    assert_eq!(told, expected);
});

on_both!(subject_need_be_no_document_but_is_named, |service| {
    let editor = service.editor();
    let conference = given::conference(&editor, json!({}));
    let body = given::organization(&editor, json!({})).id();
    let url = format!("{}/conference-documents", conference.url());
    let work = json!({ "subject_text": "Công tác năm 2023", "activity": "annual_review" });
    assert_eq!(editor.post(&url, &work).expect(201).json()["document"], Value::Null);
    editor.post(&url, &json!({ "organization": body, "citation_role": "mentioned" })).expect(201);
    assert_snapshot!(editor.post(&url, &json!({ "review_years": 0 })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/document is needed where there is no organization, no initiative and no subject_text. /activity is needed where there is no citation_role. /review_years must be from 1 to 100.",
      "instance": "/v1/conferences/1/conference-documents",
      "errors": [
        {
          "pointer": "/document",
          "code": "missing",
          "message": "is needed where there is no organization, no initiative and no subject_text"
        },
        {
          "pointer": "/activity",
          "code": "missing",
          "message": "is needed where there is no citation_role"
        },
        {
          "pointer": "/review_years",
          "code": "out_of_range",
          "message": "must be from 1 to 100"
        }
      ]
    }
    "#);
});

on_both!(review_without_its_period_is_noted, |service| {
    let editor = service.editor();
    let conference = given::conference(&editor, json!({}));
    let url = format!("{}/conference-documents", conference.url());
    let fields = json!({ "subject_text": "Chỉ thị 46", "activity": "interim_review" });
    let made = editor.post(&url, &fields).expect(201).json();
    assert_snapshot!(format!("{:#}", made["warnings"]), @r#"
    [
      {
        "code": "missing_review_period",
        "pointer": "/review_years",
        "message": "The years or the days that the review covers are not given."
      }
    ]
    "#);
    let fields = given::with(fields, json!({ "review_years": 5 }));
    assert_eq!(editor.post(&url, &fields).expect(201).json()["warnings"], Value::Null);
});

on_both!(part_names_whom_it_is_about, |service| {
    let editor = service.editor();
    given::conference(&editor, json!({}));
    let faults = |part: &str, fields: Value| -> Vec<String> {
        let refused = editor.post(&format!("/v1/conferences/1/{part}"), &fields).expect(422).json();
        let told =
            |fault: &Value| format!("{} {}", fault["pointer"].as_str().unwrap(), fault["message"].as_str().unwrap());
        refused["errors"].as_array().unwrap().iter().map(told).collect()
    };
    let missing = "/person is needed where there is no organization and no group_text";
    assert_eq!(faults("participations", json!({ "roles": [] })), [missing, "/roles must name at least one role"]);
    assert_eq!(faults("participations", json!({ "group_text": "đại biểu" })), ["/roles is required"]);
    let twice = json!({ "group_text": "đại biểu", "roles": ["chair", "speaker", "chair"] });
    assert_eq!(faults("participations", twice), ["/roles/2 names a code twice"]);
    let missing = "/name is needed where there is no admin_unit and no organization";
    assert_eq!(faults("bridge-points", json!({ "place": "Hội trường" })), [missing]);
    assert_eq!(faults("findings", json!({ "kind": "cause" })), ["/text is required"]);
});

on_both!(dates_of_a_conference_do_not_contradict_one_another, |service| {
    let editor = service.editor();
    let fields = json!({
        "held_from": "2018-07-16", "held_to": "2018-07-15",
        "period_reviewed_from": "2023-12-31", "period_reviewed_to": "2023-01-01",
    });
    assert_snapshot!(conference_with(&editor, fields), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/held_to must not be before 2018-07-16. /period_reviewed_to must not be before 2023-12-31.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/held_to",
          "code": "inconsistent",
          "message": "must not be before 2018-07-16"
        },
        {
          "pointer": "/period_reviewed_to",
          "code": "inconsistent",
          "message": "must not be before 2023-12-31"
        }
      ]
    }
    "#);
    let without_day =
        json!({ "held_from": null, "held_to": "2018-07-15", "part_of_day": "morning", "date_precision": "day" });
    let refused = conference_with(&editor, without_day).expect(422).json();
    let pointers: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
    assert_eq!(pointers, ["/held_to", "/part_of_day", "/date_precision"]);
});

on_both!(conference_is_no_part_of_itself, |service| {
    let editor = service.editor();
    given::conference(&editor, json!({}));
    given::conference(&editor, json!({ "parent": 1 }));
    assert_eq!(ids(&editor.get("/v1/conferences?parent=1")), [2]);
    let refused = editor.patch("/v1/conferences/1", &json!({ "parent": 2 })).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "cycle");
});

on_both!(parts_are_not_patched_through_their_conference, |service| {
    let editor = service.editor();
    given::conference(&editor, json!({}));
    assert_snapshot!(editor.patch("/v1/conferences/1", &json!({ "participations": [] })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/participations is changed through /v1/conferences/1/participations.",
      "instance": "/v1/conferences/1",
      "errors": [
        {
          "pointer": "/participations",
          "code": "children_not_patched",
          "message": "is changed through /v1/conferences/1/participations"
        }
      ]
    }
    "#);
});

on_both!(conference_with_its_parts_may_be_sent_again, |service| {
    let editor = service.editor();
    let (document, person) = (given::document(&editor, json!({})).id(), given::person(&editor, json!({})).id());
    let whole = whole_conference(document, person);
    let put = |body: &Value| {
        let key = "/v1/conferences/by-key/office/c-1";
        let written = editor.get("/v1/changes").json()["data"].as_array().unwrap().len();
        let answer = match editor.get(key).status {
            404 => editor.put(key, body),
            _ => editor.request("PUT", key).header("If-Match", "*").json(body).send(),
        };
        let more = editor.get("/v1/changes").json()["data"].as_array().unwrap().len() - written;
        (answer, more)
    };
    let (created, more) = put(&whole);
    assert_eq!((created.status, more > PARTS.len()), (201, true));
    let (again, more) = put(&whole);
    assert_eq!((again.status, &again.json()["version"], more), (200, &json!(1), 0));
    // What says something else is no part of it, and what is not told is left alone.
    let renamed = given::with(whole.clone(), json!({ "name": "Hội nghị khác", "findings": null }));
    let (renamed, more) = put(&renamed);
    assert_eq!((renamed.status, &renamed.json()["version"], more), (200, &json!(2), 1));
    let mut other = whole.clone();
    let fault = |body: &Value| {
        let (refused, more) = put(body);
        assert_eq!(more, 0);
        let fault = refused.expect(422).json()["errors"][0].clone();
        (fault["pointer"].as_str().unwrap().to_owned(), fault["code"].as_str().unwrap().to_owned())
    };
    other["findings"][0]["text"] = json!("Một đánh giá khác");
    assert_eq!(fault(&other), ("/findings".to_owned(), "children_not_patched".to_owned()));
    other["findings"][0]["text"] = json!(5);
    assert_eq!(fault(&other), ("/findings/0/text".to_owned(), "wrong_type".to_owned()));
    other["bridge_points"].as_array_mut().unwrap().pop();
    assert_eq!(fault(&other), ("/bridge_points".to_owned(), "children_not_patched".to_owned()));
});

on_both!(deleted_conference_takes_its_parts_along, |service| {
    let editor = service.editor();
    let (document, person) = (given::document(&editor, json!({})).id(), given::person(&editor, json!({})).id());
    editor.post("/v1/conferences", &whole_conference(document, person)).expect(201);
    editor.delete("/v1/conferences/1").expect(204);
    for part in PARTS {
        assert_eq!(editor.get(&format!("/v1/{part}/1")).status, 410, "{part}");
        assert_eq!(ids(&editor.get(&format!("/v1/{part}"))), Vec::<i64>::new(), "{part}");
    }
    editor.delete(&format!("/v1/people/{person}")).expect(204);
    editor.delete(&format!("/v1/documents/{document}")).expect(204);
});

on_both!(bridge_point_with_somebody_at_it_is_not_deleted, |service| {
    let editor = service.editor();
    let (document, person) = (given::document(&editor, json!({})).id(), given::person(&editor, json!({})).id());
    editor.post("/v1/conferences", &whole_conference(document, person)).expect(201);
    let refused = editor.delete("/v1/bridge-points/2").expect(409).json();
    assert_eq!(refused["referrers"], json!(["/v1/participations/1"]));
    editor.delete("/v1/bridge-points/1").expect(204);
});

on_both!(conference_that_comes_back_by_its_key_brings_its_parts_anew, |service| {
    let editor = service.editor();
    let whole = json!({ "name": "Hội nghị", "bridge_points": [{ "name": "Huế" }] });
    let url = "/v1/conferences/by-key/partner/1";
    editor.put(url, &whole).expect(201);
    editor.delete("/v1/conferences/1").expect(204);
    let back = editor.put(url, &whole).expect(201).json();
    assert_eq!(back["id"], 1);
    assert_eq!(ids(&editor.get("/v1/bridge-points?conference=1")), [2]);
});

on_both!(part_in_conflict_with_another_of_the_request_names_its_place, |service| {
    let editor = service.editor();
    let to = given::document(&editor, json!({})).id();
    let link = json!({ "kind": "implements", "to": to });
    let plan = json!({ "system": "party", "kind": "plan", "title": "Kế hoạch", "document_links": [link, link] });
    assert_snapshot!(editor.post("/v1/documents", &plan), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate_document_link",
      "title": "The link is already recorded",
      "status": 409,
      "code": "duplicate_document_link",
      "detail": "A link implements joins these documents already.",
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
});
