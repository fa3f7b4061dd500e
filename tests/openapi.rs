//! The OpenAPI document, linted: what users and generators of clients rely on, for every operation and every schema.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use directive_tracker::domain::error::FAULT_CODES;
use directive_tracker::http::openapi::codes::{FAULTS, Meaning, WARNINGS};
use directive_tracker::http::openapi::pretty;
use directive_tracker::http::problem::CONTENT_TYPE;
use directive_tracker::http::system::document;
use serde_json::Value;

const COMMITTED: &str = include_str!("../openapi/openapi.json");

/// What a `$ref` leads to, or the value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(target) => document.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null),
        None => value,
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn members<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flatten()
}

/// Every operation: its method and path, and its object.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    members(document, "paths")
        .flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
        .collect()
}

/// Calls `visit` with every value in the document and the JSON Pointer of its place.
fn walk<'a>(value: &'a Value, place: &str, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(place, value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, &format!("{place}/{}", name.replace('~', "~0").replace('/', "~1")), visit);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, &format!("{place}/{at}"), visit);
            }
        }
        _ => {}
    }
}

/// Fails with all that was found at once.
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_committed_document_is_the_one_that_the_service_gives() {
    let generated = format!("{}\n", pretty(document()));
    assert!(
        generated == COMMITTED,
        "openapi/openapi.json is out of date: run `cargo run -- openapi > openapi/openapi.json` and commit it"
    );
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let document = document();
    let mut used = BTreeSet::new();
    let mut faults = Vec::new();
    walk(document, "", &mut |place, value| {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            used.insert(target.to_owned());
            if resolved(document, value).is_null() {
                faults.push(format!("{place}: nothing at {target}"));
            }
        }
    });
    for (kind, components) in members(document, "components").filter(|(kind, _)| *kind != "securitySchemes") {
        for name in components.as_object().into_iter().flatten().map(|(name, _)| name) {
            if !used.contains(&format!("#/components/{kind}/{name}")) {
                faults.push(format!("components/{kind}/{name} is not used"));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn every_operation_has_an_id_a_summary_a_description_a_tag_and_its_security() {
    let document = document();
    let tags: Vec<&str> = list(document, "tags").iter().map(|tag| text(tag, "name")).collect();
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    let mut faults = Vec::new();
    for (name, operation) in operations(document) {
        let id = text(operation, "operationId");
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            faults.push(format!("{name}: the id {id:?} is not in snake_case"));
        }
        if let Some(other) = ids.insert(id, name.clone()) {
            faults.push(format!("{name}: has the id of {other}"));
        }
        let summary = text(operation, "summary");
        if !summary.starts_with(char::is_uppercase) || summary.ends_with('.') {
            faults.push(format!("{name}: the summary {summary:?} is no short sentence"));
        }
        let description = text(operation, "description");
        if !description.ends_with('.') || description.len() <= summary.len() {
            faults.push(format!("{name}: has no description"));
        }
        match list(operation, "tags") {
            [Value::String(tag)] if tags.contains(&tag.as_str()) => {}
            _ => faults.push(format!("{name}: must have one tag that is declared")),
        }
        if operation.get("security").is_none_or(|security| !security.is_array()) {
            faults.push(format!("{name}: says nothing of security"));
        }
        let open = operation.get("security").and_then(Value::as_array).is_some_and(|ways| {
            ways.is_empty() || ways.iter().any(|way| way.as_object().is_some_and(serde_json::Map::is_empty))
        });
        // Who signs in has no credential yet; what is of accounts is nobody else's.
        let signing_in = ["post /v1/auth/token", "post /v1/auth/revoke", "get /.well-known/jwks.json"];
        let of_accounts = list(operation, "tags").contains(&"accounts".into());
        let reading = name.starts_with("get ") && !of_accounts;
        if open != (reading || signing_in.contains(&name.as_str())) {
            faults.push(format!("{name}: reading is open, and writing and accounts are not"));
        }
    }
    assert_none(&faults);
}

#[test]
fn every_parameter_is_described_with_an_example() {
    let document = document();
    let mut faults = Vec::new();
    for (name, operation) in operations(document) {
        let parameters: Vec<&Value> = list(operation, "parameters").iter().map(|it| resolved(document, it)).collect();
        let in_path = name.matches('{').count();
        let given = parameters.iter().filter(|parameter| text(parameter, "in") == "path").count();
        if in_path != given {
            faults.push(format!("{name}: {given} of {in_path} parameters of the path are described"));
        }
        for parameter in parameters {
            let described = !text(parameter, "description").is_empty();
            if !described || example_of(parameter).is_null() {
                faults.push(format!("{name}: {} lacks a description, an example or a schema", text(parameter, "name")));
            }
        }
    }
    assert_none(&faults);
}

/// The example of a parameter: its own if it must be given, else that of its schema.
fn example_of(parameter: &Value) -> &Value {
    let required = parameter.get("required") == Some(&Value::Bool(true));
    let place = if required { "/example" } else { "/schema/examples/0" };
    parameter.pointer(place).unwrap_or(&Value::Null)
}

#[test]
fn no_parameter_that_may_be_left_out_is_filled_in_by_the_pages_of_documentation() {
    let document = document();
    let mut faults = Vec::new();
    for (name, operation) in operations(document) {
        for parameter in list(operation, "parameters").iter().map(|it| resolved(document, it)) {
            let schema = parameter.get("schema").map_or(&Value::Null, |schema| resolved(document, schema));
            let filled_in = [parameter.get("example"), parameter.get("examples"), schema.get("example")];
            if parameter.get("required").is_none() && filled_in.iter().any(Option::is_some) {
                faults.push(format!("{name}: {} is filled in", text(parameter, "name")));
            }
        }
    }
    assert_none(&faults);
}

/// Whether a schema has an example, itself or in what it refers to.
fn has_example(document: &Value, schema: &Value) -> bool {
    let there = |schema: &Value| !list(schema, "examples").is_empty();
    let choices = list(schema, "oneOf").iter().chain(list(schema, "anyOf")).chain(schema.get("items"));
    there(schema)
        || there(resolved(document, schema))
        || choices.map(|choice| resolved(document, choice)).any(there)
        // A record is shown by its fields.
        || resolved(document, schema).get("properties").is_some()
}

#[test]
fn every_property_has_a_description_and_an_example() {
    let document = document();
    let mut faults = Vec::new();
    walk(document, "", &mut |place, value| {
        // Not the field of that name in an example, nor a property that is called so.
        let is_schema = value.get("properties").is_some_and(Value::is_object) && !place.contains("/example");
        if !is_schema || place.ends_with("/properties") {
            return;
        }
        for (name, property) in members(value, "properties") {
            if text(property, "description").is_empty() && text(resolved(document, property), "description").is_empty()
            {
                faults.push(format!("{place}: {name} has no description"));
            }
            let in_the_whole = list(value, "examples").iter().any(|whole| whole.get(name).is_some());
            if !in_the_whole && !has_example(document, property) {
                faults.push(format!("{place}: {name} has no example"));
            }
        }
        for name in list(value, "required").iter().filter_map(Value::as_str) {
            if value.pointer(&format!("/properties/{name}")).is_none() {
                faults.push(format!("{place}: {name} is required and not described"));
            }
        }
    });
    assert_none(&faults);
}

#[test]
fn every_operation_lists_its_problems() {
    let document = document();
    let mut faults = Vec::new();
    for (name, operation) in operations(document) {
        let statuses: Vec<&str> = members(operation, "responses").map(|(status, _)| status.as_str()).collect();
        let mut wanted = vec![];
        if name != "get /healthz" {
            wanted.push("500");
        }
        if name.contains("/v1/") {
            wanted.extend(["400", "401", "406"]);
        }
        if name.contains('{') {
            wanted.push("404");
        }
        if !name.starts_with("get ") {
            wanted.extend(["403", "409", "503"]);
        }
        if operation.get("requestBody").is_some() {
            wanted.extend(["408", "413", "415", "422"]);
        }
        // What is never changed needs no condition.
        let one = name.strip_prefix("put ").map(|path| path.replace("/by-key/{system}/{key}", "/{id}"));
        let changed =
            |path: &String| members(document, "paths").any(|(at, item)| at == path && item.get("patch").is_some());
        if one.is_some_and(|path| changed(&path)) {
            wanted.push("428");
        }
        for status in wanted.into_iter().filter(|status| !statuses.contains(status)) {
            faults.push(format!("{name}: does not list {status}"));
        }
        for (status, response) in members(operation, "responses") {
            let response = resolved(document, response);
            if text(response, "description").is_empty() {
                faults.push(format!("{name}: {status} has no description"));
            }
            let problem = response.pointer(&format!("/content/{}", CONTENT_TYPE.replace('/', "~1")));
            let schema = problem.map(|media| text(media.get("schema").unwrap_or(media), "$ref"));
            if status.starts_with(['4', '5']) && schema != Some("#/components/schemas/Problem") {
                faults.push(format!("{name}: {status} is no Problem"));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn what_is_sent_may_have_no_unknown_fields() {
    let document = document();
    let mut faults = Vec::new();
    for (name, operation) in operations(document) {
        for (content_type, media) in operation.get("requestBody").into_iter().flat_map(|body| members(body, "content"))
        {
            let schema = media.get("schema").map_or(&Value::Null, |schema| resolved(document, schema));
            // The schema of a text says nothing of its lines.
            if text(schema, "type") == "string" {
                continue;
            }
            let choices =
                if schema.get("oneOf").is_some() { list(schema, "oneOf") } else { std::slice::from_ref(schema) };
            if choices.iter().any(|choice| choice.get("additionalProperties") != Some(&Value::Bool(false))) {
                faults.push(format!("{name}: the {content_type} takes unknown fields"));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn an_example_of_a_code_is_one_of_the_codes() {
    let document = document();
    let mut faults = Vec::new();
    walk(document, "", &mut |place, value| {
        let targets = list(value, "oneOf").iter().chain([value]).map(|choice| resolved(document, choice));
        let codes: Vec<&Value> = targets.flat_map(|target| list(target, "enum")).collect();
        for example in list(value, "examples").iter().filter(|_| !codes.is_empty()) {
            if !codes.contains(&example) {
                faults.push(format!("{place}: {example} is not one of the codes"));
            }
        }
    });
    assert_none(&faults);
}

/// The codes that have a meaning, of which each may have one only.
fn explained(table: &[Meaning]) -> Vec<&str> {
    let codes: Vec<&str> = table.iter().map(|(code, _)| *code).collect();
    assert!(codes.is_sorted_by(|one, next| one < next), "in the order of the alphabet, none twice: {codes:?}");
    for (code, meaning) in table {
        assert!(
            meaning.starts_with(char::is_uppercase) && meaning.ends_with('.'),
            "{code} has no sentence: {meaning:?}"
        );
    }
    codes
}

#[test]
fn every_code_of_a_fault_is_explained() {
    assert_eq!(explained(FAULTS), FAULT_CODES);
}

/// The texts of the program's files.
fn sources(folder: &Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, texts);
        } else {
            texts.push(std::fs::read_to_string(&entry).unwrap());
        }
    }
}

#[test]
fn every_code_of_a_warning_is_explained() {
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    let made = texts.iter().flat_map(|text| text.split("Warning::new(").skip(1)).map(|rest| {
        let code = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
        code.unwrap_or_else(|| {
            panic!("write the code of a warning where the warning is made: {}", rest.lines().next().unwrap())
        })
    });
    assert_eq!(explained(WARNINGS).into_iter().collect::<BTreeSet<_>>(), made.collect::<BTreeSet<_>>());
}

#[test]
fn every_record_has_one_example_with_all_of_its_fields() {
    let document = document();
    let mut faults = Vec::new();
    for collection in directive_tracker::resources::ALL {
        let name = collection.schema();
        let schema = document.pointer(&format!("/components/schemas/{name}")).unwrap_or(&Value::Null);
        let [example] = list(schema, "examples") else {
            faults.push(format!("{name}: has not one example"));
            continue;
        };
        for field in list(schema, "required").iter().filter_map(Value::as_str) {
            if example.get(field).is_none() {
                faults.push(format!("{name}: the example has no {field}"));
            }
        }
        let expanded = document.pointer(&format!("/components/schemas/{name}Expanded/examples/0"));
        if expanded.is_some_and(|expanded| expanded.pointer("/links/all").is_none_or(|all| !all.is_string())) {
            faults.push(format!("{name}: what is expanded has no example"));
        }
        let page = document.pointer(&format!("/components/schemas/{name}Page/examples/0/data/0"));
        if page != Some(example) {
            faults.push(format!("{name}: a page shows another record"));
        }
    }
    assert_none(&faults);
}
