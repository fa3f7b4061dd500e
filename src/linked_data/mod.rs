//! Records as linked data (JSON-LD 1.1): which field is said in which term of a published vocabulary.
//!
//! The tables in `data/linked_data` are all there is to it: [`context()`] is made of them, and so is what [`complete`] adds
//! to an answer because no context can say it. A field without a row is not said in linked data. Each row names the package
//! that carries the vocabulary's own file with the term, where `tests/clients/linked_data.py` looks it up.
//!
//! What a record says of others may depend on a [`Fact`](crate::domain::fact::Fact) that it does not show: a draft carries
//! out nothing. [`uncertain`] tells of which records such facts are needed.
//!
//! What is said is said of the thing and not of its record: `created_at` is no day on which a directive was created, so
//! what all records have is left out. Start with `data/linked_data/terms.csv`.

mod context;
mod node;
mod table;

pub use self::context::context;
pub use self::node::{complete, uncertain};
