//! Awards counted: by giver, kind, year and document, what is not known as a group of its own.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Client, Service, given};

fn report(client: &Client, question: &str) -> Value {
    client.get(&format!("/v1/reports/awards?{question}")).expect(200).json()
}

/// Who gave, by what is known of them, and how many: `organization Tỉnh ủy Thái Bình: 2`.
fn givers(report: &Value) -> Vec<String> {
    let groups = report["groups"].as_array().unwrap().iter();
    let told = groups.map(|group| {
        let name = group["giver"]["title"].as_str().or(group["giver_text"].as_str()).unwrap_or("-");
        format!("{} {name}: {}", group["given_by"].as_str().unwrap(), group["awards"])
    });
    told.collect()
}

/// Every count is that of the list that it links to.
fn each_links_to_what_it_counts(client: &Client, report: &Value) {
    let groups = report["groups"].as_array().unwrap();
    for counted in groups.iter().chain([&report["total"]]) {
        let url = counted["url"].as_str().unwrap();
        let separator = if url.contains('?') { '&' } else { '?' };
        let list = client.get(&format!("{url}{separator}count=exact&limit=200")).expect(200).json();
        assert_eq!(list["page"]["count"], counted["awards"], "{url}");
        let of = |name: &str| {
            let stated: Vec<i64> = list["data"].as_array().unwrap().iter().filter_map(|it| it[name].as_i64()).collect();
            if stated.is_empty() { Value::Null } else { json!(stated.iter().sum::<i64>()) }
        };
        assert_eq!(of("collectives"), counted["collectives"], "{url}");
        assert_eq!(of("individuals"), counted["individuals"], "{url}");
        assert_eq!(of("undivided_count"), counted["undivided"], "{url}");
    }
}

/// Awards of a body, a person, somebody in words and nobody, for two documents, in two years and none.
fn given_awards(service: &Service) -> Client {
    let editor = service.editor();
    let body = given::organization(&editor, json!({})).id();
    let person = given::person(&editor, json!({})).id();
    for _ in 0..2 {
        given::document(&editor, json!({}));
    }
    let award = |fields: Value| {
        let defaults = json!({ "kind": "merit_certificate", "awarded_on": "2020-11-11" });
        given::record(&editor, "awards", &given::with(defaults, fields));
    };
    award(json!({ "giver": body, "giver_text": "Tỉnh ủy", "documents": [1, 2], "collectives": 10 }));
    award(json!({ "giver": body, "giver_person": person, "documents": [1], "individuals": 5 }));
    award(json!({ "giver_person": person, "collectives": 0, "individuals": 3, "awarded_on": "2021-01-01" }));
    award(json!({ "giver_text": "Bộ trưởng, thừa ủy quyền & thay mặt", "undivided_count": 10 }));
    award(json!({ "giver_text": "UBND tỉnh", "kind": "commendation", "awarded_on": null }));
    award(json!({ "kind": "commendation", "count_text": "nhiều tập thể", "documents": [2] }));
    award(json!({ "giver": body, "collectives": 7, "visibility": "internal" }));
    service.public()
}

on_both!(who_gave_is_a_body_a_person_words_or_unknown, |service| {
    let client = given_awards(service);
    let report = report(&client, "group_by=giver");
    assert_eq!(
        givers(&report),
        [
            "organization Tỉnh ủy Thái Bình: 2",
            "person Nguyễn Hồng Diên: 1",
            "words Bộ trưởng, thừa ủy quyền & thay mặt: 1",
            "words UBND tỉnh: 1",
            "unknown -: 1",
        ]
    );
    assert_snapshot!(format!("{:#}", report["groups"][2]), @r#"
    {
      "giver": null,
      "giver_text": "Bộ trưởng, thừa ủy quyền & thay mặt",
      "given_by": "words",
      "kind": null,
      "year": null,
      "document": null,
      "awards": 1,
      "collectives": null,
      "individuals": null,
      "undivided": 10,
      "uncounted": 0,
      "url": "/v1/awards?given_by=words&giver_text=B%E1%BB%99%20tr%C6%B0%E1%BB%9Fng,%20th%E1%BB%ABa%20%E1%BB%A7y%20quy%E1%BB%81n%20%26%20thay%20m%E1%BA%B7t"
    }
    "#);
    each_links_to_what_it_counts(&client, &report);
});

on_both!(every_count_links_to_the_list_that_it_counts, |service| {
    let client = given_awards(service);
    for question in [
        "group_by=kind",
        "group_by=year",
        "group_by=document",
        "group_by=giver,kind,year,document",
        "group_by=document,giver&document=1",
        "group_by=year,kind&awarded_from=2020-06-01&awarded_to=2021-06-30",
        "group_by=giver&as_of=2020-12-31&kind=merit_certificate",
    ] {
        each_links_to_what_it_counts(&client, &report(&client, question));
    }
});

on_both!(a_number_that_is_not_stated_is_not_zero, |service| {
    let client = given_awards(service);
    assert_snapshot!(format!("{:#}", report(&client, "group_by=kind")), @r#"
    {
      "group_by": [
        "kind"
      ],
      "total": {
        "awards": 6,
        "collectives": 10,
        "individuals": 8,
        "undivided": 10,
        "uncounted": 2,
        "url": "/v1/awards"
      },
      "groups": [
        {
          "giver": null,
          "giver_text": null,
          "given_by": null,
          "kind": "merit_certificate",
          "year": null,
          "document": null,
          "awards": 4,
          "collectives": 10,
          "individuals": 8,
          "undivided": 10,
          "uncounted": 0,
          "url": "/v1/awards?kind=merit_certificate"
        },
        {
          "giver": null,
          "giver_text": null,
          "given_by": null,
          "kind": "commendation",
          "year": null,
          "document": null,
          "awards": 2,
          "collectives": null,
          "individuals": null,
          "undivided": null,
          "uncounted": 2,
          "url": "/v1/awards?kind=commendation"
        }
      ]
    }
    "#);
});

on_both!(award_for_two_documents_counts_for_each_and_once_in_all, |service| {
    let client = given_awards(service);
    let by_document = report(&client, "group_by=document");
    let counts: Vec<(&Value, &Value)> = by_document["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (&group["document"]["id"], &group["awards"]))
        .collect();
    assert_eq!(counts, [(&json!(1), &json!(2)), (&json!(2), &json!(2)), (&Value::Null, &json!(3))]);
    assert_eq!(by_document["total"]["awards"], 6);
    let of_one = report(&client, "group_by=document&document=1");
    assert_eq!(of_one["groups"].as_array().unwrap().len(), 1, "no other document is a group");
    assert_eq!(of_one["groups"][0]["awards"], 2);
});

on_both!(award_without_a_day_is_of_no_year, |service| {
    let client = given_awards(service);
    let report = report(&client, "group_by=year");
    let years: Vec<(&Value, &Value)> =
        report["groups"].as_array().unwrap().iter().map(|group| (&group["year"], &group["awards"])).collect();
    assert_eq!(years, [(&json!(2020), &json!(4)), (&json!(2021), &json!(1)), (&Value::Null, &json!(1))]);
});

on_both!(internal_awards_are_not_counted_for_the_public, |service| {
    given_awards(service);
    let total = |client: Client| report(&client, "group_by=giver")["total"]["awards"].clone();
    assert_eq!((total(service.public()), total(service.reader())), (json!(6), json!(7)));
});

on_both!(nothing_to_count_is_no_group, |service| {
    assert_snapshot!(format!("{:#}", report(&service.public(), "group_by=giver,kind")), @r#"
    {
      "group_by": [
        "giver",
        "kind"
      ],
      "total": {
        "awards": 0,
        "collectives": null,
        "individuals": null,
        "undivided": null,
        "uncounted": 0,
        "url": "/v1/awards"
      },
      "groups": []
    }
    "#);
    let of_document = "/v1/reports/awards?group_by=document&document=";
    given::document(&service.editor(), json!({}));
    let report = service.public().get(&format!("{of_document}1")).expect(200).json();
    assert_eq!((&report["groups"], &report["total"]["awards"]), (&json!([]), &json!(0)));
});

on_both!(report_on_awards_is_grouped_by_something, |service| {
    assert_snapshot!(service.public().get("/v1/reports/awards"), @r#"
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
      "instance": "/v1/reports/awards",
      "errors": [
        {
          "parameter": "group_by",
          "code": "missing",
          "message": "is required"
        }
      ]
    }
    "#);
    let code = |path: &str| service.public().get(path).expect(400).json()["errors"][0]["code"].clone();
    assert_eq!(code("/v1/reports/awards?group_by=presenter"), "unknown_code");
    assert_eq!(code("/v1/reports/awards?group_by=giver&document=99-CT%2FTW"), "does_not_exist");
    assert_eq!(code("/v1/reports/awards?group_by=giver&presenter=1"), "unknown_parameter");
});
