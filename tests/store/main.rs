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

/// Makes the tests `NAME::sqlite` and `NAME::postgres`, each told on which database it runs.
macro_rules! on_both_engines {
    ($name:ident, |$engine:ident| $body:block) => {
        mod $name {
            use super::*;

            fn rule($engine: Engine) $body

            #[test]
            fn sqlite() {
                rule(Engine::Sqlite);
            }

            #[test]
            fn postgres() {
                rule(Engine::Postgres);
            }
        }
    };
}

mod accounts;
mod across;
mod calendars;
mod chain;
mod database;
mod idempotency;
mod identity;
mod keys;
mod layout;
mod plans;
mod records;
mod schema;
mod tracking;
mod writer;
