//! Chains of records: whether the links from one record, and from those it reaches, come back to where they began.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::iter::successors;

use crate::domain::{Error, Fault, Id, Result};

/// How many records may stand above one another; more is taken for a mistake.
pub const MOST_TIERS: usize = 32;

/// The shortest way from `start` to `goal`, both included, or `None` if there is none.
///
/// `links_of` gives the links, from and to, of all records of one tier; it is asked once for each tier, and never twice
/// for one record, so that the walk ends whatever the links are.
///
/// # Errors
/// As `links_of` has them.
pub fn way(start: Id, goal: Id, mut links_of: impl FnMut(&[Id]) -> Result<Vec<(Id, Id)>>) -> Result<Option<Vec<Id>>> {
    let mut reached_from = HashMap::from([(start, None)]);
    let mut tier = vec![start];
    while !tier.is_empty() && !reached_from.contains_key(&goal) {
        let links = links_of(&tier)?;
        tier.clear();
        for (from, to) in links {
            if let Entry::Vacant(place) = reached_from.entry(to) {
                place.insert(Some(from));
                tier.push(to);
            }
        }
    }
    if !reached_from.contains_key(&goal) {
        return Ok(None);
    }
    let mut way: Vec<Id> = successors(Some(goal), |at| reached_from.get(at).copied().flatten()).collect();
    way.reverse();
    Ok(Some(way))
}

/// Refuses a parent that stands below the record itself. `parents_of` gives the parents of several records.
///
/// # Errors
/// `Invalid` at `/parent`, with the code `cycle`, or `too_many` if more than 32 stand above one another.
pub fn refuse_parent_cycle(
    id: Id,
    parent: Option<Id>,
    parents_of: impl FnMut(&[Id]) -> Result<Vec<(Id, Option<Id>)>>,
) -> Result<()> {
    refuse_cycle("parent", id, parent, parents_of)
}

/// The same for records that stand above one another by another field.
///
/// # Errors
/// As [`refuse_parent_cycle`], at that field.
pub fn refuse_cycle(
    field: &str,
    id: Id,
    parent: Option<Id>,
    mut parents_of: impl FnMut(&[Id]) -> Result<Vec<(Id, Option<Id>)>>,
) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    let mut tiers = 0;
    let way = way(parent, id, |records| {
        tiers += 1;
        if tiers > MOST_TIERS {
            let fault = Fault::new("too_many", format!("has more than {MOST_TIERS} records above one another"));
            return Err(Error::field(format!("/{field}"), fault));
        }
        Ok(parents_of(records)?.into_iter().filter_map(|(record, parent)| Some((record, parent?))).collect())
    })?;
    match way {
        None => Ok(()),
        Some(way) => {
            let way: Vec<String> = way.iter().map(ToString::to_string).collect();
            let message = format!("stands below the record itself: {}", way.join(" → "));
            Err(Error::field(format!("/{field}"), Fault::new("cycle", message)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Faults;

    fn links(tier: &[Id]) -> Result<Vec<(Id, Id)>> {
        let all = [(1, 2), (1, 3), (2, 4), (3, 4), (4, 5), (5, 2)];
        Ok(all.into_iter().filter(|(from, _)| tier.contains(from)).collect())
    }

    #[test]
    fn the_shortest_way_is_found_and_a_circle_is_walked_once() {
        assert_eq!(way(1, 5, links).unwrap(), Some(vec![1, 2, 4, 5]));
        assert_eq!(way(5, 5, links).unwrap(), Some(vec![5]));
        assert_eq!(way(2, 1, links).unwrap(), None);
    }

    #[test]
    fn a_record_does_not_stand_above_itself() {
        let parents = |ids: &[Id]| {
            Ok([(2, Some(1)), (3, Some(2)), (1, None)].into_iter().filter(|(id, _)| ids.contains(id)).collect())
        };
        let refused = |id, parent| match refuse_parent_cycle(id, parent, parents) {
            Err(Error::Invalid(faults)) => Some(faults),
            _ => None,
        };
        let below = |way: &str| {
            let fault = Fault::new("cycle", format!("stands below the record itself: {way}"));
            Some(Faults::at("/parent", fault))
        };
        assert_eq!(refused(1, Some(3)), below("3 → 2 → 1"));
        assert_eq!(refused(1, Some(1)), below("1"));
        assert_eq!(refused(4, Some(3)), None);
        assert_eq!(refused(1, None), None);
    }

    #[test]
    fn a_chain_of_parents_has_an_end() {
        let endless = |ids: &[Id]| Ok(ids.iter().map(|id| (*id, Some(id + 1))).collect());
        let Err(Error::Invalid(Faults(faults))) = refuse_parent_cycle(1, Some(2), endless) else { panic!("accepted") };
        assert_eq!(faults.first().map(|(_, fault)| fault.code), Some("too_many"));
    }
}
