//! How much each caller may ask of the service: a quota that fills again steadily within a minute. Pure rules over a clock
//! that is given.
//!
//! The quota is counted by each process, in memory. A caller who has all of it again is as one who never came, and is
//! forgotten.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as Ticks;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::domain::Clock;

/// Within how many seconds all of the quota is there again.
pub const WINDOW: u32 = 60;

/// Whose quota it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// The subject of a credential, from wherever they call and by whichever of their credentials.
    Subject(String),
    /// Whoever has no credential, by their network; all of whom nothing is known are one.
    Network(Option<IpAddr>),
}

/// How a caller stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The whole quota.
    pub quota: u32,
    /// What is left of it.
    pub left: u32,
    /// After how many seconds the request may come again, if it was one too many.
    pub wait: Option<i64>,
}

impl Standing {
    /// In how many seconds all of the quota is there again.
    #[must_use]
    pub fn full_in(&self) -> u64 {
        let used = u64::from(self.quota.saturating_sub(self.left));
        used.saturating_mul(u64::from(WINDOW)).div_ceil(u64::from(self.quota).max(1))
    }
}

/// The clock of the service, as governor asks for it.
#[derive(Debug)]
struct Elapsed(Clock);

impl Ticks for Elapsed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The quotas of all callers.
pub struct Quotas {
    quota: NonZeroU32,
    clock: Clock,
    limiter: RateLimiter<Caller, HashMapStateStore<Caller>, Elapsed, StateInformationMiddleware>,
}

impl Quotas {
    /// Quotas of so many requests in a minute.
    #[must_use]
    pub fn new(quota: NonZeroU32, clock: Clock) -> Self {
        let limiter = RateLimiter::new(Quota::per_minute(quota), HashMapStateStore::default(), Elapsed(clock.clone()));
        Self { quota, clock, limiter }
    }

    /// Takes what a request costs from the quota of its caller; a request that costs more than the whole takes the whole.
    #[must_use]
    pub fn charge(&self, caller: &Caller, cost: NonZeroU32) -> Standing {
        let cost = cost.min(self.quota);
        match self.limiter.check_key_n(caller, cost) {
            Ok(Ok(state)) => Standing { quota: self.quota.get(), left: state.remaining_burst_capacity(), wait: None },
            Ok(Err(refusal)) => self.refused(cost, refusal.wait_time_from(self.clock.elapsed())),
            // No request costs more than the whole.
            Err(_) => self.refused(cost, Duration::from_secs(u64::from(WINDOW))),
        }
    }

    /// Forgets the callers who have all of their quota.
    pub fn forget(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }

    /// What is missing comes while the caller waits; the rest is there.
    fn refused(&self, cost: NonZeroU32, wait: Duration) -> Standing {
        let quota = self.quota.get();
        let each = (Duration::from_secs(u64::from(WINDOW)) / quota).as_nanos().max(1);
        let missing = u32::try_from(wait.as_nanos().div_ceil(each)).unwrap_or(u32::MAX);
        let seconds = i64::try_from(wait.as_nanos().div_ceil(1_000_000_000)).unwrap_or(i64::MAX);
        Standing { quota, left: cost.get().saturating_sub(missing), wait: Some(seconds.max(1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lan() -> Caller {
        Caller::Subject("lan".to_owned())
    }

    fn quotas(per_minute: u32) -> (Quotas, Clock) {
        let clock = Clock::fixed("2026-11-21T03:00:00Z".parse().unwrap());
        (Quotas::new(NonZeroU32::new(per_minute).unwrap(), clock.clone()), clock)
    }

    fn charged(quotas: &Quotas, caller: &Caller, cost: u32) -> (u32, Option<i64>) {
        let standing = quotas.charge(caller, NonZeroU32::new(cost).unwrap());
        (standing.left, standing.wait)
    }

    #[test]
    fn quota_is_used_up_and_fills_again_steadily() {
        let (quotas, clock) = quotas(12);
        assert_eq!(charged(&quotas, &lan(), 1), (11, None));
        assert_eq!(charged(&quotas, &lan(), 10), (1, None));
        assert_eq!(charged(&quotas, &lan(), 10), (1, Some(45)), "nine are missing, of 5 s each");
        assert_eq!(charged(&quotas, &lan(), 1), (0, None), "what was refused took nothing");
        assert_eq!(charged(&quotas, &lan(), 1), (0, Some(5)));
        clock.set("2026-11-21T03:00:05Z".parse().unwrap());
        assert_eq!(charged(&quotas, &lan(), 1), (0, None));
        clock.set("2026-11-21T03:01:05Z".parse().unwrap());
        assert_eq!(charged(&quotas, &lan(), 1), (11, None));
    }

    #[test]
    fn what_costs_more_than_the_whole_takes_the_whole() {
        let (quotas, _) = quotas(3);
        assert_eq!(charged(&quotas, &lan(), 10), (0, None));
        assert_eq!(charged(&quotas, &lan(), 10), (0, Some(60)));
    }

    #[test]
    fn time_until_all_is_there_again_is_that_of_what_was_used() {
        for (left, seconds) in [(6000, 0), (5999, 1), (5900, 1), (5899, 2), (0, 60)] {
            assert_eq!(Standing { quota: 6000, left, wait: None }.full_in(), seconds, "{left}");
        }
    }

    #[test]
    fn caller_who_has_all_of_the_quota_is_forgotten() {
        let (quotas, clock) = quotas(60);
        charged(&quotas, &lan(), 1);
        charged(&quotas, &Caller::Network(None), 10);
        let remembered = || {
            quotas.forget();
            quotas.limiter.len()
        };
        assert_eq!(remembered(), 2);
        for (instant, callers) in [("2026-11-21T03:00:03Z", 1), ("2026-11-21T03:00:12Z", 0)] {
            clock.set(instant.parse().unwrap());
            assert_eq!(remembered(), callers, "{instant}");
        }
    }
}
