//! What callers may see of the change log: all of it by sequence, or the versions of one record with their differences.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::{Change, store};
use crate::db::{Conn, Scope};
use crate::domain::page::cut;
use crate::domain::vocabulary::Visibility;
use crate::domain::{Error, Id, Instant, Result};
use crate::resources;

/// Fields that changed, before and after.
pub type Differences = BTreeMap<String, (Value, Value)>;

/// One change, read.
pub struct Entry {
    /// The row of the log.
    pub change: Change,
    /// The record afterwards; not to the public once it is withdrawn.
    pub after: Option<Value>,
    /// The fields that it changed; only in a history.
    pub differences: Option<Differences>,
}

/// A page of the feed.
pub struct FeedPage {
    /// The changes that the caller may see.
    pub entries: Vec<Entry>,
    /// The last sequence that was looked at: where to go on from, now or later.
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

/// The changes after `sequence`, of these types of record.
///
/// A caller who may not see internal records gets none of a record that is internal now or was then, but is told when a
/// record is withdrawn.
///
/// # Errors
/// As the database has them.
pub fn page(conn: &mut Conn, scope: Scope, sequence: i64, types: Option<&[String]>, limit: i64) -> Result<FeedPage> {
    let mut changes = store::after(conn, scope, sequence, types, limit.saturating_add(1))?;
    let more = cut(&mut changes, usize::try_from(limit).unwrap_or(usize::MAX));
    let next = changes.last().map_or(sequence, |change| change.sequence);
    let known = known(conn, scope, &changes)?;
    let mut entries = Vec::with_capacity(changes.len());
    for change in changes {
        if shown(scope, &change) {
            if known.contains(&(change.resource.clone(), change.record_id)) {
                entries.push(Entry { after: Some(parsed(&change)?), change, differences: None });
            }
        } else {
            entries.push(Entry { change, after: None, differences: None });
        }
    }
    Ok(FeedPage { entries, next, more })
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

/// Whether the caller may see what a change made of its record.
fn shown(scope: Scope, change: &Change) -> bool {
    scope.internal || change.visibility == Visibility::Public
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
    let changes = store::of_record(conn, scope, kind, id, before, limit.saturating_add(1))?;
    let shown_count = usize::try_from(limit).unwrap_or(usize::MAX);
    let read =
        changes.into_iter().map(|change| parsed(&change).map(|after| (change, after))).collect::<Result<Vec<_>>>()?;
    let mut entries = Vec::new();
    for (at, (change, after)) in read.iter().take(shown_count).enumerate() {
        let older = read.get(at.saturating_add(1)).map(|(_, older)| older);
        let differences = Some(differences(older, after));
        entries.push(Entry { change: change.clone(), after: Some(after.clone()), differences });
    }
    let next = if read.len() > shown_count {
        read.get(shown_count.saturating_sub(1)).map(|(change, _)| change.version)
    } else {
        None
    };
    Ok(HistoryPage { entries, next })
}

/// The changes after `sequence`, in order, each with what it changed.
///
/// # Errors
/// As [`history`].
pub fn differences_since(conn: &mut Conn, sequence: i64) -> Result<Vec<(Change, Differences)>> {
    let changes = store::after(conn, Scope::ALL, sequence, None, i64::MAX)?;
    let compared = changes.into_iter().map(|change| {
        let (kind, before) = (&change.resource, Some(change.version));
        let older = store::of_record(conn, Scope::ALL, kind, change.record_id, before, 1)?;
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
