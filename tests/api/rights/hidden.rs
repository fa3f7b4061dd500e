//! What may not be seen, asked for by the ways round.

use directive_tracker::domain::Role;
use serde_json::{Value, json};

use super::{Provinces, granted, ids};
use crate::accounts::{holder, signed_in, user};
use crate::support::{Client, Service, given};

/// An office of everything, the editor of the first province, and an internal body of the other.
struct Scene {
    office: Client,
    editor: Client,
    provinces: Provinces,
    hidden: i64,
}

fn scene(service: &Service) -> Scene {
    let office = service.administrator();
    let provinces = Provinces::given(&office);
    let fields = json!({
        "name": "Ban mật", "symbol": null, "visibility": "internal", "managed_by": provinces.other,
        "valid_from": "2016-01-01", "valid_to": "2022-12-31",
    });
    let hidden = given::organization(&office, fields).id();
    let editor = granted(service, &json!([{ "role": "editor", "admin_unit": 1 }]));
    Scene { office, editor, provinces, hidden }
}

on_both!(undisclosed_link_may_stay_and_be_neither_guessed_nor_turned, |service| {
    let Scene { office, editor, provinces, hidden } = scene(service);
    given::task(&office, json!({ "issued_by": hidden, "managed_by": provinces.own }));
    let note = editor.patch("/v1/tasks/1", &json!({ "note": "Checked." })).expect(200).json();
    assert_eq!(note["issued_by"]["undisclosed"], true);
    let fault = |issuer: i64| {
        let answer = editor.patch("/v1/tasks/1?dry_run=true", &json!({ "issued_by": issuer })).expect(422).json();
        answer["errors"][0]["message"].as_str().unwrap().replace(&issuer.to_string(), "N")
    };
    assert_eq!(fault(hidden), fault(999));
    // A link of any type is another one with another type.
    let source = given::source(&office, json!({ "managed_by": provinces.own })).id();
    let document = given::document(&office, json!({})).id();
    given::person(&office, json!({ "visibility": "internal", "managed_by": provinces.other }));
    let about = |kind: &str| json!({ "about": { "type": kind, "id": document } });
    let claim = json!({ "source": source, "field": "topic", "value": "x", "about": about("document")["about"] });
    let claim = given::record(&editor, "claims", &claim);
    editor.patch(&claim.url(), &about("person")).expect(422);
    editor.patch(&claim.url(), &about("award")).expect(422);
    editor.patch(&claim.url(), &json!({ "note": "Checked." })).expect(200);
});

on_both!(warning_about_what_one_may_not_see_tells_nothing_of_it, |service| {
    let Scene { office, editor, provinces, hidden } = scene(service);
    given::task(&office, json!({ "issued_by": hidden, "managed_by": provinces.own, "issued_on": "2020-01-01" }));
    let moved = json!({ "issued_on": "2024-03-04" });
    let warned = |client: &Client| {
        let answer = client.patch("/v1/tasks/1?dry_run=true", &moved).expect(200).json();
        answer["warnings"].clone()
    };
    let told = |message: &str| json!([{ "code": "outside_life_span", "pointer": "/issued_by", "message": message }]);
    assert_eq!(warned(&editor), told("Something is odd beside a record that you may not see."));
    assert_eq!(warned(&office), told("Ban mật existed until 2022-12-31, before 2024-03-04."));
});

on_both!(second_lead_does_not_name_the_first_to_who_may_not_see_it, |service| {
    let Scene { office, editor, provinces, hidden } = scene(service);
    given::task(&office, json!({ "managed_by": provinces.own }));
    let lead = |body: i64| json!({ "role": "lead", "organization": body });
    office.post("/v1/tasks/1/assignments", &lead(hidden)).expect(201);
    let refused = editor.post("/v1/tasks/1/assignments", &lead(provinces.own)).expect(409);
    assert!(!refused.text().contains("mật"), "{refused}");
    let refused = office.post("/v1/tasks/1/assignments", &lead(provinces.own)).expect(409).json();
    assert_eq!(refused["existing"]["title"], "Ban mật");
});

on_both!(report_does_not_tell_the_number_of_an_undisclosed_group, |service| {
    let Scene { office, provinces, hidden, .. } = scene(service);
    given::task(&office, json!({}));
    office.post("/v1/tasks/1/assignments", &json!({ "role": "lead", "organization": hidden })).expect(201);
    let award = json!({ "kind": "badge", "giver": hidden, "awarded_on": "2018-08-01", "managed_by": provinces.own });
    given::record(&office, "awards", &award);
    given::conference(&office, json!({ "convening_body": hidden }));
    for (report, parameter) in [
        ("tasks?group_by=lead", "lead"),
        ("awards?group_by=giver", "giver"),
        ("conferences?group_by=convening_body", "convening_body"),
    ] {
        let told = |client: &Client, form: &str| {
            let answer = client.get(&format!("/v1/reports/{report}{form}")).expect(200);
            answer.text().contains(&format!("{parameter}={hidden}"))
        };
        for form in ["", "&format=csv", "&format=ndjson"] {
            assert_eq!((told(&service.public(), form), told(&office, form)), (false, true), "{report}{form}");
        }
        let groups = service.public().get(&format!("/v1/reports/{report}")).expect(200).json()["groups"].clone();
        let url = groups[0]["url"].as_str().unwrap();
        assert_eq!(ids(&service.public(), url), Vec::<i64>::new(), "{url}");
    }
});

on_both!(filter_by_an_undisclosed_record_finds_nothing, |service| {
    let Scene { office, provinces, hidden, .. } = scene(service);
    given::task(&office, json!({ "issued_by": hidden }));
    office.post("/v1/tasks/1/assignments", &json!({ "role": "lead", "organization": hidden })).expect(201);
    let source = given::source(&office, json!({ "managed_by": provinces.own })).id();
    let about = json!({ "type": "organization", "id": hidden });
    given::record(&office, "claims", &json!({ "source": source, "about": about, "field": "name", "value": "x" }));
    for filter in [
        format!("tasks?lead={hidden}"),
        format!("tasks?assignee={hidden}"),
        format!("tasks?issued_by={hidden}"),
        format!("claims?about_type=organization&about_id={hidden}"),
        format!("sources?about_type=organization&about_id={hidden}"),
    ] {
        let found = |client: &Client| ids(client, &format!("/v1/{filter}"));
        assert_eq!((found(&service.public()), found(&office)), (vec![], vec![1]), "{filter}");
    }
    let calendar = service.public().get(&format!("/v1/tasks.ics?lead={hidden}")).expect(200);
    assert!(!calendar.text().contains("BEGIN:VTODO"), "{calendar}");
    let report = format!("/v1/reports/tasks?group_by=month&lead={hidden}");
    assert_eq!(service.public().get(&report).expect(200).json()["total"]["tasks"], 0);
});

on_both!(list_narrowed_by_children_has_those_of_whom_the_child_and_the_parent_may_be_seen, |service| {
    let Scene { office, editor, provinces, .. } = scene(service);
    given::document(&office, json!({}));
    let parents = [provinces.own, provinces.other].into_iter().flat_map(|owner| {
        ["public", "internal"]
            .into_iter()
            .flat_map(move |parent| ["public", "internal"].into_iter().map(move |child| (owner, parent, child)))
    });
    // 1 to 4 are of the own body, 5 to 8 of the other: both public, the child internal, the parent, both.
    for (number, (owner, parent, child)) in (1..).zip(parents) {
        let person = given::person(&office, json!({ "visibility": parent, "managed_by": owner }));
        let position =
            json!({ "person": person.id(), "title": "Bí thư", "organization": provinces.own, "visibility": child });
        given::record(&office, "positions", &position);
        let children = json!({
            "visibility": parent, "managed_by": owner, "name": format!("Hội nghị {number}"),
            "conference_documents": [
                { "document": 1, "activity": "thematic", "visibility": child },
                { "organization": provinces.below, "activity": "thematic", "visibility": child },
            ],
            "bridge_points": [{ "name": "Vũ Thư", "admin_unit": 2, "visibility": child }],
            "participations": [{ "organization": provinces.other, "roles": ["co_chair"], "visibility": child }],
        });
        given::conference(&office, children);
        let assigned = json!([{ "role": "lead", "organization": provinces.below, "visibility": child }]);
        given::task(&office, json!({ "visibility": parent, "managed_by": owner, "assignments": assigned }));
    }
    let (own, other) = (provinces.own, provinces.other);
    for filter in [
        "conferences?document=1".to_owned(),
        format!("conferences?organization={}", provinces.below),
        format!("conferences?organization={other}"),
        "conferences?admin_unit=2".to_owned(),
        "conferences?role=co_chair".to_owned(),
        format!("tasks?assignee={}", provinces.below),
        format!("tasks?lead={}", provinces.below),
        format!("people?organization={own}"),
    ] {
        let found = |client: &Client| {
            let mut found = ids(client, &format!("/v1/{filter}"));
            found.sort_unstable();
            found
        };
        assert_eq!(found(&service.public()), [1, 5], "{filter}");
        assert_eq!(found(&editor), [1, 2, 3, 4, 5], "{filter}");
        assert_eq!(found(&office), [1, 2, 3, 4, 5, 6, 7, 8], "{filter}");
    }
    let counted = |client: &Client| {
        client.get("/v1/reports/conferences?group_by=mode&document=1").expect(200).json()["conferences"].clone()
    };
    assert_eq!([service.public(), editor, office].each_ref().map(counted), [2, 5, 8].map(|count| json!(count)));
});

on_both!(refusal_of_a_cycle_names_no_record_on_the_way, |service| {
    let Scene { office, editor, provinces, .. } = scene(service);
    let task = |fields: Value| given::task(&office, fields).id();
    let first = task(json!({ "managed_by": provinces.own }));
    let hidden = task(json!({ "visibility": "internal", "managed_by": provinces.other, "parent": first }));
    let last = task(json!({ "managed_by": provinces.own, "parent": hidden }));
    let parent = json!({ "parent": last });
    let told = |client: &Client| {
        let refused = client.patch(&format!("/v1/tasks/{first}"), &parent).expect(422).json();
        refused["errors"][0]["message"].as_str().unwrap().contains(&hidden.to_string())
    };
    assert_eq!((told(&editor), told(&office)), (false, true));
});

on_both!(nobody_plants_a_succession_for_the_day_when_an_area_is_granted, |service| {
    let Scene { editor, provinces, .. } = scene(service);
    let new = json!({ "name": "Ban mới", "kind": "party_committee", "managed_by": provinces.own });
    let new = editor.post("/v1/organizations", &new).expect(201).json()["id"].clone();
    let step = |from: Value, to: Value| {
        json!({
            "kind": "merged", "from_organization": from, "to_organization": to, "effective_on": "2025-01-01",
            "managed_by": provinces.own,
        })
    };
    let refused = editor.post("/v1/successions", &step(json!(provinces.other), new.clone())).expect(403).json();
    assert_eq!(refused["detail"], "What is moved must lie within an area that you write for.");
    editor.post("/v1/successions", &step(json!(provinces.below), new)).expect(201);
});

on_both!(answer_is_not_sent_again_to_who_has_lost_the_right_to_it, |service| {
    let Scene { office, provinces, .. } = scene(service);
    let of = |body: i64| json!({ "grants": [{ "role": "editor", "organization": body }] });
    user(service, "lan", Role::Reader);
    let grant = |body: i64| office.patch("/v1/users/1", &of(body)).expect(200);
    grant(provinces.own);
    let lan = || holder(service, &signed_in(service, "lan")["access_token"]);
    let made = json!({ "content": "Mật", "visibility": "internal", "managed_by": provinces.own });
    let sent =
        |client: &Client| client.request("POST", "/v1/tasks").header("Idempotency-Key", "k-1").json(&made).send();
    let first = sent(&lan()).expect(201);
    assert_eq!(sent(&lan()).expect(201).text(), first.text(), "in another session");
    grant(provinces.other);
    assert_eq!(sent(&lan()).expect(422).json()["code"], "idempotency_key_reused");
    grant(provinces.own);
    assert_eq!(sent(&lan()).expect(201).text(), first.text());
});

on_both!(answer_to_one_key_of_a_partner_is_not_sent_to_another, |service| {
    let Scene { office, provinces, .. } = scene(service);
    let key = |body: i64| {
        let asked = json!({ "name": "x", "partner": "Báo", "grants": [{ "role": "editor", "organization": body }] });
        let made = office.post("/v1/api-keys", &asked).expect(201).json();
        Client { address: service.address, token: Some(made["key"].as_str().unwrap().to_owned()) }
    };
    let fields = given::with(given::task_fields(), json!({ "visibility": "internal", "managed_by": provinces.own }));
    let send =
        |client: &Client| client.request("POST", "/v1/tasks").header("Idempotency-Key", "k-1").json(&fields).send();
    send(&key(provinces.own)).expect(201);
    assert_eq!(send(&key(provinces.other)).status, 403);
});
