//! What is added to the records of an answer because no context can say it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::table::{CodeTerm, Form, Relation, Term, Terms, tables};
use crate::domain::fact::{Fact, Facts};
use crate::domain::{Id, Result};

/// Adds to each record and link within an answer:
///
/// - its classes, where it has more than the one that the context knows;
/// - what a code says in the terms of a vocabulary: that a document is in force;
/// - what a record between two others says of them: that one document amends the other;
/// - how much of a day is known, where it stands for its month or its year.
///
/// What depends on a fact is said where the fact holds.
///
/// # Errors
/// `Internal` if the tables cannot be read.
pub fn complete(answer: &mut Value, facts: &Facts) -> Result<()> {
    match answer {
        Value::Array(items) => items.iter_mut().try_for_each(|item| complete(item, facts)),
        Value::Object(object) => {
            leave_out_undisclosed(object);
            if let Some(terms) = terms_of(object)? {
                say(object, terms, facts);
            }
            object.values_mut().try_for_each(|value| complete(value, facts))
        }
        _ => Ok(()),
    }
}

/// Says nothing of links to what the caller may not see: a node without an address would be a record of its own.
fn leave_out_undisclosed(object: &mut Map<String, Value>) {
    let is_undisclosed = |value: &Value| value.get("undisclosed").is_some();
    for value in object.values_mut() {
        match value {
            Value::Array(values) => values.retain(|value| !is_undisclosed(value)),
            value if is_undisclosed(value) => *value = Value::Null,
            _ => {}
        }
    }
}

/// The records, by their type, of which [`complete`] has to know facts.
///
/// # Errors
/// As [`complete`].
pub fn uncertain(answer: &Value) -> Result<BTreeMap<&str, BTreeSet<Id>>> {
    let mut found = BTreeMap::new();
    find_uncertain(answer, &mut found)?;
    Ok(found)
}

fn find_uncertain<'a>(answer: &'a Value, found: &mut BTreeMap<&'a str, BTreeSet<Id>>) -> Result<()> {
    match answer {
        Value::Array(items) => items.iter().try_for_each(|item| find_uncertain(item, found)),
        Value::Object(object) => {
            if let Some(terms) = terms_of(object)? {
                let relations = terms.relations.iter().filter(|row| row.condition.is_some() && holds(object, row));
                let others = relations.filter_map(|row| object.get(&row.from)?.as_object());
                let is_open = |row: &CodeTerm| row.condition.is_some() && has_code(object, &row.field, &row.code);
                let itself = terms.codes.iter().any(is_open).then_some(object);
                for (kind, id) in others.chain(itself).filter_map(named) {
                    found.entry(kind).or_default().insert(id);
                }
            }
            object.values().try_for_each(|value| find_uncertain(value, found))
        }
        _ => Ok(()),
    }
}

/// The type and the number of a record or of what a link leads to.
fn named(object: &Map<String, Value>) -> Option<(&str, Id)> {
    Some((object.get("type")?.as_str()?, object.get("id")?.as_i64()?))
}

fn is_so(object: Option<&Map<String, Value>>, condition: Option<Fact>, facts: &Facts) -> bool {
    let Some(fact) = condition else { return true };
    object.and_then(named).is_some_and(|(_, id)| facts.contains(&(fact, id)))
}

/// The terms of a record or a link: what has an address and a type that has terms.
fn terms_of(object: &Map<String, Value>) -> Result<Option<&'static Terms>> {
    let kind = object.get("type").and_then(Value::as_str).filter(|_| object.contains_key("url"));
    let Some(kind) = kind else { return Ok(None) };
    Ok(tables()?.get(kind))
}

fn say(object: &mut Map<String, Value>, terms: &Terms, facts: &Facts) {
    for term in terms.fields.iter().filter(|term| term.form == Form::Date) {
        shorten(object, term);
    }
    let so = |object: &Map<String, Value>, row: &Relation| {
        is_so(object.get(&row.from).and_then(Value::as_object), row.condition, facts)
    };
    let (said, withheld): (Vec<_>, Vec<_>) =
        terms.relations.iter().filter(|row| holds(object, row)).partition(|row| so(object, row));
    for relation in said {
        relate(object, relation);
    }
    // A record that does not say something of two others does not say by which term it would.
    let is_withheld = |code: &CodeTerm| withheld.iter().any(|row| (&row.field, &row.code) == (&code.field, &code.code));
    let mut classes: Vec<Value> = terms.classes.iter().map(|class| class.as_str().into()).collect();
    for code in terms.codes.iter().filter(|code| !is_withheld(code)) {
        if !has_code(object, &code.field, &code.code) || !is_so(Some(object), code.condition, facts) {
            continue;
        }
        if code.term == "@type" {
            classes.push(code.value.as_str().into());
        } else {
            object.insert(code.term.clone(), json!({ "@id": code.value }));
        }
    }
    if classes.len() > 1 {
        object.shift_insert(0, "@type".to_owned(), classes.into());
    }
}

fn has_code(object: &Map<String, Value>, field: &str, code: &str) -> bool {
    object.get(field).and_then(Value::as_str) == Some(code)
}

fn holds(object: &Map<String, Value>, relation: &Relation) -> bool {
    match (relation.field.as_str(), relation.code.as_str()) {
        ("", _) => true,
        (field, "") => object.get(field).is_some_and(|value| !value.is_null()),
        (field, code) => has_code(object, field, code),
    }
}

/// Says of the record behind one link what the record behind another is to it.
fn relate(object: &mut Map<String, Value>, relation: &Relation) {
    let Some(to) = object.get(&relation.to).and_then(|to| to.get("url")).cloned() else { return };
    let Some(from) = object.get_mut(&relation.from).and_then(Value::as_object_mut) else { return };
    let said = from.entry(relation.term.clone()).or_insert_with(|| json!([]));
    if let Some(said) = said.as_array_mut() {
        said.push(json!({ "url": to }));
    }
}

/// Takes off a date what is not known of it: a first of January that stands for its year is no day.
fn shorten(object: &mut Map<String, Value>, term: &Term) {
    let precision = object.get(&format!("{}_precision", term.field)).or_else(|| object.get("date_precision"));
    let known = match precision.and_then(Value::as_str) {
        Some("month") => Some((7, "xsd:gYearMonth")),
        Some("year") => Some((4, "xsd:gYear")),
        _ => None,
    };
    let (Some((length, datatype)), Some(date)) = (known, object.get_mut(&term.field)) else { return };
    if let Some(text) = date.as_str().and_then(|text| text.get(..length)) {
        *date = json!({ "@value": text, "@type": datatype });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(mut answer: Value) -> Value {
        complete(&mut answer, &Facts::new()).unwrap();
        answer
    }

    #[test]
    fn date_that_stands_for_its_year_is_a_year() {
        let document = |precision: &str| {
            completed(json!({
                "type": "document", "url": "/v1/documents/1",
                "issued_on": "2018-01-01", "issued_on_precision": precision,
            }))["issued_on"]
                .clone()
        };
        assert_eq!(document("day"), json!("2018-01-01"));
        assert_eq!(document("month"), json!({ "@value": "2018-01", "@type": "xsd:gYearMonth" }));
        assert_eq!(document("year"), json!({ "@value": "2018", "@type": "xsd:gYear" }));
    }

    #[test]
    fn dates_of_a_conference_share_their_precision() {
        let conference = completed(json!({
            "type": "conference", "url": "/v1/conferences/1",
            "held_from": "2018-03-01", "held_to": null, "date_precision": "month",
        }));
        assert_eq!(conference["held_from"], json!({ "@value": "2018-03", "@type": "xsd:gYearMonth" }));
        assert_eq!(conference["held_to"], Value::Null);
    }

    #[test]
    fn what_is_no_record_is_left_alone() {
        let warning = json!({ "type": "document", "code": "x" });
        assert_eq!(completed(warning.clone()), warning);
        let unknown = json!({ "type": "ship", "url": "/ships/1" });
        assert_eq!(completed(unknown.clone()), unknown);
    }
}
