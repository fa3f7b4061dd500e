//! Lists in other forms than JSON: which one is sent, that each is whole and says so, and what is refused.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::connection::SimpleConnection;
use directive_tracker::db::conn::Purpose;
use directive_tracker::resources;
use insta::assert_snapshot;
use log::Level;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::log_lines::{listen, said};
use crate::parameters::load_all;
use crate::support::{Client, Response, given};

mod csv;
mod xlsx;

/// The SHA-256 of these bytes, as RFC 9530 writes it.
fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(bytes)))
}

/// The lines of NDJSON, without the last, which must fit them.
#[track_caller]
fn whole(answer: &Response) -> Vec<String> {
    let text = answer.text();
    let (before, last) =
        text.trim_end_matches('\n').rsplit_once('\n').map_or(("", text), |(before, last)| (before, last));
    let before = if before.is_empty() { String::new() } else { format!("{before}\n") };
    let lines: Vec<String> = before.lines().map(str::to_owned).collect();
    let end: Value = serde_json::from_str(last).unwrap();
    assert_eq!(end, json!({ "type": "export_end", "count": lines.len(), "digest": digest(before.as_bytes()) }));
    lines
}

/// The number of each record in lines.
fn ids(lines: &[String]) -> Vec<i64> {
    lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_i64().unwrap()).collect()
}

/// Every record of a list, as its pages of JSON have it.
pub fn records(client: &Client, path: &str) -> Vec<Value> {
    let mut records = Vec::new();
    let mut next = Some(format!("{path}?limit=200"));
    while let Some(url) = next {
        let page = client.get(&url).expect(200).json();
        records.extend(page["data"].as_array().unwrap().iter().cloned());
        next = page["links"]["next"].as_str().map(str::to_owned);
    }
    records
}

/// A conference with so many bridge points, more than any page of a list has.
fn bridge_points(editor: &Client, many: usize) -> String {
    let points: Vec<Value> = (1..=many).map(|number| json!({ "name": format!("{number:04}") })).collect();
    given::conference(editor, json!({ "bridge_points": points })).url()
}

on_both!(form_is_that_of_the_parameter_or_else_the_one_that_is_preferred, |service| {
    given::person(&service.editor(), json!({}));
    let sent = |query: &str, accept: &str| {
        let answer = service.public().request("GET", &format!("/v1/people{query}")).header("Accept", accept).send();
        assert_eq!(answer.header("vary"), Some("Authorization, Accept, Accept-Encoding"), "{query} {accept}");
        answer.expect(200).header("content-type").unwrap().to_owned()
    };
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    assert_eq!(sent("", "*/*"), "application/json");
    assert_eq!(sent("", "text/csv, */*;q=0.5"), "text/csv; charset=utf-8; header=present");
    assert_eq!(sent("", "application/x-ndjson"), "application/x-ndjson");
    assert_eq!(sent("", xlsx), xlsx);
    assert_eq!(sent("?format=json", "text/csv"), "application/json");
    assert_eq!(sent("?format=csv", "application/json"), "text/csv; charset=utf-8; header=present");
    assert_eq!(sent("?format=ndjson", "text/html"), "application/x-ndjson");
});

on_both!(single_record_is_no_table, |service| {
    let person = given::person(&service.editor(), json!({}));
    let asking = |path: &str| service.public().request("GET", path).header("Accept", "text/csv").send();
    assert_snapshot!(asking(&person.url()), @r#"
    406
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#not_acceptable",
      "title": "No acceptable representation is offered",
      "status": 406,
      "code": "not_acceptable",
      "detail": "Records are sent as application/json or application/ld+json.",
      "instance": "/v1/people/1"
    }
    "#);
    for path in [format!("{}/history", person.url()), "/v1/changes".to_owned(), "/v1/enumerations".to_owned()] {
        assert_eq!(asking(&path).status, 406, "{path}");
    }
    let unread = service.editor().request("POST", "/v1/people").header("Accept", "text/csv");
    assert_eq!(unread.json(&json!({ "name": "An" })).send().status, 406);
    let unknown = service.public().get(&format!("{}?format=csv", person.url())).expect(400).json();
    assert_eq!(unknown["errors"][0]["code"], "unknown_code");
});

on_both!(form_that_is_not_known_is_refused, |service| {
    assert_snapshot!(service.public().get("/v1/people?format=pdf"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter format is not a form that lists are sent in.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "format",
          "code": "unknown_code",
          "message": "is not a form that lists are sent in",
          "allowed": [
            "json",
            "csv",
            "ndjson",
            "xlsx",
            "jsonld"
          ]
        }
      ]
    }
    "#);
});

on_both!(what_shapes_one_form_is_refused_beside_another, |service| {
    let public = service.public();
    assert_snapshot!(public.get("/v1/people?csv=raw"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter csv shapes CSV alone; format=csv asks for it.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "csv",
          "code": "inconsistent",
          "message": "shapes CSV alone; format=csv asks for it"
        }
      ]
    }
    "#);
    assert_snapshot!(public.get("/v1/people?labels=vi"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter labels labels tables that people read: format=xlsx, or format=csv without csv=raw.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "labels",
          "code": "inconsistent",
          "message": "labels tables that people read: format=xlsx, or format=csv without csv=raw"
        }
      ]
    }
    "#);
    assert_snapshot!(public.get("/v1/conferences?format=csv&expand=parent"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter expand is for JSON; no other form shows it.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "parameter": "expand",
          "code": "inconsistent",
          "message": "is for JSON; no other form shows it"
        }
      ]
    }
    "#);
    assert_snapshot!(public.get("/v1/people?format=csv&fields=name,links"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter fields cannot be \"links\", which no column shows.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "fields",
          "code": "unknown_code",
          "message": "cannot be \"links\", which no column shows",
          "allowed": [
            "id",
            "type",
            "url",
            "version",
            "created_at",
            "updated_at",
            "visibility",
            "managed_by",
            "name",
            "other_names",
            "note"
          ]
        }
      ]
    }
    "#);
    let fault = |query: &str| {
        let problem = public.get(&format!("/v1/people?{query}")).expect(400).json();
        let text = |name: &str| problem["errors"][0][name].as_str().unwrap().to_owned();
        (text("parameter"), text("code"))
    };
    for (query, parameter, code) in [
        ("format=xlsx&csv=excel", "csv", "inconsistent"),
        ("format=csv&csv=tab", "csv", "unknown_code"),
        ("format=csv&csv=raw&labels=vi", "labels", "inconsistent"),
        ("format=ndjson&labels=vi", "labels", "inconsistent"),
        ("format=csv&labels=en", "labels", "unknown_code"),
        ("format=csv&count=exact", "count", "inconsistent"),
        ("format=ndjson&count=exact", "count", "inconsistent"),
        ("format=xlsx&expand=positions", "expand", "inconsistent"),
        ("format=ndjson&expand=positions", "expand", "inconsistent"),
        ("format=xlsx&fields=warnings", "fields", "unknown_code"),
        ("format=csv&fields=positions", "fields", "unknown_code"),
        ("format=ndjson&limit=201", "limit", "out_of_range"),
        ("format=csv&cursor=x", "cursor", "invalid_cursor"),
        ("format=ndjson&nam=An", "nam", "unknown_parameter"),
    ] {
        assert_eq!(fault(query), (parameter.to_owned(), code.to_owned()), "{query}");
        let head = public.request("HEAD", &format!("/v1/people?{query}")).send();
        assert_eq!(head.status, 400, "HEAD {query}");
    }
});

on_both!(lines_are_the_records_of_the_pages_and_end_with_their_digest, |service| {
    let editor = service.editor();
    let owner = given::organization(&editor, json!({})).id();
    given::document(&editor, json!({ "adopted_by": [owner], "managed_by": owner, "note": "Một\nhai" }));
    given::document(&editor, json!({ "title": "Về \"an ninh\"" }));
    let page = editor.get("/v1/documents").expect(200);
    let answer = editor.get("/v1/documents?format=ndjson").expect(200);
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"documents.ndjson\""));
    assert_eq!((answer.header("cache-control"), answer.header("etag")), (Some("no-store"), None));
    let lines = whole(&answer);
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert!(page.text().contains(line.as_str()), "{line}");
    }
    let some = whole(&editor.get("/v1/documents?format=ndjson&fields=title,links&sort=-issued_on,id&limit=1"));
    assert_eq!(
        serde_json::from_str::<Value>(&some[0]).unwrap(),
        editor.get("/v1/documents?fields=title,links&limit=1").json()["data"][0]
    );
});

on_both!(list_without_records_is_whole_too, |service| {
    let public = service.public();
    assert_eq!(whole(&public.get("/v1/people?format=ndjson").expect(200)), [""; 0]);
    assert_snapshot!(public.get("/v1/people?format=csv&csv=raw"), @r"
    200
    cache-control: no-cache
    content-type: text/csv; charset=utf-8; header=present
    vary: Authorization, Accept, Accept-Encoding

    id,type,url,version,created_at,updated_at,visibility,managed_by_id,managed_by_title,name,other_names,note
    ");
});

on_both!(list_of_many_pages_is_whole_in_its_order, |service| {
    let editor = service.editor();
    let one = bridge_points(&editor, 900);
    bridge_points(&editor, 40);
    let public = service.public();
    let all = whole(&public.get("/v1/bridge-points?format=ndjson").expect(200));
    assert_eq!(ids(&all), (1..=940).collect::<Vec<i64>>());
    let within = whole(&public.get(&format!("{one}/bridge-points?format=ndjson&sort=-id")).expect(200));
    assert_eq!(ids(&within), (1..=900).rev().collect::<Vec<i64>>());
    let table = public.get("/v1/bridge-points?format=csv&csv=raw&sort=-id&fields=name").expect(200);
    let rows: Vec<&str> = table.text().split_terminator("\r\n").collect();
    assert_eq!((rows.len(), rows[1]), (941, "940,bridge_point,/v1/bridge-points/940,0040"));
});

on_both!(limit_asks_for_one_page_in_any_form, |service| {
    let editor = service.editor();
    for name in ["An", "Bình", "Chi"] {
        given::person(&editor, json!({ "name": name }));
    }
    let public = service.public();
    let json = public.get("/v1/people?sort=-name&limit=2").expect(200).json();
    let cursor = json["page"]["next"].as_str().unwrap();
    for format in ["ndjson", "csv", "xlsx"] {
        let asked = format!("/v1/people?format={format}&sort=-name&limit=2");
        let links = |answer: &Response| -> Vec<String> {
            let links = answer.headers.iter().filter(|(name, _)| name == "link");
            links.map(|(_, value)| value.clone()).collect()
        };
        let first = links(&public.get(&asked).expect(200));
        let next = format!("<{asked}&cursor={cursor}>; rel=\"next\"");
        assert_eq!(first, [next, format!("<{asked}>; rel=\"first\"")]);
        let last = links(&public.get(&format!("{asked}&cursor={cursor}")).expect(200));
        assert_eq!(last, [format!("<{asked}>; rel=\"first\"")]);
        assert_eq!(links(&public.request("HEAD", &asked).send()), first, "HEAD {format}");
    }
    let page = |query: &str| ids(&whole(&public.get(&format!("/v1/people?format=ndjson&sort=-name&{query}"))));
    assert_eq!(page("limit=2"), [3, 2]);
    assert_eq!(page(&format!("limit=2&cursor={cursor}")), [1]);
    assert_eq!(page(&format!("cursor={cursor}")), [1], "all that follows");
});

on_both!(filters_hold_in_every_form, |service| {
    let editor = service.editor();
    for (kind, day) in [("plan", "2018-07-05"), ("plan", "2019-07-05"), ("directive", "2019-07-05")] {
        given::document(&editor, json!({ "kind": kind, "issued_on": day }));
    }
    service.set_clock("2026-11-21T03:30:00Z");
    editor.patch("/v1/documents/1", &json!({ "note": "x" })).expect(200);
    let found = |query: &str| ids(&whole(&editor.get(&format!("/v1/documents?format=ndjson&{query}")).expect(200)));
    assert_eq!(found("kind=plan&sort=-issued_on"), [2, 1]);
    assert_eq!(found("as_of=2018-12-31"), [1]);
    assert_eq!(found("updated_since=2026-11-21T03:30:00Z"), [1]);
    let extended = given::conference(&editor, json!({ "formats": ["extended"] }));
    given::conference(&editor, json!({ "formats": ["regular"] }));
    let lines = whole(&editor.get("/v1/conferences?conference_format=extended&format=ndjson").expect(200));
    assert_eq!(ids(&lines), [extended.id()]);
});

on_both!(public_forms_hold_no_internal_record, |service| {
    let editor = service.editor();
    let secret = given::organization(&editor, json!({ "name": "Tổ mật", "visibility": "internal" })).id();
    given::document(&editor, json!({ "title": "Việc mật", "visibility": "internal" }));
    given::document(&editor, json!({ "title": "Việc chung", "adopted_by": [secret], "numbering_body": secret }));
    given::conference(
        &editor,
        json!({ "name": "Họp mật", "visibility": "internal", "bridge_points": [{ "name": "Điểm mật" }] }),
    );
    let csv = |client: &Client, collection: &str| {
        client.get(&format!("/v1/{collection}?format=csv&csv=raw")).expect(200).text().to_owned()
    };
    for collection in ["organizations", "documents", "conferences", "bridge-points"] {
        let lines = whole(&service.public().get(&format!("/v1/{collection}?format=ndjson")).expect(200)).concat();
        for text in [csv(&service.public(), collection), lines] {
            assert!(!text.contains("mật"), "{collection}: {text}");
        }
        assert!(csv(&service.reader(), collection).contains("mật"), "{collection}");
    }
    let shared = csv(&service.public(), "documents");
    assert!(shared.contains(",public,,,party,conclusion,,,[null],[null],"), "the links are undisclosed: {shared}");
});

on_both!(head_of_a_whole_list_does_not_read_it, |service| {
    let editor = service.editor();
    given::person(&editor, json!({}));
    // A list that is read fails now.
    service.storage.connect(Purpose::Write).batch_execute("ALTER TABLE people RENAME TO lost_people").unwrap();
    for format in ["csv", "ndjson", "xlsx"] {
        let path = format!("/v1/people?format={format}");
        assert_eq!(service.public().get(&path).status, 500, "{format}");
        let head = service.public().request("HEAD", &path).send().expect(200);
        assert!(head.body.is_empty());
        assert_eq!((head.header("content-length"), head.header("etag")), (None, None));
        let name = format!("attachment; filename=\"people.{format}\"");
        assert_eq!(head.header("content-disposition"), Some(name.as_str()));
    }
});

on_both!(list_that_cannot_be_read_to_its_end_is_broken_off, |service| {
    listen();
    let editor = service.editor();
    for number in 1..=60 {
        // The first page is more than the server keeps back.
        given::person(&editor, json!({ "name": format!("Người {number}"), "note": "a".repeat(1000) }));
    }
    // No list of names: the row cannot be read, which is beyond the first page.
    let damage = "UPDATE people SET other_names = 'damaged' WHERE id = 60";
    service.storage.connect(Purpose::Write).batch_execute(damage).unwrap();
    let bytes = service.public().request("GET", "/v1/people?format=ndjson").received();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    assert!(text.contains("Người 50"), "the first page is there");
    assert!(!text.contains("export_end") && !text.ends_with("0\r\n\r\n"), "nothing says that it is whole: {text}");
    let id = text.split("x-request-id: ").nth(1).and_then(|rest| rest.lines().next()).unwrap();
    let causes = said(Level::Error, id);
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert!(
        causes[0].contains("the list was broken off") && causes[0].contains("people.other_names of row 60"),
        "{causes:?}"
    );
    // A table has not begun by then.
    for format in ["csv", "xlsx"] {
        assert_eq!(service.public().get(&format!("/v1/people?format={format}")).status, 500, "{format}");
    }
    assert_eq!(
        service.public().get("/v1/people?format=ndjson&sort=-id").status,
        500,
        "nor have lines on the first page"
    );
});

on_both!(only_lines_are_compressed_on_their_way, |service| {
    bridge_points(&service.editor(), 100);
    let packed = |format: &str| {
        let path = format!("/v1/bridge-points?format={format}");
        service.public().request("GET", &path).header("Accept-Encoding", "gzip").send().expect(200)
    };
    for format in ["csv", "xlsx"] {
        let answer = packed(format);
        assert_eq!(answer.header("content-encoding"), None, "{format}");
        assert_eq!(answer.header("repr-digest"), Some(digest(&answer.body).as_str()), "{format}");
        assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()), "{format}");
    }
    assert_eq!(packed("ndjson").header("content-encoding"), Some("gzip"));
});

on_both!(every_list_is_sent_in_every_form, |service| {
    load_all(service);
    for collection in resources::ALL {
        let path = format!("/v1/{}", collection.name());
        let records = records(&service.public(), &path);
        let get = |query: &str| service.public().get(&format!("{path}?{query}")).expect(200);
        let lines = whole(&get("format=ndjson"));
        assert_eq!(lines.len(), records.len(), "{path}");
        for (line, record) in lines.iter().zip(&records) {
            assert_eq!(&serde_json::from_str::<Value>(line).unwrap(), record, "{path}");
        }
        csv::reads_back(&get("format=csv&csv=raw"), &records);
        xlsx::holds(&get("format=xlsx"), collection.name(), &records);
    }
});
