//! Who reads the log, and what they may see of it.
//!
//! A row shows its record as it was then: to those who might see it then, by its visibility and owner of that time, and who
//! may still know of the record.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Change;
use crate::db::{Conn, Scope};
use crate::domain::vocabulary::Visibility;
use crate::domain::{Error, Id, LinkField, Result};
use crate::resources;
use crate::rights::grant;
use crate::service::collection::Collection;

/// Somebody who reads the log.
pub struct Audience {
    scope: Scope,
    /// The bodies whose internal records are shown.
    bodies: BTreeSet<Id>,
}

/// The owner of a record as it was logged.
#[derive(Deserialize)]
struct Owned {
    managed_by: Option<Id>,
}

impl Audience {
    /// Those who see what this scope allows.
    ///
    /// # Errors
    /// As the database has them.
    pub fn of(conn: &mut Conn, scope: Scope) -> Result<Self> {
        let bodies =
            if let Scope::Granted(grantee) = scope { grant::store::bodies(conn, grantee)? } else { BTreeSet::new() };
        Ok(Self { scope, bodies })
    }

    /// What the queries of the log may leave out for them. Whose a record was stands in the text of a row, which no query
    /// looks into.
    #[must_use]
    pub fn narrowed(&self) -> Scope {
        if self.scope == Scope::Public { Scope::Public } else { Scope::All }
    }

    /// Whether what these queries give has rows that they may not see.
    #[must_use]
    pub const fn leaves_out(&self) -> bool {
        matches!(self.scope, Scope::Granted(_))
    }

    /// Whether they may see what a change made of its record.
    ///
    /// # Errors
    /// `Internal`, naming the row, if it holds no record.
    pub fn sees(&self, change: &Change) -> Result<bool> {
        Ok(change.visibility == Visibility::Public || self.owns(change)?)
    }

    /// Whether they may see more of a change than the public does: who made it, and by which credential.
    ///
    /// # Errors
    /// As [`Audience::sees`].
    pub fn owns(&self, change: &Change) -> Result<bool> {
        match self.scope {
            Scope::All => Ok(true),
            Scope::Public => Ok(false),
            Scope::Granted(_) => {
                let owned: Owned = serde_json::from_str(&change.after)
                    .map_err(|error| Error::Internal(format!("changes.after of row {}: {error}", change.sequence)))?;
                Ok(owned.managed_by.is_some_and(|owner| self.bodies.contains(&owner)))
            }
        }
    }

    /// Leaves the links of logged records of one type to what they may not see without the number:
    /// `{"undisclosed": true}`.
    ///
    /// # Errors
    /// As the database has them.
    pub fn undisclose(&self, conn: &mut Conn, kind: &str, records: &mut [Fields<'_>]) -> Result<()> {
        let Some(collection) = resources::by_type(kind).filter(|_| !self.scope.is_all()) else { return Ok(()) };
        let known = known(conn, self.scope, collection, records)?;
        for fields in records {
            fields.each_link(collection, &mut |target, value| {
                if number_of(value).is_some_and(|id| !known.contains(&(target.to_owned(), id))) {
                    *value = json!({ "undisclosed": true });
                }
            });
        }
        Ok(())
    }
}

/// Fields of a logged record: all of them, or one by its name.
pub enum Fields<'a> {
    /// The whole record.
    Record(&'a mut Map<String, Value>),
    /// One field.
    One(&'a str, &'a mut Value),
}

impl Fields<'_> {
    /// Visits the links, each with the type that it points at.
    fn each_link(&mut self, collection: &dyn Collection, visit: &mut dyn FnMut(&str, &mut Value)) {
        let parent = collection.parent().map(|parent| LinkField::one(parent.field, parent.target));
        let owner = LinkField::one("managed_by", "organization");
        for link in collection.links().iter().copied().chain(parent).chain([owner]) {
            let values = match self {
                Self::Record(record) => record.get_mut(link.field),
                Self::One(name, value) => (*name == link.field).then_some(&mut **value),
            };
            let values = match values {
                Some(Value::Array(values)) => values.iter_mut().collect(),
                value => value.into_iter().collect::<Vec<_>>(),
            };
            for value in values {
                let named = value.get("type").and_then(Value::as_str).map(str::to_owned);
                let target = if link.target == "*" { named.unwrap_or_default() } else { link.target.to_owned() };
                visit(&target, value);
            }
        }
    }
}

/// Whether a link of a logged record leads to what may not be seen.
///
/// # Errors
/// As the database has them.
pub fn hides(conn: &mut Conn, scope: Scope, kind: &str, record: &mut Map<String, Value>) -> Result<bool> {
    let Some(collection) = resources::by_type(kind) else { return Ok(false) };
    let mut fields = [Fields::Record(record)];
    let known = known(conn, scope, collection, &mut fields)?;
    let mut hidden = false;
    for fields in &mut fields {
        fields.each_link(collection, &mut |target, value| {
            hidden |= number_of(value).is_some_and(|id| !known.contains(&(target.to_owned(), id)));
        });
    }
    Ok(hidden)
}

/// Which of the records that these link to may be known of: a query for each type.
fn known(
    conn: &mut Conn,
    scope: Scope,
    collection: &dyn Collection,
    records: &mut [Fields<'_>],
) -> Result<BTreeSet<(String, Id)>> {
    let mut wanted: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for fields in records {
        fields.each_link(collection, &mut |target, value| {
            wanted.entry(target.to_owned()).or_default().extend(number_of(value));
        });
    }
    let mut known = BTreeSet::new();
    for (target, ids) in wanted {
        let ids: Vec<Id> = ids.into_iter().collect();
        if let Some(collection) = resources::by_type(&target) {
            known.extend(collection.known(conn, scope, &ids)?.into_iter().map(|id| (target.clone(), id)));
        }
    }
    Ok(known)
}

/// The number that a logged link holds: by itself, or beside its type.
fn number_of(value: &Value) -> Option<Id> {
    value.as_i64().or_else(|| value.get("id")?.as_i64())
}
