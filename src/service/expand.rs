//! What links show: the titles of the records behind them or, where the caller asks for it with `expand`, the records
//! themselves, two hops far. It is one query for all titles and one for all records of a type, and a record that many
//! links show is read and written as JSON once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use serde_json::value::RawValue;

use super::collection::Collection;
use super::read::View;
use crate::db::{Conn, Scope, Store, titles};
use crate::domain::link::Shown;
use crate::domain::record::{Expanded, ExpandedLinks};
use crate::domain::{Date, Error, Fault, Id, Link, Linker, Result};
use crate::keys;
use crate::resources;

/// How many records of a to-many link are shown.
pub const SHOWN: usize = 100;
/// How many records may stand behind the to-many links of a page, and behind those of the records there.
pub const MOST: usize = 5000;
/// How many bytes the records behind the links of a field may come to, each as often as it is shown.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// How many records may be read behind the links of an answer on the thread that serves the request: those of one page.
const SHORT: usize = 200;

/// What to expand, the links of the record and of the records behind each, and for which day to work out what is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion {
    links: BTreeMap<String, Expansion>,
    /// Whether one of the links leads to many records.
    to_many: bool,
    /// Whether the keys by which partners know the records are shown too.
    external_keys: bool,
    /// The day for which the fields that are computed are worked out; today if there is none.
    as_of: Option<Date>,
}

/// What `expand` takes besides links.
pub const EXTERNAL_KEYS: &str = "external_keys";

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
            if (first, second) == (EXTERNAL_KEYS, None) {
                expansion.external_keys = true;
                continue;
            }
            let target = known(collection, first)?;
            expansion.to_many |= collection.link(first).is_none();
            let below = expansion.links.entry(first.to_owned()).or_default();
            if let Some(second) = second {
                let target = resources::by_type(target)
                    .ok_or_else(|| Fault::new("unknown_code", format!("cannot go on from {first}")))?;
                if second == EXTERNAL_KEYS {
                    below.external_keys = true;
                    continue;
                }
                known(target, second)?;
                below.to_many |= target.link(second).is_none();
                below.links.entry(second.to_owned()).or_default();
            }
        }
        Ok(expansion)
    }

    /// The same for a day, behind links too.
    #[must_use]
    pub fn as_of(self, day: Option<Date>) -> Self {
        let links = self.links.into_iter().map(|(name, below)| (name, below.as_of(day))).collect();
        Self { links, as_of: day, ..self }
    }

    /// The day for which the fields that are computed are worked out.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.as_of
    }

    /// Whether the link `name` is to be expanded.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.links.contains_key(name) || (self.external_keys && name == EXTERNAL_KEYS)
    }

    /// Whether nothing is to be expanded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty() && !self.external_keys
    }

    /// Whether so little is to be expanded on a page of `limit` records that it may be read on the thread that serves
    /// the request: links to one record each, and together no more than a page holds.
    #[must_use]
    pub fn is_short(&self, limit: u16) -> bool {
        !self.to_many
            && self.links.values().all(|below| !below.to_many)
            && self.paths().saturating_mul(usize::from(limit)) <= SHORT
    }

    fn paths(&self) -> usize {
        self.links.values().map(|below| below.paths().saturating_add(1)).sum()
    }
}

/// The names that `expand` takes for a collection.
#[must_use]
pub fn names(collection: &dyn Collection) -> Vec<&'static str> {
    let parent = collection.parent().map(|parent| parent.field);
    let links = collection.links().iter().chain(collection.computed_links()).map(|link| link.field);
    let to_many =
        collection.to_many().iter().filter(|link| resources::by_type(link.target).is_some()).map(|link| link.name);
    std::iter::once("managed_by").chain(parent).chain(links).chain(to_many).chain([EXTERNAL_KEYS]).collect()
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

/// The links of one answer, which share what they show of one record.
pub struct LinkTable<'e> {
    collection: &'static dyn Collection,
    expansion: &'e Expansion,
    targets: BTreeMap<(&'static str, Option<&'static str>), Target<'e>>,
}

/// The records of one type behind all links that are not expanded, or behind those of a field that is.
struct Target<'e> {
    collection: Option<&'static dyn Collection>,
    expansion: Option<&'e Expansion>,
    shown: BTreeMap<Id, Arc<OnceLock<Shown>>>,
}

impl Linker<Link> for LinkTable<'_> {
    fn to(&mut self, field: &'static str, id: Id) -> Link {
        let kind = self.collection.link(field).map_or("", |link| link.target);
        self.to_any(field, kind, id)
    }

    fn to_any(&mut self, field: &'static str, kind: &'static str, id: Id) -> Link {
        let expansion = self.expansion.links.get(field);
        let target = self.targets.entry((kind, expansion.map(|_| field))).or_insert_with(|| Target {
            collection: resources::by_type(kind),
            expansion,
            shown: BTreeMap::new(),
        });
        let collection = target.collection.map_or("", |collection| collection.name());
        Link { id, kind, collection, shown: Arc::clone(target.shown.entry(id).or_default()) }
    }
}

impl<'e> LinkTable<'e> {
    /// An answer with records of `collection`.
    pub fn new(collection: &'static dyn Collection, expansion: &'e Expansion) -> Self {
        Self { collection, expansion, targets: BTreeMap::new() }
    }

    /// Fills in what the links show. A record that the caller may not see leaves its links undisclosed; one that is
    /// deleted still has its title.
    ///
    /// # Errors
    /// As the database has them.
    pub fn fill(self, conn: &mut Conn, scope: Scope) -> Result<()> {
        let mut named = Vec::new();
        let mut asked = Vec::new();
        for Target { collection, expansion, mut shown } in self.targets.into_values() {
            let Some(collection) = collection else { continue };
            if let Some(expansion) = expansion {
                let ids: Vec<Id> = shown.keys().copied().collect();
                let mut bytes: usize = 0;
                for (id, record) in collection.records(conn, scope, &ids, expansion)? {
                    let slot = shown.remove(&id);
                    // All but one of those who hold the slot are links.
                    let times = slot.as_ref().map_or(0, Arc::strong_count).saturating_sub(1);
                    bytes = bytes.saturating_add(record.get().len().saturating_mul(times));
                    set(slot, Shown::Record(record));
                }
                if bytes > MOST_BYTES {
                    return Err(too_much());
                }
            }
            if !shown.is_empty() {
                let ids: Vec<Id> = shown.keys().copied().collect();
                asked.push(collection.titled(scope, &ids));
                named.push(shown);
            }
        }
        for (place, row) in titles::of(conn, &asked)? {
            let slot = named.get_mut(place).and_then(|shown| shown.remove(&row.id));
            set(slot, row.title.map_or(Shown::Untitled, Shown::Title));
        }
        Ok(())
    }
}

/// What is answered where an expansion would show more than an answer may hold.
#[must_use]
pub fn too_much() -> Error {
    let fault = Fault::new(
        "too_many",
        format!("would show more than {MOST} records or {} MiB; ask for fewer with limit", MOST_BYTES >> 20),
    );
    Error::parameter("expand", fault)
}

fn set(slot: Option<Arc<OnceLock<Shown>>>, shown: Shown) {
    if let Some(slot) = slot {
        // Each slot is taken out of its table to be filled, so that it is filled once.
        let _ = slot.set(shown);
    }
}

/// Puts the keys by which partners know the records beside them, if that is asked for.
///
/// # Errors
/// As the database has them.
pub fn external_keys<R: Store>(conn: &mut Conn, records: &mut [View<R>], expansion: &Expansion) -> Result<()> {
    if expansion.external_keys {
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let mut keys = keys::store::of_records(conn, R::TYPE, &ids)?;
        for record in records {
            record.external_keys = Some(keys.remove(&record.id).unwrap_or_default());
        }
    }
    Ok(())
}

/// Puts the records behind the to-many links that are to be expanded beside those links.
///
/// # Errors
/// As the database has them.
pub fn to_many<R: Store>(conn: &mut Conn, scope: Scope, records: &mut [View<R>], expansion: &Expansion) -> Result<()> {
    for (name, below) in &expansion.links {
        let Some(link) = R::TO_MANY.iter().find(|link| link.name == name) else { continue };
        let Some(target) = resources::by_type(link.target) else { continue };
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let limit = i64::try_from(SHOWN).unwrap_or(i64::MAX).saturating_add(1);
        let mut found: HashMap<Id, Vec<Box<RawValue>>> = HashMap::new();
        let mut bytes: usize = 0;
        for (id, record) in target.pointing(conn, scope, link.field, &ids, limit, below)? {
            bytes = bytes.saturating_add(record.get().len());
            found.entry(id).or_default().push(record);
        }
        if bytes > MOST_BYTES {
            return Err(too_much());
        }
        for record in &mut *records {
            let mut data = found.remove(&record.id).unwrap_or_default();
            let more = (data.len() > SHOWN).then_some(true);
            data.truncate(SHOWN);
            let all = format!("/v1/{}?{}={}", target.name(), link.field, record.id);
            record.expanded.0.push((link.name, Expanded { data, links: ExpandedLinks { all, more } }));
        }
    }
    Ok(())
}
