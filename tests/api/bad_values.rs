//! Values that a field cannot have: each is refused with its place, the same on both databases, and writes nothing.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::bad_input::{faults, post, writes};
use crate::support::given;

on_both!(value_of_another_type_is_refused_with_its_place, |service| {
    let wrong = json!({
        "name": 1, "formats": "extended", "mode": 7, "level": "galaxy", "held_from": 20_180_716,
        "year_inferred": "yes", "participant_count": "12", "convening_body": "TW", "admin_unit": [1], "note": {},
        "bridge_points": {}, "visibility": "secret",
    });
    assert_snapshot!(service.editor().post("/v1/conferences", &wrong), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/bridge_points must be an array. /visibility is not a code of the enumeration visibility. /admin_unit is not a link.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/bridge_points",
          "code": "wrong_type",
          "message": "must be an array"
        },
        {
          "pointer": "/visibility",
          "code": "unknown_code",
          "message": "is not a code of the enumeration visibility",
          "allowed": [
            "public",
            "internal"
          ]
        },
        {
          "pointer": "/admin_unit",
          "code": "invalid_link",
          "message": "is not a link",
          "allowed": [
            "5",
            "{\"id\": 5}",
            "{\"external_key\": {\"system\": \"reference\", \"key\": \"tw\"}}",
            "{\"pointer\": \"/bridge_points/0\"} (within one request)"
          ]
        },
        {
          "pointer": "/convening_body",
          "code": "invalid_link",
          "message": "is not a link",
          "allowed": [
            "5",
            "{\"id\": 5}",
            "{\"external_key\": {\"system\": \"reference\", \"key\": \"tw\"}}",
            "{\"pointer\": \"/bridge_points/0\"} (within one request)"
          ]
        },
        {
          "pointer": "/name",
          "code": "wrong_type",
          "message": "has the wrong type: expected a string"
        },
        {
          "pointer": "/note",
          "code": "wrong_type",
          "message": "has the wrong type: expected a string"
        },
        {
          "pointer": "/participant_count",
          "code": "wrong_type",
          "message": "has the wrong type: expected a whole number"
        },
        {
          "pointer": "/year_inferred",
          "code": "wrong_type",
          "message": "has the wrong type: expected a boolean"
        },
        {
          "pointer": "/held_from",
          "code": "wrong_type",
          "message": "has the wrong type: expected a string"
        },
        {
          "pointer": "/level",
          "code": "unknown_code",
          "message": "is not a code of the enumeration level",
          "allowed": [
            "central",
            "province",
            "district",
            "commune",
            "grassroots"
          ]
        },
        {
          "pointer": "/mode",
          "code": "wrong_type",
          "message": "has the wrong type: expected a string"
        },
        {
          "pointer": "/formats",
          "code": "wrong_type",
          "message": "has the wrong type: expected an array"
        }
      ]
    }
    "#);
    for count in [json!(1.5), json!(1e30), json!(2_147_483_648_i64), json!(-2_147_483_649_i64), json!("1"), json!(true)]
    {
        let fields = json!({ "name": "Hội nghị", "participant_count": count });
        let refused = service.editor().post("/v1/conferences", &fields);
        assert_eq!(refused.status, 422, "{count}: {refused}");
    }
    let nulls = json!({ "name": null });
    assert_eq!(faults(&post(service, nulls.to_string())), ["/name wrong_type"]);
    assert_eq!(writes(service), 0);
});

on_both!(day_that_no_calendar_has_is_refused, |service| {
    let with = |day: &str| service.editor().post("/v1/conferences", &json!({ "name": "Hội nghị", "held_from": day }));
    assert_snapshot!(with("2026-02-30"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/held_from is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/held_from",
          "code": "invalid_date",
          "message": "is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD"
        }
      ]
    }
    "#);
    let wrong = [
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "2025-02-29",
        "+10000-01-01",
        "0000-01-01",
        "1899-12-31",
        "2200-01-01",
        "16/07/2018",
        "2018-7-16",
        "20180716",
        "2018-07-16T00:00:00Z",
        " 2018-07-16",
        "",
        "2018-07",
        "٢٠١٨-٠٧-١٦",
    ];
    for day in wrong {
        assert_eq!(faults(&with(day)), ["/held_from invalid_date"], "{day}");
    }
    assert_eq!(with("2024-02-29").status, 201);
    assert_eq!(writes(service), 1);
});

on_both!(character_that_hides_or_turns_text_is_refused, |service| {
    let with = |character: char| post(service, json!({ "name": format!("Nguyễn{character}Văn An") }).to_string());
    assert_snapshot!(with('\u{202e}'), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/name has the invisible character U+202E at character 7, which is not allowed.",
      "instance": "/v1/people",
      "errors": [
        {
          "pointer": "/name",
          "code": "forbidden_character",
          "message": "has the invisible character U+202E at character 7, which is not allowed"
        }
      ]
    }
    "#);
    for character in
        ['\0', '\u{1}', '\u{7}', '\u{1b}', '\u{7f}', '\u{85}', '\u{200b}', '\u{2066}', '\u{feff}', '\u{2028}']
    {
        let answer = with(character);
        assert_eq!(
            (answer.status, faults(&answer)),
            (422, vec!["/name forbidden_character".to_owned()]),
            "{character:?}"
        );
    }
    for line in ["\n", "\r", "\t"] {
        let answer = post(service, json!({ "name": format!("Nguyễn{line}An") }).to_string());
        assert!(answer.status == 422 || answer.json()["name"] == "Nguyễn An", "{line:?}: {answer}");
    }
    assert_eq!(post(service, json!({ "name": "An", "note": "Dòng một\nDòng hai" }).to_string()).status, 201);
});

on_both!(one_text_in_two_normal_forms_is_stored_as_one, |service| {
    let name = |text: &str| post(service, json!({ "name": text }).to_string()).expect(201).json()["name"].clone();
    assert_eq!(name("Nguyễn Hồng Diên"), name("Nguye\u{302}\u{303}n Ho\u{302}\u{300}ng Die\u{302}n"));
    assert_eq!(name("  An  "), "An");
    for empty in ["", " ", "\u{a0}"] {
        assert_eq!(faults(&post(service, json!({ "name": empty }).to_string())), ["/name empty"], "{empty:?}");
    }
    assert_eq!(post(service, json!({ "name": "Đ".repeat(500) }).to_string()).status, 201);
    assert_eq!(faults(&post(service, json!({ "name": "Đ".repeat(501) }).to_string())), ["/name too_long"]);
});

on_both!(link_that_points_at_nothing_is_refused, |service| {
    let editor = service.editor();
    let gone = given::organization(&editor, json!({}));
    editor.delete(&gone.url()).expect(204);
    let body = |link: Value| editor.post("/v1/conferences", &json!({ "name": "Hội nghị", "convening_body": link }));
    assert_snapshot!(body(json!(99)), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/convening_body points at organization 99, which does not exist.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/convening_body",
          "code": "does_not_exist",
          "message": "points at organization 99, which does not exist"
        }
      ]
    }
    "#);
    assert_snapshot!(body(json!(gone.id())), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/convening_body points at organization 1, which was deleted.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/convening_body",
          "code": "does_not_exist",
          "message": "points at organization 1, which was deleted"
        }
      ]
    }
    "#);
    assert_snapshot!(body(json!({ "external_key": { "system": "partner", "key": "x" } })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/convening_body points at no organization: there is no key partner/x.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/convening_body",
          "code": "does_not_exist",
          "message": "points at no organization: there is no key partner/x"
        }
      ]
    }
    "#);
    assert_snapshot!(body(json!({ "id": 1, "title": "TW" })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/convening_body is not a link.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/convening_body",
          "code": "invalid_link",
          "message": "is not a link",
          "allowed": [
            "5",
            "{\"id\": 5}",
            "{\"external_key\": {\"system\": \"reference\", \"key\": \"tw\"}}",
            "{\"pointer\": \"/bridge_points/0\"} (within one request)"
          ]
        }
      ]
    }
    "#);
    for id in [json!(0), json!(-1), json!(1.5), json!(9_223_372_036_854_775_808_u64), json!(1e30)] {
        for link in [id.clone(), json!({ "id": id })] {
            assert_eq!(faults(&body(link.clone())), ["/convening_body invalid_id"], "{link}");
        }
    }
    for link in [
        json!("1"),
        json!([]),
        json!({}),
        json!({ "external_key": { "system": "a/b", "key": "x" } }),
        json!({ "external_key": 1 }),
        json!({ "external_key": { "system": "a", "key": "b", "c": 1 } }),
    ] {
        assert_eq!(body(link.clone()).status, 422, "{link}");
    }
    assert_eq!(faults(&body(json!(i64::MAX))), ["/convening_body does_not_exist"]);
    assert_eq!(faults(&body(json!({ "pointer": "/bridge_points/0" }))), ["/convening_body does_not_exist"]);
    assert_eq!(writes(service), 2);
});
