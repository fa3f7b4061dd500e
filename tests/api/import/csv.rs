//! Rows of CSV: what the columns mean, and what is wrong with a cell.

use directive_tracker::http::import::CSV;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{results, sums, told};
use crate::bad_input::writes;
use crate::support::{Client, Response, given};

fn send(client: &Client, query: &str, table: impl Into<Vec<u8>>) -> Response {
    client.request("POST", &format!("/v1/import{query}")).body(CSV, table).send()
}

fn import(client: &Client, query: &str, table: &str) -> Vec<Value> {
    told(&send(client, query, table).expect(200))
}

on_both!(column_is_a_field_and_a_link_has_several, |service| {
    let editor = service.editor();
    let table = "\u{feff}name,external_system,external_key,level,formats,year_inferred,participant_count,note,convening_body_system,convening_body_key,convening_body_title\r\n\
        Hội nghị,partner,c-1,province,\"[\"\"extended\"\"]\",TRUE,40,\"Dòng một\nDòng \"\"hai\"\"\",partner,tu,Tỉnh ủy\r\n\
        2018,partner,c-2,,,,,,,,\r\n";
    let body = json!({ "name": "Tỉnh ủy", "kind": "party_committee" });
    editor.put("/v1/organizations/by-key/partner/tu", &body).expect(201);
    assert_eq!(results(&import(&editor, "?collection=conferences", table)), ["2 created", "4 created"]);
    let read = editor.get("/v1/conferences/1").json();
    let shown =
        ["name", "formats", "year_inferred", "participant_count", "note", "mode"].map(|field| read[field].clone());
    let wanted = [
        json!("Hội nghị"),
        json!(["extended"]),
        json!(true),
        json!(40),
        json!("Dòng một\nDòng \"hai\""),
        json!("unknown"),
    ];
    assert_eq!((shown, &read["convening_body"]["title"]), (wanted, &json!("Tỉnh ủy")));
    assert_eq!(editor.get("/v1/conferences/2").json()["name"], "2018");
    assert_eq!(sums(&import(&editor, "?collection=conferences", table))["unchanged"], 2);
});

on_both!(empty_cell_clears_where_a_part_is_changed, |service| {
    let editor = service.editor();
    let conference = given::conference(&editor, json!({ "place": "Hà Nội", "mode": "online" }));
    let table = format!("type,id,place,birth\nconference,{},,\n", conference.id());
    assert_eq!(results(&import(&editor, "?mode=merge", &table)), ["2 updated"]);
    let read = editor.get(&conference.url()).json();
    assert_eq!((&read["place"], &read["mode"]), (&json!(null), &json!("online")));
});

on_both!(each_mistake_of_a_cell_is_told_with_its_line_and_column, |service| {
    let editor = service.editor();
    let mut table = b"type,name,participant_count,year_inferred,formats,convening_body_id,convening_body_key,nme\n\
        conference,A,many,maybe,extended,x,,\n\
        conference,B,,,,99,,\n\
        conference,C,,,,,tu,\n\
        conference,D,,,,,,x\n\
        planet,E,,,,,,\n\
        ,F,,,,,,\n\
        conference,G\n\
        conference,\"H\" x,,,,,,\n\
        \n\
        conference,I,,,,,,\n\
        conference,J,1.5,,,,,\n"
        .to_vec();
    table.extend_from_slice(b"conference,\xff,,,,,,\n");
    assert_snapshot!(send(&editor, "", table), @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {"line":2,"result":"failed","type":"conference","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/convening_body is not a whole number from 1 to 9223372036854775807. /participant_count has the wrong type: expected a whole number. /formats has the wrong type: expected an array.","errors":[{"pointer":"/convening_body","code":"invalid_id","message":"is not a whole number from 1 to 9223372036854775807"},{"pointer":"/participant_count","code":"wrong_type","message":"has the wrong type: expected a whole number"},{"pointer":"/formats","code":"wrong_type","message":"has the wrong type: expected an array"},{"pointer":"/year_inferred","code":"wrong_type","message":"has the wrong type: expected a boolean"}]}}
    {"line":3,"result":"failed","type":"conference","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/convening_body points at organization 99, which does not exist.","errors":[{"pointer":"/convening_body","code":"does_not_exist","message":"points at organization 99, which does not exist"}]}}
    {"line":4,"result":"failed","type":"conference","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/convening_body is not a link.","errors":[{"pointer":"/convening_body","code":"invalid_link","message":"is not a link","allowed":["5","{\"id\": 5}","{\"external_key\": {\"system\": \"reference\", \"key\": \"tw\"}}","{\"pointer\": \"/bridge_points/0\"} (within one request)"]}]}}
    {"line":5,"result":"failed","type":"conference","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/nme is not a field of this record (did you mean name?).","errors":[{"pointer":"/nme","code":"unknown_field","message":"is not a field of this record (did you mean name?)","allowed":["name","topic","formats","mode","level","held_from","held_to","part_of_day","date_precision","year_inferred","held_text","place","admin_unit","convening_body","convening_text","participants_complete","participant_count","period_reviewed_from","period_reviewed_to","parent","note","visibility","managed_by","conference_documents","bridge_points","participations","findings"]}]}}
    {"line":6,"result":"failed","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/type is not a type of record.","errors":[{"pointer":"/type","code":"unknown_code","message":"is not a type of record","allowed":["organization","admin_unit","numbering_period","committee_member","succession","document","document_link","person","position","initiative","conference","conference_document","bridge_point","participation","finding","task","assignment","task_update","extension","evidence_document","expectation","holiday","statistic","award","source","claim"]}]}}
    {"line":7,"result":"failed","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/type is required where the request names no collection.","errors":[{"pointer":"/type","code":"missing","message":"is required where the request names no collection","allowed":["organization","admin_unit","numbering_period","committee_member","succession","document","document_link","person","position","initiative","conference","conference_document","bridge_point","participation","finding","task","assignment","task_update","extension","evidence_document","expectation","holiday","statistic","award","source","claim"]}]}}
    {"line":8,"result":"failed","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"The body has 2 cells where the header has 8.","errors":[{"pointer":"","code":"inconsistent","message":"has 2 cells where the header has 8"}]}}
    {"line":9,"result":"failed","problem":{"type":"/problems#malformed_csv","title":"The body is not CSV","status":400,"code":"malformed_csv","detail":"The row has a quote within a cell that does not begin with one, or text behind the quote that ends one."}}
    {"line":11,"result":"created","type":"conference","id":1,"url":"/v1/conferences/1"}
    {"line":12,"result":"failed","type":"conference","problem":{"type":"/problems#validation_failed","title":"The body has faults","status":422,"code":"validation_failed","detail":"/participant_count has the wrong type: expected a whole number.","errors":[{"pointer":"/participant_count","code":"wrong_type","message":"has the wrong type: expected a whole number"}]}}
    {"line":13,"result":"failed","problem":{"type":"/problems#malformed_csv","title":"The body is not CSV","status":400,"code":"malformed_csv","detail":"The row is not CSV in UTF-8."}}
    {"type":"import_end","lines":11,"created":1,"updated":0,"unchanged":0,"revived":0,"rolled_back":0,"failed":10,"committed":true}
    "#);
    assert_eq!(writes(service), 1);
});

on_both!(header_that_means_nothing_refuses_the_whole, |service| {
    let editor = service.editor();
    assert_snapshot!(send(&editor, "", "type,name,name\nperson,An,An\n"), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/name is the name of two columns.",
      "instance": "/v1/import",
      "errors": [
        {
          "pointer": "/name",
          "code": "inconsistent",
          "message": "is the name of two columns"
        }
      ]
    }
    "#);
    assert_eq!(send(&editor, "", "type,,name\nperson,An,An\n").expect(422).json()["errors"][0]["code"], "empty");
    assert_eq!(sums(&import(&editor, "", "type,name\n"))["lines"], 0);
    assert_eq!(sums(&import(&editor, "", ""))["lines"], 0);
    assert_eq!(writes(service), 0);
});

on_both!(rows_of_a_table_may_wait_for_each_other, |service| {
    let table = "type,external_system,external_key,name,kind,parent_system,parent_key\n\
        organization,partner,low,Thấp,party_committee,partner,high\n\
        organization,partner,high,Cao,party_committee,,\n";
    assert_eq!(results(&import(&service.editor(), "?atomic=true", table)), ["3 created", "2 created"]);
});

on_both!(quote_that_is_never_closed_takes_no_other_row_along, |service| {
    let editor = service.editor();
    let table = "type,external_system,external_key,name,note\nperson,p,1,X,\"open\nperson,p,2,Y,z\nperson,p,3,W,v\n";
    let told = import(&editor, "", table);
    assert_eq!(results(&told), ["2 failed"]);
    let problem = &told[0]["problem"];
    assert_eq!(
        (&problem["code"], &problem["detail"]),
        (&json!("malformed_csv"), &json!("The row has a quote that is never closed."))
    );
    assert_eq!(writes(service), 0);
    let told = import(&editor, "", "type,name\nperson,a\"b\nperson,\"c\" d\nperson,e\n");
    assert_eq!(results(&told), ["2 failed", "3 failed", "4 created"], "each line for itself");
});

on_both!(table_for_spreadsheets_may_be_sent_back, |service| {
    let editor = service.editor();
    for (name, note) in [("=cmd|' /C calc'!A0", json!("'=1")), ("@SUM(1)", json!("\t=1")), ("An", json!("'thường"))]
    {
        editor.post("/v1/people", &json!({ "name": name, "note": note })).expect(201);
    }
    let table = editor.get("/v1/people?format=csv").expect(200).text().to_owned();
    assert!(table.contains("'=cmd") && table.contains("''=1") && table.contains("'@SUM"), "{table}");
    assert_eq!(sums(&import(&editor, "", &table))["unchanged"], 3);
    assert_eq!(writes(service), 3);
});

on_both!(link_names_its_record_in_one_way, |service| {
    let editor = service.editor();
    let body = json!({ "name": "Tỉnh ủy", "kind": "party_committee" });
    editor.put("/v1/organizations/by-key/partner/tu", &body).expect(201);
    let table = "type,name,convening_body_id,convening_body_system,convening_body_key\nconference,A,2,partner,tu\n";
    let fault = import(&editor, "", table)[0]["problem"]["errors"][0].clone();
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/convening_body"), &json!("invalid_link")));
});

on_both!(table_without_commas_is_refused_as_a_whole, |service| {
    let refused = send(&service.editor(), "", "type;name\nperson;An\n").expect(422).json();
    let fault = &refused["errors"][0];
    assert_eq!(
        (&fault["code"], &fault["message"]),
        (&json!("inconsistent"), &json!("has one column, and no comma: cells stand between commas"))
    );
});
