//! What one row says: the type of its record, what names the record, its fields.
//!
//! What a record has when it is sent can be sent back: what the service fills in is left out, and of a link what names
//! its record is kept.

use serde_json::{Map, Value};

use super::csv::Header;
use super::names::{MOST_NAMES, Name};
use super::rows::{Place, Row, Rows};
use super::{Format, Options};
use crate::db::Conn;
use crate::domain::error::Refusal;
use crate::domain::link::{ExternalKey, id_from_json};
use crate::domain::{Error, Fault, Link, LinkField, Result, Stamp};
use crate::resources;
use crate::service::collection::Collection;
use crate::service::expand::EXTERNAL_KEYS;
use crate::service::input::{READ_ONLY, fault_of, missing_field};
use crate::service::strict_json;
use crate::service::upsert::{Extent, Target};
use crate::service::write::Saved;

/// What a row asks for.
pub struct Write {
    /// The collection.
    pub collection: &'static dyn Collection,
    /// Which record of it.
    pub target: Target,
    /// The fields, as a body has them.
    pub fields: Map<String, Value>,
}

/// Why a row asks for nothing, with its collection as far as it is known.
pub type Unreadable = (Option<&'static dyn Collection>, Error);

/// A row that was read.
pub struct Parsed {
    /// Where it begins.
    pub place: Place,
    /// How many bytes it has.
    pub length: u64,
    /// What it asks for.
    pub write: Result<Write, Unreadable>,
}

/// Reads rows of one format.
pub struct Reader {
    options: Options,
    /// The first row of CSV; none if there is no row.
    header: Option<Header>,
}

impl Reader {
    /// What reads the rows of an import.
    ///
    /// # Errors
    /// As [`Header::read`].
    pub fn new(rows: &mut Rows, options: Options) -> Result<Self> {
        let header = match options.format {
            Format::Ndjson => None,
            Format::Csv => {
                let header = rows.read()?;
                header.map(|header| Header::read(&header, rows.marked())).transpose()?
            }
        };
        Ok(Self { options, header })
    }

    /// What a row asks for; `Malformed` if it cannot be read, `Invalid` if it does not say what it is about.
    #[must_use]
    pub fn parse(&self, row: &Row) -> Parsed {
        let length = row.bytes.as_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Parsed { place: row.place, length, write: self.write_in(row) }
    }

    fn write_in(&self, row: &Row) -> Result<Write, Unreadable> {
        let Some(bytes) = &row.bytes else { return Err((None, too_long(self.options.longest_row))) };
        let Some(header) = &self.header else {
            let mut object = from_json(bytes).map_err(|error| (None, error))?;
            let collection = self.collection_of(object.remove("type")).map_err(|error| (None, error))?;
            return write_of(collection, object);
        };
        let cells = header.cells(row).map_err(|error| (None, error))?;
        let collection = self.collection_of(cells.kind()).map_err(|error| (None, error))?;
        write_of(collection, cells.object(collection, self.options.extent == Extent::Part))
    }

    fn collection_of(&self, kind: Option<Value>) -> Result<&'static dyn Collection> {
        let types = || resources::ALL.iter().map(|collection| collection.kind());
        let fault = match kind {
            None | Some(Value::Null) => match self.options.collection {
                Some(collection) => return Ok(collection),
                None => Fault::new("missing", "is required where the request names no collection"),
            },
            Some(Value::String(kind)) => match resources::by_type(&kind) {
                Some(collection) => return Ok(collection),
                None => Fault::new("unknown_code", "is not a type of record"),
            },
            Some(_) => Fault::new("wrong_type", "is not a type of record"),
        };
        Err(Error::field("/type", fault.allowing(types())))
    }
}

/// What the members of an object ask for.
fn write_of(collection: &'static dyn Collection, mut fields: Map<String, Value>) -> Result<Write, Unreadable> {
    let target = target_of(collection, &mut fields).map_err(|error| (Some(collection), error))?;
    for name in READ_ONLY.iter().chain(collection.read_only()).chain(&[EXTERNAL_KEYS]) {
        fields.remove(*name);
    }
    if collection.parent().is_some() {
        // A child has the owner of its parent.
        fields.remove("managed_by");
    }
    for (name, value) in &mut fields {
        if let Some(link) = collection.link(name) {
            reduce(link, value);
        }
    }
    Ok(Write { collection, target, fields })
}

fn too_long(limit: usize) -> Error {
    Error::Malformed(Refusal::new("content_too_large", format!("A row may have at most {limit} bytes.")))
}

fn from_json(bytes: &[u8]) -> Result<Map<String, Value>> {
    let malformed = |detail: String| Error::Malformed(Refusal::new("malformed_json", detail));
    let text = std::str::from_utf8(bytes)
        .map_err(|error| malformed(format!("The row is not UTF-8: byte {} does not fit.", error.valid_up_to())))?;
    match strict_json::parse(text).map_err(|error| malformed(format!("The row is not JSON: {error}.")))? {
        Value::Object(object) => Ok(object),
        _ => Err(Error::field("", Fault::new("wrong_type", "must be a JSON object"))),
    }
}

/// Which record a row is about. A key tells more than a number, which may be that of another server; where there is only
/// the number, what the row says of the record must be so here.
fn target_of(collection: &dyn Collection, object: &mut Map<String, Value>) -> Result<Target> {
    let (key, id) = (object.remove("external_key"), object.remove("id"));
    match (key.filter(|key| !key.is_null()), id.filter(|id| !id.is_null())) {
        (Some(key), _) => key_of(key).map(Target::Key),
        (None, Some(id)) => {
            let id = id_from_json(&id).map_err(|fault| Error::field("/id", fault))?;
            let url = Link::url(collection.name(), id);
            if object.get("url").and_then(Value::as_str).is_some_and(|said| said != url) {
                let what = format!("is not the address of this record, which is {url}");
                return Err(Error::field("/url", Fault::new("inconsistent", what)));
            }
            Ok(Target::Id { id, version: object.get("version").and_then(Value::as_i64) })
        }
        (None, None) => Ok(Target::New),
    }
}

fn key_of(key: Value) -> Result<ExternalKey> {
    serde_path_to_error::deserialize::<_, ExternalKey>(key).map_err(|error| {
        let message = error.inner().to_string();
        let member = missing_field(&message).unwrap_or_else(|| error.path().to_string());
        let pointer = if matches!(member.as_str(), "system" | "key") {
            format!("/external_key/{member}")
        } else {
            "/external_key".to_owned()
        };
        Error::field(pointer, fault_of(&message))
    })
}

/// Leaves of a link as it is sent, with its URL and its title, what names the record.
fn reduce(link: LinkField, value: &mut Value) {
    match value {
        Value::Array(links) if link.index.is_some() => links.iter_mut().for_each(|value| reduce_one(link, value)),
        value => reduce_one(link, value),
    }
}

fn reduce_one(link: LinkField, value: &mut Value) {
    let Some(object) = value.as_object_mut().filter(|object| object.contains_key("id")) else { return };
    let of_any_type = link.target == "*";
    // A link to a record of another type is left as it is, to be refused.
    if of_any_type || object.get("type").is_none_or(|kind| kind == link.target) {
        // A key that somebody has put beside the number stays, so that both are refused.
        object.retain(|name, _| matches!(name.as_str(), "id" | "external_key") || (of_any_type && name == "type"));
    }
}

impl Write {
    /// Writes the record.
    ///
    /// # Errors
    /// As [`Collection::save`].
    pub fn save(&self, conn: &mut Conn, stamp: &Stamp, extent: Extent) -> Result<Saved> {
        self.collection.save(conn, stamp, &self.target, self.fields.clone(), extent)
    }

    /// The name by which rows may wait for the record: its key, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<Name> {
        match &self.target {
            Target::Key(key) => Some(Name::of_key(self.collection.kind(), key)),
            Target::Id { .. } | Target::New => None,
        }
    }

    /// The name of a record that is not there and that the row points at, if it was refused for that among other things.
    #[must_use]
    pub fn awaited(&self, error: &Error) -> Option<Name> {
        let Error::Invalid(faults) = error else { return None };
        faults.missing().find_map(|pointer| self.key_at(pointer).map(|(kind, key)| Name::of_key(kind, &key)))
    }

    /// The key in the link at a place of the row, and the type of record that it is a key of.
    #[must_use]
    pub fn key_at(&self, pointer: &str) -> Option<(&str, ExternalKey)> {
        key_at(self.collection, &self.fields, pointer.strip_prefix('/')?)
    }

    /// The refusal of a row that says something else of a record than a line before it, or says it where that one failed.
    #[must_use]
    pub fn repeats(&self, first_line: u64) -> Error {
        let detail =
            format!("Line {first_line} names this record too, and an import says what a record is in one row alone.");
        let fault = Fault::new("inconsistent", format!("names the record that line {first_line} names"));
        let refusal = Refusal::new("repeated_key", detail).at(self.name_at(), fault);
        Error::Conflict(refusal.with("first_line", first_line.into()))
    }

    /// The refusal of a row that names one record more than there is room for.
    #[must_use]
    pub fn one_too_many(&self) -> Error {
        let what = format!("names one record more than the {MOST_NAMES} that an import may name");
        Error::field(self.name_at(), Fault::new("too_many", what))
    }

    /// The field that names the record.
    const fn name_at(&self) -> &'static str {
        if matches!(self.target, Target::Key(_)) { "/external_key" } else { "/id" }
    }
}

/// The key in the link at a path through the fields of a record, and the type of record that it is a key of.
fn key_at<'a>(
    collection: &'static dyn Collection,
    fields: &'a Map<String, Value>,
    path: &str,
) -> Option<(&'a str, ExternalKey)> {
    let (field, rest) = path.split_once('/').map_or((path, None), |(field, rest)| (field, Some(rest)));
    let value = fields.get(field)?;
    let Some(link) = collection.link(field) else {
        let children = resources::children(collection.kind()).find(|children| children.json_name() == field)?;
        let (at, rest) = rest?.split_once('/')?;
        return key_at(children, value.get(at.parse::<usize>().ok()?)?.as_object()?, rest);
    };
    let value = match rest {
        Some(at) => value.get(at.parse::<usize>().ok()?)?,
        None => value,
    };
    let kind = if link.target == "*" { value.get("type")?.as_str()? } else { link.target };
    Some((kind, serde_json::from_value(value.get("external_key")?.clone()).ok()?))
}
