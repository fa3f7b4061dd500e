//! The databases themselves: what the migrations make of them.

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

mod chain;
mod idempotency;
mod plans;
mod schema;
mod writer;
