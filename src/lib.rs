//! Directive tracker.
pub mod changes;
pub mod conferences;
pub mod db;
pub mod documents;
pub mod domain;
pub mod organizations;
pub mod text;
