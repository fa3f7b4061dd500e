//! Areas: what lies within an organization or a unit, on which day, and who may move what.

use serde_json::{Value, json};

use super::{Provinces, code, granted, ids};
use crate::support::{Client, Service, given, small_settings};

/// An internal document of a body.
fn document_of(office: &Client, body: i64) -> i64 {
    given::document(office, json!({ "visibility": "internal", "managed_by": body })).id()
}

fn reader_of(service: &Service, body: i64) -> Client {
    granted(service, &json!([{ "role": "reader", "organization": body }]))
}

on_both!(body_below_is_within_the_area_from_when_it_is_made, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    let reader = reader_of(service, provinces.own);
    let board = given::organization(&office, json!({ "name": "Ban Nội chính", "parent": provinces.own })).id();
    let section = given::organization(&office, json!({ "name": "Phòng Tổng hợp", "parent": board })).id();
    let (first, second) = (document_of(&office, board), document_of(&office, section));
    assert_eq!(ids(&reader, "/v1/documents"), [first, second]);
    office.patch(&format!("/v1/organizations/{board}"), &json!({ "parent": provinces.other })).expect(200);
    assert_eq!(ids(&reader, "/v1/documents"), Vec::<i64>::new());
    assert_eq!(ids(&reader_of(service, provinces.other), "/v1/documents"), [first, second]);
});

on_both!(unit_that_moves_takes_its_bodies_along, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    let document = document_of(&office, provinces.below);
    let reader = |unit: i64| granted(service, &json!([{ "role": "reader", "admin_unit": unit }]));
    let (from, to) = (reader(1), reader(3));
    assert_eq!((ids(&from, "/v1/documents"), ids(&to, "/v1/documents")), (vec![document], vec![]));
    office.patch("/v1/admin-units/2", &json!({ "parent": 3 })).expect(200);
    assert_eq!((ids(&from, "/v1/documents"), ids(&to, "/v1/documents")), (vec![], vec![document]));
});

on_both!(what_was_merged_is_within_the_area_of_its_successor_from_that_day, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    let document = document_of(&office, provinces.own);
    let editor = granted(service, &json!([{ "role": "editor", "admin_unit": 3 }]));
    let merged = |day: &str| json!({ "kind": "merged", "from_admin_unit": 1, "to_admin_unit": 3, "effective_on": day });
    let note = json!({ "note": "Checked." });
    let url = format!("/v1/documents/{document}");
    assert_eq!(editor.patch(&url, &note).status, 404);
    let succession = given::record(&office, "successions", &merged("2026-07-01"));
    editor.patch(&url, &note).expect(200);
    // A succession that was recorded wrongly is taken back, and what it gave.
    office.patch(&succession.url(), &json!({ "from_admin_unit": 2 })).expect(200);
    assert_eq!(editor.get(&url).status, 404);
    office.delete(&succession.url()).expect(204);
    given::record(&office, "successions", &merged("2027-01-01"));
    assert_eq!(editor.get(&url).status, 404, "not yet");
    service.set_clock("2026-12-31T17:00:00Z");
    service.begin_day(&service.storage);
    editor.get(&url).expect(200);
});

on_both!(nobody_moves_into_their_area_what_is_not_theirs, |service| {
    let office = service.editor();
    let provinces = Provinces::given(&office);
    let document = document_of(&office, provinces.other);
    let editor = granted(service, &json!([{ "role": "editor", "admin_unit": 1 }]));
    let succession = |day: &str| {
        json!({
            "kind": "merged", "from_organization": provinces.other, "to_organization": provinces.own,
            "effective_on": day, "managed_by": provinces.own,
        })
    };
    for day in ["2020-01-01", "2199-12-31"] {
        assert_eq!(code(&editor.post("/v1/successions", &succession(day))), (403, "forbidden".to_owned()), "{day}");
    }
    // The record of a body may be theirs to write, and yet not what it owns.
    let strange = json!({ "name": "Ban Quản lý", "parent": provinces.other, "managed_by": provinces.own });
    let strange = given::organization(&office, strange);
    let moved = json!({ "parent": provinces.own });
    assert_eq!(code(&editor.patch(&strange.url(), &moved)), (403, "forbidden".to_owned()));
    editor.patch(&strange.url(), &json!({ "note": "Checked." })).expect(200);
    assert_eq!(editor.get(&format!("/v1/documents/{document}")).status, 404);
    // Within the area anything may be moved, and new bodies may be made.
    let board = json!({ "name": "Ban Nội chính", "parent": provinces.own, "managed_by": provinces.own });
    let board = given::organization(&editor, board);
    editor.patch(&board.url(), &json!({ "parent": provinces.below })).expect(200);
});

on_both!(administrator_of_a_province_keeps_its_accounts_and_no_others, |service| {
    let office = service.administrator();
    let provinces = Provinces::given(&service.editor());
    let administrator = granted(service, &json!([{ "role": "administrator", "admin_unit": 1 }]));
    let user = |name: &str, grants: Value| json!({ "name": name, "grants": grants });
    let own = user("lan", json!([{ "role": "editor", "organization": provinces.below }]));
    let made = administrator.post("/v1/users", &own).expect(201).json();
    assert_eq!(made["grants"], json!([{ "role": "editor", "organization": provinces.below, "admin_unit": null }]));
    for grants in [
        json!([{ "role": "reader" }]),
        json!([{ "role": "reader", "organization": provinces.other }]),
        json!([{ "role": "reader", "organization": provinces.own }, { "role": "reader", "admin_unit": 3 }]),
    ] {
        assert_eq!(code(&administrator.post("/v1/users", &user("an", grants))), (403, "forbidden".to_owned()));
    }
    assert_eq!(administrator.post("/v1/users", &json!({ "name": "an", "role": "administrator" })).status, 403);
    office.post("/v1/users", &json!({ "name": "an", "role": "reader" })).expect(201);
    assert_eq!((ids(&administrator, "/v1/users"), ids(&office, "/v1/users")), (vec![1], vec![1, 2]));
    for refused in [
        administrator.get("/v1/users/2"),
        administrator.patch("/v1/users/2", &json!({ "disabled": true })),
        administrator.delete("/v1/users/2"),
        administrator.post("/v1/users/2/password", &json!({})),
        administrator.delete("/v1/users/2/sessions"),
    ] {
        assert_eq!(code(&refused), (404, "not_found".to_owned()));
    }
    assert_eq!(administrator.patch("/v1/users/1", &json!({ "role": "reader" })).status, 403);
    let grants = json!([{ "role": "reviewer", "admin_unit": 1 }]);
    administrator.patch("/v1/users/1", &json!({ "grants": grants })).expect(200);
    assert_eq!(administrator.get("/v1/security-events").status, 403);
    let partner = json!({ "name": "key", "partner": "Báo Thái Bình" });
    assert_eq!(administrator.post("/v1/api-keys", &partner).status, 403, "a key makes no keys");
    let events = office.get("/v1/security-events?kind=user_changed").expect(200).json();
    assert_eq!(events["data"][0]["detail"], "reviewer of admin_unit 1");
});

on_both!(grant_names_what_is_there, |service| {
    let office = service.administrator();
    office
        .put("/v1/organizations/by-key/reference/tw", &json!({ "name": "Trung ương", "kind": "central_committee" }))
        .expect(201);
    let user = |fields: Value| office.post("/v1/users", &given::with(json!({ "name": "lan" }), fields));
    let fault = |fields: Value| {
        let error = user(fields).expect(422).json()["errors"][0].clone();
        (error["pointer"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned())
    };
    let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    let grant = |more: Value| json!({ "grants": [given::with(json!({ "role": "reader" }), more)] });
    assert_eq!(fault(json!({})), at("/role", "missing"));
    assert_eq!(fault(json!({ "grants": [] })), at("/grants", "empty"));
    assert_eq!(fault(json!({ "role": "reader", "grants": [{ "role": "reader" }] })), at("/role", "inconsistent"));
    assert_eq!(fault(grant(json!({ "organization": 9 }))), at("/grants/0/organization", "does_not_exist"));
    assert_eq!(fault(grant(json!({ "admin_unit": 9 }))), at("/grants/0/admin_unit", "does_not_exist"));
    assert_eq!(fault(grant(json!({ "organization": "tw" }))), at("/grants/0/organization", "invalid_link"));
    assert_eq!(fault(grant(json!({ "organization": 1, "admin_unit": 1 }))), at("/grants/0/admin_unit", "inconsistent"));
    assert_eq!(fault(grant(json!({ "role": "king" }))), at("/grants/0/role", "unknown_code"));
    assert_eq!(fault(grant(json!({ "ship": 1 }))), at("/grants/0/ship", "unknown_field"));
    let many = vec![json!({ "role": "reader" }); 101];
    assert_eq!(fault(json!({ "grants": many })), at("/grants", "too_many"));
    let key = json!({ "external_key": { "system": "reference", "key": "tw" } });
    let made = user(grant(json!({ "organization": key }))).expect(201).json();
    assert_eq!((&made["grants"][0]["organization"], &made["role"]), (&json!(1), &json!("reader")));
    assert_eq!(
        office.get("/v1/users").expect(200).json()["data"].as_array().unwrap().len(),
        1,
        "nothing else was made"
    );
});

on_both!(grant_that_is_taken_away_ends_at_once, |service| {
    let office = service.administrator();
    let provinces = Provinces::given(&office);
    let document = document_of(&office, provinces.own);
    let asked = json!({ "name": "test", "partner": "Báo", "grants": [{ "role": "reader", "admin_unit": 1 }] });
    let made = office.post("/v1/api-keys", &asked).expect(201).json();
    assert_eq!((&made["role"], &made["grants"][0]["admin_unit"]), (&json!("reader"), &json!(1)));
    let key = Client { address: service.address, token: Some(made["key"].as_str().unwrap().to_owned()) };
    let me = key.get("/v1/me").expect(200).json();
    assert_eq!((&me["role"], &me["grants"]), (&made["role"], &made["grants"]));
    let rotated = office.post(&format!("/v1/api-keys/{}/rotate", made["id"].as_str().unwrap()), &json!({})).expect(201);
    let next = Client { address: service.address, token: Some(rotated.json()["key"].as_str().unwrap().to_owned()) };
    for client in [&key, &next] {
        assert_eq!(ids(client, "/v1/documents"), [document], "a key takes the grants of the one before it");
    }
    office.delete(&format!("/v1/api-keys/{}", rotated.json()["id"].as_str().unwrap())).expect(204);
    assert_eq!(next.get("/v1/documents").status, 401);
    assert_eq!(ids(&key, "/v1/documents"), [document]);
});

on_both!(
    private_service_shows_nothing_without_a_credential,
    directive_tracker::config::Settings { private: true, ..small_settings() },
    |service| {
        let office = service.editor();
        let provinces = Provinces::given(&office);
        given::document(&office, json!({ "managed_by": provinces.own }));
        let stranger = granted(service, &json!([{ "role": "reader", "admin_unit": 3 }]));
        assert_eq!((service.public().get("/v1/documents").status, ids(&stranger, "/v1/documents")), (401, vec![1]));
    }
);
