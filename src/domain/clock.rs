//! The clock, injected so that tests decide what time it is.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Date, Instant};

/// Where the service reads the time from.
#[derive(Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is moved, in microseconds since 1970-01-01T00:00:00Z.
    Fixed(AtomicI64),
}

impl Clock {
    /// A clock that stands at `instant`.
    #[must_use]
    pub fn fixed(instant: Instant) -> Self {
        Self::Fixed(AtomicI64::new(instant.microseconds()))
    }

    /// The instant it is now.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    pub fn now(&self) -> Instant {
        let microseconds = match self {
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .and_then(|elapsed| i64::try_from(elapsed.as_micros()).ok())
                .unwrap_or(0),
            Self::Fixed(stored) => stored.load(Ordering::Relaxed),
        };
        Instant::from_microseconds(microseconds)
    }

    /// The day it is now in Vietnam (UTC+7, no summer time).
    #[must_use]
    pub fn today(&self) -> Option<Date> {
        self.now().day_in_vietnam()
    }

    /// Moves a fixed clock to `instant`; the machine's clock is left alone.
    pub fn set(&self, instant: Instant) {
        if let Self::Fixed(stored) = self {
            stored.store(instant.microseconds(), Ordering::Relaxed);
        }
    }
}
