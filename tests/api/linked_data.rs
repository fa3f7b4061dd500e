//! Records as linked data: when they are sent so, what is said then, and the context. What readers of JSON-LD make of it is
//! checked by `tests/clients/linked_data.py`.

use directive_tracker::config::Settings;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::client::CONTEXT_LINK;
use crate::support::{Client, Response, given, small_settings};

const LINKED: &str = "application/ld+json";

fn with_an_address() -> Settings {
    Settings { public_url: Some("https://tracker.example".to_owned()), ..small_settings() }
}

fn accepting(client: &Client, path: &str, accept: &str) -> Response {
    client.request("GET", path).header("Accept", accept).send()
}

fn linked(client: &Client, path: &str) -> Response {
    accepting(client, path, LINKED).expect(200)
}

on_both!(record_is_sent_with_its_context_and_classes, with_an_address(), |service| {
    let editor = service.editor();
    let issuer = given::tw(&editor).id();
    given::document(&editor, json!({ "numbering_body": issuer, "number": 32, "status": "in_force" }));
    assert_snapshot!(linked(&service.public(), "/v1/documents/1?fields=symbol,title,issued_on,status,numbering_body"), @r#"
    200
    cache-control: no-cache
    content-type: application/ld+json
    etag: "1-c5815c0cb8293853"
    vary: Authorization, Accept, Accept-Encoding

    {
      "@context": [
        "https://tracker.example/contexts/v1.jsonld",
        {
          "@base": "https://tracker.example/"
        }
      ],
      "@type": [
        "schema:Legislation",
        "prov:Entity"
      ],
      "id": 1,
      "type": "document",
      "url": "/v1/documents/1",
      "numbering_body": {
        "@type": [
          "schema:Organization",
          "org:Organization",
          "prov:Organization"
        ],
        "id": 1,
        "type": "organization",
        "url": "/v1/organizations/1",
        "title": "Trung ương Đảng"
      },
      "symbol": "32-KL/TW",
      "title": "Về tình hình an ninh trật tự nổi lên thời gian gần đây",
      "issued_on": "2018-07-05",
      "status": "in_force",
      "schema:legislationLegalForce": {
        "@id": "schema:InForce"
      }
    }
    "#);
});

on_both!(page_is_sent_with_its_context, with_an_address(), |service| {
    let editor = service.editor();
    for kind in ["ministry", "party_committee"] {
        given::organization(&editor, json!({ "kind": kind }));
    }
    let page = linked(&service.public(), "/v1/organizations?fields=kind&limit=1&count=exact");
    assert_eq!(page.link("first"), Some("</v1/organizations?fields=kind&limit=1&count=exact>; rel=\"first\""));
    let mut page = page.json();
    let cursor = page["page"]["next"].take();
    let next = page["links"]["next"].take();
    assert_eq!(next, format!("/v1/organizations?fields=kind&limit=1&count=exact&cursor={}", cursor.as_str().unwrap()));
    assert_snapshot!(format!("{page:#}"), @r#"
    {
      "@context": [
        "https://tracker.example/contexts/v1.jsonld",
        {
          "@base": "https://tracker.example/"
        }
      ],
      "data": [
        {
          "@type": [
            "schema:Organization",
            "org:Organization",
            "prov:Organization",
            "schema:GovernmentOrganization"
          ],
          "id": 1,
          "type": "organization",
          "url": "/v1/organizations/1",
          "kind": "ministry"
        }
      ],
      "page": {
        "next": null,
        "limit": 1,
        "count": 2
      },
      "links": {
        "first": "/v1/organizations?fields=kind&limit=1&count=exact",
        "next": null
      }
    }
    "#);
    let rest = linked(&service.public(), next.as_str().unwrap()).json();
    assert_eq!(rest["data"][0]["@type"], json!(["schema:Organization", "org:Organization", "prov:Organization"]));
});

on_both!(link_between_documents_says_what_one_is_to_the_other, with_an_address(), |service| {
    let editor = service.editor();
    for title in ["Một", "Hai", "Ba"] {
        given::document(&editor, json!({ "title": title }));
    }
    for (kind, to) in [("amends", 2), ("follows", 3)] {
        given::record(&editor, "document-links", &json!({ "kind": kind, "from": 1, "to": to }));
    }
    let data = linked(&service.public(), "/v1/document-links?fields=kind,from,to").json()["data"].clone();
    assert_snapshot!(format!("{:#}", data[0]), @r#"
    {
      "id": 1,
      "type": "document_link",
      "url": "/v1/document-links/1",
      "from": {
        "@type": [
          "schema:Legislation",
          "prov:Entity"
        ],
        "id": 1,
        "type": "document",
        "url": "/v1/documents/1",
        "title": "Một",
        "schema:legislationAmends": [
          {
            "url": "/v1/documents/2"
          }
        ],
        "eli:amends": [
          {
            "url": "/v1/documents/2"
          }
        ]
      },
      "to": {
        "@type": [
          "schema:Legislation",
          "prov:Entity"
        ],
        "id": 2,
        "type": "document",
        "url": "/v1/documents/2",
        "title": "Hai"
      },
      "kind": "amends",
      "rdf:predicate": {
        "@id": "schema:legislationAmends"
      }
    }
    "#);
    assert_eq!((&data[1]["rdf:predicate"], &data[1]["from"]["title"]), (&Value::Null, &json!("Một")));
    assert_eq!(data[1]["from"].as_object().unwrap().len(), 5, "no relation is made up: {}", data[1]);
    let within = linked(&service.public(), "/v1/documents/1?expand=document_links").json();
    let first = &within["document_links"]["data"][0];
    assert_eq!(first["from"]["eli:amends"], json!([{ "url": "/v1/documents/2" }]));
});

/// By which terms the link of one document says something of the other one.
fn said_by(client: &Client, link: i64) -> Vec<String> {
    let link = linked(client, &format!("/v1/document-links/{link}")).json();
    let terms = link["from"].as_object().unwrap().keys().filter(|name| name.contains(':'));
    let predicate = link.get("rdf:predicate").map(|term| format!("rdf:predicate {}", term["@id"].as_str().unwrap()));
    terms.cloned().chain(predicate).collect()
}

on_both!(draft_carries_out_and_changes_nothing, |service| {
    let editor = service.editor();
    let draft = given::document(&editor, json!({ "kind": "plan", "status": "draft" }));
    let others = given::document(&editor, json!({ "status": "in_force" })).id();
    let link = |kind: &str, from: i64, to: i64| {
        given::record(&editor, "document-links", &json!({ "kind": kind, "from": from, "to": to })).id()
    };
    let public = service.public();
    let effects = ["implements", "action_program_of", "continues", "replaces", "amends", "repeals", "corrects"];
    for kind in effects {
        assert_eq!(said_by(&public, link(kind, draft.id(), others)), Vec::<String>::new(), "{kind}");
    }
    let cites = link("cites", draft.id(), others);
    assert_eq!(said_by(&public, cites), ["schema:citation", "rdf:predicate schema:citation"], "a draft cites as well");
    editor.patch(&draft.url(), &json!({ "status": "issued" })).expect(200);
    let implements = ["schema:legislationEnsuresImplementationOf", "eli:ensures_implementation_of"];
    let predicate = "rdf:predicate schema:legislationEnsuresImplementationOf";
    assert_eq!(said_by(&public, 1), [&implements[..], &[predicate]].concat());
    let within = linked(&public, "/v1/documents/2?expand=linked_from").json();
    assert_eq!(within["linked_from"]["data"][0]["from"][implements[0]], json!([{ "url": "/v1/documents/2" }]));
});

on_both!(plan_that_was_taken_back_carries_out_nothing, |service| {
    let editor = service.editor();
    let repealed = given::document(&editor, json!({ "kind": "plan", "status": "repealed" })).id();
    let expired = given::document(&editor, json!({ "kind": "plan", "status": "expired" })).id();
    let other = given::document(&editor, json!({})).id();
    for (kind, from) in [("implements", repealed), ("implements", expired), ("amends", repealed)] {
        given::record(&editor, "document-links", &json!({ "kind": kind, "from": from, "to": other }));
    }
    let public = service.public();
    assert_eq!(said_by(&public, 1), Vec::<String>::new());
    assert_eq!(said_by(&public, 2).len(), 3, "it did as long as it held");
    assert_eq!(said_by(&public, 3).len(), 3, "what it changed stays changed");
});

on_both!(online_conference_with_a_place_is_attended_in_both_ways, |service| {
    let editor = service.editor();
    let points = json!([{ "name": "Thái Bình" }]);
    for (fields, mode) in [
        (json!({ "mode": "online" }), json!("Online")),
        (json!({ "mode": "online", "place": "Hà Nội" }), json!("Mixed")),
        (json!({ "mode": "online", "bridge_points": points }), json!("Mixed")),
        (json!({ "mode": "hybrid" }), json!("Mixed")),
        (json!({ "mode": "hybrid", "place": "Hà Nội" }), json!("Mixed")),
        (json!({ "mode": "in_person", "place": "Hà Nội" }), json!("Offline")),
        (json!({ "mode": "unknown", "place": "Hà Nội" }), Value::Null),
    ] {
        let url = given::conference(&editor, fields.clone()).url();
        let expected =
            mode.as_str().map_or(Value::Null, |mode| json!({ "@id": format!("schema:{mode}EventAttendanceMode") }));
        // What is said does not depend on the fields that are sent.
        for path in [url.clone(), format!("{url}?fields=mode")] {
            let conference = linked(&service.public(), &path).json();
            let said = conference.get("schema:eventAttendanceMode").cloned().unwrap_or_default();
            assert_eq!(said, expected, "{fields}");
        }
    }
});

on_both!(conference_is_about_its_documents_and_has_attendees, with_an_address(), |service| {
    let editor = service.editor();
    let document = given::document(&editor, json!({})).id();
    let cited = given::document(&editor, json!({})).id();
    let person = given::person(&editor, json!({})).id();
    given::conference(
        &editor,
        json!({
            "mode": "hybrid",
            "conference_documents": [
                { "document": document, "activity": "implementation" },
                { "document": cited, "citation_role": "mentioned" },
            ],
            "participations": [{ "person": person, "roles": ["chair"] }],
        }),
    );
    let conference = linked(&service.public(), "/v1/conferences/1?expand=conference_documents,participations").json();
    assert_eq!(conference["schema:eventAttendanceMode"], json!({ "@id": "schema:MixedEventAttendanceMode" }));
    let of = |name: &str, at: usize| conference[name]["data"][at]["conference"].clone();
    assert_eq!(of("conference_documents", 0)["schema:about"], json!([{ "url": "/v1/documents/1" }]));
    assert_eq!(of("conference_documents", 1)["schema:about"], Value::Null, "what is only mentioned");
    assert_eq!(of("participations", 0)["schema:attendee"], json!([{ "url": "/v1/people/1" }]));
});

on_both!(document_that_may_not_be_seen_is_linked_without_its_title, with_an_address(), |service| {
    let editor = service.editor();
    let hidden = given::document(&editor, json!({ "visibility": "internal" })).id();
    let shown = given::document(&editor, json!({})).id();
    given::record(&editor, "document-links", &json!({ "kind": "amends", "from": shown, "to": hidden }));
    let of = |client: &Client| linked(client, "/v1/document-links/1").json()["to"]["title"].clone();
    assert_eq!(of(&service.public()), Value::Null);
    assert_ne!(of(&service.reader()), Value::Null);
    assert_snapshot!(accepting(&service.public(), "/v1/documents/1", LINKED), @r#"
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
      "instance": "/v1/documents/1"
    }
    "#);
});

on_both!(form_of_a_record_is_the_one_that_weighs_most, |service| {
    given::person(&service.editor(), json!({}));
    let public = service.public();
    for path in ["/v1/people/1", "/v1/people"] {
        let sent =
            |accept: &str| accepting(&public, path, accept).expect(200).header("content-type").unwrap().to_owned();
        for (accept, form) in [
            ("*/*", "application/json"),
            ("application/*", "application/json"),
            (LINKED, LINKED),
            ("application/json, application/ld+json", "application/json"),
            ("application/json;q=0.5, application/ld+json;q=0.6", LINKED),
            ("application/ld+json;q=0.5, application/json;q=0.6", "application/json"),
            ("application/ld+json; profile=\"http://www.w3.org/ns/json-ld#compacted\"", LINKED),
        ] {
            assert_eq!(sent(accept), form, "{path} {accept}");
        }
        let named = |form: &str| accepting(&public, &format!("{path}?format={form}"), "text/html").expect(200);
        assert_eq!(named("jsonld").header("content-type"), Some(LINKED), "{path}");
        assert_eq!(named("json").header("content-type"), Some("application/json"), "{path}");
    }
    assert_snapshot!(public.get("/v1/people/1?format=csv"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter format is not a form that records are sent in.",
      "instance": "/v1/people/1",
      "errors": [
        {
          "parameter": "format",
          "code": "unknown_code",
          "message": "is not a form that records are sent in",
          "allowed": [
            "json",
            "jsonld"
          ]
        }
      ]
    }
    "#);
});

on_both!(either_form_has_its_own_entity_tag, |service| {
    let (editor, public) = (service.editor(), service.public());
    let person = given::person(&editor, json!({}));
    let (plain, form) = (public.get(&person.url()), linked(&public, &person.url()));
    assert_ne!(plain.etag(), form.etag());
    for answer in [&plain, &form] {
        assert_eq!(answer.header("vary"), Some("Authorization, Accept, Accept-Encoding"));
    }
    let known = |tag: &str| {
        let request = public.request("GET", &person.url()).header("Accept", LINKED);
        request.header("If-None-Match", tag).send()
    };
    assert_eq!((known(form.etag()).status, known(plain.etag()).status), (304, 200));
    assert_snapshot!(known(form.etag()).header("vary").unwrap(), @"Authorization, Accept, Accept-Encoding");
    let head = public.request("HEAD", &person.url()).header("Accept", LINKED).send();
    assert_eq!((head.status, head.etag(), head.header("content-type")), (200, form.etag(), Some(LINKED)));
    // The tag of either form begins with the version, which is what a write depends on.
    let patch = editor.request("PATCH", &person.url()).header("If-Match", form.etag());
    patch.json(&json!({ "name": "Bình" })).send().expect(200);
});

on_both!(plain_json_names_the_context, |service| {
    let (editor, public) = (service.editor(), service.public());
    let created = editor.post("/v1/people", &json!({ "name": "An" }));
    for path in ["/v1/people", "/v1/people/1", "/v1/people?q=x&limit=1"] {
        assert_eq!(
            public.get(path).link(CONTEXT_LINK),
            Some("</contexts/v1.jsonld>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\""),
            "{path}"
        );
    }
    let others = [
        created,
        linked(&public, "/v1/people/1"),
        public.get("/v1/people?format=csv"),
        public.get("/v1/people/9"),
        public.get("/v1/changes"),
        public.get("/v1/people/1/history"),
    ];
    for answer in others {
        assert_eq!(answer.link(CONTEXT_LINK), None, "{answer}");
    }
});

on_both!(service_without_an_address_is_known_by_the_host_of_the_request, |service| {
    given::person(&service.editor(), json!({}));
    let public = service.public();
    let own = format!("http://{}", service.address);
    let base = |head: &str| {
        let request = format!("GET /v1/people/1?format=jsonld HTTP/1.1\r\nConnection: close\r\n{head}\r\n");
        let answer = public.raw(request.as_bytes()).expect(200).json();
        let base = answer["@context"][1]["@base"].as_str().unwrap().to_owned();
        assert_eq!(answer["@context"][0], format!("{base}contexts/v1.jsonld"));
        base
    };
    assert_eq!(base("Host: tracker.example:8080\r\n"), "http://tracker.example:8080/");
    assert_eq!(base("Host: Tracker.Example\r\n"), "http://tracker.example/");
    // Anybody may write what a proxy would.
    let forwarded = "Host: a.example\r\nX-Forwarded-Host: b.example\r\nForwarded: host=c.example;proto=https\r\n";
    assert_eq!(base(forwarded), "http://a.example/");
    assert_eq!(base("Host: a\"b\r\n"), format!("{own}/"));
});

on_both!(context_may_be_kept_for_ever_by_everybody, Settings { private: true, ..small_settings() }, |service| {
    let public = service.public();
    let answer = public.get("/contexts/v1.jsonld").expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("content-type"), Some(LINKED));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    // Readers have kept it: once it is released, what else is to be said needs a context at another address.
    assert_snapshot!(answer.etag(), @r#""73703c29cbb472f7""#);
    let context = &answer.json()["@context"];
    assert_eq!((&context["type"], &context["url"]), (&json!("@type"), &json!("@id")));
    assert_snapshot!(format!("{:#}", context["position"]), @r#"
    {
      "@id": "org:Membership",
      "@context": {
        "person": "org:member",
        "organization": "org:organization",
        "title": {
          "@id": "schema:roleName",
          "@language": "vi"
        },
        "valid_from": {
          "@id": "schema:startDate",
          "@type": "xsd:date"
        },
        "valid_to": {
          "@id": "schema:endDate",
          "@type": "xsd:date"
        }
      }
    }
    "#);
    // What a link is called is a label beside the title of the document itself.
    assert_eq!(context["title"], json!({ "@id": "schema:name", "@language": "vi" }));
    assert_eq!(context["document"]["@context"].get("title"), None);
    assert_eq!(context["person"]["@context"]["title"], json!({ "@id": "rdfs:label", "@language": "vi" }));
    assert_snapshot!(format!("{:#}", context["finding"]["@context"]["document"]), @r#"
    {
      "@id": "schema:about",
      "@context": {
        "@propagate": false,
        "title": {
          "@id": "rdfs:label",
          "@language": "vi"
        }
      }
    }
    "#);
    let again = public.request("GET", "/contexts/v1.jsonld").header("If-None-Match", answer.etag()).send();
    assert_snapshot!(again, @r#"
    304
    cache-control: public, max-age=31536000, immutable
    etag: "73703c29cbb472f7"
    vary: Accept-Encoding
    "#);
});
