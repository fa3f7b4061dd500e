//! Pages while others write: what is there all the time is listed exactly once, in every order.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::lists::walk;
use crate::support::Service;
use crate::support::given::{self, Record};

/// The four orders by one field.
fn orders(field: &str) -> Vec<String> {
    if field == "id" {
        return vec!["id".to_owned(), "-id".to_owned()];
    }
    vec![field.to_owned(), format!("-{field}"), format!("{field},-id"), format!("-{field},id")]
}

/// Walks through a collection in every order while records are made, changed and deleted between its pages.
fn stays_whole(service: &Service, collection: &str, fields: &[&str], make: impl Fn(usize) -> Value) {
    let editor = service.editor();
    let mut minute = 0;
    let mut tick = || {
        minute += 1;
        service.set_clock(&format!("2026-11-21T{:02}:{:02}:00Z", 3 + minute / 60, minute % 60));
    };
    let create = |number: usize| given::record(&editor, collection, &make(number));
    let mut kept: Vec<Record> = Vec::new();
    for number in 0..12 {
        if number % 4 == 0 {
            tick();
        }
        kept.push(create(number));
    }
    let numbers: Vec<i64> = kept.iter().map(Record::id).collect();
    for order in fields.iter().flat_map(|field| orders(field)) {
        // A token is good for an hour of a clock that this test moves on.
        let editor = service.editor();
        let doomed = [create(2), create(9)];
        let mut newcomers = Vec::new();
        let changed = &kept[5];
        let found = walk(&editor, &format!("/v1/{collection}?sort={order}&limit=3"), |page| match page {
            1 => {
                tick();
                newcomers.extend([create(0), create(6), create(11)]);
            }
            2 => {
                editor.delete(&doomed[0].url()).expect(204);
            }
            3 => {
                editor.patch(&changed.url(), &json!({ "note": order })).expect(200);
                editor.delete(&doomed[1].url()).expect(204);
            }
            _ => {}
        });
        let mut times: BTreeMap<i64, usize> = BTreeMap::new();
        for id in &found {
            *times.entry(*id).or_default() += 1;
        }
        // What is changed while its last change decides its place moves to another place.
        let moved = if order.contains("updated_at") { changed.id() } else { 0 };
        for id in numbers.iter().filter(|id| **id != moved) {
            assert_eq!(times.get(id), Some(&1), "{collection} by {order}: record {id} in {found:?}");
        }
        for record in newcomers {
            editor.delete(&record.url()).expect(204);
        }
    }
    for field in fields.iter().filter(|field| **field != "id") {
        let by = |order: String| walk(&service.editor(), &format!("/v1/{collection}?sort={order}&limit=5"), |_| {});
        let mut forwards = by((*field).to_owned());
        forwards.reverse();
        assert_eq!(forwards, by(format!("-{field}")), "{field}");
        let mut forwards = by(format!("{field},-id"));
        forwards.reverse();
        assert_eq!(forwards, by(format!("-{field},id")), "{field}");
    }
}

on_both!(documents_that_stay_are_listed_once_while_others_come_and_go, |service| {
    let tw = given::tw(&service.editor()).id();
    let numbers = std::sync::atomic::AtomicUsize::new(0);
    stays_whole(service, "documents", &["id", "issued_on", "number", "symbol", "title", "updated_at"], |number| {
        // No two documents may have one identity, so that equal numbers are those of documents without a body.
        let fresh = numbers.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let titles = ["Về an ninh", "Về trật tự", "Về an ninh", "Đẩy mạnh"];
        let mut fields = json!({ "system": "party", "kind": "plan", "title": titles[number % 4] });
        let object = fields.as_object_mut().unwrap();
        if number % 3 != 0 {
            object.insert("issued_on".to_owned(), format!("2018-07-{:02}", 5 + number % 2).into());
        }
        if number % 2 == 0 {
            object.insert("number".to_owned(), (number / 4 + 1).into());
        }
        if number == 5 {
            object.extend([("numbering_body".to_owned(), tw.into()), ("number".to_owned(), (100 + fresh).into())]);
        }
        fields
    });
});

on_both!(conferences_that_stay_are_listed_once_while_others_come_and_go, |service| {
    stays_whole(service, "conferences", &["id", "held_on", "name", "updated_at"], |number| {
        let names = ["Hội nghị sơ kết", "Hội nghị tổng kết", "Hội nghị sơ kết", "Âm vang"];
        let mut fields = json!({ "name": names[number % 4] });
        if number % 3 != 0 {
            fields["held_from"] = format!("2018-07-{:02}", 16 + number % 2).into();
        }
        fields
    });
});
