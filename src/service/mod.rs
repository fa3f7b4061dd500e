//! What can be done with records, written once for all resources.
//!
//! The way of a write: rights ([`crate::rights`]), precondition, input ([`input`], [`links`], [`children`]), rules, store, change log ([`write`](mod@write),
//! [`decide`], [`delete`], [`discreet`](mod@discreet)); of one that takes what is there as it finds it, [`upsert`]. The way of a read: visibility in the
//! store's query, links filled in with one query for each type they point at ([`read`]), and on demand the records behind
//! the links ([`expand`], called as the links call them: [`retitled`](mod@retitled)); whole lists leave page by page ([`export`]). [`collection`] is how one resource meets another,
//! [`fields`] what the records of each hold.

pub mod children;
pub mod collection;
pub mod decide;
pub mod delete;
pub mod discreet;
pub mod expand;
pub mod export;
pub mod facts;
pub mod fields;
pub mod input;
pub mod links;
pub mod read;
pub mod retitled;
pub mod strict_json;
pub mod upsert;
pub mod write;
