//! The API as callers meet it, over HTTP, on both databases: one module for each subject.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::format_collect,
    reason = "a test that cannot go on panics"
)]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod accounts;
mod bad_input;
mod bad_requests;
mod bad_values;
mod calendars;
mod change_lines;
mod changes;
mod charts;
mod collections;
mod conference_lists;
mod conferences;
mod crud;
mod data;
mod database;
mod document_fields;
mod document_links;
mod documents;
mod formats;
mod http;
mod idempotency;
mod import;
mod limits;
mod linked_data;
mod lists;
mod log_lines;
mod metrics;
mod organizations;
mod paging;
mod parameter_faults;
mod parameters;
mod people;
mod reading;
mod results;
mod rights;
mod shape;
mod sources;
mod stopping;
mod successions;
mod task_deadlines;
mod task_decisions;
mod tasks;
mod tracking;
mod visibility;
