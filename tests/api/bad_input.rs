//! Bodies that cannot be read: each is refused with a problem document, the same on both databases, and writes nothing.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Response, Service, given};

/// Sends these bytes as a new person.
pub fn post(service: &Service, body: impl Into<Vec<u8>>) -> Response {
    service.editor().request("POST", "/v1/people").body("application/json", body).send()
}

/// The faults of a body, as `place code`.
pub fn faults(answer: &Response) -> Vec<String> {
    let problem = answer.json();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    let faults = problem["errors"].as_array().unwrap_or_else(|| panic!("no faults: {answer}"));
    faults.iter().map(|fault| format!("{} {}", text(fault, "pointer"), text(fault, "code"))).collect()
}

/// How many changes the log has.
#[track_caller]
pub fn writes(service: &Service) -> usize {
    let page = service.editor().get("/v1/changes?limit=200").expect(200).json();
    page["data"].as_array().unwrap().len()
}

on_both!(body_that_is_no_json_is_told_where_it_goes_wrong, |service| {
    assert_snapshot!(post(service, r#"{"name": "An""#), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#malformed_json",
      "title": "The body is not JSON",
      "status": 400,
      "code": "malformed_json",
      "detail": "The body is not JSON: EOF while parsing an object at line 1 column 13.",
      "instance": "/v1/people"
    }
    "#);
    assert_snapshot!(post(service, r#"{"name": "An", "name": "Ân"}"#), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#malformed_json",
      "title": "The body is not JSON",
      "status": 400,
      "code": "malformed_json",
      "detail": "The body is not JSON: the key \"name\" stands twice in one object at line 1 column 29.",
      "instance": "/v1/people"
    }
    "#);
    assert_snapshot!(post(service, b"{\"name\": \"\xff\xfe\"}".as_slice()), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#malformed_json",
      "title": "The body is not JSON",
      "status": 400,
      "code": "malformed_json",
      "detail": "The body is not UTF-8: byte 10 does not fit.",
      "instance": "/v1/people"
    }
    "#);
    let bad: &[&[u8]] = &[
        b"",
        b"\n",
        b"{",
        b"{'name': 'An'}",
        b"{\"name\": \"An\",}",
        b"{\"name\": \"An\"} x",
        b"{\"name\": \"An\"}{}",
        b"{\"name\": \"\x01\"}",
        b"{\"name\": \"\\ud800\"}",
        b"{\"name\": \"\\x41\"}",
        b"{\"name\": NaN}",
        b"{\"name\": 01}",
        b"{\"name\": 1e999}",
        b"{\"note\": {\"a\": 1, \"a\": 2}}",
        b"\xef\xbb\xbf{\"name\": \"An\"}",
        b"\xff\xfe{\x00}\x00",
        b"{\"name\": \"\xc0\xaf\"}",
        b"{\"name\": \"\xed\xa0\x80\"}",
    ];
    for body in bad {
        let answer = post(service, *body);
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("malformed_json")), "{body:?}: {answer}");
    }
    assert_eq!(writes(service), 0);
});

on_both!(body_that_nests_deeply_is_refused, |service| {
    for (open, close) in [("[", "]"), ("{\"name\":", "}")] {
        let deep = format!("{}1{}", open.repeat(20_000 / open.len()), close.repeat(20_000 / open.len()));
        let answer = post(service, deep);
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("malformed_json")), "{answer}");
    }
    let shallow = format!("{{\"name\": \"An\", \"note\": {}1{}}}", "[".repeat(100), "]".repeat(100));
    assert_eq!(faults(&post(service, shallow)), ["/note wrong_type"]);
    assert_eq!(writes(service), 0);
});

on_both!(body_that_is_no_object_is_refused, |service| {
    for body in ["null", "1", "\"An\"", "[]", "true", "[{\"name\": \"An\"}]"] {
        assert_eq!(faults(&post(service, body)), [" wrong_type"], "{body}");
    }
    let person = given::person(&service.editor(), json!({}));
    let patch = service.editor().patch(&person.url(), &json!([1]));
    assert_eq!((patch.status, faults(&patch)), (422, vec![" wrong_type".to_owned()]));
    assert_eq!(writes(service), 1);
});

on_both!(field_that_is_not_known_is_refused_with_the_likeliest, |service| {
    assert_snapshot!(post(service, json!({ "name": "An", "other_name": [] }).to_string()), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/other_name is not a field of this record (did you mean other_names?).",
      "instance": "/v1/people",
      "errors": [
        {
          "pointer": "/other_name",
          "code": "unknown_field",
          "message": "is not a field of this record (did you mean other_names?)",
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
    let nested = json!({ "name": "Hội nghị", "bridge_points": [{ "name": "Huế" }, { "nam": "Vinh" }] });
    assert_snapshot!(service.editor().post("/v1/conferences", &nested), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/bridge_points/1/nam is not a field of this record (did you mean name?). /bridge_points/1/name is needed where there is no admin_unit and no organization.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "pointer": "/bridge_points/1/nam",
          "code": "unknown_field",
          "message": "is not a field of this record (did you mean name?)",
          "allowed": [
            "name",
            "admin_unit",
            "organization",
            "place",
            "main",
            "note",
            "visibility"
          ]
        },
        {
          "pointer": "/bridge_points/1/name",
          "code": "missing",
          "message": "is needed where there is no admin_unit and no organization"
        }
      ]
    }
    "#);
    let person = given::person(&service.editor(), json!({}));
    let patch = service.editor().patch(&person.url(), &json!({ "nmae": null }));
    assert_eq!((patch.status, faults(&patch)), (422, vec!["/nmae unknown_field".to_owned()]));
    let odd = post(service, json!({ "name": "An", "a/b~c": 1 }).to_string());
    assert_eq!(faults(&odd), ["/a~1b~0c unknown_field"]);
    assert_eq!(writes(service), 1);
});

on_both!(body_with_more_faults_than_anybody_mends_tells_the_first_hundred, |service| {
    let mut body = serde_json::Map::new();
    body.insert("name".to_owned(), json!("An"));
    body.extend((0..5000).map(|number| (format!("k{number}"), json!(1))));
    let answer = service.editor().post("/v1/people", &body.into()).expect(422).json();
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!((errors.len(), &errors[0]["pointer"], &errors[99]["pointer"]), (100, &json!("/k0"), &json!("/k99")));
});

on_both!(links_by_key_are_looked_up_together, |service| {
    let editor = service.editor();
    let known = |number: usize| json!({ "external_key": { "system": "partner", "key": number.to_string() } });
    for number in 1..=2 {
        let body = json!({ "name": format!("Cơ quan {number}"), "kind": "party_committee" });
        editor.put(&format!("/v1/organizations/by-key/partner/{number}"), &body).expect(201);
    }
    let document =
        json!({ "system": "party", "kind": "plan", "title": "Kế hoạch", "adopted_by": [known(2), known(1)] });
    let made = editor.post("/v1/documents", &document).expect(201).json();
    let adopters: Vec<_> = made["adopted_by"].as_array().unwrap().iter().map(|link| link["id"].clone()).collect();
    assert_eq!(adopters, [json!(2), json!(1)]);
    let mut unknown = document.clone();
    unknown["adopted_by"] = json!([known(1), known(3)]);
    let refused = editor.post("/v1/documents", &unknown).expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/adopted_by/1");
    assert_eq!(refused["errors"][0]["message"], "points at no organization: there is no key partner/3");
});
