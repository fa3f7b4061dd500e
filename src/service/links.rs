//! The links of a body: what each says, which record that is, and that it is there.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::collection::Collection;
use super::input::{Context, Siblings};
use crate::db::{Conn, Scope, Titled, titles};
use crate::domain::link::{ExternalKey, Reference};
use crate::domain::{Fault, Faults, Id, LinkField, Result};
use crate::keys;
use crate::resources;

/// A link in a body: where it is, what it says, and the type that it points at.
struct Found {
    field: &'static str,
    /// Its place in a field that holds several.
    at: Option<usize>,
    reference: Result<(String, Reference), Fault>,
}

impl Found {
    fn pointer(&self) -> String {
        self.at.map_or_else(|| format!("/{}", self.field), |at| format!("/{}/{at}", self.field))
    }
}

/// The links of a body.
fn links_in(object: &Map<String, Value>, links: &[LinkField], faults: &mut Faults) -> Vec<Found> {
    let mut found = Vec::new();
    for link in links {
        let Some(value) = object.get(link.field).filter(|value| !value.is_null()) else { continue };
        let read =
            |value| typed(link.target, value).and_then(|(target, value)| Ok((target, Reference::from_json(&value)?)));
        match value {
            Value::Array(values) if link.index.is_some() => {
                found.extend(values.iter().enumerate().map(|(at, value)| Found {
                    field: link.field,
                    at: Some(at),
                    reference: read(value),
                }));
            }
            _ if link.index.is_some() => {
                faults.field(format!("/{}", link.field), Fault::new("wrong_type", "must be an array of links"));
            }
            value => found.push(Found { field: link.field, at: None, reference: read(value) }),
        }
    }
    found
}

/// Puts the id in place of each link, and refuses those that point at nothing.
///
/// # Errors
/// As the database has them; what is at fault goes to `faults`.
pub(super) fn resolve(
    conn: &mut Conn,
    object: &mut Map<String, Value>,
    links: &[LinkField],
    context: Context<'_>,
    faults: &mut Faults,
) -> Result<()> {
    let found = links_in(object, links, faults);
    let keys = ids_by_key(conn, context.scope, &found)?;
    let mut resolved = Resolved::new();
    for link in found {
        let pointer = link.pointer();
        let (field, at) = (link.field, link.at);
        match link
            .reference
            .and_then(|(target, reference)| Ok((id_of(&target, &reference, &keys, context.siblings)?, target)))
        {
            Ok((id, target)) => {
                let value = object.get_mut(field).and_then(|value| match at {
                    Some(at) => value.get_mut(at),
                    None => Some(value),
                });
                let any = links.iter().any(|link| link.field == field && link.target == "*");
                if let Some(value) = value {
                    *value = if any { serde_json::json!({ "type": target, "id": id }) } else { id.into() };
                }
                if !context.held.is_some_and(|held| holds(held, field, (&target, id))) {
                    resolved.entry(target).or_default().push((pointer, id));
                }
            }
            Err(fault) => faults.field(pointer, fault),
        }
    }
    refuse_missing(conn, context.scope, &resolved, faults)
}

/// Whether a record as it is logged holds this link.
fn holds(record: &Map<String, Value>, field: &str, (target, id): (&str, Id)) -> bool {
    let is_typed = |value: &Value| {
        value.get("type").and_then(Value::as_str) == Some(target) && value.get("id").and_then(Value::as_i64) == Some(id)
    };
    let is = |value: &Value| value.as_i64() == Some(id) || is_typed(value);
    match record.get(field) {
        Some(Value::Array(values)) => values.iter().any(is),
        Some(value) => is(value),
        None => false,
    }
}

/// The records behind external keys: one query for each type.
type IdsByKey = BTreeMap<String, HashMap<ExternalKey, Id>>;

fn ids_by_key(conn: &mut Conn, scope: Scope, found: &[Found]) -> Result<IdsByKey> {
    let mut keys: BTreeMap<&str, Vec<&ExternalKey>> = BTreeMap::new();
    for link in found {
        if let Ok((target, Reference::ExternalKey(key))) = &link.reference {
            keys.entry(target).or_default().push(key);
        }
    }
    keys.into_iter()
        .map(|(target, keys)| {
            let mut ids = keys::store::find_all(conn, target, &keys)?;
            if let Some(collection) = resources::by_type(target).filter(|_| !scope.is_all()) {
                let known = collection.known(conn, scope, &ids.values().copied().collect::<Vec<_>>())?;
                ids.retain(|_, id| known.contains(id));
            }
            Ok((target.to_owned(), ids))
        })
        .collect()
}

fn id_of(target: &str, reference: &Reference, keys: &IdsByKey, siblings: &Siblings) -> Result<Id, Fault> {
    let nothing = |what: String| Fault::new("does_not_exist", what);
    match reference {
        Reference::Id(id) => Ok(*id),
        Reference::ExternalKey(key) => keys.get(target).and_then(|keys| keys.get(key)).copied().ok_or_else(|| {
            let (system, key) = (key.system.as_str(), key.key.as_str());
            nothing(format!("points at no {target}: there is no key {system}/{key}"))
        }),
        Reference::Pointer(pointer) => match siblings.get(pointer) {
            Some((kind, id)) if *kind == target => Ok(*id),
            Some((kind, _)) => Err(nothing(format!("points at a {kind}, not at a {target}"))),
            None => Err(nothing("points at no record created before it in this request".to_owned())),
        },
    }
}

/// The type that a link points at, and the link without it: a field that takes any type has it in the link itself.
fn typed(target: &str, value: &Value) -> Result<(String, Value), Fault> {
    if target != "*" {
        return Ok((target.to_owned(), value.clone()));
    }
    let types = || resources::ALL.iter().map(|collection| collection.kind());
    let shape = || Fault::new("invalid_link", "must have a type and an id or an external_key").allowing(types());
    let mut object = value.as_object().cloned().ok_or_else(shape)?;
    let kind = object.remove("type").as_ref().and_then(Value::as_str).map(str::to_owned).ok_or_else(shape)?;
    if resources::by_type(&kind).is_none() {
        return Err(Fault::new("unknown_code", "has a type that does not exist").allowing(types()));
    }
    Ok((kind, Value::Object(object)))
}

/// The places of links and the ids that stand there, by the type of what they point at.
type Resolved = BTreeMap<String, Vec<(String, Id)>>;

/// Notes each link whose record does not exist, as far as the caller may know, or was deleted.
fn refuse_missing(conn: &mut Conn, scope: Scope, resolved: &Resolved, faults: &mut Faults) -> Result<()> {
    let targets: Vec<_> =
        resolved.iter().filter_map(|(target, places)| Some((resources::by_type(target)?, places))).collect();
    let titled = |(collection, places): &(&'static dyn Collection, &Vec<(String, Id)>)| {
        let mut ids: Vec<Id> = places.iter().map(|(_, id)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        collection.titled(scope, &ids)
    };
    let asked: Vec<Titled> = targets.iter().map(titled).collect();
    let found = titles::of(conn, &asked)?;
    let states: HashMap<(usize, Id), bool> =
        found.into_iter().map(|(place, row)| ((place, row.id), row.deleted)).collect();
    for (at, (collection, places)) in targets.into_iter().enumerate() {
        for (pointer, id) in places {
            let what = match states.get(&(at, *id)) {
                Some(false) => continue,
                Some(true) => "which was deleted",
                None => "which does not exist",
            };
            faults
                .field(pointer, Fault::new("does_not_exist", format!("points at {} {id}, {what}", collection.kind())));
        }
    }
    Ok(())
}
