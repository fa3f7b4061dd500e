//! The vocabularies with their Vietnamese labels, as `GET /v1/enumerations` gives them.

use serde::{Deserialize, Serialize};

use crate::domain::{Error, Result};

const TABLE: &str = include_str!("../data/enumerations.csv");

/// One vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enumeration {
    /// Its name, such as `document_activity`.
    pub name: String,
    /// Its codes, in the order in which they are listed.
    pub values: Vec<Labelled>,
}

/// One code of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Labelled {
    /// The code.
    pub code: String,
    /// What it is called in Vietnamese.
    pub label_vi: String,
    /// What to mind about it.
    pub note: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    enumeration: String,
    code: String,
    name_vi: String,
    note: Option<String>,
}

/// Every vocabulary.
///
/// # Errors
/// `Internal` if the embedded table cannot be read, which a test rules out.
pub fn all() -> Result<Vec<Enumeration>> {
    let mut enumerations: Vec<Enumeration> = Vec::new();
    for row in csv::Reader::from_reader(TABLE.as_bytes()).deserialize::<Row>() {
        let row = row.map_err(|error| Error::Internal(format!("data/enumerations.csv: {error}")))?;
        let labelled =
            Labelled { code: row.code, label_vi: row.name_vi, note: row.note.filter(|note| !note.is_empty()) };
        match enumerations.iter_mut().find(|known| known.name == row.enumeration) {
            Some(known) => known.values.push(labelled),
            None => enumerations.push(Enumeration { name: row.enumeration, values: vec![labelled] }),
        }
    }
    Ok(enumerations)
}
