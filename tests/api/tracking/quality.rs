//! Records that want a look: what each check finds, what it leaves alone, and what is refused.

use directive_tracker::tracking::quality::checks::CHECKS;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Client, Service, given};

fn quality(client: &Client, question: &str) -> Value {
    client.get(&format!("/v1/quality?{question}")).expect(200).json()
}

/// What a check finds: `/v1/conference-documents/1 5`, with the days.
fn found(client: &Client, check: &str) -> Vec<String> {
    let quality = quality(client, &format!("check={check}"));
    let rows = quality["rows"].as_array().unwrap();
    assert_eq!(quality["summary"][0]["count"], rows.len(), "{check}");
    rows.iter().map(|row| format!("{} {}", row["record"]["url"].as_str().unwrap(), row["days"])).collect()
}

/// One record, or several, for each check to find, beside some that are as they should be.
fn given_faults(service: &Service) -> Client {
    let editor = service.editor();
    let new = |collection: &str, fields: Value| given::record(&editor, collection, &fields).id();
    let ended = given::organization(&editor, json!({ "valid_to": "2025-06-30" })).id();
    given::document(&editor, json!({ "numbering_body": ended, "number": 1, "issued_on": "2025-07-10" }));
    given::document(&editor, json!({ "issued_on": null, "issued_on_text": "năm 2018" }));
    given::document(&editor, json!({ "issued_on": null, "status": "draft" }));
    let meeting = |fields: Value| given::conference(&editor, fields).id();
    meeting(json!({ "held_from": null }));
    let early = json!([
        { "document": 1, "activity": "implementation" },
        { "document": 1, "citation_role": "presented_draft" },
        { "subject_text": "Văn bản không nêu số", "citation_role": "to_implement" },
        { "subject_text": "Nhiệm vụ năm 2024", "activity": "implementation" },
    ]);
    meeting(json!({ "held_from": "2025-07-04", "held_to": "2025-07-05", "convening_body": ended,
        "conference_documents": early }));
    given::person(&editor, json!({}));
    new("positions", json!({ "person": 1, "title": "Bí thư", "valid_to": "2018-03-10" }));
    new("positions", json!({ "person": 1, "title": "Chủ tịch", "valid_from": "2018-03-11" }));
    let called = |title: &str| json!([{ "person": 1, "roles": ["chair"], "positions_as_stated": [title] }]);
    meeting(json!({ "participations": called("Bí thư") }));
    meeting(json!({ "participations": called("Chủ tịch") }));
    given::task(
        &editor,
        json!({ "deadline_kind": "none_stated", "due_on": null,
        "assignments": [{ "role": "coordinating", "organization": ended }] }),
    );
    given::task(
        &editor,
        json!({ "product": "Báo cáo", "state": "completed", "completed_on": "2018-09-01",
        "assignments": [{ "role": "lead", "organization": ended }] }),
    );
    given::task(&editor, json!({ "state": "cancelled", "state_reason": "Không còn phù hợp" }));
    let by_ended =
        json!({ "product": "Báo cáo", "assignments": [{ "role": "lead", "person": 1 }], "issued_by": ended });
    given::task(&editor, given::with(by_ended.clone(), json!({ "issued_on": "2025-07-02", "due_on": "2025-12-31" })));
    given::task(&editor, by_ended);
    let of_days = |given: &str, due: &str, done: Option<&str>| {
        let state = done.map_or("in_progress", |_| "completed");
        given::task(
            &editor,
            json!({ "product": "Báo cáo", "assignments": [{ "role": "lead", "person": 1 }], "issued_on": given,
            "due_on": due, "state": state, "completed_on": done }),
        );
    };
    of_days("2026-09-30", "2026-09-27", None);
    of_days("2026-09-30", "2026-09-30", Some("2026-09-29"));
    of_days("2026-11-21", "2026-12-31", Some("2026-12-01"));
    of_days("2026-11-21", "2026-11-21", Some("2026-11-21"));
    let due = json!({ "milestone": "disseminated", "document": 1, "due_on": "2026-11-11", "organization": ended });
    new("expectations", due.clone());
    new("expectations", given::with(due.clone(), json!({ "milestone": "plan_issued" })));
    new("expectations", given::with(due, json!({ "milestone": "reported", "due_on": "2026-11-21" })));
    new("statistics", json!({ "measure": "Vụ án", "numerator": 771, "denominator": 778, "stated_rate": 92.2 }));
    new("statistics", json!({ "measure": "Vụ án", "numerator": 717, "denominator": 778, "stated_rate": 92.2 }));
    new("awards", json!({ "kind": "badge" }));
    new("awards", json!({ "kind": "badge", "giver_text": "UBND tỉnh" }));
    new("awards", json!({ "kind": "badge", "giver": ended, "awarded_on": "2025-06-30" }));
    new("awards", json!({ "kind": "badge", "giver": ended, "awarded_on": "2025-07-01" }));
    let after = given::organization(&editor, json!({ "valid_from": "2025-07-01" })).id();
    let succession = json!({ "kind": "merged", "effective_on": "2025-07-01", "from_organization": ended });
    new("successions", given::with(succession.clone(), json!({ "to_organization": after })));
    new("successions", given::with(succession, json!({ "kind": "abolished", "legal_basis": 1 })));
    given::source(&editor, json!({ "published_on": null }));
    given::source(&editor, json!({}));
    service.public()
}

on_both!(every_check_finds_what_it_is_for_and_nothing_else, |service| {
    let client = given_faults(service);
    let expected: &[(&str, &[&str])] = &[
        ("document_without_issuer", &["/v1/documents/2 null"]),
        ("document_without_number", &["/v1/documents/2 null"]),
        ("document_without_date", &["/v1/documents/2 null"]),
        ("document_outside_body", &["/v1/documents/1 10"]),
        ("conference_without_day", &["/v1/conferences/1 null"]),
        ("conference_before_document", &["/v1/conference-documents/1 5"]),
        ("conference_outside_body", &["/v1/conferences/2 4"]),
        ("citation_without_document", &["/v1/conference-documents/3 null"]),
        ("office_not_held", &["/v1/participations/1 null"]),
        ("task_without_lead", &["/v1/tasks/1 null"]),
        ("task_without_deadline", &["/v1/tasks/1 null"]),
        ("task_without_product", &["/v1/tasks/1 null"]),
        ("task_outside_body", &["/v1/tasks/4 2"]),
        ("task_due_before_given", &["/v1/tasks/6 3"]),
        ("task_completed_too_early", &["/v1/tasks/7 1"]),
        ("task_completed_in_future", &["/v1/tasks/8 10"]),
        ("assignment_to_ended_body", &["/v1/assignments/1 509"]),
        ("expectation_without_record", &["/v1/expectations/2 10"]),
        ("statistic_inconsistent", &["/v1/statistics/1 null"]),
        ("award_without_giver", &["/v1/awards/1 null"]),
        ("award_outside_body", &["/v1/awards/4 1"]),
        ("succession_without_act", &["/v1/successions/1 null"]),
        ("source_without_day", &["/v1/sources/1 null"]),
    ];
    let codes: Vec<&str> = expected.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, CHECKS.iter().map(|check| check.code).collect::<Vec<_>>(), "a check has no case here");
    for (check, records) in expected {
        assert_eq!(found(&client, check), *records, "{check}");
    }
});

on_both!(quality_is_told_in_plain_words, |service| {
    let client = given_faults(service);
    assert_snapshot!(service.public().get("/v1/quality?check=conference_before_document"), @r#"
    200
    cache-control: no-cache
    content-type: application/json
    etag: "f49d6f883ad5d9d2"
    vary: Authorization, Accept, Accept-Encoding

    {
      "as_of": "2026-11-21",
      "summary": [
        {
          "check": "conference_before_document",
          "title": "Conferences held before the date of a document that they dealt with",
          "title_vi": "Hội nghị tổ chức trước ngày ban hành văn bản",
          "why": "A symbol that was cited may mean a document of an earlier term; a draft may be presented before.",
          "collection": "conference-documents",
          "count": 1,
          "url": "/v1/quality?check=conference_before_document",
          "next": null
        }
      ],
      "rows": [
        {
          "check": "conference_before_document",
          "record": {
            "id": 1,
            "type": "conference_document",
            "url": "/v1/conference-documents/1",
            "title": null
          },
          "other": {
            "id": 1,
            "type": "document",
            "url": "/v1/documents/1",
            "title": "01-KL/TU Về tình hình an ninh trật tự nổi lên thời gian gần đây"
          },
          "field": "document",
          "message": "is of a conference that ended 5 days before the date of the document",
          "days": 5
        }
      ]
    }
    "#);
    let table = client.get("/v1/quality?check=task_without_lead,award_without_giver&format=csv&csv=raw").expect(200);
    assert_snapshot!(table.text(), @r#"
    check,record_id,record_type,record_title,other_id,other_type,other_title,field,message,days
    task_without_lead,1,task,Rà soát các dự án có thu hồi đất.,,,,assignments,has no assignment in the role lead,
    award_without_giver,1,award,badge,,,,giver,"names no giver, neither as a record nor in words",
    "#);
});

on_both!(checks_of_a_collection_are_made_together, |service| {
    let client = given_faults(service);
    let codes = |question: &str| -> Value {
        quality(&client, question)["summary"].as_array().unwrap().iter().map(|check| check["check"].clone()).collect()
    };
    let of_tasks = json!([
        "task_without_lead",
        "task_without_deadline",
        "task_without_product",
        "task_outside_body",
        "task_due_before_given",
        "task_completed_too_early",
        "task_completed_in_future",
    ]);
    assert_eq!(codes("collection=tasks"), of_tasks);
    assert_eq!(codes("collection=tasks&check=award_without_giver"), json!([]));
    assert_eq!(codes("").as_array().unwrap().len(), CHECKS.len());
});

on_both!(rows_of_a_check_go_on_after_the_last, |service| {
    let editor = service.editor();
    for _ in 0..5 {
        given::source(&editor, json!({ "published_on": null }));
    }
    let client = service.public();
    let mut next = Some("/v1/quality?check=source_without_day&limit=2".to_owned());
    let mut seen = Vec::new();
    while let Some(path) = next {
        let page = client.get(&path).expect(200).json();
        assert_eq!(page["summary"][0]["count"], 5);
        seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["record"]["id"].as_i64().unwrap()));
        next = page["summary"][0]["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
});

on_both!(internal_records_are_neither_found_nor_counted_for_the_public, |service| {
    let editor = service.editor();
    given::document(&editor, json!({ "issued_on": "2018-07-05", "visibility": "internal" }));
    let about = json!([{ "document": 1, "activity": "implementation" }, { "citation_role": "mentioned",
        "subject_text": "Quy chế" }]);
    given::conference(&editor, json!({ "held_from": "2018-07-01", "conference_documents": about }));
    let part = json!([{ "citation_role": "mentioned", "subject_text": "Quy chế" }]);
    given::conference(&editor, json!({ "visibility": "internal", "conference_documents": part }));
    let found = |client: &Client| {
        ["conference_before_document", "citation_without_document", "document_without_number"]
            .map(|check| found(client, check).len())
    };
    assert_eq!(found(&service.public()), [0, 1, 0]);
    assert_eq!(found(&service.reader()), [1, 2, 1]);
});

on_both!(a_day_decides_what_is_past, |service| {
    let client = given_faults(service);
    let counted = |day: &str| {
        let question = format!("check=expectation_without_record,assignment_to_ended_body&as_of={day}");
        let quality = quality(&client, &question);
        [0, 1].map(|at| quality["summary"][at]["count"].as_i64().unwrap())
    };
    assert_eq!(counted("2025-06-30"), [0, 0]);
    assert_eq!(counted("2025-07-01"), [1, 0]);
    assert_eq!(counted("2026-11-11"), [1, 0], "on the day itself it is not late");
    assert_eq!(counted("2026-11-22"), [1, 2]);
});

on_both!(what_no_check_is_called_is_refused, |service| {
    assert_snapshot!(service.public().get("/v1/quality?check=task_without_content&collection=tasks"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter check is no check.",
      "instance": "/v1/quality",
      "errors": [
        {
          "parameter": "check",
          "code": "unknown_code",
          "message": "is no check",
          "allowed": [
            "document_without_issuer",
            "document_without_number",
            "document_without_date",
            "document_outside_body",
            "conference_without_day",
            "conference_before_document",
            "conference_outside_body",
            "citation_without_document",
            "office_not_held",
            "task_without_lead",
            "task_without_deadline",
            "task_without_product",
            "task_outside_body",
            "task_due_before_given",
            "task_completed_too_early",
            "task_completed_in_future",
            "assignment_to_ended_body",
            "expectation_without_record",
            "statistic_inconsistent",
            "award_without_giver",
            "award_outside_body",
            "succession_without_act",
            "source_without_day"
          ]
        }
      ]
    }
    "#);
    let code = |question: &str| {
        service.public().get(&format!("/v1/quality?{question}")).expect(400).json()["errors"][0]["code"].clone()
    };
    assert_eq!(code("collection=people"), "unknown_code");
    assert_eq!(code("limit=1001"), "out_of_range");
    assert_eq!(code("limit=0"), "out_of_range");
    assert_eq!(code("after=7"), "inconsistent");
    assert_eq!(code("as_of=yesterday"), "invalid_date");
    assert_eq!(code("checks=task_without_lead"), "unknown_parameter");
});
