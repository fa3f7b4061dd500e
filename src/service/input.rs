//! From the JSON of a body to the fields of a record: which keys it may have, what its links mean, what its values are.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::collection::Collection;
use super::fields::own_fields_of;
use super::links;
use crate::db::{Conn, Scope, Store};
use crate::domain::resource::is_of_decision;
use crate::domain::vocabulary::Visibility;
use crate::domain::{Error, Fault, Faults, Id, LinkField, Meta, Result, Stamp};
use crate::resources;

/// The records created so far by one request, by their place in it.
pub type Siblings = HashMap<String, (&'static str, Id)>;

/// What every record has and no client may send.
pub const READ_ONLY: &[&str] =
    &["id", "type", "url", "version", "created_at", "updated_at", "deleted_at", "links", "warnings"];

/// The largest number of children of one kind that one request may create.
pub const MOST_CHILDREN: usize = 1000;

/// A body, read.
pub struct Input<B> {
    /// Who may read the record.
    pub visibility: Visibility,
    /// The organization that owns it.
    pub managed_by: Option<Id>,
    /// The record that it is part of.
    pub parent: Option<Id>,
    /// Its own fields.
    pub body: B,
    /// The children to be created with it.
    pub children: Vec<Children>,
}

/// Children in a body.
pub struct Children {
    /// Their collection.
    pub collection: &'static dyn Collection,
    /// The key that holds them.
    pub key: String,
    /// They themselves.
    pub records: Vec<Value>,
}

/// Where the parent of a record is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// From the body, as for every record that is no child.
    Body,
    /// From the path, or from the body that the record is nested in.
    Within(Id),
}

/// What is known of a body besides what it says.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Where the parent is known from.
    pub place: Place,
    /// What the same request has created.
    pub siblings: &'a Siblings,
    /// What the sender may see, and so link to.
    pub scope: Scope,
    /// What stands in the record and the sender says nothing of. Its links may stay as they are, though the sender may not
    /// see where they lead.
    pub held: Option<&'a Map<String, Value>>,
}

impl<'a> Context<'a> {
    /// That of a body that is written over a record.
    #[must_use]
    pub fn over(stamp: &Stamp, meta: &Meta, siblings: &'a Siblings, held: Option<&'a Map<String, Value>>) -> Self {
        let place = meta.parent.map_or(Place::Body, Place::Within);
        Self { place, siblings, scope: Scope::of(&stamp.actor), held }
    }
}

/// Reads the body of a record that is to be created or replaced.
///
/// # Errors
/// `Invalid`, with every fault that was found.
pub fn read<R: Store>(conn: &mut Conn, input: Value, context: Context<'_>) -> Result<Input<R::Body<Id>>> {
    read_with::<R>(conn, input, context, Map::new())
}

/// The same, for a record that has a decision, or is given one: its fields come from elsewhere than the body.
///
/// # Errors
/// As [`read`].
pub fn read_with<R: Store>(
    conn: &mut Conn,
    input: Value,
    context: Context<'_>,
    decision: Map<String, Value>,
) -> Result<Input<R::Body<Id>>> {
    let place = context.place;
    let Value::Object(mut object) = input else {
        return Err(Error::field("", Fault::new("wrong_type", "must be a JSON object")));
    };
    let mut faults = Faults::default();
    let children = take_children::<R>(&mut object, &mut faults);
    let visibility = take_visibility(&mut object, &mut faults);
    refuse_read_only::<R>(&object, place, &mut faults);
    object.retain(|name, _| !is_of_decision::<R>(name));
    object.extend(decision);
    if let Some(implied) = R::IMPLIED {
        implied.fill(&mut object);
    }
    let mut links: Vec<LinkField> = R::LINKS.to_vec();
    if R::PARENT.is_none() {
        links.push(LinkField::one("managed_by", "organization"));
    }
    if let (Some(parent), Place::Body) = (R::PARENT, place) {
        links.push(LinkField::one(parent.field, parent.target));
        if object.get(parent.field).is_none_or(Value::is_null) {
            faults.field(format!("/{}", parent.field), Fault::new("missing", "is required"));
        }
    }
    links::resolve(conn, &mut object, &links, context, &mut faults)?;
    let mut take_id = |name: &str| object.remove(name).and_then(|value| value.as_i64());
    let managed_by = if R::PARENT.is_none() { take_id("managed_by") } else { None };
    let parent = match (R::PARENT, place) {
        (_, Place::Within(id)) => Some(id),
        (Some(parent), Place::Body) => take_id(parent.field),
        (None, Place::Body) => None,
    };
    let body = parse::<R>(object, place, &mut faults);
    match body {
        Some(body) if faults.is_empty() => Ok(Input { visibility, managed_by, parent, body, children }),
        _ => Err(faults.into()),
    }
}

fn take_visibility(object: &mut Map<String, Value>, faults: &mut Faults) -> Visibility {
    match object.remove("visibility") {
        None | Some(Value::Null) => Visibility::default(),
        Some(value) => serde_json::from_value(value).unwrap_or_else(|error| {
            faults.field("/visibility", fault_of(&error.to_string()));
            Visibility::default()
        }),
    }
}

fn take_children<R: Store>(object: &mut Map<String, Value>, faults: &mut Faults) -> Vec<Children> {
    let mut children = Vec::new();
    for collection in resources::children(R::TYPE) {
        let key = collection.json_name();
        match object.remove(&key) {
            None | Some(Value::Null) => {}
            Some(Value::Array(records)) if records.len() <= MOST_CHILDREN => {
                children.push(Children { collection, key, records });
            }
            Some(Value::Array(_)) => {
                faults.field(format!("/{key}"), Fault::new("too_many", format!("takes at most {MOST_CHILDREN}")));
            }
            Some(_) => faults.field(format!("/{key}"), Fault::new("wrong_type", "must be an array")),
        }
    }
    children
}

fn refuse_read_only<R: Store>(object: &Map<String, Value>, place: Place, faults: &mut Faults) {
    for name in object.keys() {
        let of_parent = R::PARENT
            .is_some_and(|parent| name == "managed_by" || (name == parent.field && matches!(place, Place::Within(_))));
        if READ_ONLY.contains(&name.as_str()) || R::READ_ONLY.contains(&name.as_str()) {
            faults.field(pointer_to(name), Fault::new("read_only", "is set by the service and may not be sent"));
        } else if is_of_decision::<R>(name) {
            let what = format!("is set by the decision alone: POST /v1/{}/{{id}}/decision", R::COLLECTION);
            faults.field(pointer_to(name), Fault::new("read_only", what));
        } else if of_parent {
            faults.field(pointer_to(name), Fault::new("read_only", "comes from the parent and may not be sent"));
        }
    }
}

/// `/name`, escaped as RFC 6901 section 3 says.
#[must_use]
pub fn pointer_to(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Reads the fields of a record, and checks the rules that need nothing else.
fn parse<R: Store>(mut object: Map<String, Value>, place: Place, faults: &mut Faults) -> Option<R::Body<Id>> {
    for name in READ_ONLY.iter().chain(R::READ_ONLY) {
        object.remove(*name);
    }
    if R::PARENT.is_some() {
        object.remove("managed_by");
    }
    if let Some(parent) = R::PARENT {
        object.remove(parent.field);
    }
    refuse_unknown::<R>(&mut object, place, faults);
    let given = object.len();
    // A link that was refused is left out, so that the rest can be read; the faults say why the whole is refused.
    if !faults.is_empty() {
        object.retain(|name, _| !faults.touch(&pointer_to(name)));
    }
    let mut refused = !faults.is_empty();
    // Serde stops at the first fault. What is at fault is left out and the rest is read again, so that all are told: no
    // more often than the record has fields.
    let body = loop {
        // To know where a fault is takes as long again, and most bodies have none.
        if let Ok(body) = R::Body::<Id>::deserialize(&object) {
            break body;
        }
        let error = match serde_path_to_error::deserialize::<_, R::Body<Id>>(&object) {
            Ok(body) => break body,
            Err(error) => error,
        };
        let message = error.inner().to_string();
        let fault = fault_of(&message);
        let pointer = match missing_field(&message) {
            Some(name) => format!("{}{}", pointer_of(error.path()), pointer_to(&name)),
            None => pointer_of(error.path()),
        };
        let at_fault = error.path().iter().next().map(ToString::to_string).filter(|name| object.contains_key(name));
        // A field that was left out because of its fault is not missing.
        if !(refused && fault.code == "missing" && at_fault.is_none()) {
            faults.field(pointer, fault);
        }
        match at_fault {
            Some(name) => object.remove(&name),
            None => return None,
        };
        refused = true;
    };
    check::<R>(&body, object.len() == given, faults);
    Some(body)
}

/// Checks the rules that need nothing but the record. Where fields could not be read, what may follow from that waits until
/// they can.
fn check<R: Store>(body: &R::Body<Id>, whole: bool, faults: &mut Faults) {
    let mut found = Faults::default();
    R::check(body, &mut found);
    faults.extend(if whole { found } else { found.certain_beside(faults) });
}

/// Takes out the keys that are no fields of the record.
fn refuse_unknown<R: Store>(object: &mut Map<String, Value>, place: Place, faults: &mut Faults) {
    let own =
        own_fields_of(R::TYPE).iter().map(|field| field.name.as_str()).filter(|name| !R::READ_ONLY.contains(name));
    let owner = R::PARENT.is_none().then_some("managed_by");
    let parent = R::PARENT.filter(|_| place == Place::Body).map(|parent| parent.field);
    let children: Vec<String> = resources::children(R::TYPE).map(<dyn Collection>::json_name).collect();
    // What all records have, and the children, were taken out before.
    let known: Vec<&str> =
        own.chain(["visibility"]).chain(owner).chain(parent).chain(children.iter().map(String::as_str)).collect();
    object.retain(|name, _| {
        let is_known = known.contains(&name.as_str());
        if !is_known && !faults.is_full() {
            faults.field(pointer_to(name), unknown_field(name, &known));
        }
        is_known
    });
}

/// What is wrong with a field that is none of `known`.
pub(super) fn unknown_field(name: &str, known: &[&str]) -> Fault {
    let near = nearest(name, known).map_or_else(String::new, |near| format!(" (did you mean {near}?)"));
    Fault::new("unknown_field", format!("is not a field of this record{near}")).allowing(known.iter().copied())
}

/// The JSON Pointer of a place inside a body.
#[must_use]
pub fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(pointer_to(key)),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// The name in serde's own message about a field that is missing.
#[must_use]
pub fn missing_field(message: &str) -> Option<String> {
    message.strip_prefix("missing field `")?.split('`').next().map(str::to_owned)
}

/// What a serde error says of the value: our own fault if there is one inside, else what serde's words come to.
#[must_use]
pub fn fault_of(message: &str) -> Fault {
    if let Some(fault) = Fault::decoded(message) {
        return fault;
    }
    if message.starts_with("missing field") {
        return Fault::new("missing", "is required");
    }
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let (name, known) = rest.split_once('`').unwrap_or((rest, ""));
        let allowed: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        return unknown_field(name, &allowed);
    }
    if message.starts_with("invalid value: integer") || message.starts_with("invalid value: floating") {
        return Fault::new("invalid_number", "is not a number that fits here");
    }
    let expected = message.split_once("expected ").map_or("another type", |(_, expected)| expected);
    let expected = match expected {
        "i32" | "i64" => "a whole number",
        "f64" => "a number",
        "a sequence" => "an array",
        expected if expected.starts_with("struct ") => "an object",
        expected => expected,
    };
    Fault::new("wrong_type", format!("has the wrong type: expected {expected}"))
}

/// The one of `known` that `name` was most likely meant to be.
#[must_use]
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), *candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

/// Applies a merge patch (RFC 7396) to a record of `R` as a body that would make it.
pub fn patch<R: Store>(record: &mut Map<String, Value>, patch: Map<String, Value>) {
    if let Some(implied) = R::IMPLIED {
        implied.give_way(record, &patch);
    }
    merge(record, patch);
}

/// Applies a merge patch to the fields of an object.
fn merge(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        match value {
            // What is not there cannot be removed: it stays in the patch, to be refused as an unknown field.
            Value::Null if target.remove(&name).is_some() => {}
            Value::Object(inner) => match target.get_mut(&name) {
                Some(Value::Object(existing)) if !is_link(existing) => merge(existing, inner),
                _ => {
                    target.insert(name, Value::Object(inner));
                }
            },
            other => {
                target.insert(name, other);
            }
        }
    }
}

/// A link is replaced whole, for its parts mean nothing without each other.
fn is_link(object: &Map<String, Value>) -> bool {
    object.contains_key("id") || object.contains_key("external_key")
}

/// Refuses a patch that carries children, naming where they are changed.
///
/// # Errors
/// `Invalid` with the code `children_not_patched`.
pub fn refuse_children<R: Store>(input: &Value, id: Id) -> Result<()> {
    let mut faults = Faults::default();
    for collection in resources::children(R::TYPE) {
        let key = collection.json_name();
        if input.get(&key).is_some() {
            faults.field(format!("/{key}"), changed_elsewhere((R::COLLECTION, id), collection));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

/// What is wrong with children in the body of a record that is there, of this collection and number.
pub(super) fn changed_elsewhere((collection, id): (&str, Id), children: &dyn Collection) -> Fault {
    let place = format!("/v1/{collection}/{id}/{}", children.name());
    Fault::new("children_not_patched", format!("is changed through {place}"))
}
