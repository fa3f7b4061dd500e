//! Units that end: in whose row an act stands before and after, and that it is never counted twice.

use serde_json::{Value, json};

use super::{disseminated, expected, implementation, rows};
use crate::support::{Client, given};

/// The document 1, and the committees of two provinces that were merged into a third on 2025-07-01, with the unit of each.
fn merged(editor: &Client) -> [(i64, i64); 3] {
    given::document(editor, json!({}));
    let committee = |name: &str, code: &str, life: Value| {
        let unit = given::with(json!({ "name": name, "code": code }), life.clone());
        let unit = given::admin_unit(editor, unit).id();
        let body = given::with(json!({ "name": format!("Tỉnh ủy {name}"), "admin_unit": unit }), life);
        (given::organization(editor, body).id(), unit)
    };
    let first = committee("Thái Bình", "34", json!({ "valid_to": "2025-06-30" }));
    let second = committee("Hưng Yên cũ", "33", json!({ "valid_to": "2025-06-30" }));
    let third = committee("Hưng Yên", "133", json!({ "valid_from": "2025-07-01" }));
    [first, second, third]
}

fn succession(editor: &Client, kind: &str, what: &str, from: i64, to: i64) {
    let fields = json!({
        "kind": kind, "effective_on": "2025-07-01", format!("from_{what}"): from, format!("to_{what}"): to,
    });
    given::record(editor, "successions", &fields);
}

on_both!(body_without_a_succession_of_its_own_goes_the_way_of_its_unit, |service| {
    let editor = service.editor();
    let [first, second, third] = merged(&editor);
    succession(&editor, "merged", "organization", first.0, third.0);
    succession(&editor, "merged", "admin_unit", second.1, third.1);
    disseminated(&editor, first.0, json!({ "held_from": "2018-07-20" }));
    disseminated(&editor, second.0, json!({ "held_from": "2018-07-16" }));
    let on = |days: &str| implementation(&service.public(), &format!("milestone=disseminated&{days}"));
    let apart = ["Tỉnh ủy Hưng Yên cũ done_no_deadline 2018-07-16", "Tỉnh ủy Thái Bình done_no_deadline 2018-07-20"];
    assert_eq!(rows(&on("as_of=2025-06-30")), apart);
    let together = on("as_of=2025-07-01");
    assert_eq!(rows(&together), ["Tỉnh ủy Hưng Yên done_no_deadline 2018-07-16"]);
    let cell = &together["rows"][0]["cells"][0];
    assert_eq!(cell["inherited_from"]["title"], "Tỉnh ủy Hưng Yên cũ");
    let from = cell["evidence"].as_array().unwrap().iter().map(|proof| proof["inherited_from"]["title"].clone());
    assert_eq!(from.collect::<Value>(), json!(["Tỉnh ủy Hưng Yên cũ", "Tỉnh ủy Thái Bình"]));
    let count = &together["counts"][0];
    let counted = [&count["bodies"], &count["done"], &count["inherited"], &count["acts"]];
    assert_eq!(counted, [&json!(1), &json!(1), &json!(1), &json!(2)]);
});

on_both!(act_of_the_successor_stands_in_the_rows_of_those_before_it_and_counts_once, |service| {
    let editor = service.editor();
    let [first, second, third] = merged(&editor);
    succession(&editor, "merged", "organization", first.0, third.0);
    succession(&editor, "merged", "organization", second.0, third.0);
    disseminated(&editor, third.0, json!({ "held_from": "2026-01-12" }));
    let answer = implementation(&service.public(), "milestone=disseminated&units=2025-06-30");
    let both = ["Tỉnh ủy Hưng Yên cũ done_no_deadline 2026-01-12", "Tỉnh ủy Thái Bình done_no_deadline 2026-01-12"];
    assert_eq!(rows(&answer), both);
    let count = &answer["counts"][0];
    assert_eq!((&count["done"], &count["acts"]), (&json!(2), &json!(1)));
});

on_both!(body_that_ended_without_a_successor_keeps_its_row, |service| {
    let editor = service.editor();
    let [first, ..] = merged(&editor);
    disseminated(&editor, first.0, json!({}));
    let answer = implementation(&service.public(), "milestone=disseminated");
    assert_eq!(rows(&answer), ["Tỉnh ủy Thái Bình done_no_deadline 2018-07-16"]);
    assert_eq!(answer["rows"][0]["ended_on"], "2025-06-30");
});

on_both!(expectation_of_a_class_means_the_bodies_of_the_day, |service| {
    let editor = service.editor();
    let [first, second, third] = merged(&editor);
    for from in [first, second] {
        succession(&editor, "merged", "admin_unit", from.1, third.1);
    }
    expected(&editor, json!({ "class_kind": "party_committee", "class_level": "province", "due_on": "2018-09-30" }));
    let on = |days: &str| rows(&implementation(&service.public(), &format!("milestone=disseminated&{days}")));
    assert_eq!(on("as_of=2018-09-30"), ["Tỉnh ủy Hưng Yên cũ expected -", "Tỉnh ủy Thái Bình expected -"]);
    assert_eq!(on("as_of=2018-10-01&units=2026-11-01"), ["Tỉnh ủy Hưng Yên overdue -"]);
    assert_eq!(on("as_of=2025-07-01"), ["Tỉnh ủy Hưng Yên overdue -"]);
});
