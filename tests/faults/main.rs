//! Faults: what the program promises when it is killed, starved, cut off, or fed what is broken. `docs/reliability.md` has
//! the promises and which test proves each.
//!
//! Every test starts the program itself, as a process with a folder of its own ([`process`]), and does something to it that
//! a service in a thread would not survive. What callers were told goes into a [`ledger`] of three outcomes, which is held
//! against the database afterwards.
//!
//! Nothing waits by the clock: a test waits for something to happen, for so long at most.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a test that cannot go on panics"
)]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod attempt;
mod backup;
mod clock;
mod cluster;
mod contention;
mod descriptors;
mod disk;
mod disk_error;
mod durable;
mod full;
mod kill;
mod ledger;
mod migration;
mod order;
mod overload;
mod postgres;
mod power;
mod preload;
mod process;
mod proxy;
mod read_only;
mod slow;
mod start;
mod stop;
