//! Values that a JSON Schema of the OpenAPI document allows, and values that it does not.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::string::string_regex;
use serde_json::{Map, Value, json};

/// The most elements of an array, fewer than any schema allows.
const MOST: usize = 3;

/// What a `$ref` leads to, or the schema itself.
pub fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(target) => document.pointer(target.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// The values that `schema` allows.
pub fn allowed(document: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let schema = resolved(document, schema);
    if let Some(only) = schema.get("const") {
        return Just(only.clone()).boxed();
    }
    if let Some(codes) = schema["enum"].as_array() {
        return select(codes.clone()).boxed();
    }
    if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        return prop::strategy::Union::new(choices.iter().map(|choice| allowed(document, choice))).boxed();
    }
    let types = types(schema).into_iter().map(|kind| match kind {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => integers(schema).boxed(),
        "number" => numbers(schema).boxed(),
        "string" => strings(schema),
        "array" => {
            let (fewest, most) = (length(schema, "minItems").unwrap_or(0), length(schema, "maxItems").unwrap_or(MOST));
            prop::collection::vec(allowed(document, &schema["items"]), fewest..=most.min(MOST))
                .prop_map(Value::from)
                .boxed()
        }
        "object" => object(document, schema, |_| true).prop_map(Value::Object).boxed(),
        other => panic!("no values of the type {other} are known: {schema}"),
    });
    prop::strategy::Union::new(types).boxed()
}

/// The objects that `schema` allows, of the members that `takes` names.
pub fn object(document: &Value, schema: &Value, takes: impl Fn(&str) -> bool) -> BoxedStrategy<Map<String, Value>> {
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|it| it == name));
    let members = schema["properties"].as_object().unwrap().iter().filter(|(name, _)| takes(name));
    let members = members.map(|(name, member)| {
        let name = name.clone();
        let there = if required(&name) { Just(true).boxed() } else { any::<bool>().boxed() };
        (there, allowed(document, member)).prop_map(move |(there, value)| there.then(|| (name.clone(), value)))
    });
    members.collect::<Vec<_>>().prop_map(|members| members.into_iter().flatten().collect()).boxed()
}

/// Values that `schema` does not allow, each wrong in its own way.
pub fn forbidden(document: &Value, schema: &Value) -> Vec<Value> {
    let choices = choices(document, schema);
    let values = choices.iter().filter(|choice| types(choice) != ["null"]);
    let several = values.clone().count() > 1;
    let of_no_type = |value: &Value| choices.iter().all(|choice| !has_type_of(choice, value));
    let wrong = values.flat_map(|choice| forbidden_by(document, choice));
    // What one of several choices forbids another may allow, unless no choice has that type.
    wrong.filter(|value| if several || value.is_null() { of_no_type(value) } else { true }).collect()
}

/// The schemas of which a value has to meet one.
fn choices<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolved(document, schema);
    match schema["oneOf"].as_array() {
        Some(all) => all.iter().flat_map(|choice| choices(document, choice)).collect(),
        None => vec![schema],
    }
}

/// The same of a schema without choices.
fn forbidden_by(document: &Value, schema: &Value) -> Vec<Value> {
    let mut wrong: Vec<Value> = [json!(true), json!(1), json!("x"), json!([]), json!({}), Value::Null]
        .into_iter()
        .filter(|value| !has_type_of(schema, value))
        .collect();
    if types(schema).contains(&"integer") {
        wrong.push(json!(1.5));
    }
    for (bound, beyond) in [("minimum", -1), ("exclusiveMinimum", 0), ("maximum", 1)] {
        wrong.extend(schema[bound].as_i64().and_then(|bound| bound.checked_add(beyond)).map(Value::from));
    }
    if let Some(most) = length(schema, "maxLength") {
        wrong.push("x".repeat(most + 1).into());
    }
    if let Some(most) = length(schema, "maxItems").filter(|most| *most <= 100) {
        let one = resolved(document, &schema["items"])["enum"].get(0).cloned().unwrap_or_else(|| json!(1));
        wrong.push(vec![one; most + 1].into());
    }
    if schema.get("enum").is_some() || schema["format"] == "date" {
        wrong.extend(["no such code", ""].map(Value::from));
    }
    if schema.get("pattern").is_some() {
        wrong.extend(["\u{202E}", "a\u{202E}b"].map(Value::from));
    }
    wrong
}

/// The types that a schema names: a code is a text.
fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => panic!("no type is named: {schema}"),
    }
}

fn has_type_of(schema: &Value, value: &Value) -> bool {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    types(schema).iter().any(|known| *known == kind || (*known == "integer" && kind == "number"))
}

fn length(schema: &Value, bound: &str) -> Option<usize> {
    schema[bound].as_u64().map(|bound| bound.try_into().unwrap())
}

fn integers(schema: &Value) -> impl Strategy<Value = Value> + use<> {
    let widest =
        if schema["format"] == "int32" { i64::from(i32::MIN)..=i64::from(i32::MAX) } else { i64::MIN..=i64::MAX };
    // Bounds are doubles in the document: the largest integer of 64 bits is none.
    let bound = |name: &str| schema[name].as_f64().and_then(|bound| format!("{bound:.0}").parse::<i64>().ok());
    let (least, largest) = (bound("minimum").unwrap_or(*widest.start()), bound("maximum").unwrap_or(*widest.end()));
    prop_oneof![Just(least), Just(largest), least..=largest].prop_map(Value::from)
}

fn numbers(schema: &Value) -> impl Strategy<Value = Value> + use<> {
    let above = |bound: &Value| bound.as_f64().map(|bound| bound + 0.001);
    let least = schema["minimum"].as_f64().or(above(&schema["exclusiveMinimum"])).unwrap();
    let largest = schema["maximum"].as_f64().unwrap();
    prop_oneof![Just(least), Just(largest), least..=largest].prop_map(Value::from)
}

fn strings(schema: &Value) -> BoxedStrategy<Value> {
    let (shortest, longest) =
        (length(schema, "minLength").unwrap_or(0), length(schema, "maxLength").unwrap_or(usize::MAX));
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("date"), _) => (1900..=2199, 1_u32..=366)
            .prop_filter_map("a day of that year", |(year, day)| {
                chrono::NaiveDate::from_yo_opt(year, day).map(|day| day.to_string().into())
            })
            .boxed(),
        (Some("date-time"), _) => (-2_000_000_000_i64..7_000_000_000)
            .prop_filter_map("an instant", |seconds| {
                chrono::DateTime::from_timestamp(seconds, 0).map(|at| at.to_rfc3339().into())
            })
            .boxed(),
        (_, Some(pattern)) => {
            let inner = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).unwrap();
            string_regex(inner)
                .unwrap()
                .prop_filter_map("of that length", move |text| {
                    let fits = (shortest..=longest).contains(&text.chars().count()) && !text.chars().any(is_left_out);
                    fits.then(|| text.into())
                })
                .boxed()
        }
        (_, None) => prop::collection::vec("[a-zđ0-9 ]", shortest.max(1)..=longest.min(20))
            .prop_map(|parts| parts.concat().into())
            .boxed(),
    }
}

/// What the patterns of texts leave out, for their dialects write it in different ways: the tags and the noncharacters of the
/// upper planes.
fn is_left_out(character: char) -> bool {
    let code = u32::from(character);
    (0xE_0000..=0xE_007F).contains(&code) || (code > 0xFFFF && code & 0xFFFE == 0xFFFE)
}
