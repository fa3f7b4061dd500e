//! What a resource declares of itself. Everything that all resources do alike is written once, over this.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::fault::Warning;
use super::page::{Page, SortField};
use super::{Faults, Id, LinkForm};

/// One collection of records.
pub trait Resource: Send + Sync + 'static {
    /// The type of one record, in `snake_case`: `document`.
    const TYPE: &'static str;
    /// The collection in paths, in `kebab-case`: `documents`.
    const COLLECTION: &'static str;
    /// The name of the record in the OpenAPI document: `Document`.
    const SCHEMA: &'static str;
    /// The subject under which the OpenAPI document lists it: `documents`.
    const TAG: &'static str;
    /// One sentence for the OpenAPI document.
    const ABOUT: &'static str;
    /// The record that this one is part of.
    const PARENT: Option<Parent> = None;
    /// The links that its fields hold.
    const LINKS: &'static [LinkField] = &[];
    /// The links that are worked out when a record is read, all of them among the fields that are read-only.
    const COMPUTED_LINKS: &'static [LinkField] = &[];
    /// The collections that point at it: its children, and others.
    const TO_MANY: &'static [ToMany] = &[];
    /// The fields that the service fills in and no client may send.
    const READ_ONLY: &'static [&'static str] = &[];
    /// Whether a record is never changed once it is made, other than by the decision that is added to it, nor deleted
    /// otherwise than with the record that it is part of.
    const IMMUTABLE: bool = false;
    /// The decision that is added to a record, once.
    const DECISION: Option<DecisionFields> = None;
    /// The field that another one implies where a body leaves it out.
    const IMPLIED: Option<Implied> = None;
    /// Whether fields of a record are worked out for a day, so that one record too is read `as_of` a day.
    const DATED: bool = false;
    /// The parameters that mean something on a day only: where one of them is given, `as_of` is today unless it names another.
    const DAY_FILTERS: &'static [&'static str] = &[];
    /// What a list may be sorted by, besides the id.
    const SORTS: &'static [SortField];
    /// What it may be sorted by besides, which is worked out for each record for a day.
    const MADE_SORTS: &'static [SortField] = &[];

    /// The fields, over the form of their links.
    type Body<L: LinkForm>: Serialize + DeserializeOwned + ToSchema + Send;

    /// The parameters that narrow a list.
    type Filter: DeserializeOwned + Serialize + IntoParams + Default + Send;

    /// The rules that need nothing but the record itself. Each fault names its field.
    fn check(_body: &Self::Body<Id>, _faults: &mut Faults) {}

    /// What is odd about the record, and stored all the same.
    fn warnings<L: LinkForm>(_body: &Self::Body<L>) -> Vec<Warning> {
        Vec::new()
    }

    /// The lists that an index answers in a bounded number of steps, besides the whole collection.
    const SHORT: &'static [ShortList] = &[];
}

/// A list that an index answers in a bounded number of steps, so that it may run on the thread that serves the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortList {
    /// The parameters that narrow it, each with one value.
    pub filters: &'static [&'static str],
    /// In what order.
    pub order: Order,
}

/// In what order a short list may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// In any: the records are few however large the collection is, such as the children of one record.
    Any,
    /// By one of these fields, in whose order the index has the records. These parameters may bound that field besides.
    By {
        /// The fields to sort by.
        sorts: &'static [&'static str],
        /// The parameters that bound them.
        bounds: &'static [&'static str],
    },
}

impl ShortList {
    /// Few records, those that `filters` lets through.
    #[must_use]
    pub const fn few(filters: &'static [&'static str]) -> Self {
        Self { filters, order: Order::Any }
    }

    /// The records that `filters` lets through, in the order of an index.
    #[must_use]
    pub const fn sorted(filters: &'static [&'static str], sorts: &'static [&'static str]) -> Self {
        Self { filters, order: Order::By { sorts, bounds: &[] } }
    }

    /// The same, with parameters that bound the field that it is sorted by.
    #[must_use]
    pub const fn bounded(self, bounds: &'static [&'static str]) -> Self {
        match self.order {
            Order::By { sorts, .. } => Self { order: Order::By { sorts, bounds }, ..self },
            Order::Any => self,
        }
    }

    /// Whether the list that is narrowed by the parameters `given` and sorted by `sort` is this one.
    #[must_use]
    pub fn is(&self, given: &[&str], sort: &str) -> bool {
        let (any, sorts, bounds): (bool, &[&str], &[&str]) = match self.order {
            Order::Any => (true, &[], &[]),
            Order::By { sorts, bounds } => (false, sorts, bounds),
        };
        (any || sorts.contains(&sort))
            && self.filters.iter().all(|filter| given.contains(filter))
            && given.iter().all(|name| self.filters.contains(name) || bounds.contains(name))
    }
}

/// Whether a page of `R` is bounded: of the whole collection, for which each field to sort by has an index, or of one of
/// the lists that `R` names.
#[must_use]
pub fn is_short<R: Resource>(filter: &Value, page: &Page) -> bool {
    let given: Vec<(&str, &Value)> = filter
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
        .filter(|(_, value)| !value.is_null())
        .collect();
    let sort = page.sort.field;
    if R::MADE_SORTS.contains(&sort) {
        return false;
    }
    if page.managed_by.is_some() || (page.updated_since.is_some() && (!given.is_empty() || sort.name != "updated_at")) {
        return false;
    }
    // Several values of one parameter are several stretches of an index, to be sorted after they are read.
    let several = given.iter().any(|(_, value)| value.as_array().is_some_and(|values| values.len() != 1));
    let names: Vec<&str> = given.into_iter().map(|(name, _)| name).collect();
    names.is_empty() || (!several && R::SHORT.iter().any(|list| list.is(&names, sort.name)))
}

/// The fields that only the decision on a record sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionFields {
    /// What became of the record.
    pub status: &'static str,
    /// The code that it has before anybody decides.
    pub open: &'static str,
    /// The others, which are null until then.
    pub others: &'static [&'static str],
}

impl DecisionFields {
    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [self.status].into_iter().chain(self.others.iter().copied())
    }

    /// What a field is before anybody decides.
    #[must_use]
    pub fn before(self, field: &str) -> Value {
        if field == self.status { self.open.into() } else { Value::Null }
    }
}

/// Whether only the decision on a record of `R` sets a field.
#[must_use]
pub fn is_of_decision<R: Resource>(field: &str) -> bool {
    R::DECISION.is_some_and(|decision| decision.names().any(|name| name == field))
}

/// A field that another one implies: who gives a day need not say besides that the deadline is a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Implied {
    /// The field.
    pub field: &'static str,
    /// What it is where neither is given.
    pub unsaid: &'static str,
    /// The other field.
    pub by: &'static str,
    /// What the field is where the other one is given.
    pub code: &'static str,
}

impl Implied {
    /// Fills the field in where a body leaves it out and has the other one.
    pub fn fill(self, body: &mut Map<String, Value>) {
        if is_absent(body, self.field) && !is_absent(body, self.by) {
            body.insert(self.field.to_owned(), self.code.into());
        }
    }

    /// Takes the field out of a record where nothing was said by it and a patch gives the other one alone, so that the
    /// record with the patch is read as a body with both.
    pub fn give_way(self, record: &mut Map<String, Value>, patch: &Map<String, Value>) {
        let unsaid = record.get(self.field).and_then(Value::as_str) == Some(self.unsaid);
        if unsaid && !patch.contains_key(self.field) && !is_absent(patch, self.by) {
            record.remove(self.field);
        }
    }
}

fn is_absent(body: &Map<String, Value>, field: &str) -> bool {
    body.get(field).is_none_or(Value::is_null)
}

/// The parent of a child record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// The field that holds the link: `conference`.
    pub field: &'static str,
    /// The type of the parent: `conference`.
    pub target: &'static str,
}

/// A field that holds one link or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkField {
    /// The field: `numbering_body`.
    pub field: &'static str,
    /// The type it points at: `organization`; `*` for any.
    pub target: &'static str,
    /// The table that finds records by one of several links; `None` for a field that holds one.
    pub index: Option<LinkIndex>,
}

/// A table beside that of a resource, with one row for each of several links that a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkIndex {
    /// Its name.
    pub table: &'static str,
    /// Its column with the record that points.
    pub from: &'static str,
    /// Its column with the record pointed at.
    pub to: &'static str,
}

impl LinkField {
    /// A field with one link.
    #[must_use]
    pub const fn one(field: &'static str, target: &'static str) -> Self {
        Self { field, target, index: None }
    }

    /// A field with several links, which `index` keeps too.
    #[must_use]
    pub const fn many(field: &'static str, target: &'static str, index: LinkIndex) -> Self {
        Self { field, target, index: Some(index) }
    }
}

/// Records of another collection that point at this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToMany {
    /// The name under `links` and in `expand`: `conference_documents`.
    pub name: &'static str,
    /// The type of those records: `conference_document`.
    pub target: &'static str,
    /// Their field that points here: `document`. It is also their filter.
    pub field: &'static str,
}

impl ToMany {
    /// Records of type `target` whose `field` points here, under `name`.
    #[must_use]
    pub const fn new(name: &'static str, target: &'static str, field: &'static str) -> Self {
        Self { name, target, field }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_short_that_an_index_has_in_its_order() {
        let list = ShortList::sorted(&["convening_body"], &["held_on", "id"]).bounded(&["held_from"]);
        assert!(list.is(&["convening_body"], "held_on"));
        assert!(list.is(&["held_from", "convening_body"], "held_on"));
        assert!(!list.is(&["convening_body"], "name"), "another order");
        assert!(!list.is(&["held_from"], "held_on"), "not narrowed");
        assert!(!list.is(&["convening_body", "mode"], "held_on"), "narrowed by what is not in the index");
    }

    #[test]
    fn a_list_of_few_records_is_short_in_any_order() {
        let list = ShortList::few(&["about_type", "about_id"]);
        assert!(list.is(&["about_id", "about_type"], "updated_at"));
        assert!(!list.is(&["about_type"], "id"));
    }
}
