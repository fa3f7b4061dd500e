//! Figures, initiatives and awards.

use serde_json::{Value, json};

use crate::reading::ids;
use crate::support::{Client, given};

fn statistic(editor: &Client, fields: Value) -> given::Record {
    given::record(editor, "statistics", &given::with(json!({ "measure": "Vụ án được khám phá" }), fields))
}

on_both!(stated_figures_are_kept_and_checked_beside, |service| {
    let editor = service.editor();
    let fields = json!({ "numerator": 771, "denominator": 778, "stated_rate": 92.2, "raw_text": "771/778 (92,2%)" });
    let stated = statistic(&editor, fields);
    assert_eq!(
        (&stated["numerator"], &stated["denominator"], &stated["stated_rate"]),
        (&json!(771), &json!(778), &json!(92.2)),
    );
    assert_eq!((&stated["computed_rate"], &stated["check"]), (&json!(99.1), &json!("inconsistent")));
    let mended = editor.patch(&stated.url(), &json!({ "numerator": 717 })).expect(200).json();
    assert_eq!((&mended["computed_rate"], &mended["check"]), (&json!(92.16), &json!("consistent")));
    let corrected = editor.patch(&stated.url(), &json!({ "correction_text": "717/778" })).expect(200).json();
    assert_eq!(corrected["check"], "corrected");
    let refused = editor.patch(&stated.url(), &json!({ "check": "consistent" })).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "read_only");
});

on_both!(figures_that_contradict_themselves_are_found, |service| {
    let editor = service.editor();
    statistic(&editor, json!({ "numerator": 771, "denominator": 778, "stated_rate": 92.2 }));
    statistic(&editor, json!({ "numerator": 62, "denominator": 63 }));
    statistic(&editor, json!({ "numerator": 703, "denominator": 775, "stated_rate": 90, "qualifier": "at_least" }));
    statistic(&editor, json!({ "stated_rate": 98.3, "part_of": 1 }));
    let listed = |query: &str| ids(&editor.get(&format!("/v1/statistics?{query}")));
    assert_eq!(listed("check=inconsistent"), [1]);
    assert_eq!(listed("check=as_stated,not_checkable"), [2, 4]);
    assert_eq!(listed("qualifier=at_least"), [3]);
    assert_eq!(listed("part_of=1"), [4]);
    assert_eq!(listed("q=vu%20an"), [1, 2, 3, 4]);
    let cycle = editor.patch("/v1/statistics/1", &json!({ "part_of": 4 })).expect(422).json();
    assert_eq!((&cycle["errors"][0]["pointer"], &cycle["errors"][0]["code"]), (&json!("/part_of"), &json!("cycle")));
});

on_both!(figures_are_listed_by_what_they_are_about, |service| {
    let editor = service.editor();
    let document = given::conclusion_32(&editor).id();
    let conference = given::conference(&editor, json!({})).id();
    let unit = given::admin_unit(&editor, json!({})).id();
    let body = given::organization(&editor, json!({})).id();
    let model = json!({ "kind": "model", "name": "Tổ liên gia phòng cháy, chữa cháy" });
    let model = given::record(&editor, "initiatives", &model).id();
    statistic(&editor, json!({ "numerator": 304, "initiative": model, "conference": conference }));
    statistic(&editor, json!({ "numerator": 1, "document": document, "organization": body, "admin_unit": unit }));
    statistic(&editor, json!({ "numerator": 2, "period_from": "2017-01-01", "period_to": "2017-12-31" }));
    let listed = |query: &str| ids(&editor.get(&format!("/v1/statistics?{query}")));
    assert_eq!(listed(&format!("initiative={model}")), [1]);
    assert_eq!(listed(&format!("conference={conference}")), [1]);
    assert_eq!(listed("document=32-KL/TW"), [2]);
    assert_eq!(listed(&format!("organization={body}")), [2]);
    assert_eq!(listed(&format!("admin_unit={unit}")), [2]);
    assert_eq!(listed("as_of=2018-01-01"), [3]);
    assert_eq!(listed("as_of=2018-12-31"), [1, 3]);
});

on_both!(initiative_is_listed_by_who_leads_it_or_takes_part, |service| {
    let editor = service.editor();
    let (police, front) = (given::organization(&editor, json!({})).id(), given::organization(&editor, json!({})).id());
    let fields = json!({
        "kind": "coordination_program",
        "name": "Đẩy mạnh phong trào toàn dân bảo vệ an ninh Tổ quốc",
        "organization": police,
        "partners": [front],
        "valid_from": "2013-08-13",
        "valid_to": "2020-12-31",
    });
    let program = given::record(&editor, "initiatives", &fields);
    given::record(&editor, "initiatives", &json!({ "kind": "model", "name": "Tự quản", "parent": program.id() }));
    let listed = |query: &str| ids(&editor.get(&format!("/v1/initiatives?{query}")));
    assert_eq!(listed(&format!("organization={police}")), [1]);
    assert_eq!(listed(&format!("organization={front}")), [1]);
    assert_eq!(listed("parent=1"), [2]);
    assert_eq!(listed("kind=model,campaign"), [2]);
    assert_eq!(listed("as_of=2021-01-01"), [2]);
    assert_eq!(listed("q=bao%20ve%20an%20ninh"), [1]);
    assert_eq!(listed("sort=name"), [1, 2]);
    let cycle = editor.patch("/v1/initiatives/1", &json!({ "parent": 2 })).expect(422).json();
    assert_eq!(cycle["errors"][0]["code"], "cycle");
    let conference = given::conference(&editor, json!({})).id();
    let subject = json!({ "conference": conference, "initiative": 1, "activity": "periodic_briefing" });
    given::record(&editor, "conference-documents", &subject);
    assert_eq!(ids(&editor.get("/v1/conference-documents?initiative=1")), [1]);
});

on_both!(award_tells_giver_presenter_and_counts_apart, |service| {
    let editor = service.editor();
    let ministry = given::organization(&editor, json!({ "name": "Bộ Công an", "kind": "ministry" })).id();
    let director = given::person(&editor, json!({ "name": "Đỗ Thanh Bình" })).id();
    let conference = given::conference(&editor, json!({ "held_from": "2023-12-29" })).id();
    let movement = json!({ "kind": "movement", "name": "Toàn dân bảo vệ an ninh Tổ quốc" });
    let movement = given::record(&editor, "initiatives", &movement).id();
    let document = given::conclusion_32(&editor).id();
    let fields = json!({
        "kind": "merit_certificate",
        "giver": ministry,
        "giver_text": "Bộ trưởng Bộ Công an",
        "presenter": director,
        "presentation": "by_delegation",
        "collectives": 10,
        "initiatives": [movement],
        "conference": conference,
        "awarded_on": "2023-12-29",
    });
    let award = given::record(&editor, "awards", &fields);
    assert_eq!((&award["collectives"], &award["individuals"]), (&json!(10), &Value::Null));
    assert_eq!(award["presenter"]["title"], "Đỗ Thanh Bình");
    let others = json!({ "kind": "commendation", "undivided_count": 10, "documents": [document], "decision_document": document });
    given::record(&editor, "awards", &others);
    let listed = |query: &str| ids(&editor.get(&format!("/v1/awards?{query}")));
    assert_eq!(listed(&format!("giver={ministry}")), [1]);
    assert_eq!(listed(&format!("presenter={director}&presentation=by_delegation")), [1]);
    assert_eq!(listed(&format!("initiative={movement}")), [1]);
    assert_eq!(listed(&format!("conference={conference}")), [1]);
    assert_eq!(listed("document=32-KL/TW"), [2]);
    assert_eq!(listed("decision_document=32-KL/TW"), [2]);
    assert_eq!(listed("kind=commendation"), [2]);
    assert_eq!(listed("awarded_from=2023-01-01&awarded_to=2023-12-31"), [1]);
    assert_eq!(listed("as_of=2022-12-31"), Vec::<i64>::new());
    assert_eq!(listed(&format!("giver_person={director}")), Vec::<i64>::new());
});
