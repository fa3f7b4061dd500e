//! What callers may see of the change log: all of it by sequence, or the versions of one record with their differences.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::audience::{Audience, Fields};
use super::{Change, Operation, store};
use crate::db::{Conn, Scope};
use crate::domain::page::cut;
use crate::domain::{Error, Id, Instant, Result};
use crate::resources;

/// Fields that changed, before and after.
pub type Differences = BTreeMap<String, (Value, Value)>;

/// One change, read.
pub struct Entry {
    /// The row of the log.
    pub change: Change,
    /// Whether who made it is shown.
    pub full: bool,
    /// The record afterwards; not to those from whom it is withdrawn.
    pub after: Option<Value>,
    /// The fields that it changed; only in a history.
    pub differences: Option<Differences>,
}

/// A page of the feed.
pub struct FeedPage {
    /// The changes that the caller may see.
    pub entries: Vec<Entry>,
    /// The sequence to go on after, now or later.
    pub next: i64,
    /// Whether there is more already.
    pub more: bool,
}

/// The sequence after which the feed begins: that of the last change before the first one recorded at `since` or later.
///
/// # Errors
/// As the database has them.
pub fn beginning(conn: &mut Conn, since: Option<Instant>) -> Result<i64> {
    since.map_or(Ok(0), |since| store::last_before(conn, since))
}

/// How many sequence numbers are looked through at most for one page of somebody who may not see all that is in the log.
pub const WINDOW: i64 = 5_000;

/// Where one looks no further for a page that begins after `sequence`: the same for all that begin nearby, so that whoever
/// has many positions does not learn from where their pages end how long the log is.
fn window_end(sequence: i64) -> i64 {
    sequence.div_euclid(WINDOW).saturating_add(1).saturating_mul(WINDOW)
}

/// The changes after `sequence`, of these types of record.
///
/// A caller who may not see a record gets none of what was done to it, but is told when it is withdrawn from them. Nor do
/// they learn from where a page ends that there is anything: it is with a change that they see, or at a multiple of
/// [`WINDOW`].
///
/// # Errors
/// As the database has them.
pub fn page(conn: &mut Conn, scope: Scope, sequence: i64, types: Option<&[String]>, limit: i64) -> Result<FeedPage> {
    let audience = Audience::of(conn, scope)?;
    let one_more = limit.saturating_add(1);
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    if !audience.leaves_out() {
        let mut changes = store::after(conn, audience.narrowed(), sequence, types, one_more)?;
        let more = cut(&mut changes, wanted);
        let next = changes.last().map_or(sequence, |change| change.sequence);
        let entries = shown(conn, scope, &audience, changes)?;
        return Ok(FeedPage { entries, next, more });
    }
    // What is written meanwhile has a higher number than this.
    let (head, _) = store::last(conn)?;
    let end = window_end(sequence);
    let (mut entries, mut from) = (Vec::new(), Some(sequence));
    while let Some(after) = from.filter(|_| entries.len() <= wanted) {
        let mut changes = store::after(conn, audience.narrowed(), after, types, one_more)?;
        from = changes.last().map(|change| change.sequence).filter(|last| *last < end);
        changes.retain(|change| change.sequence <= end);
        entries.extend(shown(conn, scope, &audience, changes)?);
    }
    let full = cut(&mut entries, wanted);
    let last = entries.last().map_or(sequence, |entry| entry.change.sequence);
    let (next, more) = if full || head < end { (last, full) } else { (end, head > end) };
    Ok(FeedPage { entries, next, more })
}

/// What a caller may see of these changes.
fn shown(conn: &mut Conn, scope: Scope, audience: &Audience, changes: Vec<Change>) -> Result<Vec<Entry>> {
    let known = known(conn, scope, &changes)?;
    let mut entries = Vec::with_capacity(changes.len());
    for change in changes {
        if audience.sees(&change)? {
            if known.contains(&(change.resource.clone(), change.record_id)) {
                let (full, after) = (audience.owns(&change)?, Some(parsed(&change)?));
                entries.push(Entry { change, full, after, differences: None });
            }
        } else if let Some(change) = withdrawn(conn, audience, change)? {
            entries.push(Entry { change, full: false, after: None, differences: None });
        }
    }
    undisclose(conn, audience, &mut entries)?;
    Ok(entries)
}

/// A change that its readers may not see, as what it is to them if they might see its record before.
fn withdrawn(conn: &mut Conn, audience: &Audience, change: Change) -> Result<Option<Change>> {
    if change.operation != Operation::Withdraw {
        let (kind, before) = (&change.resource, Some(change.version));
        let before = store::of_record(conn, Scope::All, kind, change.record_id, before, 1)?.pop();
        if !before.map_or(Ok(false), |before| audience.sees(&before))? {
            return Ok(None);
        }
    }
    Ok(Some(Change { operation: Operation::Withdraw, ..change }))
}

/// Leaves the links in these entries to what their readers may not see without the number, by a query or two for each type
/// of record.
fn undisclose(conn: &mut Conn, audience: &Audience, entries: &mut [Entry]) -> Result<()> {
    let mut records: BTreeMap<String, Vec<Fields<'_>>> = BTreeMap::new();
    for Entry { change, after, differences, .. } in entries {
        let of_kind = records.entry(change.resource.clone()).or_default();
        of_kind.extend(after.as_mut().and_then(Value::as_object_mut).map(Fields::Record));
        for (field, (from, to)) in differences.iter_mut().flatten() {
            of_kind.extend([Fields::One(field, from), Fields::One(field, to)]);
        }
    }
    records.into_iter().try_for_each(|(kind, mut fields)| audience.undisclose(conn, &kind, &mut fields))
}

/// Which of the records behind `changes` the caller may know of, by one query for each type.
fn known(conn: &mut Conn, scope: Scope, changes: &[Change]) -> Result<HashSet<(String, Id)>> {
    let mut wanted: HashMap<&str, Vec<Id>> = HashMap::new();
    for change in changes {
        wanted.entry(&change.resource).or_default().push(change.record_id);
    }
    let mut known = HashSet::new();
    for (kind, mut ids) in wanted {
        ids.sort_unstable();
        ids.dedup();
        if let Some(collection) = resources::by_type(kind) {
            known.extend(collection.known(conn, scope, &ids)?.into_iter().map(|id| (kind.to_owned(), id)));
        }
    }
    Ok(known)
}

fn parsed(change: &Change) -> Result<Value> {
    serde_json::from_str(&change.after)
        .map_err(|error| Error::Internal(format!("changes.after of row {}: {error}", change.sequence)))
}

/// A page of the versions of one record.
pub struct HistoryPage {
    /// The versions, from the newest.
    pub entries: Vec<Entry>,
    /// The oldest version on the page, if there are older ones.
    pub next: Option<i64>,
}

/// The versions of one record below `before`, from the newest, each with what it changed.
///
/// # Errors
/// As the database has them.
pub fn history(
    conn: &mut Conn,
    scope: Scope,
    kind: &str,
    id: Id,
    before: Option<i64>,
    limit: i64,
) -> Result<HistoryPage> {
    let audience = Audience::of(conn, scope)?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut shown: Vec<Change> = Vec::new();
    let mut from = before;
    while shown.len() <= wanted {
        let changes = store::of_record(conn, audience.narrowed(), kind, id, from, limit.saturating_add(1))?;
        let Some(last) = changes.last() else { break };
        from = Some(last.version);
        for change in changes {
            if audience.sees(&change)? {
                shown.push(change);
            }
        }
    }
    let next = shown.get(wanted).and(shown.get(wanted.saturating_sub(1))).map(|change| change.version);
    let read = shown.iter().map(parsed).collect::<Result<Vec<_>>>()?;
    let mut entries = Vec::new();
    for (at, change) in shown.into_iter().take(wanted).enumerate() {
        let after = read.get(at).cloned().unwrap_or_default();
        let differences = Some(differences(read.get(at.saturating_add(1)), &after));
        entries.push(Entry { full: audience.owns(&change)?, change, after: Some(after), differences });
    }
    undisclose(conn, &audience, &mut entries)?;
    Ok(HistoryPage { entries, next })
}

/// The changes after `sequence`, in order, each with what it changed.
///
/// # Errors
/// As [`history`].
pub fn differences_since(conn: &mut Conn, sequence: i64) -> Result<Vec<(Change, Differences)>> {
    let changes = store::after(conn, Scope::All, sequence, None, i64::MAX)?;
    let compared = changes.into_iter().map(|change| {
        let (kind, before) = (&change.resource, Some(change.version));
        let older = store::of_record(conn, Scope::All, kind, change.record_id, before, 1)?;
        let older = older.first().map(parsed).transpose()?;
        let differences = differences(older.as_ref(), &parsed(&change)?);
        Ok((change, differences))
    });
    compared.collect()
}

/// The fields in which two states of a record differ, other than those that differ each time.
fn differences(before: Option<&Value>, after: &Value) -> Differences {
    let empty = serde_json::Map::new();
    let old = before.and_then(Value::as_object).unwrap_or(&empty);
    let new = after.as_object().unwrap_or(&empty);
    old.keys()
        .chain(new.keys())
        .filter(|name| !matches!(name.as_str(), "id" | "version" | "created_at" | "updated_at"))
        .filter_map(|name| {
            let (from, to) = (old.get(name).unwrap_or(&Value::Null), new.get(name).unwrap_or(&Value::Null));
            (from != to).then(|| (name.clone(), (from.clone(), to.clone())))
        })
        .collect()
}
