//! The records behind links, where the caller asks for them with `expand`: two hops, one query a hop for each type.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::collection::Collection;
use crate::db::{Conn, Scope};
use crate::domain::{Fault, Id, Result};
use crate::resources;

/// How many records of a to-many link are shown.
pub const SHOWN: usize = 100;

/// What to expand: the links of the record, and of the records behind each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion(BTreeMap<String, Expansion>);

impl Expansion {
    /// Reads `expand=`, such as `numbering_body.admin_unit,conference_documents`.
    ///
    /// # Errors
    /// `unknown_code` if a name is no link, `too_many` if a path has more than two hops.
    pub fn parse(text: &str, collection: &'static dyn Collection) -> Result<Self, Fault> {
        let mut expansion = Self::default();
        for path in text.split(',') {
            let mut hops = path.split('.');
            let (first, second) = (hops.next().unwrap_or_default(), hops.next());
            if hops.next().is_some() {
                return Err(Fault::new("too_many", "takes paths of at most two hops"));
            }
            let target = known(collection, first)?;
            let below = expansion.0.entry(first.to_owned()).or_default();
            if let Some(second) = second {
                let target = resources::by_type(target)
                    .ok_or_else(|| Fault::new("unknown_code", format!("cannot go on from {first}")))?;
                known(target, second)?;
                below.0.entry(second.to_owned()).or_default();
            }
        }
        Ok(expansion)
    }

    /// Whether the link `name` is to be expanded.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether nothing is to be expanded.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.is_empty()
    }
}

/// The names that `expand` takes for a collection.
#[must_use]
pub fn names(collection: &dyn Collection) -> Vec<&'static str> {
    let parent = collection.parent().map(|parent| parent.field);
    let links = collection.links().iter().map(|link| link.field);
    let to_many =
        collection.to_many().iter().filter(|link| resources::by_type(link.target).is_some()).map(|link| link.name);
    std::iter::once("managed_by").chain(parent).chain(links).chain(to_many).collect()
}

/// The collection that the link `name` leads to; `None` for one that leads to records of any type.
#[must_use]
pub fn target(collection: &'static dyn Collection, name: &str) -> Option<&'static dyn Collection> {
    known(collection, name).ok().and_then(resources::by_type)
}

fn known(collection: &'static dyn Collection, name: &str) -> Result<&'static str, Fault> {
    let to_many = collection.to_many().iter().find(|link| link.name == name).map(|link| link.target);
    collection
        .link(name)
        .map(|link| link.target)
        .or(to_many)
        .filter(|target| *target == "*" || resources::by_type(target).is_some())
        .ok_or_else(|| Fault::new("unknown_code", format!("cannot be {name:?}")).allowing(names(collection)))
}

/// Puts the records behind the links into `records`, which are records of `collection` as they are sent.
///
/// # Errors
/// As the database has them.
pub fn apply(
    conn: &mut Conn,
    scope: Scope,
    collection: &'static dyn Collection,
    records: &mut [&mut Map<String, Value>],
    expansion: &Expansion,
) -> Result<()> {
    for (name, below) in &expansion.0 {
        if collection.link(name).is_some() {
            expand_links(conn, scope, name, records, below)?;
        } else if let Some(link) = collection.to_many().iter().find(|link| link.name == name) {
            expand_to_many(conn, scope, *link, records, below)?;
        }
    }
    Ok(())
}

/// Each link of the field `name` in `records`, as the objects they are.
fn links_of<'a>(records: &'a mut [&mut Map<String, Value>], name: &str) -> Vec<&'a mut Map<String, Value>> {
    let values = records.iter_mut().filter_map(|record| record.get_mut(name));
    values
        .flat_map(|value| match value {
            Value::Array(links) => links.iter_mut().collect(),
            link => vec![link],
        })
        .filter_map(Value::as_object_mut)
        .collect()
}

fn expand_links(
    conn: &mut Conn,
    scope: Scope,
    name: &str,
    records: &mut [&mut Map<String, Value>],
    below: &Expansion,
) -> Result<()> {
    let mut wanted: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    for link in links_of(records, name) {
        if let (Some(kind), Some(id)) =
            (link.get("type").and_then(Value::as_str), link.get("id").and_then(Value::as_i64))
        {
            wanted.entry(kind.to_owned()).or_default().push(id);
        }
    }
    for (kind, mut ids) in wanted {
        let Some(target) = resources::by_type(&kind) else { continue };
        ids.sort_unstable();
        ids.dedup();
        let mut found: HashMap<Id, Value> = target.records(conn, scope, &ids)?.into_iter().collect();
        let mut objects: Vec<&mut Map<String, Value>> = found.values_mut().filter_map(Value::as_object_mut).collect();
        apply(conn, scope, target, &mut objects, below)?;
        let mut links: Vec<(Id, &mut Map<String, Value>)> = links_of(records, name)
            .into_iter()
            .filter(|link| link.get("type").and_then(Value::as_str) == Some(&kind))
            .filter_map(|link| Some((link.get("id").and_then(Value::as_i64)?, link)))
            .collect();
        // Links to one record stand together, so that the last of them takes it and only the others copy it.
        links.sort_by_key(|(id, _)| *id);
        let mut links = links.into_iter().peekable();
        while let Some((id, link)) = links.next() {
            let shown_again = links.peek().is_some_and(|(next, _)| *next == id);
            let record = if shown_again { found.get(&id).cloned() } else { found.remove(&id) };
            if let Some(Value::Object(record)) = record {
                for (field, value) in record {
                    link.entry(field).or_insert(value);
                }
            }
        }
    }
    Ok(())
}

fn expand_to_many(
    conn: &mut Conn,
    scope: Scope,
    link: crate::domain::ToMany,
    records: &mut [&mut Map<String, Value>],
    below: &Expansion,
) -> Result<()> {
    let Some(target) = resources::by_type(link.target) else { return Ok(()) };
    let ids: Vec<Id> = records.iter().filter_map(|record| record.get("id").and_then(Value::as_i64)).collect();
    let limit = i64::try_from(SHOWN).unwrap_or(i64::MAX).saturating_add(1);
    let mut found = target.pointing(conn, scope, link.field, &ids, limit)?;
    let mut objects: Vec<&mut Map<String, Value>> = found.iter_mut().filter_map(Value::as_object_mut).collect();
    apply(conn, scope, target, &mut objects, below)?;
    let mut groups: HashMap<Id, Vec<Value>> = HashMap::new();
    for record in found {
        if let Some(id) = record.get(link.field).and_then(|pointed| pointed.get("id")).and_then(Value::as_i64) {
            groups.entry(id).or_default().push(record);
        }
    }
    for record in records {
        let Some(id) = record.get("id").and_then(Value::as_i64) else { continue };
        let mut data = groups.remove(&id).unwrap_or_default();
        let all = format!("/v1/{}?{}={id}", target.name(), link.field);
        let mut links = json!({ "all": all });
        if data.len() > SHOWN
            && let Some(object) = links.as_object_mut()
        {
            object.insert("more".to_owned(), Value::Bool(true));
        }
        data.truncate(SHOWN);
        record.insert(link.name.to_owned(), json!({ "data": data, "links": links }));
    }
    Ok(())
}
