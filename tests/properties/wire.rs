//! What the schema of a body allows is accepted, and what breaks it in one place is refused there.

use std::cell::Cell;

use directive_tracker::http::system::document;
use directive_tracker::resources;
use directive_tracker::service::collection::Collection;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use crate::cases;
use crate::schema::{self, forbidden, resolved};
use crate::support::{Client, Response};

/// Faults of the form of a value, which the schema describes. All others are about what it means beside other values: a link
/// that leads nowhere, a day before another.
const OF_FORM: &[&str] = &[
    "empty",
    "forbidden_character",
    "invalid_date",
    "invalid_id",
    "invalid_instant",
    "invalid_key",
    "invalid_link",
    "invalid_number",
    "out_of_range",
    "read_only",
    "too_long",
    "too_many",
    "unknown_code",
    "unknown_field",
    "wrong_type",
];

/// How many bodies are made of each schema, and how many of them are broken.
const BODIES: u32 = 12;

/// The bodies of a collection, without nested children, which have bodies of their own.
fn bodies(name: &str) -> (Map<String, Value>, BoxedStrategy<Map<String, Value>>) {
    let document = document();
    let schema = &document["components"]["schemas"][format!("{name}Input")];
    let children: Vec<String> = resources::ALL.iter().map(|collection| collection.json_name()).collect();
    let is_own = move |name: &str| !children.iter().any(|child| child == name);
    let properties = schema["properties"].as_object().unwrap().clone();
    let own = properties.into_iter().filter(|(name, _)| is_own(name)).collect();
    (own, schema::object(document, schema, &is_own))
}

/// Bodies with no more than what a record needs, and with children of one kind, where it has any.
fn with_children(parent: &'static dyn Collection) -> Vec<BoxedStrategy<Map<String, Value>>> {
    let document = document();
    let schema = &document["components"]["schemas"][format!("{}Input", parent.schema())];
    let needed = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|it| it == name));
    let kinds = resources::children(parent.kind()).map(|child| {
        let key = child.json_name();
        let children = schema::allowed(document, &schema["properties"][&key]);
        (schema::object(document, schema, needed), children).prop_map(move |(mut body, children)| {
            body.insert(key.clone(), children);
            body
        })
    });
    kinds.map(Strategy::boxed).collect()
}

fn faults(answer: &Response) -> Vec<(String, String)> {
    let body = answer.json();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    body["errors"].as_array().into_iter().flatten().map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect()
}

fn try_out(editor: &Client, collection: &str, body: &Map<String, Value>) -> Response {
    editor.post(&format!("/v1/{collection}?dry_run=true"), &Value::Object(body.clone()))
}

on_both!(what_the_schema_allows_is_accepted, |service| {
    let editor = service.editor();
    let mut found = Vec::new();
    for collection in resources::ALL {
        let (_, bodies) = bodies(collection.schema());
        let accepted = Cell::new(0_u32);
        TestRunner::new(cases(BODIES))
            .run(&bodies, |body| {
                let answer = try_out(&editor, collection.name(), &body);
                prop_assert!([200, 409, 422].contains(&answer.status), "{:?}\n{}", body, answer);
                let of_form = faults(&answer).into_iter().find(|(_, code)| OF_FORM.contains(&code.as_str()));
                prop_assert_eq!(of_form, None, "{}", Value::Object(body));
                accepted.set(accepted.get() + 1);
                Ok(())
            })
            .unwrap_or_else(|fault| found.push(format!("{}: {fault}", collection.name())));
        assert!(accepted.get() > 0, "no body was tried in {}", collection.name());
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
});

on_both!(what_the_schema_allows_is_accepted_of_children, |service| {
    let editor = service.editor();
    let (mut found, read) = (Vec::new(), Cell::new(0_u32));
    for collection in resources::ALL.iter().copied() {
        for bodies in with_children(collection) {
            TestRunner::new(cases(BODIES))
                .run(&bodies, |body| {
                    let answer = try_out(&editor, collection.name(), &body);
                    let faults = faults(&answer);
                    let of_form = faults.iter().find(|(_, code)| OF_FORM.contains(&code.as_str()));
                    prop_assert_eq!(of_form, None, "{}", Value::Object(body));
                    // The faults of children are told once the parent is right.
                    let within = faults.iter().any(|(pointer, _)| pointer.matches('/').count() > 1);
                    read.set(read.get() + u32::from(within || answer.status == 200));
                    Ok(())
                })
                .unwrap_or_else(|fault| found.push(format!("{}: {fault}", collection.name())));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(read.get() > 10 * BODIES, "the children of only {} bodies were read", read.get());
});

on_both!(what_breaks_the_schema_in_one_place_is_refused_there, |service| {
    let editor = service.editor();
    let mut found = Vec::new();
    for collection in resources::ALL {
        let (properties, bodies) = bodies(collection.schema());
        let broken: Vec<(String, Value)> = properties
            .iter()
            .flat_map(|(name, schema)| {
                let wrong = forbidden(document(), resolved(document(), schema));
                wrong.into_iter().map(|value| (name.clone(), value))
            })
            .chain([
                ("no_such_field".to_owned(), json!(1)),
                ("id".to_owned(), json!(1)),
                ("version".to_owned(), json!(1)),
            ])
            .collect();
        TestRunner::new(cases(BODIES))
            .run(&(bodies, select(broken)), |(mut body, (name, value))| {
                body.insert(name.clone(), value);
                let answer = try_out(&editor, collection.name(), &body);
                let there = |pointer: &str| {
                    let rest = pointer.strip_prefix('/').and_then(|rest| rest.strip_prefix(name.as_str()));
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                prop_assert_eq!(answer.status, 422, "{}\n{}", Value::Object(body), answer);
                prop_assert!(
                    faults(&answer).iter().any(|(pointer, _)| there(pointer)),
                    "{}: {}\n{}",
                    name,
                    Value::Object(body),
                    answer
                );
                Ok(())
            })
            .unwrap_or_else(|fault| found.push(format!("{}: {fault}", collection.name())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
});
