//! What became of units and bodies that ended.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::reading::ids;
use crate::support::{Client, Response, given};

/// Creates units 1 to 3 and organizations 1 to 3.
fn three_of_each(editor: &Client) {
    for name in ["Thái Bình", "Hưng Yên", "Hải Dương"] {
        given::admin_unit(editor, json!({ "name": name, "code": null }));
        given::organization(editor, json!({ "name": format!("Tỉnh ủy {name}") }));
    }
}

fn succession(editor: &Client, kind: &str, sides: Value) -> Response {
    let fields = given::with(json!({ "kind": kind, "effective_on": "2025-07-01" }), sides);
    editor.post("/v1/successions", &fields)
}

on_both!(succession_is_of_units_or_of_bodies_and_not_of_both, |service| {
    let editor = service.editor();
    three_of_each(&editor);
    succession(&editor, "merged", json!({ "from_admin_unit": 1, "to_admin_unit": 2 })).expect(201);
    succession(&editor, "merged", json!({ "from_organization": 1, "to_organization": 2 })).expect(201);
    assert_snapshot!(succession(&editor, "merged", json!({ "from_admin_unit": 1, "to_organization": 2 })), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/to_organization must be null where an administrative unit is named.",
      "instance": "/v1/successions",
      "errors": [
        {
          "pointer": "/to_organization",
          "code": "inconsistent",
          "message": "must be null where an administrative unit is named"
        }
      ]
    }
    "#);
    assert_snapshot!(succession(&editor, "merged", json!({})), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/from_admin_unit is needed unless the kind is established. /to_admin_unit is needed unless the kind is abolished.",
      "instance": "/v1/successions",
      "errors": [
        {
          "pointer": "/from_admin_unit",
          "code": "missing",
          "message": "is needed unless the kind is established"
        },
        {
          "pointer": "/to_admin_unit",
          "code": "missing",
          "message": "is needed unless the kind is abolished"
        }
      ]
    }
    "#);
});

on_both!(only_what_is_established_comes_from_nothing_and_only_what_is_abolished_leads_to_nothing, |service| {
    let editor = service.editor();
    three_of_each(&editor);
    let dry = |kind: &str, sides: Value| succession(&editor, kind, sides).status;
    for kind in ["merged", "split", "renamed", "reclassified", "abolished", "established"] {
        let (from, to) = (json!({ "from_organization": 1 }), json!({ "to_organization": 2 }));
        assert_eq!(dry(kind, from), if kind == "abolished" { 201 } else { 422 }, "{kind} to nothing");
        assert_eq!(dry(kind, to), if kind == "established" { 201 } else { 422 }, "{kind} from nothing");
    }
    assert_eq!(dry("renamed", json!({ "from_admin_unit": 1, "to_admin_unit": 1 })), 422);
});

on_both!(successions_are_many_to_many, |service| {
    let editor = service.editor();
    three_of_each(&editor);
    for (from, to) in [(1, 2), (3, 2), (1, 3)] {
        succession(&editor, "merged", json!({ "from_admin_unit": from, "to_admin_unit": to })).expect(201);
    }
    let later = json!({ "from_organization": 1, "to_organization": 3, "effective_on": "2026-04-30" });
    succession(&editor, "reclassified", later).expect(201);
    for (query, found) in [
        ("from_admin_unit=1", [1, 3].as_slice()),
        ("to_admin_unit=2", &[1, 2]),
        ("admin_unit=3", &[2, 3]),
        ("from_admin_unit=1&to_admin_unit=3", &[3]),
        ("organization=1", &[4]),
        ("from_organization=3", &[]),
        ("to_organization=3", &[4]),
        ("kind=reclassified,split", &[4]),
        ("effective_from=2025-07-02", &[4]),
        ("effective_to=2025-07-01", &[1, 2, 3]),
    ] {
        assert_eq!(ids(&service.public().get(&format!("/v1/successions?{query}&sort=id"))), found, "{query}");
    }
});

on_both!(succession_rests_on_a_document_or_on_its_words, |service| {
    let editor = service.editor();
    three_of_each(&editor);
    let basis = given::document(&editor, json!({ "system": "state", "kind": "resolution", "symbol": "202/2025/QH15" }));
    let sides = json!({ "from_admin_unit": 1, "to_admin_unit": 2, "legal_basis": basis.id() });
    let made = succession(&editor, "merged", sides).expect(201).json();
    assert_eq!(made["legal_basis"]["url"], basis.url());
    assert_eq!(editor.delete(&basis.url()).expect(409).json()["referrers"], json!(["/v1/successions/1"]));
    assert_eq!(editor.delete("/v1/admin-units/1").expect(409).json()["referrers"], json!(["/v1/successions/1"]));
});
