//! Rules that hold of any input: what is read from outside never panics, is read back as it was written, and what the OpenAPI
//! document allows is accepted.
//!
//! The cases are the same in every run, so that a run that fails does so again. A campaign looks further:
//! `PROPTEST_CASES=20000 PROPTEST_RNG_SEED=1 cargo test --test properties`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on panics"
)]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod headers;
mod rows;
mod schema;
mod text;
mod values;
mod wire;

use proptest::test_runner::{Config, RngSeed};

/// How many cases a rule is tried on, unless the environment asks for more.
fn cases(count: u32) -> Config {
    let asked = Config::default();
    Config {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { count },
        rng_seed: if asked.rng_seed == RngSeed::Random { RngSeed::Fixed(20_261_121) } else { asked.rng_seed },
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..asked
    }
}
