//! Reviews: what falls due by which rule, whose review it was, what is late.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::expected;
use crate::support::{Client, given};

fn reviews(client: &Client, question: &str) -> Value {
    client.get(&format!("/v1/reviews/due?{question}")).expect(200).json()["reviews"].clone()
}

/// A review: what falls due by which rule and when, and each body with how it is.
fn told(reviews: &Value) -> Vec<String> {
    let row = |row: &Value| {
        let name = row["organization"]["title"].as_str().unwrap_or("-");
        let text = |field: &str| row[field].as_str().unwrap_or("-").to_owned();
        format!("{name} {} {} {} {}", text("status"), text("held_on"), row["days_after"], row["days_late"])
    };
    let review = |review: &Value| {
        let rows: Vec<String> = review["rows"].as_array().unwrap().iter().map(row).collect();
        let text = |field: &str| review[field].as_str().unwrap().to_owned();
        let (activity, years, rule, on) = (text("activity"), &review["years"], text("rule"), text("on"));
        format!("{} {activity} {years} {rule} {on}: {}", review["document"]["id"], rows.join("; "))
    };
    reviews.as_array().unwrap().iter().map(review).collect()
}

/// A directive of 2015-06-22.
fn directive(editor: &Client, fields: Value) -> i64 {
    let defaults = json!({ "kind": "directive", "issued_on": "2015-06-22" });
    given::document(editor, given::with(defaults, fields)).id()
}

/// A conference of a body on a day that reviews a document.
fn review(editor: &Client, document: i64, body: Option<i64>, on: &str, fields: Value) {
    let about = given::with(json!({ "document": document, "activity": "interim_review" }), fields);
    given::conference(editor, json!({ "convening_body": body, "held_from": on, "conference_documents": [about] }));
}

on_both!(document_falls_due_by_what_it_orders_or_else_by_a_default, |service| {
    let editor = service.editor();
    directive(&editor, json!({}));
    let schedule = json!([{ "activity": "interim_review", "years": 3 }, { "activity": "final_review", "years": 12 }]);
    directive(&editor, json!({ "review_schedule": schedule }));
    directive(&editor, json!({ "kind": "plan" }));
    directive(&editor, json!({ "system": "state", "issued_on": "2010-01-01" }));
    directive(&editor, json!({ "status": "draft" }));
    directive(&editor, json!({ "issued_on": "2015-06-01", "issued_on_precision": "month" }));
    let client = service.public();
    let in_year = |year: i32| told(&reviews(&client, &format!("year={year}"))).join("\n");
    assert_snapshot!(in_year(2018), @"2 interim_review 3 document 2018-06-22: - no_record - null null");
    assert_snapshot!(in_year(2020), @r"
    6 interim_review 5 default 2020-06-01: - no_record - null null
    1 interim_review 5 default 2020-06-22: - no_record - null null
    ");
    assert_snapshot!(in_year(2025), @r"
    6 final_review 10 default 2025-06-01: - no_record - null null
    1 final_review 10 default 2025-06-22: - no_record - null null
    ");
    assert_snapshot!(in_year(2027), @"2 final_review 12 document 2027-06-22: - no_record - null null");
    assert_eq!(told(&reviews(&client, "year=2020&years=10")), [""; 0]);
    assert_eq!(told(&reviews(&client, "year=2020&activity=final_review")), [""; 0]);
    assert_eq!(told(&reviews(&client, "year=2020&document=1")).len(), 1);
    assert_eq!(told(&reviews(&client, "year=2020&kind=plan")), [""; 0]);
    assert_eq!(told(&reviews(&client, "year=2020&as_of=2015-06-21")).len(), 1, "one may be of the first of June");
    assert_eq!(told(&reviews(&client, "")), [""; 0], "2026, the year it is");
});

on_both!(review_is_held_by_a_body_and_late_against_a_recorded_day_alone, |service| {
    let editor = service.editor();
    let document = directive(&editor, json!({}));
    let body = |name: &str| given::organization(&editor, json!({ "name": name })).id();
    let [in_time, late, other, idle, unasked] = ["A", "B", "C", "D", "E"].map(body);
    let days = [(in_time, Some("2020-12-31")), (late, Some("2020-08-31")), (other, Some("2020-12-31")), (idle, None)];
    for (body, due_on) in days {
        let fields =
            json!({ "milestone": "reviewed_interim", "document": document, "organization": body, "due_on": due_on });
        expected(&editor, fields);
    }
    review(&editor, document, Some(in_time), "2020-11-11", json!({ "review_years": 5 }));
    review(&editor, document, Some(late), "2020-09-10", json!({ "review_years": 5 }));
    review(&editor, document, Some(other), "2018-11-11", json!({ "review_years": 3 }));
    review(&editor, document, Some(unasked), "2020-05-01", json!({}));
    let asked = |question: &str| told(&reviews(&service.public(), &format!("year=2020&{question}"))).join("\n");
    assert_snapshot!(asked("level=province&as_of=2021-01-01"), @"1 interim_review 5 default 2020-06-22: A done_on_time 2020-11-11 142 null; B done_late 2020-09-10 80 10; C overdue - null 1; D expected - null null; E done_no_deadline 2020-05-01 -52 null");
    assert_snapshot!(asked("level=province&as_of=2020-12-31&held=false"), @"1 interim_review 5 default 2020-06-22: C expected - null null; D expected - null null");
    assert_snapshot!(asked("held=true"), @"1 interim_review 5 default 2020-06-22: A done_on_time 2020-11-11 142 null; B done_late 2020-09-10 80 10; E done_no_deadline 2020-05-01 -52 null");
    let counts = &reviews(&service.public(), "year=2020&level=province&as_of=2021-01-01&held=true")[0]["counts"][0];
    let [bodies, done, overdue] = ["bodies", "done", "overdue"].map(|count| counts[count].clone());
    assert_eq!((bodies, done, overdue), (json!(5), json!(3), json!(1)), "of all rows");
});

on_both!(what_somebody_expects_in_a_year_falls_due_without_a_rule, |service| {
    let editor = service.editor();
    let plan = directive(&editor, json!({ "kind": "plan" }));
    let body = given::organization(&editor, json!({})).id();
    let fields = json!({
        "milestone": "reviewed_final", "document": plan, "organization": body, "due_on": "2026-10-31",
    });
    expected(&editor, fields);
    let due = |year: i32| told(&reviews(&service.public(), &format!("year={year}")));
    assert_eq!(due(2026), ["1 final_review null expected 2026-10-31: Tỉnh ủy Thái Bình overdue - null 21"]);
    assert_eq!(due(2027), [""; 0]);
});

on_both!(document_that_is_no_longer_in_force_falls_due_and_says_so, |service| {
    let editor = service.editor();
    directive(&editor, json!({}));
    let successor = directive(&editor, json!({ "issued_on": "2019-01-02" }));
    given::record(&editor, "document-links", &json!({ "from": successor, "to": 1, "kind": "replaces" }));
    let due = reviews(&service.public(), "year=2020");
    assert_eq!(due[0]["in_force"]["reason"], "replaced");
    assert_eq!(due[0]["in_force"]["by"]["id"], successor);
    let before = reviews(&service.public(), "year=2020&as_of=2018-12-31");
    assert_eq!(before[0]["in_force"]["reason"], "not_known", "nobody knew yet");
});

on_both!(review_of_a_unit_asks_for_its_committee, |service| {
    let editor = service.editor();
    let document = directive(&editor, json!({}));
    let (unit, other) = (
        given::admin_unit(&editor, json!({})).id(),
        given::admin_unit(&editor, json!({ "name": "Hưng Yên", "code": "33" })).id(),
    );
    given::organization(&editor, json!({ "admin_unit": unit }));
    given::organization(&editor, json!({ "name": "Tỉnh ủy Hưng Yên", "admin_unit": other }));
    let asked = |question: &str| told(&reviews(&service.public(), &format!("year=2020&{question}")));
    let none = |rows: &str| vec![format!("{document} interim_review 5 default 2020-06-22: {rows}")];
    assert_eq!(asked(&format!("admin_unit={unit}")), none("Tỉnh ủy Thái Bình no_record - null null"));
    assert_eq!(asked(""), none("- no_record - null null"));
    review(&editor, document, None, "2020-07-22", json!({ "review_years": 5 }));
    assert_eq!(asked(""), none("- done_no_deadline 2020-07-22 30 null"), "of which nobody says whose it is");
});

on_both!(internal_documents_and_reviews_are_not_there_for_the_public, |service| {
    let editor = service.editor();
    directive(&editor, json!({ "visibility": "internal" }));
    let document = directive(&editor, json!({}));
    let body = given::organization(&editor, json!({})).id();
    let about = json!([{ "document": document, "activity": "interim_review", "review_years": 5 }]);
    given::conference(
        &editor,
        json!({ "convening_body": body, "held_from": "2020-07-22", "conference_documents": about, "visibility": "internal" }),
    );
    let public = "2 interim_review 5 default 2020-06-22: - no_record - null null";
    assert_eq!(told(&reviews(&service.public(), "year=2020")), [public]);
    assert_eq!(told(&reviews(&service.reader(), "year=2020")).len(), 2);
});

/// The document 1 of 2024-01-15, to be reviewed each year, and a body that is expected to on the last of January.
fn reviewed_each_year(editor: &Client) -> i64 {
    let schedule = [1, 2, 3].map(|years| json!({ "activity": "interim_review", "years": years }));
    directive(editor, json!({ "issued_on": "2024-01-15", "review_schedule": schedule }));
    let body = given::organization(editor, json!({ "name": "A" })).id();
    for due_on in ["2025-01-31", "2026-01-31", "2027-01-31"] {
        expected(editor, json!({ "milestone": "reviewed_interim", "organization": body, "due_on": due_on }));
    }
    body
}

on_both!(expectation_belongs_to_the_review_whose_day_is_nearest, |service| {
    let editor = service.editor();
    let body = reviewed_each_year(&editor);
    review(&editor, 1, Some(body), "2025-01-20", json!({ "review_years": 1 }));
    review(&editor, 1, Some(body), "2026-01-25", json!({ "review_years": 2 }));
    let asked = |question: &str| {
        let found = reviews(&service.public(), question);
        format!("{} due {}", told(&found).join("\n"), found[0]["rows"][0]["due_on"])
    };
    assert_snapshot!(asked("year=2025&as_of=2026-11-01"), @r#"1 interim_review 1 document 2025-01-15: A done_on_time 2025-01-20 5 null due "2025-01-31""#);
    assert_snapshot!(asked("year=2026&as_of=2026-11-01"), @r#"1 interim_review 2 document 2026-01-15: A done_on_time 2026-01-25 10 null due "2026-01-31""#);
    assert_snapshot!(asked("year=2026&as_of=2026-01-10"), @r#"1 interim_review 2 document 2026-01-15: A expected - null null due "2026-01-31""#);
    assert_snapshot!(asked("year=2027&as_of=2027-01-20"), @r#"1 interim_review 3 document 2027-01-15: A expected - null null due "2027-01-31""#);
});

on_both!(review_that_is_expected_in_a_year_has_the_expectations_of_that_year, |service| {
    let editor = service.editor();
    directive(&editor, json!({ "kind": "plan" }));
    let [early, late] = ["A", "B"].map(|name| given::organization(&editor, json!({ "name": name })).id());
    for (body, due_on) in [(early, "2026-03-31"), (late, "2026-12-15"), (early, "2027-06-30")] {
        expected(&editor, json!({ "milestone": "reviewed_final", "organization": body, "due_on": due_on }));
    }
    let due = |question: &str| {
        let found = reviews(&service.public(), question);
        let days = found[0]["rows"].as_array().unwrap().iter().map(|row| row["due_on"].to_string());
        format!("{} due {}", told(&found).join("\n"), days.collect::<Vec<_>>().join(" "))
    };
    assert_snapshot!(due("year=2026"), @r#"1 final_review null expected 2026-03-31: A overdue - null 235; B expected - null null due "2026-03-31" "2026-12-15""#);
    assert_snapshot!(due("year=2027"), @r#"1 final_review null expected 2027-06-30: A expected - null null due "2027-06-30""#);
    review(&editor, 1, Some(late), "2027-01-08", json!({ "activity": "final_review" }));
    assert_snapshot!(due("year=2026&as_of=2027-02-01"), @r#"1 final_review null expected 2026-03-31: A overdue - null 307; B done_late 2027-01-08 283 24 due "2026-03-31" "2026-12-15""#);
    assert_snapshot!(due("year=2027&as_of=2027-02-01"), @r#"1 final_review null expected 2027-06-30: A expected - null null due "2027-06-30""#);
});

on_both!(review_by_rule_falls_due_in_the_year_in_which_it_is_expected_too, |service| {
    let editor = service.editor();
    directive(&editor, json!({ "issued_on": "2017-01-05" }));
    let body = given::organization(&editor, json!({ "name": "A" })).id();
    expected(&editor, json!({ "milestone": "reviewed_final", "organization": body, "due_on": "2026-09-30" }));
    let due = |year: i32| told(&reviews(&service.public(), &format!("year={year}")));
    let once = ["1 final_review 10 default 2027-01-05: A overdue - null 52"];
    assert_eq!([due(2026), due(2027)], [once, once]);
});

on_both!(review_that_counts_no_years_is_that_of_the_nearest_day, |service| {
    let editor = service.editor();
    directive(&editor, json!({ "issued_on": "2020-01-15" }));
    let [late, early] = ["A", "B"].map(|name| given::organization(&editor, json!({ "name": name })).id());
    for body in [late, early] {
        expected(&editor, json!({ "milestone": "reviewed_interim", "organization": body, "due_on": "2025-12-31" }));
    }
    review(&editor, 1, Some(late), "2026-01-08", json!({}));
    review(&editor, 1, Some(early), "2024-12-20", json!({}));
    review(&editor, 1, Some(late), "2031-01-14", json!({ "activity": "final_review" }));
    let due = |question: &str| told(&reviews(&service.public(), question)).join("\n");
    assert_snapshot!(due("year=2025"), @"1 interim_review 5 default 2025-01-15: A done_late 2026-01-08 358 8; B done_on_time 2024-12-20 -26 null");
    assert_snapshot!(due("year=2030&as_of=2031-02-01"), @"1 final_review 10 default 2030-01-15: A done_no_deadline 2031-01-14 364 null");
    assert_eq!([due("year=2024"), due("year=2026")], ["", ""], "it counts for one review");
    let implementation = service.public().get("/v1/documents/1/implementation?milestone=reviewed_interim").expect(200);
    let cell = &implementation.json()["rows"][0]["cells"][0];
    assert_eq!((&cell["status"], &cell["days_late"]), (&json!("done_late"), &json!(8)), "as it is told there");
});

on_both!(review_without_a_date_is_held_on_a_day_that_is_not_known, |service| {
    let editor = service.editor();
    let document = directive(&editor, json!({}));
    let body = given::organization(&editor, json!({ "name": "A" })).id();
    let convene = |body: Option<i64>, activity: &str, years: i32| {
        let about = json!([{ "document": document, "activity": activity, "review_years": years }]);
        let fields = json!({ "convening_body": body, "held_from": null, "conference_documents": about });
        given::conference(&editor, fields);
    };
    convene(Some(body), "interim_review", 5);
    convene(None, "final_review", 10);
    let due = |year: i32| told(&reviews(&service.public(), &format!("year={year}&as_of=2015-09-30")));
    assert_eq!(due(2020), ["1 interim_review 5 default 2020-06-22: A done_day_unknown - null null"]);
    assert_eq!(due(2025), ["1 final_review 10 default 2025-06-22: - done_day_unknown - null null"]);
});

on_both!(review_that_asks_nobody_has_no_rows, |service| {
    let editor = service.editor();
    directive(&editor, json!({}));
    let unit = given::admin_unit(&editor, json!({})).id();
    let due = |question: &str| told(&reviews(&service.public(), &format!("year=2020&{question}")));
    let empty = ["1 interim_review 5 default 2020-06-22: "];
    assert_eq!(due(&format!("admin_unit={unit}")), empty, "it has no committee");
    assert_eq!(due(&format!("admin_unit={unit}&level=commune")), empty);
    assert_eq!(due("level=commune"), empty);
    assert_eq!(due("level=commune&held=false"), [""; 0]);
});

on_both!(review_is_a_line_for_each_body, |service| {
    let editor = service.editor();
    let document = directive(&editor, json!({}));
    let body = given::organization(&editor, json!({})).id();
    review(&editor, document, Some(body), "2020-11-11", json!({ "review_years": 5 }));
    let answer = service.public().get("/v1/reviews/due?year=2020&as_of=2020-12-31&format=csv&csv=raw").expect(200);
    assert_snapshot!(answer.text(), @r#"
    year,as_of,document_id,document_title,issued_on,activity,years,rule,review_on,in_force,reason,organization_id,organization_title,admin_unit_id,admin_unit_title,level,status,held_on,precision,days_after,due_on,days_late,inherited_from_id,inherited_from_type,inherited_from_title,expectation_id,expectation_title,evidence_id,evidence_type,evidence_title,evidence_urls
    2020,2020-12-31,1,Về tình hình an ninh trật tự nổi lên thời gian gần đây,2015-06-22,interim_review,5,default,2020-06-22,,not_known,1,Tỉnh ủy Thái Bình,,,province,done_no_deadline,2020-11-11,,142,,,,,,,,[1],"[""conference""]","[""Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng""]","[""/v1/conferences/1""]"
    "#);
    assert_snapshot!(service.public().get("/v1/reviews/due?year=2020&as_of=2020-12-31"), @r#"
    200
    cache-control: no-cache
    content-type: application/json
    etag: "3d65ede421c49e8b"
    vary: Authorization, Accept, Accept-Encoding

    {
      "year": 2020,
      "as_of": "2020-12-31",
      "units": "2020-12-31",
      "reviews": [
        {
          "document": {
            "id": 1,
            "type": "document",
            "url": "/v1/documents/1",
            "title": "Về tình hình an ninh trật tự nổi lên thời gian gần đây"
          },
          "issued_on": "2015-06-22",
          "activity": "interim_review",
          "years": 5,
          "rule": "default",
          "on": "2020-06-22",
          "precision": null,
          "in_force": {
            "in_force": null,
            "reason": "not_known",
            "on": null,
            "by": null
          },
          "counts": [
            {
              "milestone": "reviewed_interim",
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
              "status": "done_no_deadline",
              "held_on": "2020-11-11",
              "precision": null,
              "days_after": 142,
              "due_on": null,
              "days_late": null,
              "inherited_from": null,
              "expectation": null,
              "evidence": [
                {
                  "id": 1,
                  "type": "conference",
                  "url": "/v1/conferences/1",
                  "title": "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng",
                  "on": "2020-11-11",
                  "precision": null,
                  "inherited_from": null
                }
              ]
            }
          ],
          "unattributed": []
        }
      ]
    }
    "#);
});

on_both!(review_that_cannot_be_told_is_refused, |service| {
    let fault = |question: &str| {
        let refused = service.public().get(&format!("/v1/reviews/due?{question}")).expect(400).json();
        let fault = &refused["errors"][0];
        format!("{} {}: {}", fault["parameter"], fault["code"], fault["message"])
    };
    assert_snapshot!(fault("year=3000"), @r#""year" "out_of_range": "must be from 1900 to 2199""#);
    assert_snapshot!(fault("activity=training"), @r#""activity" "invalid_value": "must be a review""#);
    assert_snapshot!(fault("years=0"), @r#""years" "out_of_range": "must be from 1 to 100""#);
    assert_snapshot!(fault("year=next"), @r#""year" "invalid_number": "is not a whole number that fits here""#);
    assert_snapshot!(fault("document=48-CT/TW"), @r#""document" "does_not_exist": "names no document: there is none with the symbol 48-CT/TW""#);
    assert_snapshot!(fault("admin_unit=99999"), @r#""admin_unit" "does_not_exist": "names no administrative unit: there is none with the number 99999""#);
    assert_snapshot!(service.public().get("/v1/reviews/due?years_from=5"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "There is no parameter years_from here.",
      "instance": "/v1/reviews/due",
      "errors": [
        {
          "parameter": "years_from",
          "code": "unknown_parameter",
          "message": "is not known here",
          "allowed": [
            "year",
            "document",
            "kind",
            "numbering_body",
            "activity",
            "years",
            "level",
            "admin_unit",
            "held",
            "as_of",
            "units",
            "fields",
            "format",
            "csv",
            "labels"
          ]
        }
      ],
      "did_you_mean": "years"
    }
    "#);
});
