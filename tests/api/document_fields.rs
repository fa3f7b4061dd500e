//! The other fields of a document: its symbol in every spelling, who adopted it, what it orders; and how lists are narrowed.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::reading::{encoded, ids};
use crate::support::{Client, given};

/// Creates 28-NQ/TW of the terms XI to XIII, as documents 1 to 3, and 29-NQ/TW as document 4.
fn four_resolutions(editor: &Client) {
    let tw = given::tw(editor);
    for (number, day) in [(28, "2013-10-25"), (28, "2018-05-23"), (28, "2022-11-17"), (29, "2013-11-04")] {
        let fields = json!({ "kind": "resolution", "numbering_body": tw.id(), "number": number, "issued_on": day });
        given::document(editor, fields);
    }
}

on_both!(symbol_in_any_spelling_finds_every_candidate, |service| {
    four_resolutions(&service.editor());
    for (spelling, found) in [
        ("28-NQ/TW", [1, 2, 3].as_slice()),
        ("28-nq/tw", &[1, 2, 3]),
        ("28/NQ-TW", &[1, 2, 3]),
        ("28-NQ-TW", &[1, 2, 3]),
        ("28 - NQ / TW", &[1, 2, 3]),
        ("28–NQ/TW", &[1, 2, 3]),
        ("28-NQ/T.Ư", &[1, 2, 3]),
        ("28-NQ/T. Ư", &[1, 2, 3]),
        ("28-NQ/TƯ", &[1, 2, 3]),
        ("28-NQ/TU\u{31b}", &[1, 2, 3]),
        ("28-NQ/T.W", &[1, 2, 3]),
        ("028-NQ/TW", &[1, 2, 3]),
        ("28 nq tw", &[1, 2, 3]),
        ("28NQ/TW", &[1, 2, 3]),
        ("số 28-NQ/TW", &[1, 2, 3]),
        ("Nghị quyết số 28-NQ/TW", &[1, 2, 3]),
        ("nghi quyet 28-nq/tw", &[1, 2, 3]),
        ("29-NQ/TW", &[4]),
        ("28-NQ/TU", &[]),
        ("28-CT/TW", &[]),
        ("8-NQ/TW", &[]),
        ("128-NQ/TW", &[]),
    ] {
        let listed = service.public().get(&format!("/v1/documents?symbol={}&sort=id", encoded(spelling)));
        assert_eq!(ids(&listed), found, "{spelling}");
    }
});

on_both!(symbol_in_a_citation_finds_every_candidate, |service| {
    four_resolutions(&service.editor());
    for citation in [
        "Nghị quyết số 28-NQ/TW của Ban Chấp hành Trung ương",
        "Nghị quyết số 28/NQ-T.Ư, ngày 25-10-2013 của Bộ Chính trị",
        "nghi quyet 28 nq tw khoa xi",
        "(28-NQ/TW)",
    ] {
        let listed = service.public().get(&format!("/v1/documents?symbol={}&sort=id", encoded(citation)));
        assert_eq!(ids(&listed), [1, 2, 3], "{citation}");
        let refused = service.public().get(&format!("/v1/conferences?document={}", encoded(citation))).expect(400);
        assert_eq!(refused.json()["code"], "ambiguous_document", "{citation}");
    }
    assert_snapshot!(service.public().get("/v1/documents?symbol=28-NQ/TW,%2029-NQ/TW"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter symbol names several symbols (28-NQ/TW, 29-NQ/TW); give one.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "symbol",
          "code": "invalid_value",
          "message": "names several symbols (28-NQ/TW, 29-NQ/TW); give one"
        }
      ]
    }
    "#);
    for (text, message) in [
        ("-", "has neither a letter nor a digit"),
        ("Nghị quyết số 28", "names a kind of document and no symbol, such as 48-CT/TW"),
    ] {
        for parameter in ["documents?symbol", "conferences?document", "document-links?from", "findings?document"] {
            let refused = service.public().get(&format!("/v1/{parameter}={}", encoded(text))).expect(400).json();
            assert_eq!(refused["errors"][0]["message"], message, "{parameter} {text}");
        }
    }
});

on_both!(symbol_without_a_letter_or_a_digit_is_refused, |service| {
    let fields = given::with(given::document_fields(), json!({ "symbol": "-" }));
    let refused = service.editor().post("/v1/documents", &fields).expect(422).json();
    let expected =
        json!([{ "pointer": "/symbol", "code": "invalid_value", "message": "has neither a letter nor a digit" }]);
    assert_eq!(refused["errors"], expected);
});

on_both!(candidates_beyond_fifty_are_not_told_and_said_to_be_there, |service| {
    let editor = service.editor();
    for year in 1950..2000 {
        given::document(&editor, json!({ "symbol": "01-NQ/TW", "issued_on": format!("{year}-01-01") }));
    }
    let asked = || service.public().get("/v1/conferences?document=01-NQ/TW").expect(400).json();
    let told = |refused: Value| (refused["detail"].clone(), refused["candidates"].as_array().unwrap().len());
    assert_eq!(told(asked()), (json!("50 documents have the symbol 01-NQ/TW; give the id of one."), 50));
    given::document(&editor, json!({ "symbol": "01-NQ/TW" }));
    let more = "More than 50 documents have the symbol 01-NQ/TW, of which the first 50 are told; give the id of one.";
    assert_eq!(told(asked()), (json!(more), 50));
});

on_both!(symbol_is_composed_of_number_kind_and_issuer, |service| {
    let editor = service.editor();
    let body = |symbol: Value| given::organization(&editor, json!({ "symbol": symbol })).id();
    let (tw, cp, bca, none) = (body(json!("TW")), body(json!("CP")), body(json!("BCA")), body(Value::Null));
    for (system, kind, body, number, suffix, symbol) in [
        ("party", "conclusion", tw, 5, "", Some("05-KL/TW")),
        ("party", "regulation", tw, 399, "", Some("399-QĐ/TW")),
        ("party", "coordination_program", tw, 12, "", Some("12-CTr/TW")),
        ("party", "resolution", tw, 12, "a", Some("12a-NQ/TW")),
        ("party", "party_charter", tw, 1, "", None),
        ("state", "decree", cp, 30, "", Some("30/2020/NĐ-CP")),
        ("state", "resolution", cp, 8, "", Some("08/NQ-CP")),
        ("state", "directive", bca, 3, "X11", Some("03/CT-BCA-X11")),
        ("state", "official_letter", cp, 267, "", None),
        ("state", "decree", none, 31, "", None),
    ] {
        let fields = json!({
            "system": system, "kind": kind, "numbering_body": body, "number": number, "suffix": suffix,
            "title": "Về công tác văn thư", "issued_on": "2020-03-05",
        });
        let made = editor.post("/v1/documents", &fields).expect(201).json();
        assert_eq!(made["symbol"].as_str(), symbol, "{fields}");
    }
});

on_both!(symbol_that_is_sent_is_kept_in_canonical_spelling, |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({ "symbol": " 9 – CT/T.Ư", "symbol_as_printed": "9 – CT/T.Ư" }));
    assert_eq!((&document["symbol"], &document["symbol_as_printed"]), (&json!("09-CT/TW"), &json!("9 – CT/T.Ư")));
});

/// What is odd about a document: the code and the message of each warning.
fn warned(document: &Value) -> Vec<(&str, &str)> {
    let warnings = document["warnings"].as_array().map(Vec::as_slice).unwrap_or_default();
    warnings.iter().map(|warning| (warning["code"].as_str().unwrap(), warning["message"].as_str().unwrap())).collect()
}

on_both!(symbol_that_contradicts_the_other_fields_is_noted, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    let government = given::organization(&editor, json!({ "kind": "government", "symbol": "CP" })).id();
    let legislature = given::organization(&editor, json!({ "kind": "legislature", "symbol": "QH" })).id();
    let bca = given::organization(&editor, json!({ "kind": "ministry", "symbol": "BCA" })).id();
    let differs = |symbol: &str, composed: &str| {
        Some(format!("The symbol {symbol} is not that of the other fields, which make {composed}."))
    };
    for (system, kind, body, number, suffix, symbol, message) in [
        ("party", "resolution", Some(tw), 901, "", "28-NQ/TW", differs("28-NQ/TW", "901-NQ/TW")),
        ("party", "conclusion", Some(tw), 28, "", "28-NQ/TW", differs("28-NQ/TW", "28-KL/TW")),
        ("party", "resolution", Some(tw), 28, "", "28-NQ/TU", differs("28-NQ/TU", "28-NQ/TW")),
        ("party", "resolution", Some(tw), 28, "b", "28a-NQ/TW", differs("28a-NQ/TW", "28b-NQ/TW")),
        ("party", "resolution", Some(tw), 28, "", "Nghị quyết 28", differs("Nghị quyết 28", "28-NQ/TW")),
        (
            "party",
            "resolution",
            None,
            29,
            "",
            "28-NQ/TW",
            Some("The symbol 28-NQ/TW is not that of the other fields.".to_owned()),
        ),
        ("party", "plan", Some(tw), 65, "", "65-Ctr/TW", differs("65-Ctr/TW", "65-KH/TW")),
        ("state", "decree", Some(government), 30, "", "30/2019/NĐ-CP", differs("30/2019/NĐ-CP", "30/2018/NĐ-CP")),
        ("party", "resolution", Some(tw), 28, "", "28/NQ-TW", None),
        ("party", "regulation", Some(tw), 8, "QĐi", "08-QĐi/TW", None),
        ("party", "coordination_program", Some(tw), 38, "", "38-CTr/TW-BCA", None),
        ("state", "decision", Some(government), 42, "", "42/2018/QĐ-CP", None),
        ("state", "resolution", Some(legislature), 202, "", "202/2018/QH15", None),
        ("state", "law", Some(legislature), 55, "", "55/2018/QH11", None),
        ("state", "official_letter", Some(bca), 267, "", "267/BCA-TTĐT", None),
        ("state", "directive", Some(bca), 3, "X11", "03/CT-BCA-X11", None),
    ] {
        let fields = json!({
            "system": system, "kind": kind, "numbering_body": body, "number": number, "suffix": suffix,
            "symbol": symbol, "title": "Về công tác văn thư", "issued_on": "2018-03-05",
        });
        let made = editor.post("/v1/documents?dry_run=true", &fields).expect(200).json();
        let told = warned(&made).into_iter().find(|(code, _)| *code == "symbol_differs").map(|(_, message)| message);
        assert_eq!(told, message.as_deref(), "{fields}");
    }
});

on_both!(number_and_suffix_are_read_off_a_symbol, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    let bca = given::organization(&editor, json!({ "kind": "ministry", "symbol": "BCA" })).id();
    for (system, kind, body, symbol, number, suffix) in [
        ("party", "conclusion", Some(tw), "32-KL/TW", Some(32), ""),
        ("party", "conclusion", None, "Số 32-KL/T.Ư", None, ""),
        ("party", "conclusion", None, "32/KL-T.Ư", Some(32), ""),
        ("party", "resolution", Some(tw), "12a-NQ/TW", Some(12), "a"),
        ("party", "resolution", Some(tw), "12A-NQ/TW", Some(12), "a"),
        ("party", "regulation", Some(tw), "08-QĐi/TW", Some(8), "QĐi"),
        ("party", "directive", Some(tw), "65-CTr/TW", None, ""),
        ("party", "coordination_program", Some(tw), "38-CTr/TW-BCA", Some(38), ""),
        ("state", "directive", Some(bca), "03/CT-BCA-X11", Some(3), "X11"),
        ("state", "resolution", Some(tw), "28/NQ-CP", None, ""),
        ("party", "resolution", None, "NQ-ĐH-XII", None, ""),
    ] {
        let fields = json!({
            "system": system, "kind": kind, "numbering_body": body, "symbol": symbol,
            "title": "Về công tác văn thư", "issued_on": "2018-03-05",
        });
        let made = editor.post("/v1/documents?dry_run=true", &fields).expect(200).json();
        assert_eq!((made["number"].as_i64(), made["suffix"].as_str().unwrap()), (number, suffix), "{symbol}");
    }
    // What is left out is read again, so that a replacement that says the same changes nothing.
    let key = "/v1/documents/by-key/partner/12a";
    let fields = json!({
        "system": "party", "kind": "resolution", "numbering_body": tw, "symbol": "12a-NQ/TW",
        "title": "Về công tác văn thư", "issued_on": "2018-03-05",
    });
    editor.put(key, &fields).expect(201);
    let again = editor.request("PUT", key).header("If-Match", "*").json(&fields).send().expect(200).json();
    assert_eq!((&again["version"], &again["suffix"], &again["number"]), (&json!(1), &json!("a"), &json!(12)));
});

on_both!(suffix_has_one_form, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    let post = |suffix: &str| {
        let fields = json!({ "numbering_body": tw, "number": 12, "suffix": suffix });
        editor.post("/v1/documents", &given::with(given::document_fields(), fields))
    };
    assert_snapshot!(post("/x?"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/suffix must be up to three small letters (a, bis), or letters and digits that begin with a capital (X11, QĐi).",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "/suffix",
          "code": "invalid_value",
          "message": "must be up to three small letters (a, bis), or letters and digits that begin with a capital (X11, QĐi)"
        }
      ]
    }
    "#);
    for suffix in ["A", " a", "abcd", "x11", "11", "X-", "-X", "X11-", "X 11", "a\u{302}"] {
        assert_eq!(post(suffix).expect(422).json()["errors"][0]["code"], "invalid_value", "{suffix}");
    }
    for suffix in ["a", "bis", "đ", "X11", "QĐi", "VP-TH"] {
        post(suffix).expect(201);
    }
    assert_eq!(
        post("QĐI").expect(409).json()["existing"]["title"],
        "12-KL/TW-QĐi Về tình hình an ninh trật tự nổi lên thời gian gần đây"
    );
});

on_both!(identity_that_is_not_complete_is_told, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    let told = |fields: Value| -> Vec<String> {
        let made = given::document(&editor, fields);
        let read = editor.get(&made.url()).json();
        warned(&read).into_iter().map(|(code, message)| format!("{code}: {message}")).collect()
    };
    let but = ", so that another record of the same document would not be noticed.";
    let incomplete = |what: &str| vec![format!("identity_incomplete: The {what} not known{but}")];
    assert_eq!(told(json!({ "number": 32 })), incomplete("numbering body and the numbering period are"));
    assert_eq!(
        told(json!({ "symbol": "NQ-ĐH-XII" })),
        incomplete("numbering body and the number and the numbering period are")
    );
    assert_eq!(
        told(json!({ "numbering_body": tw, "number": 33, "issued_on": null })),
        incomplete("numbering period is")
    );
    assert_eq!(told(json!({ "numbering_body": tw, "number": 32 })), Vec::<String>::new());
    assert_eq!(told(json!({ "numbering_body": tw })), Vec::<String>::new());
});

on_both!(document_of_the_same_symbol_and_day_is_noted, |service| {
    let editor = service.editor();
    let first = given::conclusion_32(&editor);
    let other = given::organization(&editor, json!({ "name": "Tỉnh ủy Hưng Yên", "symbol": "TW" })).id();
    let second = given::document(&editor, json!({ "symbol": "32/KL-T.Ư" }));
    assert_snapshot!(format!("{:#}", second["warnings"]), @r#"
    [
      {
        "code": "identity_incomplete",
        "pointer": "/numbering_body",
        "message": "The numbering body and the numbering period are not known, so that another record of the same document would not be noticed."
      },
      {
        "code": "same_symbol",
        "pointer": "/symbol",
        "message": "Document 1 has this symbol and the same date or period: 32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây."
      }
    ]
    "#);
    for (fields, noted) in [
        (json!({ "symbol": "32-KL/TW", "issued_on": "2018-07-06" }), false),
        (json!({ "symbol": "32-KL/TW", "issued_on": null }), false),
        (json!({ "symbol": "32-NQ/TW" }), false),
        (json!({ "symbol": "32-KL/TW", "numbering_body": other }), true),
    ] {
        let made = editor.post("/v1/documents?dry_run=true", &given::with(given::document_fields(), fields.clone()));
        let made = made.expect(200).json();
        let others: Vec<_> = warned(&made).into_iter().filter(|(code, _)| *code == "same_symbol").collect();
        assert_eq!(!others.is_empty(), noted, "{fields}: {others:?}");
        assert!(others.iter().all(|(_, message)| message.starts_with("Document 2 has")), "{fields}: {others:?}");
    }
    editor.delete(&first.url()).expect(204);
    let alone = editor.patch(&second.url(), &json!({ "note": "The only one now." })).expect(200).json();
    assert!(warned(&alone).iter().all(|(code, _)| *code != "same_symbol"), "{alone}");
});

on_both!(document_above_normal_confidentiality_is_refused, |service| {
    let editor = service.editor();
    let post = |confidentiality: &str| {
        let fields = given::with(given::document_fields(), json!({ "confidentiality": confidentiality }));
        editor.post("/v1/documents", &fields)
    };
    assert_snapshot!(post("top_secret"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/confidentiality must be normal: this service keeps nothing that is secret.",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "/confidentiality",
          "code": "above_normal_confidentiality",
          "message": "must be normal: this service keeps nothing that is secret",
          "allowed": [
            "normal"
          ]
        }
      ]
    }
    "#);
    assert_eq!((post("confidential").status, post("secret").status, post("normal").status), (422, 422, 201));
    assert_eq!(editor.get("/v1/changes").json()["data"].as_array().unwrap().len(), 1);
});

on_both!(bodies_that_adopted_stay_in_their_order, |service| {
    let editor = service.editor();
    let body = |name: &str| given::organization(&editor, json!({ "name": name })).id();
    let (secretariat, politburo) = (body("Ban Bí thư"), body("Bộ Chính trị"));
    let document = given::document(&editor, json!({ "adopted_by": [politburo, secretariat] }));
    let names = |record: &Value| -> Vec<Value> {
        record["adopted_by"].as_array().unwrap().iter().map(|link| link["title"].clone()).collect()
    };
    assert_eq!(names(&document.body), ["Bộ Chính trị", "Ban Bí thư"]);
    editor.patch(&document.url(), &json!({ "adopted_by": [secretariat, politburo] })).expect(200);
    assert_eq!(names(&editor.get(&document.url()).json()), ["Ban Bí thư", "Bộ Chính trị"]);
    assert_snapshot!(editor.patch(&document.url(), &json!({ "adopted_by": [politburo, 99, politburo] })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/adopted_by/1 points at organization 99, which does not exist.",
      "instance": "/v1/documents/1",
      "errors": [
        {
          "pointer": "/adopted_by/1",
          "code": "does_not_exist",
          "message": "points at organization 99, which does not exist"
        }
      ]
    }
    "#);
    assert_snapshot!(editor.patch(&document.url(), &json!({ "adopted_by": [politburo, politburo] })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/adopted_by/1 names an organization twice.",
      "instance": "/v1/documents/1",
      "errors": [
        {
          "pointer": "/adopted_by/1",
          "code": "inconsistent",
          "message": "names an organization twice"
        }
      ]
    }
    "#);
});

on_both!(body_that_adopted_is_found_as_the_one_that_numbers_is, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    let politburo = given::organization(&editor, json!({ "name": "Bộ Chính trị" })).id();
    given::document(&editor, json!({ "numbering_body": tw, "number": 32, "adopted_by": [politburo] }));
    given::document(&editor, json!({ "numbering_body": tw, "number": 44 }));
    given::document(&editor, json!({ "adopted_by": [politburo] }));
    given::document(&editor, json!({}));
    let by = |filter: &str, body: i64| ids(&editor.get(&format!("/v1/documents?{filter}={body}&sort=id")));
    assert_eq!(by("organization", tw), [1, 2]);
    assert_eq!(by("organization", politburo), [1, 3]);
    assert_eq!(by("numbering_body", politburo), Vec::<i64>::new());
    editor.patch("/v1/documents/3", &json!({ "adopted_by": null })).expect(200);
    assert_eq!(by("organization", politburo), [1]);
    let refused = editor.delete(&format!("/v1/organizations/{politburo}")).expect(409).json();
    assert_eq!(refused["referrers"], json!(["/v1/documents/1"]));
});

on_both!(review_schedule_orders_reviews_after_years, |service| {
    let editor = service.editor();
    let schedule = json!([{ "activity": "interim_review", "years": 5 }, { "activity": "final_review", "years": 10 }]);
    let document = given::document(&editor, json!({ "review_schedule": schedule }));
    assert_eq!(document["review_schedule"], schedule);
    let wrong = json!([{ "activity": "annual_review", "years": 0 }, { "activity": "final_review", "years": 101 }]);
    assert_snapshot!(editor.patch(&document.url(), &json!({ "review_schedule": wrong })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/review_schedule/0/years must be from 1 to 100. /review_schedule/0/activity must be a review. /review_schedule/1/years must be from 1 to 100.",
      "instance": "/v1/documents/1",
      "errors": [
        {
          "pointer": "/review_schedule/0/years",
          "code": "out_of_range",
          "message": "must be from 1 to 100"
        },
        {
          "pointer": "/review_schedule/0/activity",
          "code": "invalid_value",
          "message": "must be a review",
          "allowed": [
            "interim_review",
            "final_review"
          ]
        },
        {
          "pointer": "/review_schedule/1/years",
          "code": "out_of_range",
          "message": "must be from 1 to 100"
        }
      ]
    }
    "#);
    for wrong in [json!([{ "activity": "final_review" }]), json!([{ "years": 5 }]), json!({}), json!([5])] {
        assert_eq!(editor.patch(&document.url(), &json!({ "review_schedule": wrong })).status, 422, "{wrong}");
    }
    let long = vec![json!({ "activity": "final_review", "years": 5 }); 21];
    let refused = editor.patch(&document.url(), &json!({ "review_schedule": long })).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "too_many");
});

on_both!(review_schedule_orders_each_review_once, |service| {
    let editor = service.editor();
    let review = |activity: &str, years: i32| json!({ "activity": activity, "years": years });
    let schedule =
        |last: Value| json!({ "review_schedule": [review("interim_review", 5), review("final_review", 10), last] });
    let document = given::document(&editor, schedule(review("interim_review", 10)));
    let twice = schedule(review("interim_review", 5));
    let refused = editor.patch(&document.url(), &twice).expect(422).json();
    let fault = json!({ "pointer": "/review_schedule/2", "code": "inconsistent", "message": "names a review twice" });
    assert_eq!(refused["errors"], json!([fault]));
    assert_eq!(editor.post("/v1/documents", &given::with(given::document_fields(), twice)).status, 422);
});

on_both!(dates_of_a_document_do_not_contradict_one_another, |service| {
    let editor = service.editor();
    let contradicting = json!({ "adopted_on": "2018-07-06", "effective_on": "2018-08-01", "expires_on": "2018-07-31" });
    let fields = given::with(given::document_fields(), contradicting);
    assert_snapshot!(editor.post("/v1/documents", &fields), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/adopted_on must not be after issued_on (2018-07-05). /expires_on must not be before 2018-08-01.",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "/adopted_on",
          "code": "inconsistent",
          "message": "must not be after issued_on (2018-07-05)"
        },
        {
          "pointer": "/expires_on",
          "code": "inconsistent",
          "message": "must not be before 2018-08-01"
        }
      ]
    }
    "#);
    let adopted = json!({ "kind": "resolution", "adopted_on": "2013-05-11", "issued_on": "2013-06-03" });
    given::document(&editor, adopted);
    let of_year = json!({ "issued_on": "2016-01-01", "issued_on_precision": "year", "adopted_on": "2016-12-31" });
    given::document(&editor, of_year);
    let without_day = json!({ "issued_on": null, "issued_on_precision": "year" });
    let refused = editor.post("/v1/documents", &given::with(given::document_fields(), without_day)).expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/issued_on_precision");
});

on_both!(document_counts_from_the_first_day_that_its_date_and_its_period_allow, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    let post = |number: i32, day: Option<&str>, precision: Option<&str>, period: Option<i32>| {
        let fields = json!({
            "numbering_body": period.map(|_| tw), "number": number, "numbering_period": period,
            "issued_on": day, "issued_on_precision": precision,
        });
        given::document(&editor, fields);
    };
    post(1, None, None, Some(2));
    post(2, None, None, None);
    post(3, Some("2016-01-01"), Some("year"), Some(2));
    post(4, Some("2016-01-01"), Some("month"), Some(2));
    post(5, Some("2016-06-01"), Some("year"), None);
    post(6, Some("2018-05-01"), Some("month"), Some(2));
    post(7, Some("2016-01-27"), Some("day"), Some(2));
    for (day, found) in [
        ("2015-12-31", [].as_slice()),
        ("2016-01-01", &[5]),
        ("2016-01-26", &[5]),
        ("2016-01-27", &[1, 3, 4, 5, 7]),
        ("2018-04-30", &[1, 3, 4, 5, 7]),
        ("2018-05-01", &[1, 3, 4, 5, 6, 7]),
        ("2030-01-01", &[1, 3, 4, 5, 6, 7]),
    ] {
        assert_eq!(ids(&service.public().get(&format!("/v1/documents?as_of={day}&sort=id"))), found, "{day}");
    }
});

on_both!(document_list_is_narrowed_by_each_parameter, |service| {
    let editor = service.editor();
    four_resolutions(&editor);
    let province = given::admin_unit(&editor, json!({})).id();
    let district =
        json!({ "name": "Đông Hưng", "code": "338", "unit_type": "district", "level": "district", "parent": province });
    let district = given::admin_unit(&editor, district).id();
    let committee = given::organization(&editor, json!({ "admin_unit": district, "symbol": "HU" })).id();
    let signer = given::person(&editor, json!({})).id();
    let plan = json!({
        "kind": "plan", "numbering_body": committee, "number": 7, "signer": signer, "expires_on": "2019-12-31",
        "status": "expired", "provenance": "unverified", "title": "Kế hoạch thực hiện Nghị quyết 28",
    });
    given::document(&editor, plan);
    for (query, found) in [
        ("kind=plan,directive", [5].as_slice()),
        ("kind=resolution&number=28", &[1, 2, 3]),
        ("number=29", &[4]),
        ("system=state", &[]),
        ("status=expired", &[5]),
        ("provenance=unverified,secondary", &[5]),
        (&format!("signer={signer}"), &[5]),
        (&format!("admin_unit={province}"), &[5]),
        (&format!("admin_unit={district}"), &[5]),
        ("numbering_period=1", &[1, 4]),
        ("issued_from=2018-05-23&issued_to=2018-07-05", &[2, 5]),
        ("issued_from=2018-05-24", &[3, 5]),
        ("as_of=2018-07-04", &[1, 2, 4]),
        ("as_of=2019-12-31", &[1, 2, 4, 5]),
        ("as_of=2020-01-01", &[1, 2, 4]),
        ("q=ke+hoach+thuc+hien", &[5]),
        ("q=k%E1%BA%BE+HO%E1%BA%A0CH", &[5]),
    ] {
        assert_eq!(ids(&service.public().get(&format!("/v1/documents?{query}&sort=id"))), found, "{query}");
    }
});
