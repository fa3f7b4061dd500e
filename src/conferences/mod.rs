//! Conferences.
pub mod vocabulary;
