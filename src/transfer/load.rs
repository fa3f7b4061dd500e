//! The data sets inside the program: reference data and sample data, loaded by an explicit step.
//!
//! Each line of a file is the body of a record with its key. It goes the way of every other write, under the external key
//! `{set}/{key}`, so that loading twice changes nothing.

use serde_json::{Map, Value};

use crate::db::Conn;
use crate::domain::link::{ExternalKey, KeyPart};
use crate::domain::{Error, Result, Stamp};
use crate::keys;
use crate::resources;
use crate::service::upsert::{Extent, Target};

/// A data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DataSet {
    /// Numbering periods, provinces, bodies and documents.
    Reference,
    /// Eight conferences as the press told of them.
    Sample,
}

/// A file of a data set: the collection and its lines.
type File = (&'static str, &'static str);

macro_rules! files {
    ($folder:literal: $($name:literal => $collection:literal),+ $(,)?) => {
        &[$(($collection, include_str!(concat!("../../data/", $folder, "/", $name, ".ndjson")))),+]
    };
}

const REFERENCE: &[File] = files!("reference":
    "01-admin-units" => "admin-units",
    "02-organizations" => "organizations",
    "03-numbering-periods" => "numbering-periods",
    "04-documents" => "documents",
    "05-document-links" => "document-links",
    "06-successions" => "successions",
    "07-holidays" => "holidays",
);

const SAMPLE: &[File] = files!("sample":
    "01-organizations" => "organizations",
    "02-people" => "people",
    "03-positions" => "positions",
    "04-documents" => "documents",
    "05-document-links" => "document-links",
    "06-committee-members" => "committee-members",
    "07-sources" => "sources",
    "08-conferences" => "conferences",
    "09-bridge-points" => "bridge-points",
    "10-initiatives" => "initiatives",
    "11-conference-documents" => "conference-documents",
    "12-participations" => "participations",
    "13-findings" => "findings",
    "14-tasks" => "tasks",
    "15-assignments" => "assignments",
    "16-expectations" => "expectations",
    "17-statistics" => "statistics",
    "18-awards" => "awards",
    "19-claims" => "claims",
);

impl DataSet {
    /// The name that is the system of its keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Sample => "sample",
        }
    }

    const fn files(self) -> &'static [File] {
        match self {
            Self::Reference => REFERENCE,
            Self::Sample => SAMPLE,
        }
    }
}

/// Loads a data set, and says how many records of it are there now.
///
/// # Errors
/// The first fault, with the file and the line it is in; nothing is loaded then.
pub fn load(conn: &mut Conn, stamp: &Stamp, set: DataSet) -> Result<usize> {
    let mut loaded = 0_usize;
    for (collection, text) in set.files() {
        let collection = resources::ALL.iter().copied().find(|known| known.name() == *collection);
        let collection =
            collection.ok_or_else(|| Error::Internal(format!("{} names an unknown collection", set.name())))?;
        for (line, text) in (1_usize..).zip(text.lines()) {
            let place = || format!("data/{}/{}, line {line}", set.name(), collection.name());
            let (key, fields) = keyed(set, text).map_err(|what| Error::Internal(format!("{}: {what}", place())))?;
            // What somebody has changed since it was loaded is left alone.
            let saved = collection.save(conn, stamp, &Target::Key(key), fields, Extent::Absent);
            saved.map_err(|error| located(error, &place()))?;
            loaded = loaded.saturating_add(1);
        }
    }
    Ok(loaded)
}

/// Whether a data set has been loaded, judged by its first record.
///
/// # Errors
/// As the database has them.
pub fn is_loaded(conn: &mut Conn, set: DataSet) -> Result<bool> {
    let first = set.files().first().and_then(|(collection, text)| Some((*collection, text.lines().next()?)));
    let Some((collection, line)) = first else { return Ok(false) };
    let kind = resources::ALL.iter().find(|known| known.name() == collection).map_or("", |known| known.kind());
    let (key, _) = keyed(set, line).map_err(Error::Internal)?;
    Ok(keys::store::find(conn, kind, &key)?.is_some())
}

/// The lines of a collection in the data sets, reference data first, each with the name of its set; examples are taken
/// from them.
pub fn lines(collection: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let sets = [DataSet::Reference, DataSet::Sample].into_iter();
    let files = sets.flat_map(|set| set.files().iter().map(move |(name, text)| (set.name(), *name, *text)));
    files
        .filter(move |(_, name, _)| *name == collection)
        .flat_map(|(set, _, text)| text.lines().map(move |line| (set, line)))
}

fn keyed(set: DataSet, text: &str) -> Result<(ExternalKey, Map<String, Value>), String> {
    let mut body: Map<String, Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let key = body.remove("key").unwrap_or_default();
    let part = |text: &str| KeyPart::new(text).map_err(|fault| format!("key {}", fault.message));
    let key = ExternalKey { system: part(set.name())?, key: part(key.as_str().unwrap_or_default())? };
    Ok((key, body))
}

fn located(error: Error, place: &str) -> Error {
    match error {
        Error::Invalid(faults) => Error::Internal(format!("{place}: {faults:?}")),
        Error::Conflict(refusal) => Error::Internal(format!("{place}: {}", refusal.detail)),
        other => other,
    }
}

/// What to try once the sample data are loaded.
#[must_use]
pub fn suggestions(base: &str) -> [String; 3] {
    [
        format!("{base}/v1/documents?symbol=28-NQ/TW"),
        format!("{base}/v1/conference-documents?document=32-KL/TW&expand=conference"),
        format!("{base}/docs/"),
    ]
}
