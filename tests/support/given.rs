//! Records to begin with: each function creates one through the API, from sensible fields and those that the test names.

use std::ops::Index;

use serde_json::{Value, json};

use super::client::Client;

/// A record as the service sent it when it was created.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub body: Value,
    pub etag: String,
}

impl Record {
    pub fn id(&self) -> i64 {
        self.body["id"].as_i64().unwrap()
    }

    pub fn url(&self) -> String {
        self.body["url"].as_str().unwrap().to_owned()
    }
}

impl Index<&str> for Record {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        &self.body[name]
    }
}

/// Creates a record of a collection with these fields and no others.
pub fn record(editor: &Client, collection: &str, fields: &Value) -> Record {
    let answer = editor.post(&format!("/v1/{collection}"), fields).expect(201);
    Record { body: answer.json(), etag: answer.etag().to_owned() }
}

/// `defaults` with `fields` over them; a null takes a default away.
pub fn with(mut defaults: Value, fields: Value) -> Value {
    let (Value::Object(target), Value::Object(fields)) = (&mut defaults, fields) else { panic!("no objects") };
    for (name, value) in fields {
        match value {
            Value::Null => target.remove(&name),
            value => target.insert(name, value),
        };
    }
    defaults
}

/// A body; a provincial party committee unless told otherwise.
pub fn organization(editor: &Client, fields: Value) -> Record {
    let defaults =
        json!({ "name": "Tỉnh ủy Thái Bình", "kind": "party_committee", "level": "province", "symbol": "TU" });
    record(editor, "organizations", &with(defaults, fields))
}

/// The body with the symbol `TW`, whose one register the Centre shares, with its terms XI, XII and XIII.
pub fn tw(editor: &Client) -> Record {
    let term = |label, from, to| json!({ "label": label, "kind": "term", "valid_from": from, "valid_to": to });
    let fields = json!({
        "name": "Trung ương Đảng",
        "kind": "central_committee",
        "level": "central",
        "symbol": "TW",
        "numbering_periods": [
            term("XI", "2011-01-18", "2016-01-26"),
            term("XII", "2016-01-27", "2021-01-30"),
            term("XIII", "2021-01-31", "2026-01-22"),
        ],
    });
    organization(editor, fields)
}

/// An administrative unit; a province unless told otherwise.
pub fn admin_unit(editor: &Client, fields: Value) -> Record {
    let defaults = json!({ "name": "Thái Bình", "code": "34", "unit_type": "province", "level": "province" });
    record(editor, "admin-units", &with(defaults, fields))
}

/// The fields of a conclusion of the Party without number or issuer.
pub fn document_fields() -> Value {
    json!({
        "system": "party",
        "kind": "conclusion",
        "title": "Về tình hình an ninh trật tự nổi lên thời gian gần đây",
        "issued_on": "2018-07-05",
    })
}

/// A document; a conclusion of the Party without number or issuer unless told otherwise.
pub fn document(editor: &Client, fields: Value) -> Record {
    record(editor, "documents", &with(document_fields(), fields))
}

/// 32-KL/TW, with the body that numbers it.
pub fn conclusion_32(editor: &Client) -> Record {
    let tw = tw(editor);
    document(editor, json!({ "numbering_body": tw.id(), "number": 32 }))
}

/// A person in public office.
pub fn person(editor: &Client, fields: Value) -> Record {
    record(editor, "people", &with(json!({ "name": "Nguyễn Hồng Diên" }), fields))
}

/// A conference; a provincial one unless told otherwise.
pub fn conference(editor: &Client, fields: Value) -> Record {
    let defaults = json!({
        "name": "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng",
        "level": "province",
        "held_from": "2018-07-16",
    });
    record(editor, "conferences", &with(defaults, fields))
}

/// The fields of a task that is due on a day.
pub fn task_fields() -> Value {
    json!({
        "content": "Rà soát các dự án có thu hồi đất.",
        "issued_on": "2018-07-16",
        "deadline_kind": "fixed_date",
        "due_on": "2018-09-30",
    })
}

/// A task; one that is due on a day unless told otherwise.
pub fn task(editor: &Client, fields: Value) -> Record {
    record(editor, "tasks", &with(task_fields(), fields))
}

/// A publication.
pub fn source(editor: &Client, fields: Value) -> Record {
    let defaults = json!({
        "title": "Hội nghị Ban Chấp hành Đảng bộ tỉnh mở rộng",
        "publisher": "Báo Thái Bình",
        "kind": "original",
        "web_url": "https://baothaibinh.example/tin/1",
        "published_on": "2018-07-17",
    });
    record(editor, "sources", &with(defaults, fields))
}
