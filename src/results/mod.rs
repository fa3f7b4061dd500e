//! What came out: figures, undertakings, commendations.
//!
//! The rule: what was stated is kept as it was stated. A check stands beside it and never overwrites it.

pub mod award;
pub mod initiative;
pub mod statistic;
pub mod vocabulary;
