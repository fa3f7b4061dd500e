//! Directive tracker: who has done what about which guiding document, when, how late, and by which evidence.
//!
//! Data flows one way: [`http`] → [`service`] → the stores of the resources → [`db`], and back. Resources meet through
//! ids. `ARCHITECTURE.md` walks through the folders in reading order.

#![cfg_attr(
    test,
    allow(clippy::needless_pass_by_value, clippy::unnecessary_wraps, reason = "a test reads better without & and Ok")
)]

pub mod accounts;
pub mod app;
pub mod calendar;
pub mod changes;
pub mod charts;
pub mod conferences;
pub mod config;
pub mod db;
pub mod documents;
pub mod domain;
pub mod enumerations;
pub mod http;
pub mod idempotency;
pub mod keys;
pub mod linked_data;
pub mod metrics;
pub mod organizations;
pub mod people;
pub mod priority;
pub mod quota;
pub mod resources;
pub mod results;
pub mod rights;
pub mod service;
pub mod sources;
pub mod tasks;
pub mod text;
pub mod tracking;
pub mod transfer;
