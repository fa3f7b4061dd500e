//! What a query is told that asks for what cannot be: the exact answers.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::given;

on_both!(faults_of_parameters_are_told_as_they_are, |service| {
    let get = |query: &str| service.public().get(&format!("/v1/documents?{query}"));
    assert_snapshot!(get("issued_from=2026-02-30"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter issued_from is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "issued_from",
          "code": "invalid_date",
          "message": "is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD"
        }
      ]
    }
    "#);
    assert_snapshot!(get("kind=directive,decree"), @r#"
    200
    cache-control: no-cache
    content-type: application/json
    etag: "71ba8ceeddb81cd6"
    link: </v1/documents?kind=directive,decree>; rel="first"
    vary: Authorization, Accept, Accept-Encoding

    {
      "data": [],
      "page": {
        "next": null,
        "limit": 50
      },
      "links": {
        "first": "/v1/documents?kind=directive,decree",
        "next": null
      }
    }
    "#);
    assert_snapshot!(get("organization=x"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter organization is not a whole number from 1 to 9223372036854775807.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "organization",
          "code": "invalid_id",
          "message": "is not a whole number from 1 to 9223372036854775807"
        }
      ]
    }
    "#);
    assert_snapshot!(get("number=1.5"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter number is not a whole number that fits here.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "number",
          "code": "invalid_number",
          "message": "is not a whole number that fits here"
        }
      ]
    }
    "#);
    assert_snapshot!(get("identity_complete=yes"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter identity_complete is neither true nor false.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "identity_complete",
          "code": "wrong_type",
          "message": "is neither true nor false",
          "allowed": [
            "true",
            "false"
          ]
        }
      ]
    }
    "#);
    assert_snapshot!(get("q=%25%25"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter q has neither a letter nor a digit.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "q",
          "code": "invalid_value",
          "message": "has neither a letter nor a digit"
        }
      ]
    }
    "#);
    assert_snapshot!(get("symbol=a%00b"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter symbol has the control character U+0000 at character 2, which is not allowed.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "symbol",
          "code": "forbidden_character",
          "message": "has the control character U+0000 at character 2, which is not allowed"
        }
      ]
    }
    "#);
    assert_snapshot!(get("kind=plan&kind=directive"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter kind is given more than once.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "kind",
          "code": "duplicate_parameter",
          "message": "is given more than once"
        }
      ]
    }
    "#);
    assert_snapshot!(get("kind="), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter kind has no value.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "kind",
          "code": "empty",
          "message": "has no value"
        }
      ]
    }
    "#);
    assert_snapshot!(get("q=%ff"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#malformed_request",
      "title": "The request cannot be read",
      "status": 400,
      "code": "malformed_request",
      "detail": "The query is not percent-encoded UTF-8.",
      "instance": "/v1/documents"
    }
    "#);
});

on_both!(symbol_of_several_documents_is_ambiguous_elsewhere, |service| {
    let editor = service.editor();
    for year in ["2017", "2021"] {
        given::document(&editor, json!({ "symbol": "05-CT/TW", "issued_on": format!("{year}-01-01") }));
    }
    let hidden = json!({ "symbol": "06-CT/TW", "visibility": "internal" });
    given::document(&editor, hidden);
    given::document(&editor, json!({ "symbol": "06-CT/TW" }));
    assert_snapshot!(service.public().get("/v1/conferences?document=05-CT/TW"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#ambiguous_document",
      "title": "The symbol means several documents",
      "status": 400,
      "code": "ambiguous_document",
      "detail": "2 documents have the symbol 05-CT/TW; give the id of one.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "parameter": "document",
          "code": "invalid_value",
          "message": "is ambiguous",
          "allowed": [
            "1",
            "2"
          ]
        }
      ],
      "candidates": [
        {
          "id": 1,
          "type": "document",
          "url": "/v1/documents/1",
          "title": "05-CT/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây",
          "issued_on": "2017-01-01",
          "numbering_period": null
        },
        {
          "id": 2,
          "type": "document",
          "url": "/v1/documents/2",
          "title": "05-CT/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây",
          "issued_on": "2021-01-01",
          "numbering_period": null
        }
      ]
    }
    "#);
    assert_snapshot!(service.public().get("/v1/conferences?document=07-CT/TW"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter document names no document: there is none with the symbol 07-CT/TW.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "parameter": "document",
          "code": "does_not_exist",
          "message": "names no document: there is none with the symbol 07-CT/TW"
        }
      ]
    }
    "#);
    assert_eq!(service.public().get("/v1/conferences?document=06/CT-T.%C6%AF").status, 200, "one that may be seen");
    assert_eq!(editor.get("/v1/conferences?document=06-CT/TW").json()["code"], "ambiguous_document");
    assert_eq!(editor.get("/v1/documents?symbol=05-ct/tw").json()["data"].as_array().unwrap().len(), 2);
});
