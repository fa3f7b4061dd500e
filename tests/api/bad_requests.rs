//! Requests that are refused before their body is understood, the same on both databases; none of them writes.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use serde_json::json;

use crate::bad_input::{post, writes};
use crate::support::{Client, Response, given};

on_both!(body_that_is_too_large_is_refused, |service| {
    let editor = service.editor();
    let head = |length: &str| {
        let token = editor.token.as_deref().unwrap();
        format!(
            "POST /v1/people HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{length}\r\n\r\n"
        )
    };
    // What is declared is refused before it is sent, and the connection is closed.
    assert_snapshot!(editor.raw(head("Content-Length: 65537").as_bytes()), @r#"
    413
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#content_too_large",
      "title": "The body is too large",
      "status": 413,
      "code": "content_too_large",
      "detail": "A body may have at most 65536 bytes.",
      "instance": "/v1/people"
    }
    "#);
    let mut chunked = head("Transfer-Encoding: chunked").into_bytes();
    for _ in 0..9 {
        chunked.extend_from_slice(b"2000\r\n");
        chunked.extend_from_slice(&[b' '; 0x2000]);
        chunked.extend_from_slice(b"\r\n");
    }
    let answer = editor.raw(&chunked);
    assert_eq!((answer.status, &answer.json()["code"]), (413, &json!("content_too_large")), "{answer}");
    assert_eq!(editor.raw(head("Content-Length: 1000000000000").as_bytes()).status, 413);
    let whole = format!("{{\"name\": \"An\"{}}}", " ".repeat(65_536 - 14));
    assert_eq!(whole.len(), 65_536);
    assert_eq!(post(service, whole).status, 201);
    assert_eq!(writes(service), 1);
});

/// Sends a request whose body of chunks never ends, and gives the answer once the server has closed the connection.
fn endless(client: &Client, head: &str, chunk: &str) -> Response {
    let mut stream = client.connect();
    // To wait for an answer is to pause between chunks.
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let begun = Instant::now();
    let mut answer = Vec::new();
    let mut sent = stream.write_all(format!("{head}\r\nTransfer-Encoding: chunked\r\n\r\n").as_bytes());
    loop {
        assert!(begun.elapsed() < Duration::from_secs(10), "still open: {}", String::from_utf8_lossy(&answer));
        let mut bytes = [0; 4096];
        match stream.read(&mut bytes) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&bytes[..length]),
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {
                if sent.is_err() {
                    break;
                }
                sent = stream.write_all(format!("{:x}\r\n{chunk}\r\n", chunk.len()).as_bytes());
            }
            Err(_) => break,
        }
    }
    Response::parse(&answer, false)
}

on_both!(connection_is_closed_on_a_body_that_never_ends, |service| {
    let editor = service.editor();
    let token = format!("Host: x\r\nAuthorization: Bearer {}", editor.token.as_deref().unwrap());
    let json = "Content-Type: application/json";
    let (large, small) = (" ".repeat(0x2000), " ".to_owned());
    for (head, chunk, status) in [
        (format!("POST /v1/people HTTP/1.1\r\n{token}\r\n{json}"), &large, 413),
        (format!("POST /v1/people HTTP/1.1\r\n{token}\r\n{json}"), &small, 408),
        (format!("POST /v1/people HTTP/1.1\r\n{token}\r\nContent-Type: text/plain"), &large, 415),
        (format!("POST /v1/people HTTP/1.1\r\nHost: x\r\n{json}"), &large, 401),
        (format!("GET /v1/people HTTP/1.1\r\n{token}"), &large, 200),
        (format!("OPTIONS /v1/people HTTP/1.1\r\n{token}"), &large, 204),
        (format!("PUT /nothing HTTP/1.1\r\n{token}"), &small, 404),
    ] {
        let answer = endless(&editor, &head, chunk);
        assert_eq!((answer.status, answer.header("connection")), (status, Some("close")), "{head}: {answer:?}");
    }
    assert_eq!(writes(service), 0);
});

on_both!(connection_stays_open_after_a_body_of_chunks_that_ended, |service| {
    let editor = service.editor();
    let token = editor.token.as_deref().unwrap();
    let head = format!(
        "POST /v1/people HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json"
    );
    let body = "5\r\n{\"nam\r\nc\r\ne\": \"An\"   }\r\n0\r\n\r\n";
    let first = format!("{head}\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
    let second = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let mut stream = editor.connect();
    stream.write_all(first.as_bytes()).unwrap();
    stream.write_all(second.as_bytes()).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    let statuses: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["201", "200"], "{answers}");
    assert_eq!(writes(service), 1);
});

on_both!(body_that_comes_too_slowly_is_given_up, |service| {
    let editor = service.editor();
    let request = editor.request("POST", "/v1/people").json(&json!({ "name": "An" })).bytes();
    let (sent, rest) = request.split_at(request.len() - 3);
    let begun = Instant::now();
    let late = editor.raw(sent);
    assert!((900..5000).contains(&begun.elapsed().as_millis()), "after {:?}", begun.elapsed());
    assert_snapshot!(late, @r#"
    408
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#request_timeout",
      "title": "The request came too slowly",
      "status": 408,
      "code": "request_timeout",
      "detail": "The body did not come within 1 seconds.",
      "instance": "/v1/people"
    }
    "#);
    assert!(!rest.is_empty());
    assert_eq!(late.header("connection"), Some("close"));
    // A connection that is only slow to begin is served.
    let mut stream = editor.connect();
    stream.write_all(&request[..10]).unwrap();
    assert_eq!(editor.get("/v1/people").status, 200, "the others are served meanwhile");
    drop(stream);
    assert_eq!(writes(service), 0);
});

on_both!(key_of_a_partner_has_few_characters, |service| {
    let put = |key: &str| service.editor().put(&format!("/v1/people/by-key/{key}"), &json!({ "name": "An" }));
    assert_snapshot!(put("partner/a%20b"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter key does not match ^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$.",
      "instance": "/v1/people/by-key/partner/a%20b",
      "errors": [
        {
          "parameter": "key",
          "code": "invalid_key",
          "message": "does not match ^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$"
        }
      ]
    }
    "#);
    for key in [
        "partner/%2F",
        "partner/-a",
        "pärtner/a",
        "partner/%C4%91",
        "partner/%00",
        "partner/a%0Ab",
        &format!("partner/{}", "a".repeat(201)),
    ] {
        assert_eq!(put(key).status, 400, "{key}");
    }
    assert_eq!(put(&format!("partner/{}", "a".repeat(200))).status, 201);
    assert_eq!(writes(service), 1);
});

on_both!(body_of_the_wrong_type_is_refused_with_the_right_one, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({}));
    let send =
        |method: &str, path: &str, kind: &str| editor.request(method, path).body(kind, "{\"name\": \"An\"}").send();
    let accepted = |answer: &Response, name: &str| answer.header(name).map(str::to_owned);
    let post = send("POST", "/v1/people", "text/plain");
    assert_eq!((post.status, accepted(&post, "accept-post").as_deref()), (415, Some("application/json")));
    let patch = send("PATCH", &person.url(), "application/json");
    assert_eq!(
        (patch.status, accepted(&patch, "accept-patch").as_deref()),
        (415, Some("application/merge-patch+json"))
    );
    for kind in [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "application/jsonx",
        "*/*",
        "",
    ] {
        assert_eq!(send("POST", "/v1/people", kind).status, 415, "{kind}");
    }
    assert_eq!(editor.request("POST", "/v1/people").send().status, 415, "no body and no type");
    for kind in ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=\"UTF-8\""] {
        assert_eq!(send("POST", "/v1/people", kind).status, 201, "{kind}");
    }
    assert_eq!(writes(service), 4);
});

on_both!(form_that_is_not_offered_is_not_acceptable, |service| {
    let asking = |accept: &str| service.public().request("GET", "/v1/people").header("Accept", accept).send();
    assert_snapshot!(asking("text/html"), @r#"
    406
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#not_acceptable",
      "title": "No acceptable representation is offered",
      "status": 406,
      "code": "not_acceptable",
      "detail": "Lists are sent as application/json or text/csv or application/x-ndjson or application/vnd.openxmlformats-officedocument.spreadsheetml.sheet or application/ld+json.",
      "instance": "/v1/people"
    }
    "#);
    for accept in [
        "text/html",
        "application/xml;q=0.9, text/plain",
        "application/json;q=0",
        "*/*;q=0.0",
        "application/*;q=0, text/*;q=0, */*;q=0.5",
    ] {
        assert_eq!(asking(accept).status, 406, "{accept}");
    }
    for accept in [
        "*/*",
        "application/*",
        "text/html, application/json;q=0.1",
        "text/html,*/*;q=0.8",
        "APPLICATION/JSON",
        "*/*;q=0, application/json",
        "text/html, */*; q=.2",
    ] {
        assert_eq!(asking(accept).status, 200, "{accept}");
    }
});

on_both!(address_that_is_not_percent_encoded_text_is_refused, |service| {
    let get = |path: &str| service.public().get(path);
    assert_snapshot!(get("/v1/people/%ff"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#malformed_request",
      "title": "The request cannot be read",
      "status": 400,
      "code": "malformed_request",
      "detail": "The path is not percent-encoded UTF-8.",
      "instance": "/v1/people/%ff"
    }
    "#);
    for path in [
        "/v1/people/%zz",
        "/v1/people/%",
        "/v1/people/%4",
        "/v1/%00",
        "/v1/people?q=%ff",
        "/v1/people?q=%zz",
        "/v1/people?q=%",
        "/v1/people?%ff=1",
        "/v1/people?q=%c0%af",
    ] {
        let answer = get(path);
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("malformed_request")), "{path}: {answer}");
    }
    for path in
        ["/v1/people/%2e%2e/documents", "/v1/../v1/people/x", "//v1/people", "/v1//people", "/v1/people/", "/V1/people"]
    {
        assert_eq!(get(path).status / 100, 4, "{path}");
    }
});

on_both!(condition_that_is_no_list_of_tags_is_refused, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({}));
    let with = |name: &str, value: &str| {
        editor.request("PATCH", &person.url()).header(name, value).json(&json!({ "note": "x" })).send()
    };
    for value in ["3", "\"3", "3\"", "\"a\"b\"", "", "'1'", "\"1\";\"2\"", "w/\"1\""] {
        assert_eq!((with("If-Match", value).status, value), (400, value));
    }
    for value in ["\"1\"", "W/\"1-x\"", "x"] {
        assert_eq!((with("If-None-Match", value).status, value), (400, value));
    }
    for value in ["\"2\"", "\"x\"", "\"\"", "W/\"1\"", "\"2-0\", \"3-0\"", "\"99999999999999999999\""] {
        assert_eq!((with("If-Match", value).status, value), (412, value));
    }
    assert_eq!(writes(service), 1);
    assert_eq!(with("If-Match", "\"7-a\", \"1-b\"").status, 200);
});

on_both!(method_that_is_not_offered_changes_nothing, |service| {
    let person = given::person(&service.editor(), json!({}));
    for method in ["TRACE", "PUT", "POST", "BREW"] {
        let answer = service.editor().request(method, &person.url()).json(&json!({ "name": "x" })).send();
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some("GET, PATCH, DELETE, HEAD, OPTIONS")),
            "{method}"
        );
    }
    assert_snapshot!(service.public().request("TRACE", "/v1/people").send(), @r#"
    405
    allow: GET, POST, HEAD, OPTIONS
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#method_not_allowed",
      "title": "The method is not offered here",
      "status": 405,
      "code": "method_not_allowed",
      "detail": "TRACE is not offered here.",
      "instance": "/v1/people"
    }
    "#);
    assert_eq!(writes(service), 1);
});

on_both!(request_that_is_no_http_is_refused, |service| {
    let public: Client = service.public();
    for request in [
        "GET /v1/people HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /v1/people HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "POST /v1/people HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "POST /v1/people HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        let status = public.raw(request.as_bytes()).status;
        assert!(status == 400, "{request}: {status}");
    }
    assert_eq!(writes(service), 0);
});
