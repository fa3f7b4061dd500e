//! What is refused, and how.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::given;

const OVERVIEWS: [&str; 5] = ["implementation", "gaps?milestone=disseminated", "lineage", "cascade", "timeline"];

on_both!(nothing_is_told_of_a_document_that_is_not_there, |service| {
    let editor = service.editor();
    given::document(&editor, json!({ "visibility": "internal" }));
    given::document(&editor, json!({}));
    editor.delete("/v1/documents/2").expect(204);
    for overview in OVERVIEWS {
        let status = |id: i64| service.public().get(&format!("/v1/documents/{id}/{overview}")).status;
        assert_eq!([status(1), status(2), status(3)], [404, 410, 404], "{overview}");
        let internal = service.reader().get(&format!("/v1/documents/1/{overview}"));
        assert_eq!(internal.status, 200, "{overview}");
    }
    assert_snapshot!(service.public().get("/v1/documents/3/lineage"), @r#"
    404
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#not_found",
      "title": "There is no such thing here",
      "status": 404,
      "code": "not_found",
      "detail": "There is nothing at this address, or you may not see it.",
      "instance": "/v1/documents/3/lineage"
    }
    "#);
});

on_both!(unknown_parameter_is_refused_with_the_likeliest, |service| {
    given::document(&service.editor(), json!({}));
    assert_snapshot!(service.public().get("/v1/documents/1/implementation?milestones=disseminated"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "There is no parameter milestones here.",
      "instance": "/v1/documents/1/implementation",
      "errors": [
        {
          "parameter": "milestones",
          "code": "unknown_parameter",
          "message": "is not known here",
          "allowed": [
            "milestone",
            "level",
            "admin_unit",
            "as_of",
            "units",
            "fields",
            "format",
            "csv",
            "labels"
          ]
        }
      ],
      "did_you_mean": "milestone"
    }
    "#);
    for overview in OVERVIEWS {
        let separator = if overview.contains('?') { '&' } else { '?' };
        let refused = service.public().get(&format!("/v1/documents/1/{overview}{separator}sort=id")).expect(400).json();
        assert_eq!(refused["errors"][0]["code"], "unknown_parameter", "{overview}");
    }
});

on_both!(gaps_are_those_of_a_step, |service| {
    given::document(&service.editor(), json!({}));
    assert_snapshot!(service.public().get("/v1/documents/1/gaps"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter milestone is required.",
      "instance": "/v1/documents/1/gaps",
      "errors": [
        {
          "parameter": "milestone",
          "code": "missing",
          "message": "is required"
        }
      ]
    }
    "#);
});

on_both!(depth_has_its_bounds, |service| {
    given::document(&service.editor(), json!({}));
    assert_snapshot!(service.public().get("/v1/documents/1/cascade?depth=11"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter depth must be from 1 to 10.",
      "instance": "/v1/documents/1/cascade",
      "errors": [
        {
          "parameter": "depth",
          "code": "out_of_range",
          "message": "must be from 1 to 10"
        }
      ]
    }
    "#);
    for path in ["lineage?depth=0", "lineage?depth=6", "cascade?depth=0"] {
        let refused = service.public().get(&format!("/v1/documents/1/{path}")).expect(400).json();
        assert_eq!(refused["errors"][0]["code"], "out_of_range", "{path}");
    }
});

on_both!(fields_are_chosen_of_rows_and_not_of_the_object, |service| {
    given::document(&service.editor(), json!({}));
    let path = "/v1/documents/1/lineage?fields=kind,document";
    assert_snapshot!(service.public().get(path), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter fields chooses the fields of rows; format=csv, ndjson or xlsx asks for rows.",
      "instance": "/v1/documents/1/lineage",
      "errors": [
        {
          "parameter": "fields",
          "code": "inconsistent",
          "message": "chooses the fields of rows; format=csv, ndjson or xlsx asks for rows"
        }
      ]
    }
    "#);
    let path = "/v1/documents/1/lineage?format=csv&fields=kind,documents";
    assert_snapshot!(service.public().get(path), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter fields cannot be \"documents\", which no column shows.",
      "instance": "/v1/documents/1/lineage",
      "errors": [
        {
          "parameter": "fields",
          "code": "unknown_code",
          "message": "cannot be \"documents\", which no column shows",
          "allowed": [
            "depth",
            "direction",
            "kind",
            "near",
            "document",
            "issued_on",
            "stated_on",
            "in_force",
            "reason",
            "on",
            "by",
            "document_link"
          ]
        }
      ]
    }
    "#);
});

on_both!(unit_that_is_not_there_is_refused, |service| {
    let editor = service.editor();
    given::document(&editor, json!({}));
    given::admin_unit(&editor, json!({ "visibility": "internal" }));
    assert_snapshot!(service.public().get("/v1/documents/1/implementation?admin_unit=1"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter admin_unit names no administrative unit: there is none with the number 1.",
      "instance": "/v1/documents/1/implementation",
      "errors": [
        {
          "parameter": "admin_unit",
          "code": "does_not_exist",
          "message": "names no administrative unit: there is none with the number 1"
        }
      ]
    }
    "#);
    for overview in ["documents/1/gaps?milestone=disseminated", "matrix?documents=1", "reports/tasks?group_by=lead"] {
        let refused = service.public().get(&format!("/v1/{overview}&admin_unit=1")).expect(400).json();
        assert_eq!(refused["errors"][0]["code"], "does_not_exist", "{overview}");
        service.reader().get(&format!("/v1/{overview}&admin_unit=1")).expect(200);
    }
});
