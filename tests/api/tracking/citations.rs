//! Which documents a text cites: what is refused, who sees what, in which forms, and what is never guessed.

use insta::assert_snapshot;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::support::{Client, Service, given};

/// The address that asks about a text.
pub fn path(text: &str, question: &str) -> String {
    format!("/v1/citations?text={}{question}", utf8_percent_encode(text, NON_ALPHANUMERIC))
}

/// What is told of each citation: `Chỉ thị 46: resolved | 2015-06-22 +number +review_years | 2010-07-27 +number -title`.
pub fn told(client: &Client, text: &str, as_of: &str) -> Vec<String> {
    let answer = client.get(&path(text, &format!("&as_of={as_of}"))).expect(200).json();
    let codes = |of: &Value, sign: &str| {
        let codes = of.as_array().unwrap().iter().map(|code| format!(" {sign}{}", code.as_str().unwrap()));
        codes.collect::<String>()
    };
    let candidate = |candidate: &Value| {
        let on = candidate["issued_on"].as_str().unwrap_or("-");
        let reasons = [codes(&candidate["reasons"], "+"), codes(&candidate["contradicted_by"], "-")].concat();
        format!(" | {on}{reasons}")
    };
    let citation = |citation: &Value| {
        let candidates: String = citation["candidates"].as_array().unwrap().iter().map(candidate).collect();
        format!("{}: {}{candidates}", citation["quote"].as_str().unwrap(), citation["verdict"].as_str().unwrap())
    };
    answer["citations"].as_array().unwrap().iter().map(citation).collect()
}

/// The register of the Centre with its bodies, and 32-KL/TW of the Politburo.
fn given_conclusion(service: &Service) -> (Client, i64, i64) {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    let fields = json!({ "name": "Bộ Chính trị", "kind": "politburo", "level": "central", "symbol": null });
    let politburo = given::organization(&editor, fields).id();
    given::document(&editor, json!({ "numbering_body": tw, "number": 32, "adopted_by": [politburo] }));
    (editor, tw, politburo)
}

on_both!(a_citation_is_told_with_its_candidates_and_why, |service| {
    given_conclusion(service);
    let text = "Quán triệt Kết luận số 32 của Bộ Chính trị,\nKết luận số 33";
    assert_snapshot!(service.public().get(&path(text, "&as_of=2018-07-16")), @r#"
    200
    cache-control: no-cache
    content-type: application/json
    etag: "2d0f161aa841d1d2"
    vary: Authorization, Accept, Accept-Encoding

    {
      "as_of": "2018-07-16",
      "citations": [
        {
          "offset": 11,
          "length": 31,
          "quote": "Kết luận số 32 của Bộ Chính trị",
          "kind": "conclusion",
          "number": 32,
          "suffix": "",
          "symbol": null,
          "issued_on": null,
          "issued_on_precision": null,
          "year_inferred": false,
          "body": "Bộ Chính trị",
          "term": null,
          "review_years": null,
          "title_as_cited": null,
          "verdict": "resolved",
          "truncated": false,
          "candidates": [
            {
              "document": {
                "id": 1,
                "type": "document",
                "url": "/v1/documents/1",
                "title": "32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây"
              },
              "issued_on": "2018-07-05",
              "issued_on_precision": null,
              "numbering_period": {
                "id": 2,
                "type": "numbering_period",
                "url": "/v1/numbering-periods/2",
                "title": "XII"
              },
              "reasons": [
                "number",
                "body"
              ],
              "contradicted_by": []
            }
          ]
        },
        {
          "offset": 44,
          "length": 14,
          "quote": "Kết luận số 33",
          "kind": "conclusion",
          "number": 33,
          "suffix": "",
          "symbol": null,
          "issued_on": null,
          "issued_on_precision": null,
          "year_inferred": false,
          "body": null,
          "term": null,
          "review_years": null,
          "title_as_cited": null,
          "verdict": "unknown",
          "truncated": false,
          "candidates": []
        }
      ]
    }
    "#);
});

on_both!(line_of_a_table_is_a_candidate_or_a_citation_without, |service| {
    given_conclusion(service);
    let text = "Kết luận số 32 của Bộ Chính trị và Kết luận số 33";
    let question = "&as_of=2018-07-16&csv=raw&format=";
    assert_snapshot!(service.public().get(&path(text, &format!("{question}csv"))).expect(200).text(), @r#"
    offset,length,quote,kind,number,suffix,symbol,body,term,review_years,title_as_cited,verdict,rank,document_id,document_title,issued_on,numbering_period_id,numbering_period_title,reasons,contradicted_by
    0,31,Kết luận số 32 của Bộ Chính trị,conclusion,32,,,Bộ Chính trị,,,,resolved,1,1,32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây,2018-07-05,2,XII,"[""number"",""body""]",[]
    35,14,Kết luận số 33,conclusion,33,,,,,,,unknown,,,,,,,[],[]
    "#);
    let labelled = service.public().get(&path(text, "&as_of=2018-07-16&format=csv&labels=vi")).expect(200);
    assert_snapshot!(labelled.text(), @r#"
    ﻿Vị trí bắt đầu,Độ dài (ký tự),Trích nguyên văn,Loại văn bản,Số,Phần thêm sau số,Ký hiệu,Cơ quan ban hành như được trích dẫn,"Nhiệm kỳ, khóa","Số năm sơ kết, tổng kết",Tên văn bản như được trích dẫn,Mức độ xác định,Thứ tự,Văn bản (mã số),Văn bản,Ngày ban hành,Kỳ đánh số (mã số),Kỳ đánh số,Căn cứ,Điểm không khớp
    0,31,Kết luận số 32 của Bộ Chính trị,Kết luận,32,,,Bộ Chính trị,,,,xác định được,1,1,32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây,2018-07-05,2,XII,loại văn bản và số; cơ quan ban hành,
    35,14,Kết luận số 33,Kết luận,33,,,,,,,không có văn bản nào được ghi nhận,,,,,,,,
    "#);
    let lines = service.public().get(&path(text, "&as_of=2018-07-16&format=ndjson")).expect(200);
    assert_eq!(lines.text().lines().count(), 3);
    service.public().get(&path(text, "&format=xlsx")).expect(200);
});

on_both!(internal_documents_and_bodies_are_not_told_to_the_public, |service| {
    let (editor, tw, politburo) = given_conclusion(service);
    let internal = json!({ "numbering_body": tw, "number": 33, "visibility": "internal", "adopted_by": [politburo] });
    given::document(&editor, internal);
    let cited = "Kết luận số 32 của Bộ Chính trị, Kết luận số 33 của Bộ Chính trị";
    let [public, reader] = [service.public(), service.reader()].map(|client| told(&client, cited, "2018-07-16"));
    assert_eq!(public[1], "Kết luận số 33 của Bộ Chính trị: unknown");
    assert_eq!(reader[1], "Kết luận số 33 của Bộ Chính trị: resolved | 2018-07-05 +number +body");
    editor.patch(&format!("/v1/organizations/{politburo}"), &json!({ "visibility": "internal" })).expect(200);
    let [public, reader] = [service.public(), service.reader()].map(|client| told(&client, cited, "2018-07-16"));
    assert_eq!(public[0], "Kết luận số 32 của Bộ Chính trị: unconfirmed | 2018-07-05 +number");
    assert_eq!(reader[0], "Kết luận số 32 của Bộ Chính trị: resolved | 2018-07-05 +number +body");
});

on_both!(a_body_that_is_not_told_contradicts_nothing, |service| {
    let (editor, _, politburo) = given_conclusion(service);
    let cited = "Kết luận số 32 của Ban Bí thư";
    assert_eq!(told(&editor, cited, "2018-07-16"), [format!("{cited}: contradicted | 2018-07-05 +number -body")]);
    editor.patch(&format!("/v1/organizations/{politburo}"), &json!({ "visibility": "internal" })).expect(200);
    assert_eq!(told(&service.public(), cited, "2018-07-16"), [format!("{cited}: unconfirmed | 2018-07-05 +number")]);
});

on_both!(what_was_not_there_on_the_day_is_no_candidate, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor).id();
    let numbered = |fields: Value| {
        let defaults = json!({ "numbering_body": tw, "number": 32 });
        given::document(&editor, given::with(defaults, fields));
    };
    numbered(json!({ "issued_on": "2018-07-05" }));
    let undated = json!({
        "system": "party", "kind": "conclusion", "title": "Về", "number": 32, "numbering_body": tw, "numbering_period": 3,
    });
    given::record(&editor, "documents", &undated);
    numbered(json!({ "kind": "directive", "issued_on": "2018-07-05", "status": "draft" }));
    let gone = json!({ "kind": "resolution", "numbering_body": tw, "number": 32, "issued_on": "2018-07-05" });
    let gone = given::document(&editor, gone);
    editor.delete(&gone.url()).expect(204);
    let cited = "Kết luận số 32";
    assert_eq!(told(&editor, cited, "2018-07-04"), ["Kết luận số 32: unknown"]);
    assert_eq!(told(&editor, cited, "2018-07-05"), ["Kết luận số 32: unconfirmed | 2018-07-05 +number"]);
    let later = "Kết luận số 32: ambiguous | 2018-07-05 +number +latest | - +number";
    assert_eq!(told(&editor, cited, "2021-01-31"), [later]);
    assert_eq!(
        told(&editor, "Chỉ thị 32; Nghị quyết 32", "2021-01-31"),
        ["Chỉ thị 32: unknown", "Nghị quyết 32: unknown"]
    );
    let today = editor.get(&path(cited, "")).expect(200).json();
    assert_eq!(today["citations"][0]["candidates"].as_array().unwrap().len(), 2, "as of today, without a day");
});

on_both!(a_symbol_outweighs_the_word_for_its_kind, |service| {
    given_conclusion(service);
    assert_eq!(
        told(&service.public(), "Chỉ thị số 32 – KL/T.Ư của Bộ Chính trị", "2018-07-16"),
        ["Chỉ thị số 32 – KL/T.Ư của Bộ Chính trị: resolved | 2018-07-05 +symbol +body -kind"]
    );
    assert_eq!(told(&service.public(), "32-KL/TU", "2018-07-16"), ["32-KL/TU: unknown"]);
});

on_both!(of_many_candidates_the_first_twenty_are_told, |service| {
    let editor = service.editor();
    for at in 1..=21 {
        let body = given::organization(&editor, json!({ "name": format!("Tỉnh ủy {at}") })).id();
        given::document(&editor, json!({ "numbering_body": body, "number": 7 }));
    }
    let answer = editor.get(&path("Kết luận số 7 của Tỉnh ủy 21", "&as_of=2018-07-16")).expect(200).json();
    let citation = &answer["citations"][0];
    assert_eq!(citation["candidates"].as_array().unwrap().len(), 20);
    assert_eq!((&citation["truncated"], &citation["verdict"]), (&json!(true), &json!("ambiguous")));
});

on_both!(text_without_a_citation_has_none, |service| {
    assert_snapshot!(service.public().get(&path("Kế hoạch 5 năm\n\nđạt 98,3%", "&as_of=2018-07-16")).text(), @r#"{"as_of":"2018-07-16","citations":[]}"#);
});

on_both!(text_has_its_bounds, |service| {
    let client = service.public();
    assert_snapshot!(client.get("/v1/citations"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter text is required.",
      "instance": "/v1/citations",
      "errors": [
        {
          "parameter": "text",
          "code": "missing",
          "message": "is required"
        }
      ]
    }
    "#);
    assert_snapshot!(client.get(&format!("/v1/citations?text={}", "x".repeat(5001))).text(), @r#"{"type":"/problems#invalid_parameter","title":"A parameter is wrong","status":400,"code":"invalid_parameter","detail":"The parameter text is longer than 5000 characters.","instance":"/v1/citations","errors":[{"parameter":"text","code":"too_long","message":"is longer than 5000 characters"}]}"#);
    assert_snapshot!(client.get("/v1/citations?text=Ch%E1%BB%89+th%E1%BB%8B%E2%80%8B+48").text(), @r#"{"type":"/problems#invalid_parameter","title":"A parameter is wrong","status":400,"code":"invalid_parameter","detail":"The parameter text has the invisible character U+200B at character 8, which is not allowed.","instance":"/v1/citations","errors":[{"parameter":"text","code":"forbidden_character","message":"has the invisible character U+200B at character 8, which is not allowed"}]}"#);
    let code = |path: &str| client.get(path).expect(400).json()["errors"][0]["code"].clone();
    assert_eq!(code("/v1/citations?text="), "empty");
    assert_eq!(code("/v1/citations?text=+%0A"), "empty");
    assert_eq!(code("/v1/citations?text=48&as_of=2018-02-30"), "invalid_date");
    assert_eq!(code("/v1/citations?text=48&on=2018-02-03"), "unknown_parameter");
    assert_eq!(code("/v1/citations?text=48&as_of=2018%0A02"), "forbidden_character");
    // As many characters as may be, of which each takes twelve in an address.
    let longest = "👍".repeat(5000);
    client.get(&format!("/v1/citations?text={}", utf8_percent_encode(&longest, NON_ALPHANUMERIC))).expect(200);
});

on_both!(text_is_composed_before_places_are_counted, |service| {
    given_conclusion(service);
    // The first letters as macOS writes them.
    let answer = service.public().get(&path(" Ke\u{302}\u{301}t luận: Kết luận số 32", "")).expect(200).json();
    let citation = &answer["citations"][0];
    assert_eq!((&citation["offset"], &citation["length"]), (&json!(10), &json!(14)));
});
