//! What is counted while the service runs, for Prometheus to read: requests, and what waits in the lanes of the database.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::db::{Database, Location};

/// The type of the text (`OpenMetrics` 1.0, section "Text Format").
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The bounds of the time that requests take, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The methods that are told apart, so that nobody can make names up for all to be kept.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRequest {
    method: &'static str,
    route: String,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRoute {
    method: &'static str,
    route: String,
}

/// The counters of one running service.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<OfRequest, Counter>,
    durations: Family<OfRoute, Histogram, fn() -> Histogram>,
}

impl Metrics {
    /// Begins to count, with what is measured of a database.
    #[must_use]
    pub fn of(database: &Database) -> Self {
        let mut registry = Registry::with_prefix("directive_tracker");
        let requests = Family::default();
        let durations: Family<OfRoute, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let engine = match database.location() {
            Location::Sqlite(_) => "sqlite",
            Location::Postgres(_) => "postgres",
        };
        let labels = vec![("version", env!("CARGO_PKG_VERSION")), ("database", engine)];
        registry.register("build", "The program and the database that it serves", Info::new(labels));
        registry.register("http_requests", "Requests by method, route and status", Family::clone(&requests));
        registry.register_with_unit(
            "http_request_duration",
            "How long requests took until their answer began",
            Unit::Seconds,
            Family::clone(&durations),
        );
        database.figures().register(&mut registry);
        Self { registry, requests, durations }
    }

    /// Counts a request: its method, the path by which it was routed, with names for its parameters, if it was; the status
    /// of its answer and the time until that began.
    pub fn count(&self, method: &str, route: Option<&str>, status: u16, took: Duration) {
        let method = METHODS.into_iter().find(|known| *known == method).unwrap_or("other");
        let route = route.unwrap_or("none").to_owned();
        let of_route = OfRoute { method, route: route.clone() };
        self.durations.get_or_create(&of_route).observe(took.as_secs_f64());
        self.requests.get_or_create(&OfRequest { method, route, status: u32::from(status) }).inc();
    }

    /// All of it as text.
    ///
    /// # Errors
    /// If a value cannot be written.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
