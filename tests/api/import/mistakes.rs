//! A file with every kind of mistake, each told with its line, and requests that are refused as a whole.

use std::time::{Duration, Instant};

use insta::assert_snapshot;
use serde_json::json;

use super::{NDJSON, import, lines, person, results, send, sums, told};
use crate::bad_input::writes;
use crate::support::given;

on_both!(each_mistake_is_told_with_its_line_and_harms_no_other_row, |service| {
    let editor = service.editor();
    let tw = given::tw(&editor);
    let document = |fields| given::with(given::document_fields(), given::with(json!({ "type": "document" }), fields));
    let numbered = document(json!({ "numbering_body": tw.id(), "number": 32 }));
    let before = writes(service);
    let mut file = Vec::new();
    for line in [
        numbered.to_string(),
        String::new(),
        numbered.to_string(),
        "{\"type\": \"person\", \"name\": \"An\"".to_owned(),
        "[1, 2]".to_owned(),
        json!({ "type": "planet", "name": "An" }).to_string(),
        json!({ "name": "An" }).to_string(),
        json!({ "type": "person", "name": "An", "nme": "x" }).to_string(),
        json!({ "type": "person", "name": 7, "note": false }).to_string(),
        json!({ "type": "person", "id": 99, "name": "An" }).to_string(),
        json!({ "type": "person", "id": "x", "name": "An" }).to_string(),
        json!({ "type": "person", "external_key": { "system": "partner", "key": "a b" }, "name": "An" }).to_string(),
        json!({ "type": "position", "person": 99, "title": "Bí thư" }).to_string(),
        document(json!({ "signer": { "id": 1, "type": "organization" }, "issued_on": "2018-02-30" })).to_string(),
        "{\"type\": \"person\", \"name\": \"An\", \"name\": \"Bình\"}".to_owned(),
        format!("{{\"type\": \"person\", \"name\": \"An\"{}}}", " ".repeat(65_536)),
        "  \r".to_owned(),
        format!("{}\r", json!({ "type": "person", "name": "Chi" })),
    ] {
        file.extend_from_slice(line.as_bytes());
        file.push(b'\n');
    }
    file.extend_from_slice(b"{\"type\": \"person\", \"name\": \"\xff\"}");
    assert_snapshot!(send(&editor, "", file), @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":1,"result":"created","type":"document","id":1,"url":"/v1/documents/1"}
    {"line":3,"result":"failed","type":"document","problem":{"type":"/problems#duplicate_document","title":"The document is already recorded","status":409,"code":"duplicate_document","detail":"This numbering body has a document of this kind and number in this period already: 32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây.","existing":{"id":1,"type":"document","url":"/v1/documents/1","title":"32-KL/TW Về tình hình an ninh trật tự nổi lên thời gian gần đây"}}}
    {"line":4,"result":"failed","problem":{"type":"/problems#malformed_json","title":"The body is not JSON","status":400,"code":"malformed_json","detail":"The row is not JSON: EOF while parsing an object at line 1 column 31."}}
    {"line":5,"result":"failed","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"The body must be a JSON object.","errors":[{"pointer":"","code":"wrong_type","message":"must be a JSON object"}]}}
    {"line":6,"result":"failed","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/type is not a type of record.","errors":[{"pointer":"/type","code":"unknown_code","message":"is not a type of record","allowed":["organization","admin_unit","numbering_period","committee_member","succession","document","document_link","person","position","initiative","conference","conference_document","bridge_point","participation","finding","task","assignment","task_update","extension","evidence_document","expectation","holiday","statistic","award","source","claim"]}]}}
    {"line":7,"result":"failed","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/type is required where the request names no collection.","errors":[{"pointer":"/type","code":"missing","message":"is required where the request names no collection","allowed":["organization","admin_unit","numbering_period","committee_member","succession","document","document_link","person","position","initiative","conference","conference_document","bridge_point","participation","finding","task","assignment","task_update","extension","evidence_document","expectation","holiday","statistic","award","source","claim"]}]}}
    {"line":8,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/nme is not a field of this record (did you mean name?).","errors":[{"pointer":"/nme","code":"unknown_field","message":"is not a field of this record (did you mean name?)","allowed":["name","other_names","note","visibility","managed_by","positions"]}]}}
    {"line":9,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/note has the wrong type: expected a string. /name has the wrong type: expected a string.","errors":[{"pointer":"/note","code":"wrong_type","message":"has the wrong type: expected a string"},{"pointer":"/name","code":"wrong_type","message":"has the wrong type: expected a string"}]}}
    {"line":10,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/id names person 99, which does not exist.","errors":[{"pointer":"/id","code":"does_not_exist","message":"names person 99, which does not exist"}]}}
    {"line":11,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/id is not a whole number from 1 to 9223372036854775807.","errors":[{"pointer":"/id","code":"invalid_id","message":"is not a whole number from 1 to 9223372036854775807"}]}}
    {"line":12,"result":"failed","type":"person","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/external_key/key does not match ^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$.","errors":[{"pointer":"/external_key/key","code":"invalid_key","message":"does not match ^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$"}]}}
    {"line":13,"result":"failed","type":"position","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/person points at person 99, which does not exist.","errors":[{"pointer":"/person","code":"does_not_exist","message":"points at person 99, which does not exist"}]}}
    {"line":14,"result":"failed","type":"document","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/signer is not a link. /issued_on is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD.","errors":[{"pointer":"/signer","code":"invalid_link","message":"is not a link","allowed":["5","{\"id\": 5}","{\"external_key\": {\"system\": \"reference\", \"key\": \"tw\"}}","{\"pointer\": \"/bridge_points/0\"} (within one request)"]},{"pointer":"/issued_on","code":"invalid_date","message":"is not a date between 1900-01-01 and 2199-12-31, written YYYY-MM-DD"}]}}
    {"line":15,"result":"failed","problem":{"type":"/problems#malformed_json","title":"The body is not JSON","status":400,"code":"malformed_json","detail":"The row is not JSON: the key \"name\" stands twice in one object at line 1 column 49."}}
    {"line":16,"result":"failed","problem":{"type":"/problems#content_too_large","title":"The body is too large","status":413,"code":"content_too_large","detail":"A row may have at most 65536 bytes."}}
    {"line":18,"result":"created","type":"person","id":1,"url":"/v1/people/1"}
    {"line":19,"result":"failed","problem":{"type":"/problems#malformed_json","title":"The body is not JSON","status":400,"code":"malformed_json","detail":"The row is not UTF-8: byte 28 does not fit."}}
    {"type":"import_end","lines":17,"created":2,"updated":0,"unchanged":0,"revived":0,"rolled_back":0,"failed":15,"committed":true}
    "#);
    assert_eq!(writes(service), before + 2);
});

on_both!(problem_of_a_row_is_in_the_language_of_the_request, |service| {
    let answer =
        service.editor().request("POST", "/v1/import").header("Accept-Language", "vi").body(NDJSON, "{}").send();
    assert!(answer.text().contains("Nội dung không hợp lệ"), "{answer}");
});

on_both!(end_of_an_export_that_does_not_fit_refuses_the_whole, |service| {
    let editor = service.editor();
    let rows = lines(&[person("an"), person("binh")]);
    for query in ["", "?atomic=true", "?dry_run=true"] {
        let wrong = format!("{rows}{}\n", json!({ "type": "export_end", "count": 3, "digest": "sha-256=:AAAA:" }));
        assert_snapshot!(send(&editor, query, wrong), @r#"
        422
        cache-control: no-store
        content-type: application/problem+json
        vary: Authorization, Accept-Language, Accept-Encoding

        {
          "type": "/problems#validation_failed",
          "title": "The body has faults",
          "status": 422,
          "code": "validation_failed",
          "detail": "/count is not the number of rows before it, which is 2. /digest is not the digest of all that stands before it, which is sha-256=:nLsxrA0yZdMx64U1CeorYQc/VmJ7/9VfmC2fTZtFY5o=:.",
          "instance": "/v1/import",
          "errors": [
            {
              "pointer": "/count",
              "code": "inconsistent",
              "message": "is not the number of rows before it, which is 2"
            },
            {
              "pointer": "/digest",
              "code": "inconsistent",
              "message": "is not the digest of all that stands before it, which is sha-256=:nLsxrA0yZdMx64U1CeorYQc/VmJ7/9VfmC2fTZtFY5o=:"
            }
          ],
          "line": 3
        }
        "#);
    }
    let digest = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    assert_eq!(
        send(&editor, "", format!("{}\n", json!({ "type": "export_end", "count": 0, "digest": digest }))).status,
        200
    );
    assert_eq!(writes(service), 0);
    let within = [person("an"), json!({ "type": "export_end", "count": 1 }), person("binh")];
    assert_eq!(results(&import(&editor, "", &within)), ["1 created", "2 failed", "3 created"]);
    let whole = format!("{rows}{}\n", json!({ "type": "export_end", "count": 2 }));
    let whole = send(&editor, "", whole).expect(200);
    assert_eq!(sums(&told(&whole))["unchanged"], 2);
});

on_both!(parameter_that_is_not_known_is_refused, |service| {
    let refused = |query: &str| send(&service.editor(), query, "").expect(400).json()["errors"][0].clone();
    assert_snapshot!(send(&service.editor(), "?mode=upsert", ""), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter mode is not a mode.",
      "instance": "/v1/import",
      "errors": [
        {
          "parameter": "mode",
          "code": "unknown_code",
          "message": "is not a mode",
          "allowed": [
            "replace",
            "merge"
          ]
        }
      ]
    }
    "#);
    assert_eq!(refused("?atomic=yes")["parameter"], "atomic");
    assert_eq!(refused("?dry-run=true")["code"], "unknown_parameter");
    assert_eq!(refused("?collection=planets")["code"], "unknown_code");
});

on_both!(rows_come_in_a_type_that_is_known, |service| {
    let send = |content_type: &str| service.editor().request("POST", "/v1/import").body(content_type, "{}").send();
    assert_snapshot!(send("application/json"), @r#"
    415
    accept-post: application/x-ndjson, text/csv
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#unsupported_media_type",
      "title": "The content type is not supported",
      "status": 415,
      "code": "unsupported_media_type",
      "detail": "Send the body as Content-Type: application/x-ndjson or text/csv.",
      "instance": "/v1/import"
    }
    "#);
    assert_eq!(send("application/x-ndjson; charset=utf-8").status, 200);
    assert_eq!(send("application/x-ndjson; charset=utf-16").status, 415);
    let accepting = |range: &str| {
        service.editor().request("POST", "/v1/import").header("Accept", range).body(NDJSON, "").send().status
    };
    assert_eq!(["*/*", "application/x-ndjson", "application/json"].map(accepting), [200, 200, 406]);
});

on_both!(import_that_is_too_large_is_refused, |service| {
    let large = format!("{}{}", lines(&[person("an")]), "\n".repeat(4_194_304));
    assert_snapshot!(send(&service.editor(), "", large), @r#"
    413
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#content_too_large",
      "title": "The body is too large",
      "status": 413,
      "code": "content_too_large",
      "detail": "A body may have at most 4194304 bytes.",
      "instance": "/v1/import"
    }
    "#);
    let token = service.editor().token.unwrap();
    let head = format!(
        "POST /v1/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {NDJSON}\r\nContent-Length: 4194305\r\n\r\n"
    );
    assert_eq!(service.editor().raw(head.as_bytes()).status, 413);
    assert_eq!(writes(service), 0);
});

on_both!(import_that_does_not_go_on_is_given_up, |service| {
    let token = service.editor().token.unwrap();
    let row = lines(&[person("an")]);
    let head = format!(
        "POST /v1/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {NDJSON}\r\nContent-Length: 1000\r\n\r\n{row}"
    );
    let begun = Instant::now();
    let answer = service.editor().raw(head.as_bytes());
    assert!((Duration::from_millis(900)..Duration::from_secs(5)).contains(&begun.elapsed()));
    assert_eq!(
        (answer.status, answer.json()["detail"].as_str().unwrap()),
        (408, "Nothing of the body came for 1 seconds.")
    );
    assert_eq!(writes(service), 0);
});
