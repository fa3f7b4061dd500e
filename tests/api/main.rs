//! The API as callers meet it, over HTTP, on both databases: one module for each subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::too_many_lines, reason = "snapshots are long")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod collections;
mod crud;
