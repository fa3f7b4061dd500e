//! External keys: how partners address records by keys of their own.
//!
//! The rule: a key belongs to one record of one type for good. Deleting the record keeps the key, so that sending it
//! again brings the same record back.

pub mod store;
