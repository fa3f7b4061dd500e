//! Guiding documents and how they bear on each other.
//!
//! The rule: a document is identified by its numbering body, kind, number, suffix and numbering period, never by its
//! symbol, for one symbol comes back every term: `28-NQ/TW` has meant five documents.

pub mod document;
pub mod document_link;
pub mod identity;
pub mod vocabulary;
