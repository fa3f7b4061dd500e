//! Small values that anyone may use: ids, dates, texts, vocabularies, links, errors, pages, and the trait every
//! resource implements.
//!
//! The rule: this module knows nobody but `text`. It has no SQL of its own (a macro of `db::types` writes how a value stands
//! in a column) and no HTTP. Each value checks itself when it is made, so that
//! what is held in one of these types needs no second check. Start with [`resource::Resource`].

pub mod actor;
pub mod check;
pub mod clock;
pub mod computed;
pub mod date;
pub mod error;
pub mod fact;
pub mod fault;
pub mod instant;
pub mod link;
pub mod number;
pub mod page;
pub mod parameter;
pub mod record;
pub mod resource;
pub mod text;
pub mod vocabulary;

pub use actor::{Actor, Grantee, Permission, Permissions, Rights, Role, Stamp};
pub use clock::Clock;
pub use computed::Computed;
pub use date::Date;
pub use error::{Error, Result};
pub use fault::{Fault, Faults, Place};
pub use instant::Instant;
pub use link::{Link, LinkForm, Linker, Reference};
pub use number::Number;
pub use parameter::{DocumentChoice, List, RecordId, SearchText, SymbolText};
pub use record::{Meta, Record};
pub use resource::{DecisionFields, Implied, LinkField, LinkIndex, Parent, Resource, ShortList, ToMany};
pub use text::{Line, Prose, Title};

/// The number of a record within its collection: positive, 64 bits, given once and never used again.
pub type Id = i64;

/// Bytes as hexadecimal digits in lower case.
///
/// ```
/// assert_eq!(directive_tracker::domain::hex(&[0, 171]), "00ab");
/// ```
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
