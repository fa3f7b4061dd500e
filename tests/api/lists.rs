//! Pages of a list: their order, their links, and cursors, each good for its own list only.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::Client;
use crate::support::given::{self, Record};

/// The records of one page.
fn data(page: &Value) -> &[Value] {
    page["data"].as_array().unwrap()
}

fn ids(page: &Value) -> Vec<i64> {
    data(page).iter().map(|record| record["id"].as_i64().unwrap()).collect()
}

/// The numbers of the records on all pages from `first` on; `between` runs after each page.
pub fn walk(client: &Client, first: &str, mut between: impl FnMut(usize)) -> Vec<i64> {
    let mut found = Vec::new();
    let mut at = Some(first.to_owned());
    for number in 1.. {
        let Some(url) = at else { break };
        assert!(number < 100, "{first} has no last page");
        let page = client.get(&url).expect(200).json();
        found.extend(ids(&page));
        at = page["links"]["next"].as_str().map(str::to_owned);
        between(number);
    }
    found
}

on_both!(names_are_in_vietnamese_order, |service| {
    let editor = service.editor();
    let ordered = ["An", "Ăn", "Ân", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Dương Văn A", "Đặng Văn A", "Ưng"];
    for name in ["Đặng Văn A", "Ân", "Bạ", "Bả", "An", "Ưng", "Bá", "Dương Văn A", "Bà", "Bã", "Ăn", "Ba"]
    {
        given::person(&editor, json!({ "name": name }));
    }
    let page = editor.get("/v1/people?sort=name").expect(200).json();
    let names: Vec<&str> = data(&page).iter().map(|person| person["name"].as_str().unwrap()).collect();
    assert_eq!(names, ordered);
});

on_both!(unknown_days_are_the_oldest, |service| {
    let editor = service.editor();
    let on = |day: Value| {
        let fields = json!({ "system": "party", "kind": "plan", "title": "Kế hoạch", "issued_on": day });
        given::record(&editor, "documents", &fields).id()
    };
    let (early, unknown, late) = (on("1900-01-01".into()), on(Value::Null), on("2199-12-31".into()));
    let sorted = |sort: &str| ids(&editor.get(&format!("/v1/documents?sort={sort}")).expect(200).json());
    assert_eq!(sorted("issued_on"), [unknown, early, late]);
    assert_eq!(sorted("-issued_on"), [late, early, unknown]);
});

on_both!(page_tells_where_the_next_one_is, |service| {
    let editor = service.editor();
    for name in ["An", "Bình", "Chi"] {
        given::person(&editor, json!({ "name": name }));
    }
    let first = service.public().get("/v1/people?sort=-name&limit=2").expect(200);
    let body = first.json();
    let next = format!("/v1/people?sort=-name&limit=2&cursor={}", body["page"]["next"].as_str().unwrap());
    assert_eq!(body["page"]["limit"], 2);
    assert_eq!(body["links"], json!({ "first": "/v1/people?sort=-name&limit=2", "next": next }));
    assert_eq!(first.link("next"), Some(format!("<{next}>; rel=\"next\"").as_str()));
    let last = service.public().get(&next).expect(200);
    let body = last.json();
    assert_eq!(
        (&body["page"]["next"], &body["links"]["next"], last.link("next"), last.link("first")),
        (&json!(null), &json!(null), None, Some("</v1/people?sort=-name&limit=2>; rel=\"first\""))
    );
    assert_eq!(body["links"]["first"], "/v1/people?sort=-name&limit=2");
});

on_both!(page_that_is_exactly_full_is_the_last, |service| {
    let editor = service.editor();
    for _ in 0..4 {
        given::person(&editor, json!({}));
    }
    assert_eq!(walk(&service.public(), "/v1/people?limit=2", |_| {}), [1, 2, 3, 4]);
    assert_eq!(service.public().get("/v1/people?limit=4").json()["page"]["next"], json!(null));
});

on_both!(cursor_is_good_for_its_own_list_only, |service| {
    let editor = service.editor();
    for _ in 0..3 {
        given::document(&editor, json!({}));
        given::conference(&editor, json!({}));
    }
    let public = service.public();
    let page = public.get("/v1/documents?kind=conclusion&sort=issued_on&limit=1").expect(200).json();
    let cursor = page["page"]["next"].as_str().unwrap().to_owned();
    let with = |query: &str| format!("/v1/{query}cursor={cursor}");
    // Another limit and another order of the parameters make no other list.
    public.get(&with("documents?limit=2&sort=issued_on&kind=conclusion&")).expect(200);
    let others = [
        "documents?kind=conclusion&sort=-issued_on&",
        "documents?kind=conclusion&sort=issued_on,-id&",
        "documents?kind=conclusion&sort=number&",
        "documents?kind=plan&sort=issued_on&",
        "documents?sort=issued_on&",
        "documents?kind=conclusion&sort=issued_on&updated_since=2020-01-01T00:00:00Z&",
        "documents?kind=conclusion&sort=issued_on&managed_by=1&",
        "conferences?",
        "changes?",
        "documents/1/history?",
    ];
    for other in others {
        let refused = public.get(&with(other)).expect(400).json();
        assert_eq!(
            (&refused["errors"][0]["parameter"], &refused["errors"][0]["code"]),
            (&json!("cursor"), &json!("invalid_cursor")),
            "{other}"
        );
    }
    assert_eq!(
        editor.get(&with("documents?kind=conclusion&sort=issued_on&")).status,
        400,
        "it was made for one who sees less"
    );
});

on_both!(cursor_that_was_tampered_with_is_refused, |service| {
    let editor = service.editor();
    for _ in 0..2 {
        given::person(&editor, json!({}));
    }
    let cursor = service.public().get("/v1/people?limit=1").json()["page"]["next"].as_str().unwrap().to_owned();
    assert_snapshot!(service.public().get(&format!("/v1/people?limit=1&cursor=A{}", &cursor[1..])), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter cursor is not a cursor of this list: begin again without it.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "cursor",
          "code": "invalid_cursor",
          "message": "is not a cursor of this list: begin again without it"
        }
      ]
    }
    "#);
    let cut = &cursor[..cursor.len() - 1];
    for wrong in ["x", "AAAA", "%00", cut, &format!("{cursor}A"), &format!("{cursor}="), &cursor.to_lowercase()] {
        let refused = service.public().get(&format!("/v1/people?limit=1&cursor={wrong}"));
        assert_eq!(refused.json()["errors"][0]["code"], "invalid_cursor", "{wrong}: {refused}");
    }
});

on_both!(limit_out_of_range_is_refused_and_not_moved, |service| {
    assert_snapshot!(service.public().get("/v1/people?limit=201"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter limit must be a whole number from 1 to 200.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "limit",
          "code": "out_of_range",
          "message": "must be a whole number from 1 to 200"
        }
      ]
    }
    "#);
    for limit in ["0", "-1", "x", "1.5", "+1", "1e2", "99999999999999999999"] {
        assert_eq!(service.public().get(&format!("/v1/people?limit={limit}")).status, 400, "{limit}");
    }
    for limit in [1, 200] {
        assert_eq!(service.public().get(&format!("/v1/people?limit={limit}")).json()["page"]["limit"], limit);
    }
    assert_eq!(service.public().get("/v1/people").json()["page"]["limit"], 50);
});

on_both!(order_by_what_is_no_order_is_refused, |service| {
    assert_snapshot!(service.public().get("/v1/conferences?sort=topic"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter sort cannot be \"topic\".",
      "instance": "/v1/conferences",
      "errors": [
        {
          "parameter": "sort",
          "code": "unknown_code",
          "message": "cannot be \"topic\"",
          "allowed": [
            "held_on",
            "-held_on",
            "name",
            "-name",
            "updated_at",
            "-updated_at",
            "id",
            "-id"
          ]
        }
      ]
    }
    "#);
    assert_snapshot!(service.public().get("/v1/conferences?sort=name,held_on"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter sort takes one field, which `id` or `-id` may follow.",
      "instance": "/v1/conferences",
      "errors": [
        {
          "parameter": "sort",
          "code": "too_many",
          "message": "takes one field, which `id` or `-id` may follow"
        }
      ]
    }
    "#);
    for sort in ["--name", "name,", "id,id", "+name", "name%20desc"] {
        assert_eq!(service.public().get(&format!("/v1/conferences?sort={sort}")).status, 400, "{sort}");
    }
});

on_both!(count_is_told_when_it_is_asked_for, |service| {
    let editor = service.editor();
    for kind in ["plan", "plan", "directive"] {
        given::document(&editor, json!({ "kind": kind }));
    }
    let count =
        |query: &str| editor.get(&format!("/v1/documents?{query}")).expect(200).json()["page"].get("count").cloned();
    assert_eq!(count("limit=1"), None);
    assert_eq!(count("limit=1&count=exact"), Some(json!(3)));
    assert_eq!(count("kind=plan&count=exact"), Some(json!(2)));
    let page = editor.get("/v1/documents?kind=plan&count=exact&limit=1").json();
    assert_eq!(editor.get(page["links"]["next"].as_str().unwrap()).json()["page"]["count"], 2, "on every page");
    assert_snapshot!(editor.get("/v1/documents?count=estimated"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter count can only be exact.",
      "instance": "/v1/documents",
      "errors": [
        {
          "parameter": "count",
          "code": "unknown_code",
          "message": "can only be exact",
          "allowed": [
            "exact"
          ]
        }
      ]
    }
    "#);
});

on_both!(list_is_narrowed_by_the_last_write_and_by_the_owner, |service| {
    let editor = service.editor();
    let owner = given::organization(&editor, json!({})).id();
    let old = given::person(&editor, json!({ "managed_by": owner }));
    given::person(&editor, json!({}));
    service.set_clock("2026-11-21T03:30:00Z");
    let new = given::person(&editor, json!({ "managed_by": owner })).id();
    let list = |query: &str| ids(&editor.get(&format!("/v1/people?{query}")).expect(200).json());
    assert_eq!(list("updated_since=2026-11-21T03:30:00Z"), [new]);
    assert_eq!(list("updated_since=2026-11-21T10:00:00.000001%2B07:00"), [new], "instants may have an offset");
    assert_eq!(list("updated_since=2026-11-21T03:30:00.000001Z"), [0_i64; 0]);
    assert_eq!(list(&format!("managed_by={owner}")), [old.id(), new]);
    editor.patch(&old.url(), &json!({ "note": "x" })).expect(200);
    assert_eq!(list("updated_since=2026-11-21T03:30:00Z&sort=updated_at"), [old.id(), new]);
    assert_snapshot!(editor.get("/v1/people?updated_since=yesterday"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "The parameter updated_since is not an RFC 3339 instant such as 2026-11-21T03:04:05Z, between 1900 and 2199.",
      "instance": "/v1/people",
      "errors": [
        {
          "parameter": "updated_since",
          "code": "invalid_instant",
          "message": "is not an RFC 3339 instant such as 2026-11-21T03:04:05Z, between 1900 and 2199"
        }
      ]
    }
    "#);
});

on_both!(list_within_a_parent_has_its_own_only, |service| {
    let editor = service.editor();
    let point = |name: &str| json!({ "name": name });
    let one = given::conference(&editor, json!({ "bridge_points": [point("Hà Nội"), point("Huế")] }));
    let other = given::conference(&editor, json!({ "bridge_points": [point("Vinh")] }));
    let within = |parent: &Record, query: &str| editor.get(&format!("{}/bridge-points?{query}", parent.url()));
    let first = within(&one, "limit=1").expect(200).json();
    assert_eq!(ids(&first), [1]);
    assert_eq!(ids(&editor.get(first["links"]["next"].as_str().unwrap()).expect(200).json()), [2]);
    let cursor = first["page"]["next"].as_str().unwrap();
    assert_eq!(within(&other, &format!("limit=1&cursor={cursor}")).status, 400, "a cursor of another parent");
    assert_eq!(within(&other, "count=exact").json()["page"]["count"], 1);
    assert_snapshot!(within(&one, "conference=2"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "There is no parameter conference here.",
      "instance": "/v1/conferences/1/bridge-points",
      "errors": [
        {
          "parameter": "conference",
          "code": "unknown_parameter",
          "message": "is not known here",
          "allowed": [
            "admin_unit",
            "organization",
            "main",
            "as_of",
            "limit",
            "cursor",
            "sort",
            "fields",
            "expand",
            "count",
            "format",
            "csv",
            "labels",
            "updated_since",
            "managed_by"
          ]
        }
      ]
    }
    "#);
    editor.delete(&other.url()).expect(204);
    assert_eq!(within(&other, "").status, 410);
    assert_eq!(editor.get("/v1/conferences/99/bridge-points").status, 404);
    assert_eq!(editor.get("/v1/conferences/x/bridge-points").status, 400);
});
