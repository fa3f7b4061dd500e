//! What holds for every path: HEAD, OPTIONS, 405, the id of a request, headers, compression, other origins, entity tags,
//! health, and the description of the service.

use std::collections::BTreeSet;

use directive_tracker::config::Settings;
use directive_tracker::http::system;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Client, Response, given, small_settings};

/// Every path of the OpenAPI document with its first record, and the methods that it declares, in capitals.
fn paths() -> Vec<(String, BTreeSet<String>)> {
    let document = system::document();
    let concrete = |path: &str| path.replace("{id}", "1").replace("{system}", "partner").replace("{key}", "1");
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .map(|(path, item)| {
            (concrete(path), item.as_object().unwrap().keys().map(|name| name.to_uppercase()).collect())
        })
        .collect()
}

/// The pages that the OpenAPI document leaves out.
const PAGES: &[&str] = &["/", "/docs", "/docs/", "/openapi.json", "/openapi.yaml", "/problems"];

fn allowed(answer: &Response) -> BTreeSet<String> {
    let allow = answer.header("allow").unwrap_or_else(|| panic!("no Allow\n{answer}"));
    allow.split(", ").map(str::to_owned).collect()
}

/// An answer with the headers that are the same each time.
fn steady(answer: &Response) -> (u16, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| name != "date" && name != "x-request-id");
    (answer.status, headers.cloned().collect())
}

on_both!(head_is_get_without_a_body_on_every_path, |service| {
    given::person(&service.editor(), json!({}));
    let gettable = paths().into_iter().filter(|(_, methods)| methods.contains("GET")).map(|(path, _)| path);
    for path in gettable.chain(PAGES.iter().map(|path| (*path).to_owned())) {
        let (get, head) = (service.public().get(&path), service.public().request("HEAD", &path).send());
        let [mut of_get, mut of_head] = [&get, &head].map(steady);
        if path == "/metrics" {
            // The second request finds the first counted.
            for (_, headers) in [&mut of_get, &mut of_head] {
                headers.retain(|(name, _)| name != "content-length");
            }
        }
        assert_eq!(of_head, of_get, "{path}");
        assert!(head.body.is_empty(), "{path}");
    }
});

on_both!(options_and_405_tell_the_declared_methods_on_every_path, |service| {
    let pages = PAGES.iter().map(|path| ((*path).to_owned(), BTreeSet::from(["GET".to_owned()])));
    for (path, mut methods) in paths().into_iter().chain(pages) {
        methods.insert("OPTIONS".to_owned());
        if methods.contains("GET") {
            methods.insert("HEAD".to_owned());
        }
        let options = service.public().request("OPTIONS", &path).send();
        assert_eq!((options.status, allowed(&options)), (204, methods.clone()), "{path}");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
            if !methods.contains(method) {
                let refused = service.editor().request(method, &path).send();
                assert_eq!((refused.status, allowed(&refused)), (405, methods.clone()), "{method} {path}");
                assert_eq!(refused.json()["code"], "method_not_allowed", "{method} {path}");
            }
        }
    }
});

on_both!(every_failure_is_a_problem_document, |service| {
    let public = service.public();
    let failures = [
        public.get("/v1/people/1"),
        public.get("/v1/people/x"),
        public.get("/nothing"),
        public.get("/docs/nothing"),
        public.get("/v1/people?x=1"),
        public.delete("/v1/people"),
        public.post("/v1/people", &json!({})),
        service.editor().post("/v1/people", &json!({})),
        service.editor().request("POST", "/v1/people").body("text/plain", "").send(),
    ];
    for answer in failures {
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer}");
        let problem = answer.json();
        assert_eq!(problem["status"], answer.status, "{answer}");
        for member in ["type", "title", "code", "detail", "instance"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {answer}");
        }
        assert_eq!(problem["type"], format!("/problems#{}", problem["code"].as_str().unwrap()));
        assert!(public.get("/problems").text().contains(&format!("id=\"{}\"", problem["code"].as_str().unwrap())));
    }
});

on_both!(request_keeps_its_id, |service| {
    let with = |id: &str| {
        let answer = service.public().request("GET", "/v1/people").header("X-Request-Id", id).send();
        answer.header("x-request-id").unwrap().to_owned()
    };
    for id in ["a", "order-66_b.c", &"a".repeat(64)] {
        assert_eq!(with(id), id);
    }
    for id in ["", "a b", "a\"b", "đ", "a;b", &"a".repeat(65)] {
        let given = with(id);
        assert!(given != id && given.len() == 24, "{id}: {given}");
    }
    let fresh = |_| service.public().get("/nothing").header("x-request-id").unwrap().to_owned();
    assert_eq!((0..3).map(fresh).collect::<BTreeSet<_>>().len(), 3);
});

on_both!(every_answer_has_the_headers_that_keep_browsers_safe, |service| {
    let answers = [
        service.public().get("/v1/people"),
        service.public().get("/v1/people/1"),
        service.editor().post("/v1/people", &json!({ "name": "An" })),
        service.editor().delete("/v1/people/1"),
        service.public().request("OPTIONS", "/v1/people").send(),
        service.public().delete("/v1/people"),
        service.public().get("/healthz"),
        service.public().get("/v1/people/%ff"),
    ];
    for answer in answers {
        let of = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        assert_eq!(of("x-content-type-options"), "nosniff", "{answer}");
        assert_eq!(of("content-security-policy"), "default-src 'none'; frame-ancestors 'none'", "{answer}");
        assert_eq!(of("referrer-policy"), "no-referrer", "{answer}");
        assert_eq!(of("x-frame-options"), "DENY", "{answer}");
        assert_eq!(of("cross-origin-resource-policy"), "same-origin", "{answer}");
        assert_eq!(answer.header("strict-transport-security"), None, "{answer}");
        assert_eq!(answer.header("server"), None, "{answer}");
    }
    let docs = service.public().get("/docs/").expect(200);
    let policy = docs.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe-eval"), "{policy}");
    let chart = service.public().get("/v1/tasks/1/timeline.svg");
    assert_eq!(chart.header("cross-origin-resource-policy"), Some("same-origin"), "a problem is no picture: {chart}");
    let chart = service.public().get("/v1/reports/tasks.svg?group_by=month").expect(200);
    assert_eq!(chart.header("cross-origin-resource-policy"), Some("cross-origin"), "{chart}");
});

fn reached_over_tls() -> Settings {
    Settings { public_url: Some("https://tracker.example".to_owned()), ..small_settings() }
}

on_both!(who_has_come_over_tls_is_told_to_come_so_again, reached_over_tls(), |service| {
    for path in ["/v1/people", "/v1/people/1", "/healthz", "/docs/"] {
        let answer = service.public().get(path);
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"), "{answer}");
    }
});

on_both!(answer_is_compressed_for_those_who_take_it, |service| {
    for _ in 0..20 {
        given::person(&service.editor(), json!({}));
    }
    let plain = service.public().get("/v1/people");
    assert_eq!(plain.header("content-encoding"), None);
    let asking =
        |encoding: &str| service.public().request("GET", "/v1/people").header("Accept-Encoding", encoding).send();
    for (asked, given, magic) in
        [("gzip", "gzip", Some([0x1f, 0x8b])), ("br", "br", None), ("gzip;q=0.5, br", "br", None)]
    {
        let answer = asking(asked).expect(200);
        assert_eq!(answer.header("content-encoding"), Some(given), "{asked}");
        assert!(answer.body.len() * 2 < plain.body.len(), "{asked}: {} of {}", answer.body.len(), plain.body.len());
        assert!(magic.is_none_or(|magic| answer.body.starts_with(&magic)), "{asked}");
        assert!(answer.header("vary").unwrap().to_lowercase().contains("accept-encoding"), "{answer:?}");
    }
    assert!(plain.header("vary").unwrap().to_lowercase().contains("accept-encoding"), "caches keep them apart");
    assert_eq!(asking("identity").body, plain.body);
});

/// The headers that an answer says it depends on, in lower case.
fn varies(answer: &Response) -> BTreeSet<String> {
    let values = answer.headers.iter().filter(|(name, _)| name == "vary");
    values.flat_map(|(_, value)| value.split(',').map(|name| name.trim().to_lowercase())).collect()
}

on_both!(answer_names_the_headers_that_it_depends_on, |service| {
    let person = given::person(&service.editor(), json!({}));
    let depends = |path: &str, encoding: &str| {
        varies(&service.public().request("GET", path).header("Accept-Encoding", encoding).send())
    };
    let of = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    for encoding in ["gzip", "identity"] {
        let path = "/v1/enumerations";
        assert_eq!(depends(path, encoding), of(&["authorization", "accept-encoding"]), "{path}");
        let lists = ["/v1/people", "/v1/people?format=ndjson", "/v1/people?format=csv", "/v1/changes"];
        for path in
            lists.map(str::to_owned).into_iter().chain([person.url(), format!("{}?format=jsonld", person.url())])
        {
            assert_eq!(depends(&path, encoding), of(&["authorization", "accept", "accept-encoding"]), "{path}");
        }
        for path in [
            "/",
            "/docs/",
            "/docs/swagger-ui.css",
            "/openapi.json",
            "/openapi.yaml",
            "/problems",
            "/contexts/v1.jsonld",
        ] {
            assert_eq!(depends(path, encoding), of(&["accept-encoding"]), "{path}");
        }
        for path in ["/v1/people/9", "/v1/people/x", "/v1/people/%ff", "/nothing"] {
            let all = of(&["authorization", "accept-language", "accept-encoding"]);
            assert_eq!(depends(path, encoding), all, "{path}");
        }
    }
});

on_both!(no_cache_keeps_a_problem, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({}));
    editor.delete(&person.url()).expect(204);
    for (answer, status) in [
        (service.public().get("/v1/people?x=1"), 400),
        (service.public().post("/v1/people", &json!({})), 401),
        (service.public().get("/v1/people/9"), 404),
        (service.public().get("/nothing"), 404),
        (service.public().delete("/v1/people"), 405),
        (service.public().get(&person.url()), 410),
        (editor.post("/v1/people", &json!({})), 422),
    ] {
        assert_eq!((answer.status, answer.header("cache-control")), (status, Some("no-store")), "{answer}");
    }
});

const ORIGINS: &str = "https://app.example";

fn with_origins() -> Settings {
    Settings { cors_origins: vec![ORIGINS.to_owned()], ..small_settings() }
}

fn from(client: &Client, method: &str, origin: &str) -> Response {
    client.request(method, "/v1/people").header("Origin", origin).send()
}

on_both!(pages_of_an_allowed_origin_may_call, with_origins(), |service| {
    let answer = from(&service.public(), "GET", ORIGINS).expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGINS));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let exposed: BTreeSet<&str> = answer.header("access-control-expose-headers").unwrap().split(", ").collect();
    assert_eq!(
        exposed,
        BTreeSet::from([
            "content-disposition",
            "etag",
            "idempotent-replayed",
            "link",
            "location",
            "ratelimit",
            "ratelimit-policy",
            "repr-digest",
            "retry-after",
            "x-request-id",
        ])
    );
    assert!(answer.header("vary").unwrap().contains("Origin"), "{answer}");
    let preflight = service.public().request("OPTIONS", "/v1/people").header("Origin", ORIGINS);
    let preflight = preflight
        .header("Access-Control-Request-Method", "PATCH")
        .header("Access-Control-Request-Headers", "authorization, content-type, if-match")
        .send()
        .expect(200);
    assert_eq!(preflight.header("access-control-allow-origin"), Some(ORIGINS));
    assert!(preflight.header("access-control-allow-methods").unwrap().contains("PATCH"));
    let refused = service.public().request("GET", "/v1/people/1").header("Origin", ORIGINS).send();
    assert_eq!(
        (refused.status, refused.header("access-control-allow-origin")),
        (404, Some(ORIGINS)),
        "problems may be read too"
    );
});

on_both!(pages_of_other_origins_may_not_call, with_origins(), |service| {
    for origin in [
        "https://evil.example",
        "null",
        "https://app.example.evil.example",
        "http://app.example",
        "https://app.example:444",
    ] {
        for method in ["GET", "OPTIONS"] {
            let request = service.public().request(method, "/v1/people").header("Origin", origin);
            let answer = request.header("Access-Control-Request-Method", "GET").send();
            assert_eq!(answer.header("access-control-allow-origin"), None, "{method} {origin}: {answer}");
        }
    }
    assert_eq!(service.public().get("/v1/people").status, 200, "those who are no page are not asked");
});

/// What every answer has, whichever layer gives it.
fn assert_whole(answer: &Response) {
    assert!(answer.header("x-request-id").is_some_and(|id| !id.is_empty()), "{answer:?}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
    let failed = answer.status >= 400;
    assert_eq!(answer.header("content-type") == Some("application/problem+json"), failed, "{answer:?}");
}

on_both!(what_is_asked_beforehand_is_answered_as_everything_is, with_origins(), |service| {
    let ask = |origin: &str, method: &str, headers: &str| {
        let request = service.public().request("OPTIONS", "/v1/people").header("Origin", origin);
        let request = request.header("Access-Control-Request-Method", method);
        let answer = request.header("Access-Control-Request-Headers", headers).send();
        assert_whole(&answer);
        answer
    };
    assert_eq!(ask(ORIGINS, "PATCH", "authorization").status, 200);
    assert_eq!(ask(ORIGINS, "TRACE", "authorization").status, 400);
    assert_eq!(ask(ORIGINS, "GET", "x-other").status, 400);
    assert_snapshot!(ask("https://evil.example", "GET", "authorization"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#malformed_request",
      "title": "The request cannot be read",
      "status": 400,
      "code": "malformed_request",
      "detail": "Origin is not allowed to make this request.",
      "instance": "/v1/people"
    }
    "#);
});

on_both!(simple_request_of_a_page_is_answered_as_everything_is, with_origins(), |service| {
    for origin in [ORIGINS, "https://evil.example"] {
        for path in ["/v1/people", "/v1/people/1", "/v1/people/%ff", "/nothing"] {
            let answer = service.public().request("GET", path).header("Origin", origin).send();
            assert_whole(&answer);
            let allowed = (origin == ORIGINS).then_some(ORIGINS);
            assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin} {path}: {answer:?}");
        }
    }
});

on_both!(encoding_that_is_not_offered_is_a_problem_too, |service| {
    let asking =
        |encoding: &str| service.public().request("GET", "/v1/people").header("Accept-Encoding", encoding).send();
    let refused = asking("zstd, identity;q=0");
    assert_whole(&refused);
    assert_snapshot!(refused, @r#"
    406
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#not_acceptable",
      "title": "No acceptable representation is offered",
      "status": 406,
      "code": "not_acceptable",
      "detail": "Answers are sent as they are, or compressed with br, gzip or deflate.",
      "instance": "/v1/people"
    }
    "#);
    let problem = service.public().request("GET", "/nothing").header("Accept-Encoding", "gzip").send();
    assert_whole(&problem);
    assert_eq!(problem.header("content-encoding"), Some("gzip"));
});

on_both!(no_page_may_call_unless_origins_are_set, |service| {
    let answer = from(&service.public(), "GET", ORIGINS);
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None));
});

on_both!(what_the_caller_has_already_is_not_sent_again, |service| {
    let editor = service.editor();
    let person = given::person(&editor, json!({}));
    for path in [
        person.url(),
        "/v1/people".to_owned(),
        "/v1/changes".to_owned(),
        format!("{}/history", person.url()),
        "/v1/enumerations".to_owned(),
    ] {
        let known = service.public().get(&path).expect(200);
        let with = |tags: &str| service.public().request("GET", &path).header("If-None-Match", tags).send();
        for tags in [known.etag(), &format!("W/{}", known.etag()), &format!("\"x\", {}", known.etag()), "*"] {
            let answer = with(tags);
            assert_eq!((answer.status, answer.etag()), (304, known.etag()), "{path} {tags}");
            assert!(answer.body.is_empty() && answer.header("content-type").is_none(), "{path} {tags}");
        }
        assert_eq!(with("\"1-0000000000000000\"").status, 200, "{path}: the version alone is not the answer");
    }
    let before = service.public().get("/v1/people").etag().to_owned();
    editor.patch(&person.url(), &json!({ "note": "x" })).expect(200);
    let after = service.public().request("GET", "/v1/people").header("If-None-Match", &before).send();
    assert_eq!(after.status, 200);
});

on_both!(title_of_a_link_changes_the_tag_and_not_the_version, |service| {
    let editor = service.editor();
    let body = given::organization(&editor, json!({}));
    let conference = given::conference(&editor, json!({ "convening_body": body.id() }));
    let before = editor.get(&conference.url()).etag().to_owned();
    editor.patch(&body.url(), &json!({ "name": "Tỉnh ủy Hưng Yên" })).expect(200);
    let after = editor.get(&conference.url());
    assert_ne!(after.etag(), before);
    assert_eq!(after.json()["version"], 1);
    let patch = editor.request("PATCH", &conference.url()).header("If-Match", &before).json(&json!({ "note": "x" }));
    assert_eq!(patch.send().status, 200, "the version is what counts for writing");
});

on_both!(service_is_well_and_ready, |service| {
    for path in ["/healthz", "/readyz"] {
        let answer = service.public().get(path).expect(200);
        assert_eq!(
            (answer.json(), answer.header("cache-control")),
            (json!({ "status": "ok" }), Some("no-store")),
            "{path}"
        );
    }
});

on_both!(service_describes_itself, |service| {
    let public = service.public();
    let json = public.get("/openapi.json").expect(200).json();
    let yaml: Value = yaml_serde::from_str(public.get("/openapi.yaml").expect(200).text()).unwrap();
    assert!(json == yaml, "the two documents differ");
    assert!(json == *system::document(), "it is not that of the code");
    assert_eq!(json["openapi"], "3.1.0");
    let start = public.get("/").expect(200).json();
    for (name, url) in start["collections"].as_object().unwrap() {
        assert_eq!(public.get(url.as_str().unwrap()).status, 200, "{name}");
    }
    let docs = public.get("/docs").expect(308);
    assert_eq!(docs.header("location"), Some("/docs/"));
    assert!(public.get("/docs/").expect(200).text().contains("swagger-ui"));
    assert_eq!(public.get("/docs/swagger-ui.css").expect(200).header("content-type"), Some("text/css"));
    assert_snapshot!(public.get("/docs/../Cargo.toml").status, @"404");
});
