//! Bodies by documents: each cell says what the implementation of its document says.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{expected, given_committee};
use crate::support::{Client, Service, given};

/// The lines of an answer, as CSV that changes nothing.
fn lines(client: &Client, path: &str) -> Vec<String> {
    client.get(&format!("{path}&format=csv&csv=raw")).expect(200).text().lines().map(str::to_owned).collect()
}

/// The lines of a matrix that are about one document, in their order, after the header.
fn about(matrix: &[String], document: i64) -> Vec<String> {
    let begins = format!("{document},");
    matrix.iter().filter(|line| line.starts_with(&begins)).cloned().collect()
}

/// Documents, committees and acts of many sorts, always the same ones.
fn generated(editor: &Client) {
    let units: Vec<i64> = (0..6)
        .map(|at| {
            let life = if at < 3 { json!({ "valid_to": "2025-06-30" }) } else { json!({}) };
            let fields = given::with(json!({ "name": format!("Tỉnh {at}"), "code": format!("{}", 10 + at) }), life);
            given::admin_unit(editor, fields).id()
        })
        .collect();
    let bodies: Vec<i64> = (0..12)
        .map(|at| {
            let kind = if at < 6 { "party_committee" } else { "department" };
            let life = if at % 6 < 3 { json!({ "valid_to": "2025-06-30" }) } else { json!({}) };
            let fields = json!({ "name": format!("Cơ quan {at}"), "kind": kind, "admin_unit": units[at % 6] });
            given::organization(editor, given::with(fields, life)).id()
        })
        .collect();
    for (from, to) in [(0, 3), (1, 3), (2, 4)] {
        let fields = json!({
            "kind": "merged", "effective_on": "2025-07-01", "from_admin_unit": units[from], "to_admin_unit": units[to],
        });
        given::record(editor, "successions", &fields);
    }
    for at in 0..4 {
        given::document(editor, json!({ "title": format!("Về {at}"), "issued_on": format!("201{at}-03-05") }));
    }
    // A sequence that looks like chance and is the same each time.
    let mut state = 7_usize;
    let mut next = |below: usize| {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        (state / 65_536) % below
    };
    let activities = ["study_dissemination", "popularization", "interim_review", "final_review", "thematic"];
    for _ in 0..40 {
        let (document, other) = (1 + next(4), 1 + next(4));
        let activity = activities[next(5)];
        let about = [(document, activity), (other, "implementation")];
        let about = about.map(|(document, activity)| json!({ "document": document, "activity": activity }));
        let body = bodies[next(12)];
        let fields = json!({
            "held_from": format!("20{}-0{}-1{}", 15 + next(11), 1 + next(9), next(9)), "convening_body": body,
            "conference_documents": about,
        });
        given::conference(editor, fields);
    }
    for _ in 0..12 {
        let due_on = (next(2) == 0).then(|| format!("2019-0{}-10", 1 + next(9)));
        let milestone = ["disseminated", "reviewed_final"][next(2)];
        let fields = json!({
            "milestone": milestone, "document": 1 + next(4), "organization": bodies[next(12)], "due_on": due_on,
        });
        given::record(editor, "expectations", &fields);
    }
    for _ in 0..8 {
        given::task(editor, json!({ "origin_document": 1 + next(4), "issued_by": bodies[next(12)] }));
    }
}

on_both!(cell_says_what_the_implementation_of_its_document_says, |service| {
    generated(&service.editor());
    let client = service.public();
    let mut compared = 0;
    for question in [
        "as_of=2026-11-21",
        "as_of=2026-11-21&level=province",
        "as_of=2018-12-31&level=province&units=2026-11-01",
        "as_of=2024-01-01&milestone=disseminated,reviewed_final",
        "as_of=2026-11-21&units=2018-12-31&admin_unit=4",
    ] {
        let all = lines(&client, &format!("/v1/matrix?documents=1,2,3,4&{question}"));
        for document in 1..=4 {
            let own = lines(&client, &format!("/v1/documents/{document}/implementation?{question}"));
            assert_eq!(lines(&client, &format!("/v1/matrix?documents={document}&{question}")), own, "{question}");
            assert_eq!(all[0], own[0], "the same columns");
            let (cells, own) = (about(&all, document), &own[1..]);
            assert!(own.iter().all(|line| cells.contains(line)), "{question}");
            let others: Vec<&String> = cells.iter().filter(|line| !own.contains(line)).collect();
            assert!(others.iter().all(|line| line.contains(",no_record,")), "{question}: {others:?}");
            compared += own.len();
        }
    }
    assert!(compared > 300, "{compared}");
});

on_both!(counts_of_a_document_are_those_of_its_implementation, |service| {
    generated(&service.editor());
    let client = service.public();
    let question = "as_of=2026-11-21&level=province";
    let matrix = client.get(&format!("/v1/matrix?documents=3,1&{question}")).expect(200).json();
    for document in matrix["documents"].as_array().unwrap() {
        let own = client.get(document["url"].as_str().unwrap()).expect(200).json();
        let rows = own["rows"].as_array().unwrap();
        for (count, own) in document["counts"].as_array().unwrap().iter().zip(own["counts"].as_array().unwrap()) {
            for name in ["done", "inherited", "acts", "expected", "expected_done", "overdue"] {
                assert_eq!(count[name], own[name], "{name}");
            }
            assert_eq!(own["bodies"], rows.len());
            assert_eq!(count["bodies"], matrix["rows"].as_array().unwrap().len(), "all rows have a cell");
        }
    }
    let order: Vec<&Value> = matrix["documents"].as_array().unwrap().iter().map(|it| &it["document"]["id"]).collect();
    assert_eq!(order, [&json!(3), &json!(1)], "in the order in which they are named");
});

on_both!(row_counts_documents_and_each_act_once, |service| {
    let (editor, committee) = given_committee(service);
    given::document(&editor, json!({ "title": "Về phòng, chống tội phạm", "issued_on": "2018-07-10" }));
    let about = [1, 2].map(|document| json!({ "document": document, "activity": "implementation" }));
    given::conference(&editor, json!({ "convening_body": committee, "conference_documents": about }));
    expected(&editor, json!({ "organization": committee, "due_on": "2018-07-15" }));
    let path = "/v1/matrix?documents=1,2&milestone=disseminated&as_of=2018-12-31";
    assert_snapshot!(service.public().get(path), @r#"
    200
    cache-control: no-cache
    content-type: application/json
    etag: "a43c1302d43f333e"
    vary: Authorization, Accept, Accept-Encoding

    {
      "as_of": "2018-12-31",
      "units": "2018-12-31",
      "documents": [
        {
          "document": {
            "id": 1,
            "type": "document",
            "url": "/v1/documents/1",
            "title": "Về tình hình an ninh trật tự nổi lên thời gian gần đây"
          },
          "issued_on": "2018-07-05",
          "closed": null,
          "counts": [
            {
              "milestone": "disseminated",
              "bodies": 1,
              "done": 1,
              "inherited": 0,
              "acts": 1,
              "expected": 1,
              "expected_done": 1,
              "overdue": 0,
              "rates": [
                {
                  "of": "bodies",
                  "numerator": 1,
                  "denominator": 1,
                  "percent": 100.0
                },
                {
                  "of": "expected",
                  "numerator": 1,
                  "denominator": 1,
                  "percent": 100.0
                }
              ]
            }
          ],
          "url": "/v1/documents/1/implementation?milestone=disseminated&as_of=2018-12-31&units=2018-12-31"
        },
        {
          "document": {
            "id": 2,
            "type": "document",
            "url": "/v1/documents/2",
            "title": "Về phòng, chống tội phạm"
          },
          "issued_on": "2018-07-10",
          "closed": null,
          "counts": [
            {
              "milestone": "disseminated",
              "bodies": 1,
              "done": 1,
              "inherited": 0,
              "acts": 1,
              "expected": 0,
              "expected_done": 0,
              "overdue": 0,
              "rates": [
                {
                  "of": "bodies",
                  "numerator": 1,
                  "denominator": 1,
                  "percent": 100.0
                },
                {
                  "of": "expected",
                  "numerator": 0,
                  "denominator": 0,
                  "percent": null
                }
              ]
            }
          ],
          "url": "/v1/documents/2/implementation?milestone=disseminated&as_of=2018-12-31&units=2018-12-31"
        }
      ],
      "rows": [
        {
          "organization": {
            "id": 1,
            "type": "organization",
            "url": "/v1/organizations/1",
            "title": "Tỉnh ủy Thái Bình"
          },
          "admin_unit": null,
          "level": "province",
          "ended_on": null,
          "counts": [
            {
              "milestone": "disseminated",
              "documents": 2,
              "done": 2,
              "inherited": 0,
              "acts": 1,
              "expected": 1,
              "expected_done": 1,
              "overdue": 0,
              "rates": [
                {
                  "of": "documents",
                  "numerator": 2,
                  "denominator": 2,
                  "percent": 100.0
                },
                {
                  "of": "expected",
                  "numerator": 1,
                  "denominator": 1,
                  "percent": 100.0
                }
              ]
            }
          ],
          "cells": [
            {
              "document": 1,
              "milestone": "disseminated",
              "status": "done_late",
              "on": "2018-07-16",
              "precision": null,
              "days_since_issue": 11,
              "days_late": 1,
              "due_on": "2018-07-15",
              "inherited_from": null,
              "evidence_count": 1,
              "evidence": {
                "id": 1,
                "type": "conference",
                "url": "/v1/conferences/1",
                "title": "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng",
                "on": "2018-07-16",
                "precision": null,
                "inherited_from": null
              }
            },
            {
              "document": 2,
              "milestone": "disseminated",
              "status": "done_no_deadline",
              "on": "2018-07-16",
              "precision": null,
              "days_since_issue": 6,
              "days_late": null,
              "due_on": null,
              "inherited_from": null,
              "evidence_count": 1,
              "evidence": {
                "id": 1,
                "type": "conference",
                "url": "/v1/conferences/1",
                "title": "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng",
                "on": "2018-07-16",
                "precision": null,
                "inherited_from": null
              }
            }
          ]
        }
      ]
    }
    "#);
});

on_both!(documents_are_found_by_kind_body_and_date, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({})).id();
    for (kind, day) in [("directive", "2017-01-05"), ("conclusion", "2016-01-05"), ("directive", "2015-06-22")] {
        given::document(&editor, json!({ "kind": kind, "issued_on": day, "numbering_body": body, "system": "party" }));
    }
    let found = |question: &str| -> Value {
        let matrix = service.public().get(&format!("/v1/matrix?{question}")).expect(200).json();
        matrix["documents"].as_array().unwrap().iter().map(|it| it["document"]["id"].clone()).collect()
    };
    assert_eq!(found("kind=directive"), json!([3, 1]), "from the earliest");
    assert_eq!(found(&format!("organization={body}")), json!([3, 2, 1]));
    assert_eq!(found("issued_from=2016-01-01&issued_to=2016-12-31"), json!([2]));
    assert_eq!(found("documents=1,2,1&kind=directive"), json!([1]), "those that are named are narrowed");
    assert_eq!(found("kind=plan"), json!([]));
});

on_both!(internal_documents_and_acts_are_in_no_matrix_of_the_public, |service| {
    let (editor, committee) = given_committee(service);
    given::document(&editor, json!({ "visibility": "internal" }));
    let about = json!([{ "document": 1, "activity": "implementation" }]);
    let fields = json!({ "convening_body": committee, "conference_documents": about, "visibility": "internal" });
    given::conference(&editor, fields);
    let size = |client: Client| {
        let matrix = client.get("/v1/matrix?kind=conclusion&milestone=disseminated").expect(200).json();
        (matrix["documents"].as_array().unwrap().len(), matrix["rows"].as_array().unwrap().len())
    };
    assert_eq!((size(service.public()), size(service.reader())), ((1, 0), (2, 1)));
    assert_eq!(service.public().get("/v1/matrix?documents=2").status, 400);
});

/// The one fault of an answer that is refused.
fn fault(service: &Service, path: &str) -> Value {
    service.public().get(path).expect(400).json()["errors"][0].clone()
}

on_both!(matrix_is_of_all_documents_unless_some_are_named_and_not_of_too_many, |service| {
    let editor = service.editor();
    given::document(&editor, json!({}));
    given::document(&editor, json!({ "kind": "directive" }));
    let documents = |path: &str| service.public().get(path).expect(200).json()["documents"].as_array().unwrap().len();
    assert_eq!((documents("/v1/matrix"), documents("/v1/matrix?kind=conclusion")), (2, 1));
    assert_snapshot!(format!("{:#}", fault(service, "/v1/matrix?documents=1,3")), @r#"
    {
      "parameter": "documents",
      "code": "does_not_exist",
      "message": "names no document: there is none with the number 3"
    }
    "#);
    for _ in 0..100 {
        given::document(&editor, json!({}));
    }
    assert_snapshot!(format!("{:#}", fault(service, "/v1/matrix?kind=conclusion")), @r#"
    {
      "parameter": "documents",
      "code": "too_many",
      "message": "are more than 100 here; narrow them"
    }
    "#);
    assert_eq!(fault(service, "/v1/matrix?documents=a")["code"], "invalid_id");
    assert_eq!(fault(service, "/v1/matrix?kind=conclusion&as_of=2018-02-30")["code"], "invalid_date");
    assert_eq!(fault(service, "/v1/matrix?document=1")["code"], "unknown_parameter");
});
