//! The publications that the records rest on, and what each of them claims about which record.
//!
//! The rule: a claim stays what its source said. Claims about one field may disagree, and none of them overwrites
//! another, nor the record. Start with [`claim`].

pub mod claim;
pub mod source;
pub mod vocabulary;
