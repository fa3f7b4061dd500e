//! Conferences counted: by body, province, level, mode and year, what is not known as a group of its own.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Client, Service, given};

fn report(client: &Client, question: &str) -> Value {
    client.get(&format!("/v1/reports/conferences?{question}")).expect(200).json()
}

/// Every count is that of the list that it links to, and together they are the whole.
#[track_caller]
fn each_links_to_what_it_counts(client: &Client, report: &Value) {
    let groups = report["groups"].as_array().unwrap();
    let mut sum = 0;
    for counted in groups.iter().chain([report]) {
        let url = counted["url"].as_str().unwrap();
        let separator = if url.contains('?') { '&' } else { '?' };
        let list = client.get(&format!("{url}{separator}count=exact&limit=200&sort=held_on")).expect(200).json();
        assert_eq!(list["page"]["count"], counted["conferences"], "{url}");
        sum += counted["conferences"].as_i64().unwrap();
        let held: Vec<&str> =
            list["data"].as_array().unwrap().iter().filter_map(|it| it["held_from"].as_str()).collect();
        if counted.get("first_on").is_some() {
            let days = [&counted["first_on"], &counted["last_on"]].map(Value::as_str);
            assert_eq!(days, [held.first().copied(), held.last().copied()], "{url}");
        }
    }
    assert_eq!(sum, 2 * report["conferences"].as_i64().unwrap(), "{report:#}");
}

/// A province with a commune, another, one that only administrators know, and a unit below none; conferences of each.
fn held(service: &Service) -> Client {
    let editor = service.editor();
    let unit = |fields: Value| {
        let kind = json!({ "unit_type": if fields["level"] == "province" { "province" } else { "commune" } });
        given::record(&editor, "admin-units", &given::with(kind, fields)).id()
    };
    let province = unit(json!({ "name": "Thái Bình", "level": "province" }));
    let commune = unit(json!({ "name": "Vũ Thư", "level": "commune", "parent": province }));
    let other = unit(json!({ "name": "Nam Định", "level": "province" }));
    let hidden = unit(json!({ "name": "Hòa Bình", "level": "province", "visibility": "internal" }));
    let alone = unit(json!({ "name": "Cồn Cỏ", "level": "commune" }));
    let body = given::organization(&editor, json!({})).id();
    given::document(&editor, json!({}));
    let about = json!([{ "document": 1, "activity": "study_dissemination" }]);
    for fields in [
        json!({ "admin_unit": province, "convening_body": body, "mode": "online", "conference_documents": about }),
        json!({ "admin_unit": commune, "held_from": "2019-03-01", "level": "commune", "conference_documents": about }),
        json!({ "admin_unit": commune, "held_from": "2020-03-01", "level": null }),
        json!({ "admin_unit": other, "convening_body": body, "bridge_points": [{ "name": "Thái Bình", "admin_unit": province }] }),
        json!({ "admin_unit": other, "visibility": "internal" }),
        json!({ "admin_unit": hidden, "held_from": null, "held_text": "Đầu năm" }),
        json!({ "admin_unit": alone, "conference_documents": about }),
        json!({ "convening_text": "Tỉnh ủy", "held_from": "2018-12-31" }),
    ] {
        given::conference(&editor, fields);
    }
    service.public()
}

on_both!(conference_counts_for_the_province_of_its_own_unit, |service| {
    let client = held(service);
    let report = report(&client, "group_by=province");
    let told = |group: &Value| format!("{} {} {}", group["province"]["title"], group["without"], group["conferences"]);
    let groups: Vec<String> = report["groups"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(groups, [r#""Thái Bình" null 3"#, r#""Nam Định" null 1"#, r#"null "province" 3"#]);
    assert_snapshot!(format!("{:#}", report["groups"][0]), @r#"
    {
      "convening_body": null,
      "province": {
        "id": 1,
        "type": "admin_unit",
        "url": "/v1/admin-units/1",
        "title": "Thái Bình"
      },
      "level": null,
      "mode": null,
      "year": null,
      "without": null,
      "conferences": 3,
      "first_on": "2018-07-16",
      "last_on": "2020-03-01",
      "url": "/v1/conferences?province=1"
    }
    "#);
    each_links_to_what_it_counts(&client, &report);
});

on_both!(every_count_of_conferences_links_to_the_list_that_it_counts, |service| {
    let public = held(service);
    for client in [public, service.editor()] {
        for by in ["convening_body", "province", "level", "mode", "year"] {
            for narrowed in [
                "",
                "&document=1",
                "&held_from=2018-12-31&held_to=2020-12-31",
                "&as_of=2019-06-30",
                "&without=convening_body",
                "&without=convening_body,level",
                "&admin_unit=1",
                "&province=1&level=commune",
                "&mode=online,unknown",
                "&q=hoi nghi".replace(' ', "+").as_str(),
            ] {
                each_links_to_what_it_counts(&client, &report(&client, &format!("group_by={by}{narrowed}")));
            }
        }
    }
});

on_both!(question_about_conferences_that_means_nothing_is_refused, |service| {
    let client = held(service);
    assert_snapshot!(client.get("/v1/reports/conferences"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter group_by is required.",
      "instance": "/v1/reports/conferences",
      "errors": [
        {
          "parameter": "group_by",
          "code": "missing",
          "message": "is required"
        }
      ]
    }
    "#);
    let fault = |question: &str| {
        let problem = client.get(&format!("/v1/reports/conferences?{question}")).expect(400).json();
        let fault = &problem["errors"][0];
        format!("{} {}", fault["parameter"].as_str().unwrap(), fault["code"].as_str().unwrap())
    };
    assert_eq!(fault("group_by=topic"), "group_by unknown_code");
    assert_eq!(fault("group_by=year&document=99-CT%2FTW"), "document does_not_exist");
    assert_eq!(fault("group_by=year&level=galaxy"), "level unknown_code");
    assert_eq!(fault("group_by=year&held_from=yesterday"), "held_from invalid_date");
    assert_eq!(fault("group_by=year&presenter=1"), "presenter unknown_parameter");
    assert_eq!(fault("group_by=year&without=topic"), "without unknown_code");
});
