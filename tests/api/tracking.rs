//! What is computed about a document: whose act counts for whom, what is late, what stands below, what is refused.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Client, Service, given};

mod across;
mod alike;
mod awards;
pub mod citations;
mod conference_report;
mod forms;
mod matrix;
mod people;
mod quality;
mod refusals;
mod reviews;
mod task_report;
mod units;

/// The only step of the rows of an answer that was asked for: `Tỉnh ủy Thái Bình done_on_time 2018-07-16`.
fn rows(answer: &Value) -> Vec<String> {
    let title = |link: &Value| link["title"].as_str().unwrap_or("-").to_owned();
    let told = answer["rows"].as_array().unwrap().iter().map(|row| {
        let name = if row["organization"].is_null() { title(&row["admin_unit"]) } else { title(&row["organization"]) };
        let cell = &row["cells"][0];
        format!("{name} {} {}", cell["status"].as_str().unwrap(), cell["on"].as_str().unwrap_or("-"))
    });
    told.collect()
}

fn implementation(client: &Client, question: &str) -> Value {
    client.get(&format!("/v1/documents/1/implementation?{question}")).expect(200).json()
}

/// A conference of a body that disseminates the document 1.
fn disseminated(editor: &Client, body: i64, fields: Value) -> given::Record {
    let about = json!([{ "document": 1, "activity": "study_dissemination" }]);
    let defaults = json!({
        "name": "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng", "held_from": "2018-07-16", "convening_body": body,
        "conference_documents": about,
    });
    given::record(editor, "conferences", &given::with(defaults, fields))
}

fn expected(editor: &Client, fields: Value) {
    let defaults = json!({ "milestone": "disseminated", "document": 1 });
    given::record(editor, "expectations", &given::with(defaults, fields));
}

/// The document 1, of 2018-07-05, and the committee of a province.
fn given_committee(service: &Service) -> (Client, i64) {
    let editor = service.editor();
    given::document(&editor, json!({}));
    let committee = given::organization(&editor, json!({})).id();
    (editor, committee)
}

on_both!(late_is_only_what_a_recorded_due_date_says, |service| {
    let (editor, _) = given_committee(service);
    let body = |name: &str| given::organization(&editor, json!({ "name": name })).id();
    let acted = json!({ "held_from": "2018-07-16" });
    for (name, due_on, acts) in [
        ("A", Some("2018-07-16"), true),
        ("B", Some("2018-07-15"), true),
        ("C", None, true),
        ("D", Some("2018-07-31"), false),
        ("E", Some("2018-07-30"), false),
        ("F", None, false),
    ] {
        let id = body(name);
        expected(&editor, json!({ "organization": id, "due_on": due_on }));
        if acts {
            disseminated(&editor, id, acted.clone());
        }
    }
    disseminated(&editor, body("G"), acted);
    let answer = implementation(&service.public(), "milestone=disseminated&as_of=2018-07-31&level=province");
    assert_eq!(
        rows(&answer),
        [
            "A done_on_time 2018-07-16",
            "B done_late 2018-07-16",
            "C done_no_deadline 2018-07-16",
            "D expected -",
            "E overdue -",
            "F expected -",
            "G done_no_deadline 2018-07-16",
            "Tỉnh ủy Thái Bình no_record -",
        ]
    );
    let late: Vec<&Value> =
        answer["rows"].as_array().unwrap().iter().map(|row| &row["cells"][0]["days_late"]).collect();
    assert_eq!(json!(late), json!([null, 1, null, null, 1, null, null, null]));
    assert_snapshot!(format!("{:#}", answer["counts"]), @r#"
    [
      {
        "milestone": "disseminated",
        "bodies": 8,
        "done": 4,
        "inherited": 0,
        "acts": 4,
        "expected": 6,
        "expected_done": 3,
        "overdue": 1,
        "rates": [
          {
            "of": "bodies",
            "numerator": 4,
            "denominator": 8,
            "percent": 50.0
          },
          {
            "of": "expected",
            "numerator": 3,
            "denominator": 6,
            "percent": 50.0
          }
        ]
      }
    ]
    "#);
});

on_both!(act_without_a_day_counts_after_those_with_one, |service| {
    let (editor, committee) = given_committee(service);
    disseminated(&editor, committee, json!({ "held_from": null }));
    let told = |question: &str| rows(&implementation(&service.public(), &format!("milestone=disseminated{question}")));
    assert_eq!(told(""), ["Tỉnh ủy Thái Bình done_no_deadline -"]);
    expected(&editor, json!({ "organization": committee, "due_on": "2018-07-31" }));
    assert_eq!(told(""), ["Tỉnh ủy Thái Bình done_day_unknown -"]);
    disseminated(&editor, committee, json!({ "held_from": "2018-07-01", "date_precision": "month" }));
    assert_eq!(told(""), ["Tỉnh ủy Thái Bình done_on_time 2018-07-01"], "any day of July is in time");
    let cell = implementation(&service.public(), "milestone=disseminated")["rows"][0]["cells"][0].clone();
    assert_eq!((&cell["precision"], &cell["days_since_issue"]), (&json!("month"), &json!(null)));
    assert_eq!(cell["evidence_count"], 2);
});

on_both!(act_of_an_organ_counts_for_its_committee, |service| {
    let (editor, committee) = given_committee(service);
    let organ = |kind: &str, parent: i64| {
        given::organization(&editor, json!({ "name": kind, "kind": kind, "parent": parent })).id()
    };
    let board = organ("standing_board", committee);
    disseminated(&editor, organ("advisory_body", board), json!({}));
    disseminated(&editor, organ("ministry", committee), json!({ "held_from": "2018-07-10" }));
    let department = organ("department", committee);
    expected(&editor, json!({ "organization": department }));
    disseminated(&editor, department, json!({ "held_from": "2018-07-20" }));
    let told = rows(&implementation(&service.public(), "milestone=disseminated"));
    let own = "department done_no_deadline 2018-07-20";
    assert_eq!(told, [own, "Tỉnh ủy Thái Bình done_no_deadline 2018-07-10"], "what is expected of it, it does itself");
});

on_both!(conference_that_names_no_body_is_that_of_the_committee_of_its_unit, |service| {
    let (editor, _) = given_committee(service);
    let unit = given::admin_unit(&editor, json!({})).id();
    let of_unit = |fields: Value| {
        let about = json!([{ "document": 1, "citation_role": "disseminated" }]);
        let defaults = json!({ "admin_unit": unit, "conference_documents": about });
        given::conference(&editor, given::with(defaults, fields));
    };
    of_unit(json!({}));
    let told = || rows(&implementation(&service.public(), "milestone=disseminated"));
    assert_eq!(told(), ["Thái Bình done_no_deadline 2018-07-16"], "the unit itself, which has no committee");
    given::organization(&editor, json!({ "name": "Tỉnh ủy", "admin_unit": unit, "valid_to": "2025-06-30" }));
    assert_eq!(told(), ["Tỉnh ủy done_no_deadline 2018-07-16"]);
    given::organization(&editor, json!({ "name": "Tỉnh ủy khác", "admin_unit": unit }));
    assert_eq!(told(), ["Thái Bình done_no_deadline 2018-07-16"], "two committees are not one");
    given::conference(&editor, json!({ "conference_documents": [{ "document": 1, "activity": "popularization" }] }));
    let answer = implementation(&service.public(), "milestone=disseminated");
    assert_eq!(answer["unattributed"][0]["evidence"]["url"], "/v1/conferences/2");
});

on_both!(plan_counts_for_each_of_its_issuers_once_it_is_issued, |service| {
    let (editor, committee) = given_committee(service);
    let other = given::organization(&editor, json!({ "name": "Ban Dân vận", "kind": "advisory_body" })).id();
    let plan = |fields: Value| {
        let link = json!([{ "to": 1, "kind": "implements" }]);
        let defaults = json!({ "kind": "plan", "document_links": link, "status": "issued", "issued_on": "2018-08-10" });
        given::document(&editor, given::with(defaults, fields));
    };
    plan(json!({ "numbering_body": committee, "status": "draft", "issued_on": null }));
    plan(json!({ "numbering_body": committee, "kind": "report" }));
    let told = |day: &str| rows(&implementation(&service.public(), &format!("milestone=plan_issued&as_of={day}")));
    assert_eq!(told("2018-12-31"), [""; 0]);
    plan(json!({ "numbering_body": committee, "adopted_by": [other, committee] }));
    assert_eq!(told("2018-08-09"), [""; 0]);
    let both = ["Ban Dân vận done_no_deadline 2018-08-10", "Tỉnh ủy Thái Bình done_no_deadline 2018-08-10"];
    assert_eq!(told("2018-08-10"), both);
    let count = &implementation(&service.public(), "milestone=plan_issued")["counts"][0].clone();
    assert_eq!((&count["bodies"], &count["acts"]), (&json!(2), &json!(1)), "one plan of two bodies is one act");
});

on_both!(tasks_are_assigned_by_who_gave_them_and_reported_by_who_sent_evidence, |service| {
    let (editor, committee) = given_committee(service);
    let police = given::organization(&editor, json!({ "name": "Công an tỉnh", "kind": "police" })).id();
    let task = given::task(&editor, json!({ "origin_document": 1, "issued_by": committee })).id();
    let evidence = json!({ "task": task, "symbol": "125-BC/TU", "submitted_on": "2018-09-29", "submitted_by": police });
    given::record(&editor, "evidence-documents", &evidence);
    let decision = json!({ "status": "accepted", "decided_on": "2018-10-02", "decided_by": committee });
    service.reviewer().post("/v1/evidence-documents/1/decision", &decision).expect(200);
    let told = |question: &str| rows(&implementation(&service.public(), question));
    assert_eq!(told("milestone=tasks_assigned"), ["Tỉnh ủy Thái Bình done_no_deadline 2018-07-16"]);
    assert_eq!(told("milestone=reported&as_of=2018-10-01"), [""; 0], "it had not been accepted");
    assert_eq!(told("milestone=reported&as_of=2018-10-02"), ["Công an tỉnh done_no_deadline 2018-09-29"]);
});

on_both!(cascade_counts_the_committees_directly_below, |service| {
    let (editor, committee) = given_committee(service);
    let below = |name: &str| {
        given::organization(&editor, json!({ "name": name, "level": "commune", "parent": committee })).id()
    };
    let (first, _) = (below("Đảng ủy A"), below("Đảng ủy B"));
    disseminated(&editor, first, json!({ "held_from": "2018-07-20" }));
    let answer = implementation(&service.public(), "milestone=cascaded&level=province");
    assert_eq!(rows(&answer), ["Tỉnh ủy Thái Bình done_no_deadline 2018-07-20"]);
    assert_eq!(answer["rows"][0]["cells"][0]["below"], json!({ "done": 1, "of": 2 }));
});

on_both!(internal_acts_and_expectations_are_not_there_for_the_public, |service| {
    let (editor, committee) = given_committee(service);
    disseminated(&editor, committee, json!({ "visibility": "internal" }));
    expected(&editor, json!({ "organization": committee, "milestone": "reported", "visibility": "internal" }));
    let bodies = |client: &Client| implementation(client, "")["rows"].as_array().unwrap().len();
    assert_eq!((bodies(&service.public()), bodies(&service.reader())), (0, 1));
});

on_both!(circle_of_guidance_ends, |service| {
    let editor = service.editor();
    for _ in 1..=3 {
        given::document(&editor, json!({}));
    }
    for (from, to) in [(2, 1), (3, 2), (1, 3)] {
        given::record(&editor, "document-links", &json!({ "from": from, "to": to, "kind": "guides" }));
    }
    let cascade = service.public().get("/v1/documents/1/cascade?depth=10").expect(200).json();
    assert_eq!((&cascade["document_count"], &cascade["truncated"]), (&json!(2), &json!(false)));
    let cut = service.public().get("/v1/documents/1/cascade?depth=1").expect(200).json();
    assert_eq!(
        (&cut["document_count"], &cut["truncated"], &cut["nodes"][0]["more"]),
        (&json!(1), &json!(true), &json!(true))
    );
    let lineage = service.public().get("/v1/documents/1/lineage?depth=5").expect(200).json();
    assert_eq!(lineage["links"].as_array().unwrap().len(), 3);
});
