//! What makes a document one and the same: its numbering body, kind, number, suffix and numbering period.

use diesel::connection::SimpleConnection;
use directive_tracker::db::conn::Purpose;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::Service;
use crate::support::given::{self, Record};

/// The fields of 28-NQ/TW of term XII, with others over them.
fn resolution_28(tw: &Record, fields: Value) -> Value {
    let defaults = json!({
        "kind": "resolution",
        "numbering_body": tw.id(),
        "number": 28,
        "title": "Về cải cách chính sách bảo hiểm xã hội",
        "issued_on": "2018-05-23",
    });
    given::with(given::with(given::document_fields(), defaults), fields)
}

/// The body of the State that signs CP.
fn government(editor: &crate::support::Client) -> Record {
    let fields = json!({ "name": "Chính phủ", "kind": "government", "level": "central", "symbol": "CP" });
    given::organization(editor, fields)
}

fn state_resolution(government: &Record, number: i32, issued_on: &str) -> Value {
    json!({
        "system": "state", "kind": "resolution", "numbering_body": government.id(), "number": number,
        "title": "Chương trình hành động", "issued_on": issued_on,
    })
}

on_both!(second_document_of_one_number_and_term_is_refused, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    editor.post("/v1/documents", &resolution_28(&tw, json!({}))).expect(201);
    let again = resolution_28(&tw, json!({ "title": "Về việc khác", "issued_on": "2019-01-02" }));
    assert_snapshot!(editor.post("/v1/documents", &again), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate_document",
      "title": "The document is already recorded",
      "status": 409,
      "code": "duplicate_document",
      "detail": "This numbering body has a document of this kind and number in this period already: 28-NQ/TW Về cải cách chính sách bảo hiểm xã hội.",
      "instance": "/v1/documents",
      "existing": {
        "id": 1,
        "type": "document",
        "url": "/v1/documents/1",
        "title": "28-NQ/TW Về cải cách chính sách bảo hiểm xã hội"
      }
    }
    "#);
    assert_eq!(editor.get("/v1/documents").json()["data"].as_array().unwrap().len(), 1);
});

on_both!(number_of_another_term_is_another_document, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let made: Vec<Value> = ["2013-10-25", "2018-05-23", "2022-11-17"]
        .into_iter()
        .map(|day| editor.post("/v1/documents", &resolution_28(&tw, json!({ "issued_on": day }))).expect(201).json())
        .collect();
    let told: Vec<_> = made.iter().map(|made| (&made["symbol"], &made["numbering_period"]["title"])).collect();
    let symbol = &json!("28-NQ/TW");
    assert_eq!(told, [(symbol, &json!("XI")), (symbol, &json!("XII")), (symbol, &json!("XIII"))]);
});

on_both!(number_of_another_body_is_another_document, |service| {
    let editor = service.editor();
    for name in ["Tỉnh ủy Thái Bình", "Tỉnh ủy Hưng Yên"] {
        let term =
            json!({ "label": "2015-2020", "kind": "term", "valid_from": "2015-10-27", "valid_to": "2020-10-14" });
        let committee = given::organization(&editor, json!({ "name": name, "numbering_periods": [term] }));
        let made = editor.post("/v1/documents", &resolution_28(&committee, json!({}))).expect(201).json();
        assert_eq!((&made["symbol"], &made["identity_complete"]), (&json!("28-NQ/TU"), &json!(true)), "{name}");
    }
});

on_both!(document_without_a_number_is_never_a_duplicate, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let draft = resolution_28(&tw, json!({ "number": null, "status": "draft" }));
    for fields in [draft, json!({ "system": "state", "kind": "decision", "title": "Quyết định kiện toàn" })] {
        for _ in 0..2 {
            let made = editor.post("/v1/documents", &fields).expect(201).json();
            assert_eq!((&made["symbol"], &made["identity_complete"]), (&Value::Null, &json!(false)));
        }
    }
});

on_both!(document_without_a_period_is_no_duplicate_and_says_so, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    for _ in 0..2 {
        let made = editor.post("/v1/documents", &resolution_28(&tw, json!({ "issued_on": null }))).expect(201).json();
        assert_snapshot!(format!("{:#}", made["warnings"]), @r#"
        [
          {
            "code": "identity_incomplete",
            "pointer": "/numbering_period",
            "message": "The numbering period is not known, so that another record of the same document would not be noticed."
          }
        ]
        "#);
    }
});

on_both!(suffix_tells_documents_of_one_number_apart, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let mut symbols = Vec::new();
    for suffix in ["", "a", "b", "X11"] {
        let made = editor.post("/v1/documents", &resolution_28(&tw, json!({ "suffix": suffix }))).expect(201);
        symbols.push(made.json()["symbol"].clone());
    }
    assert_eq!(symbols, ["28-NQ/TW", "28a-NQ/TW", "28b-NQ/TW", "28-NQ/TW-X11"]);
    let again = editor.post("/v1/documents", &resolution_28(&tw, json!({ "suffix": "a" }))).expect(409).json();
    assert_eq!(again["existing"]["title"], "28a-NQ/TW Về cải cách chính sách bảo hiểm xã hội");
});

on_both!(decision_and_regulation_of_one_number_are_noted, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let decision = resolution_28(&tw, json!({ "kind": "decision", "number": 229 }));
    let made = editor.post("/v1/documents", &decision).expect(201).json();
    assert_eq!(made["warnings"], Value::Null);
    let regulation = given::with(decision, json!({ "kind": "regulation" }));
    let made = editor.post("/v1/documents", &regulation).expect(201).json();
    assert_eq!(made["symbol"], "229-QĐ/TW");
    assert_snapshot!(format!("{:#}", made["warnings"]), @r#"
    [
      {
        "code": "same_symbol_other_kind",
        "pointer": "/kind",
        "message": "229-QĐ/TW Về cải cách chính sách bảo hiểm xã hội has the same number and symbol and another kind (decision)."
      }
    ]
    "#);
    // A directive has a series of its own.
    let directive = given::with(regulation, json!({ "kind": "directive" }));
    assert_eq!(editor.post("/v1/documents", &directive).expect(201).json()["warnings"], Value::Null);
});

on_both!(identity_of_a_deleted_document_is_free, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let key = "/v1/documents/by-key/partner/28-nq";
    let put = || editor.request("PUT", key).header("If-None-Match", "*").json(&resolution_28(&tw, json!({}))).send();
    put().expect(201);
    editor.delete("/v1/documents/1").expect(204);
    editor.post("/v1/documents", &resolution_28(&tw, json!({}))).expect(201);
    let revived = put().expect(409).json();
    assert_eq!((&revived["code"], &revived["existing"]["id"]), (&json!("duplicate_document"), &json!(2)));
});

on_both!(patch_makes_no_second_document_of_one_identity, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    editor.post("/v1/documents", &resolution_28(&tw, json!({}))).expect(201);
    editor.post("/v1/documents", &resolution_28(&tw, json!({ "number": 29 }))).expect(201);
    let refused = editor.patch("/v1/documents/2", &json!({ "number": 28 })).expect(409).json();
    assert_eq!((&refused["code"], &refused["existing"]["id"]), (&json!("duplicate_document"), &json!(1)));
    editor.patch("/v1/documents/1", &json!({ "note": "Itself is no duplicate." })).expect(200);
});

on_both!(day_outside_the_given_period_is_refused, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let fields = resolution_28(&tw, json!({ "numbering_period": 2, "issued_on": "2021-01-31" }));
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
      "detail": "/issued_on 2021-01-31 is outside the numbering period XII (2016-01-27 to 2021-01-30).",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "/issued_on",
          "code": "outside_numbering_period",
          "message": "2021-01-31 is outside the numbering period XII (2016-01-27 to 2021-01-30)"
        }
      ]
    }
    "#);
    for (day, status) in [("2016-01-26", 422), ("2016-01-27", 200), ("2021-01-30", 200)] {
        let fields = given::with(fields.clone(), json!({ "issued_on": day }));
        assert_eq!(editor.post("/v1/documents?dry_run=true", &fields).status, status, "{day}");
    }
});

on_both!(period_of_another_body_is_refused, |service| {
    let editor = service.editor();
    given::tw(&editor);
    let other = given::organization(&editor, json!({}));
    let fields = resolution_28(&other, json!({ "numbering_period": 2 }));
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
      "detail": "/numbering_period is a numbering period of another body than numbering_body.",
      "instance": "/v1/documents",
      "errors": [
        {
          "pointer": "/numbering_period",
          "code": "inconsistent",
          "message": "is a numbering period of another body than numbering_body"
        }
      ]
    }
    "#);
});

on_both!(period_without_a_body_is_refused, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let fields = resolution_28(&tw, json!({ "numbering_body": null, "numbering_period": 2 }));
    let refused = editor.post("/v1/documents", &fields).expect(422).json();
    let expected = json!([{
        "pointer": "/numbering_body", "code": "missing", "message": "is needed where there is a numbering_period",
    }]);
    assert_eq!(refused["errors"], expected);
});

on_both!(term_of_a_party_document_follows_from_its_day, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let xiv = json!({ "label": "XIV", "kind": "term", "valid_from": "2026-01-23" });
    editor.post(&format!("{}/numbering-periods", tw.url()), &xiv).expect(201);
    for (day, term) in [
        ("2011-01-17", None),
        ("2011-01-18", Some("XI")),
        ("2016-01-26", Some("XI")),
        ("2016-01-27", Some("XII")),
        ("2021-01-30", Some("XII")),
        ("2021-01-31", Some("XIII")),
        ("2026-01-22", Some("XIII")),
        ("2026-01-23", Some("XIV")),
        ("2026-11-21", Some("XIV")),
    ] {
        let made = editor.post("/v1/documents", &resolution_28(&tw, json!({ "issued_on": day, "number": null })));
        let made = made.expect(201).json();
        assert_eq!(made["numbering_period"]["title"].as_str(), term, "{day}");
    }
});

on_both!(date_of_less_precision_has_a_term_only_where_one_fits, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    for (day, precision, term) in [
        ("2016-01-01", "year", None),
        ("2017-01-01", "year", Some("XII")),
        ("2026-01-01", "year", Some("XIII")),
        ("2016-01-01", "month", None),
        ("2016-02-01", "month", Some("XII")),
        ("2021-01-01", "month", None),
        ("2021-01-30", "day", Some("XII")),
    ] {
        let fields = json!({ "issued_on": day, "issued_on_precision": precision });
        let made = editor.post("/v1/documents?dry_run=true", &resolution_28(&tw, fields)).expect(200).json();
        assert_eq!(made["numbering_period"]["title"].as_str(), term, "{precision} of {day}");
    }
    let year = |period: i64| {
        let fields = json!({ "issued_on": "2016-01-01", "issued_on_precision": "year", "numbering_period": period });
        editor.post("/v1/documents?dry_run=true", &resolution_28(&tw, fields)).status
    };
    assert_eq!((year(1), year(2), year(3)), (200, 200, 422));
});

on_both!(patch_of_the_day_into_another_term_finds_the_term, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let document = given::record(&editor, "documents", &resolution_28(&tw, json!({})));
    for (patch, term) in [
        (json!({ "issued_on": "2022-11-17" }), Some("XIII")),
        (json!({ "issued_on": "2016-01-01", "issued_on_precision": "year" }), None),
        (json!({ "issued_on": "2013-10-25", "issued_on_precision": null }), Some("XI")),
        (json!({ "issued_on": null }), None),
        (json!({ "issued_on": "2018-05-23", "numbering_period": null }), Some("XII")),
    ] {
        let patched = editor.patch(&document.url(), &patch).expect(200).json();
        assert_eq!(patched["numbering_period"]["title"].as_str(), term, "{patch}");
        assert_eq!(patched["identity_complete"], term.is_some(), "{patch}");
    }
    // It is another document then, and there may be one already.
    editor.post("/v1/documents", &resolution_28(&tw, json!({ "issued_on": "2021-02-01" }))).expect(201);
    let refused = editor.patch(&document.url(), &json!({ "issued_on": "2022-11-17" })).expect(409).json();
    assert_eq!(refused["existing"]["id"], 2);
});

on_both!(patch_of_the_body_finds_the_period_of_that_body, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let term = json!({ "label": "2015-2020", "kind": "term", "valid_from": "2015-10-27", "valid_to": "2020-10-14" });
    let committee = given::organization(&editor, json!({ "numbering_periods": [term] }));
    let document = given::record(&editor, "documents", &resolution_28(&tw, json!({})));
    let patched = editor.patch(&document.url(), &json!({ "numbering_body": committee.id() })).expect(200).json();
    let told = ["symbol", "identity_complete"].map(|field| patched[field].clone());
    assert_eq!((told, &patched["numbering_period"]["title"]), ([json!("28-NQ/TU"), json!(true)], &json!("2015-2020")));
    let patched = editor.patch(&document.url(), &json!({ "numbering_body": null })).expect(200).json();
    assert_eq!((&patched["numbering_period"], &patched["symbol"]), (&Value::Null, &json!("28-NQ/TU")));
});

on_both!(year_of_a_state_document_follows_its_day, |service| {
    let editor = service.editor();
    let government = government(&editor);
    let decree = given::with(state_resolution(&government, 30, "2020-03-05"), json!({ "kind": "decree" }));
    let document = given::record(&editor, "documents", &decree);
    let patched = editor.patch(&document.url(), &json!({ "issued_on": "2021-03-05" })).expect(200).json();
    assert_eq!((&patched["symbol"], &patched["numbering_period"]["title"]), (&json!("30/2021/NĐ-CP"), &json!("2021")));
});

on_both!(period_that_was_chosen_stays_when_the_day_changes, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let undated = resolution_28(&tw, json!({ "issued_on": null, "numbering_period": 2 }));
    let document = given::record(&editor, "documents", &undated);
    let refused = editor.patch(&document.url(), &json!({ "issued_on": "2022-11-17" })).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "outside_numbering_period");
    let dated = json!({ "issued_on": "2016-01-01", "issued_on_precision": "year" });
    let patched = editor.patch(&document.url(), &dated).expect(200).json();
    assert_eq!(patched["numbering_period"]["title"], "XII");
});

on_both!(composed_symbol_follows_its_parts, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let document = given::record(&editor, "documents", &resolution_28(&tw, json!({})));
    for (patch, symbol) in [
        (json!({ "number": 29 }), "29-NQ/TW"),
        (json!({ "kind": "conclusion" }), "29-KL/TW"),
        (json!({ "suffix": "a" }), "29a-KL/TW"),
        (json!({ "suffix": "X11" }), "29-KL/TW-X11"),
        // A kind without a symbol composes none, and the document is still called so.
        (json!({ "kind": "appeal" }), "29-KL/TW-X11"),
        (json!({ "symbol": "29-LKG/TW" }), "29-LKG/TW"),
        (json!({ "kind": "conclusion", "number": 30 }), "29-LKG/TW"),
        (json!({ "symbol": null }), "30-KL/TW-X11"),
    ] {
        let patched = editor.patch(&document.url(), &patch).expect(200).json();
        assert_eq!(patched["symbol"], symbol, "{patch}");
    }
});

/// Takes the period from every document, as documents had none that were written before periods took them in.
fn forget_periods(service: &Service) {
    let forget = "UPDATE documents SET numbering_period_id = NULL, identity_complete = FALSE";
    service.storage.connect(Purpose::Write).batch_execute(forget).unwrap();
}

on_both!(patch_that_leaves_the_identity_finds_nothing_anew, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    for day in ["2013-10-25", "2018-05-23"] {
        editor.post("/v1/documents", &resolution_28(&tw, json!({ "issued_on": day }))).expect(201);
    }
    forget_periods(service);
    let noted = editor.patch("/v1/documents/1", &json!({ "note": "Checked." })).expect(200).json();
    assert_eq!((&noted["numbering_period"], &noted["version"]), (&Value::Null, &json!(2)));
    let found = editor.patch("/v1/documents/1", &json!({ "issued_on": "2013-10-26" })).expect(200).json();
    assert_eq!(found["numbering_period"]["title"], "XI");
});

on_both!(year_of_a_state_body_is_made_with_its_first_document, |service| {
    let editor = service.editor();
    let government = government(&editor);
    let made = editor.post("/v1/documents", &state_resolution(&government, 88, "2017-09-13")).expect(201).json();
    let second = editor.post("/v1/documents", &state_resolution(&government, 89, "2017-01-01")).expect(201).json();
    assert_eq!((&made["symbol"], &second["symbol"]), (&json!("88/NQ-CP"), &json!("89/NQ-CP")));
    assert_eq!(made["numbering_period"], second["numbering_period"]);
    let period = editor.get(made["numbering_period"]["url"].as_str().unwrap()).expect(200).json();
    let told = ["label", "kind", "valid_from", "valid_to"].map(|field| period[field].clone());
    assert_eq!(told, ["2017", "year", "2017-01-01", "2017-12-31"]);
    assert_eq!(period["organization"]["id"], government.id());
});

on_both!(year_of_a_state_body_is_logged_with_its_first_document, |service| {
    let editor = service.editor();
    let government = government(&editor);
    editor.post("/v1/documents", &state_resolution(&government, 88, "2017-09-13")).expect(201);
    editor.post("/v1/documents", &state_resolution(&government, 89, "2017-10-13")).expect(201);
    let changes = editor.get("/v1/changes?type=numbering_period,document").json();
    let changes = changes["data"].as_array().unwrap();
    let types: Vec<_> = changes.iter().map(|change| change["record"]["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["numbering_period", "document", "document"]);
    assert_eq!(changes[0]["request_id"], changes[1]["request_id"]);
    assert_ne!(changes[1]["request_id"], changes[2]["request_id"]);
});

on_both!(number_of_a_state_body_is_its_own_each_year, |service| {
    let editor = service.editor();
    let government = government(&editor);
    editor.post("/v1/documents", &state_resolution(&government, 88, "2017-12-31")).expect(201);
    editor.post("/v1/documents", &state_resolution(&government, 88, "2018-01-01")).expect(201);
    let refused = editor.post("/v1/documents", &state_resolution(&government, 88, "2017-01-01")).expect(409).json();
    assert_eq!((&refused["code"], &refused["existing"]["id"]), (&json!("duplicate_document"), &json!(1)));
    let year = json!({ "issued_on_precision": "year" });
    let fields = given::with(state_resolution(&government, 90, "2018-01-01"), year);
    assert_eq!(editor.post("/v1/documents", &fields).expect(201).json()["numbering_period"]["title"], "2018");
});

on_both!(refused_or_rehearsed_document_makes_no_year, |service| {
    let editor = service.editor();
    let government = government(&editor);
    let fields = state_resolution(&government, 88, "2017-09-13");
    editor.post("/v1/documents?dry_run=true", &fields).expect(200);
    let self_contradicting = given::with(fields, json!({ "expires_on": "2017-09-12" }));
    editor.post("/v1/documents", &self_contradicting).expect(422);
    assert_eq!(editor.get("/v1/numbering-periods").json()["data"], json!([]));
});

on_both!(identity_is_told_and_never_taken, |service| {
    let editor = service.editor();
    let document = given::conclusion_32(&editor);
    assert_eq!(document["identity_complete"], true);
    assert_snapshot!(editor.patch(&document.url(), &json!({ "identity_complete": false })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/identity_complete is set by the service and may not be sent.",
      "instance": "/v1/documents/1",
      "errors": [
        {
          "pointer": "/identity_complete",
          "code": "read_only",
          "message": "is set by the service and may not be sent"
        }
      ]
    }
    "#);
    let patched = editor.patch(&document.url(), &json!({ "number": null, "symbol": null })).expect(200).json();
    assert_eq!(patched["identity_complete"], false);
    let listed = |complete: bool| {
        let list = editor.get(&format!("/v1/documents?identity_complete={complete}")).json();
        list["data"].as_array().unwrap().len()
    };
    assert_eq!((listed(true), listed(false)), (0, 1));
});

on_both!(document_of_an_unusual_issuer_is_noted, |service| {
    let editor = service.editor();
    let body = |kind: &str, level: &str| {
        given::organization(&editor, json!({ "name": kind, "kind": kind, "level": level, "symbol": null })).id()
    };
    let committee = body("party_committee", "province");
    let standing = body("standing_committee", "province");
    let ward = body("party_committee", "commune");
    let ministry = body("ministry", "central");
    let secretariat = body("secretariat", "central");
    let politburo = body("politburo", "central");
    let unusual =
        |name: &str, kind: &str| Some(format!("/kind {name} does not usually issue documents of the kind {kind}."));
    for (system, kind, numbering_body, adopted_by, warning) in [
        ("party", "directive", committee, vec![], None),
        ("party", "directive", committee, vec![standing], None),
        ("party", "directive", committee, vec![committee], unusual("party_committee", "directive")),
        ("party", "communique", committee, vec![standing], unusual("standing_committee", "communique")),
        ("party", "directive", ward, vec![], unusual("party_committee", "directive")),
        ("party", "guidance", ward, vec![], None),
        ("party", "decree", committee, vec![], unusual("party_committee", "decree")),
        ("party", "resolution", politburo, vec![secretariat], unusual("secretariat", "resolution")),
        ("party", "resolution", politburo, vec![secretariat, politburo], None),
        ("state", "law", ministry, vec![], unusual("ministry", "law")),
        ("state", "circular_letter", ministry, vec![], unusual("ministry", "circular_letter")),
        (
            "party",
            "plan",
            ministry,
            vec![],
            Some("/system ministry is a body of the State and not of the Party.".to_owned()),
        ),
        (
            "state",
            "plan",
            committee,
            vec![],
            Some("/system party_committee is a body of the Party and not of the State.".to_owned()),
        ),
    ] {
        let fields = json!({
            "system": system, "kind": kind, "numbering_body": numbering_body, "adopted_by": adopted_by, "title": "Về việc",
        });
        let made = editor.post("/v1/documents?dry_run=true", &fields).expect(200).json();
        let warnings = made["warnings"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert!(warnings.iter().all(|warning| warning["code"] == "unusual_issuer"), "{made}");
        let told: Vec<String> = warnings
            .iter()
            .map(|warning| ["pointer", "message"].map(|field| warning[field].as_str().unwrap()).join(" "))
            .collect();
        assert_eq!(told, warning.into_iter().collect::<Vec<_>>(), "{fields}");
    }
});
