//! What is measured of the lanes: how much waits and for how long, how much was refused, how much a commit carries.

use std::time::Instant;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfLane {
    lane: &'static str,
}

/// The figures of the lanes of one database.
#[derive(Debug, Clone)]
pub struct Figures {
    waiting: Family<OfLane, Gauge>,
    waited: Family<OfLane, Histogram, fn() -> Histogram>,
    refused: Family<OfLane, Counter>,
    carried: Histogram,
    failed: Counter,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            waiting: Family::default(),
            // From a tenth of a millisecond to seven seconds.
            waited: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.0001, 4.0, 9))),
            refused: Family::default(),
            // 1 to 64, which is as many as one commit may carry.
            carried: Histogram::new(exponential_buckets(1.0, 2.0, 7)),
            failed: Counter::default(),
        }
    }
}

impl Figures {
    /// Those of one lane.
    #[must_use]
    pub fn of(&self, lane: &'static str) -> LaneFigures {
        let lane = OfLane { lane };
        LaneFigures {
            waiting: self.waiting.get_or_create(&lane).clone(),
            waited: self.waited.get_or_create(&lane).clone(),
            refused: self.refused.get_or_create(&lane).clone(),
        }
    }

    /// Counts a commit that carried so many jobs.
    pub fn committed(&self, jobs: usize) {
        self.carried.observe(f64::from(u32::try_from(jobs).unwrap_or(u32::MAX)));
    }

    /// Counts a transaction that failed as a whole.
    pub fn failed(&self) {
        self.failed.inc();
    }

    /// Has them read out with others.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("lane_waiting", "Reads and writes that wait now", self.waiting.clone());
        registry.register_with_unit(
            "lane_wait",
            "How long reads and writes waited before they began",
            Unit::Seconds,
            self.waited.clone(),
        );
        registry.register(
            "lane_refused",
            "Reads and writes that were refused because too many waited",
            self.refused.clone(),
        );
        registry.register("commit_jobs", "Writes that were committed together", self.carried.clone());
        registry.register("commit_failed", "Transactions of the writer that failed as a whole", self.failed.clone());
    }
}

/// What waits in one lane.
#[derive(Debug, Clone)]
pub struct Waiting(Gauge);

impl Waiting {
    /// Whether anything does, of this process.
    #[must_use]
    pub fn any(&self) -> bool {
        self.0.get() > 0
    }
}

/// The figures of one lane.
#[derive(Debug, Clone)]
pub struct LaneFigures {
    waiting: Gauge,
    waited: Histogram,
    refused: Counter,
}

impl LaneFigures {
    /// A job has come.
    #[must_use]
    pub fn enter(&self) -> Ticket {
        self.waiting.inc();
        Ticket { waiting: self.waiting.clone(), waited: self.waited.clone(), since: Instant::now() }
    }

    /// What waits here.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        Waiting(self.waiting.clone())
    }

    /// One has been refused.
    pub fn refuse(&self) {
        self.refused.inc();
    }
}

/// What a job holds while it waits. Whoever drops it leaves the queue.
#[derive(Debug)]
pub struct Ticket {
    waiting: Gauge,
    waited: Histogram,
    since: Instant,
}

impl Ticket {
    /// Leaves the queue to begin.
    pub fn begin(self) {
        self.waited.observe(self.since.elapsed().as_secs_f64());
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.waiting.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_that_is_dropped_waits_no_longer_and_has_not_begun() {
        let figures = Figures::default();
        let lane = figures.of("write");
        let (one, other) = (lane.enter(), lane.enter());
        one.begin();
        drop(other);
        let _third = lane.enter();
        lane.refuse();
        let mut registry = Registry::default();
        figures.register(&mut registry);
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
        for line in [
            "lane_waiting{lane=\"write\"} 1",
            "lane_wait_seconds_count{lane=\"write\"} 1",
            "lane_refused_total{lane=\"write\"} 1",
        ] {
            assert!(text.lines().any(|told| told == line), "{line} in\n{text}");
        }
    }
}
