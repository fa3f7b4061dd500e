//! What the sample data hold of the five articles: each fact of `tests/facts.csv`, asked over HTTP on both databases.
//!
//! A fact stands there under its article and key, with one row or several: what to ask, where in the answer to look, and the
//! JSON that must stand there. What an article does not say is asked for too: then null or an empty list must stand there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::support::{Client, Service};

const FACTS: &str = include_str!("../../facts.csv");

/// How many facts a careful reader takes from each article.
const FACTS_OF_ARTICLES: [(&str, usize); 5] = [("000", 32), ("001", 36), ("002", 32), ("003", 38), ("004", 32)];

/// One row of the file.
#[derive(Debug, Deserialize)]
struct Row {
    article: String,
    key: String,
    request: String,
    pointer: String,
    expected: String,
}

impl Row {
    /// What is wrong with `answer`, where something is.
    fn fault(&self, answer: &Result<Value, String>) -> Option<String> {
        let Self { article, key, request, pointer, expected } = self;
        let wanted: Value = serde_json::from_str(expected).unwrap_or_else(|error| panic!("{article} {key}: {error}"));
        let found = match answer {
            Ok(answer) => answer.pointer(pointer),
            Err(refusal) => return Some(format!("{article} {key}: {request} is answered {refusal}")),
        };
        if found == Some(&wanted) {
            return None;
        }
        let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
        Some(format!("{article} {key}: {request} at {pointer} has {found}, not {wanted}"))
    }
}

fn facts() -> Vec<Row> {
    csv::Reader::from_reader(FACTS.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap()
}

fn asked(client: &Client, request: &str) -> Result<Value, String> {
    let answer = client.get(request);
    if answer.status == 200 { Ok(answer.json()) } else { Err(format!("{} {}", answer.status, answer.json()["detail"])) }
}

/// What the service that has the data gets wrong.
fn faults(service: &Service) -> Vec<String> {
    let client = service.public();
    let mut answers = BTreeMap::new();
    let fault = |row: &Row| {
        let answer = answers.entry(row.request.clone()).or_insert_with(|| asked(&client, &row.request));
        row.fault(answer)
    };
    facts().iter().filter_map(fault).collect()
}

on_loaded!(every_fact_of_the_articles_is_answered, |service| {
    let faults = faults(service);
    assert!(faults.is_empty(), "{} of the facts are not answered:\n{}", faults.len(), faults.join("\n"));
});

#[test]
fn no_fact_is_left_out() {
    let facts = facts();
    let keys: BTreeSet<_> = facts.iter().map(|fact| (fact.article.as_str(), fact.key.as_str())).collect();
    let of = |article: &str| keys.iter().filter(|(of, _)| *of == article).count();
    assert_eq!(FACTS_OF_ARTICLES.map(|(article, _)| (article, of(article))), FACTS_OF_ARTICLES);
    assert_eq!(keys.len(), 170);
}

#[test]
fn each_row_asks_something_of_its_own() {
    let mut seen = BTreeSet::new();
    for fact in facts() {
        assert!(fact.request.starts_with("/v1/") && fact.pointer.starts_with('/'), "{fact:?}");
        assert!(
            seen.insert((fact.article.clone(), fact.key.clone(), fact.request.clone(), fact.pointer.clone())),
            "{fact:?}"
        );
    }
}
