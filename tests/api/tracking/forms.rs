//! The forms in which answers are sent: whole objects, tables and lines, each described and each checked by who has it.

use directive_tracker::http::system;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::disseminated;
use crate::parameters::load_all;
use crate::support::{Client, Service, given};

const OVERVIEWS: [&str; 5] = ["implementation", "gaps", "lineage", "cascade", "timeline"];

/// The document 1 and a conference of a committee about it.
fn one_act(service: &Service) -> Client {
    let editor = service.editor();
    given::document(&editor, json!({}));
    let committee = given::organization(&editor, json!({})).id();
    disseminated(&editor, committee, json!({}));
    service.public()
}

on_both!(fields_of_rows_are_those_that_are_asked_for, |service| {
    let client = one_act(service);
    let path = "/v1/documents/1/implementation?milestone=disseminated&as_of=2018-12-31&fields=organization,status,on";
    assert_snapshot!(client.get(&format!("{path}&format=csv&csv=raw")).expect(200).text(), @r"
    organization_id,organization_title,status,on
    1,Tỉnh ủy Thái Bình,done_no_deadline,2018-07-16
    ");
    let lines = client.get(&format!("{path}&format=ndjson")).expect(200);
    assert_snapshot!(lines.text().lines().next().unwrap(), @r#"{"organization":{"id":1,"type":"organization","url":"/v1/organizations/1","title":"Tỉnh ủy Thái Bình"},"status":"done_no_deadline","on":"2018-07-16"}"#);
});

on_both!(answer_is_known_by_its_tag, |service| {
    let client = one_act(service);
    let path = "/v1/documents/1/implementation?milestone=disseminated&as_of=2018-12-31";
    let answer = client.get(path).expect(200);
    assert_eq!(answer.header("vary"), Some("Authorization, Accept, Accept-Encoding"));
    let again = client.request("GET", path).header("If-None-Match", answer.etag()).send();
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(client.request("HEAD", path).send().etag(), answer.etag());
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-cache
    content-type: application/json
    etag: "e999f6d24be3267f"
    vary: Authorization, Accept, Accept-Encoding

    {
      "document": {
        "id": 1,
        "type": "document",
        "url": "/v1/documents/1",
        "title": "Về tình hình an ninh trật tự nổi lên thời gian gần đây"
      },
      "issued_on": "2018-07-05",
      "as_of": "2018-12-31",
      "units": "2018-12-31",
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
          "cells": [
            {
              "milestone": "disseminated",
              "status": "done_no_deadline",
              "on": "2018-07-16",
              "precision": null,
              "days_since_issue": 11,
              "days_late": null,
              "inherited_from": null,
              "expectation": null,
              "evidence_count": 1,
              "evidence": [
                {
                  "id": 1,
                  "type": "conference",
                  "url": "/v1/conferences/1",
                  "title": "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng",
                  "on": "2018-07-16",
                  "precision": null,
                  "inherited_from": null
                }
              ],
              "below": null
            }
          ]
        }
      ],
      "unattributed": [],
      "in_words": []
    }
    "#);
});

on_both!(line_of_a_table_stands_alone, |service| {
    let client = one_act(service);
    let path = "/v1/documents/1/implementation?milestone=disseminated&as_of=2018-12-31&format=csv&csv=raw";
    let answer = client.get(path).expect(200);
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"implementation.csv\""));
    assert!(answer.header("repr-digest").is_some());
    assert_snapshot!(answer.text(), @r#"
    document_id,document_title,as_of,units,organization_id,organization_title,admin_unit_id,admin_unit_title,level,ended_on,milestone,status,on,precision,days_since_issue,days_late,inherited_from_id,inherited_from_type,inherited_from_title,expectation_id,expectation_title,due_on,origin_id,origin_type,origin_title,below_done,below_of,evidence_count,evidence_id,evidence_type,evidence_title,evidence_urls
    1,Về tình hình an ninh trật tự nổi lên thời gian gần đây,2018-12-31,2018-12-31,1,Tỉnh ủy Thái Bình,,,province,,disseminated,done_no_deadline,2018-07-16,,11,,,,,,,,,,,,,1,[1],"[""conference""]","[""Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng""]","[""/v1/conferences/1""]"
    "#);
});

on_both!(table_without_rows_has_the_same_header, |service| {
    given::document(&service.editor(), json!({}));
    for overview in OVERVIEWS {
        let path = format!("/v1/documents/1/{overview}?as_of=1999-12-31&format=csv&csv=raw");
        let path = if overview == "gaps" { format!("{path}&milestone=disseminated") } else { path };
        let answer = service.public().get(&path).expect(200);
        assert_eq!(answer.text().lines().count(), 1, "{overview}");
    }
});

on_both!(lines_end_with_their_count, |service| {
    let client = one_act(service);
    let answer = client.get("/v1/documents/1/timeline?format=ndjson").expect(200);
    let lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0]["event"], &lines[1]["event"]), (&json!("issued"), &json!("conference")));
    assert_eq!((&lines[2]["type"], &lines[2]["count"]), (&json!("export_end"), &json!(2)));
});

on_both!(workbook_has_headings_in_vietnamese, |service| {
    let client = one_act(service);
    for overview in OVERVIEWS {
        let path = format!("/v1/documents/1/{overview}?format=xlsx&labels=vi");
        let path = if overview == "gaps" { format!("{path}&milestone=disseminated") } else { path };
        let answer = client.get(&path).expect(200);
        assert_eq!(&answer.body[..2], b"PK", "{overview}");
    }
});

on_both!(every_parameter_of_an_overview_takes_its_example, |service| {
    load_all(service);
    let document = system::document();
    let mut asked = 0;
    for overview in OVERVIEWS {
        let operation = &document["paths"][format!("/v1/documents/{{id}}/{overview}")]["get"];
        let own = operation["parameters"].as_array().unwrap().iter().filter(|parameter| parameter["in"] == "query");
        for parameter in own {
            let example = if parameter["required"] == json!(true) {
                &parameter["example"]
            } else {
                &parameter["schema"]["examples"][0]
            };
            let value = match example {
                Value::Array(values) => {
                    values.iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>().join(",")
                }
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let name = parameter["name"].as_str().unwrap();
            let path = format!("/v1/documents/5/{overview}?{name}={value}");
            let path =
                if overview == "gaps" && name != "milestone" { format!("{path}&milestone=disseminated") } else { path };
            let path = if name == "fields" { format!("{path}&format=ndjson") } else { path };
            service.public().get(&path).expect(200);
            asked += 1;
        }
    }
    assert_eq!(asked, 6 + 6 + 4 + 3 + 3);
});
