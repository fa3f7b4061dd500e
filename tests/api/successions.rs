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

on_both!(succession_that_leads_back_to_where_it_began_is_refused, |service| {
    let editor = service.editor();
    let [old, new] = two_provinces(&editor);
    let step = |from: i64, to: i64, day: &str| json!({ "kind": "merged", "from_admin_unit": from, "to_admin_unit": to, "effective_on": day, "legal_basis_text": "Nghị quyết số 202/2025/QH15" });
    editor.post("/v1/successions", &step(old, new, "2025-07-01")).expect(201);
    assert_snapshot!(editor.post("/v1/successions", &step(new, old, "2026-07-01")), @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/to_admin_unit leads back to where the succession begins: 1 → 2.",
      "instance": "/v1/successions",
      "errors": [
        {
          "pointer": "/to_admin_unit",
          "code": "cycle",
          "message": "leads back to where the succession begins: 1 → 2"
        }
      ]
    }
    "#);
    assert_snapshot!(editor.post("/v1/successions", &step(old, new, "2025-07-01")), @r#"
    409
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#duplicate_succession",
      "title": "The succession is already recorded",
      "status": 409,
      "code": "duplicate_succession",
      "detail": "This succession is recorded already: merged on 2025-07-01.",
      "instance": "/v1/successions",
      "existing": {
        "id": 1,
        "type": "succession",
        "url": "/v1/successions/1",
        "title": "merged on 2025-07-01"
      }
    }
    "#);
});

on_both!(record_that_rests_on_what_did_not_exist_that_day_carries_a_warning, |service| {
    let editor = service.editor();
    let [old, _] = two_provinces(&editor);
    let body = given::organization(&editor, json!({ "valid_from": "1990-01-01", "valid_to": "2025-06-30" })).id();
    let person = given::person(&editor, json!({})).id();
    let warned = |collection: &str, record: Value| {
        let written = editor.post(&format!("/v1/{collection}"), &record).expect(201).json();
        let warnings = written["warnings"].as_array().cloned().unwrap_or_default();
        let of_life = warnings.iter().filter(|warning| warning["code"] == "outside_life_span");
        of_life
            .map(|warning| format!("{} {}", warning["pointer"], warning["message"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        warned(
            "conferences",
            json!({ "name": "Hội nghị", "held_from": "2025-08-01", "admin_unit": old, "convening_body": body })
        ),
        [
            "/admin_unit Tiền Giang existed until 2025-06-30, before 2025-08-01.",
            "/convening_body Tỉnh ủy Thái Bình existed until 2025-06-30, before 2025-08-01.",
        ]
    );
    let plan = json!({
        "system": "party", "kind": "plan", "title": "Kế hoạch", "number": 5, "numbering_body": body, "issued_on": "2025-07-02",
    });
    assert_eq!(
        warned("documents", plan),
        ["/numbering_body Tỉnh ủy Thái Bình existed until 2025-06-30, before 2025-07-02."]
    );
    assert_eq!(
        warned(
            "positions",
            json!({ "person": person, "title": "Bí thư", "organization": body, "valid_from": "2025-08-01" })
        ),
        ["/organization Tỉnh ủy Thái Bình existed until 2025-06-30, before 2025-08-01."]
    );
    assert_eq!(
        warned(
            "organizations",
            json!({ "name": "Đảng ủy", "kind": "party_committee", "parent": body, "valid_from": "1980-01-01" })
        ),
        ["/parent Tỉnh ủy Thái Bình exists since 1990-01-01, after 1980-01-01."]
    );
    assert_eq!(
        warned("conferences", json!({ "name": "Hội nghị", "held_from": "2025-06-30", "convening_body": body })),
        [""; 0]
    );
    let year =
        json!({ "name": "Hội nghị", "held_from": "1990-01-01", "date_precision": "year", "convening_body": body });
    assert_eq!(warned("conferences", year), [""; 0]);
});

/// Tiền Giang, which ended on 2025-06-30, and Đồng Tháp, which began the day after.
fn two_provinces(editor: &Client) -> [i64; 2] {
    [("Tiền Giang", json!(null), json!("2025-06-30")), ("Đồng Tháp", json!("2025-07-01"), json!(null))].map(
        |(name, from, to)| {
            let unit = json!({
                "name": name, "unit_type": "province", "level": "province", "valid_from": from, "valid_to": to,
            });
            editor.post("/v1/admin-units", &unit).expect(201).json()["id"].as_i64().unwrap()
        },
    )
}
