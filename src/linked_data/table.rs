//! The tables of terms, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::fact::Fact;
use crate::domain::{Error, Result};

const TERMS: &str = include_str!("../../data/linked_data/terms.csv");
const CODES: &str = include_str!("../../data/linked_data/codes.csv");
const RELATIONS: &str = include_str!("../../data/linked_data/relations.csv");

/// How the value of a field is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// No field: the term is a class of the records.
    Class,
    /// A text in Vietnamese.
    Text,
    /// A text in no language, such as a symbol or a code.
    String,
    /// A day.
    Date,
    /// A number.
    Number,
    /// A link, or several, to what the term says.
    Link,
    /// A link to a record of which the term says this one.
    Reverse,
    /// The address of a page.
    Address,
}

/// What a field is called in linked data, or a class of the records.
#[derive(Debug, Deserialize)]
pub struct Term {
    #[serde(rename = "type")]
    kind: String,
    /// The field; empty for a class.
    pub field: String,
    /// The term, with the prefix of its vocabulary.
    #[serde(rename = "term")]
    pub name: String,
    /// How its value is read.
    pub form: Form,
}

/// What is said of a record whose field has a code. Of several rows that say the same term, the last one that holds is
/// said.
#[derive(Debug, Deserialize)]
pub struct CodeTerm {
    #[serde(rename = "type")]
    kind: String,
    /// The field.
    pub field: String,
    /// The code.
    pub code: String,
    /// The term, or `@type` for a class.
    pub term: String,
    /// The value of the term, or the class.
    pub value: String,
    /// What else must be so of the record.
    #[serde(rename = "if")]
    pub condition: Option<Fact>,
}

/// What a record between two others says of them.
#[derive(Debug, Deserialize)]
pub struct Relation {
    #[serde(rename = "type")]
    kind: String,
    /// The field that it depends on, if it depends on one.
    pub field: String,
    /// The code that the field must have; empty for any.
    pub code: String,
    /// The link to the record of which something is said.
    pub from: String,
    /// The link to what is said of it.
    pub to: String,
    /// The term.
    pub term: String,
    /// What else must be so of the record of which it is said: a draft carries out nothing.
    #[serde(rename = "if")]
    pub condition: Option<Fact>,
}

/// The rows of one type of record.
#[derive(Debug, Default)]
pub struct Terms {
    /// Its classes; the context knows the first.
    pub classes: Vec<String>,
    /// Its fields.
    pub fields: Vec<Term>,
    /// Its codes.
    pub codes: Vec<CodeTerm>,
    /// What its records say of those that they link.
    pub relations: Vec<Relation>,
}

impl Terms {
    /// What its field `title` says that is no label of it, if it has such a field. A link has the name `title` too, for
    /// what its record is called.
    #[must_use]
    pub fn title(&self) -> Option<&Term> {
        self.fields.iter().find(|term| term.field == TITLE && term.name != LABEL)
    }
}

/// The field that holds the title of a link, and of some records.
pub const TITLE: &str = "title";
/// What the title of a link is to the record behind it.
pub const LABEL: &str = "rdfs:label";

/// The rows of each type of record.
pub type Tables = BTreeMap<String, Terms>;

/// The rows of each type of record.
///
/// # Errors
/// `Internal` if the embedded tables cannot be read, which a test rules out.
pub fn tables() -> Result<&'static Tables> {
    static TABLES: LazyLock<Result<Tables, String>> = LazyLock::new(|| read().map_err(|error| error.to_string()));
    TABLES.as_ref().map_err(|error| Error::Internal(format!("data/linked_data: {error}")))
}

fn read() -> Result<Tables, csv::Error> {
    let mut tables = Tables::new();
    for row in rows::<Term>(TERMS)? {
        let terms = tables.entry(row.kind.clone()).or_default();
        if row.form == Form::Class {
            terms.classes.push(row.name);
        } else {
            terms.fields.push(row);
        }
    }
    for row in rows::<CodeTerm>(CODES)? {
        tables.entry(row.kind.clone()).or_default().codes.push(row);
    }
    for row in rows::<Relation>(RELATIONS)? {
        tables.entry(row.kind.clone()).or_default().relations.push(row);
    }
    Ok(tables)
}

fn rows<T: DeserializeOwned>(table: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(table.as_bytes()).deserialize().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{enumerations, resources};

    #[test]
    fn every_type_of_record_has_a_class_and_no_other_has_terms() {
        let known: BTreeSet<&str> = resources::ALL.iter().map(|collection| collection.kind()).collect();
        let tables = tables().unwrap();
        assert_eq!(tables.keys().map(String::as_str).collect::<BTreeSet<_>>(), known);
        for (kind, terms) in tables {
            assert!(!terms.classes.is_empty(), "{kind}");
        }
    }

    #[test]
    fn every_term_is_of_a_field_that_is_there() {
        for (kind, terms) in tables().unwrap() {
            let collection = resources::by_type(kind).unwrap();
            let fields: BTreeSet<&str> = collection.fields().chain(["title"]).collect();
            let relations = terms.relations.iter().map(|relation| &relation.field).filter(|field| !field.is_empty());
            let named = terms.fields.iter().map(|term| &term.field).chain(relations);
            let of_codes = terms.codes.iter().map(|code| &code.field);
            for field in named.chain(of_codes) {
                assert!(fields.contains(field.as_str()), "{kind}: {field}");
            }
            let ends = terms.relations.iter().flat_map(|relation| [&relation.from, &relation.to]);
            let links = terms.fields.iter().filter(|term| matches!(term.form, Form::Link | Form::Reverse));
            for link in links.map(|term| &term.field).chain(ends) {
                assert!(collection.link(link).is_some(), "{kind}: {link} is no link");
            }
        }
    }

    #[test]
    fn relation_is_said_of_a_record_that_the_context_knows() {
        for (kind, terms) in tables().unwrap() {
            for relation in &terms.relations {
                assert!(terms.fields.iter().any(|term| term.field == relation.from), "{kind}: {}", relation.from);
            }
        }
    }

    #[test]
    fn every_code_is_one_of_a_vocabulary() {
        let codes: BTreeSet<String> =
            enumerations::all().unwrap().into_iter().flat_map(|known| known.values).map(|value| value.code).collect();
        for terms in tables().unwrap().values() {
            let of_relations = terms.relations.iter().map(|relation| &relation.code).filter(|code| !code.is_empty());
            for code in terms.codes.iter().map(|code| &code.code).chain(of_relations) {
                assert!(codes.contains(code), "{code}");
            }
        }
    }
}
