//! What fields and codes are called in Vietnamese, for tables that people read.

use std::collections::HashMap;

use serde::Deserialize;

use crate::domain::{Error, Result};
use crate::enumerations;

const TABLE: &str = include_str!("../../data/field_labels.csv");

/// One row of the table of labels: a row without a collection holds for all that have none of their own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FieldLabel {
    /// The collection, or nothing.
    pub collection: String,
    /// The field.
    pub field: String,
    /// What it is called.
    pub label_vi: String,
}

/// Every row of the table of labels.
///
/// # Errors
/// `Internal` if the embedded table cannot be read, which a test rules out.
pub fn fields() -> Result<Vec<FieldLabel>> {
    let rows = csv::Reader::from_reader(TABLE.as_bytes()).into_deserialize().collect::<Result<_, csv::Error>>();
    rows.map_err(|error| Error::Internal(format!("data/field_labels.csv: {error}")))
}

/// The labels of one collection: of its fields, and of all codes.
#[derive(Debug)]
pub struct Labels {
    fields: HashMap<String, String>,
    codes: HashMap<String, HashMap<String, String>>,
}

impl Labels {
    /// The labels of the collection of this name.
    ///
    /// # Errors
    /// As [`fields`].
    pub fn of(collection: &str) -> Result<Self> {
        let mut rows = fields()?;
        // Those of the collection come last, over the general ones.
        rows.retain(|row| row.collection.is_empty() || row.collection == collection);
        rows.sort_by_key(|row| !row.collection.is_empty());
        let fields = rows.into_iter().map(|row| (row.field, row.label_vi)).collect();
        let codes = enumerations::all()?.into_iter().map(|enumeration| {
            let labels = enumeration.values.into_iter().map(|value| (value.code, value.label_vi));
            (enumeration.name, labels.collect())
        });
        Ok(Self { fields, codes: codes.collect() })
    }

    /// What a field is called; its name if nobody has said.
    #[must_use]
    pub fn field<'a>(&'a self, name: &'a str) -> &'a str {
        self.fields.get(name).map_or(name, String::as_str)
    }

    /// What a code of an enumeration is called; the code if nobody has said.
    #[must_use]
    pub fn code<'a>(&'a self, enumeration: &str, code: &'a str) -> &'a str {
        self.codes.get(enumeration).and_then(|labels| labels.get(code)).map_or(code, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::resources;
    use crate::service::fields::Kind;
    use crate::tracking::{self, Overview, Visitor, columns_of};
    use crate::transfer::columns::{self, Column};

    /// The names of the members of the objects that a column holds.
    fn members(kind: &Kind) -> Vec<String> {
        match kind {
            Kind::List(kind) => members(kind),
            Kind::Object(inner) => {
                inner.iter().flat_map(|(name, kind)| [vec![name.clone()], members(kind)].concat()).collect()
            }
            _ => Vec::new(),
        }
    }

    fn names(columns: &[Column]) -> BTreeSet<String> {
        columns.iter().flat_map(|column| [vec![column.field.clone()], members(&column.kind)].concat()).collect()
    }

    /// Every table that there is, by its name.
    struct Tables(Vec<(&'static str, Vec<Column>)>);

    impl Visitor for Tables {
        fn visit<O: Overview>(&mut self) {
            self.0.push((O::NAME, columns_of::<O>()));
        }
    }

    fn tables() -> Vec<(&'static str, Vec<Column>)> {
        let lists = resources::ALL.iter().map(|collection| (collection.name(), columns::of(*collection)));
        let mut tables = Tables(lists.collect());
        tracking::each(&mut tables);
        tables.0
    }

    #[test]
    fn every_field_has_a_label_and_every_label_a_field() {
        let rows = fields().unwrap();
        let (mut missing, mut used) = (Vec::new(), BTreeSet::new());
        for (table, columns) in tables() {
            for field in names(&columns) {
                let of = |name: &str| rows.iter().position(|row| row.collection == name && row.field == field);
                match of(table).or_else(|| of("")) {
                    Some(row) => drop(used.insert(row)),
                    None => missing.push(format!("{table} {field}")),
                }
            }
        }
        let left: Vec<&FieldLabel> =
            (0..).zip(&rows).filter(|(at, _)| !used.contains(at)).map(|(_, row)| row).collect();
        assert_eq!((missing, left), (Vec::<String>::new(), Vec::<&FieldLabel>::new()));
    }

    #[test]
    fn no_two_columns_of_a_table_have_one_heading() {
        for (table, columns) in tables() {
            let labels = Labels::of(table).unwrap();
            for labels in [None, Some(&labels)] {
                let headings: BTreeSet<String> = columns.iter().map(|column| column.heading(labels)).collect();
                assert_eq!(headings.len(), columns.len(), "{table}: {headings:?}");
            }
        }
    }
}
