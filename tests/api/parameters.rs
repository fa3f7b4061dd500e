//! What a list may be asked: every parameter of every list answers its example, and refuses what it cannot be.

use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::alone;
use directive_tracker::domain::{Actor, Stamp};
use directive_tracker::http::system;
use directive_tracker::transfer::load::{self, DataSet};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::service::NOW;
use crate::support::{Response, Service, given};

/// Loads the data sets of the program.
pub fn load_all(service: &Service) {
    let mut conn = service.storage.connect(Purpose::Write);
    let stamp = Stamp { actor: Actor::system("load"), request_id: "load".to_owned(), now: NOW.parse().unwrap() };
    for set in [DataSet::Reference, DataSet::Sample] {
        alone(&mut conn, |conn| load::load(conn, &stamp, set)).unwrap();
    }
}

/// What a reference in the document stands for; anything else stands for itself.
fn followed<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference} is not there")),
        None => value,
    }
}

/// A parameter with everything in place of the references to it.
fn resolved(document: &Value, parameter: &Value) -> Value {
    let mut parameter = followed(document, parameter).clone();
    if parameter["example"].is_null() {
        parameter["example"] = parameter["schema"]["examples"][0].clone();
    }
    let mut schema = followed(document, &parameter["schema"]).clone();
    if schema["items"].is_object() {
        schema["items"] = followed(document, &schema["items"]).clone();
    }
    parameter["schema"] = schema;
    parameter
}

/// What must stand beside a parameter that says nothing by itself.
fn beside(name: &str) -> &'static str {
    match name {
        "about_type" => "&about_id=1",
        "about_id" => "&about_type=conference",
        "csv" | "labels" => "&format=csv",
        _ => "",
    }
}

/// The lists of the OpenAPI document: their paths, within the first record where they need one, and their parameters.
fn lists() -> Vec<(String, Vec<Value>)> {
    let document = system::document();
    let paths = document["paths"].as_object().unwrap();
    let lists = paths.iter().filter_map(|(path, item)| {
        let operation = &item["get"];
        let lists = operation["operationId"].as_str()?.starts_with("list_");
        let parameters = operation["parameters"].as_array()?.iter().map(|parameter| resolved(document, parameter));
        lists.then(|| (path.replace("{id}", "1"), parameters.filter(|parameter| parameter["in"] == "query").collect()))
    });
    lists.collect()
}

/// Whether a list is for administrators, or shows each caller their own.
fn is_of_accounts(path: &str) -> bool {
    ["/v1/users", "/v1/api-keys", "/v1/security-events"].contains(&path)
}

/// A value as it stands in a query.
fn encoded(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    };
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.,:".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// The fault of the only parameter that is at fault.
#[track_caller]
fn fault(answer: &Response) -> (String, String) {
    let problem = answer.json();
    assert_eq!((answer.status, problem["errors"].as_array().map(Vec::len)), (400, Some(1)), "{answer}");
    let text = |name: &str| problem["errors"][0][name].as_str().unwrap().to_owned();
    (text("parameter"), text("code"))
}

on_both!(every_parameter_of_every_list_answers_its_example, |service| {
    load_all(service);
    let editor = service.editor();
    // The one document that the examples name by its symbol.
    let named = json!({ "system": "party", "kind": "directive", "title": "Về phòng cháy", "symbol": "48-CT/TW" });
    if editor.get("/v1/documents?symbol=48-CT/TW").json()["data"] == json!([]) {
        given::record(&editor, "documents", &named);
    }
    // What the data have none of, so that number 1 of each has a history.
    let submitted = json!({ "task": 1, "symbol": "125-BC/TU", "submitted_on": "2018-09-29" });
    given::record(&editor, "evidence-documents", &submitted);
    let requested = json!({ "task": 1, "requested_on": "2018-09-20", "requested_due_on": "2018-10-31" });
    given::record(&editor, "extensions", &requested);
    given::record(&editor, "task-updates", &json!({ "task": 1, "reported_on": "2018-08-31", "text": "Xong." }));
    let (lists, mut asked) = (lists(), 0);
    assert!(lists.len() > 20, "only {} lists", lists.len());
    for (path, parameters) in lists {
        for parameter in parameters.iter().filter(|parameter| parameter["name"] != "cursor") {
            let name = parameter["name"].as_str().unwrap();
            let url = format!("{path}?{name}={}{}", encoded(&parameter["example"]), beside(name));
            let callers = if is_of_accounts(&path) {
                vec![service.administrator()]
            } else {
                vec![service.public(), service.editor()]
            };
            for caller in callers {
                let answer = caller.get(&url);
                assert_eq!(answer.status, 200, "{url}: {answer}");
                let json = answer.header("content-type") == Some("application/json");
                let other = ["format=csv", "format=ndjson"].iter().any(|form| url.contains(form));
                assert_eq!(json, !other, "{url}");
                assert!(!json || answer.json()["data"].is_array(), "{url}");
            }
            asked += 1;
        }
    }
    assert!(asked > 200, "only {asked} parameters");
});

#[test]
fn every_parameter_of_every_list_has_an_example_and_a_schema() {
    for (path, parameters) in lists() {
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap();
            assert!(name == "cursor" || !parameter["example"].is_null(), "{path}: {name} has no example");
            assert!(parameter["schema"].is_object(), "{path}: {name} has no schema");
            assert!(parameter["description"].as_str().is_some_and(|text| text.ends_with('.')), "{path}: {name}");
        }
    }
}

on_both!(every_parameter_refuses_what_is_not_of_its_type, |service| {
    let editor = service.administrator();
    // The lists within a parent need the first of each.
    load_all(service);
    let (mut tried, mut accepted) = (0, Vec::new());
    for (path, parameters) in lists() {
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap();
            let schema = parameter["schema"].to_string();
            let mut wrong = vec!["%00", "a%07", "%E2%80%AE", ""];
            if schema.contains("\"integer\"") {
                wrong.extend(["x", "1.5", "-1", "9223372036854775808", "%D9%A1"]);
                wrong.extend((parameter["schema"]["minimum"] != 0).then_some("0"));
            } else if schema.contains("\"boolean\"") {
                wrong.extend(["maybe", "1", "True"]);
            } else if schema.contains("\"date\"") {
                wrong.extend([
                    "2026-02-30",
                    "2026-13-01",
                    "1899-12-31",
                    "2200-01-01",
                    "01/02/2026",
                    "2026-1-1",
                    "today",
                ]);
            } else if schema.contains("\"date-time\"") {
                wrong.extend(["2026-02-30T00:00:00Z", "2026-01-01", "now"]);
            } else if schema.contains("\"array\"") || schema.contains("\"enum\"") {
                wrong.extend(["no_such_code", ",", "directive,"]);
            }
            tried += wrong.len();
            for value in wrong {
                let answer = editor.get(&format!("{path}?{name}={value}{}", beside(name)));
                if answer.status != 400 {
                    accepted.push(format!("{path}?{name}={value}: {}", answer.status));
                    continue;
                }
                assert_eq!(fault(&answer).0, name, "{path}?{name}={value}: {answer}");
                assert_eq!(answer.json()["code"], "invalid_parameter", "{path}?{name}={value}: {answer}");
            }
            let twice = editor.get(&format!("{path}?{name}=1&{name}=2"));
            assert_eq!(fault(&twice), (name.to_owned(), "duplicate_parameter".to_owned()), "{path}: {twice}");
        }
    }
    assert!(tried > 1000, "only {tried} values");
    assert!(accepted.is_empty(), "{accepted:#?}");
});

on_both!(unknown_parameter_is_refused_with_what_it_may_have_meant, |service| {
    assert_snapshot!(service.public().get("/v1/bridge-points?conferense=1"), @r#"
    400
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#invalid_parameter",
      "title": "A parameter is wrong",
      "status": 400,
      "code": "invalid_parameter",
      "detail": "There is no parameter conferense here.",
      "instance": "/v1/bridge-points",
      "errors": [
        {
          "parameter": "conferense",
          "code": "unknown_parameter",
          "message": "is not known here",
          "allowed": [
            "conference",
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
      ],
      "did_you_mean": "conference"
    }
    "#);
    for (path, parameters) in lists() {
        let answer = service.administrator().get(&format!("{path}?limmit=1"));
        // A parent that is not there is told first.
        if answer.status != 404 && !parameters.is_empty() {
            assert_eq!(fault(&answer), ("limmit".to_owned(), "unknown_parameter".to_owned()), "{path}");
            assert_eq!(answer.json()["did_you_mean"], "limit", "{path}");
        }
    }
});
