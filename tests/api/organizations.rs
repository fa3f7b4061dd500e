//! Bodies and administrative units: their life spans, codes, numbering periods, members and successions.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::reading::{encoded, ids};
use crate::support::{Client, given};

/// Creates a province with a district and a commune below it, as units 1 to 3, and another province as unit 4.
fn units(editor: &Client) {
    given::admin_unit(editor, json!({}));
    for (name, code, unit_type, level, parent) in [
        ("Đông Hưng", "338", "district", "district", Some(1)),
        ("Đông Sơn", "12688", "commune", "commune", Some(2)),
        ("Hưng Yên", "33", "province", "province", None),
    ] {
        let fields = json!({ "name": name, "code": code, "unit_type": unit_type, "level": level });
        let parent = parent.map_or(json!({}), |parent: i64| json!({ "parent": parent }));
        given::admin_unit(editor, given::with(fields, parent));
    }
}

on_both!(life_does_not_end_before_it_begins, |service| {
    let editor = service.editor();
    let span = json!({ "valid_from": "2025-07-01", "valid_to": "2025-06-30" });
    let fields = given::with(json!({ "name": "Tỉnh ủy Hưng Yên", "kind": "party_committee" }), span.clone());
    assert_snapshot!(editor.post("/v1/organizations", &fields), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/valid_to must not be before 2025-07-01.",
      "instance": "/v1/organizations",
      "errors": [
        {
          "pointer": "/valid_to",
          "code": "inconsistent",
          "message": "must not be before 2025-07-01"
        }
      ]
    }
    "#);
    let fields = given::with(json!({ "name": "Hưng Yên", "unit_type": "province", "level": "province" }), span);
    let fields = given::with(fields, json!({ "code_valid_from": "2025-07-01", "code_valid_to": "2025-06-30" }));
    let refused = editor.post("/v1/admin-units", &fields).expect(422).json();
    let pointers: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
    assert_eq!(pointers, ["/valid_to", "/code_valid_to"]);
    let one_day = json!({ "valid_from": "2025-06-30", "valid_to": "2025-06-30" });
    given::organization(&editor, one_day);
});

on_both!(bodies_and_units_are_listed_as_they_lived_on_a_day, |service| {
    let editor = service.editor();
    for (from, to) in
        [(None, Some("2025-06-30")), (Some("2025-07-01"), None), (None, None), (Some("2025-01-01"), Some("2025-12-31"))]
    {
        given::organization(&editor, json!({ "valid_from": from, "valid_to": to }));
        given::admin_unit(&editor, json!({ "valid_from": from, "valid_to": to, "code": null }));
    }
    for (day, alive) in [
        ("2024-12-31", [1, 3].as_slice()),
        ("2025-01-01", &[1, 3, 4]),
        ("2025-06-30", &[1, 3, 4]),
        ("2025-07-01", &[2, 3, 4]),
        ("2025-12-31", &[2, 3, 4]),
        ("2026-01-01", &[2, 3]),
    ] {
        for collection in ["organizations", "admin-units"] {
            let listed = service.public().get(&format!("/v1/{collection}?as_of={day}&sort=id"));
            assert_eq!(ids(&listed), alive, "{collection} on {day}");
        }
    }
    assert_snapshot!(service.public().get("/v1/organizations?as_of=2025-02-29"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter as_of is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD.",
      "instance": "/v1/organizations",
      "errors": [
        {
          "parameter": "as_of",
          "code": "invalid_date",
          "message": "is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD"
        }
      ]
    }
    "#);
});

on_both!(bodies_of_a_unit_are_those_of_the_units_below_it_too, |service| {
    let editor = service.editor();
    units(&editor);
    for unit in [1, 2, 3, 4] {
        given::organization(&editor, json!({ "admin_unit": unit }));
    }
    let of = |unit: i64| ids(&service.public().get(&format!("/v1/organizations?admin_unit={unit}&sort=id")));
    assert_eq!((of(1), of(2), of(3), of(4)), (vec![1, 2, 3], vec![2, 3], vec![3], vec![4]));
    assert_eq!(of(99), Vec::<i64>::new());
    assert_eq!(ids(&service.public().get("/v1/admin-units?parent=1")), [2]);
});

on_both!(organization_list_is_narrowed_by_each_parameter, |service| {
    let editor = service.editor();
    given::organization(&editor, json!({ "name": "Tỉnh uỷ Hoà Bình", "short_name": "Tỉnh ủy" }));
    let fields = json!({ "kind": "peoples_committee", "name": "UBND tỉnh Hòa Bình", "symbol": "UBND", "parent": 1 });
    given::organization(&editor, fields);
    given::organization(
        &editor,
        json!({ "kind": "ministry", "name": "Bộ Công an", "level": "central", "symbol": "BCA" }),
    );
    for (query, found) in [
        ("kind=peoples_committee,ministry", [2, 3].as_slice()),
        ("level=central", &[3]),
        ("symbol=UBND", &[2]),
        ("parent=1", &[2]),
        ("q=hoa+binh", &[1, 2]),
        (&format!("q={}", encoded("hoà BÌNH")), &[1, 2]),
        (&format!("q={}", encoded("công an")), &[3]),
    ] {
        let listed = service.public().get(&format!("/v1/organizations?{query}&sort=id"));
        assert_eq!(ids(&listed), found, "{query}");
    }
});

on_both!(nothing_stands_above_itself, |service| {
    let editor = service.editor();
    units(&editor);
    assert_snapshot!(editor.patch("/v1/admin-units/1", &json!({ "parent": 3 })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/parent stands below the record itself: 3 → 2 → 1.",
      "instance": "/v1/admin-units/1",
      "errors": [
        {
          "pointer": "/parent",
          "code": "cycle",
          "message": "stands below the record itself: 3 → 2 → 1"
        }
      ]
    }
    "#);
    assert_eq!(editor.patch("/v1/admin-units/1", &json!({ "parent": 1 })).status, 422);
    given::organization(&editor, json!({}));
    given::organization(&editor, json!({ "parent": 1 }));
    let refused = editor.patch("/v1/organizations/1", &json!({ "parent": 2 })).expect(422).json();
    assert_eq!(refused["errors"][0]["message"], "stands below the record itself: 2 → 1");
    editor.patch("/v1/organizations/2", &json!({ "parent": null })).expect(200);
    editor.patch("/v1/organizations/1", &json!({ "parent": 2 })).expect(200);
});

on_both!(code_passes_from_one_unit_to_another_and_names_one_at_a_time, |service| {
    let editor = service.editor();
    let until = json!({ "name": "Tiền Giang", "code": "82", "code_valid_to": "2025-06-30" });
    let since = json!({ "name": "Đồng Tháp", "code": "82", "code_valid_from": "2025-07-01" });
    given::admin_unit(&editor, until.clone());
    given::admin_unit(&editor, since);
    let fields = json!({ "name": "Long An", "unit_type": "province", "level": "province" });
    let overlapping = given::with(fields, json!({ "code": "82", "code_valid_to": "2025-01-01" }));
    assert_snapshot!(editor.post("/v1/admin-units", &overlapping), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate_code",
      "title": "Another unit has the code in this time",
      "status": 409,
      "code": "duplicate_code",
      "detail": "The code 82 means another unit in that time: Tiền Giang.",
      "instance": "/v1/admin-units",
      "existing": {
        "id": 1,
        "type": "admin_unit",
        "url": "/v1/admin-units/1",
        "title": "Tiền Giang"
      }
    }
    "#);
    // A district may have the code of a province.
    given::admin_unit(&editor, given::with(until, json!({ "unit_type": "district", "level": "district" })));
    assert_eq!(editor.patch("/v1/admin-units/2", &json!({ "code_valid_from": "2025-06-30" })).status, 409);
    editor.delete("/v1/admin-units/1").expect(204);
    editor.patch("/v1/admin-units/2", &json!({ "code_valid_from": null })).expect(200);
    assert_eq!(ids(&editor.get("/v1/admin-units?code=82&level=province")), [2]);
});

on_both!(day_belongs_to_one_period_of_a_kind, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let post = |label: &str, kind: &str, from: &str, to: Option<&str>| {
        let fields = json!({ "label": label, "kind": kind, "valid_from": from, "valid_to": to });
        editor.post(&format!("{}/numbering-periods?dry_run=true", tw.url()), &fields)
    };
    assert_snapshot!(post("XIV", "term", "2026-01-22", None), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#overlapping_period",
      "title": "The period overlaps another",
      "status": 409,
      "code": "overlapping_period",
      "detail": "The body already has the period XIII (2021-01-31 to 2026-01-22).",
      "instance": "/v1/organizations/1/numbering-periods",
      "existing": {
        "id": 3,
        "type": "numbering_period",
        "url": "/v1/numbering-periods/3",
        "title": "XIII"
      }
    }
    "#);
    for (from, to, status) in [
        ("2010-01-01", Some("2011-01-17"), 200),
        ("2010-01-01", Some("2011-01-18"), 409),
        ("2010-01-01", None, 409),
        ("2012-01-01", Some("2012-12-31"), 409),
        ("2010-01-01", Some("2030-12-31"), 409),
        ("2026-01-23", None, 200),
        ("2026-01-23", Some("2026-01-22"), 422),
    ] {
        assert_eq!(post("another", "term", from, to).status, status, "{from} to {to:?}");
    }
    post("2018", "year", "2018-01-01", Some("2018-12-31")).expect(200);
    let other = given::organization(&editor, json!({})).url();
    let fields = json!({ "label": "XII", "kind": "term", "valid_from": "2016-01-27" });
    editor.post(&format!("{other}/numbering-periods"), &fields).expect(201);
    assert_eq!(editor.patch("/v1/numbering-periods/1", &json!({ "valid_to": null })).status, 409);
});

on_both!(periods_of_one_request_do_not_overlap_and_nothing_is_written, |service| {
    let editor = service.editor();
    let term = |label| json!({ "label": label, "kind": "term", "valid_from": "2016-01-27" });
    let fields =
        json!({ "name": "Trung ương", "kind": "central_committee", "numbering_periods": [term("XI"), term("XII")] });
    let refused = editor.post("/v1/organizations", &fields).expect(409).json();
    assert_eq!(
        (&refused["code"], &refused["errors"][0]["pointer"]),
        (&json!("overlapping_period"), &json!("/numbering_periods/1"))
    );
    assert_eq!(ids(&editor.get("/v1/organizations")), Vec::<i64>::new());
    assert_eq!(ids(&editor.get("/v1/numbering-periods")), Vec::<i64>::new());
});

on_both!(periods_are_found_by_body_label_and_day, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    for (query, found) in [
        (format!("organization={tw}&as_of=2016-01-26"), [1].as_slice()),
        (format!("organization={tw}&as_of=2016-01-27"), &[2]),
        ("label=XII".to_owned(), &[2]),
        ("kind=term&as_of=2026-01-23".to_owned(), &[]),
        ("kind=year,legislature".to_owned(), &[]),
    ] {
        assert_eq!(ids(&editor.get(&format!("/v1/numbering-periods?{query}&sort=id"))), found, "{query}");
    }
});

/// The fields of the term X, before those of [`given::tw`].
fn term_x() -> Value {
    json!({ "label": "X", "kind": "term", "valid_from": "2006-04-26", "valid_to": "2011-01-17" })
}

/// A resolution of the body, with its number and day.
fn resolution(body: i64, number: i32, day: &str) -> Value {
    json!({ "kind": "resolution", "numbering_body": body, "number": number, "issued_on": day })
}

on_both!(period_takes_in_the_documents_that_were_written_before_it, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let other = given::organization(&editor, json!({})).id();
    for (fields, term) in [
        (resolution(tw.id(), 28, "2008-09-22"), Some("X")),
        (given::with(resolution(tw.id(), 46, "2010-01-01"), json!({ "issued_on_precision": "year" })), Some("X")),
        (resolution(tw.id(), 28, "2003-06-16"), None),
        (resolution(other, 28, "2008-09-22"), None),
        (given::with(resolution(tw.id(), 28, "2008-09-22"), json!({ "number": null })), Some("X")),
    ] {
        let before = given::document(&editor, fields);
        assert_eq!((&before["numbering_period"], &before["identity_complete"]), (&Value::Null, &json!(false)));
        editor.post(&format!("{}/numbering-periods?dry_run=true", tw.url()), &term_x()).expect(200);
        editor.patch(&before.url(), &json!({ "provenance": term.map(|_| "found") })).expect(200);
    }
    editor.post(&format!("{}/numbering-periods", tw.url()), &term_x()).expect(201);
    let documents = editor.get("/v1/documents?sort=id").json();
    for document in documents["data"].as_array().unwrap() {
        let taken = document["provenance"] == "found";
        assert_eq!(document["numbering_period"]["title"] == "X", taken, "{document}");
        assert_eq!(document["identity_complete"] == true, taken && document["number"] != Value::Null, "{document}");
    }
    let changes = editor.get("/v1/changes?limit=200").json();
    let changes = changes["data"].as_array().unwrap();
    let last: Vec<_> = changes[changes.len() - 4..].iter().collect();
    assert!(last.iter().all(|change| change["request_id"] == last[0]["request_id"]));
    // The period comes first, so that who follows the feed knows it.
    let told: Vec<_> = last.iter().map(|change| (&change["record"]["type"], change["record"]["id"].as_i64())).collect();
    let document = &json!("document");
    let expected =
        [(&json!("numbering_period"), Some(4)), (document, Some(1)), (document, Some(2)), (document, Some(5))];
    assert_eq!(told, expected);
});

on_both!(period_of_new_days_takes_in_the_documents_of_those_days, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let before = given::document(&editor, resolution(tw.id(), 28, "2011-01-17"));
    editor.patch("/v1/numbering-periods/1", &json!({ "valid_from": "2011-01-17" })).expect(200);
    let after = editor.get(&before.url()).json();
    assert_eq!((&after["numbering_period"]["title"], &after["version"]), (&json!("XI"), &json!(2)));
    let again = given::with(given::document_fields(), resolution(tw.id(), 28, "2012-05-01"));
    assert_eq!(editor.post("/v1/documents", &again).expect(409).json()["existing"]["id"], before.id());
});

on_both!(period_that_would_make_two_documents_one_is_refused, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    for day in ["2008-09-22", "2010-10-22"] {
        given::document(&editor, resolution(tw.id(), 28, day));
    }
    assert_snapshot!(editor.post(&format!("{}/numbering-periods", tw.url()), &term_x()), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate_document",
      "title": "The document is already recorded",
      "status": 409,
      "code": "duplicate_document",
      "detail": "Two documents of one kind and number would be within this period: 1 (28-NQ/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây) and 2 (28-NQ/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây). Delete one, or mend its number or its date.",
      "instance": "/v1/organizations/1/numbering-periods",
      "existing": {
        "id": 1,
        "type": "document",
        "url": "/v1/documents/1",
        "title": "28-NQ/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây"
      },
      "other": {
        "id": 2,
        "type": "document",
        "url": "/v1/documents/2",
        "title": "28-NQ/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây"
      }
    }
    "#);
    assert_eq!(editor.get("/v1/documents/1").json()["version"], 1);
    given::document(&editor, resolution(tw.id(), 28, "2012-05-01"));
    let refused = editor.patch("/v1/numbering-periods/1", &json!({ "valid_from": "2010-10-01" })).expect(409).json();
    let both = "Two documents of one kind and number would be within this period: 3 (28-NQ/TW Về tình hình an ninh \
                trật tự nổi lên thời gian gần đây) and 2 (28-NQ/TW Về tình hình an ninh trật tự nổi lên thời gian gần \
                đây). Delete one, or mend its number or its date.";
    assert_eq!((&refused["detail"], &refused["existing"]["id"]), (&json!(both), &json!(3)));
    editor.delete("/v1/documents/1").expect(204);
    editor.post(&format!("{}/numbering-periods", tw.url()), &term_x()).expect(201);
});

on_both!(period_that_leaves_out_its_documents_is_refused, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    for (number, day) in [(1, "2016-02-01"), (2, "2018-05-23"), (3, "2018-07-05"), (4, "2019-01-01"), (5, "2020-12-31")]
    {
        given::document(&editor, resolution(tw.id(), number, day));
    }
    let of_year = given::with(resolution(tw.id(), 6, "2018-01-01"), json!({ "issued_on_precision": "year" }));
    given::document(&editor, of_year);
    let patch = |fields: Value| editor.patch("/v1/numbering-periods/2", &fields);
    assert_snapshot!(patch(json!({ "valid_from": "2016-03-01", "valid_to": "2018-03-31" })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/valid_from leaves out documents of this period: 1 (01-NQ/TW, 2016-02-01). /valid_to leaves out documents of this period: 2 (02-NQ/TW, 2018-05-23), 3 (03-NQ/TW, 2018-07-05), 4 (04-NQ/TW, 2019-01-01) and more.",
      "instance": "/v1/numbering-periods/2",
      "errors": [
        {
          "pointer": "/valid_from",
          "code": "inconsistent",
          "message": "leaves out documents of this period: 1 (01-NQ/TW, 2016-02-01)"
        },
        {
          "pointer": "/valid_to",
          "code": "inconsistent",
          "message": "leaves out documents of this period: 2 (02-NQ/TW, 2018-05-23), 3 (03-NQ/TW, 2018-07-05), 4 (04-NQ/TW, 2019-01-01) and more"
        }
      ]
    }
    "#);
    for (fields, status) in [
        (json!({ "valid_from": "2016-02-01" }), 200),
        (json!({ "valid_from": "2016-02-02" }), 422),
        (json!({ "valid_to": "2020-12-31" }), 200),
        (json!({ "valid_to": "2020-12-30" }), 422),
        (json!({ "valid_to": null }), 409),
    ] {
        assert_eq!(patch(fields.clone()).status, status, "{fields}");
    }
    // What may have been issued in the days that are left does not stand in the way.
    for number in [2, 3, 4, 5] {
        editor.delete(&format!("/v1/documents/{number}")).expect(204);
    }
    patch(json!({ "valid_to": "2018-01-01" })).expect(200);
    assert_eq!(patch(json!({ "valid_to": "2017-12-31" })).status, 422);
});

on_both!(label_names_one_period_of_a_body, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let again = json!({ "label": "XII", "kind": "term", "valid_from": "2031-01-01" });
    assert_snapshot!(editor.post(&format!("{}/numbering-periods", tw.url()), &again), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate",
      "title": "Another record has the same key",
      "status": 409,
      "code": "duplicate",
      "detail": "The body already has a period of this label: XII (2016-01-27 to 2021-01-30).",
      "instance": "/v1/organizations/1/numbering-periods",
      "errors": [
        {
          "pointer": "/label",
          "code": "inconsistent",
          "message": "is the label of another period of the body"
        }
      ],
      "existing": {
        "id": 2,
        "type": "numbering_period",
        "url": "/v1/numbering-periods/2",
        "title": "XII"
      }
    }
    "#);
    editor.patch("/v1/numbering-periods/3", &json!({ "label": "XI" })).expect(409);
    editor.patch("/v1/numbering-periods/3", &json!({ "note": "Its own label is its own." })).expect(200);
});

on_both!(period_of_the_kind_year_is_that_year, |service| {
    let editor = service.editor();
    let url = format!("{}/numbering-periods", given::organization(&editor, json!({})).url());
    let year = |label: &str, from: &str, to: Option<&str>| json!({ "label": label, "kind": "year", "valid_from": from, "valid_to": to });
    assert_snapshot!(editor.post(&url, &year("2017-2018", "2017-01-02", Some("2018-12-31"))), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/label must be 2017 in a period of the kind year that begins on 2017-01-02. /valid_from must be 2017-01-01 in a period of the kind year that begins on 2017-01-02. /valid_to must be 2017-12-31 in a period of the kind year that begins on 2017-01-02.",
      "instance": "/v1/organizations/1/numbering-periods",
      "errors": [
        {
          "pointer": "/label",
          "code": "inconsistent",
          "message": "must be 2017 in a period of the kind year that begins on 2017-01-02"
        },
        {
          "pointer": "/valid_from",
          "code": "inconsistent",
          "message": "must be 2017-01-01 in a period of the kind year that begins on 2017-01-02"
        },
        {
          "pointer": "/valid_to",
          "code": "inconsistent",
          "message": "must be 2017-12-31 in a period of the kind year that begins on 2017-01-02"
        }
      ]
    }
    "#);
    editor.post(&url, &year("2017", "2017-01-01", None)).expect(422);
    editor.post(&url, &year("2017", "2017-01-01", Some("2017-12-31"))).expect(201);
});

on_both!(seat_on_a_committee_is_held_by_somebody_and_for_a_time, |service| {
    let editor = service.editor();
    let committee = given::organization(&editor, json!({ "kind": "steering_committee" }));
    let url = format!("{}/committee-members", committee.url());
    assert_snapshot!(editor.post(&url, &json!({ "role": "member", "ex_officio_title": "Giám đốc Sở" })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/person is needed where there is neither member_organization nor member_text.",
      "instance": "/v1/organizations/1/committee-members",
      "errors": [
        {
          "pointer": "/person",
          "code": "missing",
          "message": "is needed where there is neither member_organization nor member_text"
        }
      ]
    }
    "#);
    let person = given::person(&editor, json!({})).id();
    let head = json!({ "person": person, "role": "head", "valid_from": "2017-02-20", "valid_to": "2021-04-07" });
    editor.post(&url, &head).expect(201);
    editor.post(&url, &json!({ "member_text": "đại diện Ban Dân vận", "role": "member" })).expect(201);
    for (query, found) in [
        ("as_of=2017-02-19".to_owned(), [2].as_slice()),
        ("as_of=2021-04-07".to_owned(), &[1, 2]),
        ("as_of=2021-04-08".to_owned(), &[2]),
        ("role=head,deputy".to_owned(), &[1]),
        (format!("person={person}"), &[1]),
        (format!("organization={}", committee.id()), &[1, 2]),
    ] {
        assert_eq!(ids(&editor.get(&format!("/v1/committee-members?{query}&sort=id"))), found, "{query}");
    }
});
