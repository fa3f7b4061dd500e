//! What was refused, gathered for the list of security events: whoever sends a thousand requests too many in a minute is in
//! it twice, and not a thousand times.
//!
//! Of each caller and kind, the first refusal is told when the list is next written to, which is every few seconds, and how
//! many came after it when a minute is over. Beyond so many callers in a minute, the others are counted together.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::event::{EventKind, Origin};
use crate::domain::Instant;

/// How many callers are told apart within a minute.
const MOST_CALLERS: usize = 100;

/// For how long refusals are gathered, in microseconds: a minute.
const GATHERED: i64 = 60 * 1_000_000;

/// Something that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What the list calls it.
    pub kind: EventKind,
    /// Whose account was used.
    pub user: Option<String>,
    /// By which request.
    pub origin: Origin,
    /// What was asked for.
    pub detail: String,
    /// When.
    pub at: Instant,
}

/// Whose refusals are counted together: kind, credential, network. All is `None` of those beyond the most.
type Whose = (EventKind, Option<(Option<String>, Option<String>)>);

/// The refusals of one caller.
#[derive(Debug)]
struct Gathered {
    first: Refusal,
    told: bool,
    more: u64,
}

/// The refusals of the last minute.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<Whose, Gathered>>);

impl Refusals {
    /// Notes that something was refused.
    pub fn note(&self, refusal: Refusal) {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let caller = (refusal.origin.credential.clone(), refusal.origin.address.clone());
        let mut whose = (refusal.kind, Some(caller));
        if gathered.len() >= MOST_CALLERS && !gathered.contains_key(&whose) {
            whose.1 = None;
        }
        gathered.entry(whose).and_modify(|known| known.more = known.more.saturating_add(1)).or_insert(Gathered {
            first: refusal,
            told: false,
            more: 0,
        });
    }

    /// What is to be told now: what has come since, and of each minute that is over the rest. With `all`, the rest of every
    /// minute.
    #[must_use]
    pub fn due(&self, now: Instant, all: bool) -> Vec<Refusal> {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        gathered.retain(|(_, caller), known| {
            if !known.told {
                due.push(known.first.clone());
                known.told = true;
            }
            let over = now.microseconds().saturating_sub(known.first.at.microseconds()) >= GATHERED;
            if (over || all) && known.more > 0 {
                due.push(known.rest(caller.is_some(), now));
            }
            !over && !all
        });
        due.sort_by_key(|refusal| refusal.at);
        due
    }
}

impl Gathered {
    /// All that came after the first.
    fn rest(&self, of_one: bool, now: Instant) -> Refusal {
        let Refusal { kind, user, origin, .. } = &self.first;
        let (more, by) = (self.more, if of_one { "" } else { " of several callers" });
        let (user, origin) = if of_one { (user.clone(), origin.clone()) } else { Default::default() };
        let origin = Origin { request_id: None, ..origin };
        Refusal { kind: *kind, user, origin, detail: format!("{more} more{by} within a minute"), at: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_microseconds(1_795_230_000_000_000 + second * 1_000_000)
    }

    fn refused(caller: &str, second: i64) -> Refusal {
        let origin = Origin {
            credential: Some(caller.to_owned()),
            address: Some("203.0.113.0/24".to_owned()),
            request_id: Some(format!("{caller}-{second}")),
        };
        let (kind, user, detail) = (EventKind::AccessDenied, Some(caller.to_owned()), "GET /v1/users".to_owned());
        Refusal { kind, user, origin, detail, at: at(second) }
    }

    fn told(refusals: &Refusals, second: i64, all: bool) -> Vec<String> {
        let due = refusals.due(at(second), all);
        due.into_iter().map(|due| format!("{} {}", due.user.unwrap_or_default(), due.detail)).collect()
    }

    #[test]
    fn first_refusal_is_told_at_once_and_the_rest_when_the_minute_is_over() {
        let refusals = Refusals::default();
        for second in 0..10 {
            refusals.note(refused("lan", second));
        }
        refusals.note(refused("an", 3));
        assert_eq!(told(&refusals, 10, false), ["lan GET /v1/users", "an GET /v1/users"]);
        assert!(told(&refusals, 11, false).is_empty());
        refusals.note(refused("lan", 12));
        assert_eq!(told(&refusals, 60, false), ["lan 10 more within a minute"]);
        assert!(told(&refusals, 63, false).is_empty(), "nothing more came of the other");
        refusals.note(refused("lan", 64));
        assert_eq!(told(&refusals, 65, false), ["lan GET /v1/users"], "another minute begins");
    }

    #[test]
    fn beyond_a_hundred_callers_the_others_are_counted_together() {
        let refusals = Refusals::default();
        for number in 0..150 {
            refusals.note(refused(&format!("user{number:03}"), 0));
        }
        assert_eq!(told(&refusals, 1, false).len(), 101);
        assert_eq!(told(&refusals, 60, false), [" 49 more of several callers within a minute"]);
    }

    #[test]
    fn what_is_left_is_told_when_the_service_stops() {
        let refusals = Refusals::default();
        refusals.note(refused("lan", 0));
        refusals.note(refused("lan", 1));
        assert_eq!(told(&refusals, 2, true), ["lan GET /v1/users", "lan 1 more within a minute"]);
        assert!(told(&refusals, 3, true).is_empty());
    }
}
