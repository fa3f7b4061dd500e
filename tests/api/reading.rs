//! Reading answers: which records a list holds, how a text stands in a query.

use serde_json::Value;

use crate::support::Response;

/// The numbers of the records of a list, in its order.
#[track_caller]
pub fn ids(listed: &Response) -> Vec<i64> {
    rows(listed).iter().map(|record| record["id"].as_i64().unwrap()).collect()
}

/// The records of a list, in its order.
#[track_caller]
pub fn rows(listed: &Response) -> Vec<Value> {
    assert_eq!(listed.status, 200, "{listed}");
    listed.json()["data"].as_array().unwrap().clone()
}

/// A text as it stands in a query.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
