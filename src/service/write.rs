//! Writing: create with children, patch, replace by key. All of it runs in the writer lane.

use serde_json::{Map, Value};

use super::children;
use super::collection::Collection;
use super::decide::decision_of;
use super::discreet::discreet;
use super::expand::Expansion;
pub use super::input::Siblings;
use super::input::{self, Children, Context, Input, Place};
use super::read::{self, View};
use crate::changes::{self, Operation, audience};
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::error::Refusal;
use crate::domain::fault::Warning;
use crate::domain::link::ExternalKey;
use crate::domain::resource::is_of_decision;
use crate::domain::{Error, Fault, Id, Meta, Permission, Result, Stamp};
use crate::keys;
use crate::resources;
use crate::rights;

/// What the caller knows of the record that it writes over (RFC 9110 sections 13.1.1 and 13.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Precondition {
    /// Nothing.
    #[default]
    None,
    /// `If-Match: *`: it exists.
    Exists,
    /// `If-Match` with entity tags: it has one of these versions.
    Version(Vec<i64>),
    /// `If-None-Match: *`: it does not exist.
    Missing,
}

/// A record that was written.
pub struct Written<R: Store> {
    /// The record as it is now.
    pub record: View<R>,
    /// Whether it is new to the caller.
    pub created: bool,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was made.
    Created,
    /// It was written over.
    Updated,
    /// It said the same already, so that nothing was written.
    Unchanged,
    /// It was deleted, and has come back.
    Revived,
}

/// A record that was written, before it is read back.
pub struct Saved {
    /// Its number.
    pub id: Id,
    /// What became of it.
    pub outcome: Outcome,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// The records in its body.
    pub nested: Vec<Nested>,
}

/// A record in the body of the one that it is part of.
pub struct Nested {
    /// Its place in the body.
    pub pointer: String,
    /// Its collection.
    pub collection: &'static dyn Collection,
    /// Its number.
    pub id: Id,
    /// What became of it.
    pub outcome: Outcome,
}

/// Creates a record with its children.
///
/// # Errors
/// `Invalid` with every fault found, `Conflict` with the record that is already there.
pub fn create<R: Store>(conn: &mut Conn, stamp: &Stamp, input: Value, parent: Option<Id>) -> Result<Written<R>> {
    let known = parent.map_or(Known::Nothing, Known::Parent);
    let outcome = create_within::<R>(conn, stamp, input, known, &Siblings::new());
    let saved = discreet(conn, stamp, outcome)?;
    written::<R>(conn, stamp, &saved)
}

/// What is known of a new record besides its body.
#[derive(Debug, Clone, Copy)]
pub enum Known<'a> {
    /// Nothing.
    Nothing,
    /// The record that it is part of.
    Parent(Id),
    /// Its key, which is free.
    Key(&'a ExternalKey),
}

/// Creates a record with its children, for one that may itself be a child or have a key.
pub fn create_within<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    input: Value,
    known: Known<'_>,
    siblings: &Siblings,
) -> Result<Saved> {
    let (place, key) = match known {
        Known::Nothing => (Place::Body, None),
        Known::Parent(parent) => (Place::Within(parent), None),
        Known::Key(key) => (Place::Body, Some(key)),
    };
    let context = Context { place, siblings, scope: Scope::of(&stamp.actor), held: None };
    let Input { visibility, managed_by, parent, mut body, children } = input::read::<R>(conn, input, context)?;
    let managed_by = owner_of::<R>(conn, parent, managed_by)?;
    rights::require(conn, &stamp.actor, Permission::Write, managed_by)?;
    let meta = Meta::first(R::Row::next_id(conn)?, stamp.now, visibility, managed_by, parent);
    let warnings = R::prepare(conn, stamp, &meta, None, &mut body)?;
    let row = changes::create::<R>(conn, stamp, &meta, &body, key)?;
    let nested = children::create(conn, stamp, meta.id, children)?;
    Ok(Saved {
        id: meta.id,
        outcome: Outcome::Created,
        warnings: warnings_of::<R>(conn, stamp, row, warnings)?,
        nested,
    })
}

/// The owner of a record: a child belongs to whoever owns its parent, any other record to whom it says.
fn owner_of<R: Store>(conn: &mut Conn, parent: Option<Id>, managed_by: Option<Id>) -> Result<Option<Id>> {
    let Some((place, parent)) = R::PARENT.zip(parent) else { return Ok(managed_by) };
    let parent = resources::by_type(place.target).map_or(Ok(None), |collection| collection.meta(conn, parent))?;
    Ok(parent.and_then(|parent| parent.managed_by))
}

pub(super) fn written<R: Store>(conn: &mut Conn, stamp: &Stamp, saved: &Saved) -> Result<Written<R>> {
    let today = Expansion::default().as_of(stamp.now.day_in_vietnam());
    let mut record = read::get::<R>(conn, Scope::of(&stamp.actor), saved.id, &today)?;
    record.warnings = saved.warnings.iter().map(Warning::to_json).collect();
    Ok(Written { record, created: matches!(saved.outcome, Outcome::Created | Outcome::Revived) })
}

/// What is odd about a record by itself, and what was found besides when it was written. Where a link of it leads to what
/// the caller may not see, what was found there is not told.
fn warnings_of<R: Store>(conn: &mut Conn, stamp: &Stamp, row: R::Row, found: Vec<Warning>) -> Result<Vec<Warning>> {
    let (meta, body) = (row.meta(), R::stored(row)?);
    let mut warnings = R::warnings(&body);
    let scope = Scope::of(&stamp.actor);
    let hidden = !found.is_empty()
        && !scope.is_all()
        && audience::hides(conn, scope, R::TYPE, &mut changes::stored_json::<R>(&meta, &body)?)?;
    let told = |warning: Warning| if hidden { Warning { message: UNTOLD.to_owned(), ..warning } } else { warning };
    warnings.extend(found.into_iter().map(told));
    Ok(warnings)
}

/// What a warning says that may be about a record which the caller may not see.
const UNTOLD: &str = "Something is odd beside a record that you may not see.";

/// Applies a merge patch (RFC 7396) to a record. A patch that changes nothing writes nothing.
///
/// # Errors
/// `PreconditionFailed` if the record is not the one the caller knows; else as [`create`].
pub fn patch<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    id: Id,
    patch: Value,
    precondition: &Precondition,
) -> Result<Written<R>> {
    let row = permitted::<R>(conn, stamp, id, Permission::Write)?;
    let meta = row.meta();
    require(precondition, &meta)?;
    input::refuse_children::<R>(&patch, id)?;
    let Value::Object(patch) = patch else {
        return Err(Error::field("", Fault::new("wrong_type", "must be a JSON object")));
    };
    let mut current = current_input::<R>(&row)?;
    let (siblings, held) = (Siblings::new(), held::<R>(stamp, &row, &names_of(&patch))?);
    input::patch::<R>(&mut current, patch);
    let context = Context::over(stamp, &meta, &siblings, held.as_ref());
    let input = input::read::<R>(conn, Value::Object(current), context)?;
    let outcome = overwrite::<R>(conn, stamp, &row, input, Manner::of(Operation::Update));
    let saved = discreet(conn, stamp, outcome)?;
    written::<R>(conn, stamp, &saved)
}

/// The living record `id`, with which the caller may do something.
///
/// # Errors
/// `NotFound` if there is none that the caller may see, `Gone` if it was deleted, `Forbidden` if it is not theirs.
pub(super) fn permitted<R: Store>(conn: &mut Conn, stamp: &Stamp, id: Id, permission: Permission) -> Result<R::Row> {
    let row = read::living::<R>(conn, Scope::of(&stamp.actor), id)?;
    rights::require(conn, &stamp.actor, permission, row.meta().managed_by)?;
    Ok(row)
}

/// What stands in a record besides the fields that the sender says, where they may not see all that its links lead to.
pub(super) fn held<R: Store>(stamp: &Stamp, row: &R::Row, said: &[String]) -> Result<Option<Map<String, Value>>> {
    if Scope::of(&stamp.actor).is_all() {
        return Ok(None);
    }
    let mut held = changes::stored_json::<R>(&row.meta(), &R::stored(row.clone())?)?;
    held.retain(|name, _| !said.contains(name));
    Ok(Some(held))
}

/// The names of the fields of a body.
pub(super) fn names_of(body: &Map<String, Value>) -> Vec<String> {
    body.keys().cloned().collect()
}

/// The record as a body that would make it, without its parent.
pub(super) fn current_input<R: Store>(row: &R::Row) -> Result<Map<String, Value>> {
    let meta = row.meta();
    let body = R::stored(row.clone())?;
    let Ok(Value::Object(mut object)) = serde_json::to_value(body) else {
        return Err(Error::Internal(format!("a {} is no JSON object", R::TYPE)));
    };
    object.retain(|name, _| !R::READ_ONLY.contains(&name.as_str()) && !is_of_decision::<R>(name));
    object.insert("visibility".to_owned(), meta.visibility.code().into());
    if R::PARENT.is_none() {
        object.insert("managed_by".to_owned(), meta.managed_by.into());
    }
    Ok(object)
}

/// A record as it would stand over a row.
struct Draft<B> {
    meta: Meta,
    body: B,
    children: Vec<Children>,
    warnings: Vec<Warning>,
    /// Whether it says what the row says.
    same: bool,
}

fn draft<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    row: &R::Row,
    input: Input<R::Body<Id>>,
) -> Result<Draft<R::Body<Id>>> {
    let old = row.meta();
    let Input { visibility, managed_by, mut body, children, .. } = input;
    let managed_by = owner_of::<R>(conn, old.parent, managed_by)?;
    let meta = Meta { visibility, managed_by, ..old.next(stamp.now) };
    let before = R::stored(row.clone())?;
    let warnings = R::prepare(conn, stamp, &meta, Some(&before), &mut body)?;
    let unchanged = Meta { version: old.version, updated_at: old.updated_at, ..meta };
    let same = changes::stored_json::<R>(&unchanged, &R::stored(R::row(&unchanged, &body)?)?)?
        == changes::stored_json::<R>(&old, &before)?;
    Ok(Draft { meta, body, children, warnings, same })
}

/// Whether a record says what `input` says, which stands in the body of the record that it is part of.
///
/// # Errors
/// As [`create`].
pub fn says<R: Store>(conn: &mut Conn, stamp: &Stamp, id: Id, input: Value, siblings: &Siblings) -> Result<bool> {
    let row = read::living::<R>(conn, Scope::of(&stamp.actor), id)?;
    let said = input.as_object().map(names_of).unwrap_or_default();
    let held = held::<R>(stamp, &row, &said)?;
    let context = Context::over(stamp, &row.meta(), siblings, held.as_ref());
    let input = input::read_with::<R>(conn, input, context, decision_of::<R>(&row)?)?;
    let draft = draft::<R>(conn, stamp, &row, input)?;
    children::require_same(conn, stamp, (R::COLLECTION, id), draft.children)?;
    Ok(draft.same)
}

/// How a record is written over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    /// What is done to it.
    pub operation: Operation,
    /// The version that the sender knows. Who says what the record says already has missed nothing.
    pub known: Option<i64>,
}

impl Manner {
    /// Whatever version the record has.
    pub(super) const fn of(operation: Operation) -> Self {
        Self { operation, known: None }
    }
}

/// Writes `input` over a row, unless it says the same.
pub(super) fn overwrite<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    row: &R::Row,
    input: Input<R::Body<Id>>,
    Manner { operation, known }: Manner,
) -> Result<Saved> {
    let old = row.meta();
    let permission = if operation == Operation::Decide { Permission::Review } else { Permission::Write };
    rights::require(conn, &stamp.actor, permission, old.managed_by)?;
    let Draft { meta, body, children, warnings, same } = draft::<R>(conn, stamp, row, input)?;
    if meta.managed_by != old.managed_by {
        rights::require(conn, &stamp.actor, permission, meta.managed_by)?;
    }
    let (mut now, mut outcome, mut nested) = (row.clone(), Outcome::Unchanged, Vec::new());
    if !(same && operation == Operation::Update) {
        if known.is_some_and(|version| version != old.version) {
            return Err(Error::PreconditionFailed(Some(old.version)));
        }
        if R::IMMUTABLE && operation == Operation::Update {
            let detail = "A record of this type is never changed once it is made.";
            return Err(Error::Conflict(Refusal::new("immutable", detail)));
        }
        outcome = if operation == Operation::Revive { Outcome::Revived } else { Outcome::Updated };
        let turned = if old.visibility == meta.visibility {
            operation
        } else {
            operation.or_turned((changes::shown_to::<R>(conn, &old)?, changes::shown_to::<R>(conn, &meta)?))
        };
        now = changes::replace::<R>(conn, stamp, &meta, &body, turned)?;
        for child in resources::children(R::TYPE) {
            child.inherit(conn, stamp, &old, &meta)?;
        }
        nested = children::create(conn, stamp, meta.id, children)?;
    }
    Ok(Saved { id: meta.id, outcome, warnings: warnings_of::<R>(conn, stamp, now, warnings)?, nested })
}

/// Creates the record with this key, or writes over it, or brings it back.
///
/// # Errors
/// `PreconditionRequired` if it exists, may be changed and the caller states nothing of it, `PreconditionFailed` if it is
/// not as stated; else as [`create`].
pub fn put<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    key: &ExternalKey,
    input: Value,
    precondition: &Precondition,
) -> Result<Written<R>> {
    let Some(id) = keys::store::find(conn, R::TYPE, key)? else {
        if matches!(precondition, Precondition::Exists | Precondition::Version(_)) {
            return Err(Error::PreconditionFailed(None));
        }
        let outcome = create_within::<R>(conn, stamp, input, Known::Key(key), &Siblings::new());
        let saved = discreet(conn, stamp, outcome)?;
        return written::<R>(conn, stamp, &saved);
    };
    let row = R::Row::by_ids(conn, Scope::of(&stamp.actor), &[id])?.pop().ok_or(Error::NotFound)?;
    let meta = row.meta();
    rights::require(conn, &stamp.actor, Permission::Write, meta.managed_by)?;
    let revived = meta.deleted_at.is_some();
    if revived {
        if matches!(precondition, Precondition::Exists | Precondition::Version(_)) {
            return Err(Error::PreconditionFailed(None));
        }
    } else if *precondition == Precondition::None && !R::IMMUTABLE {
        // What is never written over can be lost to nobody, and no condition would let it be changed.
        return Err(Error::PreconditionRequired);
    } else {
        require(precondition, &meta)?;
    }
    let said = input.as_object().map(names_of).unwrap_or_default();
    let outcome = replace_with::<R>(conn, stamp, &row, input, &said, None);
    let saved = discreet(conn, stamp, outcome)?;
    written::<R>(conn, stamp, &saved)
}

/// Writes a whole record over a row, or brings it back, of which the sender says some fields; `known` is the version that
/// they know.
pub(super) fn replace_with<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    row: &R::Row,
    input: Value,
    said: &[String],
    known: Option<i64>,
) -> Result<Saved> {
    let meta = row.meta();
    let revived = meta.deleted_at.is_some();
    let decision = if revived { Map::new() } else { decision_of::<R>(row)? };
    let (siblings, held) = (Siblings::new(), held::<R>(stamp, row, said)?);
    let context = Context { place: Place::Body, ..Context::over(stamp, &meta, &siblings, held.as_ref()) };
    let mut input = input::read_with::<R>(conn, input, context, decision)?;
    // What comes back comes without the children that went with it, so that they may be made anew.
    let there = if revived { Vec::new() } else { std::mem::take(&mut input.children) };
    let same = children::require_same(conn, stamp, (R::COLLECTION, meta.id), there)?;
    if let (Some(parent), true) = (R::PARENT, input.parent != meta.parent) {
        let fault = Fault::new(
            "read_only",
            "is not the parent of the record with this key, and a record stays with its parent",
        );
        return Err(Error::field(format!("/{}", parent.field), fault));
    }
    let operation = if revived { Operation::Revive } else { Operation::Update };
    let mut saved = overwrite::<R>(conn, stamp, row, input, Manner { operation, known })?;
    saved.nested.extend(same);
    Ok(saved)
}

/// The number of the record with this key.
///
/// # Errors
/// `NotFound` if there is none.
pub fn id_by_key<R: Store>(conn: &mut Conn, key: &ExternalKey) -> Result<Id> {
    keys::store::find(conn, R::TYPE, key)?.ok_or(Error::NotFound)
}

pub(super) fn require(precondition: &Precondition, meta: &Meta) -> Result<()> {
    match precondition {
        Precondition::None | Precondition::Exists => Ok(()),
        Precondition::Version(versions) if versions.contains(&meta.version) => Ok(()),
        Precondition::Version(_) | Precondition::Missing => Err(Error::PreconditionFailed(Some(meta.version))),
    }
}

/// Gives the living children of a record what they have from it: its owner, and who may read them at most.
pub fn inherit<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    old_parent: &Meta,
    parent: &Meta,
    children: &[Id],
) -> Result<()> {
    if (old_parent.managed_by, old_parent.visibility) == (parent.managed_by, parent.visibility) {
        return Ok(());
    }
    for row in R::Row::by_ids(conn, Scope::All, children)? {
        let old = row.meta();
        let stricter = |parent: &Meta| old.visibility.max(parent.visibility);
        let shown = (stricter(old_parent), stricter(parent));
        if old.managed_by != parent.managed_by || shown.0 != shown.1 {
            let meta = Meta { managed_by: parent.managed_by, ..old.next(stamp.now) };
            let body = R::stored(row)?;
            changes::replace::<R>(conn, stamp, &meta, &body, Operation::Update.or_turned(shown))?;
        }
    }
    Ok(())
}
