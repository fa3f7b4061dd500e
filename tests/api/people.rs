//! People in public office, and the posts that they held.

use insta::assert_snapshot;
use serde_json::json;

use crate::reading::{encoded, ids, rows};
use crate::support::given;

on_both!(person_is_made_with_the_posts_held, |service| {
    let editor = service.editor();
    let committee = given::organization(&editor, json!({})).id();
    let posts = json!([
        { "title": "Phó Bí thư Tỉnh ủy", "organization": committee, "stated_on": "2017-05-15" },
        { "title": "Chủ tịch UBND tỉnh", "organization_text": "UBND tỉnh", "stated_on": "2017-05-15" },
    ]);
    let person = given::person(&editor, json!({ "positions": posts }));
    let held = rows(&editor.get(&format!("{}/positions?sort=id", person.url())));
    let titles: Vec<_> = held.iter().map(|post| (&post["title"], &post["person"]["title"])).collect();
    let name = &json!("Nguyễn Hồng Diên");
    assert_eq!(titles, [(&json!("Phó Bí thư Tỉnh ủy"), name), (&json!("Chủ tịch UBND tỉnh"), name)]);
    assert_eq!(ids(&editor.get(&format!("/v1/people?organization={committee}"))), [person.id()]);
});

on_both!(private_matters_have_no_field, |service| {
    let editor = service.editor();
    let fields = json!({ "name": "Nguyễn Hồng Diên", "birth_date": "1965-03-15" });
    assert_snapshot!(editor.post("/v1/people", &fields), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/birth_date is not a field of this record.",
      "instance": "/v1/people",
      "errors": [
        {
          "pointer": "/birth_date",
          "code": "unknown_field",
          "message": "is not a field of this record",
          "allowed": [
            "name",
            "other_names",
            "note",
            "visibility",
            "managed_by",
            "positions"
          ]
        }
      ]
    }
    "#);
    for field in ["phone", "card_number", "email", "address"] {
        let fields = json!({ "name": "Nguyễn Hồng Diên", field: "1" });
        assert_eq!(editor.post("/v1/people", &fields).status, 422, "{field}");
    }
});

on_both!(person_is_found_by_any_name_with_or_without_marks, |service| {
    let editor = service.editor();
    given::person(&editor, json!({ "name": "Nguyễn Hoà Bình", "other_names": ["Ba Bình"] }));
    given::person(&editor, json!({ "name": "Đặng Trọng Thăng" }));
    for (text, found) in [
        ("hoa binh", [1].as_slice()),
        ("Hòa Bình", &[1]),
        ("ba binh", &[1]),
        ("dang trong", &[2]),
        ("ĐẶNG", &[2]),
        ("Nguyen", &[1]),
        ("Trần", &[]),
    ] {
        assert_eq!(ids(&service.public().get(&format!("/v1/people?q={}", encoded(text)))), found, "{text}");
    }
});

on_both!(people_are_sorted_in_vietnamese_order, |service| {
    let editor = service.editor();
    let names = ["Đặng Trọng Thăng", "Dương Văn An", "Ân Thị Bé", "An Văn Tư", "Ăn Thị Ca", "Êm Thị Út", "Em Thị Út"];
    for name in names {
        given::person(&editor, json!({ "name": name }));
    }
    let sorted = rows(&service.public().get("/v1/people?sort=name"));
    let sorted: Vec<&str> = sorted.iter().map(|person| person["name"].as_str().unwrap()).collect();
    let expected =
        ["An Văn Tư", "Ăn Thị Ca", "Ân Thị Bé", "Dương Văn An", "Đặng Trọng Thăng", "Em Thị Út", "Êm Thị Út"];
    assert_eq!(sorted, expected);
});

on_both!(post_is_not_left_before_it_is_taken, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({}));
    let post = |from: &str, to: &str, precision: Option<&str>| {
        let fields =
            json!({ "title": "Bí thư Tỉnh ủy", "valid_from": from, "valid_to": to, "valid_to_precision": precision });
        editor.post(&format!("{}/positions", person.url()), &fields)
    };
    assert_snapshot!(post("2018-03-10", "2018-03-09", None), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/valid_to must not be before 2018-03-10.",
      "instance": "/v1/people/1/positions",
      "errors": [
        {
          "pointer": "/valid_to",
          "code": "inconsistent",
          "message": "must not be before 2018-03-10"
        }
      ]
    }
    "#);
    post("2018-03-10", "2018-03-01", Some("month")).expect(201);
    assert_eq!(post("2018-03-10", "2018-02-01", Some("month")).status, 422);
    let without_day = json!({ "title": "Bí thư Tỉnh ủy", "valid_from_precision": "year" });
    let refused = editor.post(&format!("{}/positions", person.url()), &without_day).expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/valid_from_precision");
});

on_both!(posts_are_listed_as_held_on_a_day, |service| {
    let editor = service.editor();
    let posts = json!([
        { "title": "Phó Bí thư", "valid_to": "2018-03-09", "stated_on": "2017-05-15" },
        { "title": "Bí thư", "valid_from": "2018-03-10", "valid_to": "2020-05-01", "valid_to_precision": "month" },
        { "title": "Ủy viên Trung ương Đảng", "stated_on": "2018-07-16" },
        { "title": "Chủ tịch UBND", "valid_from": "2018-01-01", "valid_to": "2019-01-01", "valid_to_precision": "year" },
    ]);
    let person = given::person(&editor, json!({ "positions": posts })).id();
    for (query, held) in [
        ("as_of=2017-12-31", [1, 3].as_slice()),
        ("as_of=2018-03-09", &[1, 3, 4]),
        ("as_of=2018-03-10", &[2, 3, 4]),
        ("as_of=2019-12-31", &[2, 3, 4]),
        ("as_of=2020-05-31", &[2, 3]),
        ("as_of=2020-06-01", &[3]),
        ("stated_from=2018-01-01", &[3]),
        ("stated_to=2018-01-01", &[1]),
        ("q=bi+thu", &[1, 2]),
    ] {
        let listed = service.public().get(&format!("/v1/positions?person={person}&{query}&sort=id"));
        assert_eq!(ids(&listed), held, "{query}");
    }
});

on_both!(post_that_is_internal_does_not_show_who_holds_it, |service| {
    let editor = service.editor();
    let committee = given::organization(&editor, json!({})).id();
    let post = json!({ "title": "Bí thư", "organization": committee, "visibility": "internal" });
    given::person(&editor, json!({ "positions": [post] }));
    let path = format!("/v1/people?organization={committee}");
    assert_eq!((ids(&service.public().get(&path)), ids(&service.reader().get(&path))), (vec![], vec![1]));
});

on_both!(post_ends_with_its_body, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({ "valid_from": "1990-01-01", "valid_to": "2025-06-30" })).id();
    let person =
        given::person(&editor, json!({ "positions": [{ "title": "Bí thư Tỉnh ủy", "organization": body }] })).id();
    let held = |day: &str| {
        let page = service.public().get(&format!("/v1/positions?person={person}&as_of={day}")).expect(200).json();
        page["data"].as_array().unwrap().len()
    };
    assert_eq!((held("2025-06-30"), held("2025-07-01")), (1, 0));
});
