//! How often somebody may try to sign in: by account, by address, and altogether. Pure rules over a clock that is given.
//!
//! The ladder by account is Kanidm's: the more failures, the longer nobody may try that name again, until at the hundredth
//! the day is over. It holds for names that nobody has, too. Sessions that have begun are never held up. What is counted
//! is counted by each process, in memory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::domain::Instant;

/// How many attempts one address has in a minute.
pub const PER_ADDRESS: u32 = 20;
/// How many attempts all have in a minute. Passwords of some 30 ms each are done with more.
pub const ALTOGETHER: u32 = 600;
/// How many names are remembered. Beyond that, those that may be tried again are forgotten.
const MOST_NAMES: usize = 20_000;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 3600 * SECOND;
/// The day begins at midnight in Vietnam (UTC+7).
const OFFSET: i64 = 7 * 3600 * SECOND;

/// The failures of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failures {
    count: u32,
    /// When it may be tried again, in microseconds.
    until: i64,
    /// The day of the last one.
    day: i64,
}

/// The attempts of one minute.
#[derive(Debug, Default)]
struct Minute {
    number: i64,
    all: u32,
    by_address: HashMap<IpAddr, u32>,
}

/// What is remembered of attempts.
#[derive(Debug, Default)]
pub struct Throttle {
    names: Mutex<HashMap<String, Failures>>,
    minute: Mutex<Minute>,
}

/// The part of an address that is counted as one: all of an IPv4 address, the network of 64 bits of an IPv6 one.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [one, two, three, four, ..] = address.segments();
            IpAddr::V6([one, two, three, four, 0, 0, 0, 0].into())
        }
    }
}

/// What of an address is kept in the list of events: 24 bits (IPv4) or 64 (IPv6).
#[must_use]
pub fn prefix(address: IpAddr) -> String {
    match network(address) {
        IpAddr::V4(address) => {
            let [one, two, three, _] = address.octets();
            format!("{one}.{two}.{three}.0/24")
        }
        IpAddr::V6(address) => format!("{address}/64"),
    }
}

/// How long nobody may try a name after so many failures, in microseconds; `None` for the rest of the day.
const fn pause(failures: u32) -> Option<i64> {
    match failures {
        0..=2 => Some(SECOND),
        3..=8 => Some(3 * SECOND),
        9..=24 => Some(5 * SECOND),
        25..=99 => Some(10 * SECOND),
        _ => None,
    }
}

impl Throttle {
    /// Counts an attempt, as a failure until it is forgiven, so that no two of one name go on at once.
    ///
    /// # Errors
    /// After how many seconds it may be tried again.
    pub fn begin(&self, name: &str, address: Option<IpAddr>, now: Instant) -> Result<(), i64> {
        self.count(address, now)?;
        let (now, day) = (now.microseconds(), (now.microseconds() + OFFSET).div_euclid(DAY));
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= MOST_NAMES {
            names.retain(|_, failures| failures.until > now);
        }
        let known = names.get(name).copied().filter(|failures| failures.day == day);
        if let Some(failures) = known.filter(|failures| failures.until > now) {
            return Err(seconds(failures.until.saturating_sub(now)));
        }
        let count = known.map_or(1, |failures| failures.count.saturating_add(1));
        let midnight = day.saturating_add(1).saturating_mul(DAY).saturating_sub(OFFSET);
        let until = pause(count).map_or(midnight, |pause| now.saturating_add(pause));
        names.insert(name.to_owned(), Failures { count, until, day });
        Ok(())
    }

    /// Forgets the failures of a name: its user has signed in.
    pub fn forgive(&self, name: &str) {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    /// Counts an attempt of an address.
    fn count(&self, address: Option<IpAddr>, now: Instant) -> Result<(), i64> {
        let number = now.microseconds().div_euclid(60 * SECOND);
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        let left = seconds(number.saturating_add(1).saturating_mul(60 * SECOND).saturating_sub(now.microseconds()));
        let of_address = address.map(network);
        let count = of_address.and_then(|address| minute.by_address.get(&address).copied()).unwrap_or(0);
        if count >= PER_ADDRESS || minute.all >= ALTOGETHER {
            return Err(left);
        }
        minute.all = minute.all.saturating_add(1);
        if let Some(address) = of_address {
            minute.by_address.insert(address, count.saturating_add(1));
        }
        Ok(())
    }
}

/// Microseconds in seconds, rounded up.
fn seconds(microseconds: i64) -> i64 {
    microseconds.saturating_add(SECOND - 1).div_euclid(SECOND).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn later(instant: Instant, seconds: i64) -> Instant {
        Instant::from_microseconds(instant.microseconds() + seconds * SECOND)
    }

    #[test]
    fn each_failure_of_a_name_makes_the_next_attempt_wait_longer() {
        let (throttle, mut now) = (Throttle::default(), at("2026-11-21T03:00:00Z"));
        let mut waits = Vec::new();
        for _ in 0..100 {
            throttle.begin("lan", None, now).unwrap();
            let wait = throttle.begin("lan", None, now).unwrap_err();
            waits.push(wait);
            // At most 600 attempts a minute, two of which were made here.
            now = later(now, wait);
        }
        assert_eq!(waits[..2], [1; 2]);
        assert_eq!(waits[2..8], [3; 6]);
        assert_eq!(waits[8..24], [5; 16]);
        assert_eq!(waits[24..99], [10; 75]);
        // Midnight in Vietnam is 17:00 in UTC.
        let failed = later(now, -waits[99]);
        assert_eq!(now, at("2026-11-21T17:00:00Z"));
        assert_eq!(waits[99], seconds(now.microseconds() - failed.microseconds()));
        assert!(throttle.begin("lan", None, now).is_ok());
        assert_eq!(throttle.begin("lan", None, now), Err(1), "a new day begins at the foot of the ladder");
    }

    #[test]
    fn who_signs_in_is_forgiven_and_others_are_not_held_up() {
        let (throttle, now) = (Throttle::default(), at("2026-11-21T03:00:00Z"));
        throttle.begin("lan", None, now).unwrap();
        assert_eq!(throttle.begin("lan", None, now), Err(1));
        assert!(throttle.begin("an", None, now).is_ok());
        throttle.forgive("lan");
        assert!(throttle.begin("lan", None, now).is_ok());
    }

    #[test]
    fn an_address_has_twenty_attempts_a_minute() {
        let (throttle, now) = (Throttle::default(), at("2026-11-21T03:00:40Z"));
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        for number in 0..20 {
            let host = format!("2001:db8:1:2::{number}");
            throttle.begin(&format!("user{number}"), address(&host), now).unwrap();
        }
        assert_eq!(throttle.begin("lan", address("2001:db8:1:2:ffff::1"), now), Err(20));
        assert!(throttle.begin("lan", address("2001:db8:1:3::1"), now).is_ok());
        assert!(throttle.begin("an", address("2001:db8:1:2::1"), later(now, 20)).is_ok());
    }

    #[test]
    fn all_together_have_six_hundred_attempts_a_minute() {
        let (throttle, now) = (Throttle::default(), at("2026-11-21T03:00:00Z"));
        for number in 0..600 {
            throttle.begin(&format!("user{number}"), None, now).unwrap();
        }
        assert_eq!(throttle.begin("lan", None, now), Err(60));
        assert!(throttle.begin("lan", None, later(now, 60)).is_ok());
    }

    #[test]
    fn network_of_an_address_is_what_one_household_has() {
        for (address, kept) in [
            ("203.0.113.7", "203.0.113.0/24"),
            ("::ffff:203.0.113.7", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(prefix(address.parse().unwrap()), kept);
        }
    }
}
