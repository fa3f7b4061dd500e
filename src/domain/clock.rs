//! The clock, injected so that tests decide what time it is.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Date, Instant};

/// From when on [`Clock::elapsed`] counts.
static BEGUN: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);

/// Where the service reads the time from. Clones show the same time.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is moved, in microseconds since 1970-01-01T00:00:00Z.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `instant`.
    #[must_use]
    pub fn fixed(instant: Instant) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(instant.microseconds())))
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

    /// The time since some instant that stays the same. It never goes back when somebody sets the machine's clock.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        match self {
            Self::System => BEGUN.elapsed(),
            Self::Fixed(stored) => {
                Duration::from_micros(u64::try_from(stored.load(Ordering::Relaxed)).unwrap_or_default())
            }
        }
    }

    /// Moves a fixed clock to `instant`; the machine's clock is left alone.
    pub fn set(&self, instant: Instant) {
        if let Self::Fixed(stored) = self {
            stored.store(instant.microseconds(), Ordering::Relaxed);
        }
    }
}
